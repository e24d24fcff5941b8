"""Arrivals: a Poisson process whose rate moves with month, weekday and hour, made beforehand.

The rate is constant inside a bin (a day, or an hour where an hourly pattern is given). The unit
Poisson process on operational time is mapped to the clock by the inverse of the cumulative rate
(Çinlar 1975, time change), which is exact and keeps arrivals of two loads in step (common random
numbers).
"""

from __future__ import annotations

import calendar
import datetime
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.arguments import count_faults, refuse
from sim.arrays import Floats
from sim.errors import ParameterError, fault, raise_all

MONTHS, WEEKDAYS, HOURS = 12, 7, 24
ROUNDING = 0.005  # a printed pattern may miss a mean of 1 by this much


def _flat(length: int) -> tuple[float, ...]:
    return (1.0,) * length


@dataclass(frozen=True)
class Pattern:
    """Relative arrival rate by month (January first), weekday (Monday first) and hour; mean 1."""

    season: tuple[float, ...] = field(default_factory=lambda: _flat(MONTHS))
    weekday: tuple[float, ...] = field(default_factory=lambda: _flat(WEEKDAYS))
    hour: tuple[float, ...] = field(default_factory=lambda: _flat(HOURS))

    def faults(self, place: str) -> list[str]:
        """What is wrong with the pattern, as text; empty if nothing is."""
        found = []
        for name, values, length in (
            ("season", self.season, MONTHS),
            ("weekday", self.weekday, WEEKDAYS),
            ("hour", self.hour, HOURS),
        ):
            where = f"{place}.{name}"
            if len(values) != length:
                found.append(fault(where, f"{len(values)} values", f"want {length}"))
                continue
            if not all(math.isfinite(v) and v >= 0 for v in values):
                found.append(fault(where, "a negative or non-finite value", "values >= 0"))
                continue
            mean = sum(values) / length
            if abs(mean - 1.0) > ROUNDING:
                found.append(fault(where, f"averages {mean:.4f}", "a pattern averages 1"))
        return found


@dataclass(frozen=True)
class Clock:
    """Days of the simulation: `warm_up` days before 1 January of `year`, then its days."""

    year: int
    warm_up: int = 0
    days: int | None = None

    @property
    def measured(self) -> int:
        """Days that are measured: the calendar year's, or `days`."""
        return (366 if calendar.isleap(self.year) else 365) if self.days is None else self.days

    @property
    def horizon(self) -> int:
        """All days simulated."""
        return self.warm_up + self.measured

    def months_weekdays(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Month (0..11) and weekday (0 = Monday) of every day simulated."""
        first = datetime.date(self.year, 1, 1) - datetime.timedelta(days=self.warm_up)
        dates = [first + datetime.timedelta(days=d) for d in range(self.horizon)]
        months = np.asarray([d.month - 1 for d in dates], dtype=np.int64)
        return months, np.asarray([d.weekday() for d in dates], dtype=np.int64)


def daily_rates(clock: Clock, per_year: float, pattern: Pattern) -> Floats:
    """Arrivals expected on each day simulated.

    per_year: arrivals of the whole calendar year, which the measured days add up to when they are
    the year (the pattern's own rounding is scaled away).
    Raises ParameterError for a negative or non-finite number and for a pattern not averaging 1.
    """
    faults = pattern.faults("pattern")
    if not math.isfinite(per_year) or per_year < 0:
        faults.append(fault("arrivals", f"{per_year:g} a year", "a finite number, 0 or more"))
    raise_all(ParameterError, faults)
    year = Clock(clock.year)
    whole = _relative(year, pattern)
    return np.asarray(per_year * _relative(clock, pattern) / whole.sum())


def arrival_times(rng: np.random.Generator, daily: Floats, hour: tuple[float, ...]) -> Floats:
    """Ascending arrival times, in days from the start, of a Poisson process with these rates.

    daily: arrivals expected on each day.  hour: relative rate of each of the 24 hours.
    Raises ParameterError for rates below 0 or not finite, or another number of hours.
    """
    refuse(count_faults("daily", daily, ("day",)), count_faults("hour", np.asarray(hour, float), ("hour",)))
    if len(hour) != HOURS or sum(hour) <= 0:
        wrong = f"{len(hour)} hours that add up to {sum(hour):g}"
        raise ParameterError(fault("hour", wrong, "24 relative rates, some above 0"))
    hours = np.asarray(hour, dtype=np.float64)
    if np.all(hours == hours[0]):
        edges, rates = np.arange(daily.size + 1.0), daily
    else:
        edges = np.arange(daily.size * HOURS + 1.0) / HOURS
        rates = (daily[:, None] * hours / hours.sum()).ravel()
    cumulative = np.concatenate([[0.0], np.cumsum(rates)])
    total = float(cumulative[-1])
    ticks = _unit_poisson(rng, total)
    return np.asarray(np.interp(ticks, cumulative, edges))


def _relative(clock: Clock, pattern: Pattern) -> Floats:
    months, weekdays = clock.months_weekdays()
    return np.asarray(np.asarray(pattern.season)[months] * np.asarray(pattern.weekday)[weekdays])


def _unit_poisson(rng: np.random.Generator, until: float) -> Floats:
    """Event times in (0, until) of a rate-1 Poisson process; a longer `until` keeps the earlier."""
    size = int(until + 6.0 * math.sqrt(until) + 20.0)
    ticks = np.cumsum(rng.standard_exponential(size))
    while ticks[-1] < until:
        more = np.cumsum(rng.standard_exponential(size)) + ticks[-1]
        ticks = np.concatenate([ticks, more])
    return ticks[: int(np.searchsorted(ticks, until))]
