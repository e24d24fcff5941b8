"""The printed rows that a check reads: without repetitions, the level of a year, a change."""

from __future__ import annotations

from collections.abc import Iterable

from sim.plan.document import Plan
from sim.plan.indicator import Indicator


def distinct(rows: Iterable[Indicator]) -> list[Indicator]:
    """Rows without repetitions of the same figure for the same kind, year, scope and unit."""
    seen: dict[tuple[object, ...], Indicator] = {}
    for i in rows:
        if i.value is not None:
            key = (
                i.id,
                i.kind,
                i.last_year,
                i.scope,
                i.unit.name,
                i.operator,
                i.value,
                i.value_high,
            )
            seen.setdefault(key, i)
    return list(seen.values())


def level_of(plan: Plan, name: str, year: str) -> Indicator | None:
    """The one printed level of an indicator in a year; None if there is none or several."""
    found = distinct(
        i
        for i in plan.rows(name)
        if i.kind in ("baseline", "history") and i.year == year and i.operator == "="
    )
    return found[0] if len(found) == 1 else None


def change_of(plan: Plan, name: str, years: str, level: Indicator | None) -> Indicator | None:
    """The printed change of an indicator over a span of years, in the unit of its level; None without."""
    found = [
        i
        for i in plan.rows(name, "history")
        if i.operator == "change" and i.year == years and level and i.unit == level.unit
    ]
    return found[0] if found else None
