"""Tables of `healthplan list plans` and `list indicators`."""

from __future__ import annotations

from pathlib import Path

from sim.commands.listed_words import worded_table
from sim.evidence.answers import expected, with_test
from sim.plan import list_plans, load_plan
from sim.plan.needs import needs_of
from sim.plan.tests import load_rules, rule_for
from sim.saved.rows import target_text


def plans(root: Path, plan: str | None, lang: str) -> str:
    """Indicators tested and declined, needs without a target, answerable questions answered."""
    rows = []
    for name in [plan] if plan else list_plans(root / "parameters"):
        found = load_plan(root / "parameters", name)
        tested, ids = len(with_test(root, found)), len(found.indicator_ids)
        rows.append(
            (
                name,
                found.region,
                f"{found.base_year}-{found.target_year}",
                str(len(found.indicators)),
                str(len(found.standards)),
                str(ids),
                str(tested),
                str(ids - tested),
                str(len(needs_of(root / "parameters", name))),
                expected(root, found).text,
                found.name_zh if lang == "zh" else found.name_en,
            )
        )
    columns = (
        "plan",
        "region",
        "years",
        "rows",
        "standards",
        "indicators",
        "tested",
        "declined",
        "needs",
        "questions",
        "name",
    )
    return worded_table(columns, rows, lang)


def indicators(root: Path, plan: str | None, lang: str) -> str:
    """What plans set, one a line: kind, year, value, and how it is tested."""
    rules = load_rules(root)
    rows = []
    for name in [plan] if plan else list_plans(root / "parameters"):
        found = load_plan(root / "parameters", name)
        for i in found.indicators:
            rule = rule_for(rules, i.id, i.scope)
            called = i.entry.name_zh if lang == "zh" else i.entry.name_en
            units = i.unit.name_zh if lang == "zh" else i.unit.name
            value = target_text(f"{i.operator}{i.text}", "zh" if lang == "zh" else "en")
            rows.append((name, i.id, i.kind, i.year, value, units, rule.test, called))
    columns = ("plan", "indicator", "kind", "year", "value", "unit", "test", "name")
    return worded_table(columns, rows, lang)
