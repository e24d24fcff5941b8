"""Printed numbers and the interval that their rounding allows.

A document prints 8.7 and means anything from 8.65 to 8.75. A count is printed whole and is taken
as exact. Standard interval arithmetic; `widen` doubles the margin for figures cut, not rounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?")
_TOUCH = 1e-9  # relative slack for two interval ends that meet in exact arithmetic


@dataclass(frozen=True)
class Figure:
    """A number with the lowest and highest value that its print allows."""

    low: float
    mid: float
    high: float

    def __add__(self, other: Figure) -> Figure:
        return Figure(self.low + other.low, self.mid + other.mid, self.high + other.high)

    def __sub__(self, other: Figure) -> Figure:
        return Figure(self.low - other.high, self.mid - other.mid, self.high - other.low)

    def __mul__(self, other: Figure) -> Figure:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Figure(min(ends), self.mid * other.mid, max(ends))

    def __truediv__(self, other: Figure) -> Figure:
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the printed divisor may be zero")
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Figure(min(ends), self.mid / other.mid, max(ends))

    def scaled(self, factor: float) -> Figure:
        """The figure in another unit, `factor` of the new unit per old one (factor > 0)."""
        return Figure(self.low * factor, self.mid * factor, self.high * factor)

    def widened(self) -> Figure:
        """Twice the margin: the interval of a figure that may be cut instead of rounded."""
        return Figure(2 * self.low - self.mid, self.mid, 2 * self.high - self.mid)

    def meets(self, other: Figure) -> bool:
        """Whether one true value can stand behind both figures."""
        slack = _TOUCH * max(abs(self.mid), abs(other.mid), 1e-12)
        return self.low <= other.high + slack and other.low <= self.high + slack


def exact(value: float) -> Figure:
    """A number without rounding."""
    return Figure(value, value, value)


def decimals(text: str) -> int:
    """Digits printed after the point: 2 for "4.50"."""
    return len(text.partition(".")[2])


def parse_number(text: str) -> tuple[float, float] | None:
    """Low and high of a printed number or range ("3.5", "-1", "5-6"); None if it is neither."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    low = float(match[1])
    return low, float(match[2]) if match[2] else low


def printed(text: str, *, count: bool = False) -> Figure:
    """The figure behind a printed number; a count is exact.

    Raises ValueError if the text is not a number.
    """
    ends = parse_number(text)
    if ends is None:
        raise ValueError(f"'{text}' is not a number")
    low, high = ends
    margin = 0.0 if count else half_of_last_digit(text)
    return Figure(low - margin, (low + high) / 2, high + margin)


def half_of_last_digit(text: str) -> float:
    """Half of the last digit of a printed number, of the finer end of a range: 0.05 of "3.2-3.6"."""
    return float(0.5 * 10.0 ** -max(decimals(part) for part in text.split("-")))


def common(figures: list[Figure]) -> tuple[float, float]:
    """Intersection of the intervals as (low, high); low > high when it is empty."""
    return max(f.low for f in figures), min(f.high for f in figures)


def agreement(figures: list[Figure]) -> str:
    """Verdict on figures that should be one number.

    "consistent" if the rounding intervals share a value, "rounding" if they do once each may have
    been cut instead of rounded, else "inconsistent".
    """
    low, high = common(figures)
    slack = _TOUCH * max(abs(high), 1e-12)
    if low <= high + slack:
        return "consistent"
    low, high = common([f.widened() for f in figures])
    return "rounding" if low <= high + slack else "inconsistent"
