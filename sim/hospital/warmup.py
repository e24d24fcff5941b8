"""Warm-up by a stated rule: MSER-5.

White (1997), doi:10.1177/003754979706900601: batch the series by five, cut off the first d batches
so that the standard error of the rest is smallest, and look no further than half of the series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import ParameterError, fault

BATCH = 5
_FEWEST_BATCHES = 4


@dataclass(frozen=True)
class WarmUp:
    """Days to drop; `settled` is False when the best cut is the last one allowed."""

    days: int
    settled: bool


def mser5(series: ArrayLike, batch: int = BATCH) -> WarmUp:
    """Days to drop from a daily series so that the mean of what is left is surest.

    series: one value a day, best averaged over pilot replications.
    Raises ParameterError if it is shorter than four batches or not finite.
    """
    x = np.asarray(series, dtype=np.float64)
    if x.size < _FEWEST_BATCHES * batch or not np.all(np.isfinite(x)):
        wrong = f"{x.size} days, or a value that is not finite"
        raise ParameterError(fault("warm-up", wrong, f"{_FEWEST_BATCHES * batch} days or more"))
    means = x[: x.size // batch * batch].reshape(-1, batch).mean(axis=1)
    last = means.size // 2
    scores = [means[d:].var() / (means.size - d) for d in range(last + 1)]
    cut = int(np.argmin(scores))
    return WarmUp(cut * batch, cut < last)
