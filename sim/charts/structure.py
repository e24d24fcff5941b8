"""Structure: beds by type and by level, and staff who enter and leave."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim import saved
from sim.catalogue.bed_groups import BED_GROUPS, KINDS, LEVELS
from sim.catalogue.language import Lang, label
from sim.catalogue.words import GROUPS, short_unit, unit, word
from sim.charts.axes import history, number_axis, year_axis
from sim.charts.demand import resource_name
from sim.charts.gaps import gap_years
from sim.charts.style import FULL, WIDE, figure, frame, ink, pt, tint, titled, unit_note
from sim.saved.numbers import scale
from sim.saved.row import Row

BEDS = "beds_required"
# Two ways to part the same beds; each adds up to the total. Fill and hatch of each part.
BY_TYPE = tuple(BED_GROUPS[kind].normal for kind in KINDS)
BY_LEVEL = LEVELS
# By level in blues; by type, general wards first.
_FILLS = (
    ("#6fa8cc", None),
    ("#b9d7ea", "////"),
    ("#e6f1f8", "...."),
    ("#f3d9b1", None),
    ("#e7b9d3", "\\\\\\\\"),
    ("#d6efe4", "...."),
    ("#e59a54", "////"),
    ("#d0d0d0", None),
    ("#8fcfb5", None),
    ("#f2f2f2", "xxxx"),
    ("#8c8c8c", None),
)
LOOKS = dict(zip((*BY_LEVEL, *BY_TYPE), cycle(_FILLS), strict=False))


def bedded(run: xr.Dataset) -> bool:
    """Whether the run's need for beds is parted by type and by level."""
    if BEDS not in run or "bed_group" not in run[BEDS].dims:
        return False
    return set(BY_TYPE) | set(BY_LEVEL) <= set(run[BEDS]["bed_group"].values.astype(str))


def bed_structure(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """Beds needed by level and by type, with shares, in the base year, a year between, the last."""
    fig = figure(FULL)
    need = run[BEDS].sel(scenario=scenario, region=region)
    known = saved.years(run)
    years = [int(known[0]), *gap_years(known, adequacy)]
    axes = fig.subplots(1, 2, gridspec_kw={"wspace": 0.2})
    entries = []
    for ax, parts, zh, en in (
        (axes[0], BY_LEVEL, "按级别", "By level"),
        (axes[1], BY_TYPE, "按类型", "By type"),
    ):
        entries += _stack(ax, need, parts, years, lang)
        word_of = scale(float(need.sel(bed_group="total").max()), lang)[1]
        titled(ax, label(zh, en, lang), short_unit("bed", lang, word_of), lang)
    said = label(
        "数字为占比；各部分取中位数；传染病、重症为常态需求",
        "figures: shares; parts at their medians; infectious and ICU in a normal year",
        lang,
    )
    frame(
        fig,
        label("床位需求结构", "Need for beds by level and type", lang),
        note=saved.subtitle(run, region, scenario, lang),
        legend=entries,
        foot=saved.foot(run, lang, said, band=False),
        left=0.45,
        top=0.28,
    )
    return fig


def _stack(
    ax: Axes, need: xr.DataArray, parts: Sequence[str], years: Sequence[int], lang: Lang
) -> list[tuple[Patch, str]]:
    divisor = scale(float(need.sel(bed_group="total").max()), lang)[0]
    floor = np.zeros(len(years))
    values = [
        np.array([float(saved.central_and_band(need.sel(bed_group=p, year=y))[1]) for y in years])
        for p in parts
    ]
    total = np.sum(values, axis=0)
    entries = []
    for part, value in zip(parts, values, strict=True):
        colour, hatch = LOOKS[part]
        look: dict[str, Any] = {"facecolor": colour, "hatch": hatch, "edgecolor": "white", "lw": 0.4}
        ax.bar(range(len(years)), value / divisor, bottom=floor / divisor, width=0.72, **look)
        for x, (v, low, whole) in enumerate(zip(value, floor, total, strict=True)):
            if v > 0.045 * whole:
                ax.text(
                    x,
                    (low + v / 2) / divisor,
                    f"{v / whole:.0%}",
                    size=pt(6),
                    ha="center",
                    va="center",
                    color=ink(),
                )
        entries.append((Patch(**look), word(GROUPS, part, lang)))
        floor = floor + value
    ax.set_xticks(range(len(years)), [str(y) for y in years])
    ax.grid(visible=False, axis="x")
    number_axis(ax)
    return entries


def cadres(run: xr.Dataset) -> list[str]:
    """Cadres whose entrants and leavers the run holds."""
    if not {"staff_entrants", "staff_leavers"} <= set(map(str, run.data_vars)):
        return []
    return [str(name) for name in run["staff_entrants"]["cadre"].values]


def staff_flow(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang, resource: str
) -> Figure:
    """Entrants up, leavers down, the net change as a line, by year (medians)."""
    where = {"scenario": scenario, "region": region, "cadre": resource}
    year = saved.years(run)
    entrants, leavers = (
        saved.central_and_band(run[name].sel(where).transpose("year", ...))
        for name in ("staff_entrants", "staff_leavers")
    )
    flows = run["staff_entrants"].sel(where) - run["staff_leavers"].sel(where)
    net = saved.central_and_band(flows.transpose("year", ...))
    # flows are of a year: the base year, a stock at its end, has none
    known = np.isfinite(entrants[1]) & np.isfinite(leavers[1]) & (year > year[0])
    divisor, word_of = scale(float(np.nanmax([entrants[2], leavers[2]])), lang)
    fig = figure(WIDE)
    ax = fig.subplots()
    up: dict[str, Any] = {"facecolor": tint("supply"), "lw": 0}
    down: dict[str, Any] = {"facecolor": tint("need"), "hatch": "////", "edgecolor": "white", "lw": 0}
    ax.bar(year[known], entrants[1][known] / divisor, 0.7, **up)
    ax.bar(year[known], -leavers[1][known] / divisor, 0.7, **down)
    (line,) = ax.plot(year[known], net[1][known] / divisor, color=ink(), marker="o", ms=3, lw=1.1)
    ax.axhline(0, color=ink(), lw=0.8)
    number_axis(ax)
    history(ax, run, lang)
    year_axis(ax, year)
    unit_note(ax, unit("persons per year", lang, word_of))
    name = resource_name(run, resource, lang)
    entries = [
        (Patch(**up), label("当年进入", "entrants", lang)),
        (Patch(**down), label("当年离开", "leavers", lang)),
        (line, label("净增", "net change", lang)),
    ]
    frame(
        fig,
        label(f"{name}队伍进出情况", f"{name}: entrants and leavers", lang),
        note=saved.subtitle(run, region, scenario, lang, saved.period(run)),
        legend=entries,
        foot=saved.foot(run, lang, label("取中位数", "medians", lang), band=False),
        top=0.24,
    )
    return fig
