"""What is proposed for a place without a plan, beside its level today, its trend and its need."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim import saved
from sim.catalogue.language import Lang, label
from sim.charts.listed import LABEL_INCHES, ROW_INCHES, Line, name_rows
from sim.charts.style import figure, frame, ink, muted, pt, tint
from sim.saved.attached import PROPOSAL
from sim.saved.numbers import or_nan
from sim.saved.row import Row

WIDEST = 2.5  # times today's level; what is beyond stands at the edge as an arrow


def proposals(run: xr.Dataset) -> list[str]:
    """Years that a proposal of the run has targets for."""
    return list(dict.fromkeys(line["year"] for line in run.attrs.get(PROPOSAL, ())))


def proposal(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang, resource: str
) -> Figure:
    """Need, trend and proposed target over today's level, of each indicator; resource: the year."""
    lines = [x for x in run.attrs[PROPOSAL] if x["year"] == resource and or_nan(x["now_p50"]) > 0]
    fig = figure((6.3, 1.6 + ROW_INCHES * max(len(lines), 3)))
    ax = fig.subplots()
    _points(ax, lines)
    name_rows(ax, lines, lang)
    now = lines[0]["now_year"] if lines else ""
    said = label(
        f"均与{now}年水平之比；横线为需求的80%区间；右列为建议目标；箭头：超过{WIDEST:.0%}",
        f"all over the level of {now}; bars: 80 % band of the need; at the right the proposed target; "
        f"arrow: beyond {WIDEST:.0%}",
        lang,
    )
    frame(
        fig,
        label(f"{resource}年建议目标", f"Targets proposed for {resource}", lang),
        note=saved.subtitle(run, region, scenario, lang),
        legend=_legend(lang),
        foot=saved.foot(run, lang, said, band=False),
        left=LABEL_INCHES[lang],
        right=0.6,
    )
    return fig


def _points(ax: Axes, lines: Sequence[Line]) -> None:
    values = {c: np.array([_over_now(x, c) for x in lines]) for c in ("trend_p50", "need_p50", "recommended")}
    every = np.concatenate(list(values.values())) if lines else np.ones(1)
    edge = max(1.25, min(float(np.nanmax(every)) * 1.06, WIDEST))
    at = np.arange(len(lines))
    for y, line in enumerate(lines):
        low, high = (_over_now(line, f"need_{p}") for p in ("p10", "p90"))
        if np.isfinite([low, high]).all():
            ax.plot(np.clip([low, high], 0, edge), [y, y], color=tint("need"), alpha=0.35, lw=3)
        ax.annotate(
            line["recommended"],
            (1.0, y),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            size=pt(6),
            textcoords="offset points",
            va="center",
            color=ink(),
            annotation_clip=False,
        )
    looks = {"trend_p50": ("o", "supply", "none"), "need_p50": ("s", "need", None)}
    for column, (mark, role, face) in looks.items():
        inside = np.where(values[column] > edge, np.nan, values[column])
        ax.scatter(inside, at, s=pt(14), marker=mark, edgecolors=tint(role), facecolors=face or tint(role))
    proposed = values["recommended"]
    ax.plot(
        np.where(proposed > edge, np.nan, proposed), at, ls="", marker="|", ms=pt(9), mew=1.6, color=ink()
    )
    beyond = np.nanmax(np.stack([*values.values(), np.ones(len(lines))]), axis=0) > edge
    ax.scatter(np.full(beyond.sum(), edge), at[beyond], s=pt(18), marker=">", color=ink(), clip_on=False)
    ax.axvline(1.0, color=muted(), lw=0.9)
    ax.set_xlim(0, edge)
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:.0%}")
    ax.grid(visible=False, axis="y")


def _legend(lang: Lang) -> list[tuple[Line2D, str]]:
    def mark(shape: str, colour: str, **how: object) -> Line2D:
        return Line2D([], [], ls="", marker=shape, ms=4, color=colour, **how)  # type: ignore[arg-type]

    return [
        (mark("o", tint("supply"), markerfacecolor="none"), label("趋势", "trend", lang)),
        (mark("s", tint("need")), label("需求", "need", lang)),
        (mark("|", ink(), mew=1.6), label("建议目标", "proposed", lang)),
    ]


def _over_now(line: Line, column: str) -> float:
    return or_nan(line[column]) / or_nan(line["now_p50"])


__all__ = ["proposal", "proposals"]
