"""A target held against need and supply: arrays over draws, in the model's own unit.

For every target the plan's own figure is carried out on the plan's own population basis
(available), set against what the population needs (required), and against what the trend of
supply would bring without the plan (projected).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import special

from sim.adequacy.series import Floats, Measures, expression
from sim.plan import Indicator
from sim.plan.statements import meets, operator_of
from sim.plan.targets import read_basis
from sim.plan.tests import TestRule
from sim.schema import RESOURCES


class Reading(Protocol):
    """How a plan's figures are read."""

    @property
    def after_target(self) -> str:
        """What follows the target year: hold_ratio, hold_count or trend."""

    @property
    def unstated_basis(self) -> str:
        """The population that a ratio without a stated basis is read on."""


@dataclass(frozen=True)
class Held:
    """One target held against the model: arrays over draws in the model's own unit.

    `shown` turns them into the plan's unit.
    """

    available: Floats
    required: Floats | None = None
    projected: Floats | None = None
    norm: Floats | None = None
    p_meets: Floats | None = None
    """Probability in each draw that an outcome meets the target."""
    per: Floats | None = None
    """Model units in one of the plan's units; None: the plan divides `people` by the number."""
    people: Floats | None = None

    def shown(self, values: Floats) -> Floats:
        """Values in the plan's unit."""
        if self.per is not None:
            return values / self.per
        assert self.people is not None
        with np.errstate(divide="ignore"):
            return self.people / values


def hold(
    m: Measures,
    context: Reading,
    statement: Indicator,
    rule: TestRule,
    goal: float,
    target_year: int,
    year: int,
) -> Held | None:
    """The target against the model's series; None where a series is not modelled."""
    if rule.test in ("ratio", "count"):
        return _resource(m, context, statement, rule, goal, target_year, year)
    value = expression(m, rule.variable, rule.group, year)
    if value is None:
        return None
    if rule.test == "outcome" and statement.operator == "change" and goal == statement.fraction:
        base = expression(m, rule.variable, rule.group, m.years()[0])
        assert base is not None
        value = value / base - 1.0  # no level in the document: the change since the base year
    per = np.full_like(value, statement.unit.factor)
    if rule.test == "share" and all("_required" in t for t in rule.variable.split("/")):
        projected = expression(m, rule.variable.replace("_required", "_projected"), rule.group, year)
        available = np.full_like(value, goal)
        norm = _norm_share(m, rule.variable, year)
        return Held(available=available, required=value, projected=projected, norm=norm, per=per)
    return Held(available=value, p_meets=_meets(m, statement, goal, value, year), per=per)


def _resource(
    m: Measures,
    context: Reading,
    statement: Indicator,
    rule: TestRule,
    goal: float,
    target_year: int,
    year: int,
) -> Held | None:
    group = rule.group or "total"
    required = expression(m, f"{rule.variable}_required", group, year)
    if required is None:
        return None
    projected = expression(m, f"{rule.variable}_projected", group, year)
    basis = basis_read(context, statement, rule)
    reached = max(target_year, m.years()[0])
    people, then = m.population(basis, year), m.population(basis, reached)
    per: Floats | None
    if rule.scale == "inverse":
        planned, base, per = people / goal, then / goal, None
    elif rule.test == "ratio":
        planned, base, per = goal * people, goal * then, people * statement.unit.factor
    else:
        planned = base = np.full_like(required, goal)
        per = np.full_like(required, statement.unit.factor)
    if year > target_year and context.after_target == "hold_count":
        planned = base
    elif year > target_year and context.after_target == "trend" and projected is not None:
        then_projected = expression(m, f"{rule.variable}_projected", group, reached)
        assert then_projected is not None
        planned = base + projected - then_projected
    norm = _norm(m, rule.variable, group, year)
    return Held(planned, required, projected, norm, per=per, people=people)


def _norm(m: Measures, variable: str, group: str, year: int) -> Floats | None:
    """Need by national norm: its own series, or for staff the method `ratio`."""
    if m.has(f"{variable}_required_norm", group):
        return m.at(f"{variable}_required_norm", group, year)
    resource = RESOURCES.get(variable)
    if resource is not None and resource.group_dim == "staff_method":
        return m.at(f"{variable}_required", "ratio", year)
    return None


def _norm_share(m: Measures, text: str, year: int) -> Floats | None:
    """A quotient of two needs by norm; None where one of them has none."""
    found = []
    for term in text.split("/"):
        name, _, group = term.strip().partition(".")
        by_norm = _norm(m, name.removesuffix("_required"), group or "total", year)
        if by_norm is None:
            return None
        found.append(by_norm)
    return found[0] / found[1] if len(found) == 2 else None


def basis_read(context: Reading, statement: Indicator, rule: TestRule) -> str:
    """The population that a ratio is read on: the plan's, else the rule's, else the default."""
    return read_basis(statement.population_basis, rule.basis, context.unstated_basis)


def _meets(m: Measures, statement: Indicator, goal: float, value: Floats, year: int) -> Floats:
    """Probability in each draw that the outcome meets the target.

    For deaths per live birth the year's count is Poisson around its mean: a small region misses
    or meets a target by chance.
    """
    if statement.unit.name.endswith("live births"):
        births = m.at("births", "total", year)
        return rate_met(operator_of(statement), goal, value, births)
    return np.asarray(meets(statement, value, np.full_like(value, goal)), float)


def rate_met(operator: str, goal: float, rate: Floats, births: Floats) -> Floats:
    """P(deaths per live birth meet the goal) in each draw, deaths Poisson around rate x births."""
    limit = np.floor(goal * births + 1e-9)
    most = limit - (limit >= goal * births) * (operator == "<")
    below = np.where(most < 0, 0.0, special.pdtr(np.maximum(most, 0.0), rate * births))
    return np.asarray(below if operator in ("<", "<=") else 1 - below)
