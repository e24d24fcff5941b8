"""Plan documents: drafted, accepted, audited, proposed, and what their targets take."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from sim.cli.options import EXPERIMENT, LANG, OUT, PATH, QUIET, SEED, SET, SPOKEN, WORKERS
from sim.cli.root import cli

if TYPE_CHECKING:
    from sim.catalogue.language import Lang
    from sim.commands.options import ProposeOptions


@cli.group()
@SPOKEN
def plan() -> None:
    """A plan document made data: draft it, review it, accept it.  把规划文件读成数据"""


@plan.command("draft")
@click.argument("document", type=PATH)
@click.option("--out", type=PATH, default=None, metavar="REVIEW.xlsx", help="[default: DOCUMENT_review.xlsx]")
@click.option("--period", default=None, metavar="2026-2030", help="Where the document says none.")
@LANG
def plan_draft(document: Path, out: Path | None, period: str | None, lang: Lang) -> None:
    """Read a plan (.docx, .pdf with text, .xlsx, .txt) and propose its rows in a review workbook."""
    from sim.commands.plan import draft_command

    click.echo(draft_command(document, out, period, lang))


@plan.command("accept")
@click.argument("review", type=PATH)
@click.option("--name", required=True, help="Name of the plan folder, e.g. handan_15fyp.")
@click.option("--region", default="", metavar="CODE", help="Six digits, where the workbook gives none.")
@click.option("--all-sure", is_flag=True, help="Take the sheet of sure rows but for those marked no.")
@click.option("--replace", is_flag=True, help="In place of a folder of that name.")
@LANG
def plan_accept(review: Path, name: str, region: str, all_sure: bool, replace: bool, lang: str) -> None:
    """Make a plan folder of the rows marked in a review workbook; check it and audit it."""
    from sim.commands.plan import accept_command

    click.echo(accept_command(review, name, region, all_sure, replace, lang))


@plan.command("new")
@click.argument("name")
@click.option("--region", required=True, metavar="CODE", help="A region, or any place of the censuses.")
@click.option("--base", type=int, default=2025, show_default=True, help="Year of its levels.")
@click.option("--target", type=int, default=2030, show_default=True, help="Year of its targets.")
@click.option("--end", type=int, default=2035, show_default=True, help="Last year to look at.")
@LANG
def plan_new(name: str, region: str, base: int, target: int, end: int, lang: Lang) -> None:
    """Start a plan for a place: what the nation asks, empty targets, and its experiment."""
    from sim.commands.plan import new_command

    click.echo(new_command(name, region, base, target, end, lang))


@plan.command("learn")
@click.argument("pairs", nargs=-1, required=True, metavar="PLAN=DOCUMENT...")
@LANG
def plan_learn(pairs: tuple[str, ...], lang: str) -> None:
    """Learn how indicators are called from plan folders and their documents (reading/synonyms.csv)."""
    from sim.commands.plan import learn_command

    click.echo(learn_command(pairs, lang))


@plan.command("score")
@click.argument("pairs", nargs=-1, required=True, metavar="PLAN=DOCUMENT...")
@click.option("--misses", is_flag=True, help="Also what was missed, and sure rows that are wrong.")
@LANG
def plan_score(pairs: tuple[str, ...], misses: bool, lang: str) -> None:
    """How well each document is read with what the others teach."""
    from sim.commands.plan import score_command

    click.echo(score_command(pairs, misses, lang))


@cli.command()
@click.argument("plans", nargs=-1)
@click.option("--csv", "as_csv", is_flag=True, help="All findings as CSV on stdout.")
@LANG
def audit(plans: tuple[str, ...], as_csv: bool, lang: str) -> None:
    """Check a plan document against itself, before any projection."""
    from sim.commands.audited import audit_text

    click.echo(audit_text(Path.cwd(), plans, as_csv=as_csv, lang=lang))


@cli.command()
@click.argument("region", metavar="REGION")
@click.option("--year", type=click.IntRange(2022, 2100), required=True, help="Year of the targets.")
@click.option("--to", type=click.IntRange(2022, 2100), default=None, help="A later year besides.")
@click.option(
    "--now",
    type=int,
    default=2025,
    show_default=True,
    help="Year whose level is today's: builds start from it.",
)
@click.option(
    "--p", type=float, default=0.9, show_default=True, help="Probability to be enough (reached) with."
)
@click.option("--name", default=None, help="Of the plan made of it.  [default: proposal_REGION_YEAR]")
@click.option("--draws", type=click.IntRange(1, 1_000_000), default=200, show_default=True, help="Draws.")
@OUT
@SEED
@WORKERS
@SET
@LANG
@QUIET
def propose(**options: Unpack[ProposeOptions]) -> None:
    """An indicator table for a place without a plan: what would be enough, and what it takes.

    REGION is a region of the folder or any place of the censuses by its code.

    Writes propose.csv and proposal.xlsx into a run folder, and a plan that `run` takes:
    parameters/plans/NAME and experiments/NAME.yaml.
    """
    from sim.commands.propose import propose_command

    sys.exit(propose_command(**options))


@cli.command()
@EXPERIMENT
@LANG
def goal(experiment: Path, lang: str) -> None:
    """What the plan's life expectancy target takes by age and cause."""
    from sim.commands.goal import goal_command

    sys.exit(goal_command(experiment, lang))
