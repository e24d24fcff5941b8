"""Axes of charts: few round ticks, whole years."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.saved.numbers import tick

_YEAR_STEPS = (1, 5, 10, 20, 50)


def number_axis(ax: Axes, divisor: float = 1.0, *, which: str = "y", bins: int = 5) -> None:
    """Ticks of `ax` in units of `divisor`, few and round."""
    axis = ax.yaxis if which == "y" else ax.xaxis
    axis.set_major_locator(MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10], min_n_ticks=3))
    axis.set_major_formatter(FuncFormatter(lambda v, _: tick(v / divisor)))


def year_axis(ax: Axes, years: Any, *, most: int = 8) -> None:
    """Whole years on the x axis, round ones labelled, at most `most` of them."""
    first, last = int(min(years)), int(max(years))
    step = next((s for s in _YEAR_STEPS if (last - first) // s < most), 100)
    start = first + (-first % step)
    ax.set_xticks(range(start, last + 1, step))
    margin = 0.4 if last - first < 20 else 0.8
    ax.set_xlim(first - margin, last + margin)
    ax.grid(visible=False, axis="x")
