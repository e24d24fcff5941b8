"""Births to come by path of fertility: what is age structure, and what is assumed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import short_unit
from sim.charts.axes import history, number_axis, year_axis
from sim.charts.fans import band_look
from sim.charts.style import figure, frame, tint, titled
from sim.saved.fertility_paths import last_count, other_births, other_fertility
from sim.saved.numbers import scale
from sim.saved.row import Row

_LINES = {
    "wpp": (("联合国《世界人口展望2024》生育率", "WPP 2024"), ("need", (0, (5, 1.5)))),
    "constant": (("生育率不变（仅年龄结构）", "constant rates (age structure alone)"), ("norm", ":")),
}


def births_paths(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """Births a year and total fertility of the scenario with its band, by WPP's and at constant rates."""
    last = last_count(run, scenario, region)
    births = run["births"].sel(region=region, newborn_sex="total")
    fig = figure((6.3, 3.3))
    left, right = fig.subplots(1, 2, gridspec_kw={"wspace": 0.3})
    word = _panel(left, births, other_births(run, scenario, region), scenario, lang)
    titled(left, label("年出生人数", "Births a year", lang), short_unit("person", lang, word), lang)
    tfr = run["tfr"].sel(region=region)
    _panel(right, tfr, other_fertility(run, scenario, region), scenario, lang)
    name = label("总和生育率", "Total fertility", lang)
    titled(right, name, label("每名妇女生育子女数", "children per woman", lang), lang)
    said = label(
        f"至{last}年为统计；不变线保持{last}年生育率，其升降只来自育龄妇女的年龄结构和迁移，与实线之差来自假定；各线为中心预测，色带为80%区间",
        f"counted to {last}; constant rates are those of {last}: what they give is age structure and "
        "migration, what the solid line has beside them is assumed; lines: central projections; "
        "bands hold 80 %",
        lang,
    )
    frame(
        fig,
        label("未来出生人数：年龄结构与假定", "Births to come: age structure, and what is assumed", lang),
        note=saved.subtitle(run, region, scenario, lang, saved.period(run)),
        legend=_entries(run, scenario, lang),
        foot=saved.foot(run, lang, said, band=False),
        left=0.45,
        top=0.28,
    )
    return fig


def _panel(ax: Axes, own: xr.DataArray, others: xr.DataArray, scenario: str, lang: Lang) -> str:
    """Band and line of the run, lines of the other paths; returns the word of the axis's scale."""
    years = np.asarray(own["year"].values, dtype=int)
    one = own.sel(scenario=[scenario]).transpose("scenario", "year", "draw")
    low, _, high = saved.central_and_band(one)
    central = one.isel(scenario=0, draw=0).values  # as the other paths are
    divisor, word = scale(max(float(high.max()), float(others.max())), lang)
    ax.fill_between(years, low[0] / divisor, high[0] / divisor, **band_look())
    for path in others["path"].values:
        ax.plot(years, others.sel(path=path).values / divisor, zorder=3.2, **_style(str(path)))
    ax.plot(years, central / divisor, color=tint("supply"), lw=1.8, zorder=3)
    number_axis(ax, 1.0, bins=5)
    history(ax, own, lang)
    year_axis(ax, years, most=5)
    ax.set_ylim(bottom=0)
    return word


def _style(path: str) -> dict[str, Any]:
    role, dashes = _LINES[path][1]
    return {"color": tint(str(role)), "ls": dashes, "lw": 1.5}


def _entries(run: xr.Dataset, scenario: str, lang: Lang) -> list[tuple[Any, str]]:
    own = saved.scenario_name(scenario, lang, run)
    found: list[tuple[Any, str]] = [(Line2D([], [], color=tint("supply"), lw=1.8), own)]
    if saved.has_band(run):
        found.append((Patch(**band_look()), f"{own} P10–P90"))
    return found + [(Line2D([], [], **_style(p)), label(*names, lang)) for p, (names, _) in _LINES.items()]
