"""Declared checks on statements: the same thing said twice, units, targets as counts, coherence."""

from __future__ import annotations

from sim.errors import PlanError, fault
from sim.plan.checks.automatic import against_benchmark, compare_statements
from sim.plan.checks.finding import JUDGEMENT, Figures, Finding, Relation, finding, number, said
from sim.plan.document import Indicator
from sim.plan.figure import agreement


def twice(figures: Figures, relation: Relation) -> Finding:
    """Figures of two indicators, or of two places, that should be one."""
    return compare_statements(figures.plan, figures.picks(relation["values"]), relation)


def count_twice(figures: Figures, relation: Relation) -> Finding:
    """One count printed with two values."""
    rows = figures.picks(relation["values"])
    gap = max(i.value or 0.0 for i in rows) - min(i.value or 0.0 for i in rows)
    return finding(
        figures.plan,
        "count stated twice",
        rows,
        "inconsistent" if gap else "consistent",
        arithmetic=" vs ".join(said(i) for i in rows),
        values=(gap,),
        stated="0",
        relation=relation,
    )


def benchmark(figures: Figures, relation: Relation) -> Finding:
    """Target, or the sum of targets, against a benchmark with another id."""
    targets = figures.picks(relation["targets"])
    return against_benchmark(figures.plan, targets, figures.pick(relation["benchmark"]), relation)


def target_in_counts(figures: Figures, relation: Relation) -> Finding:
    """What a target means in heads, beds or slots at the implied population.

    form: change (baseline to target at constant people), total (baseline rate to target count),
    part (a share of a count), density (counts per 10 000 people), fleet (people per unit, city or
    county base), growing (target rate at the people of the target year).
    """
    return _FORMS[relation["form"]](figures, relation)


def _change(figures: Figures, relation: Relation) -> Finding:
    before, after = figures.pick(relation["baseline"]), figures.pick(relation["target"])
    people = figures.people(relation).mid
    base = before.fraction or 0.0
    goal = base * (1 + (after.fraction or 0.0)) if _relative(after) else after.fraction or 0.0
    extra, percent = (goal - base) * people, (goal / base - 1) * 100
    return _counted(
        figures,
        relation,
        (extra, percent),
        f"{said(before)} -> {said(after)} at {people:.0f}",
        f"{extra:+.0f} ({percent:+.1f} %)",
    )


def _relative(target: Indicator) -> bool:
    return target.operator == "change" and target.unit.name == "%"


def _total(figures: Figures, relation: Relation) -> Finding:
    before, after = figures.pick(relation["baseline"]), figures.pick(relation["target"])
    now = (before.fraction or 0.0) * figures.people(relation).mid
    goal = after.value or 0.0
    figures.used = [after]
    return _counted(
        figures,
        relation,
        (now, goal, goal / now),
        f"{said(before)} -> {said(after)}",
        f"{now:.0f} -> {goal:.0f} ({goal / now:.2f} times)",
    )


def _part(figures: Figures, relation: Relation) -> Finding:
    share, whole = figures.pick(relation["share"]), figures.pick(relation["of"])
    count = (share.fraction or 0.0) * (whole.value or 0.0)
    figures.used = [share]
    return _counted(figures, relation, (count,), f"{share.text} % of {whole.text}", number(count))


def _density(figures: Figures, relation: Relation) -> Finding:
    rows = figures.picks(relation["counts"])
    people = figures.people(relation).mid
    values = [(i.value or 0.0) / people * 10_000 for i in rows]
    return _counted(
        figures,
        relation,
        values,
        f"{' and '.join(i.text for i in rows)} at {people:.0f} people",
        " and ".join(f"{v:.2f}" for v in values) + " per 10 000",
    )


def _fleet(figures: Figures, relation: Relation) -> Finding:
    per_unit = figures.pick(relation["people_per_unit"])
    multiplier = figures.pick(relation["county_multiplier"])
    people = figures.people(relation).mid
    urban = people / (per_unit.value or float("nan"))
    county = urban * (multiplier.fraction or 0.0)
    figures.used = [per_unit]
    return _counted(
        figures,
        relation,
        (urban, county),
        f"{people:.0f} / {per_unit.text}",
        f"{urban:.0f} if all urban to {county:.0f} if all county",
    )


def _growing(figures: Figures, relation: Relation) -> Finding:
    after, stock = figures.pick(relation["target"]), figures.pick(relation["stock"])
    yearly = figures.pick(relation["increase"])
    now = figures.people(relation).mid
    then = now + (yearly.value or 0.0) * (figures.plan.target_year - figures.plan.base_year)
    goal = (after.fraction or 0.0) * then
    still = (after.fraction or 0.0) * now - (stock.value or 0.0)
    extra = goal - (stock.value or 0.0)
    figures.used = [after]
    return _counted(
        figures,
        relation,
        (goal, extra, still),
        f"{said(after)} at {then:.0f} people",
        f"{goal:.0f}, {extra:+.0f}; {still:+.0f} without growth",
    )


def _counted(figures: Figures, relation: Relation, values: object, arithmetic: str, computed: str) -> Finding:
    return finding(
        figures.plan,
        "target in counts",
        figures.used,
        "implied",
        arithmetic=arithmetic,
        values=tuple(values),  # type: ignore[arg-type]
        computed=computed,
        relation=relation,
    )


_FORMS = {
    "change": _change,
    "total": _total,
    "part": _part,
    "density": _density,
    "fleet": _fleet,
    "growing": _growing,
}


def implied_target_counts(figures: Figures, relation: Relation) -> Finding:
    """Counts that several targets mean at the implied population, and what they add."""
    people = figures.people(relation).mid
    values: list[float] = []
    words = []
    for item in relation["targets"]:
        rate = sum(i.fraction or 0.0 for i in figures.picks(item["rates"]))
        stock = figures.pick(item["stock"])
        goal = rate * people
        values += [goal, goal - (stock.value or 0.0)]
        words.append(f"{goal:.0f} {item['of']} ({values[-1]:+.0f})")
    return finding(
        figures.plan,
        "implied target counts",
        figures.used,
        "implied",
        values=values,
        arithmetic=f"target rates x {people:.0f} people",
        computed=", ".join(words),
        relation=relation,
    )


def coherence(figures: Figures, relation: Relation) -> Finding:
    """Targets that must fit one another.

    form: staffing (staff per bed before and after; a fall beyond the rule's bound is doubtful),
    part (one target as a share of another, equal to a printed share or simply implied).
    """
    return _staffing(figures, relation) if relation["form"] == "staffing" else _part_of(figures, relation)


def _staffing(figures: Figures, relation: Relation) -> Finding:
    staff, beds = figures.picks(relation["staff"]), figures.picks(relation["beds"])
    before, after = (s.value / b.value for s, b in zip(staff, beds, strict=True) if s.value and b.value)
    limit = figures.plan.vocabulary.rules["staff_per_bed_fall"]["high"]
    needed = before * (beds[1].value or 0.0)
    return finding(
        figures.plan,
        "plan coherence",
        [*beds, *staff],
        "doubtful" if 1 - after / before > limit else "implied",
        values=(before, after, needed),
        arithmetic=f"{staff[0].text}/{beds[0].text} -> {staff[1].text}/{beds[1].text}",
        computed=f"{before:.3f} -> {after:.3f} staff per bed; keeping it needs {needed:.2f}",
        relation=relation,
    )


def _part_of(figures: Figures, relation: Relation) -> Finding:
    part = figures.pick(relation["part"])
    wholes = figures.picks(relation["whole"])
    whole = wholes[0].figure
    for i in wholes[1:]:
        whole = whole + i.figure
    found = (part.figure / whole).scaled(100)
    stated = figures.pick(relation["stated"]) if "stated" in relation else None
    same = stated is not None and agreement([found, stated.figure]) == "consistent"
    rows = [part, stated] if stated else [part]
    return finding(
        figures.plan,
        "plan coherence",
        rows,
        "consistent" if same else "implied",
        values=(found.mid,),
        arithmetic=f"{part.text} of {whole.mid:g}",
        computed=f"{found.mid:.1f} %",
        stated=stated.text if stated else "",
        relation=relation,
    )


def units(figures: Figures, relation: Relation) -> Finding:
    """One question about units.

    ask: plausible (the value fits its unit), same_basis (one population behind all rows),
    same_unit (one unit for one thing), different_figure (one printed figure under two units is a
    possible copy error).
    """
    rows = figures.picks(relation["rows"])
    ask = relation["ask"]
    if ask == "plausible":
        limit = figures.plan.vocabulary.ranges[rows[0].id]
        good = limit.low <= (rows[0].value or 0.0) <= limit.high
        computed = f"plausible {limit.low:g} to {limit.high:g} {limit.unit}"
    elif ask == "same_basis":
        found = list(dict.fromkeys(i.population_basis for i in rows))
        good, computed = len(found) == 1, f"bases: {', '.join(found)}"
    elif ask == "same_unit":
        found = list(dict.fromkeys(i.unit.name for i in rows))
        good, computed = len(found) == 1, f"units: {', '.join(found)}"
    elif ask == "different_figure":
        good = not (len({i.text for i in rows}) == 1 and len({i.unit.name for i in rows}) > 1)
        computed = "" if good else "same figure under two units"
    else:
        raise PlanError(fault(f"{figures.plan.id}/relations.yaml", f"ask '{ask}' is unknown", ""))
    return finding(
        figures.plan,
        "unit",
        rows,
        "consistent" if good else "inconsistent",
        arithmetic=" and ".join(f"{i.id} {said(i)}" for i in rows),
        computed=computed,
        values=tuple(i.value or 0.0 for i in rows),
        relation=relation,
    )


def table_against_text(figures: Figures, relation: Relation) -> Finding:
    """A target of the text that the main indicator table should hold and does not."""
    text = figures.pick(relation["text"])
    table = relation["table"]
    there = any(table in i.location for i in figures.plan.rows(text.id, "target"))
    return finding(
        figures.plan,
        "table vs text",
        [text],
        "consistent" if there else "inconsistent",
        arithmetic=said(text),
        computed="" if there else f"no row in the {table}",
        values=(text.value or 0.0,),
        relation=relation,
    )


def horizon(figures: Figures, relation: Relation) -> Finding:
    """A programme that is longer than the plan that contains it."""
    row = figures.pick(relation["years"])
    length = figures.plan.period[1] - figures.plan.period[0] + 1
    longer = (row.value or 0.0) > length
    return finding(
        figures.plan,
        "plan horizon",
        [row],
        "note" if longer else "consistent",
        arithmetic=f"{row.text} years in a plan of {length}",
        values=(row.value or 0.0, length),
        computed=f"longer than the plan by {(row.value or 0.0) - length:g}" if longer else "",
        relation=relation,
    )


def missing(figures: Figures, relation: Relation) -> Finding:
    """Indicators with a baseline and no target: what the copy of the document has lost."""
    plan = figures.plan
    lost = [name for name in relation["without_target"] if not plan.rows(name, "target")]
    return finding(
        plan,
        "missing data",
        [],
        "note" if lost else "consistent",
        arithmetic="indicators with a baseline and no target",
        computed=", ".join(lost),
        relation=relation,
    )


def numbering(figures: Figures, relation: Relation) -> Finding:
    """Boxes or tables numbered wrongly: seen by a reader, the rows do not carry it."""
    return finding(
        figures.plan,
        "numbering",
        [],
        "note",
        arithmetic=relation["seen"],
        relation=relation,
        basis=JUDGEMENT,
    )
