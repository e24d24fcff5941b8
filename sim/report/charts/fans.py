"""Fans: total and age groups, births and small children; one band, lines of other scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report import saved
from sim.report.saved import Row
from sim.report.style import (
    BLUE,
    FULL,
    SCENARIO_COLOURS,
    Lang,
    figure,
    footer,
    head_room,
    heading,
    inches,
    label,
    legend_columns,
    margins,
    number_axis,
    scale,
    titled,
    year_axis,
)
from sim.report.words import short_unit

FAN_GROUPS = ("total", "0-14", "15-59", "60+", "65+", "80+")
LEGEND_LINE = 0.15  # inches


def population_fan(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """Total population and age groups: median and band of one scenario, lines of the others."""
    fig = figure(FULL)
    fan_panel(fig, run, adequacy, scenario=scenario, region=region, lang=lang)
    footer(fig, saved.source_line(run, lang))
    return fig


def fan_panel(
    fig: Figure | SubFigure,
    run: xr.Dataset,
    adequacy: Sequence[Row],
    *,
    scenario: str,
    region: str,
    lang: Lang,
    note: str | None = None,
    wanted: Sequence[str] = FAN_GROUPS,
) -> None:
    """Small fans, two rows, on a figure or a part of one; `wanted` age groups."""
    people = run["population_group"].sel(region=region)
    known = [str(group) for group in people["age_group"].values]
    groups = [group for group in wanted if group in known]
    columns = (len(groups) + 1) // 2
    grid = margins(
        fig,
        left=0.45,
        top=head_room(lang, note) + 0.28,
        bottom=_legend_room(fig, run, scenario, lang),
    )
    axes = fig.subplots(2, columns, gridspec_kw={**grid, "wspace": 0.32, "hspace": 0.42}).ravel()
    for ax, group in zip(axes, groups, strict=False):
        fan(ax, people.sel(age_group=group), scenario, lang)
        zh = "总人口" if group == "total" else f"{group.replace('+', '岁以上')}{'' if '+' in group else '岁'}"
        en = "Total" if group == "total" else f"Age {group}"
        _, scale_word = scale(float(people.sel(age_group=group).max()), lang)
        titled(ax, label(zh, en, lang), short_unit("person", lang, scale_word), lang)
    for ax in axes[len(groups) :]:
        ax.set_visible(False)
    scenario_legend(fig, run, scenario, lang)
    heading(
        fig,
        "人口预测与不确定性",
        "Population and age groups, with uncertainty",
        lang,
        saved.subtitle(run, region, scenario, lang) if note is None else note,
    )


def fan(ax: Axes, array: xr.DataArray, scenario: str, lang: Lang) -> None:
    """Median and P10-P90 band of `scenario`; thin medians of the other scenarios.

    array: stock or flow with dims scenario, year, draw.
    """
    array = array.transpose("scenario", "year", "draw")
    year = np.asarray(array["year"].values, dtype=int)
    low, middle, high = saved.central_and_band(array)
    divisor, _ = scale(float(high.max()), lang)
    names = [str(name) for name in array["scenario"].values]
    main = names.index(scenario)
    for i, name in enumerate(names):
        if i != main:
            ax.plot(
                year, middle[i] / divisor, color=scenario_colour(names, name, scenario), lw=1.0, zorder=2.5
            )
    ax.fill_between(year, low[main] / divisor, high[main] / divisor, color=BLUE, alpha=0.2, lw=0)
    ax.plot(year, middle[main] / divisor, color=BLUE, zorder=3)
    number_axis(ax, 1.0, bins=5)
    year_axis(ax, year)


def scenario_colour(names: Sequence[str], name: str, main: str) -> str:
    """Blue for the main scenario, the other palette colours in the run's order for the rest."""
    if name == main:
        return SCENARIO_COLOURS[0]
    others = [n for n in names if n != main]
    return SCENARIO_COLOURS[1:][others.index(name) % (len(SCENARIO_COLOURS) - 1)]


def scenario_legend(fig: Figure | SubFigure, run: xr.Dataset, scenario: str, lang: Lang) -> None:
    """The scenarios' names and colours above the footer, in as many lines as it takes."""
    names = saved.scenarios(run)
    handles: list[Any] = [
        Line2D([], [], color=scenario_colour(names, name, scenario), lw=1.0 if i else 1.8)
        for i, name in enumerate(_ordered(names, scenario))
    ]
    texts = [saved.scenario_name(name, lang) for name in _ordered(names, scenario)]
    if saved.has_band(run):
        handles.insert(1, Patch(color=BLUE, alpha=0.2, lw=0))
        texts.insert(1, "P10–P90")
    fig.legend(
        handles,
        texts,
        loc="lower left",
        bbox_to_anchor=(0.005, 0.16 / inches(fig)[1]),
        ncols=legend_columns(fig, texts),
        columnspacing=1.2,
        fontsize=7,
    )


def _ordered(names: Sequence[str], main: str) -> list[str]:
    return [main, *(name for name in names if name != main)]


def _legend_room(fig: Figure | SubFigure, run: xr.Dataset, scenario: str, lang: Lang) -> float:
    texts = [saved.scenario_name(name, lang) for name in saved.scenarios(run)]
    texts += ["P10–P90"] if saved.has_band(run) else []
    lines = -(-len(texts) // legend_columns(fig, texts))
    return 0.51 + LEGEND_LINE * lines


def births_children(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """Births a year and children under 3, by scenario, with the band of the main one."""
    fig = figure((6.3, 3.3))
    births_panel(fig, run, adequacy, scenario=scenario, region=region, lang=lang)
    footer(fig, saved.source_line(run, lang))
    return fig


def births_panel(
    fig: Figure | SubFigure,
    run: xr.Dataset,
    adequacy: Sequence[Row],
    *,
    scenario: str,
    region: str,
    lang: Lang,
    note: str | None = None,
) -> None:
    """Two panels, both from zero: births during the year, children 0-2 at its end."""
    births = run["births"].sel(region=region)
    if "newborn_sex" in births.dims:  # runs of older versions kept the total alone
        births = births.sel(newborn_sex="total")
    children = run["population_group"].sel(region=region, age_group="0-2")
    grid = margins(
        fig,
        left=0.45,
        top=head_room(lang, note) + 0.28,
        bottom=_legend_room(fig, run, scenario, lang),
    )
    left, right = fig.subplots(1, 2, gridspec_kw={**grid, "wspace": 0.22})
    for ax, array, zh, en in (
        (left, births, "年出生人数", "Births a year"),
        (right, children, "年末3岁以下儿童", "Children under 3"),
    ):
        fan(ax, array, scenario, lang)
        ax.set_ylim(bottom=0)
        _, scale_word = scale(float(saved.central_and_band(array)[2].max()), lang)
        titled(ax, label(zh, en, lang), short_unit("person", lang, scale_word), lang)
    scenario_legend(fig, run, scenario, lang)
    heading(
        fig,
        "出生人数与3岁以下儿童",
        "Births and children under 3",
        lang,
        saved.subtitle(run, region, scenario, lang) if note is None else note,
    )
