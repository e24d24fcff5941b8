"""Checks that need no declaration: the rows of a plan say themselves what belongs together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sim.plan.checks.changes import changes
from sim.plan.checks.finding import Finding, finding
from sim.plan.checks.phrase import Phrase, apart, said, versus
from sim.plan.checks.populations import implied_populations
from sim.plan.checks.quoted import Relation, model
from sim.plan.checks.rows import distinct
from sim.plan.checks.targets import benchmarks, targets_against_baselines
from sim.plan.document import Plan
from sim.plan.figure import agreement
from sim.plan.indicator import Indicator


def automatic(plan: Plan) -> Iterator[Finding]:
    """Every finding that follows from the rows of the plan alone."""
    yield from implied_populations(plan)
    yield from changes(plan)
    yield from stated_twice(plan)
    yield from definitions(plan)
    yield from benchmarks(plan)
    yield from targets_against_baselines(plan)


def stated_twice(plan: Plan) -> Iterator[Finding]:
    """The same indicator, kind, year and scope with two different figures."""
    groups: dict[tuple[str, ...], list[Indicator]] = defaultdict(list)
    for i in plan.indicators:
        if i.kind in ("baseline", "target") and i.value is not None:
            groups[i.id, i.kind, i.year, i.scope, i.unit.name].append(i)
    for rows in groups.values():
        different = distinct(rows)
        if len(different) > 1:
            yield compare_statements(plan, different)


def compare_statements(plan: Plan, rows: list[Indicator], relation: Relation | None = None) -> Finding:
    """Verdict on statements of one indicator.

    A fact may be printed as two bounds that are both true; a target is one number. Figures that
    differ only by operator or by digits are `rounding`.
    """
    first = rows[0]
    figures = [i.figure if i.unit == first.unit else model(i).scaled(1 / first.unit.factor) for i in rows]
    check = "stated twice"
    same_number = len({f.mid for f in figures}) == 1
    bounds = {i.operator[0] for i in rows}
    if len({(i.operator, f.mid) for i, f in zip(rows, figures, strict=True)}) == 1:
        verdict = "consistent"
    elif same_number:
        verdict = "rounding"
    elif first.unit.name == "count":
        check, verdict = "count stated twice", "inconsistent"
    elif first.kind == "baseline" and bounds in ({">"}, {"<"}):
        verdict = "consistent"
    else:
        verdict = "rounding" if agreement(figures) == "consistent" else "inconsistent"
    gap = max(f.mid for f in figures) - min(f.mid for f in figures)
    return finding(
        plan,
        check,
        rows,
        verdict,
        arithmetic=versus(said(i) for i in rows),
        values=(gap, *(f.mid for f in figures)),
        computed=apart(gap, first.unit, "differ by ", "相差"),
        relation=relation,
    )


def definitions(plan: Plan) -> Iterator[Finding]:
    """One target value over two different populations."""
    groups: dict[tuple[str, ...], dict[str, Indicator]] = defaultdict(dict)
    for i in plan.targets:
        if i.population_basis in plan.vocabulary.whole_population - {"unstated"}:
            groups[i.id, i.year, i.text, i.unit.name].setdefault(i.population_basis, i)
    for rows in groups.values():
        if len(rows) > 1:
            yield finding(
                plan,
                "definition",
                rows.values(),
                "inconsistent",
                arithmetic=versus(
                    said(i) + Phrase(f" of {b} population", f"按{plan.vocabulary.bases[b]}计")
                    for b, i in rows.items()
                ),
                computed=Phrase("same value, different denominators", "数值相同，分母不同"),
            )
