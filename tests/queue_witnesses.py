"""Second witnesses of the hospital model: first come first served, loss, and thinning by other code.

Lewis and Shedler (1979) for thinning; the Kiefer-Wolfowitz recursion for the queue; and the ward in the
plain simpy form, a Resource per unit and a process per patient, the yardstick of its speed too.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import ArrayLike, NDArray

from sim.arrays import Floats
from sim.hospital.ward import Patients


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


def simulate_processes(beds: int, patients: Patients, days: float, *, waits: bool) -> Floats:
    """Start of each stay in one unit of `beds`; inf for those turned away or still waiting.

    waits: True = arrivals queue (emergencies before electives), False = they leave when all beds
    are taken.
    """
    env = simpy.Environment()
    ward = simpy.PriorityResource(env, capacity=beds)
    start = np.full(patients.arrival.size, math.inf)

    def patient(i: int, stay: float, priority: int) -> Generator[simpy.Event, Any, None]:
        if not waits and ward.count >= ward.capacity:
            return
        with ward.request(priority=priority) as bed:
            yield bed
            start[i] = env.now
            yield env.timeout(stay)

    def doors() -> Generator[simpy.Event, Any, None]:
        for i in range(patients.arrival.size):
            yield env.timeout(float(patients.arrival[i]) - env.now)
            priority = 0 if patients.urgent[i] else 1
            env.process(patient(i, float(patients.stay[i]), priority))

    env.process(doors())
    env.run(until=days)
    return start
