"""What a verdict rests on: the parameters that move it, and the weakest of their grades."""

from __future__ import annotations

import numpy as np

from sim.adequacy.case import Case
from sim.adequacy.kinds import kind_of
from sim.adequacy.row import Row
from sim.adequacy.series import Floats
from sim.adequacy.verdict import weakest
from sim.plan.targets import Target


def rest(case: Case, target: Target, year: int, row: Row) -> None:
    """Write what moves the answer of a target into its row: strongest first, with the grades."""
    standing = kind_of(target).standing(case.swung, target, year)
    found = [] if standing is None else influential(case, standing.ratio)
    write(row, found)


def write(row: Row, found: list[tuple[str, str]]) -> None:
    """Write what was found into a row."""
    row.grade = weakest([quality for _, quality in found]) or "A"
    row.rests_on = "; ".join(f"{name} ({quality})" for name, quality in found)


def influential(case: Case, values: Floats) -> list[tuple[str, str]]:
    """Parameters (and their grades) that move `values` of the swings, strongest first."""
    swing = case.swings.relative(np.nan_to_num(values, posinf=0.0))
    order = [int(i) for i in np.argsort(-swing, kind="stable") if swing[i] >= case.influence]
    return [(case.swings.names[i], case.swings.qualities[i]) for i in order]
