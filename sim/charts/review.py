"""A plan at mid-term: each indicator against its path with its band, and what the counts changed.

At the left where the place stands over the path of the year, without the counts and with them; at the
right what they add to the probability that the target is enough (reached, where nothing is needed), by
what they say of people, use and supply.
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
from sim.catalogue.words import COUNTED_PARTS, PACES
from sim.charts.listed import LABEL_INCHES, ROW_INCHES, Line, name_rows
from sim.charts.style import figure, frame, ink, muted, pt, tint, titled
from sim.known.words import PARTS
from sim.saved.attached import REVIEW
from sim.saved.numbers import or_nan, plain_cell
from sim.saved.row import Row

EDGES = 0.25, 2.0
"""Times the path: what lies beyond stands at the edge as an arrow."""
_COLOURS = {"people": "grey", "use": "need", "supply": "supply"}


def reviewed(run: xr.Dataset) -> bool:
    """Whether a review of the run is there, with a path to stand against."""
    return any(_against(x) for x in run.attrs.get(REVIEW, ()))


def review(run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang) -> Figure:
    """The review that the run's folder holds; its region and scenario are its own."""
    lines = [x for x in run.attrs[REVIEW] if _against(x)]
    fig = figure((7.2, 1.75 + ROW_INCHES * max(len(lines), 3)))
    left, right = fig.subplots(1, 2, sharey=True, gridspec_kw={"width_ratios": [3, 2], "wspace": 0.5})
    _standing(left, lines, lang)
    _moved(right, lines)
    name_rows(left, lines, lang)
    year = lines[0]["year"]
    titled(left, label("实际与规划路径之比", "Stands, over the plan's path", lang), "", lang)
    titled(right, label("概率变化", "Change of probability", lang), label("百分点", "points", lang), lang)
    said = label(
        f"横线为80%区间；右侧为{year}年实际/应达；* 当年有统计数；箭头：超出范围；"
        "概率为够用概率，其不变或无需求时为达标概率；各部分相加为全部变化",
        f"bars hold 80 %; beside: stands / path in {year}; * counted that year; arrow: beyond; probability "
        "of enough, of reached where that one stays or nothing is needed; the parts add up to the change",
        lang,
    )
    frame(
        fig,
        label(f"中期评估（{year}年）", f"Mid-term review, {year}", lang),
        note=saved.subtitle(run, lines[0]["region"], lines[0]["scenario"], lang),
        legend=_legend(lang),
        foot=saved.foot(run, lang, said, band=False),
        left=LABEL_INCHES[lang],
    )
    return fig


def _standing(ax: Axes, lines: Sequence[Line], lang: Lang) -> None:
    """Dots over the path: hollow without the counts, full with them; the figures at the right."""
    low, high = EDGES
    for y, line in enumerate(lines):
        before, now = (_over_path(line, c) for c in ("stands_before", "stands"))
        ends = np.clip([_over_path(line, "stands_p10"), _over_path(line, "stands_p90")], low, high)
        if np.isfinite(ends).all():
            ax.plot(ends, [y, y], color=tint("supply"), alpha=0.35, lw=3, solid_capstyle="butt")
        if low <= before <= high:
            ax.plot(before, y, "o", ms=4.5, mfc="none", mec=muted())
        inside = low <= now <= high
        shape = "o" if inside else ">" if now > high else "<"
        ax.plot(np.clip(now, low, high), y, shape, ms=3.4, color=tint("supply"), clip_on=False)
        counted = "*" if line["counted"] else ""
        pace = label(*PACES[line["pace"]], lang)
        text = f"{plain_cell(line['stands'])}{counted} / {plain_cell(line['path'])}  {pace}"
        ax.annotate(
            text,
            (1.0, y),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=pt(5.8),
            color=tint("need") if line["pace"] == "behind" else ink(),
            annotation_clip=False,
        )
    ax.axvline(1.0, color=muted(), lw=0.9)
    known = [_over_path(x, c) for x in lines for c in ("stands_p10", "stands_p90", "stands_before")]
    reach = max((abs(v - 1.0) for v in known if np.isfinite(v)), default=0.2) * 1.06
    ax.set_xlim(max(1.0 - max(reach, 0.1), low), min(1.0 + max(reach, 0.1), high))
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:.0%}")
    ax.grid(visible=False, axis="y")


def _moved(ax: Axes, lines: Sequence[Line]) -> None:
    """Bars of what people, use and supply add, gains to the right and losses to the left, in points."""
    for y, line in enumerate(lines):
        ends = {1: 0.0, -1: 0.0}
        for part in PARTS:
            points = 100.0 * or_nan(line[f"chance_{part}"])
            if not np.isfinite(points) or not points:
                continue
            side = 1 if points > 0 else -1
            ax.barh(y, points, left=ends[side], height=0.6, color=tint(_COLOURS[part]))
            ends[side] += points
    ax.axvline(0.0, color=muted(), lw=0.9)
    ax.margins(x=0.1)
    most = max(5.0, *(abs(v) for v in ax.get_xlim()))
    ax.set_xlim(-most, most)
    ax.tick_params(labelleft=False)
    ax.grid(visible=False, axis="y")


def _legend(lang: Lang) -> list[tuple[Line2D | Patch, str]]:
    found: list[tuple[Line2D | Patch, str]] = [
        (
            Line2D([], [], ls="", marker="o", ms=4.5, mfc="none", mec=muted()),
            label("不用新统计数", "without the counts", lang),
        ),
        (
            Line2D([], [], ls="", marker="o", ms=3.4, color=tint("supply")),
            label("采用后", "with them", lang),
        ),
    ]
    return found + [(Patch(color=tint(_COLOURS[part])), label(*COUNTED_PARTS[part], lang)) for part in PARTS]


def _against(line: Line) -> bool:
    return or_nan(line["path"]) > 0 and np.isfinite(or_nan(line["stands"]))


def _over_path(line: Line, column: str) -> float:
    return or_nan(line[column]) / or_nan(line["path"])


__all__ = ["review", "reviewed"]
