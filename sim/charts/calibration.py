"""Pictures of how well bands and distributions held what came: coverage by years ahead, PIT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.charts.files import save
from sim.charts.style import FULL, figure, frame, ink, muted, tint, use

_LEVEL = 0.8  # of the band
_COLUMNS = 4


@dataclass(frozen=True)
class Cover:
    """Share of n figures that a band held, without and with the error of what is published."""

    places: str
    name: str
    lead: int
    covered: float
    covered_seen: float
    n: int


def draw_coverage(covers: Sequence[Cover], path: Path) -> Path:
    """A line for each figure and kind of place: what the 80 % band held, with chance's own width."""
    with use("en"):
        fig = figure(FULL)
        ax = fig.subplots()
        y = np.arange(len(covers))[::-1]
        for at, cover in zip(y, covers, strict=True):
            chance = 1.96 * np.sqrt(_LEVEL * (1 - _LEVEL) / cover.n)
            ax.plot([_LEVEL - chance, _LEVEL + chance], [at, at], color=muted(), lw=5, alpha=0.25, zorder=1)
        (plain,) = ax.plot([c.covered for c in covers], y, "o", ms=4.5, mfc="white", mec=ink(), zorder=3)
        (seen,) = ax.plot([c.covered_seen for c in covers], y, "o", ms=4.5, color=tint("supply"), zorder=2)
        ax.axvline(_LEVEL, color=ink(), lw=0.8)
        ax.set_xlim(0, 1.02)
        ax.set_yticks(y, [f"{c.name}, {c.places}, {c.lead} on (n {c.n})" for c in covers])
        ax.grid(axis="y", visible=False)
        frame(
            fig,
            "What the 80 % band held of places left out",
            note="share of the figures; grey: 95 % of what chance alone gives to a band that is right",
            legend=[(plain, "band of the projection"), (seen, "with level and error of what is published")],
            foot=["Source: healthplan validation-page."],
            left=2.6,
        )
        return save(fig, path)


def draw_pit(pits: Mapping[str, Sequence[int]], path: Path) -> Path:
    """Histograms of where figures fell in their predicted distributions, by tenths; flat where right."""
    with use("en"):
        fig = figure(FULL)
        rows = -(-len(pits) // _COLUMNS)
        grid = {"wspace": 0.3, "hspace": 0.6}
        axes = fig.subplots(rows, _COLUMNS, squeeze=False, gridspec_kw=grid).ravel()
        for ax, (name, counts) in zip(axes, pits.items(), strict=False):
            parts = len(counts)
            ax.bar((np.arange(parts) + 0.5) / parts, counts, width=0.9 / parts, color=tint("supply"))
            ax.axhline(sum(counts) / parts, color=ink(), lw=0.8)
            ax.set_title(name, fontsize="x-small")
            ax.set_xticks([0, 0.5, 1])
        for ax in axes[len(pits) :]:
            ax.set_visible(False)
        frame(
            fig,
            "Where the figures fell in their predicted distributions",
            note="tenths of the distribution, level and error of publication in it (PIT); the line: evenly",
            foot=["Source: healthplan validation-page."],
            left=0.4,
            top=0.35,
        )
        return save(fig, path)
