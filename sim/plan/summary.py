"""What the plans hold, in numbers: statements, tests, rules, and the questions they raise."""

from __future__ import annotations

from pathlib import Path

from sim.errors import PlanError, fault, raise_all
from sim.plan.document import Indicator, Plan, list_plans, load_plan
from sim.plan.vocabulary import load_vocabulary, plans_folder
from sim.textfile import did_you_mean, read_csv

TEST_COLUMNS = (
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
QUESTION_COLUMNS = ("question", "name_en", "name_zh", "testable", "plans")


def indicator_tests(root: Path) -> dict[str, dict[str, str]]:
    """How each indicator is tested: the first row of indicator_tests.csv for each id.

    Raises PlanError if the table misses an indicator of the dictionary or names an unknown one.
    """
    path = plans_folder(root) / "indicator_tests.csv"
    known = load_vocabulary(root).indicators
    tests: dict[str, dict[str, str]] = {}
    faults = []
    for row in read_csv(path, TEST_COLUMNS):
        name = row["indicator_id"]
        if name not in known:
            remedy = did_you_mean(name, list(known))
            faults.append(fault(f"{path}:{row['_line']}", f"unknown indicator '{name}'", remedy))
        tests.setdefault(name, row)
    faults += [
        fault(str(path), f"no row for indicator '{name}'", "add it, with test none and a reason")
        for name in known
        if name not in tests
    ]
    raise_all(PlanError, faults)
    return tests


def plan_summary(root: Path) -> list[dict[str, str | int]]:
    """One row per plan: its head, statements by kind, targets tested and declined, rules.

    `tested` and `declined` count the indicators with an aim (a target, or a standard with a year);
    an aim without a number is declined.
    """
    tests = indicator_tests(root)
    return [_summary(load_plan(root, name), tests) for name in list_plans(root)]


def _summary(plan: Plan, tests: dict[str, dict[str, str]]) -> dict[str, str | int]:
    aims = _aims(plan)
    numbered = {i.id for i in aims if i.value is not None}
    aimed = {i.id for i in aims}
    tested = [n for n in aimed & numbered if tests[n]["test"] != "none"]
    return {
        "plan": plan.id,
        "region": plan.region,
        "name_zh": plan.name_zh,
        "name_en": plan.name_en,
        "base_year": plan.base_year,
        "target_year": plan.target_year,
        "status": plan.status,
        "statements": len(plan.indicators),
        "indicators": len(plan.indicator_ids),
        "with_aim": len(aimed),
        "tested": len(tested),
        "declined": len(aimed) - len(tested),
        "binding": sum(i.binding == "binding" for i in aims),
        "standards": len(plan.standards),
        "relations": len(plan.relations),
    }


def _aims(plan: Plan) -> list[Indicator]:
    """Statements that a projection can be held against: targets, and standards with a year."""
    return [i for i in plan.indicators if i.kind == "target" or (i.kind == "standard" and i.year)]


def questions(root: Path) -> list[dict[str, str]]:
    """The 35 planning questions: number, name, whether a projection answers it, who raises it."""
    return read_csv(plans_folder(root) / "questions.csv", QUESTION_COLUMNS)


def question_table(root: Path) -> list[dict[str, str]]:
    """Question x plan: what of the plan is tested for the question.

    A cell holds indicator ids (in brackets: a figure without an aim), `rule` + the rules that are
    computed as requirements, `raised` where the plan raises the question with neither, or nothing.
    """
    tests = indicator_tests(root)
    plans = [load_plan(root, name) for name in list_plans(root)]
    table = []
    for question in questions(root):
        row = {k: question[k] for k in ("question", "name_en", "name_zh", "testable")}
        for plan in plans:
            row[plan.id] = _cell(plan, question, tests)
        table.append(row)
    return table


def _cell(plan: Plan, question: dict[str, str], tests: dict[str, dict[str, str]]) -> str:
    mine = [
        n
        for n in plan.indicator_ids
        if tests[n]["question"] == question["question"] and tests[n]["test"] != "none"
    ]
    aims = {i.id for i in _aims(plan)}
    cell = [n if n in aims else f"({n})" for n in mine]
    cell += dict.fromkeys(
        f"rule:{s.standard_id}"
        for s in plan.standards
        if tests[s.entry.id]["question"] == question["question"] and s.entry.id not in mine
    )
    if cell:
        return " ".join(cell)
    return "raised" if plan.id in question["plans"].split() else ""
