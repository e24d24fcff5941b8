"""The table of costs for a terminal: options side by side by year, and what a budget pays for."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from sim import saved
from sim.arguments import count_faults, refuse
from sim.catalogue.language import Lang, label
from sim.catalogue.words import OPTIONS
from sim.errors import ConfigError, fault
from sim.intact import intact
from sim.report.terminal import Page, add_figures, bare_table
from sim.saved.numbers import plain
from sim.textfile import pick

POINTS = ("p10", "p50", "p90")


def cost_text(
    folder: Path,
    lang: str = "zh",
    *,
    budget: float | None = None,
    scenario: str | None = None,
    width: int | None = None,
) -> str:
    """Capital and additional yearly cost of each option by year, with the bands of all draws.

    budget: hundred million yuan a year; with it the share of capital and additional yearly cost that
    it pays for.  scenario: the first unless given.
    Raises ConfigError where the folder has no costs.csv.
    """
    language: Lang = "en" if lang == "en" else "zh"
    if budget is not None:
        refuse(count_faults("--budget", budget))
    intact(folder)
    rows = _read(folder)
    names = list(dict.fromkeys(row["scenario"] for row in rows))
    shown = pick("--scenario", scenario, names) if scenario is not None else names[0]
    page = Page(None, width)
    total = [row for row in rows if row["item"] == "total" and row["scenario"] == shown]
    for region in dict.fromkeys(row["region"] for row in total):
        mine = {
            (r["option"], r["cost"], int(r["year"])): [float(r[p]) for p in POINTS]
            for r in total
            if r["region"] == region
        }
        table = _empty(f"{region}  {saved.scenario_name(shown, language)}", budget, language)
        for option, kind, year in mine:
            if kind != "capital":
                continue
            capital, more = mine[option, "capital", year], mine[option, "yearly_more", year]
            cells = [str(year), _band(capital), _band(more)]
            if budget is not None:
                cells.append(_paid(budget, [c + m for c, m in zip(capital, more, strict=True)]))
            table.add_row(label(*OPTIONS.get(option, (option, option)), language), *cells)
        page.table(table)
    page.line(
        label(
            "P50（P10–P90）；谁出资均计入；可负担：预算占当年建设与年运行增量之和的比例；"
            "分项见 costs.csv；不影响任何判定",
            "P50 (P10-P90), whoever pays; paid for: the budget over capital and additional yearly cost of "
            "the year; items: costs.csv; no verdict reads them",
            language,
        )
    )
    return page.text()


def _empty(whose: str, budget: float | None, lang: Lang) -> Table:
    """The table's title and heads."""
    table = bare_table(
        f"{whose}  {label('费用（亿元，不变价）', 'costs, CNY 100m at constant prices', lang)}"
    )
    table.add_column(label("方案", "Option", lang), no_wrap=True)
    heads = [("年份", "Year"), ("建设", "Capital"), ("年运行增量", "Yearly, more than\nin the base year")]
    if budget is not None:
        heads.append((f"预算{budget:g}可负担", f"Paid for by {budget:g}"))
    add_figures(table, heads, lang)
    return table


def _read(folder: Path) -> list[dict[str, str]]:
    path = folder / "costs.csv"
    if not path.is_file():
        remedy = "run an experiment with a plan, or `healthplan propose`"
        raise ConfigError(fault(str(path), "is not there", remedy))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _band(values: Sequence[float]) -> str:
    low, middle, high = values
    return f"{plain(middle)} ({plain(low)}–{plain(high)})"


def _paid(budget: float, needed: Sequence[float]) -> str:
    """Share that a budget pays for, at P50 and at both ends; all of what costs nothing."""
    low, middle, high = (1.0 if cost <= 0 else min(1.0, budget / cost) for cost in needed)
    return f"{middle:.0%} ({high:.0%}–{low:.0%})"
