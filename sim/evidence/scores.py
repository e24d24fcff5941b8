"""Scores of forecasts that are distributions: reliability, Brier, PIT, CRPS, intervals.

Murphy (1973), J. Appl. Meteorol. 12, 595-600: Brier score = reliability - resolution + uncertainty.
Gneiting & Raftery (2007), JASA 102(477), 359-378: CRPS of an ensemble (eq. 21), interval score
(eq. 43).  Gneiting, Balabdaoui & Raftery (2007), JRSS B 69(2), 243-268: PIT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats

BINS = 10  # of probability, each a tenth wide
MIDDLE = 0.8  # of the band that is looked at


@dataclass(frozen=True)
class Bin:
    """Forecasts whose probability lies in one bin: what was said, what happened."""

    low: float
    high: float
    n: int
    said: float
    happened: float

    @property
    def gap(self) -> float:
        """Said minus happened."""
        return self.said - self.happened


@dataclass(frozen=True)
class Reliability:
    """Probabilities held against what happened (0 or 1)."""

    bins: tuple[Bin, ...]
    brier: float
    climatology: float
    """Brier score of saying the overall frequency each time (the uncertainty of Murphy)."""
    reliability: float
    resolution: float
    n: int

    @property
    def skill(self) -> float:
        """1 - Brier / that of climatology; 0 no better than the overall frequency."""
        return 1.0 - self.brier / self.climatology if self.climatology > 0 else 0.0

    def worst(self, fewest: int) -> float:
        """Greatest |said - happened| of the bins with at least `fewest` forecasts."""
        return max((abs(b.gap) for b in self.bins if b.n >= fewest), default=0.0)


def reliability(said: Floats, happened: Floats) -> Reliability:
    """Bins and Brier score of probabilities 0..1 against events 0 or 1, both (forecast,)."""
    which = np.minimum((said * BINS).astype(int), BINS - 1)
    bins = []
    for i in range(BINS):
        own = which == i
        if own.any():
            bins.append(
                Bin(
                    i / BINS,
                    (i + 1) / BINS,
                    int(own.sum()),
                    float(said[own].mean()),
                    float(happened[own].mean()),
                )
            )
    mean = float(happened.mean())
    part = [(b.n / said.size, b) for b in bins]
    return Reliability(
        tuple(bins),
        float(np.mean((said - happened) ** 2)),
        mean * (1.0 - mean),
        sum(w * b.gap**2 for w, b in part),
        sum(w * (b.happened - mean) ** 2 for w, b in part),
        int(said.size),
    )


def pit(draws: Floats, observed: float) -> float:
    """Share of the draws below what was observed; half of those that equal it."""
    return float(np.mean(draws < observed) + 0.5 * np.mean(draws == observed))


def crps(draws: Floats, observed: float) -> float:
    """Continuous ranked probability score of an ensemble, in the unit of what was observed."""
    ordered = np.sort(draws)
    n = ordered.size
    spread = 2.0 * np.sum((np.arange(1, n + 1) - (n + 1) / 2) * ordered) / n**2
    return float(np.mean(np.abs(ordered - observed)) - spread)


def interval_score(low: float, high: float, observed: float, middle: float = MIDDLE) -> float:
    """Width of a band, and 2 / (1 - middle) times what lies outside it."""
    outside = max(low - observed, 0.0) + max(observed - high, 0.0)
    return (high - low) + 2.0 / (1.0 - middle) * outside


def pit_histogram(values: Sequence[float]) -> Floats:
    """Shares of PIT values in ten equal bins; a tenth in each where forecasts are right."""
    counts, _ = np.histogram(values, bins=BINS, range=(0.0, 1.0))
    return np.asarray(counts / max(counts.sum(), 1))
