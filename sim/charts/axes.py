"""Axes of charts: few round ticks, whole years."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.catalogue.language import Lang, label
from sim.charts.style import ink, pt, tint
from sim.saved.numbers import tick
from sim.saved.run import HISTORY

_YEAR_STEPS = (1, 5, 10, 20, 50)


def number_axis(ax: Axes, divisor: float = 1.0, *, which: str = "y", bins: int = 5) -> None:
    """Ticks of `ax` in units of `divisor`, few and round."""
    axis = ax.yaxis if which == "y" else ax.xaxis
    axis.set_major_locator(MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10], min_n_ticks=3))
    axis.set_major_formatter(FuncFormatter(lambda v, _: tick(v / divisor)))


def zero_axis(ax: Axes, top: float) -> None:
    """The y axis from 0 to `top`; to 1 where there is nothing to show."""
    ax.set_ylim(0, top if top > 0 else 1.0)


def history(ax: Axes, array: xr.DataArray | xr.Dataset, lang: Lang) -> None:
    """The years that are history, in another hand: on a grey ground up to a thin line, named.

    array: with a coordinate year of a saved run; nothing is drawn where it has no history.
    """
    last = array["year"].attrs.get(HISTORY)
    if last is None:
        return
    first = int(array["year"].values.min())
    ax.axvspan(first - 1, last, color=tint("grey"), alpha=0.09, lw=0, zorder=0)
    ax.axvline(last, color=tint("grey"), lw=0.7, zorder=1)
    word = label("历史", "history", lang)
    where = {"x": last, "y": 0.02, "s": f"{word} ", "transform": ax.get_xaxis_transform()}
    ax.text(**where, ha="right", va="bottom", size=pt(6), color=ink(), alpha=0.75)


def past_line(ax: Axes, array: xr.DataArray, year: Any, values: Any, **look: Any) -> None:
    """The part of a line that is history, drawn over it in grey: counted or led through counts."""
    last = array["year"].attrs.get(HISTORY)
    if last is not None:
        inside = np.asarray(year) <= last
        ax.plot(np.asarray(year)[inside], np.asarray(values)[inside], **{**look, "color": tint("grey")})


def year_axis(ax: Axes, years: Any, *, most: int = 8) -> None:
    """Whole years on the x axis, round ones labelled, at most `most` of them."""
    first, last = int(min(years)), int(max(years))
    step = next((s for s in _YEAR_STEPS if (last - first) // s < most), 100)
    start = first + (-first % step)
    ax.set_xticks(range(start, last + 1, step))
    margin = 0.4 if last - first < 20 else 0.8
    ax.set_xlim(first - margin, last + margin)
    ax.grid(visible=False, axis="x")
