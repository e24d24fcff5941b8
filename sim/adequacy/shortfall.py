"""The first year in which the need is more than the plan provides, tested or not.

What the plan provides: on the way to a target of beds or staff the straight line from the base
year's stock to the target, from the target year on what the verdict counts. Medians over the draws.
"""

from __future__ import annotations

from sim.adequacy import coverage
from sim.adequacy.case import Case
from sim.adequacy.gap import TIE
from sim.adequacy.held import hold
from sim.adequacy.series import Floats, expression, median
from sim.plan import Indicator
from sim.plan.tests import TestRule

Pair = tuple[Floats, Floats]
"""(what is needed, what the plan provides), by draw, in the model's unit."""


def first_short_year(
    context: Case, statement: Indicator, rule: TestRule, goal: float, target_year: int
) -> int | None:
    """The first year after the base year (with it where the target is due) in which need is more.

    None where it never is, where the target is no provision (outcomes), and where the target year
    is beyond the run.  What has no known stock, shares and coverage count from the target year on.
    """
    years = context.measures.years()
    if target_year > years[-1]:
        return None
    for year in years:
        pair = _pair(context, statement, rule, goal, target_year, year)
        if pair is not None and median(pair[0]) > median(pair[1]) * (1 + TIE):
            return year
    return None


def _pair(
    context: Case,
    statement: Indicator,
    rule: TestRule,
    goal: float,
    target_year: int,
    year: int,
) -> Pair | None:
    m = context.measures
    if rule.test == "coverage":
        return coverage.coverage_pair(m, statement, rule, goal, year) if year >= target_year else None
    held = hold(m, context, statement, rule, goal, target_year, max(year, target_year))
    if held is None or held.required is None:
        return None
    if year >= target_year:
        return held.required, held.available
    return _on_the_way(context, rule, target_year, year, held.available)


def _on_the_way(context: Case, rule: TestRule, target_year: int, year: int, end: Floats) -> Pair | None:
    """Before the target year; end: what the plan provides in that year."""
    m, group = context.measures, rule.group or "total"
    base = m.years()[0]
    start = expression(m, f"{rule.variable}_projected", group, base)
    required = expression(m, f"{rule.variable}_required", group, year)
    if rule.test not in ("ratio", "count") or start is None or required is None or year == base:
        return None
    weight = (year - base) / (target_year - base)
    return required, start * (1 - weight) + end * weight
