"""Heat map of a grid of two factors: one output over the values of both, the line of balance marked."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from sim.arrays import Floats
from sim.catalogue.language import Lang, label
from sim.catalogue.words import unit
from sim.charts.letters import wrap
from sim.charts.style import figure, frame, ink, pt, tint
from sim.charts.swept import Row, SavedSweep, about, factor_name, foot
from sim.saved.numbers import alike, or_nan

WIDTH = 6.3
ROW_INCHES = 0.34
LABEL_INCHES = 1.9
FIGURES = 12
"""Values of a factor up to which each cell has its figure in it."""
BALANCE = {"ratio": 1.0, "gap": 0.0}
"""Where an output says that there is just enough, by how its name ends."""
_PALE = 1.5  # of the spread: the darkest cell leaves its figure readable


def is_pair(sweep: SavedSweep) -> bool:
    """Whether this is a grid of two factors, whose runs stand in runs.csv."""
    two = sweep.meta["method"] == "grid" and len(sweep.meta["names"]) == 2
    return two and (sweep.folder / "runs.csv").is_file()


def heat_map(sweep: SavedSweep, rows: Sequence[Row], lang: Lang) -> Figure:
    """An output over the grid: the factor that moves it most across, the other upward.

    rows: those of one output, place and year in sensitivity.csv.
    """
    first = rows[0]
    across, upward = dict.fromkeys(r["factor"] for r in rows)
    xs, ys, values = cells(sweep, first, across, upward)
    fig = figure((WIDTH, 2.3 + ROW_INCHES * max(len(ys), 3)))
    ax = fig.subplots()
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    colours = LinearSegmentedColormap.from_list("grid", ["white", tint("supply")])
    ax.imshow(values, cmap=colours, aspect="auto", vmin=low, vmax=low + _PALE * ((high - low) or 1.0))
    ax.invert_yaxis()
    ax.grid(visible=False)
    ax.tick_params(length=0)
    ax.set_xticks(np.arange(len(xs)), [_shown(text) for text in xs], size=pt(6.6))
    ax.set_yticks(np.arange(len(ys)), [_shown(text) for text in ys], size=pt(6.6))
    ax.set_xlabel("\n".join(wrap(_named(sweep, rows, across, lang), pt(7), 3.6)), size=pt(7))
    ax.set_ylabel("\n".join(wrap(_named(sweep, rows, upward, lang), pt(7), 1.8)), size=pt(7))
    if max(len(xs), len(ys)) <= FIGURES:
        _figures(ax, values)
    runs = f"{sweep.meta['runs']:,}"
    frame(
        fig,
        label("网格试验：两个因素同时变化", "Grid: two factors moved together", lang),
        note=about(sweep, first, lang),
        legend=_balance(ax, first["output"], values, lang),
        foot=foot(sweep, label(f"模型运行{runs}次", f"{runs} model runs", lang), lang),
        left=1.0,
        right=0.3,
        bottom=0.55,
    )
    return fig


def cells(sweep: SavedSweep, row: Row, across: str, upward: str) -> tuple[list[str], list[str], Floats]:
    """The values that both factors took, as runs.csv has them, and the output (upward, across).

    NaN where a run has none.
    """
    column = f"{row['output']}@{row['year']}"
    with (sweep.folder / "runs.csv").open(encoding="utf-8-sig", newline="") as file:
        mine = [r for r in csv.DictReader(file) if all(r[k] == row[k] for k in ("scenario", "region"))]
    xs, ys = (list(dict.fromkeys(r[factor] for r in mine)) for factor in (across, upward))
    values = np.full((len(ys), len(xs)), np.nan)
    for run in mine:
        values[ys.index(run[upward]), xs.index(run[across])] = or_nan(run[column])
    return xs, ys, values


def _named(sweep: SavedSweep, rows: Sequence[Row], factor: str, lang: Lang) -> str:
    """A factor with the unit of its values; "x central" stands at the values themselves."""
    units = next(r["value_unit"] for r in rows if r["factor"] == factor)
    name, said = factor_name(sweep, factor, lang), unit(units, lang)
    return name + (label(f"（{said}）", f" ({said})", lang) if said and units != "x central" else "")


def _shown(text: str) -> str:
    """A value as runs.csv has it: x0.9 as ×0.9, the figures of a quantile as P10."""
    if text.startswith("quantile "):
        return f"P{100 * float(text.removeprefix('quantile ')):g}"
    return f"×{text[1:]}" if text[:1] == "x" and text[1:2].isdigit() else text.replace("-", "−")


def _figures(ax: Axes, values: Floats) -> None:
    """Each cell's figure in it, all with as many decimals; none where all are whole, as yes and no."""
    known = [float(v) for v in values[np.isfinite(values)]]
    texts = iter([f"{v:,.0f}" for v in known] if all(v.is_integer() for v in known) else alike(known))
    paper = [withStroke(linewidth=1.5, foreground="white", alpha=0.7)]
    for y, x in np.argwhere(np.isfinite(values)):
        where: dict[str, Any] = {"ha": "center", "va": "center", "size": pt(6.2), "color": ink()}
        ax.text(x, y, next(texts), path_effects=paper, **where)


def _balance(ax: Axes, output: str, values: Floats, lang: Lang) -> list[tuple[Any, str]]:
    """The line where supply meets need, where the grid crosses it; returns its legend entry."""
    name = output.rpartition(":")[2].partition(".")[0].rpartition("_")[2]
    level = BALANCE.get(name)
    finite = bool(np.isfinite(values).all()) and min(values.shape) > 1
    if level is None or not finite or not values.min() < level < values.max():
        return []
    ax.contour(values, levels=[level], colors=[ink()], linewidths=1.4, linestyles="dashed")
    return [(Line2D([], [], color=ink(), lw=1.4, ls="--"), label("恰好够用", "just enough", lang))]
