"""A region's bed pools as plain numbers, and the sample of units that the event model runs.

Beds are not pooled over a city: a free bed in one hospital does not help the patient in another.
So each pool (say tertiary general beds) is cut into units of typical size, hospitals, and a sample
of the units is simulated with their share of the admissions. Blocking and occupancy then belong to
a unit as it is, and a region of 30,000 beds costs no more than one of 3,000.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sim.errors import ParameterError, fault, raise_all
from sim.hospital.arrivals import Clock, Pattern, daily_rates
from sim.hospital.stays import check_stay
from sim.hospital.ward import Units
from sim.year import DAYS_PER_YEAR

LEAST_UNITS = 2  # of a pool in the sample, where the region has as many: transfers need a second
MOST_BEDS = 3000  # in the sample, about; more only costs time


@dataclass(frozen=True)
class Wave:
    """Extra emergencies of an epidemic: per day from day `first` on, with a stay of their own.

    first: days from 1 January of the measured year, negative for days before.
    """

    per_day: tuple[float, ...]
    mean_stay: float
    cv: float
    shape: str = "lognormal"
    first: int = 0


@dataclass(frozen=True)
class PoolSpec:
    """One kind of bed of a region: stock, yearly admissions, stays, and its rules.

    beds: whole region.  admissions: a year.  mean_stay: days.  unit_beds: beds of a typical unit
    (None: the pool is one unit).  elective_share of admissions waits in line, the rest are
    emergencies.  reserve_share of a unit's beds is left to emergencies by electives.
    overflow: pools that take emergencies when transfers within the pool have failed.
    transfers: other units of the pool asked.  boards: emergencies wait rather than leave.
    patience: longest wait of anyone in line, days (inf: no stop).
    """

    name: str
    beds: float
    admissions: float
    mean_stay: float
    cv: float = 1.0
    shape: str = "lognormal"
    unit_beds: int | None = None
    elective_share: float = 0.0
    reserve_share: float = 0.0
    overflow: tuple[str, ...] = ()
    transfers: int = 0
    boards: bool = False
    patience: float = math.inf
    emergency: Pattern = field(default_factory=Pattern)
    elective: Pattern = field(default_factory=Pattern)
    wave: Wave | None = None

    @property
    def load(self) -> float:
        """Offered load without the wave, erlang = mean beds asked for (year of 365 days)."""
        return self.admissions * self.mean_stay / DAYS_PER_YEAR

    @property
    def units(self) -> int:
        """Units in the region."""
        return 1 if self.unit_beds is None else max(1, round(self.beds / self.unit_beds))

    @property
    def waits(self) -> bool:
        """Does anyone wait here?"""
        return self.boards or self.elective_share > 0

    @property
    def settles(self) -> bool:
        """False if the line grows without end: load at or above the beds and no stop."""
        queued = self.load if self.boards else self.load * self.elective_share
        return not self.waits or math.isfinite(self.patience) or queued < self.beds

    def faults(self) -> list[str]:
        """What is wrong with the pool, as text; empty if nothing is."""
        found = check_stay(self.mean_stay, self.cv, self.shape, self.name)
        if not math.isfinite(self.beds) or self.beds < 1:
            found.append(fault(self.name, f"{self.beds:g} beds", "1 bed or more"))
        if not math.isfinite(self.admissions) or self.admissions < 0:
            found.append(fault(self.name, f"{self.admissions:g} admissions", "0 or more"))
        if self.unit_beds is not None and self.unit_beds < 1:
            found.append(fault(self.name, f"unit of {self.unit_beds} beds", "1 bed or more"))
        for label, share in (("elective", self.elective_share), ("reserve", self.reserve_share)):
            if not 0 <= share <= 1:
                found.append(fault(self.name, f"{label} share {share:g}", "between 0 and 1"))
        if not self.patience > 0:
            found.append(fault(self.name, f"patience {self.patience:g} days", "above 0"))
        if self.wave is not None:
            wave = self.wave
            found += check_stay(wave.mean_stay, wave.cv, wave.shape, f"{self.name}.wave")
            if not all(math.isfinite(v) and v >= 0 for v in wave.per_day):
                found.append(fault(f"{self.name}.wave", "a negative or non-finite day", ""))
        found += self.emergency.faults(f"{self.name}.emergency")
        return found + self.elective.faults(f"{self.name}.elective")


@dataclass(frozen=True)
class System:
    """Pools that share routes, a calendar, and how days end.

    discharge: (mean hour, standard deviation in hours) of the moment of discharge; None = any.
    tight: a day counts as tight when more than this share of a pool's beds is in use.
    Raises ParameterError with every fault, and for a pool whose line grows without end unless
    allow_unsettled (then the result says so).
    """

    pools: tuple[PoolSpec, ...]
    clock: Clock
    discharge: tuple[float, float] | None = None
    tight: float = 1.0
    allow_unsettled: bool = False
    sampled: tuple[int, ...] | None = None  # units simulated by pool; None = `sample_units`

    def __post_init__(self) -> None:
        faults = [f for pool in self.pools for f in pool.faults()]
        names = [pool.name for pool in self.pools]
        for name in {n for n in names if names.count(n) > 1}:
            faults.append(fault(name, "stands twice", "one entry a pool"))
        for pool in self.pools:
            for other in pool.overflow:
                if other not in names:
                    faults.append(fault(pool.name, f"overflow to '{other}'", f"one of {names}"))
            if not pool.settles and not self.allow_unsettled:
                wrong = f"load {pool.load:.1f} >= {pool.beds:g} beds and nobody leaves the line"
                faults.append(fault(pool.name, wrong, "give a patience, or turn away"))
        raise_all(ParameterError, faults)

    def with_beds(self, beds: Mapping[str, float]) -> System:
        """The same system with other bed numbers (same units sampled anew)."""
        pools = tuple(
            replace(pool, beds=beds[pool.name]) if pool.name in beds else pool for pool in self.pools
        )
        return replace(self, pools=pools)

    def unit_counts(self) -> tuple[int, ...]:
        """Units simulated by pool."""
        return sample_units(self.pools) if self.sampled is None else self.sampled


def sample_units(pools: Sequence[PoolSpec]) -> tuple[int, ...]:
    """Units of each pool to simulate: equal shares of the region, two of a pool where it has two.

    The share is set by the pool with the largest units, of which two are taken, and lowered
    until the sample has at most MOST_BEDS beds.
    """
    largest = max(pools, key=lambda pool: pool.beds / pool.units)
    one_in = max(1.0, largest.units / LEAST_UNITS)
    while True:
        counts = tuple(min(pool.units, max(LEAST_UNITS, round(pool.units / one_in))) for pool in pools)
        beds = sum(p.beds * c / p.units for p, c in zip(pools, counts, strict=True))
        least = all(c <= LEAST_UNITS for c in counts)
        if beds <= MOST_BEDS or least:
            return counts
        one_in *= 1.25


@dataclass(frozen=True)
class Sample:
    """The units simulated, and which share of each pool they are.

    A patient of a pool simulated in full who overflows to a pool simulated in part lies in a
    sampled unit only with the ratio of the two shares (`Units.chances`).
    """

    units: Units
    share: tuple[float, ...]  # of the pool's beds that is simulated, by pool


def build_sample(system: System) -> Sample:
    """Cut the pools into the units to simulate, with whole beds, and lay the routes."""
    counts = system.unit_counts()
    beds: list[int] = []
    members: list[list[int]] = []
    for pool, count in zip(system.pools, counts, strict=True):
        size = pool.beds / pool.units
        whole = np.diff(np.round(np.arange(count + 1) * size)).astype(int)
        members.append(list(range(len(beds), len(beds) + count)))
        beds += [max(1, int(n)) for n in whole]
    index = {pool.name: p for p, pool in enumerate(system.pools)}
    routes, pool_of, reserve, boards, patience = [], [], [], [], []
    for p, pool in enumerate(system.pools):
        mine = members[p]
        for place, unit in enumerate(mine):
            others = [mine[(place + k + 1) % len(mine)] for k in range(len(mine) - 1)]
            route = others[: pool.transfers]
            for name in pool.overflow:
                theirs = members[index[name]]
                route.append(theirs[place % len(theirs)])
            routes.append(tuple(route))
            pool_of.append(p)
            reserve.append(round(pool.reserve_share * beds[unit]))
            boards.append(pool.boards)
            patience.append(pool.patience)
    share = tuple(sum(beds[u] for u in members[p]) / pool.beds for p, pool in enumerate(system.pools))
    chances = tuple(
        tuple(min(1.0, share[pool_of[to]] / share[pool_of[unit]]) for to in route)
        for unit, route in enumerate(routes)
    )
    units = Units(
        tuple(beds),
        tuple(reserve),
        tuple(routes),
        tuple(pool_of),
        tuple(boards),
        tuple(patience),
        chances,
    )
    return Sample(units, share)


def daily_admissions(pool: PoolSpec, clock: Clock) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Expected emergencies, electives and wave patients of the whole region on each day."""
    urgent = daily_rates(clock, pool.admissions * (1 - pool.elective_share), pool.emergency)
    planned = daily_rates(clock, pool.admissions * pool.elective_share, pool.elective)
    wave = np.zeros(clock.horizon)
    if pool.wave is not None:
        day = clock.warm_up + pool.wave.first + np.arange(len(pool.wave.per_day))
        inside = (day >= 0) & (day < clock.horizon)
        wave[day[inside]] = np.asarray(pool.wave.per_day)[inside]
    return urgent, planned, wave
