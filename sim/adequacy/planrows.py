"""The indicator rows of a plan as numbers of each run: needed, there, enough or not.

A row is named as in adequacy.csv: the indicator's id, ID.SCOPE where the document states it for
several scopes, and ID.2 for a second statement of the same.  What can be asked of it:

    required    what the population needs, in the plan's unit
    available   the plan carried out, in the plan's unit (of an outcome: its projected value)
    projected   what the trend of supply brings without the plan, in the plan's unit
    ratio       available / required
    gap         available - required, in beds, persons, ...
    enough      1 where available >= required, else 0: its mean is p_enough
    reached     1 where the projection meets the target, else 0: its mean is p_reached
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.adequacy.coverage import coverage_pair
from sim.adequacy.gap import TIE
from sim.adequacy.held import Held, Reading, hold
from sim.adequacy.series import Floats, Measures
from sim.params import Parameter
from sim.plan import Indicator, Plan
from sim.plan.statements import (
    as_level,
    meets,
    statements,
    target_value,
    testable,
    years_tested,
)
from sim.plan.tests import TestRule, rule_for
from sim.schema import VARIABLES

ZH = {
    "required": "需求",
    "available": "规划供给",
    "projected": "趋势供给",
    "ratio": "供给/需求",
    "gap": "供给-需求",
    "enough": "够用",
    "reached": "达标",
}
ASKED = tuple(ZH)


@dataclass(frozen=True)
class PlanRow:
    """One statement of a plan that a run can be held against."""

    statement: Indicator
    rule: TestRule
    goal: float
    """In the model's unit."""
    target_year: int
    years: tuple[int, ...]
    """Those that adequacy.csv tests."""

    def held(self, measures: Measures, reading: Reading, year: int) -> Held | None:
        """The row against one year's series; None where the model has no such series."""
        if self.rule.test != "coverage":
            return hold(
                measures,
                reading,
                self.statement,
                self.rule,
                self.goal,
                self.target_year,
                year,
            )
        pair = coverage_pair(measures, self.statement, self.rule, self.goal, year)
        if pair is None:
            return None
        need, capacity = pair
        return Held(capacity, need, per=need / self.goal * self.statement.unit.factor)

    def fails(self, held: Held) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """In which draws there is not enough, or an outcome is not reached."""
        if held.required is None:
            assert held.p_meets is not None
            return np.asarray(held.p_meets < 0.5)
        return np.asarray(held.available * (1 + TIE) < held.required)

    def known(self, held: Held) -> tuple[str, ...]:
        """What can be asked of the row."""
        if held.required is None:
            return ("available", "reached")
        if self.rule.test == "coverage":
            return ("required", "available", "ratio", "gap", "enough")
        trend = held.projected is not None
        return tuple(a for a in ASKED if trend or a not in ("projected", "reached"))

    def value(self, held: Held, asked: str) -> Floats:
        """What is asked, over the draws."""
        if asked in ("required", "available", "projected"):
            values = getattr(held, asked)
            return np.asarray(held.shown(values), float)
        if held.required is None:
            assert held.p_meets is not None
            return np.asarray(held.p_meets, float)
        if asked == "ratio":
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.where(held.required > 0, held.available / held.required, np.nan)
        if asked == "gap":
            return np.asarray(held.available - held.required, float)
        if asked == "enough":
            return np.where(self.fails(held), 0.0, 1.0)
        assert held.projected is not None
        target, trend = held.shown(held.available), held.shown(held.projected)
        return np.asarray(meets(self.statement, trend, target), float)

    def unit(self, asked: str) -> str:
        """Unit of what is asked."""
        if asked in ("ratio", "enough", "reached"):
            return "1"
        if asked == "gap":
            names = (f"{self.rule.variable}_required", self.rule.variable)
            return next((VARIABLES[n].units for n in names if n in VARIABLES), "1")
        return self.statement.unit.name


@dataclass(frozen=True)
class Read:
    """How a block's own parameters have a plan's figure read."""

    after_target: str
    unstated_basis: str

    @classmethod
    def of(cls, parameters: Mapping[str, Parameter]) -> Read:
        """As these parameters say."""
        names = ("after_target", "unstated_basis")
        return cls(*(str(parameters[f"adequacy.{name}"].data.item()) for name in names))


def rows_of(
    plan: Plan, rules: Mapping[tuple[str, str], TestRule], test_years: Sequence[int]
) -> Iterator[PlanRow]:
    """Every row of a plan that has a test and a figure."""
    for statement, baseline in statements(plan):
        rule = rule_for(rules, statement.id, statement.scope)
        if not testable(statement, baseline, rule):
            continue
        goal = target_value(statement, baseline)
        if goal is None:
            goal = statement.fraction
        assert goal is not None
        target_year, years = years_tested(plan, statement, tuple(test_years))
        yield PlanRow(as_level(statement, baseline, rule), rule, goal, target_year, years)


def named(rows: Sequence[PlanRow]) -> dict[str, PlanRow]:
    """Rows by name: ID, ID.SCOPE where there are several scopes, .2 for a second statement."""
    scopes: dict[str, set[str]] = {}
    for row in rows:
        scopes.setdefault(row.statement.id, set()).add(row.statement.scope)
    found: dict[str, PlanRow] = {}
    for row in rows:
        several = len(scopes[row.statement.id]) > 1 and row.statement.scope
        scope = f".{row.statement.scope.replace(' ', '_')}" if several else ""
        stem = name = f"{row.statement.id}{scope}"
        number = 2
        while name in found:
            name, number = f"{stem}.{number}", number + 1
        found[name] = row
    return found
