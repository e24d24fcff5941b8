"""Which target would hold: the targets that are enough with given probabilities, beside the plan's.

A point right of the line at 100 % asks for more than the plan has set.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.report import saved
from sim.report.charts.adequacy import indicator_text
from sim.report.saved import Row
from sim.report.style import (
    AMBER,
    BLUE,
    INK,
    MUTED,
    ORANGE,
    Lang,
    figure,
    footer,
    heading,
    label,
    margins,
    plain,
)

COLOURS = (BLUE, AMBER, ORANGE, INK)
ROW_INCHES = 0.27
LABEL_INCHES = 2.55
MOST_YEARS = 2
INVERSE = "inverse"  # people per unit: fewer is more
WIDEST = 2.5  # times the plan's target; what is beyond stands at the edge


def revisable(run: xr.Dataset) -> list[str]:
    """`targets` where the run holds revised targets."""
    return ["targets"] if run.attrs.get("revised") else []


def revise(
    run: xr.Dataset,
    adequacy: Sequence[Row],
    *,
    scenario: str,
    region: str,
    lang: Lang,
    resource: str = "targets",
) -> Figure:
    """Revised over planned provision of every resource indicator, one panel for each year."""
    kept = [row for row in adequacy if row["region"] == region and row["scenario"] == scenario]
    shown = {_key(row): row for row in reversed(kept) if row.get("revised")}
    years = sorted({year for *_, year in shown})
    years = [*years[: MOST_YEARS - 1], years[-1]] if len(years) > MOST_YEARS else years
    keys = list(dict.fromkeys(_key(row)[:-1] for row in kept if row.get("revised")))
    fig = figure((6.3, 1.35 + ROW_INCHES * max(len(keys), 3)))
    grid = margins(fig, left=LABEL_INCHES, top=0.72, bottom=0.72)
    axes = np.atleast_1d(
        fig.subplots(1, max(len(years), 1), sharey=True, gridspec_kw={**grid, "wspace": 0.12})
    )
    chances = sorted({p for row in shown.values() for p in row["revised"]})
    for ax, year in zip(axes, years, strict=False):
        _points(ax, [shown.get((*key, year)) for key in keys], chances, year)
    first = [next(row for k, row in shown.items() if k[:-1] == key) for key in keys]
    axes[0].set_yticks(np.arange(len(keys)), [indicator_text(r, lang) for r in first], size=6.8)
    axes[0].set_ylim(len(keys) - 0.4, -0.6)
    names = [label(f"够用的概率 {p:.0%}", f"enough with {p:.0%}", lang) for p in chances]
    fig.legend(
        axes[0].collections[: len(chances)],
        names,
        loc="lower left",
        ncols=4,
        fontsize=7,
        bbox_to_anchor=(0.005, 0.16 / fig.get_size_inches()[1]),
    )
    zh, en = "目标定多少才够用：与规划目标之比", "Which target would be enough, over the plan's"
    heading(fig, zh, en, lang, saved.subtitle(run, region, scenario, lang))
    footer(fig, saved.source_line(run.drop_dims("draw", errors="ignore"), lang))
    return fig


def _key(row: Row) -> tuple[str, str, str, str, int]:
    target = str(row["target_text"]).lstrip("<>=")
    return str(row["indicator_id"]), str(row.get("scope", "")), row["unit"], target, row["year"]


def _points(ax: Axes, rows: Sequence[Row | None], chances: Sequence[float], year: int) -> None:
    at = np.arange(len(rows))
    values = np.array([[_over_plan(row, p) for p in chances] for row in rows])
    seen = np.clip(values, 0.0, WIDEST)
    for y, line in zip(at, seen, strict=True):
        ax.plot([line.min(), line.max()], [y, y], color="#c9c9c9", lw=2.2, zorder=1)
    for i, _ in enumerate(chances):
        ax.scatter(seen[:, i], at, s=16, color=COLOURS[i % len(COLOURS)], zorder=3)
    ax.axvline(1.0, color=MUTED, lw=0.9, zorder=2)
    middle = chances[len(chances) // 2] if chances else 0.0
    for y, row, line in zip(at, rows, seen, strict=True):
        if row is not None and np.isfinite(line.max()):
            text = plain(row["revised"][middle]) + (" >" if line.max() >= WIDEST else "")
            ax.annotate(
                text,
                (line.max(), y),
                xytext=(5, 0),
                textcoords="offset points",
                size=5.5,
                va="center",
                color=MUTED,
                annotation_clip=False,
            )
    top = float(np.nanmax(seen)) if np.isfinite(seen).any() else 1.0
    ax.set_xlim(0, max(1.25, top * 1.18))
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:.0%}")
    ax.grid(visible=False, axis="y")
    ax.set_title(str(year))


def _over_plan(row: Row | None, p: float) -> float:
    if row is None or p not in row["revised"] or not row["available_p50"] > 0:
        return float("nan")
    ratio = float(row["revised"][p] / row["available_p50"])
    return 1.0 / ratio if row.get("scale") == INVERSE and ratio > 0 else ratio


__all__ = ["revisable", "revise"]
