"""Replications of a system: a fixed number, or until the intervals are narrow enough.

Each is a pure function of a `Job`. Who runs them, in which processes, and keeps what is finished
is handed in as `Mapped`; by default they run one after the other, here.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr

from sim.errors import ParameterError, fault
from sim.hospital.arrivals import Clock, Pattern
from sim.hospital.replication import FIGURES, Replication, replicate
from sim.hospital.statistics import Interval, mean_interval, share_interval
from sim.hospital.system import System
from sim.hospital.warmup import WarmUp, mser5
from sim.source import source_hash


@dataclass(frozen=True)
class Precision:
    """Stop rule: batches of replications until every half-width is small enough, or the most."""

    occupancy: float = 0.02
    blocked: float = 0.02
    batch: int = 10
    most: int = 20


@dataclass(frozen=True)
class Result:
    """Replications of one system; figures with intervals by pool."""

    system: System
    replications: tuple[Replication, ...]
    precise: bool

    def figure(self, pool: str, name: str) -> Interval:
        """Mean over replications and 95 % interval of one of FIGURES (shares: Wilson)."""
        p = [spec.name for spec in self.system.pools].index(pool)
        column = FIGURES.index(name)
        values = np.asarray([r.figures[p, column] for r in self.replications])
        if name == "ran_out":
            return share_interval(int(values.sum()), values.size)
        return mean_interval(values)

    def daily(self, pool: str) -> np.ndarray:
        """Occupancy by replication and day."""
        p = [spec.name for spec in self.system.pools].index(pool)
        return np.stack([r.daily[p] for r in self.replications])


@dataclass(frozen=True)
class Job:
    """One replication of a system, to be run anywhere: a task of whoever runs tasks."""

    system: System
    seed: int
    replication: int

    @property
    def label(self) -> str:
        """For messages."""
        pools = self.system.pools
        named = pools[0].name if len(pools) == 1 else f"{len(pools)} pools"
        return f"replication {self.replication} of {named}, {self.system.clock.year}"

    @functools.cached_property
    def key(self) -> str:
        """Hash of everything that the result depends on, the event model's own source too."""
        what = [_version(), asdict(self.system), self.seed, self.replication]
        return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:32]

    def compute(self) -> dict[str, xr.DataArray]:
        """`figures` (pool, figure) and `daily` (pool, day)."""
        done = replicate(self.system, self.seed, self.replication)
        return {
            "figures": xr.DataArray(done.figures, dims=("pool", "figure")),
            "daily": xr.DataArray(done.daily, dims=("pool", "day")),
        }


Mapped = Callable[[Sequence[Job]], Sequence[Replication]]
"""Runs jobs; results in the order of the jobs."""


def in_turn(jobs: Sequence[Job]) -> list[Replication]:
    """The jobs one after the other in this process."""
    return [replicate(job.system, job.seed, job.replication) for job in jobs]


def of_series(series: Mapping[str, xr.DataArray]) -> Replication:
    """A replication from what `Job.compute` gave."""
    return Replication(series["figures"].values, series["daily"].values)


@functools.cache
def _version() -> str:
    here = Path(__file__).parent
    return f"{source_hash(here, here.glob('*.py'))} numpy {np.__version__}"


def run(
    system: System,
    *,
    seed: int,
    replications: int | None = None,
    precision: Precision | None = None,
    mapped: Mapped = in_turn,
) -> Result:
    """Replicate a system: a fixed number, or in batches until `precision` is met.

    Raises ParameterError for less than two replications.
    """
    goal = precision or Precision()
    fewest = goal.most if replications is None else replications
    if fewest < 2:
        wrong = f"{fewest} replications"
        raise ParameterError(fault("replications", wrong, "2 or more, for an interval"))
    size = replications or min(goal.batch, goal.most)
    done: list[Replication] = []
    while True:
        done += mapped([Job(system, seed, len(done) + k) for k in range(size)])
        result = Result(system, tuple(done), False)
        precise = is_precise(result, goal)
        if precise or replications is not None or len(done) >= goal.most:
            return replace(result, precise=precise)
        size = min(goal.batch, goal.most - len(done))


def is_precise(result: Result, goal: Precision) -> bool:
    """Are the half-widths of occupancy and of the blocked share within the goal in every pool?"""
    for pool in result.system.pools:
        for name, limit in (("occupancy", goal.occupancy), ("blocked", goal.blocked)):
            half = result.figure(pool.name, name).half_width
            if math.isfinite(half) and half > limit:
                return False
    return True


def find_warm_up(
    system: System, *, seed: int, pilots: int = 3, days: int = 210, mapped: Mapped = in_turn
) -> WarmUp:
    """Warm-up in whole weeks by MSER-5 on each pool's occupancy, from pilots without patterns.

    The pilots start as the real runs do, with beds filled around the load; the longest pool
    decides, and a week is the least (queues start empty).
    """
    flat = tuple(replace(p, emergency=Pattern(), elective=Pattern(), wave=None) for p in system.pools)
    pilot = replace(system, pools=flat, clock=Clock(system.clock.year, 0, days), allow_unsettled=True)
    runs = mapped([Job(pilot, seed, 1_000_000 + k) for k in range(pilots)])
    mean = np.mean([r.daily for r in runs], axis=0)
    cuts = [mser5(series) for series in mean]
    longest = max(cut.days for cut in cuts)
    return WarmUp(7 * max(1, math.ceil(longest / 7)), all(cut.settled for cut in cuts))
