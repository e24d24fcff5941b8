"""The population behind a ratio: what the planned count and the verdict are on each basis.

"5.76 beds per 1000 people" means one number of beds on the residents (常住人口), another on the
registered (户籍人口) or on everybody served (服务人口). Each ratio of a plan is held against the
need on every basis; the one that its verdict uses is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from sim.adequacy import compare, judge
from sim.adequacy.case import Case
from sim.adequacy.held import basis_read, hold
from sim.adequacy.series import median
from sim.adequacy.table import Row
from sim.catalogue.verdicts import VERDICTS
from sim.draws import sampled
from sim.plan import Indicator
from sim.plan.statements import as_level, statements, target_value, years_tested
from sim.plan.targets import BASES_ZH
from sim.plan.tests import TestRule, rule_for
from sim.writing import number

COLUMNS = (
    "plan",
    "region",
    "scenario",
    "indicator_id",
    "name_zh",
    "name_en",
    "scope",
    "year",
    "unit",
    "target",
    "basis_stated",
    "basis",
    "used",
    "people_p50",
    "planned_count_p50",
    "required_count_p50",
    "required_p50",
    "ratio_p50",
    "p_enough",
    "verdict",
    "location",
)
SWITCHED = ("resident", "registered", "served", "urban", "agricultural")
PLAUSIBLE = ("resident", "registered", "served")  # what an unstated "per 1000" may well mean
_FIGURES = frozenset(c for c in COLUMNS if c.endswith("_p50") or c == "p_enough")


def basis_rows(cases: Iterable[Case]) -> list[Row]:
    """A row for every ratio of the plan, tested year, scenario, region and population basis."""
    return [row for case in cases for row in rows(case, case.test_years)]


def rows(context: Case, test_years: tuple[int, ...]) -> Iterator[Row]:
    """Rows of one scenario and region."""
    known = context.measures.years()
    for statement, baseline in statements(context.plan):
        rule = rule_for(context.rules, statement.id, statement.scope)
        goal = target_value(statement, baseline)
        if rule.test != "ratio" or goal is None:
            continue
        statement = as_level(statement, baseline, rule)
        target_year, tested = years_tested(context.plan, statement, test_years)
        for year in tested:
            if known[0] <= year <= known[-1]:
                yield from _on_each(context, statement, rule, goal, target_year, year)


def _on_each(
    context: Case,
    statement: Indicator,
    rule: TestRule,
    goal: float,
    target_year: int,
    year: int,
) -> Iterator[Row]:
    read = basis_read(context, statement, rule)
    for basis in dict.fromkeys((read, *SWITCHED)):
        switched = replace(statement, population_basis=basis)
        held = hold(context.measures, context, switched, rule, goal, target_year, year)
        if held is None or held.required is None:
            return
        required, available = sampled(held.required), sampled(held.available)
        c = compare(required, available, context.thresholds.surplus_ratio)
        people = context.measures.population(basis, year)
        stated = statement.kind in ("target", "standard")
        yield {
            "plan": context.plan.id,
            "region": context.region,
            "scenario": context.scenario,
            "indicator_id": statement.id,
            "name_zh": statement.entry.name_zh,
            "name_en": statement.entry.name_en,
            "scope": statement.scope,
            "year": year,
            "unit": statement.unit.name,
            "target": f"{statement.operator.removeprefix('=')}{statement.text}" if stated else "",
            "basis_stated": statement.population_basis or rule.basis,
            "basis": basis,
            "used": "yes" if basis == read else "",
            "people_p50": median(people),
            "planned_count_p50": c.available,
            "required_count_p50": c.required[1],
            "required_p50": median(held.shown(held.required)),
            "ratio_p50": c.ratio,
            "p_enough": c.p_enough,
            "verdict": judge(c.p_enough, c.p_surplus, context.thresholds),
            "location": f"{statement.location}; line {statement.line}",
        }


def note_effects(assessed: Iterable[Row], switched: Iterable[Row]) -> None:
    """Write the effect of the basis into the adequacy rows: `basis_effect`, and `reason`.

    Every ratio gets the planned count on the other bases; one whose basis the plan does not state
    says in its reason which other likely basis would change its verdict.
    """
    by_row: dict[tuple[Any, ...], list[Row]] = {}
    for row in switched:
        by_row.setdefault(_key(row), []).append(row)
    for row in assessed:
        bases = by_row.get(_key(row))
        if not bases:
            continue
        used = next(b for b in bases if b["used"])
        others = [b for b in bases if b is not used]
        row["basis_effect"] = "; ".join(_effect(b, used) for b in others)
        if used["basis_stated"] != "unstated":
            continue
        turned = [b for b in others if b["basis"] in PLAUSIBLE and b["verdict"] != used["verdict"]]
        if turned:
            en = ", ".join(f"{b['verdict']} if {b['basis']}" for b in turned)
            zh = "，".join(f"按{BASES_ZH[b['basis']]}为{VERDICTS[b['verdict']].zh}" for b in turned)
            row["reason"] = f"{row['reason']}; {en} / {zh}"


def _key(row: Row) -> tuple[Any, ...]:
    names = ("region", "scenario", "indicator_id", "scope", "year", "location", "unit")
    return tuple(row[name] for name in names)


def _effect(other: Row, used: Row) -> str:
    planned = other["planned_count_p50"]
    change = planned / used["planned_count_p50"] - 1 if used["planned_count_p50"] else 0.0
    return f"{other['basis']}: {planned:,.0f} ({change:+.0%}), {other['verdict']}"


def printed(row: Row) -> Row:
    """A row of basis.csv, numbers as text."""
    return {c: _text(row[c]) if c in _FIGURES else row[c] for c in COLUMNS}


def _text(value: float) -> str:
    return number(value) if np.isfinite(value) else ""
