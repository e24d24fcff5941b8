"""Where each target of a plan stands in a set of draws: on its path now, and reached and enough when due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.adequacy import asked
from sim.adequacy.case import Case
from sim.adequacy.kinds import kind_of
from sim.arrays import Floats
from sim.draws import sampled
from sim.plan.targets import Stated, Target, stated_targets

NEED, TREND, VALUE, ENOUGH, REACHED = "need", "trend", "value", "p_enough", "p_reached"
QUANTITIES = (NEED, TREND, VALUE, ENOUGH, REACHED)
"""What a review compares in the target year: need by use, what the trend brings, an outcome's expected
value (in the plan's unit, medians over the draws), and two probabilities."""
_ASKED = {NEED: "required", TREND: "projected", ENOUGH: "enough", REACHED: "reached"}


@dataclass(frozen=True)
class Held:
    """One target of the plan that is tested and due within the run."""

    stated: Stated
    target: Target
    key: str
    """Indicator, scope and unit: the same in every set of draws."""


def held_targets(case: Case) -> list[Held]:
    """The targets that a review looks at, in document order; those stated twice once."""
    found: dict[str, Held] = {}
    last = case.measures.years()[-1]
    for stated in stated_targets(case.plan, case.rules, ()):
        target = stated.target
        if target is None or not target.stated or target.year > last:
            continue
        key = f"{target.indicator}|{target.scope}|{target.year}|{target.unit}"
        if kind_of(target).standing(case.reading, target, target.year) is not None:
            found.setdefault(key, Held(stated, target, key))
    return list(found.values())


def figures(case: Case, target: Target) -> dict[str, float]:
    """QUANTITIES of a target in its year; NaN for what it has not."""
    standing = kind_of(target).standing(case.reading, target, target.year)
    assert standing is not None
    out = dict.fromkeys(QUANTITIES, float("nan"))
    there = asked.known(standing)
    for quantity, name in _ASKED.items():
        if name in there:
            values = sampled(asked.value(target, standing, name))
            mean = quantity in (ENOUGH, REACHED)
            out[quantity] = float(np.mean(values) if mean else np.median(values))
    if standing.required is None:
        out[VALUE] = float(np.median(sampled(asked.value(target, standing, "available"))))
    return out


def stands(case: Case, target: Target, year: int) -> Floats | None:
    """What there is of a target in a year, in the plan's unit by draw: by trend, of an outcome its value."""
    standing = kind_of(target).standing(case.reading, target, year)
    if standing is None:
        return None
    there = standing.available if standing.required is None else standing.projected
    return None if there is None else np.asarray(standing.shown(there), float)


def path(case: Case, held: Held, year: int) -> float | None:
    """The figure of a year on the way that the plan takes, in its unit: linear from where it started.

    None before the plan's base year, when the plan has no way yet.
    Of beds, staff and places the plan carried out, from the base year's stock; of anything else from the
    plan's baseline, or what the run has in the plan's base year, to the target.
    """
    target = held.target
    standing = kind_of(target).standing(case.reading, target, year)
    if standing is None:
        return None
    start = max(target.since, case.measures.years()[0])
    if year < start < target.year:
        return None
    if standing.required is not None:
        return float(np.median(sampled(standing.shown(standing.available))))
    baseline = held.stated.statement.baseline
    if target.year <= start or year >= target.year:
        return target.goal / target.factor
    if baseline is not None and baseline.value is not None and baseline.unit.name == target.unit:
        start, first = int(baseline.year), float(baseline.value)
    else:
        values = stands(case, target, start)
        if values is None:
            return None
        first = float(np.median(sampled(values)))
    part = (year - start) / (target.year - start)
    return first + min(max(part, 0.0), 1.0) * (target.goal / target.factor - first)


def by_key(case: Case, held: list[Held]) -> Mapping[str, dict[str, float]]:
    """`figures` of every target."""
    return {one.key: figures(case, one.target) for one in held}
