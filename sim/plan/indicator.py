"""One statement of a plan: an indicator with its kind, year, operator, value and place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.errors import PlanError, fault
from sim.plan.figure import Figure, half_of_last_digit, parse_number, printed
from sim.plan.vocabulary import Entry, Unit

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


@dataclass(frozen=True)
class Indicator:
    """One statement of a plan: an indicator, its kind, year, operator, value and place.

    `value` is in the printed `unit`; `fraction` is the same in the model's unit.
    """

    plan: str
    row: int
    entry: Entry
    kind: str
    year: str
    operator: str
    text: str
    unit: Unit
    population_basis: str
    binding: str
    scope: str
    location: str
    line: int
    note: str

    @property
    def id(self) -> str:
        """Identifier in the indicator dictionary."""
        return self.entry.id

    @property
    def value(self) -> float | None:
        """Printed value (lower end of a printed range); None where the plan gives no number."""
        ends = parse_number(self.text)
        return ends[0] if ends else None

    @property
    def value_high(self) -> float | None:
        """Upper end of a printed range, else the value."""
        ends = parse_number(self.text)
        return ends[1] if ends else None

    @property
    def fraction(self) -> float | None:
        """Value in the model's unit: shares and "per 1000" as fractions, money in yuan."""
        return None if self.value is None else self.value * self.unit.factor

    @property
    def figure(self) -> Figure:
        """Printed value with its rounding interval; counts and persons are exact.

        Raises PlanError if the row has no number.
        """
        if self.value is None:
            raise PlanError(fault(self.place, "has no number", "use a row with a value"))
        return printed(self.text, count=self.unit.quantity == "count")

    @property
    def half_digit(self) -> float:
        """Half of the last digit printed, in the unit; 0 of counts, which are printed whole."""
        return 0.0 if self.unit.quantity == "count" else half_of_last_digit(self.text)

    @property
    def last_year(self) -> int | None:
        """The year, or the end of a span; None where none is printed."""
        match = _YEARS.fullmatch(self.year)
        return int(match[2] or match[1]) if match else None

    @property
    def first_year(self) -> int | None:
        """The year, or the start of a span; None where none is printed."""
        match = _YEARS.fullmatch(self.year)
        return int(match[1]) if match else None

    @property
    def place(self) -> str:
        """Where the statement stands in the data and in the document."""
        return f"{self.plan}/indicators.csv:{self.row} ({self.id}, line {self.line} of the text)"
