"""How each indicator is tested: parameters/plans/indicator_tests.csv, one row for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.catalogue.bases import BASES, UNSTATED
from sim.catalogue.words import SCOPES
from sim.errors import PlanError, fault, raise_all
from sim.expression import Known, faults_of
from sim.plan.questions import questions
from sim.plan.vocabulary import load_vocabulary
from sim.schema import RESOURCES, kept_labels
from sim.textfile import did_you_mean, read_csv

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
class Kind:
    """A kind of test, and what sets it apart.

    provides: the plan states what shall exist (beds, staff, places).  per_head: as a ratio to
    people.  by_rule: the rule decides, not the need.  covers: as a share of those to be reached.
    of_whole: a part of a whole, at most 100 %.  grows: a change without a level may be tested
    against the base year.
    """

    name: str
    tested: bool = True
    provides: bool = False
    per_head: bool = False
    by_rule: bool = False
    covers: bool = False
    of_whole: bool = False
    grows: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind("ratio", provides=True, per_head=True),
        Kind("count", provides=True),
        Kind("access", provides=True, per_head=True, by_rule=True),
        Kind("share", of_whole=True),
        Kind("coverage", covers=True, of_whole=True),
        Kind("outcome", grows=True),
        Kind("demography"),
        Kind("none", tested=False),
    )
}


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
    line: str = field(default="", compare=False)
    """Of the table."""

    @property
    def expressions(self) -> tuple[tuple[str, str], ...]:
        """(text, group) of each series that the test reads, in the language of `sim.expression`."""
        if not self.kind.tested or not self.variable:
            return ()
        if self.kind.provides:
            trend = "total" if self.kind.by_rule else self.group
            return ((f"{self.variable}_required", self.group), (f"{self.variable}_projected", trend))
        if not self.kind.covers:
            return ((self.variable, self.group),)
        patients = self.group.removesuffix("_visits") if self.scale == "visits per patient" else self.group
        if self.variable not in RESOURCES:
            return ((self.variable, patients),)
        sides = tuple((f"{self.variable}_{side}", self.group) for side in ("projected", "covered"))
        if self.scale == "per population":
            return sides
        return ((f"{self.variable}_required", patients), *sides)

    @property
    def kind(self) -> Kind:
        """The kind of test."""
        return KINDS[self.test]

    @property
    def reason(self) -> str:
        """The reason in both languages."""
        return " / ".join(t for t in (self.reason_en, self.reason_zh) if t)


def tests_table(root: Path) -> Path:
    """The table under a working folder."""
    return root / "parameters" / "plans" / "indicator_tests.csv"


def load_rules(root: Path) -> dict[tuple[str, str], TestRule]:
    """Rules by (indicator id, scope); scope "" stands for any scope.

    Raises PlanError with every fault of the table.
    """
    path = tests_table(root)
    entries = load_vocabulary(root / "parameters").indicators
    rules: dict[tuple[str, str], TestRule] = {}
    faults = []
    numbers = [row["question"] for row in questions(root / "parameters")]
    for row in read_csv(path, COLUMNS, optional=("note",)):
        place = f"{path}:{row['_line']}"
        rule = TestRule(**{c: row[c] for c in COLUMNS}, line=row["_line"])
        if rule.test not in KINDS:
            faults.append(fault(place, f"test '{rule.test}'", did_you_mean(rule.test, list(KINDS))))
        elif rule.kind.tested and not rule.variable:
            faults.append(fault(place, f"test {rule.test} without a variable", "name one"))
        elif not rule.reason_en:
            faults.append(fault(place, f"{rule.indicator_id}: no reason_en", "say what or why"))
        for name, value, known in (
            ("scale", rule.scale, SCALES),
            ("basis", rule.basis, ("", UNSTATED, *BASES)),
            ("indicator", rule.indicator_id, list(entries)),
            ("scope", rule.scope, ("", "all", *SCOPES)),
            ("question", rule.question, ("", *numbers)),
        ):
            if value not in known:
                faults.append(fault(place, f"{name} '{value}'", did_you_mean(value, known)))
        key = (rule.indicator_id, rule.scope)
        if key in rules:
            faults.append(fault(place, f"{key} stands twice", "keep one of them"))
        rules[key] = rule
    known_tests = [rule for rule in rules.values() if rule.test in KINDS]
    raise_all(PlanError, [*faults, *misread(known_tests, kept_labels(), path)])
    return rules


def misread(rules: Iterable[TestRule], known: Known, path: Path) -> list[str]:
    """A fault for every series, group or figure that a test names and `known` does not have."""
    found = [
        fault(f"{path}:{rule.line}", f"{rule.indicator_id}: {wrong}", remedy)
        for rule in rules
        for text, group in rule.expressions
        for wrong, remedy in faults_of(text, known, group)
    ]
    return list(dict.fromkeys(found))


def rule_for(rules: Mapping[tuple[str, str], TestRule], indicator_id: str, scope: str) -> TestRule:
    """The rule of an indicator in a scope.

    Raises PlanError if the table has no row for it.
    """
    for key in ((indicator_id, scope), (indicator_id, ""), (indicator_id, "all")):
        if key in rules:
            return rules[key]
    place = "parameters/plans/indicator_tests.csv"
    raise PlanError(fault(place, f"no row for indicator '{indicator_id}'", "add it"))
