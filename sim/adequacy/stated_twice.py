"""What a plan states twice in other words: a ratio and its count, two programmes with one number.

One of them is judged, the binding one or the first; the others say where.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.adequacy.case import Case
from sim.adequacy.kinds import kind_of
from sim.adequacy.series import median
from sim.plan.targets import Stated, Target

SAYS = "says the same as"
"""How the reason of a row begins whose verdict stands in another row."""


def stated_elsewhere(case: Case, found: Sequence[Stated]) -> dict[Stated, str]:
    """The statements that are judged in the row of another one, with the sentence that says so."""
    judged: dict[tuple[object, ...], list[Stated]] = {}
    again: dict[Stated, str] = {}
    for stated in sorted(found, key=lambda s: s.statement.row.binding != "binding"):
        target = stated.target
        if target is None or not target.stated or stated.year not in case.measures.years():
            continue
        key = target.variable, target.group or "total", target.scale, target.scope, target.year
        for other in judged.setdefault(key, []):
            assert other.target is not None
            if other.target.sense[:1] == target.sense[:1] and _same(case, other.target, target):
                row = other.statement.row
                again[stated] = (
                    f"{SAYS} {row.id} (line {row.line}), judged there / "
                    f"与“{row.entry.name_zh}”（第{row.line}行）为同一目标，在该行判定"
                )
                break
        else:
            judged[key].append(stated)
    return again


def _same(case: Case, one: Target, other: Target) -> bool:
    """Whether two targets of one thing ask for the same number of it."""
    counts = []
    for target in (one, other):
        standing = kind_of(target).standing(case.reading, target, target.year)
        if standing is None:
            return False
        wanted = standing.load if standing.load is not None else standing.available
        counts.append(target.goal if standing.required is None and standing.load is None else median(wanted))
    a, b = counts
    exact = one.kind is other.kind
    return abs(a - b) <= (1e-9 if exact else case.same_within) * abs(b)
