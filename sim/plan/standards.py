"""Requirements that follow from a plan's rules: 90 one-line formulas, by type of rule.

v is the rule's value as a fraction of its unit ("per 1000" -> v / 1000, "%" -> v / 100), n its
input (people, births, counties, ...), s its scale (3 for the tripled county base):

    per_capita, per_capita_range, share, coverage, multiplier, per_area, per_facility, ratio,
    workload          v n s
    population_per_unit   n s / v
    growth            b (1 + v) n, b = the plan's own baseline rate
    total             v
    spatial, queue    declined: a map or a queue is needed, not a number of people
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import PlanError, fault, raise_all
from sim.plan.document import Plan, Standard

_DECLINED = {
    "spatial": (
        "needs a map of stations and people, not a number of people",
        "需要站点与人口分布图，非人口数可算",
    ),
    "queue": (
        "a queue of calls: answered by the hospital model (healthplan stress)",
        "呼叫排队问题：由医院模型（healthplan stress）回答",
    ),
}
_UNSTATED = "pop"
COLUMNS = (
    "plan",
    "standard_id",
    "indicator_id",
    "name_zh",
    "output",
    "rule_type",
    "operator",
    "year",
    "level",
    "required",
    "required_high",
    "arithmetic",
    "reason",
    "location",
    "line",
)
"""Of a table of requirements."""


@dataclass(frozen=True)
class Requirement:
    """What a rule asks for: `value` (to `value_high` for a printed range) of `output`.

    value is None if an input is `missing` or the rule is `declined` (reasons in both languages).
    """

    standard: Standard
    value: float | None
    value_high: float | None
    arithmetic: str
    missing: str = ""
    declined_en: str = ""
    declined_zh: str = ""

    @property
    def output(self) -> str:
        """What is required, e.g. "village clinics"."""
        return self.standard.output

    @property
    def reason(self) -> str:
        """Why there is no value, "en / zh"; "" where there is one."""
        if not self.missing:
            return f"{self.declined_en} / {self.declined_zh}" if self.declined_en else ""
        unsaid = self.missing == _UNSTATED
        en = ": the plan does not say which population; give pop" if unsaid else ""
        zh = "：规划未说明人口口径；请给出 pop" if unsaid else ""
        return f"input '{self.missing}' is missing{en} / 缺少输入 '{self.missing}'{zh}"


def requirement(standard: Standard, inputs: Mapping[str, float], plan: Plan | None = None) -> Requirement:
    """The requirement of one rule, or the name of the input that it lacks.

    inputs: people by basis (pop_resident, pop_urban, ...; `pop` where the plan does not state the
    basis), births, beds_primary, n_counties, ...  plan: its printed counts of places stand in for
    inputs that are not given, and its baseline for a rule of growth.
    Raises PlanError if an input that is used is negative or not finite.
    """
    if standard.rule_type in _DECLINED:
        en, zh = _DECLINED[standard.rule_type]
        return Requirement(standard, None, None, "", declined_en=en, declined_zh=zh)
    low = standard.value * standard.unit.factor
    high = standard.value_high * standard.unit.factor
    if standard.rule_type == "total":
        return Requirement(standard, low, high, f"{standard.value:g}")
    known = {**(plan.administrative_units if plan else {}), **inputs}
    if standard.input not in known:
        return Requirement(standard, None, None, "", missing=standard.input)
    amount = known[standard.input]
    if not math.isfinite(amount) or amount < 0:
        place = f"{standard.plan}/standards.csv:{standard.row} ({standard.standard_id})"
        wrong = f"input {standard.input} = {amount}"
        raise PlanError(fault(place, wrong, "give a number of at least 0"))
    base, scaled = f"{standard.input} {amount:g}", amount * standard.scale
    if standard.scale != 1:
        base = f"{standard.scale:g} x {base}"
    if standard.rule_type == "population_per_unit":
        text = f"{base} / {standard.value:g}"
        return Requirement(standard, scaled / high, scaled / low, text)
    if standard.rule_type == "growth":
        rate = _baseline(standard, plan)
        if rate is None:
            return Requirement(standard, None, None, "", f"baseline of {standard.base_indicator}")
        value = rate * (1 + low) * scaled
        return Requirement(standard, value, value, f"{rate:g} x (1 + {low:g}) x {base}")
    text = f"{standard.value:g} {standard.unit.name} x {base}"
    return Requirement(standard, low * scaled, high * scaled, text)


def requirements(plan: Plan, inputs: Mapping[str, float]) -> list[Requirement]:
    """The requirement of every rule of a plan; rules without their input say which one.

    Raises PlanError for inputs that are negative or not finite, all at once.
    """
    found, faults = [], []
    for standard in plan.standards:
        try:
            found.append(requirement(standard, inputs, plan))
        except PlanError as error:
            faults.append(str(error))
    raise_all(PlanError, faults)
    return found


def standards_table(found: list[Requirement]) -> list[dict[str, str]]:
    """Requirements as rows of a table of the columns COLUMNS."""
    return [dict(zip(COLUMNS, _cells(r), strict=True)) for r in found]


def _cells(r: Requirement) -> tuple[str, ...]:
    s = r.standard
    return (
        s.plan,
        s.standard_id,
        s.entry.id,
        s.entry.name_zh,
        s.output,
        s.rule_type,
        s.operator,
        s.year,
        s.level,
        "" if r.value is None else f"{r.value:.1f}",
        "" if r.value_high is None else f"{r.value_high:.1f}",
        r.arithmetic,
        r.reason,
        s.location,
        str(s.line),
    )


def _baseline(standard: Standard, plan: Plan | None) -> float | None:
    """The plan's baseline of the indicator that grows, as a fraction."""
    rows = plan.rows(standard.base_indicator, "baseline") if plan else ()
    return next((i.fraction for i in rows if i.fraction is not None), None)
