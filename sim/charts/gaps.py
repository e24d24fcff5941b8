"""Gaps: what is missing of each resource, as bars; and what each scenario needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import unit
from sim.charts.demand import resource_name, resources, supply_of, total_of
from sim.charts.letters import text_width, wrap
from sim.charts.looks import looks, together
from sim.charts.pyramid import pyramid_years
from sim.charts.style import figure, frame, ink, muted, pt, tint
from sim.saved.numbers import MINUS, number
from sim.saved.row import Row

ROW_INCHES = 0.24
WIDTH = 6.3
LABEL_INCHES = {"zh": 1.5, "en": 1.8}
WIDEST = 1.0  # of need; what is beyond stands at the edge with its figure


def supplied(run: xr.Dataset) -> list[str]:
    """Resources whose supply the run projects."""
    return [name for name in resources(run) if supply_of(run, name) is not None]


def gaps(run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang) -> Figure:
    """Supply by trend less need, of need, of every resource in a middle year and the last."""
    where = {"scenario": scenario, "region": region}
    years = gap_years(saved.years(run), adequacy)
    ruled = {row.variable for row in adequacy if row.kind.by_rule}
    names = [name for name in supplied(run) if name not in ruled]  # a rule of access, no workload, decides
    fig = figure((WIDTH, 1.5 + ROW_INCHES * len(names)))
    axes = np.atleast_1d(fig.subplots(1, len(years), sharey=True))
    column = 0.0  # inches of the figures beside each panel
    for ax, year in zip(axes, years, strict=True):
        for y, name in enumerate(names):
            gap, whole = _gap(run, name, where | {"year": year})
            units = str(run[f"{name}_required"].attrs.get("units", ""))
            text = _bar(ax, y, gap, whole, unit(units, lang), lang)
            column = max(column, text_width(text, pt(6)) + 0.12)
        ax.axvline(0, color=ink(), lw=0.8)
        ax.set_xlim(-1.08 * WIDEST, 1.08 * WIDEST)
        ax.set_xticks([-1, 0, 1], [f"{MINUS}100%", "0%", "100%"])
        ax.grid(visible=False, axis="y")
        ax.set_title(f"{year}")
    _name_lines(axes[0], run, names, lang)
    said = label(
        "供给按趋势推算；横轴为供给与需求之差占需求的比例（超出100%的画至边缘），数字为中位数之差",
        "supply by trend; across: supply less need, of need, cut at 100 %; figures: difference of medians",
        lang,
    )
    frame(
        fig,
        label("各类卫生资源供需缺口", "Gap between supply and need, by resource", lang),
        note=saved.subtitle(run, region, scenario, lang),
        legend=_legend(lang),
        foot=saved.foot(run, lang, said, band=False),
        left=LABEL_INCHES[lang],
        right=column,
        least=ROW_INCHES * len(names),
    )
    wide = (WIDTH - LABEL_INCHES[lang] - len(axes) * column) / len(axes)
    fig.subplots_adjust(wspace=column / wide)
    return fig


def _legend(lang: Lang) -> list[tuple[Any, str]]:
    short = Patch(facecolor=tint("need"), hatch="////", edgecolor="white", lw=0)
    return [
        (short, label("缺口", "short of need", lang)),
        (Patch(facecolor=tint("supply"), lw=0), label("超出需求", "above need", lang)),
        (Line2D([], [], color=muted(), lw=0.8), "P10–P90"),
    ]


def _gap(run: xr.Dataset, resource: str, at: Mapping[str, Any]) -> tuple[np.ndarray, float]:
    """P10 of supply less need over the draws, their medians' difference, P90; and the median need.

    The difference of the medians is what the tables give beside both, and the reader can work out.
    """
    need, supply = total_of(run, f"{resource}_required"), supply_of(run, resource)
    assert need is not None
    assert supply is not None
    low, _, high = saved.central_and_band(supply.sel(at) - need.sel(at))
    wanted, there = (float(saved.central_and_band(a.sel(at))[1]) for a in (need, supply))
    return np.array([float(low), there - wanted, float(high)]), wanted


def _bar(ax: Axes, y: int, gap: np.ndarray, need: float, units: str, lang: Lang) -> str:
    """Draw the bar, its band and its figure; returns the figure's text."""
    if not need > 0:
        return ""
    low, middle, high = np.clip(gap / need, -WIDEST, WIDEST)
    short = middle < 0
    ax.barh(
        y,
        middle,
        0.62,
        color=tint("need" if short else "supply"),
        hatch="////" if short else None,
        edgecolor="white",
        lw=0,
    )
    ax.plot([low, high], [y, y], color=muted(), lw=0.8)
    size = abs(gap[1])  # whole beds and people, as tables have them
    text = f"{size:,.0f}" if 1 <= size < 1e4 else number(size, lang)
    text += ("" if lang == "zh" else " ") + units
    sign = MINUS if gap[1] < 0 and text[0] != "0" else ""
    ax.annotate(
        sign + text,
        (1.0, y),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        size=pt(6),
        va="center",
        annotation_clip=False,
    )
    return sign + text


def gap_years(known: np.ndarray, adequacy: Sequence[Row]) -> list[int]:
    """The years of the pyramids without the base: a tested or middle one, and the last."""
    return pyramid_years(known, adequacy)[1:]


def needs_by_scenario(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """Need of each resource in the last year in each scenario, over the main one's."""
    names = resources(run)
    known = saved.scenarios(run)
    groups = together(known, scenario)
    year = int(saved.years(run)[-1])
    look = looks(known, scenario)
    fig = figure((6.3, 1.6 + ROW_INCHES * len(names)))
    axes = np.atleast_1d(fig.subplots(1, len(groups), sharey=True, gridspec_kw={"wspace": 0.08}))
    needs = [_needed(run, name, region, year) for name in names]
    entries = []
    for ax, others in zip(axes, groups, strict=True):
        ax.axvline(0, color=ink(), lw=0.8)
        for name in others:
            values = [_more(need[name], need[scenario]) for need in needs]
            (line,) = ax.plot(values, np.arange(len(names)), **look[name].point())
            entries.append((line, saved.scenario_name(name, lang, run)))
        found = [abs(v) for line in ax.lines[1:] for v in np.nan_to_num(line.get_xdata())]
        limit = max(1.0, *found) if found else 1.0
        ax.set_xlim(-1.12 * limit, 1.12 * limit)
        if len(groups) > 1:  # ticks clear of the next panel's
            step = max(n * 10.0**k for k in range(-3, 6) for n in (1, 2, 5) if n * 10.0**k <= 0.7 * limit)
            ax.set_xticks([-step, 0, step])
        ax.xaxis.set_major_formatter(lambda v, _: f"{v:+g}%".replace("-", MINUS) if abs(v) > 1e-9 else "0%")
    _name_lines(axes[0], run, names, lang)
    main = saved.scenario_name(scenario, lang, run)
    said = label(
        f"同一次抽样内各情景与{main}情景之差的中位数，占{main}情景需求的百分比",
        f"median of the difference from the {main} scenario in the same draws, % of its need",
        lang,
    )
    frame(
        fig,
        label(f"各情景{year}年需求与{main}情景的差别", f"Need in {year}: difference from {main}", lang),
        note=saved.subtitle(run, region, None, lang),
        legend=entries,
        foot=saved.foot(run, lang, said, band=False),
        left=LABEL_INCHES[lang],
        top=0.12,
        least=ROW_INCHES * len(names),
    )
    return fig


def _needed(run: xr.Dataset, resource: str, region: str, year: int) -> dict[str, xr.DataArray]:
    """Need of a resource in each scenario, by draw."""
    need = total_of(run, f"{resource}_required")
    assert need is not None
    own = need.sel(region=region, year=year)
    return {name: own.sel(scenario=name) for name in saved.scenarios(run)}


def _more(other: xr.DataArray, own: xr.DataArray) -> float:
    """Percent by which a scenario needs more than the main one: median of the draws' differences."""
    whole = float(saved.central_and_band(own)[1])
    more = own.copy(data=other.values - own.values)
    return 100 * float(saved.central_and_band(more)[1]) / whole if whole else np.nan


def _name_lines(ax: Axes, run: xr.Dataset, names: Sequence[str], lang: Lang) -> None:
    """The resources down the side, the first on top."""
    texts = ["\n".join(wrap(resource_name(run, n, lang), pt(6.8), LABEL_INCHES[lang] - 0.16)) for n in names]
    ax.set_yticks(np.arange(len(names)), texts, size=pt(6.8))
    ax.set_ylim(len(names) - 0.4, -0.6)
