"""A figure that a plan states as a change: from which level it starts, and to which it comes.

`%` and `% per year` are parts of the level; points, years, beds are added to it. What changes so much a
year does so in every year after its baseline's, to its own: 4 % a year for five years are 21.7 %.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.plan.indicator import Indicator
from sim.plan.vocabulary import Unit


def baseline_of(row: Indicator, baselines: Sequence[Indicator]) -> Indicator | None:
    """The level that a statement starts from: of its unit and scope where there is one."""
    known = [b for b in baselines if b.value is not None]
    same = [b for b in known if b.unit.name == row.unit.name]
    if row.operator == "change" and not same:  # 30 % more than 0.70 per 1000
        same = known
    exact = [b for b in same if b.scope == row.scope]
    return next(iter(exact or same), None)


def level_after(row: Indicator, baseline: Indicator) -> float | None:
    """The level that a change comes to, in the model's unit; None where one of the two has no number."""
    if row.fraction is None or baseline.fraction is None:
        return None
    if is_relative(row.unit):
        return baseline.fraction * (1.0 + over_years(row, baseline.last_year))
    return baseline.fraction + row.fraction * _times(row, baseline.last_year)


def is_relative(unit: Unit) -> bool:
    """Whether a change in a unit is a part of the level."""
    return unit.quantity in ("share", "growth")


def adds_to(unit: Unit, level: Unit) -> bool:
    """Whether a change in a unit can be made to a level in another: points to shares, beds to beds."""
    if is_relative(unit):
        return True
    if unit.quantity == "change":
        return level.quantity == "share"
    return (unit.quantity, unit.base) == (level.quantity, level.base)


def over_years(row: Indicator, since: int | None) -> float:
    """A relative change as that from the end of the year `since` to the end of its own."""
    return float((1.0 + (row.fraction or 0.0)) ** _times(row, since) - 1.0)


def _times(row: Indicator, since: int | None) -> int:
    """How often a change happens: once, or in each year after `since` where it is one a year."""
    if not row.unit.is_yearly_change or since is None or row.last_year is None:
        return 1
    return row.last_year - since
