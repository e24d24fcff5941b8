"""A coverage target as a workload: the people it means, beside those who can be covered."""

from __future__ import annotations

import numpy as np

from sim.adequacy.series import Floats, Measures, expression
from sim.plan import Indicator
from sim.plan.tests import TestRule
from sim.schema import RESOURCES


def coverage_pair(
    m: Measures, statement: Indicator, rule: TestRule, goal: float, year: int
) -> tuple[Floats, Floats] | None:
    """(people or events that a coverage target means, those that can be covered), by draw."""
    people, covered = covered_people(m, rule, year), capacity(m, rule, year)
    if people is None or covered is None:
        return None
    return workload(statement, rule, goal, people), covered


def workload(statement: Indicator, rule: TestRule, goal: float, people: Floats) -> Floats:
    """People or events that a target means, by draw: a stated count, or a share of `people`.

    A past count that is more than there are by now means all of them.
    """
    if not is_count(statement, rule):
        return people * goal
    past = statement.kind in ("baseline", "history")
    return np.minimum(people, goal) if past else np.full_like(people, goal)


def is_count(statement: Indicator, rule: TestRule) -> bool:
    """Whether the plan states the number of people itself, not a share of them."""
    return statement.unit.quantity == "count" and rule.scale != "visits per patient"


def covered_people(m: Measures, rule: TestRule, year: int) -> Floats | None:
    """What the plan's figure multiplies: people or events at full coverage.

    scale "per population": all residents; "visits per patient": the patients of <group>_visits.
    """
    if rule.scale == "per population":
        return m.population("resident", year)
    return expression(m, _required(rule), _patients(rule), year)


def _patients(rule: TestRule) -> str:
    if rule.scale == "visits per patient":
        return rule.group.removesuffix("_visits")
    return rule.group


def _required(rule: TestRule) -> str:
    return f"{rule.variable}_required" if rule.variable in RESOURCES else rule.variable


def capacity(m: Measures, rule: TestRule, year: int) -> Floats | None:
    """People or events that the staff and services there are can cover; None where unknown."""
    if rule.variable not in RESOURCES:
        return None
    return expression(m, f"{rule.variable}_projected", rule.group, year)
