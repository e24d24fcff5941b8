"""Each indicator of the plan against the projection: reached? enough? how surely?

Every statement of the plan is held against need and supply (held.py, coverage.py), judged
(figures.py) and graded (grades.py); what cannot be tested says why.  p_enough = P(available >=
required), p_reached = P(projected meets the target).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sim.adequacy import coverage, weakest
from sim.adequacy.case import Case
from sim.adequacy.figures import outcome_figures, supply_figures
from sim.adequacy.grades import coverage_rests_on, target_rests_on
from sim.adequacy.held import Held, basis_read, hold
from sim.adequacy.series import median
from sim.adequacy.shortfall import first_short_year
from sim.adequacy.table import Row
from sim.plan import Indicator
from sim.plan.statements import (
    as_level,
    goal_text,
    operator_of,
    statements,
    target_text,
    target_value,
    years_tested,
)
from sim.plan.targets import BASES_ZH
from sim.plan.tests import TestRule, rule_for
from sim.writing import number


def assess(cases: Iterable[Case]) -> list[Row]:
    """Rows for every indicator of the plan, tested year, region and scenario."""
    rows: list[Row] = []
    for case in cases:
        rows += _rows(case, case.test_years)
    return rows


def _rows(context: Case, test_years: tuple[int, ...]) -> Iterator[Row]:
    for statement, baseline in statements(context.plan):
        rule = rule_for(context.rules, statement.id, statement.scope)
        target_year, tested = years_tested(context.plan, statement, test_years)
        rows = [_row(context, statement, baseline, rule, target_year, y) for y in tested]
        judged = [row for row in rows if row["verdict"] != "not_tested"]
        if judged:
            short = _first_short_year(context, statement, baseline, rule, target_year)
            for row in judged:
                row["first_short_year"] = short or ""
        yield from rows


def _first_short_year(
    context: Case,
    statement: Indicator,
    baseline: Indicator | None,
    rule: TestRule,
    target_year: int,
) -> int | None:
    goal = target_value(statement, baseline)
    if goal is None:
        return None
    level = as_level(statement, baseline, rule)
    return first_short_year(context, level, rule, goal, target_year)


def _row(
    context: Case,
    statement: Indicator,
    baseline: Indicator | None,
    rule: TestRule,
    target_year: int,
    year: int,
) -> Row:
    row = _head(context, statement, baseline, rule, target_year, year)
    years = context.measures.years()
    if rule.test == "none":
        return {**row, "reason": rule.reason}
    if not years[0] <= year <= years[-1]:
        return {**row, "reason": f"{year} is outside {years[0]}..{years[-1]} / 年份超出预测期"}
    goal = target_value(statement, baseline)
    if goal is None and rule.test == "outcome" and statement.operator == "change":
        goal = statement.fraction
    if goal is None:
        return {**row, "reason": "the document gives no number / 文件未给出数值"}
    statement = as_level(statement, baseline, rule)
    if rule.test in ("ratio", "count") and statement.operator == "change":
        factor = statement.unit.factor
        row |= {"unit": statement.unit.name, "unit_factor": repr(factor)}
        row["goal"] = number(goal / factor)
    if rule.test == "coverage":
        return {**row, **_coverage(context, statement, rule, goal, target_year, year)}
    held = hold(context.measures, context, statement, rule, goal, target_year, year)
    if held is None:
        return {**row, "reason": _not_modelled(rule)}
    return {**row, **_judged(context, statement, rule, goal, target_year, year, held)}


def _head(
    context: Case,
    statement: Indicator,
    baseline: Indicator | None,
    rule: TestRule,
    target_year: int,
    year: int,
) -> Row:
    is_target = statement.kind in ("target", "standard")
    scope = "" if statement.scope in ("", "all") else f" ({statement.scope})"
    return {
        "plan": context.plan.id,
        "region": context.region,
        "scenario": context.scenario,
        "indicator_id": statement.id,
        "name_zh": statement.entry.name_zh + scope,
        "name_en": statement.entry.name_en + scope,
        "year": year,
        "unit": statement.unit.name,
        "population_basis": statement.population_basis or rule.basis,
        "baseline": baseline.text if baseline is not None else "",
        "target": target_text(statement, baseline) if is_target else "",
        "verdict": "not_tested",
        "test": rule.test,
        "variable": rule.variable,
        "group": rule.group,
        "question": rule.question,
        "operator": statement.operator,
        "binding": statement.binding,
        "scope": statement.scope,
        "location": f"{statement.location}; line {statement.line}",
        "target_year": target_year,
        "scale": rule.scale,
        "unit_factor": repr(statement.unit.factor),
        "goal": goal_text(statement, baseline),
        "sense": operator_of(statement),
        "basis_read": basis_read(context, statement, rule) if rule.test == "ratio" else "",
    }


def _judged(
    context: Case,
    statement: Indicator,
    rule: TestRule,
    goal: float,
    target_year: int,
    year: int,
    held: Held,
) -> Row:
    if held.p_meets is not None:
        out = outcome_figures(context, held)
    else:
        out = supply_figures(context, statement, held)
    rests = target_rests_on(context, statement, rule, goal, target_year, year)
    out["grade"] = weakest([q for _, q in rests]) or "A"
    out["rests_on"] = "; ".join(f"{name} ({quality})" for name, quality in rests)
    notes = [out.pop("note", ""), _notes(context, statement, rule, target_year, year)]
    out["reason"] = "; ".join(n for n in notes if n)
    return out


def _coverage(
    context: Case,
    statement: Indicator,
    rule: TestRule,
    goal: float,
    target_year: int,
    year: int,
) -> Row:
    """A coverage target as a workload: the people it means, beside the staff time there is."""
    people = coverage.covered_people(context.measures, rule, year)
    if people is None:
        return {"reason": _not_modelled(rule)}
    need = coverage.workload(statement, rule, goal, people)
    text = f"{median(need):,.0f}"
    capacity = coverage.capacity(context.measures, rule, year)
    if capacity is None:
        return {
            "required_count_p50": median(need),
            "reason": f"means {text} people or events a year; the plan states no capacity / "
            f"意味着每年 {text} 人（次），规划未给出服务能力; {rule.reason}",
        }
    counted = coverage.is_count(statement, rule)
    per = np.ones_like(need) if counted else need / goal
    held = Held(capacity, need, per=per * statement.unit.factor)
    rests = coverage_rests_on(context, rule, year)
    out = supply_figures(context, statement, held)
    del out["need_plan_p50"]
    return {
        **out,
        "p_reached": out["p_enough"],
        "grade": weakest([q for _, q in rests]) or "A",
        "rests_on": "; ".join(f"{name} ({quality})" for name, quality in rests),
        "reason": _coverage_note(context, statement, rule, target_year, year, text),
    }


def _coverage_note(
    context: Case, statement: Indicator, rule: TestRule, target_year: int, year: int, text: str
) -> str:
    said = (
        f"means {text} people or events a year against what the staff and services there are "
        f"can cover / 意味着每年 {text} 人（次），与现有人力和服务能力比较"
    )
    return f"{said}; {_notes(context, statement, rule, target_year, year)}"


def _not_modelled(rule: TestRule) -> str:
    missing = f"the model has no {rule.variable} {rule.group}".rstrip()
    return f"{missing} / 模型未覆盖该变量"


def _notes(context: Case, statement: Indicator, rule: TestRule, target_year: int, year: int) -> str:
    notes = [rule.reason]
    if statement.kind in ("baseline", "history"):
        notes.append("no target; the baseline carried forward / 无目标，按基期水平外推")
    if statement.kind == "standard":
        notes.append("a standard that the plan cites / 规划引用的标准")
    if year > target_year:
        notes.append(f"target of {target_year} carried forward / {target_year}年目标外推")
    if statement.population_basis == "unstated" and rule.test == "ratio":
        basis = basis_read(context, statement, rule)
        zh = BASES_ZH.get(basis, basis)
        notes.append(f"population basis unstated, read as {basis} / 人口口径未注明，按{zh}")
    return "; ".join(n for n in notes if n)
