"""Population pyramid of three years: base filled, later years as outlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import unit
from sim.charts.axes import number_axis
from sim.charts.style import FEMALE, MALE, figure, frame, ink, muted, pt, tint
from sim.saved.numbers import number, scale
from sim.saved.row import Row

APART = 3  # years; two pyramids closer than this cannot be told apart


Outline = tuple[str, float, Any]
"""Colour, width and dash of a later year's line."""


def population_pyramid(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """Population by sex and single age in the base year, a year between and the last year."""
    fig = figure((5.6, 5.0))
    note = saved.subtitle(run, region, scenario, lang, saved.period(run))
    text = label("各年龄人数取中心值，总人口取中位数", "ages at central values, totals medians", lang)
    foot = saved.foot(run, lang, text, band=False)
    pyramid_panel(fig, run, adequacy, scenario=scenario, region=region, lang=lang, note=note, foot=foot)
    return fig


def pyramid_panel(
    fig: Figure | SubFigure,
    run: xr.Dataset,
    adequacy: Sequence[Row],
    *,
    scenario: str,
    region: str,
    lang: Lang,
    note: str = "",
    foot: Sequence[str] = (),
) -> None:
    """The pyramid on a figure or a part of one: base year filled, later years as outlines."""
    people = run["population_central"].sel(scenario=scenario, region=region)
    people = people.transpose("year", "sex", "age")
    chosen = pyramid_years(saved.years(run), adequacy)
    largest = float(people.sel(year=chosen).max())
    divisor, scale_word = scale(largest, lang)
    ax = fig.subplots()
    age = np.append(people["age"].values, people["age"].values[-1] + 1) - 0.5
    outline = ((muted(), 0.9, "-"), (tint("supply"), 1.0, (0, (2.5, 1.2))), (ink(), 1.3, "-"))
    for side, sex, colour in ((-1, "male", MALE), (1, "female", FEMALE)):
        for i, year in enumerate(chosen):
            values = side * people.sel(year=year, sex=sex).values / divisor
            if i == 0:
                ax.stairs(values, age, orientation="horizontal", fill=True, color=colour, alpha=0.45)
            else:
                line_colour, width, dash = outline[i if len(chosen) > 2 else 2]
                ax.stairs(values, age, orientation="horizontal", color=line_colour, lw=width, ls=dash)
    _furnish(ax, 1.06 * largest / divisor, unit("person", lang, scale_word), lang)
    totals = {year: _people(run, scenario, region, year) for year in chosen}
    _totals(ax, totals, outline[1:] if len(chosen) > 2 else outline[2:], lang)
    title = label("分性别年龄人口金字塔", "Population by sex and age", lang)
    frame(fig, title, note=note, foot=foot, left=0.5, top=0.24, bottom=0.42)


def _furnish(ax: Axes, limit: float, units: str, lang: Lang) -> None:
    """Ages up the side, people to both sides of the middle, the sexes named above."""
    ax.set_xlim(-limit, limit)
    ax.set_ylim(-0.5, 112)  # room for the legend
    ax.set_yticks(range(0, 101, 20))
    ax.axvline(0, color="white", lw=0.8)
    number_axis(ax, 1.0, which="x", bins=6)
    ax.xaxis.set_major_formatter(lambda v, _: f"{abs(v):g}")
    ax.set_ylabel(label("年龄（岁）", "Age", lang))
    per_age = label("每岁人数（", "Persons per year of age (", lang)
    ax.set_xlabel(f"{per_age}{units}{label('）', ')', lang)}")
    for x, zh, en, colour in ((0.25, "男", "Men", MALE), (0.75, "女", "Women", FEMALE)):
        ax.text(
            x,
            1.01,
            label(zh, en, lang),
            transform=ax.transAxes,
            color=colour,
            size=pt(9),
            ha="center",
            va="bottom",
        )


def _people(run: xr.Dataset, scenario: str, region: str, year: int) -> float:
    """All people of a year, as text and tables say them: the median of the draws."""
    at = {"scenario": scenario, "region": region, "year": year}
    if "population_group" in run:
        return float(saved.central_and_band(run["population_group"].sel({**at, "age_group": "total"}))[1])
    return float(run["population_central"].sel(at).sum())


def _totals(ax: Axes, totals: Mapping[int, float], outlines: Sequence[Outline], lang: Lang) -> None:
    """A legend that says whose line is whose, with all people of the year."""
    handles: list[Any] = [Patch(color="#b9b9b9", alpha=0.7)]
    handles += [Line2D([], [], color=c, lw=w, ls=d) for c, w, d in outlines]
    names = [f"{year}: {number(people, lang)}" for year, people in totals.items()]
    ax.legend(
        handles,
        names,
        loc="upper right",
        title=label("年末总人口", "Total, 31 Dec", lang),
        title_fontsize=pt(7),
        fontsize=pt(7),
        borderaxespad=0.1,
    )


def pyramid_years(known: np.ndarray[Any, Any], adequacy: Sequence[Row]) -> list[int]:
    """The base year, a year between and the last; each some years from the others.

    Between: the plan's first tested year; else the round year nearest to the middle.
    """
    base, last = int(known[0]), int(known[-1])
    tested = sorted({row.year for row in adequacy if row.is_judged})
    middle = round((base + last) / 10) * 5
    between = [y for y in (*tested, middle) if base + APART <= y <= last - APART and y in known]
    return sorted({base, *between[:1], last})
