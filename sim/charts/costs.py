"""What provision costs by year: building, and what running and pay are more than in the year built on.

One line for each option of costs.csv (trend, plan, revised or proposed targets), with its P10-P90 band.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import OPTIONS
from sim.charts.axes import number_axis, year_axis
from sim.charts.style import figure, frame, tint, titled
from sim.saved.attached import COSTS
from sim.saved.row import Row

_PANELS = {
    "capital": ("当年建设费", "Building, in the year"),
    "yearly_more": ("年运行与人员经费增量", "Running and pay, more a year"),
}
_LOOKS = (("grey", ":"), ("supply", "-"), ("need", "--"), ("amber", "-."))
_UNIT = ("亿元", "CNY 100m")
_BAND = 0.16


def costed(run: xr.Dataset) -> bool:
    """Whether the run holds costs."""
    return COSTS in run


def costs(run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang) -> Figure:
    """Building and additional yearly cost of each option, hundred million yuan at constant prices."""
    found = run[COSTS].sel(scenario=scenario, region=region)
    options = [str(o) for o in found["option"].values if np.isfinite(found.sel(option=o)).any()]
    fig = figure((6.3, 3.2))
    axes = fig.subplots(1, 2, gridspec_kw={"wspace": 0.26})
    for ax, (kind, names) in zip(axes, _PANELS.items(), strict=True):
        built = found.sel(cost=kind)  # nothing is built in the base year
        _lines(ax, built.isel(year=slice(1, None)) if kind == "capital" else built, options)
        titled(ax, label(*names, lang), label(*_UNIT, lang), lang)
    said = label(
        "不变价，谁出资均计入，不含更换旧床位；不影响任何判定；带为80%区间",
        "constant prices, whoever pays, without replacing worn-out beds; no verdict reads them; "
        "bands hold 80 %",
        lang,
    )
    frame(
        fig,
        label("建设与运行费用", "What it costs to build and to run", lang),
        note=saved.subtitle(run, region, scenario, lang, saved.period(run)),
        legend=[_entry(i, option, lang) for i, option in enumerate(options)],
        foot=saved.foot(run, lang, said, band=False),
        left=0.45,
        top=0.28,
    )
    return fig


def _lines(ax: Axes, found: xr.DataArray, options: Sequence[str]) -> None:
    years = np.asarray(found["year"].values, dtype=int)
    for i, option in enumerate(options):
        low, middle, high = (found.sel(option=option, point=p).values for p in ("p10", "p50", "p90"))
        role, style = _LOOKS[i % len(_LOOKS)]
        ax.fill_between(years, low, high, color=tint(role), alpha=_BAND, lw=0)
        ax.plot(years, middle, style, color=tint(role), lw=1.4)
    number_axis(ax)
    year_axis(ax, years, most=5)
    ax.set_ylim(bottom=min(0.0, float(np.nanmin(found.values))))


def _entry(i: int, option: str, lang: Lang) -> tuple[tuple[Patch, Line2D], str]:
    role, style = _LOOKS[i % len(_LOOKS)]
    band = Patch(color=tint(role), alpha=_BAND, lw=0)
    line = Line2D([], [], ls=style, color=tint(role), lw=1.4)
    return (band, line), label(*OPTIONS.get(option, (option, option)), lang)


__all__ = ["costed", "costs"]
