"""Confidence intervals over replications, and named random streams.

Student's t for means, Wilson's score interval for shares of replications (Wilson 1927,
doi:10.1080/01621459.1927.10502953). One stream per distribution and replication, so that two
plans meet the same patients (common random numbers).
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sim.errors import ParameterError, fault

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean over replications with its confidence interval; NaN bounds with one replication."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return 0.5 * (self.high - self.low)

    def holds(self, value: float) -> bool:
        """Is `value` inside the interval?"""
        return self.low <= value <= self.high


def mean_interval(values: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Mean and Student-t interval of independent values; non-finite values are left out.

    confidence: probability, above 0 and below 1.
    Raises ParameterError for another confidence.
    """
    _check_confidence(confidence)
    x = np.asarray(values, dtype=np.float64)
    x = x[np.isfinite(x)]
    if x.size == 0:
        return Interval(math.nan, math.nan, math.nan, 0)
    mean = float(x.mean())
    if x.size == 1:
        return Interval(mean, math.nan, math.nan, 1)
    t = float(stats.t.ppf(0.5 + confidence / 2, x.size - 1))
    half = t * float(x.std(ddof=1)) / math.sqrt(x.size)
    return Interval(mean, mean - half, mean + half, int(x.size))


def share_interval(successes: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Share of replications with an event, and Wilson's interval.

    successes: of n replications, 0..n, n 1 or more.  confidence: above 0 and below 1.
    Raises ParameterError where they are not so.
    """
    _check_confidence(confidence)
    if not (n >= 1 and 0 <= successes <= n):
        raise ParameterError(fault("share_interval", f"{successes} of {n}", "0..n of 1 or more"))
    z = float(stats.norm.ppf(0.5 + confidence / 2))
    p = successes / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return Interval(p, max(0.0, middle - half), min(1.0, middle + half), n)


def stream(seed: int, name: str, replication: int) -> np.random.Generator:
    """The random stream of one named distribution in one replication."""
    key = (zlib.crc32(name.encode()), replication)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def bed_time(start: NDArray[np.float64], end: NDArray[np.float64], edges: ArrayLike) -> NDArray[np.float64]:
    """Bed-days used between successive `edges` by stays from `start` to `end` (days).

    start, end: of each stay, infinite where it has none.  Returns one number less than edges.
    Raises ParameterError for stays that end before they start, or edges that do not rise.
    """
    cuts = np.asarray(edges, dtype=np.float64)
    if start.shape != end.shape or bool(np.any(end < start)):
        raise ParameterError(fault("bed_time", "a stay ends before it starts", "start <= end"))
    if not bool(np.all(np.diff(cuts) > 0)):
        raise ParameterError(fault("bed_time: edges", f"{cuts[:3].tolist()}", "edges that rise"))
    return np.diff(_used_until(start, cuts) - _used_until(end, cuts))


def _check_confidence(confidence: float) -> None:
    if not 0.0 < confidence < 1.0:
        raise ParameterError(fault("confidence", f"{confidence:g}", "a probability above 0 and below 1"))


def _used_until(times: NDArray[np.float64], cuts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over times before each cut of (cut - time)."""
    ordered = np.sort(times[np.isfinite(times)])
    totals = np.concatenate([[0.0], np.cumsum(ordered)])
    count = np.searchsorted(ordered, cuts)
    return np.asarray(count * cuts - totals[count])
