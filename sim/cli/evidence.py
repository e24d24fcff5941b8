"""What the model rests on, measured and written again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sim.cli.options import PATH, SPOKEN, WORKERS
from sim.cli.root import cli


@cli.command()
@click.option(
    "--out", type=PATH, default=None, metavar="FILE", help="Write the page there.  [default: stdout]"
)
@click.option("--draws", type=click.IntRange(0), default=None, help="Draws.  [default: each experiment's]")
@SPOKEN
def questions(out: Path | None, draws: int | None) -> None:
    """The 35 planning questions against every plan, with verdicts (runs the experiments)."""
    from sim.commands.questions import questions_command

    click.echo(questions_command(Path.cwd(), out, draws))


@cli.command()
@click.argument("names", nargs=-1, metavar="[PART]...")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where a record would change.")
@click.option("--list", "listed", is_flag=True, help="List the parts and the tables that each is made from.")
@SPOKEN
def calibrate(names: tuple[str, ...], check: bool, listed: bool) -> None:
    """Estimate constants from the shipped data and write their records (all parts unless named)."""
    from sim.commands.calibrate import calibrate_command, calibrations_text

    if listed:
        click.echo(calibrations_text())
        return
    sys.exit(calibrate_command(names, check=check))


@cli.command("validation-page")
@click.option(
    "--out", type=PATH, default=Path("docs/validation.md"), show_default=True, help="File to write."
)
@SPOKEN
def validation_page(out: Path) -> None:
    """Measure what the demography reproduces and write it as a page."""
    from sim.evidence.validation import write_page
    from sim.folders import usable_file

    click.echo(write_page(usable_file(out, "--out")))


@cli.command("occupancy-table")
@WORKERS
@SPOKEN
def occupancy_table(workers: int | None) -> None:
    """Make the table of the occupancy that a unit bears, by size and service level."""
    import os

    from sim.config import find_root
    from sim.stress.occupancy_table import write_occupancy_table

    root = find_root(Path.cwd())
    for path in write_occupancy_table(
        root, workers=workers or os.cpu_count() or 1, say=lambda text: click.echo(text, err=True)
    ):
        click.echo(path)


@cli.command("dependency-table")
@SPOKEN
def dependency_table() -> None:
    """Make the table of dependence by severity, sex and single age from the published groups."""
    from sim.config import find_root
    from sim.evidence.dependency_table import write_dependency_table

    click.echo(write_dependency_table(find_root(Path.cwd())))
