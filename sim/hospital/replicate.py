"""Replications: in parallel, stored as they finish, until the intervals are narrow enough."""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from sim.errors import ParameterError, fault
from sim.hospital.arrivals import Clock, Pattern
from sim.hospital.replication import FIGURES, Replication, replicate
from sim.hospital.statistics import Interval, mean_interval, share_interval
from sim.hospital.system import System
from sim.hospital.warmup import WarmUp, mser5

VERSION = 1  # of the event model: a change makes stored replications stale


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


Job = tuple[System, int, int]


def run_jobs(
    jobs: Sequence[Job],
    *,
    workers: int = 1,
    store: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Replication]:
    """Run (system, seed, replication) jobs; results in the order of the jobs.

    workers: processes; the results are the same at any number. store: folder in which each
    finished replication is kept under the hash of its input, and found again.
    """
    found: dict[int, Replication] = {}
    keys = [_key(job) for job in jobs]
    if store is not None:
        for i, key in enumerate(keys):
            kept = _load(store / f"{key}.npz")
            if kept is not None:
                found[i] = kept
    todo = [i for i in range(len(jobs)) if i not in found]
    for i, done in zip(todo, _mapped([jobs[i] for i in todo], workers), strict=True):
        found[i] = done
        if store is not None:
            _keep(store / f"{keys[i]}.npz", done)
        if progress is not None:
            progress(len(found), len(jobs))
    return [found[i] for i in range(len(jobs))]


def run(
    system: System,
    *,
    seed: int,
    replications: int | None = None,
    precision: Precision | None = None,
    workers: int = 1,
    store: Path | None = None,
) -> Result:
    """Replicate a system: a fixed number, or in batches until `precision` is met.

    Raises ParameterError for less than two replications.
    """
    goal = precision or Precision()
    if replications is not None and replications < 2:
        wrong = f"{replications} replications"
        raise ParameterError(fault("replications", wrong, "2 or more, for an interval"))
    size = replications or goal.batch
    done: list[Replication] = []
    while True:
        jobs = [(system, seed, len(done) + k) for k in range(size)]
        done += run_jobs(jobs, workers=workers, store=store)
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


def find_warm_up(system: System, *, seed: int, pilots: int = 3, days: int = 210, workers: int = 1) -> WarmUp:
    """Warm-up in whole weeks by MSER-5 on each pool's occupancy, from pilots without patterns.

    The pilots start as the real runs do, with beds filled around the load; the longest pool
    decides, and a week is the least (queues start empty).
    """
    flat = tuple(replace(p, emergency=Pattern(), elective=Pattern(), wave=None) for p in system.pools)
    pilot = replace(system, pools=flat, clock=Clock(system.clock.year, 0, days), allow_unsettled=True)
    jobs = [(pilot, seed, 1_000_000 + k) for k in range(pilots)]
    runs = run_jobs(jobs, workers=workers)
    mean = np.mean([r.daily for r in runs], axis=0)
    cuts = [mser5(series) for series in mean]
    longest = max(cut.days for cut in cuts)
    return WarmUp(7 * max(1, math.ceil(longest / 7)), all(cut.settled for cut in cuts))


def _run_job(job: Job) -> Replication:
    return replicate(*job)


def _mapped(jobs: Sequence[Job], workers: int) -> Iterable[Replication]:
    if workers <= 1 or len(jobs) <= 1:
        yield from map(_run_job, jobs)
        return
    with ProcessPoolExecutor(min(workers, len(jobs))) as pool:
        yield from pool.map(_run_job, jobs)


def _key(job: Job) -> str:
    system, seed, replication = job
    text = json.dumps([VERSION, asdict(system), seed, replication], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _keep(path: Path, done: Replication) -> None:
    """Write whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, figures=done.figures, daily=done.daily)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _load(path: Path) -> Replication | None:
    """A stored replication; a damaged one counts as missing."""
    try:
        with np.load(path) as kept:
            return Replication(kept["figures"], kept["daily"])
    except (OSError, ValueError, KeyError, EOFError):
        return None
