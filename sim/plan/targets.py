"""A target held against the model: what is stated, of what, by when, on whose number, in which sense.

`Target` is all that a test needs to know of a statement of the plan; it is made here once, in the
model's units, and carried unchanged through verdicts, revision and sweeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sim.arrays import Floats
from sim.catalogue.bases import UNSTATED, basis_named, read_basis
from sim.plan.change import is_relative, over_years
from sim.plan.document import Plan
from sim.plan.indicator import Indicator
from sim.plan.statements import (
    Statement,
    goal_of,
    half_digit,
    in_level_unit,
    sense_of,
    statements,
    years_tested,
)
from sim.plan.tests import KINDS, Kind, TestRule, rule_for
from sim.schema import RESOURCES

Rules = Mapping[tuple[str, str], TestRule]


@dataclass(frozen=True)
class Target:
    """One target, in what a test needs.

    test, variable, group, scale: of the indicator's rule.  goal: in the model's unit, of a ratio
    per head.  factor: model units (`unit_base`) in one of the plan's `unit`.  step: half of the last
    digit that the plan prints, in its unit.  sense: >=, <=, >, < or `in` the good range low..high
    (the plan's unit).  basis: the population of a ratio, as stated or by its rule.  growth: the goal
    is a change since the base year.  counted: a coverage stated as a number of people.  stated: a
    target or a standard; else a baseline or history that is only carried along.  since: the plan's base
    year, whose stock it builds on.
    """

    indicator: str
    scope: str
    test: str
    variable: str
    group: str
    scale: str
    goal: float
    year: int
    sense: str
    unit: str
    factor: float
    unit_base: str = ""
    step: float = 0.0
    basis: str = ""
    growth: bool = False
    counted: bool = False
    stated: bool = True
    low: float = float("nan")
    high: float = float("nan")
    since: int = 0

    @property
    def kind(self) -> Kind:
        """The kind of its test."""
        return KINDS[self.test]

    @property
    def inverse(self) -> bool:
        """Whether the plan states people for one unit, not units for people."""
        return self.scale == "inverse"

    @property
    def per_head(self) -> float:
        """The goal of a ratio as units per head."""
        return 1.0 / self.goal if self.inverse else self.goal


@dataclass(frozen=True)
class Stated:
    """A statement of the plan with its rule, and the target that it sets; None where it sets none."""

    statement: Statement
    rule: TestRule
    year: int
    years: tuple[int, ...]
    """The years that are looked at: the target year, and those of the experiment after it."""
    target: Target | None


def stated_targets(plan: Plan, rules: Rules, test_years: Sequence[int]) -> Iterator[Stated]:
    """Everything that a plan states, in document order, each with its target if it can be tested.

    Raises PlanError where a tested ratio stands on a population that the model does not have.
    """
    for statement in statements(plan):
        rule = rule_for(rules, statement.row.id, statement.row.scope)
        year, years = years_tested(plan, statement, tuple(test_years))
        yield Stated(statement, rule, year, years, _target(statement, rule, year, plan.base_year))


def _target(statement: Statement, rule: TestRule, year: int, since: int) -> Target | None:
    goal = goal_of(statement)
    printed = statement.row
    relative = printed.operator == "change" and is_relative(printed.unit) and printed.value is not None
    growth = goal is None and rule.kind.grows and relative
    if growth:
        goal = over_years(printed, since)
    if not rule.kind.tested or goal is None:
        return None
    row = in_level_unit(statement)
    basis = ""
    if rule.kind.per_head:
        basis = read_basis(row.population_basis, rule.basis, UNSTATED)
        if basis != UNSTATED:
            basis_named(basis, row.place)
    low, high = good_interval(row, goal)
    return Target(
        indicator=row.id,
        scope=row.scope,
        test=rule.test,
        variable=rule.variable,
        group=rule.group,
        scale=rule.scale,
        goal=goal,
        year=year,
        sense=sense_of(row),
        unit=row.unit.name,
        factor=row.unit.factor,
        unit_base=row.unit.base,
        step=half_digit(statement, row.unit.name),
        basis=basis,
        growth=growth,
        counted=row.unit.quantity == "count" and rule.scale != "visits per patient",
        stated=statement.is_stated,
        low=low,
        high=high,
        since=since,
    )


def good_interval(row: Indicator, goal: float) -> tuple[float, float]:
    """Values that meet a plain figure of an indicator whose good values are a range, in its unit.

    A printed range is itself what is good.  Else the figure bounds its own side: a cap in the upper
    half of the range or above it, else a floor; the range bounds the other.  goal: in the model's unit.
    NaN where good is no range.
    """
    low, high = row.entry.good_low, row.entry.good_high
    if low is None or high is None:
        return float("nan"), float("nan")
    if row.value is not None and row.value_high is not None and row.value < row.value_high:
        return row.value, row.value_high
    if goal > (low + high) / 2.0:
        return min(low, goal) / row.unit.factor, goal / row.unit.factor
    return goal / row.unit.factor, max(high, goal) / row.unit.factor


@dataclass(frozen=True)
class PlanTarget:
    """One resource target of a plan, in model units: what the supply of the plan is made from."""

    variable: str
    group: str
    is_ratio: bool
    value: float
    basis: str
    year: int
    since: int = 0
    """The plan's base year, whose stock it builds on."""

    def on(self, unstated: str) -> PlanTarget:
        """The same with `unstated` as the population of a ratio that names none."""
        return replace(self, basis=unstated) if self.basis == UNSTATED else self


def plan_targets(plan: Plan, rules: Rules) -> tuple[PlanTarget, ...]:
    """The resource targets of a plan; where one is stated twice, the binding or first one."""
    found: dict[tuple[str, str], PlanTarget] = {}
    stated = [s for s in stated_targets(plan, rules, ()) if s.statement.row.kind == "target"]
    for one in sorted(stated, key=lambda s: s.statement.row.binding != "binding"):
        target = one.target
        if target is None or not one.rule.kind.provides or target.variable not in RESOURCES:
            continue
        if one.statement.row.operator == "change":
            continue
        made = PlanTarget(
            target.variable,
            target.group or "total",
            one.rule.kind.per_head,
            target.per_head,
            target.basis,
            target.year,
            target.since,
        )
        found.setdefault((made.variable, made.group), made)
    return tuple(found.values())


def built_on(years: Sequence[int] | Floats, target_year: int, since: int) -> int:
    """The year whose stock a target builds on: the plan's base year `since`, or the run's if later.

    years: of the run.  A base year that lies beyond the run or is no earlier than the target is none.
    """
    first, last = int(years[0]), int(years[-1])
    return since if first < since < target_year and since <= last else first
