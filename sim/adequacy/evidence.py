"""What a verdict rests on: the parameters that move it, and what kind of knowledge each of them is.

Each parameter is moved alone from its 10 to its 90 % point. Half of what the answer moves by is its
standard deviation, up to a factor that all share; squares add up where parameters are independent, so
their shares say how much of the spread rests on counts of the place, on counts elsewhere, on published
summaries, on derivations by a stated method, on judgement (first-order variance decomposition; Saltelli
et al. 2008, Global Sensitivity Analysis: The Primer, section 1.2).
"""

from __future__ import annotations

import numpy as np

from sim.adequacy.case import Case
from sim.adequacy.kinds import kind_of
from sim.adequacy.verdict import weakest
from sim.arrays import Floats
from sim.plan.targets import Target
from sim.saved.row import Row

KINDS = ("counted_here", "counted_elsewhere", "published", "derived", "judgement")
"""From the best kind of knowledge to the weakest."""


def rest(case: Case, target: Target, year: int, row: Row) -> None:
    """Write what moves the answer of a target into its row: strongest first, with the grades."""
    standing = kind_of(target).standing(case.swung, target, year) if case.swings.names else None
    write(case, row, None if standing is None else standing.ratio)


def write(case: Case, row: Row, swung: Floats | None) -> None:
    """Write what moves `swung` (the answer, each parameter moved alone) into a row."""
    if swung is None or not case.swings.names:
        row.grade = "A"
        return
    values = np.nan_to_num(swung, posinf=0.0)
    found = influential(case, values)
    if not found and row.chance is not None:  # a probability may hang on what moves the figure little
        found = _strongest(case, values)
    row.grade = weakest([quality for _, quality in found]) or "A"
    row.rests_on = "; ".join(f"{name} ({quality})" for name, quality in found)
    _shares(case, row, values)


def influential(case: Case, values: Floats) -> list[tuple[str, str]]:
    """Parameters (and their grades) that move `values` of the swings, strongest first."""
    swing = case.swings.relative(np.nan_to_num(values, posinf=0.0))
    order = [int(i) for i in np.argsort(-swing, kind="stable") if swing[i] >= case.influence]
    return [(case.swings.names[i], case.swings.qualities[i]) for i in order]


def _strongest(case: Case, values: Floats) -> list[tuple[str, str]]:
    """The parameter that moves most where none moves much; none where nothing moves."""
    swing = case.swings.relative(values)
    first = int(np.argmax(swing))
    return [(case.swings.names[first], case.swings.qualities[first])] if swing[first] > 0 else []


def _shares(case: Case, row: Row, values: Floats) -> None:
    """Share of the variance by kind of knowledge, and the figure to find first."""
    moved = np.square(np.diff(values[1:].reshape(-1, 2), axis=1)[:, 0])
    whole = float(moved.sum())
    if whole <= 0.0:
        return
    kinds = [case.kind_of_evidence(name) for name in case.swings.names]
    mine = dict.fromkeys(KINDS, 0.0)
    for kind, own in zip(kinds, moved.tolist(), strict=True):
        mine[kind] += own
    for kind, own in mine.items():
        setattr(row, f"share_{kind}", own / whole)
    open_ = [
        k != "counted_here" and case.can_be_found(n) for n, k in zip(case.swings.names, kinds, strict=True)
    ]
    unknown = np.where(open_, moved, 0.0)
    first = int(np.argmax(unknown))
    row.find_first = (
        f"{case.swings.names[first]} ({unknown[first] / whole:.0%})" if unknown[first] > 0 else ""
    )
