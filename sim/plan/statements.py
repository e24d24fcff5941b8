"""What a plan states: each indicator once for each target, as a figure in the model's unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.plan.document import Indicator, Plan
from sim.plan.tests import TestRule
from sim.writing import number

Floats = npt.NDArray[np.float64]

# how a plan writes its target -> whether a value meets it
MEETS: dict[str, Callable[[Floats, Floats], npt.NDArray[np.bool_]]] = {
    "=": lambda value, target: value >= target,
    ">=": lambda value, target: value >= target,
    ">": lambda value, target: value > target,
    "<=": lambda value, target: value <= target,
    "<": lambda value, target: value < target,
}


def statements(plan: Plan) -> Iterator[tuple[Indicator, Indicator | None]]:
    """Each indicator of the plan once for each different target, with its baseline.

    An indicator without a target is represented by its standard, baseline or history row.
    """
    for indicator_id in plan.indicator_ids:
        rows = plan.rows(indicator_id)
        baselines = [r for r in rows if r.kind == "baseline"]
        chosen: dict[tuple[str, ...], Indicator] = {}
        for kind in ("target", "standard", "baseline", "history"):
            same = [r for r in rows if r.kind == kind]
            for r in sorted(same, key=lambda r: r.binding != "binding"):
                chosen.setdefault((r.scope, r.year, r.operator, r.text, r.unit.name), r)
            if chosen:
                break
        if next(iter(chosen.values())).kind in ("baseline", "history"):
            latest = max(chosen.values(), key=lambda r: r.last_year or 0)
            chosen = {(): latest}
        for row in chosen.values():
            yield row, _baseline_of(row, baselines)


def _baseline_of(row: Indicator, baselines: list[Indicator]) -> Indicator | None:
    known = [b for b in baselines if b.value is not None]
    same = [b for b in known if b.unit.name == row.unit.name]
    if row.operator == "change" and not same:  # 30 % more than 0.70 per 1000
        same = known
    exact = [b for b in same if b.scope == row.scope]
    return next(iter(exact or same), None)


def years_tested(
    plan: Plan, statement: Indicator, test_years: tuple[int, ...]
) -> tuple[int, tuple[int, ...]]:
    """The target year of a statement, and the years it is tested in: that one and later ones."""
    stated = statement.kind in ("target", "standard")
    target_year = (statement.last_year if stated else None) or plan.target_year
    return target_year, (target_year, *(y for y in test_years if y > target_year))


def target_value(statement: Indicator, baseline: Indicator | None) -> float | None:
    """The figure to hold against the model, in the model's unit.

    A target written as a change is added to its baseline (years, points) or multiplies it (%).
    """
    if statement.fraction is None:
        return None
    if statement.operator != "change":
        return statement.fraction
    if baseline is None or baseline.fraction is None:
        return None
    if statement.unit.name == baseline.unit.name and statement.unit.quantity != "share":
        return baseline.fraction + statement.fraction
    if statement.unit.quantity == "change":
        return baseline.fraction + statement.fraction
    return baseline.fraction * (1 + statement.fraction)


def as_level(statement: Indicator, baseline: Indicator | None, rule: TestRule) -> Indicator:
    """The statement in its baseline's unit, if it is a change of a level: 30 % more than 0.70."""
    level = rule.test in ("ratio", "count") and statement.operator == "change"
    return replace(statement, unit=baseline.unit) if level and baseline is not None else statement


def testable(statement: Indicator, baseline: Indicator | None, rule: TestRule) -> bool:
    """Whether a run can give a verdict: there is a test, and a figure to hold against it."""
    if rule.test == "none":
        return False
    change = rule.test == "outcome" and statement.operator == "change"
    return target_value(statement, baseline) is not None or (change and statement.fraction is not None)


def goal_text(statement: Indicator, baseline: Indicator | None) -> str:
    """The figure of a target in its own unit, a change added to its baseline; "" if there is none.

    A change in another unit than its baseline's (30 % more beds) has no figure in its own unit.
    """
    value = target_value(statement, baseline)
    apart = baseline is None or baseline.unit.name != statement.unit.name
    if value is None or (statement.operator == "change" and apart):
        return ""
    return number(value / statement.unit.factor)


def target_text(statement: Indicator, baseline: Indicator | None) -> str:
    """A target as the plan writes it, with its operator; a change with its own unit."""
    apart = baseline is None or baseline.unit.name != statement.unit.name
    unit = f" {statement.unit.name}" if statement.operator == "change" and apart else ""
    return f"{_operator(statement)}{statement.text}{unit if statement.text else ''}"


def _operator(statement: Indicator) -> str:
    return {"=": "", "change": "change "}.get(statement.operator, statement.operator)


def operator_of(statement: Indicator) -> str:
    """How the statement compares; a plain figure is a floor, or a cap where less is better.

    Where a range is good, a plain figure in its upper half or above it is a cap, below a floor.
    """
    operator = statement.operator if statement.operator in MEETS else "="
    return "<=" if operator == "=" and _is_cap(statement) else operator


def _is_cap(statement: Indicator) -> bool:
    entry = statement.entry
    if entry.good_low is None or entry.good_high is None or statement.fraction is None:
        return entry.better == "lower"
    return statement.fraction > (entry.good_low + entry.good_high) / 2.0


def meets(statement: Indicator, value: Floats, goal: Floats) -> Any:
    """Whether values meet a target; equal means equal to the digits that a run stores."""
    slack = goal * 1e-6
    return MEETS[operator_of(statement)](
        value + slack if operator_of(statement) in ("=", ">=") else value - slack, goal
    )
