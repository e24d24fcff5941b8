"""The working folder and its files: made, listed, checked, described, cleared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from sim.cli.options import LANG, PATH, SPOKEN
from sim.cli.root import cli
from sim.commands.help import language
from sim.commands.refusals import spoken

if TYPE_CHECKING:
    from sim.catalogue.language import Lang
    from sim.commands.options import RegionOptions


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
@SPOKEN
def validate(files: tuple[Path, ...]) -> None:
    """Check experiment, parameter or plan files; every fault at once."""
    from sim.commands.validate import validate as check

    for line in check(files):
        click.echo(spoken(line, language()))


@cli.command()
@click.argument("folder", type=PATH)
@LANG
def init(folder: Path, lang: Lang) -> None:
    """Make a working folder with parameters and example experiments."""
    from sim.commands.init import make_folder

    click.echo(make_folder(folder, lang))


@cli.command()
@click.argument("page", required=False)
@LANG
def docs(page: str | None, lang: Lang) -> None:
    """The manual, installed with the program: its pages listed, or PAGE printed as Markdown."""
    from sim.commands.manual import manual

    click.echo(manual(page, lang))


@cli.command()
@click.argument("what", type=click.Choice(["experiment", "parameters", "plan", "scenarios", "sources"]))
@SPOKEN
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
@SPOKEN
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

    FOLDER holds run folders; unless given, `outputs`, `parameters` and `experiments` of the working folder.

    What a running command uses and finished run folders are left alone.
    """
    from sim.commands.clean import clean_command

    click.echo(clean_command(folder, lang, yes=yes, days=days))


@cli.group()
@SPOKEN
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

    Ages 0 (or 0-4), 1-4, 5-9, ..., 85+ (or 80+) or single; sexes in columns or rows; Chinese or English.

    Every printed sum is checked; a table with any fault is refused, cell by cell.
    """
    from sim.commands.region import new_command

    click.echo(new_command(table, options))
