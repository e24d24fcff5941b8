"""`python -m healthplan` is the `healthplan` command."""

from sim.cli import main

main()
