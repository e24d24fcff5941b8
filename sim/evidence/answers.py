"""Which planning questions of a plan are answered: by its tests, or by a need without a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.plan import Plan
from sim.plan.needs import is_need, needs_of
from sim.plan.questions import questions
from sim.plan.targets import stated_targets
from sim.plan.tests import load_rules
from sim.saved.row import Row

Rows = Sequence[Row]
NO_ROW = "no row answers it: add one to question_needs.csv / 无相应行：请在 question_needs.csv 补充"


@dataclass(frozen=True)
class Answers:
    """Questions that a plan raises and a projection can answer, told apart."""

    answered: tuple[str, ...]
    left_open: Mapping[str, tuple[str, ...]]
    """Question -> the reasons why nothing answers it."""

    @property
    def text(self) -> str:
        """Answered of asked: 26/27."""
        return f"{len(self.answered)}/{len(self.answered) + len(self.left_open)}"


def asked(root: Path, plan: str) -> list[str]:
    """Numbers of the questions that a plan raises and that questions.csv marks `yes`."""
    return [
        q["question"]
        for q in questions(root / "parameters")
        if q["testable"] == "yes" and plan in q["plans"].split()
    ]


def expected(root: Path, plan: Plan) -> Answers:
    """What the tables of tests and needs answer, before any run."""
    rules = load_rules(root)
    found = {n.question for n in needs_of(root / "parameters", plan.id)}
    reasons: dict[str, list[str]] = {}
    for stated in stated_targets(plan, rules, ()):
        if stated.target is not None:
            found.add(stated.rule.question)
        else:
            reasons.setdefault(stated.rule.question, []).append(stated.rule.reason)
    return _told_apart(asked(root, plan.id), found, reasons)


def given(root: Path, plan: str, rows: Rows) -> Answers:
    """What the rows of adequacy_detail.csv of a run answer."""
    found: set[str] = set()
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if row.is_tested:
            found.add(row.question)
        else:
            reasons.setdefault(row.question, []).append(row.reason)
    return _told_apart(asked(root, plan), found, reasons)


def _told_apart(numbers: Sequence[str], found: set[str], reasons: Mapping[str, Sequence[str]]) -> Answers:
    missing = {n: tuple(dict.fromkeys(reasons.get(n, ()))) or (NO_ROW,) for n in numbers if n not in found}
    return Answers(tuple(n for n in numbers if n in found), missing)


def of_plan(rows: Rows) -> list[Row]:
    """Rows on the plan's own indicators."""
    return [r for r in rows if not is_need(r.indicator_id)]


def without_target(rows: Rows) -> list[Row]:
    """Rows that answer a question without a target."""
    return [r for r in rows if is_need(r.indicator_id)]


def with_test(root: Path, plan: Plan) -> set[str]:
    """Indicators of a plan that a run can give a verdict on."""
    rules = load_rules(root)
    return {s.statement.row.id for s in stated_targets(plan, rules, ()) if s.target is not None}
