"""The targets of a plan as numbers of each run: needed, there, enough or not.

A target is named as in adequacy.csv: the indicator's id, ID.SCOPE where the document states it for
several scopes, and ID.2 for a second target of the same.  What can be asked of it:

    required    what the population needs, in the plan's unit
    available   the plan carried out, in the plan's unit (of an outcome: its projected value)
    projected   what the trend of supply brings without the plan, in the plan's unit
    ratio       available / required
    gap         available - required, in beds, persons, ...
    enough      1 where available >= required, else 0: its mean is p_enough
    reached     1 where the projection meets the target, else 0: its mean is p_reached
    capacity    what staff and services can carry of a coverage, in the plan's unit
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.adequacy.standing import Standing, meets
from sim.arrays import Floats
from sim.plan.targets import Stated, Target
from sim.schema import VARIABLES

ZH = {
    "required": "需求",
    "available": "规划供给",
    "projected": "趋势供给",
    "ratio": "供给/需求",
    "gap": "供给-需求",
    "enough": "够用",
    "reached": "达标",
    "capacity": "服务能力",
}
ASKED = tuple(ZH)


def known(standing: Standing) -> tuple[str, ...]:
    """What can be asked of a target that stands so."""
    if standing.required is None:
        return ("available", "reached") if standing.capacity is None else ("available", "reached", "capacity")
    asked = ("required", "available", "ratio", "gap", "enough")
    return asked if standing.projected is None else (*asked, "projected", "reached")


def value(target: Target, standing: Standing, asked: str) -> Floats:
    """What is asked, over the draws."""
    if asked in ("required", "available", "projected", "capacity"):
        return np.asarray(standing.shown(getattr(standing, asked)), float)
    if standing.required is None:
        assert standing.p_meets is not None
        return np.asarray(standing.p_meets, float)
    if asked == "ratio":
        return np.where(np.isfinite(standing.ratio), standing.ratio, np.nan)
    if asked == "gap":
        return np.asarray(standing.available - standing.required, float)
    if asked == "enough":
        return np.where(standing.fails, 0.0, 1.0)
    assert standing.projected is not None
    shown, trend = standing.shown(standing.available), standing.shown(standing.projected)
    return np.asarray(meets(target, trend, shown), float)


def unit(target: Target, asked: str) -> str:
    """Unit of what is asked."""
    if asked in ("ratio", "enough", "reached"):
        return "1"
    if asked == "gap":
        names = (f"{target.variable}_required", target.variable)
        return next((VARIABLES[n].units for n in names if n in VARIABLES), "1")
    return target.unit


def named(found: Sequence[Stated]) -> dict[str, Stated]:
    """What has a target, by name: ID, ID.SCOPE where there are several scopes, .2 for a second one."""
    tested = [stated for stated in found if stated.target is not None]
    scopes: dict[str, set[str]] = {}
    for stated in tested:
        scopes.setdefault(stated.statement.row.id, set()).add(stated.statement.row.scope)
    names: dict[str, Stated] = {}
    for stated in tested:
        row = stated.statement.row
        several = len(scopes[row.id]) > 1 and row.scope
        stem = name = f"{row.id}.{row.scope.replace(' ', '_')}" if several else row.id
        number = 2
        while name in names:
            name, number = f"{stem}.{number}", number + 1
        names[name] = stated
    return names
