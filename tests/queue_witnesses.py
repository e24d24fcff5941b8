"""Second witnesses of the hospital model: first come first served, loss, and thinning by other code.

Lewis and Shedler (1979) for thinning; the Kiefer-Wolfowitz recursion for the queue.
"""

from __future__ import annotations

import heapq
import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.arrays import Floats


def fcfs_starts(arrivals: ArrayLike, stays: ArrayLike, beds: int) -> Floats:
    """Start of each stay, first come first served, one class, unlimited queue (second witness).

    arrivals: ascending times.  stays: >= 0, same length.  Returns start times >= arrivals.
    Heap of next-free times: the Kiefer-Wolfowitz recursion, O(n log beds), no event list.
    """
    free_at = [-math.inf] * beds
    starts = []
    for time, stay in zip(np.asarray(arrivals).tolist(), np.asarray(stays).tolist(), strict=True):
        start = max(time, free_at[0])
        heapq.heapreplace(free_at, start + stay)
        starts.append(start)
    return np.asarray(starts, dtype=np.float64)


def blocked_arrivals(arrivals: ArrayLike, stays: ArrayLike, beds: int) -> NDArray[np.bool_]:
    """Which arrivals find all beds busy and leave (loss, one class): True = turned away."""
    free_at = [-math.inf] * beds
    blocked = []
    for time, stay in zip(np.asarray(arrivals).tolist(), np.asarray(stays).tolist(), strict=True):
        full = free_at[0] > time
        if not full:
            heapq.heapreplace(free_at, time + stay)
        blocked.append(full)
    return np.asarray(blocked, dtype=np.bool_)


def thin(rng: np.random.Generator, daily: Floats) -> Floats:
    """The same process by thinning: candidates at the highest rate, kept with rate / highest."""
    highest = float(daily.max(initial=0.0))
    if highest == 0.0:
        return np.empty(0)
    candidates = np.sort(rng.random(rng.poisson(highest * daily.size)) * daily.size)
    kept = rng.random(candidates.size) * highest < daily[candidates.astype(np.int64)]
    return np.asarray(candidates[kept])
