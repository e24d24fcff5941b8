"""Ageing: the age groups stacked with their shares, and dependency ratios with their bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Patch

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import unit
from sim.charts.axes import history, number_axis, year_axis
from sim.charts.fans import age_name
from sim.charts.looks import DASHES
from sim.charts.style import WIDE, figure, frame, inches, ink, pt, tint, unit_note
from sim.saved.numbers import scale
from sim.saved.row import Row

NEEDED = ("0-14", "15-59", "60+", "65+", "80+", "total")
# Parts of the whole from the youngest up: name, what is added, what is taken off; fill, hatch.
PARTS = (
    ("0-14", "0-14", "", "#cfe3f1", None),
    ("15-59", "15-59", "", "#f2f2f2", None),
    ("60-64", "60+", "65+", "#f6dcb4", "...."),
    ("65-79", "65+", "80+", "#eeb173", "////"),
    ("80+", "80+", "", "#c8703a", None),
)
RATIOS = (
    ("60岁及以上占总人口", "aged 60+, of all", ("60+",), ("total",), "need"),
    ("65岁及以上占总人口", "aged 65+, of all", ("65+",), ("total",), "other"),
    ("少儿抚养比", "child dependency ratio", ("0-14",), None, "supply"),
    ("老年抚养比", "old-age dependency ratio", ("65+",), None, "norm"),
)


def grouped(run: xr.Dataset) -> bool:
    """Whether the run holds the age groups that these charts add up."""
    known = run["population_group"]["age_group"].values.astype(str) if "population_group" in run else ()
    return set(NEEDED) <= set(known)


def age_structure(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """People by age group, one on the other; shares of the whole in four years."""
    fig = figure(WIDE)
    people = _people(run, scenario, region)
    year = saved.years(run)
    parts = [_median(people, plus) - (_median(people, less) if less else 0.0) for _, plus, less, *_ in PARTS]
    total = np.sum(parts, axis=0)
    divisor, word = scale(float(total.max()), lang)
    ax = fig.subplots()
    floor = np.zeros_like(total)
    entries = []
    for (name, _, _, colour, hatch), part in zip(PARTS, parts, strict=True):
        look: dict[str, Any] = {"facecolor": colour, "hatch": hatch, "edgecolor": "white", "lw": 0.5}
        ax.fill_between(year, floor / divisor, (floor + part) / divisor, **look)
        entries.append((Patch(**look), age_name(name, lang)))
        for at in _shown(year):
            i = int(np.flatnonzero(year == at)[0])
            share = part[i] / total[i]
            if share > 0.025:
                where = "left" if i == 0 else "right" if i == len(year) - 1 else "center"
                middle = (floor[i] + part[i] / 2) / divisor
                ax.text(at, middle, f" {share:.1%} ", size=pt(6), ha=where, va="center", color=ink())
        floor = floor + part
    number_axis(ax)
    history(ax, run, lang)
    year_axis(ax, year)
    ax.set_xlim(year[0], year[-1])
    ax.set_ylim(0, 1.04 * float(total.max()) / divisor)
    unit_note(ax, unit("person", lang, word))
    frame(
        fig,
        label("分年龄人口构成", "Population by age group, with shares", lang),
        note=saved.subtitle(run, region, scenario, lang, saved.period(run)),
        legend=entries,
        foot=saved.foot(
            run,
            lang,
            label("各组取中位数，数字为占总人口比重", "medians; figures: share of all", lang),
            band=False,
        ),
        top=0.24,
    )
    return fig


def ageing(run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang) -> Figure:
    """Shares of the old and dependency ratios, with their bands."""
    fig = figure(WIDE)
    note = saved.subtitle(run, region, scenario, lang, saved.period(run))
    said = label(
        "抚养比分母为15–64岁人口",
        "dependency ratios: per people aged 15–64",
        lang,
    )
    ageing_panel(
        fig, run, scenario=scenario, region=region, lang=lang, note=note, foot=saved.foot(run, lang, said)
    )
    return fig


def ageing_panel(
    fig: Figure | SubFigure,
    run: xr.Dataset,
    *,
    scenario: str,
    region: str,
    lang: Lang,
    note: str = "",
    foot: Sequence[str] = (),
) -> None:
    """The ratios on a figure or a part of one."""
    people = _people(run, scenario, region)
    working = people.sel(age_group="15-59") + people.sel(age_group="60+") - people.sel(age_group="65+")
    ax = fig.subplots()
    year = saved.years(run)
    entries = []
    dashes = ("-", DASHES[0], DASHES[1], DASHES[2])
    for (zh, en, top, below, role), dash in zip(RATIOS, dashes, strict=True):
        under = people.sel(age_group=below[0]) if below else working
        ratio = 100 * people.sel(age_group=top[0]) / under
        low, middle, high = saved.central_and_band(ratio.transpose("year", ...))
        ax.fill_between(year, low, high, color=tint(role), alpha=0.15, lw=0)
        (line,) = ax.plot(year, middle, color=tint(role), ls=dash)
        entries.append((line, label(zh, en, lang)))
    number_axis(ax)
    history(ax, run, lang)
    year_axis(ax, year, most=8 if inches(fig)[0] > 5 else 5)
    ax.set_ylim(bottom=0)
    unit_note(ax, "%")
    title = label("人口老龄化率与抚养比", "Ageing and dependency ratios", lang)
    frame(fig, title, note=note, legend=entries, foot=foot, top=0.24)


def _people(run: xr.Dataset, scenario: str, region: str) -> xr.DataArray:
    return run["population_group"].sel(scenario=scenario, region=region)


def _median(people: xr.DataArray, group: str) -> np.ndarray:
    return saved.central_and_band(people.sel(age_group=group).transpose("year", ...))[1]


def _shown(year: np.ndarray) -> list[int]:
    """Years whose shares are written: the ends, and two round ones between."""
    inner = [int(y) for y in year if y % 5 == 0 and year[0] + 2 < y < year[-1] - 2]
    step = max(-(-len(inner) // 2), 1)
    return sorted({int(year[0]), *inner[step - 1 :: step][:2], int(year[-1])})
