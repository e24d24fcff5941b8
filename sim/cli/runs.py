"""From an experiment to results: run, sweep, backtest, and a run made again."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from sim.catalogue.verdicts import BAD
from sim.cli.options import DRAWS, EXPERIMENT, LANG, OUT, PATH, QUIET, SCENARIO, SEED, SET, SPOKEN, WORKERS
from sim.cli.root import cli
from sim.commands.help import language
from sim.commands.refusals import spoken

if TYPE_CHECKING:
    from sim.commands.options import BacktestOptions, DiscoverOptions, RunOptions, SweepOptions


@cli.command()
@EXPERIMENT
@OUT
@DRAWS
@SEED
@WORKERS
@SET
@SCENARIO
@click.option(
    "--fail-on",
    type=click.Choice(BAD),
    default=None,
    help="Exit 1 if a verdict on the plan's indicators is this bad (rows question_* do not count).",
)
@click.option("--block-draws", type=click.IntRange(1), default=None, help="Draws in a block.")
@click.option(
    "--until-mcse",
    type=float,
    default=None,
    metavar="X",
    help="Double the draws until every probability's standard error is X.",
)
@click.option(
    "--known",
    multiple=True,
    metavar="[CODE=]FILE",
    help="Local counts since the census (.csv, .xlsx) that the projection starts from.",
)
@click.option(
    "--parts",
    type=click.Choice(["provinces", "prefectures", "counties"]),
    default=None,
    help="Beside the one region what it is divided into, adding up to it in every draw.",
)
@click.option("--no-charts", is_flag=True, help="Leave the charts out; `plot` makes them later.")
@click.option("--dry-run", is_flag=True, help="Say how many blocks, how long, how much disk.")
@click.option("--scheduler", default=None, metavar="tcp://HOST:PORT", help="A Dask scheduler.")
@LANG
@QUIET
def run(**options: Unpack[RunOptions]) -> None:
    """Run an experiment: from the census to a verdict on its plan."""
    from sim.commands.run import run_command
    from sim.run.apart import load
    from sim.run.lean import without_dask

    without_dask()
    several = (options["workers"] or os.cpu_count() or 1) > 1
    if several and not options["no_charts"] and not options["dry_run"]:
        load(("sim.charts", "sim.report"))  # beside what follows
    sys.exit(run_command(**options))


@cli.command()
@EXPERIMENT
@click.option(
    "--method",
    type=click.Choice(["grid", "oat", "lhs", "morris", "sobol"]),
    default=None,
    help="How to walk the parameter space.  [default: the experiment's, oat]",
)
@click.option(
    "--over",
    multiple=True,
    metavar="NAME[=LOW:HIGH|=a,b]",
    help="A parameter: its own distribution, a range (8:10 or x0.9:x1.1), values (8,9,11) or a"
    " named method (alone: all its choices).  [default: every one with a distribution]",
)
@click.option(
    "--of",
    multiple=True,
    metavar="OUTPUT",
    help="Any output, as above.  [default: every resource's ratio]",
)
@click.option(
    "--n",
    type=click.IntRange(1),
    default=None,
    help="Base sample (sobol: a power of two), trajectories, or levels.",
)
@click.option(
    "--group", "groups", multiple=True, metavar="NAME=a,b", help="Parameters that are taken as one."
)
@SEED
@WORKERS
@OUT
@SET
@SCENARIO
@click.option("--scheduler", default=None, metavar="tcp://HOST:PORT", help="A Dask scheduler.")
@click.option("--no-charts", is_flag=True, help="Leave the charts out.")
@click.option("--dry-run", is_flag=True, help="Say how many runs, and how long they take.")
@LANG
@QUIET
def sweep(**options: Unpack[SweepOptions]) -> None:
    """Sweep parameters: which assumption decides the answer?

    \b
    Outputs (--of), with @2035, @2025,2035, @2025..2035 or
    @all at the end:
      beds_required.icu      a series of results.nc, its group
      beds_ratio             available / required
      beds_gap.icu           available - required
      nurses_required/doctors_required
                             one series by another; or 'a - b'
      beds_per_1000:enough   a row of the plan: required,
                             available, projected, ratio, gap,
                             enough, reached (0 or 1 in a run)
      '*_gap', '*:enough'    all that fit

    A list of values or methods is a discrete factor: oat and grid walk it, lhs,
    morris and sobol take each value as likely as the others.

    Of several scenarios the first alone is swept unless --scenario names others.
    """  # noqa: D301 click reads a backspace
    from sim.commands.sweep import sweep_command

    sys.exit(sweep_command(**options))


@cli.command()
@EXPERIMENT
@click.option("--fit-to", type=int, required=True, help="Last year known; a census year, or later.")
@click.option("--score-to", type=int, required=True, help="Last year compared with observations.")
@click.option("--region", "regions", multiple=True, help="Only this region.")
@click.option(
    "--know",
    multiple=True,
    type=click.Choice(["nation", "migration", "nothing"]),
    default=("nation",),
    show_default=True,
    help="What of the years scored is taken as known: the nation's path, the region's migration.",
)
@DRAWS
@OUT
@click.option("--no-charts", is_flag=True, help="Leave the chart out.")
@LANG
def backtest(**options: Unpack[BacktestOptions]) -> None:
    """Fit up to a year, project on, compare with what was observed since."""
    from sim.commands.backtest import backtest_command

    sys.exit(backtest_command(**options))


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.option("--indicator", required=True, metavar="ID", help="An indicator of the plan.")
@click.option("--year", type=int, default=None, help="Tested year.  [default: the last]")
@click.option("--scenario", default=None, help="Scenario.  [default: the first]")
@click.option("--region", default=None, help="Region.  [default: the first]")
@click.option("--boxes", type=click.IntRange(1, 5), default=2, show_default=True, help="Most boxes to name.")
@LANG
def discover(run_folder: Path, **options: Unpack[DiscoverOptions]) -> None:
    """Find where a target fails: a few bounds on the parameters of a saved run (PRIM)."""
    from sim.commands.discover import discover_command

    sys.exit(discover_command(run_folder, **options))


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@WORKERS
@click.option("--keep", type=PATH, default=None, metavar="DIR", help="Leave the new run here.")
@SPOKEN
def reproduce(run_folder: Path, workers: int | None, keep: Path | None) -> None:
    """Run a saved run again and compare bytes; exit 1 if they differ."""
    from sim.commands.reproduce import reproduce_command

    sys.exit(reproduce_command(run_folder, workers, keep))


@cli.command()
@click.argument("experiment", type=PATH)
@click.option("--write", is_flag=True, help="In place; the old file stays as FILE.old.")
@SPOKEN
def migrate(experiment: Path, write: bool) -> None:
    """Rewrite an experiment (or a run's) of an older schema as FILE.new; say what changed."""
    from sim.run.migrate import migrate_file

    path, notes = migrate_file(experiment, write=write)
    for note in notes or ["already in the current schema; nothing written"]:
        click.echo(spoken(note, language()), err=True)
    click.echo(path)
