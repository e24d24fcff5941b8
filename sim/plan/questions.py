"""The planning questions that the plans raise."""

from __future__ import annotations

from pathlib import Path

from sim.plan.vocabulary import plans_folder
from sim.textfile import read_csv

QUESTION_COLUMNS = ("question", "name_en", "name_zh", "testable", "plans")


def questions(root: Path) -> list[dict[str, str]]:
    """The 35 planning questions: number, name, whether a projection answers it, who raises it."""
    return read_csv(plans_folder(root) / "questions.csv", QUESTION_COLUMNS)
