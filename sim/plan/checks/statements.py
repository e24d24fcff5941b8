"""Declared checks on statements: the same thing said twice, units, targets as counts, coherence."""

from __future__ import annotations

from sim.errors import PlanError, fault
from sim.plan.checks.automatic import compare_statements
from sim.plan.checks.finding import JUDGEMENT, Finding, finding
from sim.plan.checks.phrase import (
    Phrase,
    amount,
    apart,
    listed,
    moved,
    named,
    said,
    same,
    versus,
    worded,
)
from sim.plan.checks.quoted import Figures, Relation
from sim.plan.checks.targets import against_benchmark
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
        arithmetic=versus(said(i) for i in rows),
        values=(gap,),
        computed=apart(gap, rows[0].unit, "differ by ", "相差"),
        relation=relation,
    )


def benchmark(figures: Figures, relation: Relation) -> Finding:
    """Target, or the sum of targets, against a benchmark with another id."""
    targets = figures.picks(relation["targets"])
    return against_benchmark(figures.plan, targets, figures.pick(relation["benchmark"]), relation)


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
        arithmetic=moved(same(f"{staff[0].text}/{beds[0].text}"), same(f"{staff[1].text}/{beds[1].text}")),
        computed=Phrase(
            f"{before:.3f} -> {after:.3f} staff per bed; keeping it needs {needed:.2f}",
            f"每床人员由{before:.3f}到{after:.3f}；保持原比值需{needed:.2f}",
        ),
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
        arithmetic=Phrase(f"{part.text} of {whole.mid:g}", f"{part.text}占{whole.mid:g}"),
        computed=Phrase(f"{found.mid:.1f} %", f"{found.mid:.1f}%"),
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
    words = figures.plan.vocabulary
    if ask == "plausible":
        limit = words.ranges[rows[0].id]
        good = limit.low <= (rows[0].value or 0.0) <= limit.high
        low, high = f"{limit.low:g}", f"{limit.high:g}"
        computed = Phrase(
            f"plausible {low} to {high} {limit.unit}",
            f"合理范围为{amount(f'{low}至{high}', words.units[limit.unit]).zh}",
        )
    elif ask == "same_basis":
        found = list(dict.fromkeys(i.population_basis for i in rows))
        good = len(found) == 1
        computed = Phrase("bases: ", "口径：") + listed(Phrase(b, words.bases[b]) for b in found)
    elif ask == "same_unit":
        found = list(dict.fromkeys(i.unit.name for i in rows))
        good = len(found) == 1
        computed = Phrase("units: ", "单位：") + listed(Phrase(u, words.units[u].name_zh) for u in found)
    elif ask == "different_figure":
        good = not (len({i.text for i in rows}) == 1 and len({i.unit.name for i in rows}) > 1)
        computed = Phrase() if good else Phrase("same figure under two units", "同一数字用了两种单位")
    else:
        raise PlanError(fault(f"{figures.plan.id}/relations.yaml", f"ask '{ask}' is unknown", ""))
    return finding(
        figures.plan,
        "unit",
        rows,
        "consistent" if good else "inconsistent",
        arithmetic=listed(
            (named(i) + Phrase(" ", "为" if len(rows) > 1 else "：") + said(i) for i in rows), " and ", "、"
        ),
        computed=computed,
        values=tuple(i.value or 0.0 for i in rows),
        relation=relation,
    )


def table_against_text(figures: Figures, relation: Relation) -> Finding:
    """A target of the text that the main indicator table should hold and does not."""
    text = figures.pick(relation["text"])
    table = worded(relation["table"], "table")
    there = any(table.en in i.location for i in figures.plan.rows(text.id, "target"))
    return finding(
        figures.plan,
        "table vs text",
        [text],
        "consistent" if there else "inconsistent",
        arithmetic=said(text),
        computed=Phrase() if there else Phrase(f"no row in the {table.en}", f"{table.zh}中无此行"),
        values=(text.value or 0.0,),
        relation=relation,
    )


def horizon(figures: Figures, relation: Relation) -> Finding:
    """A programme that is longer than the plan that contains it."""
    row = figures.pick(relation["years"])
    length = figures.plan.period[1] - figures.plan.period[0] + 1
    over = (row.value or 0.0) - length
    return finding(
        figures.plan,
        "plan horizon",
        [row],
        "note" if over > 0 else "consistent",
        arithmetic=Phrase(f"{row.text} years in a plan of {length}", f"{row.text}年，规划期为{length}年"),
        values=(row.value or 0.0, length),
        computed=Phrase(f"longer than the plan by {over:g}", f"超出规划期{over:g}年") if over > 0 else "",
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
        arithmetic=Phrase("indicators with a baseline and no target", "有基期而无目标的指标"),
        computed=listed(Phrase(name, plan.vocabulary.indicators[name].name_zh) for name in lost),
        relation=relation,
    )


def numbering(figures: Figures, relation: Relation) -> Finding:
    """Boxes or tables numbered wrongly: seen by a reader, the rows do not carry it."""
    return finding(
        figures.plan,
        "numbering",
        [],
        "note",
        arithmetic=worded(relation["seen"], "seen"),
        relation=relation,
        basis=JUDGEMENT,
    )
