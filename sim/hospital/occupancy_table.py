"""Which occupancy does a unit of a given size bear at a given service level?

Service level: the share of arrivals that find no free bed in their unit, over the year with its
seasons, weekdays and hours of discharge. Formula: Erlang B at the offered load of each hour. Each
row is tried by the event model at the load that the formula allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.hospital.arrivals import Clock, Pattern
from sim.hospital.erlang import (
    LoadPattern,
    load_for_blocking,
    occupancy,
)
from sim.hospital.replicate import Mapped, in_turn, run
from sim.hospital.statistics import Interval
from sim.hospital.surge import load_pattern
from sim.hospital.system import PoolSpec, System
from sim.year import DAYS_PER_YEAR

MOST_TRIALS = 4


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

    def pattern(self) -> LoadPattern:
        """Relative offered load over the hours of the year."""
        return load_pattern(
            self.year,
            self.mean_stay,
            self.cv,
            self.emergency,
            self.elective,
            self.elective_share,
            self.discharge,
        )


@dataclass(frozen=True)
class Row:
    """One cell of the table; shares 0..1."""

    unit_beds: int
    service_level: float
    occupancy: float  # with season, weekday and hour: the target
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
    mapped: Mapped = in_turn,
) -> list[Row]:
    """The table: one row a size and service level, each tried by the event model."""
    return [
        make_row(size, level, setting, seed=seed, replications=replications, mapped=mapped)
        for level in levels
        for size in sizes
    ]


def make_row(
    size: int,
    level: float,
    setting: Setting,
    *,
    seed: int,
    replications: int,
    mapped: Mapped = in_turn,
) -> Row:
    """What a unit bears: by formula, then tried, and tightened while the trial turns more away.

    Where the simulated interval lies wholly above the level, the formula is asked for the level
    times (level / simulated share) and tried again. In large units this takes 1 to 2 points off:
    the formula takes each hour as if it had lasted.
    """
    pattern = setting.pattern()
    asked = level
    for _ in range(MOST_TRIALS):
        load = float(load_for_blocking(size, asked, pattern))
        tried = run(_unit(size, load, setting), seed=seed, replications=replications, mapped=mapped)
        blocked = tried.figure("unit", "blocked")
        if blocked.low <= level:
            break
        asked *= level / blocked.mean
    flat = float(occupancy(load_for_blocking(size, level), size))
    bears = load * (1.0 - level) / size
    return Row(size, level, bears, flat, tried.figure("unit", "occupancy"), blocked)


def _unit(size: int, load: float, setting: Setting) -> System:
    """One unit that all arrivals ask at once, electives on their own weekdays, nobody waiting."""
    mixed = _mixed(setting)
    pool = PoolSpec(
        "unit",
        size,
        load * DAYS_PER_YEAR / setting.mean_stay,
        setting.mean_stay,
        setting.cv,
        emergency=mixed,
    )
    return System((pool,), Clock(setting.year, 35), setting.discharge)


def _mixed(setting: Setting) -> Pattern:
    share = setting.elective_share
    pairs = (
        (setting.emergency.season, setting.elective.season),
        (setting.emergency.weekday, setting.elective.weekday),
        (setting.emergency.hour, setting.elective.hour),
    )
    return Pattern(*(tuple((1 - share) * a + share * b for a, b in zip(x, y, strict=True)) for x, y in pairs))
