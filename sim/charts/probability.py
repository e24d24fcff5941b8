"""How sure: probability that each target is reached and that it is enough, as paired bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import saved
from sim.catalogue.language import Lang, label
from sim.charts.letters import wrap
from sim.charts.style import figure, frame, muted, pt, tint
from sim.saved.probability_text import probability_text
from sim.saved.row import Row
from sim.saved.rows import Key, indicator_keys, indicator_text, keyed

REACHED = "#b0b0b0"
ROW_INCHES = 0.27
LABEL_INCHES = {"zh": 2.4, "en": 2.7}
MOST_YEARS = 2
NAME = 6.6


def probability_bars(
    run: xr.Dataset, adequacy: Sequence[Row], *, scenario: str, region: str, lang: Lang
) -> Figure:
    """p_enough and p_reached of every tested indicator, one panel for each tested year."""
    rows = saved.rows_of(adequacy, region, scenario)
    keys = indicator_keys(rows)
    tested = [(key, row) for key, row in keyed(rows) if row.is_judged]
    years = ends({row.year for _, row in tested})
    fig = figure((6.3, 1.55 + ROW_INCHES * max(len(keys), 3)))
    axes = np.atleast_1d(fig.subplots(1, max(len(years), 1), sharey=True, gridspec_kw={"wspace": 0.12}))
    first = {key: row for key, row in reversed(tested)}
    texts = [
        "\n".join(wrap(indicator_text(first[k], lang, rows), pt(NAME), LABEL_INCHES[lang] - 0.12))
        for k in keys
    ]
    for ax, year in zip(axes, years, strict=False):
        _bars(ax, keys, {key: row for key, row in tested if row.year == year}, year)
    axes[0].set_yticks(np.arange(len(keys)), texts, size=pt(NAME))
    axes[0].set_ylim(len(keys) - 0.4, -0.6)
    drawn = [row for _, row in tested if row.year in years]
    sorts = (
        (label("目标够用的概率", "target is enough", lang), [row.p_enough for row in drawn]),
        (label("按趋势达到目标的概率", "trend reaches the target", lang), [row.p_reached for row in drawn]),
    )
    legend = [
        (bars, name)
        for bars, (name, chances) in zip(axes[0].containers, sorts, strict=False)
        if any(chance is not None for chance in chances)
    ]
    frame(
        fig,
        label("规划目标够用与达标的概率", "Probability that each target is enough, and reached", lang),
        note=saved.subtitle(run, region, scenario, lang),
        legend=legend,
        foot=saved.foot(run, lang, band=False),
        left=LABEL_INCHES[lang],
    )
    return fig


def ends(years: set[int]) -> list[int]:
    """The first and the last of the tested years."""
    known = sorted(years)
    return known if len(known) <= MOST_YEARS else [*known[: MOST_YEARS - 1], known[-1]]


def _bars(ax: Axes, keys: Sequence[Key], rows: Mapping[Key, Row], year: int) -> None:
    at = np.arange(len(keys))
    found = [rows.get(key) for key in keys]
    enough = [row and row.p_enough for row in found]
    reached = [row and row.p_reached for row in found]
    for chances, shift, colour, hatch in (
        (enough, -0.18, tint("supply"), None),
        (reached, 0.18, REACHED, "////"),
    ):
        values = np.array([np.nan if p is None else p for p in chances])
        ax.barh(
            at + shift,
            np.nan_to_num(values),
            height=0.34,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            lw=0,
        )
        for y, value, row in zip(at + shift, values, found, strict=True):
            if row is not None and np.isfinite(value):
                ax.text(
                    min(value, 1.0) + 0.015,
                    y,
                    probability_text(value, row.draws),
                    va="center",
                    size=pt(5.5),
                    color=muted(),
                    clip_on=False,
                )
    ax.set_xlim(0, 1.14)
    ax.set_xticks([0, 0.5, 1], ["0", "50%", "100%"])
    ax.grid(visible=False, axis="y")
    ax.set_title(str(year))


__all__ = ["ends", "probability_bars"]
