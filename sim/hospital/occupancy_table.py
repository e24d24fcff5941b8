"""Which occupancy does a unit of a given size bear at a given service level?

Service level: the share of arrivals that find no free bed in their unit, over the year with its
seasons and weekdays. Formula: Erlang B at the offered load of each day. Each row is tried by the
event model at the load that the formula allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.hospital.arrivals import Clock, Pattern
from sim.hospital.erlang import load_at_occupancy, load_for_blocking, occupancy, patterned_blocking
from sim.hospital.replicate import run
from sim.hospital.statistics import Interval
from sim.hospital.surge import load_pattern
from sim.hospital.system import PoolSpec, System

PATTERN_CLASSES = 24


@dataclass(frozen=True)
class Setting:
    """The stay and the patterns that a table is made for."""

    year: int
    mean_stay: float
    cv: float
    emergency: Pattern
    elective: Pattern
    elective_share: float
    discharge: tuple[float, float] | None

    def pattern(self) -> NDArray[np.float64]:
        """Relative offered load over the year, in classes of equal weight."""
        return load_pattern(
            self.year, self.mean_stay, self.cv, self.emergency, self.elective,
            self.elective_share, PATTERN_CLASSES,
        )  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One cell of the table; shares 0..1."""

    unit_beds: int
    service_level: float
    occupancy: float  # with season and weekday: the target
    occupancy_flat: float  # the same without patterns: plain Erlang
    simulated_occupancy: Interval
    simulated_blocked: Interval


def make_table(
    sizes: Sequence[int],
    levels: Sequence[float],
    setting: Setting,
    *,
    seed: int,
    replications: int,
    workers: int = 1,
) -> list[Row]:
    """The table: one row a size and service level, each tried by the event model."""
    pattern = setting.pattern()
    rows = []
    for level in levels:
        loads = load_for_blocking(np.asarray(sizes), level, pattern)
        bears = occupancy(loads, np.asarray(sizes), pattern)
        flat = occupancy(load_for_blocking(np.asarray(sizes), level), np.asarray(sizes))
        for size, load, target, plain in zip(sizes, loads, bears, flat, strict=True):
            tried = run(
                _unit(size, float(load), setting), seed=seed, replications=replications,
                workers=workers,
            )  # fmt: skip
            used, blocked = (tried.figure("unit", f) for f in ("occupancy", "blocked"))
            rows.append(Row(size, level, float(target), float(plain), used, blocked))
    return rows


def _unit(size: int, load: float, setting: Setting) -> System:
    """One unit that all arrivals ask at once, electives on their own weekdays, nobody waiting."""
    mixed = _mixed(setting)
    pool = PoolSpec(
        "unit", size, load * 365.0 / setting.mean_stay, setting.mean_stay, setting.cv,
        emergency=mixed,
    )  # fmt: skip
    return System((pool,), Clock(setting.year, 35), setting.discharge)


def _mixed(setting: Setting) -> Pattern:
    share = setting.elective_share
    pairs = (
        (setting.emergency.season, setting.elective.season),
        (setting.emergency.weekday, setting.elective.weekday),
        (setting.emergency.hour, setting.elective.hour),
    )
    return Pattern(
        *(tuple((1 - share) * a + share * b for a, b in zip(x, y, strict=True)) for x, y in pairs)
    )


@dataclass(frozen=True)
class Reading:
    """What a printed occupancy means for units of a size."""

    place: str
    occupancy: float
    unit_beds: int
    load_per_bed: float
    blocked: float  # share of arrivals that would find their unit full
    bears: float  # occupancy that the unit bears at the service level


def read_occupancies(
    observed: Sequence[tuple[str, float, int]],
    level: float,
    pattern: NDArray[np.float64] | float = 1.0,
) -> list[Reading]:
    """For (place, occupancy 0..1, unit size): the load behind it and how often the unit is full.

    An occupancy above what the unit bears means that patients wait, lie in extra beds or are sent
    on; one below it means spare beds.
    """
    readings = []
    for place, rho, size in observed:
        load = float(load_at_occupancy(rho, size, pattern))
        bears = float(occupancy(load_for_blocking(size, level, pattern), size, pattern))
        blocked = float(patterned_blocking(load, size, pattern))
        readings.append(Reading(place, rho, size, load / size, blocked, bears))
    return readings
