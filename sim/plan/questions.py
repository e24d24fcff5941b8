"""The planning questions that the plans raise."""

from __future__ import annotations

from pathlib import Path

from sim.cells import whole
from sim.errors import PlanError, fault, raise_all
from sim.plan.vocabulary import plans_folder
from sim.textfile import read_csv

QUESTION_COLUMNS = ("question", "name_en", "name_zh", "testable", "plans")

TESTABLE = ("yes", "part", "no")
"""Whether a projection answers a question."""


def questions(root: Path) -> list[dict[str, str]]:
    """The 35 planning questions: number, name, whether a projection answers it, who raises it.

    Raises PlanError with every fault: a number that is none or twice, a word for `testable` that is none.
    """
    path = plans_folder(root) / "questions.csv"
    rows = read_csv(path, QUESTION_COLUMNS)
    faults: list[str] = []
    seen: set[str] = set()
    for row in rows:
        place, number = f"{path}:{row['_line']}", row["question"]
        if whole(number) is None:
            faults.append(fault(place, f"question '{number}'", "write its number"))
        if number in seen:
            faults.append(fault(place, f"question {number} stands twice", "keep one of them"))
        if row["testable"] not in TESTABLE:
            remedy = f"one of {', '.join(TESTABLE)}"
            faults.append(fault(place, f"testable '{row['testable']}'", remedy))
        seen.add(number)
    raise_all(PlanError, faults)
    return rows
