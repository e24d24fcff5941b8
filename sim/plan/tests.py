"""How each indicator is tested: parameters/plans/indicator_tests.csv, one row for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.errors import PlanError, fault, raise_all
from sim.textfile import did_you_mean, read_csv

TESTS = ("ratio", "count", "coverage", "share", "outcome", "demography", "none")
COLUMNS = (
    "indicator_id",
    "scope",
    "test",
    "variable",
    "group",
    "question",
    "basis",
    "reason_en",
    "reason_zh",
    "scale",
)
SCALES = ("", "inverse", "visits per patient", "per population")


@dataclass(frozen=True)
class TestRule:
    """What an indicator is held against, or why it is not tested."""

    __test__ = False  # not a test class of pytest

    indicator_id: str
    scope: str
    test: str
    variable: str
    group: str
    question: str
    basis: str
    reason_en: str
    reason_zh: str
    scale: str

    @property
    def reason(self) -> str:
        """The reason in both languages."""
        return " / ".join(t for t in (self.reason_en, self.reason_zh) if t)


def load_rules(root: Path) -> dict[tuple[str, str], TestRule]:
    """Rules by (indicator id, scope); scope "" stands for any scope.

    Raises PlanError with every fault of the table.
    """
    path = root / "parameters" / "plans" / "indicator_tests.csv"
    rules: dict[tuple[str, str], TestRule] = {}
    faults = []
    for row in read_csv(path, COLUMNS, optional=("note",)):
        place = f"{path}:{row['_line']}"
        rule = TestRule(**{c: row[c] for c in COLUMNS})
        if rule.test not in TESTS:
            faults.append(fault(place, f"test '{rule.test}'", did_you_mean(rule.test, TESTS)))
        elif rule.test != "none" and not rule.variable:
            faults.append(fault(place, f"test {rule.test} without a variable", "name one"))
        elif not rule.reason_en:
            faults.append(fault(place, f"{rule.indicator_id}: no reason_en", "say what or why"))
        if rule.scale not in SCALES:
            faults.append(fault(place, f"scale '{rule.scale}'", did_you_mean(rule.scale, SCALES)))
        key = (rule.indicator_id, rule.scope)
        if key in rules:
            faults.append(fault(place, f"{key} stands twice", "keep one of them"))
        rules[key] = rule
    raise_all(PlanError, faults)
    return rules


def rule_for(rules: Mapping[tuple[str, str], TestRule], indicator_id: str, scope: str) -> TestRule:
    """The rule of an indicator in a scope.

    Raises PlanError if the table has no row for it.
    """
    for key in ((indicator_id, scope), (indicator_id, ""), (indicator_id, "all")):
        if key in rules:
            return rules[key]
    place = "parameters/plans/indicator_tests.csv"
    raise PlanError(fault(place, f"no row for indicator '{indicator_id}'", "add it"))
