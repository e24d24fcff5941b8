"""Where an indicator stands: today, by trend, needed by use and by norm, asked by the nation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.adequacy.case import Case
from sim.adequacy.covered import reached, whole
from sim.adequacy.kinds import kind_of
from sim.adequacy.series import median
from sim.adequacy.standing import Standing
from sim.arrays import Floats
from sim.draws import quantiles, sampled
from sim.plan.targets import Target
from sim.plan.verdict_rules import NORM_PATTERN

Band = tuple[float, float, float]
"""P10, P50, P90 over the draws, in the plan's unit."""


@dataclass(frozen=True)
class Levels:
    """Levels of one indicator in one year, in the plan's unit; None where there is none.

    now: in the year from which the plan starts.  trend: without a plan.  need: by use.  norm: the
    median need by national norm.  reach: what the fastest lasting growth from today's stock brings.
    floor: the figure of law, guideline or national plan that is in force in the year.  binds: whether the
    norm is one that has to be met, no pattern that stands beside it.
    """

    now: Band | None
    trend: Band | None
    need: Band | None
    norm: float | None
    reach: float | None
    floor: float | None
    binds: bool

    def bounds(self) -> dict[str, float]:
        """What no recommended value is worse than, by name."""
        now = None if self.now is None else self.now[1]
        known = {"present": now, "norm": self.norm if self.binds else None, "floor": self.floor}
        return {name: value for name, value in known.items() if value is not None and np.isfinite(value)}


def levels(case: Case, target: Target, now: int, pace: float | None) -> Levels | None:
    """The levels of a target's year; None where the model has no such series.

    now: the year whose level is today's.  pace: growth a year of what is built, None for nothing.
    """
    test, reading = kind_of(target), case.reading
    then, here = (test.standing(reading, target, year) for year in (target.year, now))
    if then is None or here is None:
        return None
    provides = then.required is not None
    trend = then.projected if provides else then.available
    present = here.projected if provides else here.available
    reach = None
    if pace is not None and provides and present is not None:
        reach = median(then.shown(present * (1.0 + pace) ** (target.year - now)))
    return Levels(
        now=band(here, present),
        trend=band(then, trend),
        need=band(then, then.required),
        norm=None if then.norm is None else median(then.shown(then.norm)),
        reach=reach,
        floor=case.floor(target, target.year),
        binds=all(r.rule != NORM_PATTERN for r in case.rules_on(target.indicator, target.scope, target.year)),
    )


def band(standing: Standing, values: Floats | None) -> Band | None:
    """P10, P50, P90 in the plan's unit."""
    if values is None:
        return None
    low, middle, high = quantiles(sampled(standing.shown(values)))
    return float(low), float(middle), float(high)


def expected(case: Case, target: Target) -> Floats | None:
    """Coverage that is expected in the target's year, in the plan's unit, by draw."""
    m = case.measures
    covered, people = reached(m, target, target.year), whole(m, target, target.year)
    if covered is None or people is None:
        return None
    return covered / (people * target.factor)


def figures(found: Levels) -> Mapping[str, float | None]:
    """The levels as columns of a table."""
    out: dict[str, float | None] = {}
    for name, value in (("now", found.now), ("trend", found.trend), ("need", found.need)):
        for i, point in enumerate(("p10", "p50", "p90")):
            out[f"{name}_{point}"] = None if value is None else value[i]
    return out | {"norm": found.norm, "reach": found.reach, "floor": found.floor}
