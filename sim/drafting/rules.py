"""Rules that give a requirement: rows of standards.csv for rows whose indicator is a rule in other plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.drafting.proposal import Proposal
from sim.plan import Standard, list_plans, load_plan


def rule_templates(root: Path) -> dict[str, Standard]:
    """By indicator, the first rule that a plan of the parameter folder has for it."""
    found: dict[str, Standard] = {}
    for name in list_plans(root):
        for rule in load_plan(root, name).standards:
            found.setdefault(rule.entry.id, rule)
    return found


def rule_rows(proposals: Iterable[Proposal], templates: Mapping[str, Standard]) -> list[dict[str, str]]:
    """Rows of standards.csv that the proposals give, each with its sentence."""
    rows: list[dict[str, str]] = []
    used: dict[str, int] = {}
    for p in proposals:
        rule = templates.get(p.indicator)
        fits = rule is not None and p.value and p.kind in ("target", "standard") and p.unit == rule.unit.name
        if rule is None or not fits or rule.base_indicator:
            continue
        used[p.indicator] = used.get(p.indicator, 0) + 1
        number = used[p.indicator]
        rows.append(
            {
                "standard_id": p.indicator if number == 1 else f"{p.indicator}_{number}",
                "indicator_id": p.indicator,
                "rule_type": rule.rule_type,
                "output": rule.output,
                "operator": p.operator,
                "value": p.value,
                "unit": p.unit,
                "input": rule.input,
                "scale": "" if rule.scale == 1 else f"{rule.scale:g}",
                "base_indicator": "",
                "level": rule.level,
                "population_basis": p.basis,
                "binding": p.binding,
                "year": p.year,
                "location": p.reading.location,
                "line": str(p.reading.line),
                "note": p.note,
                "sentence": p.reading.sentence,
            }
        )
    return rows
