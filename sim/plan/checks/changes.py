"""Printed increases against the levels at both ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sim.plan.checks.finding import Finding, finding
from sim.plan.checks.phrase import Phrase, amount, clauses
from sim.plan.checks.rows import level_of
from sim.plan.document import Plan
from sim.plan.figure import Figure, agreement, decimals
from sim.plan.indicator import Indicator


def changes(plan: Plan) -> Iterator[Finding]:
    """Printed increases against the levels at both ends; growth of a level without its start."""
    lone: dict[tuple[str, str], list[tuple[Indicator, Indicator]]] = defaultdict(list)
    for change in plan.indicators:
        if change.kind != "history" or change.operator != "change" or change.value is None:
            continue
        end = level_of(plan, change.id, str(change.last_year))
        if end is None or end.unit.name == "%":
            continue
        start = level_of(plan, change.id, str(change.first_year))
        if change.unit.name == "%" and start is not None:
            yield _growth(plan, start, end, change)
        elif change.unit.name == "%":
            lone[change.year, change.text].append((end, change))
        elif start is not None:
            step = end.figure - start.figure
            yield finding(
                plan,
                "difference",
                [start, end, change],
                agreement([step, change.figure]),
                arithmetic=f"{end.text} - {start.text}",
                values=(step.mid,),
                stated=change.text,
            )
    for (_, growth), pairs in lone.items():
        yield _lone_growth(plan, growth, pairs)


def _growth(plan: Plan, start: Indicator, end: Indicator, change: Indicator) -> Finding:
    percent = ((end.figure - start.figure) / start.figure).scaled(100)
    level = (end.figure / start.figure).scaled(100)
    tight = Figure(level.low - 100, percent.mid, level.high - 100)
    if change.operator == "change" and _exact(start) and _exact(end):
        tight = Figure(percent.mid, percent.mid, percent.mid)
    return finding(
        plan,
        "growth",
        [start, end, change],
        agreement([tight, change.figure]),
        arithmetic=f"({end.text} / {start.text} - 1) x 100",
        values=(percent.mid,),
        stated=amount(change.text, change.unit),
    )


def _exact(row: Indicator) -> bool:
    return row.unit.quantity == "count"


def _lone_growth(plan: Plan, growth: str, pairs: list[tuple[Indicator, Indicator]]) -> Finding:
    before = [(end.value or 0.0) / (1 + float(growth) / 100) for end, _ in pairs]
    copied = len(pairs) > 1 and decimals(growth) > 0
    return finding(
        plan,
        "growth",
        [change for _, change in pairs],
        "doubtful" if copied else "implied",
        arithmetic=clauses(
            Phrase(f"{end.text} / (1 + {growth} %)", f"{end.text} / (1 + {growth}%)") for end, _ in pairs
        ),
        values=before,
        stated=Phrase(f"+{growth} %", f"增长{growth}%")
        + (Phrase(" for each", "，各项相同") if copied else Phrase()),
        relation={"comment": {"en": "identical growth: possible copy error", "zh": "增长率相同，疑为误抄"}}
        if copied
        else None,
    )
