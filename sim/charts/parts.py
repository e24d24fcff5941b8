"""The parts of a region side by side: people and needs of each county of a city, or city of a province."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim import saved
from sim.catalogue.language import Lang, label
from sim.catalogue.words import short_unit
from sim.charts.axes import number_axis
from sim.charts.letters import text_width
from sim.charts.style import figure, frame, ink, muted, pt, tint, titled
from sim.saved.attached import PARTS
from sim.saved.numbers import alike, plain, scale
from sim.saved.row import Row

ROW_INCHES = 0.22
WIDTH = 7.2
TITLES = (("常住人口", "Residents"), ("床位", "Beds"), ("养老床位", "Care beds"), ("托位", "Childcare"))
"""Above the panel of each of PARTS: narrow ones, so shorter than the resources' own names."""
MOST = 40
"""Parts that one picture holds; of more, those with the most people."""


def divided(run: xr.Dataset) -> bool:
    """Whether the run holds parts beside the whole."""
    return set(PARTS) <= set(map(str, run.data_vars))


def parts(run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang) -> Figure:
    """People, beds, care beds and childcare slots of each part, in the base year and the last."""
    known = saved.years(run)
    ends = [int(known[0]), int(known[-1])]
    names = [str(n) for n in run["part_name" if lang == "zh" else "part_name_en"].values]
    people = run[PARTS[0]].sel(scenario=scenario, year=ends[0]).isel(draw=0).values
    shown = sorted(np.argsort(-people, kind="stable")[:MOST].tolist())
    left = max(text_width(names[i], pt(7)) for i in shown) + 0.4
    fig = figure((WIDTH, 1.75 + ROW_INCHES * len(shown)))
    axes = fig.subplots(1, len(PARTS), sharey=True, gridspec_kw={"wspace": 0.22})
    for ax, name, title in zip(axes, PARTS, TITLES, strict=True):
        series = run[name].sel(scenario=scenario, year=ends).isel(part=shown)
        _panel(ax, series, label(*title, lang), lang)
    axes[0].set_yticks(range(len(shown)), [names[i] for i in shown])
    axes[0].set_ylim(len(shown) - 0.5, -0.5)
    entries: list[tuple[Any, str]] = [
        (_dot(hollow=True), str(ends[0])),
        (_dot(hollow=False), str(ends[1])),
        (Line2D([], [], color=tint("need"), lw=1.2), f"P10–P90, {ends[1]}"),
    ]
    said = label(
        "各部分之和等于全域（逐次抽样调整一致）；需求按全域的利用率推算到常住地，数字为末年中位数",
        "parts add up to the whole, draw by draw; need of residents at the whole's use; figures: last median",
        lang,
    )
    if len(shown) < len(names):
        said += label(
            f"；只画人口最多的{MOST}个（共{len(names)}个）",
            f"; the {MOST} with the most people of {len(names)}",
            lang,
        )
    frame(
        fig,
        label("分地区人口与需求", "People and needs by part", lang),
        note=saved.subtitle(run, region, scenario, lang, saved.period(run)),
        legend=entries,
        foot=saved.foot(run, lang, said, band=False),
        left=left,
        top=0.3,
    )
    return fig


def _dot(*, hollow: bool) -> Line2D:
    face = "white" if hollow else tint("need")
    return Line2D([], [], ls="", marker="o", ms=4.5, mfc=face, mec=tint("need"), mew=1.0)


def _panel(ax: Axes, series: xr.DataArray, title: str, lang: Lang) -> None:
    """One quantity of every part: hollow in the base year, full with its band in the last."""
    _, first, _ = saved.central_and_band(series.isel(year=0))
    low, last, high = saved.central_and_band(series.isel(year=1))
    values = [np.asarray(v, float) for v in (first, low, last, high)]
    top = max(float(values[3].max()), float(values[0].max()), 1.0)
    divisor, word = scale(top, lang)
    shown = alike([now / divisor for now in values[2]]) if word else [plain(now) for now in values[2]]
    for y, (was, least, now, most) in enumerate(zip(*values, strict=True)):
        ax.plot([least / divisor, most / divisor], [y, y], color=tint("need"), lw=1.2, zorder=1)
        ax.plot([was / divisor, now / divisor], [y, y], color=muted(), lw=0.6, zorder=0)
        for x, face in ((was, "white"), (now, tint("need"))):
            ax.plot([x / divisor], [y], "o", ms=4.5, mfc=face, mec=tint("need"), mew=1.0, zorder=2)
        ax.annotate(
            shown[y],
            (max(most, was) / divisor, y),
            xytext=(4, 0),
            textcoords="offset points",
            size=pt(5.5),
            va="center",
            color=ink(),
        )
    ax.set_xlim(0, 1.38 * top / divisor)
    ax.grid(visible=False, axis="y")
    number_axis(ax, which="x", bins=2)
    units = "person" if series.attrs.get("units") == "person" else str(series.attrs.get("units", ""))
    titled(ax, title, short_unit(units, lang, word), lang)
