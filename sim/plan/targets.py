"""The resource targets of a plan in the model's units, and the population that each ratio is read on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.plan.document import Plan
from sim.plan.tests import TestRule, rule_for
from sim.schema import RESOURCES

AGE_BASES = {"population 65+": "65+", "older residents": "65+"}
BASES_ZH = {
    "resident": "常住人口",
    "registered": "户籍人口",
    "served": "服务人口",
    "urban": "城镇人口",
    "agricultural": "农业人口",
    "county x3": "县域人口×3",
}


@dataclass(frozen=True)
class PlanTarget:
    """One resource target of a plan, in model units."""

    variable: str
    group: str
    is_ratio: bool
    value: float
    basis: str
    year: int


def read_basis(stated: str, by_rule: str, unstated: str) -> str:
    """The population basis that a ratio is read on.

    stated: the plan's own words; where it states none, the rule's narrower basis counts, else
    `unstated`, the basis for ratios that name no population.
    """
    if stated not in ("", "unstated"):
        return stated
    if by_rule not in ("", "resident"):
        return by_rule
    return unstated if stated == "unstated" else "resident"


def plan_targets(plan: Plan, rules: Mapping[tuple[str, str], TestRule]) -> tuple[PlanTarget, ...]:
    """The resource targets of a plan; where one is stated twice, the binding or first one."""
    found: dict[tuple[str, str], PlanTarget] = {}
    for row in sorted(plan.targets, key=lambda r: r.binding != "binding"):
        rule = rule_for(rules, row.id, row.scope)
        if rule.test not in ("ratio", "count") or row.fraction is None:
            continue
        if row.operator == "change" or rule.variable not in RESOURCES:
            continue
        target = PlanTarget(
            rule.variable,
            rule.group or "total",
            rule.test == "ratio",
            1.0 / row.fraction if rule.scale == "inverse" else row.fraction,
            read_basis(row.population_basis, rule.basis, "unstated"),
            row.last_year or plan.target_year,
        )
        found.setdefault((target.variable, target.group), target)
    return tuple(found.values())
