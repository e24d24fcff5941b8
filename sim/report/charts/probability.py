"""How sure: probability that each target is reached and that it is enough, as paired bars."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.catalogue.verdicts import is_judged
from sim.report import saved
from sim.report.charts.adequacy import indicator_keys, indicator_text, keyed
from sim.report.probability_text import probability_text
from sim.report.saved import Row
from sim.report.style import BLUE, MUTED, Lang, figure, footer, heading, label, margins

REACHED = "#9a9a9a"
ROW_INCHES = 0.27
LABEL_INCHES = 2.55
MOST_YEARS = 2


def probability_bars(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """p_enough and p_reached of every tested indicator, one panel for each tested year."""
    rows = saved.rows_of(adequacy, region, scenario)
    keys = indicator_keys(rows)
    tested = [(key, row) for key, row in keyed(rows) if is_judged(row["verdict"])]
    years = sorted({row["year"] for _, row in tested})
    years = [*years[: MOST_YEARS - 1], years[-1]] if len(years) > MOST_YEARS else years
    fig = figure((6.3, 1.35 + ROW_INCHES * max(len(keys), 3)))
    grid = margins(fig, left=LABEL_INCHES, top=0.72, bottom=0.62)
    axes = np.atleast_1d(
        fig.subplots(1, max(len(years), 1), sharey=True, gridspec_kw={**grid, "wspace": 0.12})
    )
    texts = [indicator_text(next(row for k, row in tested if k == key), lang) for key in keys]
    for ax, year in zip(axes, years, strict=False):
        _bars(ax, keys, {key: row for key, row in tested if row["year"] == year}, year)
    axes[0].set_yticks(np.arange(len(keys)), texts, size=6.8)
    axes[0].set_ylim(len(keys) - 0.4, -0.6)
    handles = axes[0].containers[:2]
    names = [
        label("够用的概率", "probability that it is enough", lang),
        label("按趋势达到目标的概率", "probability that the trend reaches it", lang),
    ]
    fig.legend(
        handles,
        names,
        loc="lower left",
        ncols=2,
        fontsize=7,
        bbox_to_anchor=(0.005, 0.16 / fig.get_size_inches()[1]),
    )
    heading(
        fig,
        "达标与够用的把握",
        "How sure: reached, and enough?",
        lang,
        saved.subtitle(run, region, scenario, lang),
    )
    footer(fig, saved.source_line(run.drop_dims("draw", errors="ignore"), lang))
    return fig


def _bars(ax: Axes, keys: Sequence[tuple[str, int]], rows: dict[tuple[str, int], Row], year: int) -> None:
    at = np.arange(len(keys))
    empty: Row = {"p_enough": np.nan, "p_reached": np.nan}
    for name, shift, colour in (("p_enough", -0.18, BLUE), ("p_reached", 0.18, REACHED)):
        found = [rows.get(key, empty) for key in keys]
        values = np.array([float(row[name]) for row in found])
        ax.barh(at + shift, np.nan_to_num(values), height=0.34, color=colour)
        for y, value, row in zip(at + shift, values, found, strict=True):
            if np.isfinite(value):
                ax.text(
                    min(value, 1.0) + 0.015,
                    y,
                    probability_text(value, row.get("draws")),
                    va="center",
                    size=5.5,
                    color=MUTED,
                    clip_on=False,
                )
    ax.set_xlim(0, 1.12)
    ax.set_xticks([0, 0.5, 1], ["0", "50%", "100%"])
    ax.grid(visible=False, axis="y")
    ax.set_title(str(year))


__all__ = ["probability_bars"]
