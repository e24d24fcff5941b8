"""What a saved run says: verdicts explained, compared, reviewed, priced, put under load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from sim.cli.options import LANG, PATH, QUIET, SEED, WORKERS
from sim.cli.root import cli

if TYPE_CHECKING:
    from sim.commands.options import CompareOptions, ExplainOptions, ReviseOptions, StressOptions


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.option("--year", "years", type=int, multiple=True, help="Years.")
@click.option("--surge", default=None, metavar="NAME", help="An epidemic wave.")
@click.option("--replications", type=click.IntRange(2), default=None, help="Exactly so many.")
@click.option("--no-charts", is_flag=True, help="Leave the charts out.")
@click.option("--scenario", default=None, help="Scenario to stress.  [default: the first]")
@SEED
@WORKERS
@LANG
@QUIET
def stress(**options: Unpack[StressOptions]) -> None:
    """Put a run's planned beds under daily load: seasons, weekdays, waits, an epidemic."""
    from sim.commands.stress import stress_command

    stress_command(**options)


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.option(
    "--p",
    "probabilities",
    type=float,
    multiple=True,
    metavar="P",
    help="Probability to be enough with.  [default: 0.8, 0.9, 0.95]",
)
@click.option("--scenario", default=None, help="Scenario to show.  [default: the first]")
@LANG
def revise(run_folder: Path, **options: Unpack[ReviseOptions]) -> None:
    """Which targets would be enough, and what they take every year: a table and revise.csv."""
    from sim.commands.revise import revise_command

    click.echo(revise_command(run_folder, **options))


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.option("--known", type=PATH, required=True, help="Local counts since the census (.csv, .xlsx).")
@click.option("--year", type=int, default=None, help="As of the end of this year.  [default: newest count]")
@click.option("--scenario", default=None, help="Scenario to review.  [default: the first]")
@LANG
def review(run_folder: Path, known: Path, year: int | None, scenario: str | None, lang: str) -> None:
    """Mid-term review of a run's plan with what was counted since: on its path, reached, enough, and why.

    The run's draws are computed again with the counts; review.csv, review_parts.csv, review.xlsx
    stand in its folder.
    """
    from sim.commands.review import review_command

    click.echo(review_command(run_folder, known, year, scenario, lang))


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.option(
    "--budget", type=click.FloatRange(0), default=None, metavar="X", help="Hundred million yuan a year."
)
@click.option("--scenario", default=None, help="Scenario to show.  [default: the first]")
@LANG
def cost(run_folder: Path, budget: float | None, scenario: str | None, lang: str) -> None:
    """What a plan, its revised targets or a proposal cost by year, and what a budget pays for."""
    from sim.report.cost_table import cost_text

    click.echo(cost_text(run_folder, lang, budget=budget, scenario=scenario))


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.argument("indicator")
@click.argument("year", type=int, required=False)
@click.option("--scenario", default=None, help="Scenario.  [default: the first]")
@click.option("--region", default=None, help="Region.  [default: the first]")
@LANG
def explain(run_folder: Path, indicator: str, year: int | None, **options: Unpack[ExplainOptions]) -> None:
    """Show the chain of numbers behind a verdict, down to parameters, their levels and sources.

    INDICATOR: of the plan; or a resource (beds), a series (births) or a parameter of the run.
    """
    from sim.commands.report import explain_command

    click.echo(explain_command(run_folder, indicator, year, **options))


@cli.command()
@click.argument("run_a", metavar="RUN_A", type=PATH)
@click.argument("run_b", metavar="RUN_B", type=PATH)
@click.option("--year", type=int, default=None, help="Year of the differences.  [default: the last of both]")
@click.option("--scenario", default=None, help="Scenario of both.  [default: the first of both]")
@click.option("--region", default=None, help="Region of both.  [default: the first of both]")
@click.option("--html", is_flag=True, help="A page with the chart too, in the folder of RUN_B.")
@LANG
def compare(run_a: Path, run_b: Path, **options: Unpack[CompareOptions]) -> None:
    """Compare two saved runs: what was given, which verdicts turned, paired differences."""
    from sim.commands.report import compare_command

    click.echo(compare_command(run_a, run_b, **options))
