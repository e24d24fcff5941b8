"""A saved run drawn and written up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from sim.cli.options import LANG, PATH
from sim.cli.root import cli

if TYPE_CHECKING:
    from sim.commands.options import ReportOptions


@cli.command()
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.option("--chart", "charts", multiple=True, metavar="NAME", help="Only this chart.")
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
    """Draw charts from a saved run, sweep or backtest alone."""
    from sim.charts import list_folder, plot_folder

    if listed:
        given = {"--chart": charts, "--scenario": scenario, "--region": region, "--title": title}
        if beside := [name for name, value in (given | {"--style": style}).items() if value]:
            raise click.UsageError(f"--list shows every chart: leave {beside[0]} out")
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
    """Write a saved run up for a plan's own document: findings, tables, charts, sources."""
    from sim.commands.report import report_command

    click.echo(report_command(run_folder, **options))
