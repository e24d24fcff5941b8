"""Chart of a backtest: what was known, what was projected, and what came, by indicator."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import short_unit
from sim.charts.axes import number_axis, year_axis
from sim.charts.drawing import Options, Sheet, draw_into
from sim.charts.style import FULL, figure, frame, ink, tint, titled
from sim.errors import ConfigError, fault
from sim.saved.numbers import scale

Row = dict[str, str]

PANELS: tuple[tuple[str, str, str, str], ...] = (
    ("population_total", "总人口", "Total", "person"),
    ("population_0-15", "0–15岁", "Age 0–15", "person"),
    ("population_0-14", "0–14岁", "Age 0–14", "person"),
    ("population_60+", "60岁及以上", "Age 60+", "person"),
    ("population_65+", "65岁及以上", "Age 65+", "person"),
    ("births", "出生", "Births", "person"),
    ("deaths", "死亡", "Deaths", "person"),
)
MOST = 6


def draw_backtest(
    folder: Path,
    *,
    region: str | None = None,
    **options: Unpack[Options],
) -> list[Path]:
    """Draw the chart of each region (or of one) of a backtest folder into its `charts/`.

    Raises ConfigError for a folder without backtest.csv and series.csv, and an unknown region.
    """
    series, scores, regions = (_read(folder / f"{name}.csv") for name in ("series", "backtest", "regions"))
    known = [r["code"] for r in regions]
    if region is not None and region not in known:
        wrong = f"{region!r} is not in this backtest"
        raise ConfigError(fault("--region", wrong, f"known: {', '.join(known)}"))
    sheets = []
    for place in regions:
        code = place["code"]
        if region in (None, code):
            mine, scored = ([r for r in rows if r["region"] == code] for rows in (series, scores))
            draw = partial(backtest_figure, mine, scored, place, run_id=saved.final_name(folder))
            sheets.append(Sheet("backtest", {"region": code}, draw))
    return draw_into(folder / "charts", sheets, **options)


def backtest_figure(
    series: Sequence[Row], scores: Sequence[Row], region: Row, lang: Lang, run_id: str = ""
) -> Figure:
    """Small multiples: band and central line, observations (hollow: known), naive forecasts."""
    fig = figure(FULL)
    shown = [p for p in PANELS if any(s["indicator"] == p[0] for s in scores)][:MOST]
    columns = max((len(shown) + 1) // 2, 1)
    axes = fig.subplots(2, columns, squeeze=False, gridspec_kw={"wspace": 0.38, "hspace": 0.48}).ravel()
    drawn: dict[str, Any] = {}
    corrected = False
    for ax, (name, zh, en, unit) in zip(axes, shown, strict=False):
        rows = [r for r in series if r["indicator"] == name]
        drawn |= _panel(ax, rows, [s for s in scores if s["indicator"] == name])
        corrected |= _corrected(rows)
        largest = max(float(r["observed"] or r["central"] or 0) for r in rows)
        divisor, word = scale(largest, lang)
        number_axis(ax, divisor)
        titled(ax, label(zh, en, lang), short_unit(unit, lang, word), lang)
    for ax in axes[len(shown) :]:
        ax.set_visible(False)
    first, last = scores[0]["fit_to"], max(s["year"] for s in scores)
    name = label(region["name_zh"], region["name_en"], lang)
    frame(
        fig,
        label("人口预测回溯检验", "Backtest of the population projection", lang),
        note=label(
            f"{name}，以{first}年及以前资料预测至{last}年",
            f"{name}, from what was known in {first} to {last}",
            lang,
        ),
        legend=[(drawn[key], label(zh, en, lang)) for key, zh, en in _ENTRIES if key in drawn],
        foot=[_note(first, lang, corrected=corrected), saved.source({"run_id": run_id}, lang)],
        left=0.5,
        top=0.3,
    )
    return fig


def _note(first: str, lang: Lang, *, corrected: bool) -> str:
    said = [label("纵轴不自零起", "axes do not start at nought", lang)]
    if corrected:
        said.append(
            label(
                f"{first}年起点与公布数不同，因模型对该年普查漏报作了修正",
                f"the start in {first} differs from the published count: the model corrects its omissions",
                lang,
            )
        )
    return label("注：", "Note: ", lang) + label("；", "; ", lang).join(said) + label("。", ".", lang)


# What a panel can hold, in the order of the legend.
_ENTRIES = (
    ("model", "模型", "model"),
    ("band", "80%区间", "80 % band"),
    ("known", "当时已知", "known then"),
    ("seen", "其后观测", "observed since"),
    ("last_value", "沿用末值", "last value"),
    ("trend", "线性趋势", "linear trend"),
)
_APART = 0.01  # of the published figure, from which the model's start counts as another one


def _corrected(rows: Sequence[Row]) -> bool:
    """Whether the model starts at another figure than the one published for that year."""
    return any(
        abs(float(r["central"]) / float(r["observed"]) - 1) > _APART
        for r in rows
        if r["used"] == "1" and r["central"] and float(r["observed"] or 0) > 0
    )


def _panel(ax: Axes, rows: Sequence[Row], scores: Sequence[Row]) -> dict[str, Any]:
    """Draw one indicator; returns the handles of what it holds."""
    drawn: dict[str, Any] = {}
    model = [r for r in rows if r["central"]]
    year = np.array([int(r["year"]) for r in model])
    low, middle, high = (np.array([float(r[k]) for r in model]) for k in ("p10", "central", "p90"))
    blue = tint("supply")
    drawn["band"] = ax.fill_between(year, low, high, color=blue, alpha=0.2, lw=0)
    (drawn["model"],) = ax.plot(year, middle, color=blue, zorder=3)
    at = [int(s["year"]) for s in scores]
    for key, role, mark in (("last_value", "amber", "s"), ("trend", "norm", "^")):
        points = [(y, float(s[key])) for y, s in zip(at, scores, strict=True) if s[key]]
        if points:
            style: dict[str, Any] = {"color": tint(role), "lw": 1, "marker": mark, "ms": 4, "zorder": 2.5}
            (drawn[key],) = ax.plot(*zip(*points, strict=True), **style)
    seen = [(int(r["year"]), float(r["observed"]), r["used"] == "1") for r in rows if r["observed"]]
    seen = [s for s in seen if s[0] >= year[0] - 1]
    for used, face, key in ((True, "white", "known"), (False, ink(), "seen")):
        some = [(y, v) for y, v, u in seen if u == used]
        if some:
            dot: dict[str, Any] = {"ls": "", "marker": "o", "ms": 3.6, "mfc": face, "mec": ink(), "mew": 0.8}
            (drawn[key],) = ax.plot(*zip(*some, strict=True), zorder=4, **dot)
    year_axis(ax, [*year, *(s[0] for s in seen)], most=4)
    return drawn


def _read(path: Path) -> list[Row]:
    if not path.is_file():
        remedy = "give a folder outputs/<experiment>/backtest-..."
        raise ConfigError(fault(str(path.parent), f"holds no {path.name}", remedy))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
