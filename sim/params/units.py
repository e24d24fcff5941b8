"""Units of parameter files and what they become inside the model: rates per year, shares 0..1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from sim.textfile import did_you_mean


@dataclass(frozen=True)
class Unit:
    """A unit as written in a file: the model's unit and the factor that leads to it."""

    name: str
    model_unit: str
    factor: float = 1.0
    low: float = 0.0
    """Least value that makes sense, in the model's unit."""
    high: float = math.inf
    """Greatest value that makes sense, in the model's unit."""
    counts: bool = False
    """Whether it counts things: a group's figure is then the sum of its ages, not the same for each."""

    def outside(self, low: float, high: float) -> str:
        """What is wrong with values from `low` to `high` (model unit); empty if nothing is."""
        slack = 1e-9
        worst = low if low < self.low - slack else high
        if self.low - slack <= worst <= self.high + slack:
            return ""
        span = f"{self.low / self.factor:g} to {self.high / self.factor:g}"
        span = span.replace(" to inf", " or more").replace("-inf to", "at most")
        return f"{worst / self.factor:g} {self.name} | want {span}"


PER_1000: Final = 1000.0
"""Heads, births or person-years of a rate per 1000."""
_SHARES = {"percent": 1e-2, "per 1000": 1e-3, "per 10000": 1e-4, "per 100000": 1e-5}
_RATES = {
    "per person-year": 1.0,
    "per 100 person-years": 1e-2,
    "per 1000 person-years": 1e-3,
    "per 100000 person-years": 1e-5,
}
_PLAIN = (
    "1",
    "person",
    "person/year",
    "day",
    "day/year",
    "year",
    "hour",
    "hour/year",
    "hour/day",
    "minute",
    "bed",
    "bed-day",
    "visit",
    "visit/year",
    "visit/day",
    "bed-day/day",
    "admission",
    "birth",
    "death",
    "death/year",
    "case",
    "slot",
    "post",
    "fte",
    "vehicle",
    "hospital",
    "unit",
    "child per woman",
    "person per unit",
    "person per post",
    "per bed",
    "per day",
    "per hour",
    "per year",
    "per slot",
    "per visit",
    "per admission",
    "year of life",
    "yuan",
    "km",
    "ratio",
    "institution",
    "township",
    "team",
    "admission/year",
    "birth/year",
    "per birth",
    "hour/week",
    "minute/visit",
)

# units in which differences, flows both ways and rates of change are written too
_SIGNED = frozenset(("1", "person/year", "year", "ratio", "child per woman", "per year"))

# what is counted: the figure of an age group is the sum of its ages
_COUNTS = frozenset(
    (
        *("person", "person/year", "birth", "birth/year", "death", "death/year", "case"),
        *("admission", "admission/year", "visit", "visit/year", "visit/day", "bed-day", "bed-day/day"),
        *("bed", "slot", "post", "fte", "vehicle", "hospital", "institution", "township", "team"),
        *("unit", "yuan"),
    )
)

UNITS: dict[str, Unit] = {
    **{name: Unit(name, "1", factor, 0.0, 1.0) for name, factor in _SHARES.items()},
    **{name: Unit(name, "1/year", factor) for name, factor in _RATES.items()},
    **{
        name: Unit(name, name, low=-math.inf if name in _SIGNED else 0.0, counts=name in _COUNTS)
        for name in _PLAIN
    },
}


def unit(name: str) -> Unit:
    """The unit called `name`.

    Raises KeyError whose text is a remedy.
    """
    try:
        return UNITS[name]
    except KeyError:
        singular = name.rstrip("s")
        hint = f"write '{singular}'" if singular in UNITS else did_you_mean(name, list(UNITS))
        raise KeyError(hint) from None
