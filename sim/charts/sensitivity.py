"""Sensitivity of one output: tornado, mu* against sigma, index bars, rank bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.catalogue.language import Lang, label
from sim.catalogue.words import unit
from sim.charts.axes import number_axis
from sim.charts.letters import text_width, wrap
from sim.charts.style import figure, frame, ink, muted, pt, say, tint
from sim.charts.swept import Row, SavedSweep, about, factor_name, foot, taken_values
from sim.saved.numbers import alike, plain

MOST_FACTORS = 14
ROW_INCHES = 0.28
LABEL_INCHES = 2.5
_RIGHT = 0.3
_TORNADO_INCHES = 6.3 - LABEL_INCHES - _RIGHT
_MOST_TEXT = 0.45 * _TORNADO_INCHES  # of a text at a bar's end: two of them leave the bars their place
_FITTED = 40
_NAMED = 0.03  # of the largest mu*: points below it have no name in the chart
_FLAT = 1e-9  # of the output's size: what moves it less than this does not move it
_TITLES = {
    "oat": ("单因素敏感性分析（龙卷风图）", "One-at-a-time sensitivity (tornado)"),
    "sobol": ("全局敏感性分析：一阶与总效应指数", "Global sensitivity: first-order and total indices"),
    "morris": ("Morris筛选：平均影响与离散程度", "Morris screening: mean effect and spread"),
    "lhs": ("偏秩相关系数（拉丁超立方抽样）", "Partial rank correlation (Latin hypercube)"),
    "grid": ("网格试验：各因素的主效应", "Grid: main effect of each factor"),
}


def chart(sweep: SavedSweep, rows: Sequence[Row], lang: Lang) -> Figure:
    """The chart of one output: factors from the top, the one that moves it most first."""
    factors = list(dict.fromkeys(r["factor"] for r in rows))[:MOST_FACTORS]
    found = {(r["factor"], r["measure"]): r for r in rows}
    method = sweep.meta["method"]
    fig = figure((6.3, 1.75 + ROW_INCHES * max(len(factors), 5 if method != "morris" else 9)))
    first = rows[0]
    frozen = not _moves(found, factors, method)
    entries: list[tuple[Any, str]] = []
    if frozen:
        centre = _number(found, factors[0], "centre", "value") if method == "oat" else float("nan")
        at = (
            label(f"（恒为 {plain(centre)}）", f" (always {plain(centre)})", lang) if centre == centre else ""
        )
        say(
            fig,
            label(
                f"在所取范围内，没有一个因素改变这一结果{at}：敏感性为零。",
                f"No factor moves this output within its range{at}: sensitivity is nil.",
                lang,
            ),
        )
    else:
        ax = fig.subplots()
        entries = _DRAW[method](ax, sweep, factors, found, lang)
        if method != "morris":
            named = (wrap(factor_name(sweep, f, lang), pt(6.6), LABEL_INCHES - 0.15) for f in factors)
            names = ["\n".join(lines) for lines in named]
            ax.set_yticks(np.arange(len(factors)), names, size=pt(6.6))
            ax.set_ylim(len(factors) - 0.4, -0.6)
            ax.grid(visible=False, axis="y")
    runs = f"{sweep.meta['runs']:,}"
    frame(
        fig,
        label(*_TITLES[method], lang),
        note=about(sweep, first, lang),
        legend=entries,
        foot=foot(sweep, label(f"模型运行{runs}次", f"{runs} model runs", lang), lang),
        left=0.2 if frozen else 0.65 if method == "morris" else LABEL_INCHES,
        right=_RIGHT,
        bottom=0.42,
    )
    return fig


def _moves(found: Mapping[tuple[str, str], Row], factors: Sequence[str], method: str) -> bool:
    """Whether any factor moves the output by more than rounding."""
    measure = {"oat": "swing", "morris": "mu_star", "sobol": "total", "lhs": "prcc", "grid": "main_range"}[
        method
    ]
    sizes = [abs(_number(found, f, measure, "value")) for f in factors]
    centre = abs(_number(found, factors[0], "centre", "value")) if method == "oat" else 0.0
    return any(size > _FLAT * max(centre, 1.0) for size in sizes if np.isfinite(size))


def _number(found: Mapping[tuple[str, str], Row], factor: str, measure: str, column: str) -> float:
    row = found.get((factor, measure))
    return float(row[column]) if row is not None and row[column] else float("nan")


def _series(
    found: Mapping[tuple[str, str], Row],
    factors: Sequence[str],
    measure: str,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> tuple[Any, Any]:
    """Values, and how far their interval reaches down and up, inside what the measure can be."""
    value = np.array([_number(found, f, measure, "value") for f in factors])
    low, high = (
        np.clip([_number(found, f, measure, end) for f in factors], *bounds) for end in ("low", "high")
    )
    return value, np.nan_to_num(np.array([value - low, high - value])).clip(min=0.0)


Entries = list[tuple[Any, str]]
End = tuple[float, int, str, bool]  # of a bar of the tornado: value, row, text, whether it stands right of it


def _pair() -> tuple[dict[str, Any], dict[str, Any]]:
    """Looks of two bars side by side, apart in grey print too."""
    return {"color": tint("supply")}, {"color": tint("need"), "hatch": "////"}


def _tornado(
    ax: Axes, sweep: SavedSweep, factors: Sequence[str], found: Mapping[tuple[str, str], Row], lang: Lang
) -> Entries:
    low, _ = _series(found, factors, "at_low")
    high, _ = _series(found, factors, "at_high")
    centre = _number(found, factors[0], "centre", "value")
    at = np.arange(len(factors))
    handles = [
        ax.barh(at, values - centre, 0.62, left=centre, edgecolor="white", lw=0, **look)
        for values, look in zip((low, high), _pair(), strict=True)
    ]
    ax.axvline(centre, color=ink(), lw=0.8)
    taken = taken_values(sweep)
    ends: list[End] = []
    for values, which in ((low, 0), (high, 1)):
        for y, (value, text, factor) in enumerate(zip(values, alike(values), factors, strict=True)):
            if not np.isfinite(value):
                continue
            right = value > centre or (value == centre and which == 1)
            said = taken.get(factor, ("", ""))[which]
            ends.append((float(value), y, f"{text} [{said}]" if said else text, right))
    for value, y, text, right in ends:
        ax.annotate(
            text,
            (value, y),
            xytext=(3 if right else -3, 0),
            textcoords="offset points",
            size=pt(5.8),
            va="center",
            ha="left" if right else "right",
        )
    _bounded(ax, ends)
    central = alike([centre])[0]
    ax.set_xlabel(label(f"中心值 {central}", f"central value {central}", lang), size=pt(7))
    return [
        (handles[0], label("取低值", "at its low value", lang)),
        (handles[1], label("取高值", "at its high value", lang)),
    ]


def _bounded(ax: Axes, ends: Sequence[End]) -> None:
    """The x axis over what is drawn, with room for the texts at the bars' ends; of what is nowhere
    negative it begins at 0: left of that stand texts alone.
    """
    values = [value for value, *_ in ends]
    start, stop = min(values), max(values)
    for _ in range(_FITTED):  # what a text takes of the axis grows with the axis
        per_inch = (stop - start) / _TORNADO_INCHES
        reach = [
            value + (1 if right else -1) * min(text_width(text, pt(5.8)) + 0.1, _MOST_TEXT) * per_inch
            for value, _, text, right in ends
        ]
        start, stop = min(*values, *reach), max(*values, *reach)
    ax.set_xlim(start, stop)
    number_axis(ax, which="x")
    if start < 0 <= min(values):
        ax.set_xticks([at for at in ax.get_xticks() if 0 <= at <= stop])
        ax.spines["bottom"].set_bounds(0, stop)
        ax.set_xlim(start, stop)


def _bars(
    names: tuple[str, ...],
    words: tuple[tuple[str, str], ...],
    bounds: tuple[float, float],
    *,
    in_unit: bool = False,
) -> Any:
    def draw(
        ax: Axes, sweep: SavedSweep, factors: Sequence[str], found: Mapping[tuple[str, str], Row], lang: Lang
    ) -> Entries:
        at = np.arange(len(factors))
        wide = 0.76 / len(names)
        entries = []
        for k, (name, look) in enumerate(zip(names, _pair(), strict=False)):
            value, error = _series(found, factors, name, bounds)
            place = at + (k - (len(names) - 1) / 2) * wide
            bars = ax.barh(
                place,
                value,
                wide * 0.92,
                edgecolor="white",
                lw=0,
                xerr=error,
                error_kw={"lw": 0.7, "ecolor": muted()},
                **look,
            )
            entries.append((bars, label(*words[k], lang)))
        ax.axvline(0, color=ink(), lw=0.8)
        low, high = bounds
        if np.isfinite(low):
            ax.set_xlim(low * 1.04, high * 1.04)
        units = unit(next(iter(found.values()))["unit"], lang) if in_unit else ""
        text = label(*words[0], lang) + (label(f"（{units}）", f" ({units})", lang) if units else "")
        if len(names) == 1:
            ax.set_xlabel(text, size=pt(7))
            return []
        return entries

    return draw


def _scatter(
    ax: Axes, sweep: SavedSweep, factors: Sequence[str], found: Mapping[tuple[str, str], Row], lang: Lang
) -> Entries:
    x, error = _series(found, factors, "mu_star")
    y, _ = _series(found, factors, "sigma")
    y = np.nan_to_num(y)  # a group has mu* only: it stands on the axis
    ax.errorbar(
        x, y, xerr=error, fmt="o", ms=4, color=tint("supply"), ecolor=muted(), elinewidth=0.7, clip_on=False
    )
    ax.set_xlabel(label("μ*（平均影响）", "mu* (mean size of effect)", lang), size=pt(7))
    ax.set_ylabel(label("σ（非线性或交互）", "sigma (curved or interacting)", lang), size=pt(7))
    reach = float(np.nanmax(x + error[1]))
    ax.set_xlim(-0.03 * reach, 1.05 * reach)
    ax.set_ylim(-0.05 * max(float(y.max()), 1e-12), 1.18 * max(float(y.max()), 1e-12))
    number_axis(ax)
    number_axis(ax, which="x")
    _annotate(ax, sweep, factors, found, lang)
    return []


def _annotate(
    ax: Axes,
    sweep: SavedSweep,
    factors: Sequence[str],
    found: Mapping[tuple[str, str], Row],
    lang: Lang,
) -> None:
    widest = max(np.nan_to_num(_series(found, factors, "mu_star")[0]), default=0.0)
    for factor in factors[:6]:
        x = _number(found, factor, "mu_star", "value")
        y = float(np.nan_to_num(_number(found, factor, "sigma", "value")))
        if not x > _NAMED * widest:  # what moves next to nothing lies in one heap at the corner
            continue
        late = x > widest / 2
        ax.annotate(
            "\n".join(wrap(factor_name(sweep, factor, lang), pt(6.2), 2.4)),
            (x, y),
            xytext=(-4 if late else 4, 4),
            size=pt(6.2),
            textcoords="offset points",
            ha="right" if late else "left",
        )


_DRAW = {
    "oat": _tornado,
    "morris": _scatter,
    "sobol": _bars(
        ("first_order", "total"), (("一阶指数", "first-order"), ("总效应指数", "total")), (-np.inf, np.inf)
    ),
    "lhs": _bars(("prcc",), (("偏秩相关系数", "partial rank correlation"),), (-1.0, 1.0)),
    "grid": _bars(("main_range",), (("均值的极差", "range of the means"),), (-np.inf, np.inf), in_unit=True),
}
