"""The `healthplan` command: parses arguments and calls one function each, nothing else."""

from sim.cli import evidence, files, plans, results, runs, written
from sim.cli.entry import main
from sim.cli.root import cli

__all__ = ["cli", "evidence", "files", "main", "plans", "results", "runs", "written"]
