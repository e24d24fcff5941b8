"""Population charts: pyramid, fans of the total and of age groups, births and small children."""

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
    FEMALE,
    FULL,
    INK,
    MALE,
    MUTED,
    SCENARIO_COLOURS,
    Lang,
    figure,
    footer,
    heading,
    inches,
    label,
    margins,
    number,
    number_axis,
    scale,
    year_axis,
)  # fmt: skip
from sim.report.words import unit

FAN_GROUPS = ("total", "0-14", "15-59", "60+", "65+", "80+")
MIDDLE_YEAR, LATE_YEAR = 2025, 2035  # end of the plan period and of the national outline (2035)


def population_pyramid(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """Population by sex and single age in the base year, the target year and the late year."""
    fig = figure((5.6, 5.0))
    pyramid_panel(fig, run, adequacy, scenario=scenario, region=region, lang=lang)
    footer(fig, saved.source_line(run.drop_dims("draw", errors="ignore"), lang))
    return fig


def pyramid_panel(
    fig: Figure | SubFigure,
    run: xr.Dataset,
    adequacy: Sequence[Row],
    *,
    scenario: str,
    region: str,
    lang: Lang,
    note: str | None = None,
) -> None:
    """The pyramid on a figure or a part of one: base year filled, later years as outlines."""
    people = run["population_central"].sel(scenario=scenario, region=region)
    people = people.transpose("year", "sex", "age")
    chosen = pyramid_years(saved.years(run), adequacy)
    largest = float(people.sel(year=chosen).max())
    divisor, scale_word = scale(largest, lang)
    ax = fig.subplots(gridspec_kw=margins(fig, left=0.5, bottom=0.62))
    age = np.append(people["age"].values, people["age"].values[-1] + 1) - 0.5
    outline = ((MUTED, 0.9, "-"), (BLUE, 1.0, (0, (2.5, 1.2))), (INK, 1.3, "-"))
    for side, sex, colour in ((-1, "male", MALE), (1, "female", FEMALE)):
        for i, year in enumerate(chosen):
            values = side * people.sel(year=year, sex=sex).values / divisor
            if i == 0:
                ax.stairs(
                    values, age, orientation="horizontal", fill=True, color=colour, alpha=0.45
                )
            else:
                line_colour, width, dash = outline[i if len(chosen) > 2 else 2]
                ax.stairs(
                    values, age, orientation="horizontal", color=line_colour, lw=width, ls=dash
                )
    limit = 1.06 * largest / divisor
    ax.set_xlim(-limit, limit)
    ax.set_ylim(-0.5, 101)
    ax.axvline(0, color="white", lw=0.8)
    number_axis(ax, 1.0, which="x", bins=6)
    ax.xaxis.set_major_formatter(lambda v, _: f"{abs(v):g}")
    ax.set_ylabel(label("年龄（岁）", "Age", lang))
    per_age = label("每岁人数（", "Persons per year of age (", lang)
    ax.set_xlabel(f"{per_age}{unit('person', lang, scale_word)}{label('）', ')', lang)}")
    totals = [float(people.sel(year=year).sum()) for year in chosen]
    handles: list[Any] = [Patch(color="#b9b9b9", alpha=0.7)]
    handles += [
        Line2D([], [], color=c, lw=w, ls=d)
        for c, w, d in (outline[1:] if len(chosen) > 2 else outline[2:])
    ]
    names = [f"{y}: {number(t, lang)}" for y, t in zip(chosen, totals, strict=True)]
    ax.legend(handles, names, loc="upper right", title=label("年末总人口", "Total, 31 Dec", lang),
              title_fontsize=7, fontsize=7, borderaxespad=0.1)  # fmt: skip
    for x, zh, en, colour, align in (
        (0.02, "男", "Men", MALE, "left"),
        (0.60, "女", "Women", FEMALE, "left"),
    ):
        ax.text(x, 0.97, label(zh, en, lang), transform=ax.transAxes, color=colour, size=10,
                ha=align, va="top")  # fmt: skip
    heading(
        fig,
        "人口金字塔",
        "Population pyramid",
        lang,
        saved.subtitle(run, region, scenario, lang) if note is None else note,
    )


def pyramid_years(known: np.ndarray[Any, Any], adequacy: Sequence[Row]) -> list[int]:
    """Base year, target year (else 2025) and 2035, of the years the run has."""
    base, last = int(known[0]), int(known[-1])
    targets = sorted({int(row["year"]) for row in adequacy if base < int(row["year"] or 0) < last})
    middle = targets[0] if targets else MIDDLE_YEAR
    late = LATE_YEAR if base < LATE_YEAR <= last else last
    return sorted({base, late} | ({middle} if base < middle < late else set()))


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
    grid = margins(fig, left=0.45, top=0.78, bottom=0.66)
    axes = fig.subplots(2, columns, gridspec_kw={**grid, "wspace": 0.32, "hspace": 0.42}).ravel()
    for ax, group in zip(axes, groups, strict=False):
        fan(ax, people.sel(age_group=group), scenario, lang)
        zh = (
            "总人口"
            if group == "total"
            else f"{group.replace('+', '岁以上')}{'' if '+' in group else '岁'}"
        )
        ax.set_title(label(zh, "Total" if group == "total" else f"Age {group}", lang))
        _, scale_word = scale(float(people.sel(age_group=group).max()), lang)
        ax.text(1, 1.03, unit("person", lang, scale_word), transform=ax.transAxes, ha="right",
                va="bottom", size=6.5, color=MUTED)  # fmt: skip
    for ax in axes[len(groups) :]:
        ax.set_visible(False)
    scenario_legend(fig, run, scenario, lang)
    heading(fig, "人口预测与不确定性", "Population and age groups, with uncertainty", lang,
            saved.subtitle(run, region, scenario, lang) if note is None else note)  # fmt: skip


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
            ax.plot(year, middle[i] / divisor, color=scenario_colour(names, name, scenario),
                    lw=1.0, zorder=2.5)  # fmt: skip
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
    """One line of scenario names above the footer."""
    names = saved.scenarios(run)
    ordered = [scenario, *(name for name in names if name != scenario)]
    handles: list[Any] = [
        Line2D([], [], color=scenario_colour(names, name, scenario), lw=1.8 if i == 0 else 1.0)
        for i, name in enumerate(ordered)
    ]
    texts = [saved.scenario_name(name, lang) for name in ordered]
    if saved.has_band(run):
        handles.insert(1, Patch(color=BLUE, alpha=0.2, lw=0))
        texts.insert(1, "P10–P90")
    fig.legend(handles, texts, loc="lower left", bbox_to_anchor=(0.005, 0.16 / inches(fig)[1]),
               ncols=min(len(texts), 6), columnspacing=1.2, fontsize=7)  # fmt: skip


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
    extra = [dim for dim in births.dims if dim not in ("scenario", "year", "draw")]
    children = run["population_group"].sel(region=region, age_group="0-2")
    grid = margins(fig, left=0.45, top=0.78, bottom=0.66)
    left, right = fig.subplots(1, 2, gridspec_kw={**grid, "wspace": 0.22})
    for ax, array, zh, en in (
        (left, births.sum(extra) if extra else births, "年出生人数", "Births during the year"),
        (right, children, "3岁以下儿童（年末）", "Children under 3 (31 Dec)"),
    ):
        fan(ax, array, scenario, lang)
        ax.set_ylim(bottom=0)
        ax.set_title(label(zh, en, lang))
        _, scale_word = scale(float(saved.central_and_band(array)[2].max()), lang)
        ax.text(1, 1.02, unit("person", lang, scale_word), transform=ax.transAxes, ha="right",
                va="bottom", size=6.5, color=MUTED)  # fmt: skip
    scenario_legend(fig, run, scenario, lang)
    heading(fig, "出生人数与3岁以下儿童", "Births and children under 3", lang,
            saved.subtitle(run, region, scenario, lang) if note is None else note)  # fmt: skip
