"""A figure in another unit, or whose point has slipped: told by the power of ten that would mend it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_POWERS = (10, 100, 1000, 10_000, 100_000)  # up to the units of rates, per 100,000
_NAMED = 2  # of several that would do, the smallest
_LOOKS = "; looks"
LOOKS: Final = re.compile(
    rf"(.+?)({_LOOKS} (?:[\d,]+(?: or [\d,]+)? times too \w+|like a figure per \d+(?: or \d+)?))(.*)",
    re.DOTALL,
)
"""A sentence with what `looks` or `looks_per` added to it: before, that, after."""


class Shift(NamedTuple):
    """How many times a figure is too large or too small."""

    by: int
    large: bool

    def mended(self, figure: float) -> float:
        """The figure as it would have been written without the shift."""
        return figure / self.by if self.large else figure * self.by


def shifts(figure: float, low: float, high: float) -> list[Shift]:
    """By which powers of ten a figure would have to be off to lie within low..high, two at most.

    figure: outside low..high, above 0 and in their unit; a ratio to what is expected where these are
    about 1.  Smallest first; empty where no power of ten mends it.
    """
    each = (Shift(by, large) for by in _POWERS for large in (True, False))
    return [shift for shift in each if low <= shift.mended(figure) <= high][:_NAMED]


def times_off(found: Sequence[Shift]) -> str:
    """Shifts in words, all too large or all too small: 10 or 100 times too large."""
    size = "large" if found[0].large else "small"
    return f"{' or '.join(f'{shift.by:,}' for shift in found)} times too {size}"


def looks(found: Sequence[Shift]) -> str:
    """What is added to a remedy: by how much a figure seems to be off; empty without shifts."""
    return f"{_LOOKS} {times_off(found)}" if found else ""


def looks_per(found: Sequence[Shift]) -> str:
    """The same of a figure too large for a unit of its own: which one it seems to be in."""
    return f"{_LOOKS} like a figure per {' or '.join(str(shift.by) for shift in found)}" if found else ""
