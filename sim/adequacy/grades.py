"""What a verdict rests on: the parameters that move it, and the weakest of their grades."""

from __future__ import annotations

import numpy as np

from sim.adequacy.case import Case
from sim.adequacy.coverage import capacity, covered_people
from sim.adequacy.held import hold
from sim.adequacy.series import Floats
from sim.plan import Indicator
from sim.plan.tests import TestRule


def target_rests_on(
    context: Case,
    statement: Indicator,
    rule: TestRule,
    goal: float,
    target_year: int,
    year: int,
) -> list[tuple[str, str]]:
    """Parameters (and their grades) that move the answer, strongest first."""
    held = hold(context.swung, context, statement, rule, goal, target_year, year)
    if held is None:
        return []
    if held.required is None:
        return influential(context, held.available)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(held.required > 0, held.available / held.required, 0.0)
    return influential(context, ratio)


def coverage_rests_on(context: Case, rule: TestRule, year: int) -> list[tuple[str, str]]:
    """Parameters (and their grades) that move how much of the need can be covered."""
    people, covered = covered_people(context.swung, rule, year), capacity(context.swung, rule, year)
    return [] if people is None or covered is None else influential(context, covered / people)


def influential(context: Case, values: Floats) -> list[tuple[str, str]]:
    """Parameters (and their grades) that move `values` of the swings, strongest first."""
    swing = context.swings.relative(np.nan_to_num(values))
    order = [int(i) for i in np.argsort(-swing, kind="stable") if swing[i] >= context.influence]
    return [(context.swings.names[i], context.swings.qualities[i]) for i in order]
