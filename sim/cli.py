"""The `healthplan` command: parses arguments and calls one function each, nothing else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from sim.catalogue.language import LANGS, Lang, label
from sim.catalogue.verdicts import BAD
from sim.commands.help import language, speaking
from sim.commands.refusals import refusal, spoken, wrong_call
from sim.errors import RunError, SimError

if TYPE_CHECKING:
    from sim.commands.options import (
        BacktestOptions,
        CompareOptions,
        DiscoverOptions,
        ExplainOptions,
        ProposeOptions,
        RegionOptions,
        ReportOptions,
        ReviseOptions,
        RunOptions,
        StressOptions,
        SweepOptions,
    )

PATH = click.Path(path_type=Path)
LANG = click.option(
    "--lang",
    type=click.Choice(LANGS),
    default=language,
    help="Language; else that of HEALTHPLAN_LANG, else the locale's.",
)
EXPERIMENT = click.argument("experiment", type=PATH)
OUT = click.option("--out", type=PATH, default=None, help="Folder for run folders.  [default: outputs]")
SET = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a parameter another value, e.g. inpatient.alos_growth=-0.02.",
)
SCENARIO = click.option(
    "--scenario", "scenarios", multiple=True, metavar="NAME", help="Run only these scenarios."
)
DRAWS = click.option("--draws", type=click.IntRange(0, 1_000_000), default=None, help="Number of draws.")
SEED = click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=None, help="Seed of every stream.")
WORKERS = click.option(
    "--workers", type=click.IntRange(1), default=None, help="Processes.  [default: all cores]"
)
QUIET = click.option("--quiet", is_flag=True, help="No progress, no table; the path only.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="healthplan")
def cli() -> None:
    """Is a city's health plan enough?  卫生规划够不够？

    Population, burden, demand and supply projected from a census; the plan's targets tested:
    reached? enough? how surely? and which target would be?

    Results go to stdout, messages to stderr.  Exit codes: 0 done, 1 the plan is short and
    --fail-on was given, 2 the input is wrong, 3 the run failed.
    """


@cli.command("list")
@click.argument(
    "what",
    type=click.Choice(["regions", "plans", "indicators", "parameters", "scenarios", "experiments"]),
    default="experiments",
)
@click.option("--plan", default=None, help="Only this plan (with plans, indicators).")
@click.option(
    "--in",
    "inside",
    default=None,
    help="Places of the censuses inside this one: name, pinyin or code; with parameters, those of it.",
)
@click.option(
    "--like", default=None, help="Places of the censuses: part of the name, start of pinyin or code."
)
@LANG
def list_(what: str, plan: str | None, inside: str | None, like: str | None, lang: str) -> None:
    """List what can be run and changed; with --in or --like, places of the censuses."""
    from sim.commands.listing import listing

    click.echo(listing(Path.cwd(), what, plan, inside, like, lang))


@cli.command()
@click.argument("files", type=PATH, nargs=-1, required=True)
def validate(files: tuple[Path, ...]) -> None:
    """Check experiment, parameter or plan files; every fault at once."""
    from sim.commands.validate import validate as check

    for line in check(files):
        click.echo(spoken(line, language()))


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
@click.option("--no-charts", is_flag=True, help="Leave the charts out; `plot` makes them later.")
@click.option("--dry-run", is_flag=True, help="Say how many blocks, how long, how much disk.")
@click.option("--scheduler", default=None, metavar="tcp://HOST:PORT", help="A Dask scheduler.")
@LANG
@QUIET
def run(**options: Unpack[RunOptions]) -> None:
    """Run an experiment: from the census to a verdict on its plan."""
    from sim.commands.run import run_command

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
    Outputs (--of), with @2035, @2025,2035, @2025..2035 or @all at the end:
      beds_required.icu                 any series of results.nc, and its group
      beds_ratio, beds_gap.icu          available / required, available - required
      nurses_required/doctors_required  one series by another, or 'a - b'
      beds_per_1000:enough              a row of the plan: required, available,
                                        projected, ratio, gap, enough or reached
                                        (0 or 1 in each run)
      '*_gap', '*:enough'               all that fit

    \b
    A list of values or methods is a discrete factor: oat and grid walk it, lhs,
    morris and sobol take each value as likely as the others.

    \b
    Of several scenarios the first alone is swept unless --scenario names others.
      healthplan sweep experiments/anyang_14fyp.yaml --of beds_ratio@2035 --lang en
      healthplan sweep experiments/anyang_14fyp.yaml --method sobol --n 256
        --over inpatient.alos --over fertility.tfr_ratio --dry-run
    """  # noqa: D301 click reads a backspace
    from sim.commands.sweep import sweep_command

    sys.exit(sweep_command(**options))


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
def reproduce(run_folder: Path, workers: int | None, keep: Path | None) -> None:
    """Run a saved run again and compare bytes; exit 1 if they differ."""
    from sim.commands.reproduce import reproduce_command

    sys.exit(reproduce_command(run_folder, workers, keep))


@cli.command()
@click.argument("experiment", type=PATH)
@click.option("--write", is_flag=True, help="In place; the old file stays as FILE.old.")
def migrate(experiment: Path, write: bool) -> None:
    """Rewrite an experiment (or a run's) of an older schema as FILE.new; say what changed."""
    from sim.run.migrate import migrate_file

    path, notes = migrate_file(experiment, write=write)
    for note in notes or ["already in the current schema; nothing written"]:
        click.echo(spoken(note, language()), err=True)
    click.echo(path)


@cli.command()
@click.argument("plans", nargs=-1)
@click.option("--csv", "as_csv", is_flag=True, help="All findings as CSV on stdout.")
@LANG
def audit(plans: tuple[str, ...], as_csv: bool, lang: str) -> None:
    """Check a plan document against itself, before any projection."""
    from sim.commands.listing import audit_text

    click.echo(audit_text(Path.cwd(), plans, as_csv=as_csv, lang=lang))


@cli.command()
@click.option(
    "--out", type=PATH, default=None, metavar="FILE", help="Write the page there.  [default: stdout]"
)
@click.option("--draws", type=click.IntRange(0), default=None, help="Draws.  [default: each experiment's]")
def questions(out: Path | None, draws: int | None) -> None:
    """The 35 planning questions against every plan, with verdicts (runs the experiments)."""
    from sim.commands.questions import questions_command

    click.echo(questions_command(Path.cwd(), out, draws))


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.option(
    "--chart", "charts", multiple=True, metavar="NAME", help="Only this chart; may be given more than once."
)
@click.option("--list", "listed", is_flag=True, help="List the charts with a line each; draw nothing.")
@click.option("--scenario", default=None, help="Scenario to draw.  [default: the first]")
@click.option("--region", default=None, help="Region to draw.  [default: the first]")
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["png", "svg", "pdf"]),
    default="png",
    show_default=True,
    help="File format.",
)
@click.option("--title", default=None, metavar="TEXT", help="A title of your own, for one chart.")
@click.option("--no-subtitle", is_flag=True, help="Without the grey line below the title.")
@click.option(
    "--style", type=PATH, default=None, metavar="FILE.mplstyle", help="A matplotlib style over the own one."
)
@LANG
def plot(
    run_folder: Path,
    charts: tuple[str, ...],
    listed: bool,
    scenario: str | None,
    region: str | None,
    fmt: str,
    title: str | None,
    no_subtitle: bool,
    style: Path | None,
    lang: str,
) -> None:
    """Draw charts from a saved run, sweep or backtest alone.

    \b
    healthplan plot RUN --list
    healthplan plot RUN --chart demand_beds --scenario low_fertility --format svg
    """  # noqa: D301 click reads a backspace
    from sim.charts import list_folder, plot_folder
    from sim.commands.report import tell_edited

    tell_edited(run_folder, lang)
    if listed:
        click.echo(list_folder(run_folder, lang))
        return
    for path in plot_folder(
        run_folder,
        charts,
        lang=lang,
        scenario=scenario,
        region=region,
        fmt=fmt,
        title=title,
        subtitle=not no_subtitle,
        style=style,
    ):
        click.echo(path)


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


@cli.command("occupancy-table")
@WORKERS
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
def dependency_table() -> None:
    """Make the table of dependence by severity, sex and single age from the published groups."""
    from sim.config import find_root
    from sim.evidence.dependency_table import write_dependency_table

    click.echo(write_dependency_table(find_root(Path.cwd())))


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
    from sim.commands.report import tell_edited
    from sim.commands.revise import revise_command

    tell_edited(run_folder, options["lang"])
    click.echo(revise_command(run_folder, **options))


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.option(
    "--to",
    type=click.Choice(["docx", "html", "xlsx"]),
    default="docx",
    show_default=True,
    help="Word file in the layout of official documents (GB/T 9704), one web page, or a workbook.",
)
@click.option("--scenario", default=None, help="Scenario of the text.  [default: the first]")
@click.option("--region", default=None, help="Region of the text.  [default: the first]")
@LANG
def report(run_folder: Path, **options: Unpack[ReportOptions]) -> None:
    """Write a saved run up for a plan's own document: findings, tables, charts, sources.

    \b
    healthplan report RUN --to docx
    healthplan report RUN --to html --lang en
    """  # noqa: D301 click reads a backspace
    from sim.commands.report import report_command

    click.echo(report_command(run_folder, **options))


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.option("--known", type=PATH, required=True, help="Local counts since the census (.csv, .xlsx).")
@click.option("--year", type=int, default=None, help="As of the end of this year.  [default: newest count]")
@click.option("--scenario", default=None, help="Scenario to review.  [default: the first]")
@LANG
def review(run_folder: Path, known: Path, year: int | None, scenario: str | None, lang: str) -> None:
    """Mid-term review of a run's plan with what was counted since: on its path, reached, enough, and why.

    \b
    healthplan review RUN --known known.csv
    The run's draws are computed again with the counts; review.csv, review_parts.csv, review.xlsx
    stand in its folder.
    """  # noqa: D301 click reads a backspace
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
    from sim.commands.report import tell_edited
    from sim.report.cost_table import cost_text

    tell_edited(run_folder, lang)
    click.echo(cost_text(run_folder, lang, budget=budget, scenario=scenario))


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

    \b
    REGION is a region of the folder or any place of the censuses by its code.
      healthplan propose 130400 --year 2030 --to 2035
    Writes propose.csv and proposal.xlsx into a run folder, and a plan that `run` takes:
    parameters/plans/NAME and experiments/NAME.yaml.
    """  # noqa: D301 click reads a backspace
    from sim.commands.propose import propose_command

    sys.exit(propose_command(**options))


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.argument("indicator")
@click.argument("year", type=int, required=False)
@click.option("--scenario", default=None, help="Scenario.  [default: the first]")
@click.option("--region", default=None, help="Region.  [default: the first]")
@LANG
def explain(run_folder: Path, indicator: str, year: int | None, **options: Unpack[ExplainOptions]) -> None:
    """Show the chain of numbers behind a verdict, down to parameters and their sources.

    \b
    healthplan explain RUN beds_per_1000 2025
    """  # noqa: D301 click reads a backspace
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
    """Compare two saved runs: what was given, which verdicts turned, paired differences.

    \b
    healthplan compare RUN_A RUN_B --year 2035 --html
    """  # noqa: D301 click reads a backspace
    from sim.commands.report import compare_command

    click.echo(compare_command(run_a, run_b, **options))


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
@click.argument("names", nargs=-1, metavar="[PART]...")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where a record would change.")
def calibrate(names: tuple[str, ...], check: bool) -> None:
    """Estimate constants from the shipped data and write their records (all parts unless named)."""
    from sim.commands.calibrate import calibrate_command

    sys.exit(calibrate_command(names, check=check))


@cli.command()
@EXPERIMENT
@LANG
def goal(experiment: Path, lang: str) -> None:
    """What the plan's life expectancy target takes by age and cause."""
    from sim.commands.goal import goal_command

    sys.exit(goal_command(experiment, lang))


@cli.command("validation-page")
@click.option(
    "--out", type=PATH, default=Path("docs/validation.md"), show_default=True, help="File to write."
)
def validation_page(out: Path) -> None:
    """Measure what the demography reproduces and write it as a page."""
    from sim.evidence.validation import write_page

    click.echo(write_page(out))


@cli.group()
def plan() -> None:
    """A plan document made data: draft it, review it, accept it.  把规划文件读成数据"""


@plan.command("draft")
@click.argument("document", type=PATH)
@click.option("--out", type=PATH, default=None, metavar="REVIEW.xlsx", help="[default: DOCUMENT_review.xlsx]")
@click.option("--period", default=None, metavar="2026-2030", help="Where the document says none.")
@LANG
def plan_draft(document: Path, out: Path | None, period: str | None, lang: str) -> None:
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
def plan_new(name: str, region: str, base: int, target: int, end: int) -> None:
    """Start a plan for a place: what the nation asks, empty targets, and its experiment."""
    from sim.commands.plan import new_command

    click.echo(new_command(name, region, base, target, end))


@plan.command("learn")
@click.argument("pairs", nargs=-1, required=True, metavar="PLAN=DOCUMENT...")
def plan_learn(pairs: tuple[str, ...]) -> None:
    """Learn how indicators are called from plan folders and their documents (reading/synonyms.csv)."""
    from sim.commands.plan import learn_command

    click.echo(learn_command(pairs))


@plan.command("score")
@click.argument("pairs", nargs=-1, required=True, metavar="PLAN=DOCUMENT...")
@click.option("--misses", is_flag=True, help="Also what was missed, and sure rows that are wrong.")
@LANG
def plan_score(pairs: tuple[str, ...], misses: bool, lang: str) -> None:
    """How well each document is read with what the others teach."""
    from sim.commands.plan import score_command

    click.echo(score_command(pairs, misses, lang))


@cli.group()
def region() -> None:
    """A place of your own, made of its census table.  用普查表建立一个地区"""


@region.command("new")
@click.argument("table", type=PATH)
@click.option("--name", required=True, help="Its name, 中文名.")
@click.option("--name-en", default=None, help="Its English name.  [default: --name]")
@click.option("--parent", required=True, metavar="CODE", help="Province or prefecture that it lies in.")
@click.option("--code", default=None, help="Six digits.  [default: the first free of ..9901]")
@click.option(
    "--encoding",
    type=click.Choice(["utf-8", "gbk", "gb18030", "utf-16"]),
    default="utf-8",
    show_default=True,
    help="Of a .csv.",
)
@click.option("--sheet", default=None, help="Of a workbook with several.")
@click.option(
    "--unit",
    type=click.Choice(["人", "千人", "万人"]),
    default="人",
    show_default=True,
    help="Of its counts.",
)
@click.option("--thousands", is_flag=True, help="Take separators of thousands out (1,234).")
@click.option("--urban", type=click.IntRange(0), default=None, help="Urban residents of 2020.  [as above it]")
@click.option("--known", type=PATH, default=None, help="Local counts since the census: its known.csv.")
@LANG
def region_new(table: Path, **options: Unpack[RegionOptions]) -> None:
    """Make a region that `run` takes of the 2020 census by sex and age (.xlsx, .csv).

    \b
    Ages 0, 1-4, 5-9, ..., 85+ or single; sexes in columns or rows; Chinese or English.
      healthplan region new TABLE.xlsx --name 云泽县 --parent 410500
    Every printed sum is checked; a table with any fault is refused, cell by cell.
    """  # noqa: D301 click reads a backspace
    from sim.commands.region import new_command

    click.echo(new_command(table, options))


@cli.command()
@click.argument("what", type=click.Choice(["experiment", "parameters", "plan", "scenarios", "sources"]))
def schema(what: str) -> None:
    """Print the JSON Schema of a kind of file, for an editor that completes and checks YAML.

    \b
      healthplan schema experiment > experiment.schema.json
    and as the first line of a file:
      # yaml-language-server: $schema=experiment.schema.json
    """  # noqa: D301 click reads a backspace
    from sim.commands.schema import schema_text

    click.echo(schema_text(what))


@cli.command()
def datapackage() -> None:
    """Describe parameters/ as a Frictionless data package: parameters/datapackage.json."""
    from sim.commands.datapackage import write_data_package

    click.echo(write_data_package(Path.cwd()))


@cli.command()
@click.argument("folder", type=PATH, required=False)
@click.option("--yes", is_flag=True, help="Remove them; without it they are only listed.")
@click.option(
    "--days",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Only what was not touched for so long.",
)
@LANG
def clean(folder: Path | None, yes: bool, days: int, lang: str) -> None:
    """What commands that were broken off or killed left behind: listed, and removed with --yes.

    \b
    FOLDER holds run folders; the working folder's `outputs` unless given.
      healthplan clean
      healthplan clean outputs/anyang_14fyp --days 7 --yes
    What a running command uses and finished run folders are left alone.
    """  # noqa: D301 click reads a backspace
    from sim.commands.clean import clean_command

    click.echo(clean_command(folder, lang, yes=yes, days=days))


@cli.command()
@click.argument("folder", type=PATH)
def init(folder: Path) -> None:
    """Make a working folder with parameters and example experiments."""
    from sim.commands.init import make_folder

    click.echo(make_folder(folder))


def main() -> None:
    """Entry point: errors for users as one text, exit code 2 (input) or 3 (run)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    lang: Lang = "zh"
    try:
        lang = language()
        speaking(cli)(standalone_mode=False, prog_name="healthplan")
    except click.exceptions.Abort:
        said = label("已停止；算完的块已保留", "stopped; finished blocks are kept", lang)
        click.echo(said, err=True)
        sys.exit(3)
    except click.ClickException as error:
        click.echo(wrong_call(error, lang), err=True)
        sys.exit(2)
    except RunError as error:
        click.echo(spoken(f"run failed:\n{error}", lang), err=True)
        sys.exit(3)
    except SimError as error:
        click.echo(refusal(error, lang), err=True)
        sys.exit(2)
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        sys.stdout = None
        sys.exit(0)
    except OSError as error:
        place = f"{error.filename} | " if error.filename else ""
        remedy = label(
            "请检查路径、权限和剩余空间", "check the path, its permissions and the free space", lang
        )
        failed = label("运行失败：", "run failed:", lang)
        click.echo(f"{failed}\n{place}{error.strerror or error} | {remedy}", err=True)
        sys.exit(3)
    except Exception as error:  # Python's own exit code, 1, would mean "the plan is short"
        import traceback

        traceback.print_exc()
        failed = label("healthplan 自身出错", "healthplan itself failed", lang)
        click.echo(f"{failed}: {type(error).__name__}: {error}", err=True)
        sys.exit(3)


if __name__ == "__main__":
    main()
