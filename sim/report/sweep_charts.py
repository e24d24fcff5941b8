"""Charts of a sweep, from its folder alone: tornado, mu* against sigma, index bars, rank bars."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.errors import ConfigError, fault
from sim.report.style import (
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
    save,
    use,
)
from sim.report.words import GROUPS, word
from sim.schema import RESOURCES

MOST_FACTORS = 14
MOST_CHARTS = 12
ROW_INCHES = 0.26
LABEL_INCHES = 2.6
_LABEL_PLACES = 34
_NAMED = 0.03  # of the largest mu*: points below it have no name in the chart
_TITLES = {
    "oat": ("龙卷风图：每次变动一个参数", "Tornado: one figure moved at a time"),
    "sobol": ("方差分解：一阶与总效应指数", "Variance shares: first-order and total indices"),
    "morris": ("Morris筛选：μ*与σ", "Morris screening: mu* and sigma"),
    "lhs": ("偏秩相关系数", "Partial rank correlation"),
    "grid": ("网格：各因素的主效应", "Grid: main effect of each factor"),
}

Row = Mapping[str, str]


@dataclass(frozen=True)
class SavedSweep:
    """A sweep folder as read."""

    folder: Path
    meta: dict[str, Any]
    rows: list[dict[str, str]]


def open_sweep(folder: Path) -> SavedSweep:
    """The sweep in a folder.

    Raises ConfigError if it is not a sweep folder.
    """
    meta, table = folder / "sweep.json", folder / "sensitivity.csv"
    if not meta.is_file() or not table.is_file():
        remedy = "give outputs/<experiment>/sweep-<id>"
        raise ConfigError(fault(str(folder), "is not a sweep folder", remedy))
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return SavedSweep(folder, json.loads(meta.read_text(encoding="utf-8")), rows)


def draw_sweep(folder: Path, *, lang: str = "zh", fmt: str = "png") -> list[Path]:
    """One chart for each output (the first twelve) of the first scenario and region."""
    sweep = open_sweep(folder)
    target = folder / "charts"
    written = []
    with use(lang) as language:
        target.mkdir(exist_ok=True)
        for (output, year), rows in list(_outputs(sweep.rows).items())[:MOST_CHARTS]:
            fig = chart(sweep, rows, language)
            name = f"{sweep.meta['method']}_{_safe(output)}_{year}_{lang}.{fmt}"
            written.append(save(fig, target / name))
    return written


def chart(sweep: SavedSweep, rows: Sequence[Row], lang: Lang) -> Figure:
    """The chart of one output: factors from the top, the one that moves it most first."""
    factors = list(dict.fromkeys(r["factor"] for r in rows))[:MOST_FACTORS]
    found = {(r["factor"], r["measure"]): r for r in rows}
    method = sweep.meta["method"]
    left = 0.8 if method == "morris" else LABEL_INCHES
    fig = figure((6.3, 1.45 + ROW_INCHES * max(len(factors), 4)))
    ax = fig.subplots(gridspec_kw=margins(fig, left=left, top=0.72, bottom=0.62))
    _DRAW[method](ax, factors, found, lang)
    if method != "morris":
        names = [_name(sweep, f, lang) for f in factors]
        ax.set_yticks(np.arange(len(factors)), names, size=6.8)
        ax.set_ylim(len(factors) - 0.4, -0.6)
        ax.grid(visible=False, axis="y")
    else:
        _annotate(ax, sweep, factors, found, lang)
    first = rows[0]
    zh, en = _TITLES[method]
    unit = "" if first["unit"] == "1" else f" ({first['unit']})"
    named = sweep.meta.get("output_names", {}).get(first["output"])
    output = str(named[lang]) if named else output_text(first["output"], lang)
    shown = f"{output}{unit}, {first['year']}"
    heading(fig, zh, en, lang, f"{shown}   {first['region']}, {first['scenario']}")
    runs = f"{sweep.meta['runs']:,}"
    footer(fig, label(f"模型运行 {runs} 次；方法 {method}", f"{runs} model runs; {method}", lang))
    return fig


def output_text(output: str, lang: Lang) -> str:
    """An output's name in words where it is a resource's."""
    name, _, group = output.partition(".")
    stem, _, ending = name.rpartition("_")
    if stem not in RESOURCES:
        return output
    sides = {
        "ratio": ("供给/需求", "available / required"),
        "gap": ("供给-需求", "available less required"),
        "required": ("需求", "required"),
        "available": ("规划供给", "available"),
        "projected": ("趋势供给", "projected"),
    }
    zh, en = sides.get(ending, (ending, ending))
    resource = RESOURCES[stem]
    shown = label(f"{resource.long_name_zh} {zh}", f"{resource.long_name}: {en}", lang)
    return shown if group in ("", "total") else f"{shown} ({word(GROUPS, group, lang)})"


def _outputs(rows: Sequence[dict[str, str]]) -> dict[tuple[str, str], list[dict[str, str]]]:
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    place = (rows[0]["scenario"], rows[0]["region"]) if rows else ("", "")
    for row in rows:
        if (row["scenario"], row["region"]) == place:
            found.setdefault((row["output"], row["year"]), []).append(row)
    return found


def _name(sweep: SavedSweep, factor: str, lang: Lang) -> str:
    names = sweep.meta.get("names", {}).get(factor)
    if names is None:
        return factor
    text = str(names[lang])
    if len(text) > _LABEL_PLACES:
        text = text[: _LABEL_PLACES - 1].rstrip() + "…"
    return text


def _number(found: Mapping[tuple[str, str], Row], factor: str, measure: str, column: str) -> float:
    row = found.get((factor, measure))
    return float(row[column]) if row is not None and row[column] else float("nan")


def _series(found: Mapping[tuple[str, str], Row], factors: Sequence[str], measure: str) -> tuple[Any, Any]:
    value = np.array([_number(found, f, measure, "value") for f in factors])
    high = np.array([_number(found, f, measure, "high") for f in factors])
    return value, np.nan_to_num(high - value)


def _tornado(ax: Axes, factors: Sequence[str], found: Mapping[tuple[str, str], Row], lang: Lang) -> None:
    low, _ = _series(found, factors, "at_low")
    high, _ = _series(found, factors, "at_high")
    centre = _number(found, factors[0], "centre", "value")
    at = np.arange(len(factors))
    ax.barh(at, low - centre, 0.62, left=centre, color=BLUE)
    ax.barh(at, high - centre, 0.62, left=centre, color=ORANGE)
    ax.axvline(centre, color=INK, lw=0.8)
    ax.legend(
        ax.containers[:2],
        [label("低值", "low", lang), label("高值", "high", lang)],
        loc="lower right",
        fontsize=7,
    )
    ax.set_xlabel(label(f"中心值 {plain(centre)}", f"central value {plain(centre)}", lang), size=7)


def _bars(names: tuple[str, ...], words: tuple[tuple[str, str], ...]) -> Any:
    def draw(ax: Axes, factors: Sequence[str], found: Mapping[tuple[str, str], Row], lang: Lang) -> None:
        at = np.arange(len(factors))
        wide = 0.76 / len(names)
        for k, (name, colour) in enumerate(zip(names, (BLUE, ORANGE), strict=False)):
            value, error = _series(found, factors, name)
            place = at + (k - (len(names) - 1) / 2) * wide
            ax.barh(
                place,
                value,
                wide * 0.92,
                color=colour,
                label=label(*words[k], lang),
                xerr=error,
                error_kw={"lw": 0.7, "ecolor": MUTED},
            )
        ax.axvline(0, color=INK, lw=0.8)
        if len(names) > 1:
            ax.legend(loc="lower right", fontsize=7)
        else:
            ax.set_xlabel(label(*words[0], lang), size=7)

    return draw


def _scatter(ax: Axes, factors: Sequence[str], found: Mapping[tuple[str, str], Row], lang: Lang) -> None:
    x, error = _series(found, factors, "mu_star")
    y, _ = _series(found, factors, "sigma")
    y = np.nan_to_num(y)  # a group has mu* only: it stands on the axis
    ax.errorbar(x, y, xerr=error, fmt="o", ms=4, color=BLUE, ecolor=MUTED, elinewidth=0.7)
    ax.set_xlabel(label("μ*（平均影响）", "mu* (mean size of effect)", lang), size=7)
    ax.set_ylabel(label("σ（非线性或交互）", "sigma (curved or interacting)", lang), size=7)
    ax.set_xlim(left=0)
    ax.set_ylim(bottom=0)


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
            _name(sweep, factor, lang),
            (x, y),
            xytext=(-4 if late else 4, 4),
            size=6.2,
            textcoords="offset points",
            ha="right" if late else "left",
        )


def _safe(text: str) -> str:
    return "".join(c if c.isalnum() or c in "._+-" else "_" for c in text)


_DRAW = {
    "oat": _tornado,
    "morris": _scatter,
    "sobol": _bars(("first_order", "total"), (("一阶", "first-order"), ("总效应", "total"))),
    "lhs": _bars(("prcc",), (("偏秩相关系数", "partial rank correlation"),)),
    "grid": _bars(("main_range",), (("均值的极差", "range of the means"),)),
}
