"""Which target would hold: the targets that are enough with given probabilities, beside the plan's.

Points: what is enough by use with each probability. The upright stroke is the revised target, which
is never worse than the present level, the plan's baseline, the norm and the law;
its figure stands in the column at the right. What is right of 100 % asks for more than the plan.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim import saved
from sim.catalogue.language import Lang, label
from sim.charts.letters import wrap
from sim.charts.probability import ends
from sim.charts.style import figure, frame, ink, muted, pt, tint
from sim.saved.attached import main_chance
from sim.saved.numbers import plain
from sim.saved.row import Row
from sim.saved.rows import indicator_text

MARKS = (("o", "supply"), ("s", "amber"), ("D", "need"), ("^", "grey"))
ROW_INCHES = 0.27
LABEL_INCHES = {"zh": 2.3, "en": 2.5}
NAME = 6.6
INVERSE = "inverse"  # people per unit: fewer is more
WIDEST = 2.5  # times the plan's target; what is beyond stands at the edge as an arrow


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
    kept = [row for row in adequacy if row.region == region and row.scenario == scenario]
    shown = {_key(row): row for row in reversed(kept) if row.revised}
    years = ends({year for *_, year in shown})
    keys = list(dict.fromkeys(_key(row)[:-1] for row in kept if row.revised))
    fig = figure((6.3, 1.75 + ROW_INCHES * max(len(keys), 3)))
    axes = np.atleast_1d(fig.subplots(1, max(len(years), 1), sharey=True, gridspec_kw={"wspace": 0.42}))
    chances = sorted({p for row in shown.values() for p in row.revised})
    for ax, year in zip(axes, years, strict=False):
        _points(ax, [shown.get((*key, year)) for key in keys], chances, year)
        if chances:
            main = main_chance(chances)
            head = label(f"修订{main:.0%}", f"revised {main:.0%}", lang)
            ax.annotate(head, (1.0, 1.0), xytext=(3, 4), size=pt(6), color=muted(), **_COLUMN)
    names = [next(row for k, row in shown.items() if k[:-1] == key) for key in keys]
    texts = [
        "\n".join(wrap(indicator_text(r, lang, names), pt(NAME), LABEL_INCHES[lang] - 0.12)) for r in names
    ]
    axes[0].set_yticks(np.arange(len(keys)), texts, size=pt(NAME))
    axes[0].set_ylim(len(keys) - 0.4, -0.6)
    frame(
        fig,
        label("不同概率下够用的目标与规划目标之比", "Targets that would be enough, over the plan's", lang),
        note=saved.subtitle(run, region, scenario, lang),
        legend=[*(_entry(i, p, lang) for i, p in enumerate(chances)), _stroke(lang)],
        foot=saved.foot(run, lang, _said(lang), band=False),
        left=LABEL_INCHES[lang],
        right=0.55,
        top=0.24,
    )
    return fig


def _said(lang: Lang) -> str:
    return label(
        "点为以相应概率够使用需求的目标与规划目标之比；竖线为修订目标"
        f"（不低于现状、规划基期、国家标准与底线），右列为其数值（规划单位）；箭头：超过{WIDEST:.0%}",
        "points: target that is enough by use with that probability, over the plan's; stroke: the revised "
        "target, never worse than present level, baseline, norm and floor, its figure "
        f"at the right in the plan's unit; arrow: beyond {WIDEST:.0%}",
        lang,
    )


_COLUMN = {"xycoords": "axes fraction", "textcoords": "offset points", "annotation_clip": False}


def _entry(i: int, chance: float, lang: Lang) -> tuple[Line2D, str]:
    mark, role = MARKS[i % len(MARKS)]
    handle = Line2D([], [], ls="", marker=mark, ms=4, color=tint(role))
    return handle, label(f"够用概率{chance:.0%}", f"enough with {chance:.0%}", lang)


def _stroke(lang: Lang) -> tuple[Line2D, str]:
    handle = Line2D([], [], ls="", marker="|", ms=8, mew=1.6, color=ink())
    return handle, label("修订目标", "revised target", lang)


def _key(row: Row) -> tuple[str, str, str, str, int]:
    target = row.target.lstrip("<>=")
    return row.indicator_id, row.scope, row.unit, target, row.year


def _points(ax: Axes, rows: Sequence[Row | None], chances: Sequence[float], year: int) -> None:
    at = np.arange(len(rows))
    points = np.array([[_over_plan(row, p) for p in chances] for row in rows])
    main = main_chance(chances) if chances else np.nan
    last = np.array([_over_plan(row, main, proposed=True) for row in rows])
    values = np.column_stack([points, last])
    seen = np.where(values > WIDEST, np.nan, values)
    top = min(float(np.nanmax(values)) if np.isfinite(values).any() else 1.0, WIDEST)
    edge = max(1.25, top * 1.06)
    for y, line in zip(at, np.clip(values, 0.0, edge), strict=True):
        if np.isfinite(line).any():
            ax.plot([np.nanmin(line), np.nanmax(line)], [y, y], color="#c9c9c9", lw=2.2, zorder=1)
    for i, _ in enumerate(chances):
        mark, role = MARKS[i % len(MARKS)]
        ax.scatter(seen[:, i], at, s=pt(14), marker=mark, color=tint(role), zorder=3)
    ax.plot(seen[:, -1], at, ls="", marker="|", ms=pt(9), mew=1.6, color=ink(), zorder=4)
    for y, line in zip(at, values, strict=True):
        if (line > WIDEST).any():
            ax.scatter([edge], [y], s=pt(20), marker=">", color=ink(), zorder=3, clip_on=False)
    ax.axvline(1.0, color=muted(), lw=0.9, zorder=2)
    for y, row in zip(at, rows, strict=True):
        if row is not None and main in row.revised:
            ax.annotate(
                _figure(row, main),
                (1.0, y),
                xycoords=("axes fraction", "data"),
                xytext=(6, 0),
                textcoords="offset points",
                size=pt(6),
                va="center",
                color=ink(),
                annotation_clip=False,
            )
    ax.set_xlim(0, edge)
    ax.xaxis.set_major_formatter(lambda v, _: f"{v:.0%}")
    ax.grid(visible=False, axis="y")
    ax.set_title(str(year))


def _figure(row: Row, chance: float) -> str:
    """The proposed target as the table has it; the unrounded one where none is proposed."""
    found = row.revised[chance]
    if not found.proposed:
        return plain(found.bounded)
    digits = len(found.proposed.partition(".")[2])
    return f"{float(found.proposed):,.{digits}f}"


def _over_plan(row: Row | None, p: float, *, proposed: bool = False) -> float:
    """What is enough with probability p over the plan's target; or what is proposed, rounded."""
    if row is None or p not in row.revised or not (row.available_p50 or 0.0) > 0:
        return float("nan")
    found = row.revised[p]
    value = float(found.proposed or found.bounded) if proposed else found.enough
    ratio = value / (row.available_p50 or 1.0)
    return 1.0 / ratio if row.scale == INVERSE and ratio > 0 else ratio


__all__ = ["revisable", "revise"]
