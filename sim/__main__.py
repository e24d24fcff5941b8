"""`python -m sim` is the `healthplan` command."""

from sim.cli import main

main()
