"""The population behind a ratio: what the planned count and the verdict are on each basis.

"5.76 beds per 1000 people" means one number of beds on the residents (常住人口), another on the
registered (户籍人口) or on everybody served (服务人口). Each ratio of a plan is held against the
need on every basis; the one that its verdict uses is marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sim.adequacy.case import Case
from sim.adequacy.gap import compare
from sim.adequacy.kinds import kind_of
from sim.adequacy.series import median
from sim.adequacy.verdict import judge
from sim.catalogue.bases import BASES, UNSTATED
from sim.catalogue.bases import ROWS as BASIS_ROWS
from sim.catalogue.verdicts import verdict_text
from sim.draws import sampled
from sim.plan.targets import Stated, Target, stated_targets
from sim.saved.row import Row
from sim.saved.row_table import IDENTITY, KEY
from sim.writing import finite

Figures = dict[str, Any]
COLUMNS = (
    *IDENTITY,
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
SWITCHED = tuple(row.id for row in BASIS_ROWS if row.switched)
PLAUSIBLE = tuple(row.id for row in BASIS_ROWS if row.plausible)
_FIGURES = frozenset(c for c in COLUMNS if c.endswith("_p50") or c == "p_enough")


def basis_rows(cases: Iterable[Case]) -> list[Figures]:
    """A row for every ratio that the plan sets, by year, scenario, region and population basis."""
    return [row for case in cases for row in rows(case)]


def rows(case: Case) -> Iterator[Figures]:
    """Rows of one scenario and region."""
    known = case.measures.years()
    for stated in stated_targets(case.plan, case.rules, case.test_years):
        target = stated.target
        if target is None or not target.basis or not stated.rule.kind.per_head:
            continue
        for year in stated.years:
            if known[0] <= year <= known[-1]:
                yield from _on_each(case, stated, target, year)


def _on_each(case: Case, stated: Stated, target: Target, year: int) -> Iterator[Figures]:
    used, row = case.reading.basis(target), stated.statement.row
    for basis in dict.fromkeys((used, *SWITCHED)):
        switched = replace(target, basis=basis)
        standing = kind_of(switched).standing(case.reading, switched, year)
        if standing is None or standing.required is None:
            return
        required, available = sampled(standing.required), sampled(standing.available)
        c = compare(required, available, case.thresholds.surplus_ratio, standing.hidden_draws)
        judged = target.stated and year == target.year
        yield {
            "plan": case.plan.id,
            "region": case.region,
            "scenario": case.scenario,
            "indicator_id": target.indicator,
            "name_zh": row.entry.name_zh,
            "name_en": row.entry.name_en,
            "scope": target.scope,
            "year": year,
            "unit": target.unit,
            "target": f"{row.operator.removeprefix('=')}{row.text}" if target.stated else "",
            "basis_stated": row.population_basis or stated.rule.basis,
            "basis": basis,
            "used": "yes" if basis == used else "",
            "people_p50": median(case.measures.population(basis, year)),
            "planned_count_p50": c.available,
            "required_count_p50": c.required[1],
            "required_p50": median(standing.shown(standing.required)),
            "ratio_p50": c.ratio,
            "p_enough": c.p_enough,
            "verdict": judge(c.p_enough, c.p_surplus, case.thresholds) if judged else "no_target",
            "location": stated.statement.places,
        }


def note_effects(assessed: Iterable[Row], switched: Iterable[Figures]) -> None:
    """Write the effect of the basis into the adequacy rows: `basis_effect`, and `reason`.

    Every ratio gets the planned count on the other bases; one whose basis the plan does not state
    says in its reason which other likely basis would change its verdict.
    """
    by_row: dict[tuple[Any, ...], list[Figures]] = {}
    for figures in switched:
        by_row.setdefault(tuple(figures[name] for name in KEY), []).append(figures)
    for row in assessed:
        bases = by_row.get(tuple(getattr(row, name) for name in KEY))
        if not bases:
            continue
        used = next(b for b in bases if b["used"])
        others = [b for b in bases if b is not used]
        row.basis_effect = "; ".join(_effect(b, used) for b in others)
        if used["basis_stated"] != UNSTATED or not row.is_judged:
            continue
        turned = [b for b in others if b["basis"] in PLAUSIBLE and b["verdict"] != used["verdict"]]
        if turned:
            en = ", ".join(f"{b['verdict']} if {b['basis']}" for b in turned)
            zh = "，".join(f"按{BASES[b['basis']].zh}为{verdict_text(b['verdict'], 'zh')}" for b in turned)
            row.say(f"{en} / {zh}")


def _effect(other: Figures, used: Figures) -> str:
    planned = other["planned_count_p50"]
    change = planned / used["planned_count_p50"] - 1 if used["planned_count_p50"] else 0.0
    return f"{other['basis']}: {planned:,.0f} ({change:+.0%}), {other['verdict']}"


def printed(row: Figures) -> Figures:
    """A row of basis.csv, numbers as text."""
    return {c: finite(row[c]) if c in _FIGURES else row[c] for c in COLUMNS}
