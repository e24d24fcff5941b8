"""A planner's questions to a region's pools: how many beds are enough, and where is the edge?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.hospital.erlang import LoadPattern, load_for_blocking, patterned_blocking
from sim.hospital.replicate import Job, Mapped, Result, in_turn
from sim.hospital.statistics import Interval
from sim.hospital.surge import load_pattern
from sim.hospital.system import PoolSpec, System


@dataclass(frozen=True)
class CurvePoint:
    """A pool with another number of beds: what share of emergencies finds its unit full.

    wait: mean days of planned admissions; NaN where there are none.
    """

    pool: str
    beds: float
    blocked: Interval
    occupancy: Interval
    wait: Interval


def beds_by_formula(system: System, pool: PoolSpec, level: float) -> float:
    """Beds of the region at which units of this size turn at most `level` away, by Erlang.

    Number of units x unit size; a region needs load / (load that one unit bears) units.
    """
    size = round(pool.beds / pool.units)
    pattern = load_pattern(
        system.clock.year,
        pool.mean_stay,
        pool.cv,
        pool.emergency,
        pool.elective,
        pool.elective_share,
        system.discharge,
    )
    bears = float(load_for_blocking(size, level, pattern))
    if pool.unit_beds is None or pool.load < bears:
        return _one_unit(pool.load, level, pattern)
    return pool.load / bears * size


def _one_unit(load: float, level: float, pattern: LoadPattern) -> float:
    low, high = 1, int(2 * load + 20)
    while low < high:
        middle = (low + high) // 2
        fits = float(patterned_blocking(load, middle, pattern)) <= level
        low, high = (low, middle) if fits else (middle + 1, high)
    return float(low)


def bed_curve(
    system: System,
    factors: Sequence[float],
    levels: Mapping[str, float],
    *,
    seed: int,
    replications: int,
    mapped: Mapped = in_turn,
) -> list[CurvePoint]:
    """Blocked share and occupancy of each pool at several bed numbers, by simulation.

    factors multiply the beds that the formula gives for the pool's service level in `levels`;
    the same patients meet each bed number (common random numbers), and all pools move together.
    """
    centre = {p.name: beds_by_formula(system, p, levels[p.name]) for p in system.pools}
    tried = [
        replace(
            system.with_beds({n: max(1.0, round(b * f)) for n, b in centre.items()}),
            allow_unsettled=True,
        )
        for f in factors
    ]
    done = mapped([Job(one, seed, r) for one in tried for r in range(replications)])
    points = []
    for k, one in enumerate(tried):
        part = tuple(done[k * replications : (k + 1) * replications])
        result = Result(one, part, True)
        for pool in one.pools:
            figures = [result.figure(pool.name, f) for f in ("blocked", "occupancy", "wait")]
            points.append(CurvePoint(pool.name, pool.beds, *figures))
    return points


def smallest_beds(points: Sequence[CurvePoint], level: float, longest_wait: float = np.inf) -> float | None:
    """Beds at which emergencies are blocked at most `level` and electives wait `longest_wait`.

    Read between the points of one pool's curve, in a straight line of the logarithm; days for the
    wait. None where the curve does not reach down to the goal, the fewest beds tried where it is
    below it throughout.
    """
    ordered = sorted(points, key=lambda point: point.beds)
    beds = np.asarray([point.beds for point in ordered])
    blocked = _crossing(beds, [point.blocked.mean for point in ordered], level)
    waits = [point.wait.mean for point in ordered]
    if not np.all(np.isfinite(waits)) or not np.isfinite(longest_wait) or blocked is None:
        return blocked
    waited = _crossing(beds, waits, longest_wait)
    return None if waited is None else max(blocked, waited)


def _crossing(beds: np.ndarray, values: Sequence[float], goal: float) -> float | None:
    """Beds at which the falling curve meets the goal."""
    falling = np.minimum.accumulate(np.log(np.maximum(values, goal / 100.0)))
    wanted = np.log(goal)
    if falling[-1] > wanted:
        return None
    if falling[0] <= wanted:
        return float(beds[0])
    first = int(np.argmax(falling <= wanted))
    part = (falling[first - 1] - wanted) / (falling[first - 1] - falling[first])
    return float(beds[first - 1] + part * (beds[first] - beds[first - 1]))
