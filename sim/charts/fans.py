"""Fans: total and age groups, births and small children; one band, lines of other scenarios."""

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
from sim.catalogue.words import short_unit
from sim.charts.axes import history, number_axis, past_line, year_axis
from sim.charts.looks import Look, looks, together
from sim.charts.style import FULL, figure, frame, inches, tint, titled
from sim.saved.numbers import scale
from sim.saved.row import Row

# Age groups that make up the whole, then two that overlap them.
FAN_GROUPS = ("total", "0-14", "15-59", "60+", "65+", "80+")

Panel = tuple[str, xr.DataArray]


def population_fan(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """Total population and age groups: median and band of one scenario, lines of the others."""
    return _figure(FULL, 3, age_panels(run, region, lang), _POPULATION, run, scenario, region, lang)


def births_children(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """Births a year and children under 3, by scenario, with the band of the main one."""
    panels = birth_panels(run, region, lang)
    return _figure((6.3, 3.3), 2, panels, _BIRTHS, run, scenario, region, lang)


_POPULATION = ("总人口与各年龄组人口", "Population by age group")
_BIRTHS = ("出生人数与3岁以下儿童数", "Births and children under 3")


def _figure(
    size: tuple[float, float],
    columns: int,
    panels: Sequence[Panel],
    title: tuple[str, str],
    run: xr.Dataset,
    scenario: str,
    region: str,
    lang: Lang,
) -> Figure:
    """One set of panels; more scenarios than can be told apart in one make further sets below."""
    groups = together(saved.scenarios(run), scenario)
    named = label(*title, lang)
    note = saved.subtitle(run, region, scenario, lang, saved.period(run))
    foot = saved.foot(run, lang)
    if len(groups) == 1:
        fig = figure(size)
        draw_panels(fig, panels, columns, run, scenario, groups[0], lang, named, note=note, foot=foot)
        return fig
    fig = figure((size[0], size[1] * len(groups)))
    parts = fig.subfigures(len(groups), 1, squeeze=False).ravel()
    for i, (part, others) in enumerate(zip(parts, groups, strict=True), 1):
        count = label(f"（{i}/{len(groups)}）", f" ({i}/{len(groups)})", lang)
        last = foot if i == len(groups) else ()
        draw_panels(
            part,
            panels,
            columns,
            run,
            scenario,
            others,
            lang,
            named + count,
            note=note,
            foot=last,
            first=i == 1,
            main=True,
        )
    return fig


def age_panels(run: xr.Dataset, region: str, lang: Lang, wanted: Sequence[str] = FAN_GROUPS) -> list[Panel]:
    """The age groups of the run among those wanted, with their names."""
    people = run["population_group"].sel(region=region)
    known = [str(group) for group in people["age_group"].values]
    return [(age_name(g, lang), people.sel(age_group=g)) for g in wanted if g in known]


def age_name(group: str, lang: Lang) -> str:
    """An age group in words."""
    if group == "total":
        return label("总人口", "Total", lang)
    zh = f"{group.replace('+', '岁及以上')}{'' if '+' in group else '岁'}"
    return label(zh.replace("-", "\u2013"), f"Age {group}".replace("-", "\u2013"), lang)


def birth_panels(run: xr.Dataset, region: str, lang: Lang) -> list[Panel]:
    """Births during the year, children 0-2 at its end."""
    births = run["births"].sel(region=region)
    if "newborn_sex" in births.dims:  # runs of older versions kept the total alone
        births = births.sel(newborn_sex="total")
    children = run["population_group"].sel(region=region, age_group="0-2")
    return [
        (label("年出生人数", "Births a year", lang), births),
        (label("年末3岁以下儿童", "Children under 3", lang), children),
    ]


def draw_panels(
    fig: Figure | SubFigure,
    panels: Sequence[Panel],
    columns: int,
    run: xr.Dataset,
    scenario: str,
    others: Sequence[str],
    lang: Lang,
    title: str,
    *,
    note: str = "",
    foot: Sequence[str] = (),
    first: bool = True,
    main: bool | None = None,
) -> None:
    """Small fans with one legend; `others` are the scenarios drawn beside the main one."""
    rows = -(-len(panels) // columns)
    axes = fig.subplots(rows, columns, squeeze=False, gridspec_kw={"wspace": 0.34, "hspace": 0.46}).ravel()
    look = looks(saved.scenarios(run), scenario)
    most = 4 if inches(fig)[0] / columns < 2.4 else 8
    for ax, (name, array) in zip(axes, panels, strict=False):
        word = fan(ax, array, scenario, others, look, lang, most=most)
        titled(ax, name, short_unit("person", lang, word), lang)
    for ax in axes[len(panels) :]:
        ax.set_visible(False)
    legend = scenario_legend(run, scenario, others, look, lang, first=first)
    frame(fig, title, note=note, legend=legend, foot=foot, left=0.45, top=0.28, main=main)


def fan(
    ax: Axes,
    array: xr.DataArray,
    scenario: str,
    others: Sequence[str],
    look: Mapping[str, Look],
    lang: Lang,
    *,
    most: int = 8,
) -> str:
    """Median and P10-P90 band of `scenario`; thin medians of the others; from nought.

    array: stock or flow with dims scenario, year, draw.  Returns the word of the axis's scale.
    """
    array = array.transpose("scenario", "year", "draw")
    year = np.asarray(array["year"].values, dtype=int)
    low, middle, high = saved.central_and_band(array)
    divisor, word = scale(float(high.max()), lang)
    names = [str(name) for name in array["scenario"].values]
    main = names.index(scenario)
    ax.fill_between(year, low[main] / divisor, high[main] / divisor, **band_look())
    for name in others:
        ax.plot(year, middle[names.index(name)] / divisor, zorder=2.5, **look[name].drawn())
    ax.plot(year, middle[main] / divisor, zorder=3, **look[scenario].drawn())
    past_line(ax, array, year, middle[main] / divisor, zorder=3.1, lw=1.6)
    number_axis(ax, 1.0, bins=5)
    history(ax, array, lang)
    year_axis(ax, year, most=most)
    ax.set_ylim(bottom=0)
    return word


def band_look() -> dict[str, Any]:
    """Keywords of the main scenario's band."""
    return {"color": tint("supply"), "alpha": 0.2, "lw": 0}


def scenario_legend(
    run: xr.Dataset,
    scenario: str,
    others: Sequence[str],
    look: Mapping[str, Look],
    lang: Lang,
    *,
    first: bool = True,
) -> list[tuple[Any, str]]:
    """Entries of the main scenario and its band (in the first set of panels), and of the others."""
    entries: list[tuple[Any, str]] = []
    if first:
        entries.append((Line2D([], [], **look[scenario].line()), saved.scenario_name(scenario, lang, run)))
        if saved.has_band(run):
            entries.append((Patch(**band_look()), saved.scenario_name(scenario, lang, run) + " P10–P90"))
    entries += [
        (Line2D([], [], **look[name].line()), saved.scenario_name(name, lang, run)) for name in others
    ]
    return entries
