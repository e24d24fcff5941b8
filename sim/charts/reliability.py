"""Charts of forecasts held against what came: reliability diagram, PIT histogram, coverage by lead.

Each panel is one quantity; what is drawn is handed over, so that any forecast can be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from sim.catalogue.language import Lang, label
from sim.charts.files import save
from sim.charts.style import WIDE, figure, frame, ink, muted, pt, tint, titled, use

MOST = 120  # area of the largest mark of a reliability diagram, points squared
_INCH = 1.05  # more of height for each further row of panels


@dataclass(frozen=True)
class Panel:
    """What is drawn of one quantity.

    said, happened, n: by bin of probability.  pit: shares of ten bins.  coverage: by lead in years,
    of bands that should hold `nominal`.
    """

    zh: str
    en: str
    said: Sequence[float]
    happened: Sequence[float]
    n: Sequence[int]
    pit: Sequence[float]
    coverage: Mapping[int, float]
    nominal: float


def draw_reliability(panels: Sequence[Panel], path: Path, lang: str, foot: str) -> Path:
    """Probability said against frequency met, the mark as large as the bin, tenths of a bound dotted."""
    with use(lang) as language:
        fig = figure(WIDE)
        axes = fig.subplots(1, len(panels), squeeze=False, gridspec_kw={"wspace": 0.35}).ravel()
        for ax, panel in zip(axes, panels, strict=True):
            _diagonal(ax)
            size = MOST * np.asarray(panel.n) / max(panel.n)
            ax.plot(panel.said, panel.happened, color=tint("supply"), linewidth=1)
            ax.scatter(panel.said, panel.happened, s=size + 6, color=tint("supply"), zorder=3, clip_on=False)
            titled(ax, label(panel.zh, panel.en, language), label("实现频率", "reached", language), language)
            ax.set_xlabel(label("预测概率", "probability said", language))
        frame(
            fig,
            label("规划目标实现概率的可靠性", "Reliability of the probability to reach a target", language),
            foot=[foot],
            left=0.5,
            top=0.3,
            bottom=0.45,
        )
        return save(fig, path)


def draw_spread(panels: Sequence[Panel], path: Path, lang: str, foot: str) -> Path:
    """PIT histograms above, coverage of the middle band by lead below."""
    with use(lang) as language:
        width, height = WIDE
        fig = figure((width, height + _INCH))
        axes = fig.subplots(2, len(panels), squeeze=False, gridspec_kw={"wspace": 0.35, "hspace": 0.6})
        for column, panel in enumerate(panels):
            _pit(axes[0, column], panel, language)
            _coverage(axes[1, column], panel, language)
        frame(
            fig,
            label("预测区间的检验", "Spread of the forecasts", language),
            foot=[foot],
            left=0.5,
            top=0.3,
            bottom=0.45,
        )
        return save(fig, path)


def _diagonal(ax: Axes) -> None:
    """The line on which what was said happened, and a tenth to both sides."""
    ends = np.array([0.0, 1.0])
    ax.plot(ends, ends, color=ink(), linewidth=0.8)
    for side in (-0.1, 0.1):
        ax.plot(ends, ends + side, color=muted(), linewidth=0.6, linestyle=":")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)


def _pit(ax: Axes, panel: Panel, lang: Lang) -> None:
    edges = np.arange(len(panel.pit)) / len(panel.pit)
    ax.bar(edges, panel.pit, width=1 / len(panel.pit), align="edge", color=tint("sky"), edgecolor="white")
    ax.axhline(1 / len(panel.pit), color=ink(), linewidth=0.8)
    ax.set_xlim(0, 1)
    titled(ax, label(panel.zh, panel.en, lang), label("份额", "share", lang), lang)
    words = label("观测值在预测分布中的位置（PIT）", "place in the forecast (PIT)", lang)
    ax.set_xlabel(words, fontsize=pt(7))


def _coverage(ax: Axes, panel: Panel, lang: Lang) -> None:
    leads = sorted(panel.coverage)
    ax.plot(leads, [panel.coverage[lead] for lead in leads], color=tint("supply"), marker="o", markersize=4)
    ax.axhline(panel.nominal, color=ink(), linewidth=0.8)
    ax.set_ylim(0, 1)
    ax.set_xticks(leads)
    inside = label("区间命中率", "inside the band", lang)
    titled(ax, label("按预测年数", "by years ahead", lang), inside, lang)
