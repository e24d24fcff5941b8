"""Chart of a backtest: what was known, what was projected, and what came, by indicator."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.errors import ConfigError, fault
from sim.report.style import (
    AMBER,
    BLUE,
    FULL,
    GREEN,
    INK,
    Lang,
    figure,
    heading,
    label,
    margins,
    number_axis,
    save,
    scale,
    titled,
    use,
    year_axis,
)
from sim.report.words import short_unit

Row = dict[str, str]

PANELS: tuple[tuple[str, str, str, str], ...] = (
    ("population_total", "总人口", "Total", "person"),
    ("population_0-15", "0-15岁", "Age 0-15", "person"),
    ("population_0-14", "0-14岁", "Age 0-14", "person"),
    ("population_60+", "60岁以上", "Age 60+", "person"),
    ("population_65+", "65岁以上", "Age 65+", "person"),
    ("births", "出生", "Births", "person"),
    ("deaths", "死亡", "Deaths", "person"),
)
MOST = 6


def draw_backtest(folder: Path, lang: str = "zh") -> list[Path]:
    """Draw the chart of each region of a backtest folder into its `charts/`.

    Raises ConfigError for a folder without backtest.csv and series.csv.
    """
    series, scores, regions = (_read(folder / f"{name}.csv") for name in ("series", "backtest", "regions"))
    written = []
    with use(lang) as language:
        (folder / "charts").mkdir(exist_ok=True)
        for region in regions:
            code = region["code"]
            mine = [r for r in series if r["region"] == code]
            scored = [r for r in scores if r["region"] == code]
            fig = backtest_figure(mine, scored, region, language)
            written.append(save(fig, folder / "charts" / f"backtest_{code}_{language}.png"))
    return written


def backtest_figure(series: Sequence[Row], scores: Sequence[Row], region: Row, lang: Lang) -> Figure:
    """Small multiples: band and central line, observations (hollow: known), naive forecasts."""
    fig = figure(FULL)
    shown = [p for p in PANELS if any(s["indicator"] == p[0] for s in scores)][:MOST]
    columns = max((len(shown) + 1) // 2, 1)
    grid = margins(fig, left=0.5, top=0.78, bottom=0.62)
    axes = fig.subplots(
        2, columns, squeeze=False, gridspec_kw={**grid, "wspace": 0.35, "hspace": 0.45}
    ).ravel()
    for ax, (name, zh, en, unit) in zip(axes, shown, strict=False):
        rows = [r for r in series if r["indicator"] == name]
        _panel(ax, rows, [s for s in scores if s["indicator"] == name])
        largest = max(float(r["observed"] or r["central"] or 0) for r in rows)
        divisor, word = scale(largest, lang)
        number_axis(ax, divisor)
        titled(ax, label(zh, en, lang), short_unit(unit, lang, word), lang)
    for ax in axes[len(shown) :]:
        ax.set_visible(False)
    known = scores[0]["fit_to"]
    name = label(region["name_zh"], region["name_en"], lang)
    note = label(f"{name}，已知至{known}年", f"{name}, known up to {known}", lang)
    heading(fig, "回溯检验", "Backtest", lang, note)
    _legend(fig, lang)
    return fig


def _panel(ax: Axes, rows: Sequence[Row], scores: Sequence[Row]) -> None:
    model = [r for r in rows if r["central"]]
    year = np.array([int(r["year"]) for r in model])
    low, middle, high = (np.array([float(r[k]) for r in model]) for k in ("p10", "central", "p90"))
    ax.fill_between(year, low, high, color=BLUE, alpha=0.2, lw=0)
    ax.plot(year, middle, color=BLUE, zorder=3)
    at = [int(s["year"]) for s in scores]
    for key, colour in (("last_value", AMBER), ("trend", GREEN)):
        points = [(y, float(s[key])) for y, s in zip(at, scores, strict=True) if s[key]]
        if points:
            ax.plot(*zip(*points, strict=True), color=colour, lw=1, marker="_", zorder=2.5)
    seen = [(int(r["year"]), float(r["observed"]), r["used"] == "1") for r in rows if r["observed"]]
    seen = [s for s in seen if s[0] >= year[0] - 1]
    for used, face in ((True, "white"), (False, INK)):
        some = [(y, v) for y, v, u in seen if u == used]
        if some:
            ax.plot(*zip(*some, strict=True), "o", ms=3.2, mfc=face, mec=INK, mew=0.8, zorder=4)
    year_axis(ax, [*year, *(s[0] for s in seen)])


def _legend(fig: Figure, lang: Lang) -> None:
    dot: dict[str, Any] = {"ls": "", "marker": "o", "ms": 3.2, "mec": INK}
    handles = [
        (Line2D([], [], color=BLUE), label("模型", "Model", lang)),
        (Patch(color=BLUE, alpha=0.2, lw=0), label("80%区间", "80 % band", lang)),
        (Line2D([], [], mfc="white", **dot), label("已知", "Known", lang)),
        (Line2D([], [], mfc=INK, **dot), label("其后观测", "Observed since", lang)),
        (Line2D([], [], color=AMBER, marker="_"), label("沿用末值", "Last value", lang)),
        (Line2D([], [], color=GREEN, marker="_"), label("线性趋势", "Linear trend", lang)),
    ]
    fig.legend(*zip(*handles, strict=True), loc="lower center", ncols=6, fontsize=7)


def _read(path: Path) -> list[Row]:
    if not path.is_file():
        remedy = "give a folder outputs/<experiment>/backtest-..."
        raise ConfigError(fault(str(path.parent), f"holds no {path.name}", remedy))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
