"""Coverage: the part that is reached, and beside it the part that staff and services can carry."""

from __future__ import annotations

import numpy as np

from sim.adequacy.case import Reading
from sim.adequacy.series import Measures, expression
from sim.adequacy.standing import Standing, meets
from sim.adequacy.sufficient import Find, quantile_of
from sim.adequacy.test import Pair, Test
from sim.arrays import Floats
from sim.plan.targets import Target
from sim.schema import RESOURCES

PER_POPULATION, PER_PATIENT = "per population", "visits per patient"


class Coverage(Test):
    """People or events reached, as a share or a count."""

    effort = "cover"

    def standing(self, reading: Reading, target: Target, year: int) -> Standing | None:
        """Expected coverage, whether it meets the target, and the workload against the capacity."""
        m = reading.measures
        people, covered = whole(m, target, year), reached(m, target, year)
        if people is None or covered is None or _nobody(target, people):
            return None
        per = _per(target, people)
        return Standing(
            covered,
            p_meets=np.asarray(meets(target, covered / per), float),
            capacity=capacity(m, target, year),
            load=workload(target, people),
            per=per,
        )

    def untested(self, reading: Reading, target: Target, year: int) -> str:
        """Where nobody is to be reached, that."""
        people = whole(reading.measures, target, year)
        if people is None or not _nobody(target, people):
            return super().untested(reading, target, year)
        return "nobody is there to be reached: a share of none / 无服务对象：占比无从谈起"

    def find(self, reading: Reading, target: Target, year: int) -> Find | None:
        """The largest coverage that staff and services can carry."""
        m = reading.measures
        people, most = whole(m, target, year), capacity(m, target, year)
        if people is None or most is None:
            return None
        per = _per(target, people)
        with np.errstate(divide="ignore", invalid="ignore"):
            return quantile_of(np.where(per > 0, most / per, np.inf), largest=True)

    def pair(self, reading: Reading, target: Target, year: int) -> Pair | None:
        """Workload of the target and capacity, from the target year on."""
        people = whole(reading.measures, target, year)
        most = capacity(reading.measures, target, year)
        if year < target.year or people is None or most is None:
            return None
        return workload(target, people), most


def whole(m: Measures, target: Target, year: int) -> Floats | None:
    """People or events at full coverage.

    scale "per population": all residents; "visits per patient": the patients of <group>_visits.
    """
    if target.scale == PER_POPULATION:
        return m.population("resident", year)
    patients = target.group.removesuffix("_visits") if target.scale == PER_PATIENT else target.group
    required = f"{target.variable}_required" if target.variable in RESOURCES else target.variable
    return expression(m, required, patients, year)


def reached(m: Measures, target: Target, year: int) -> Floats | None:
    """People or events that are covered as coverage goes on, never more than can be carried."""
    return expression(m, f"{target.variable}_covered", target.group, year)


def capacity(m: Measures, target: Target, year: int) -> Floats | None:
    """People or events that the staff and services there are can carry; None where unknown."""
    if target.variable not in RESOURCES:
        return None
    return expression(m, f"{target.variable}_projected", target.group, year)


def workload(target: Target, people: Floats) -> Floats:
    """People or events that the target means, by draw: a stated count, or a share of `people`.

    A past count that is more than there are by now means all of them.
    """
    if not target.counted:
        return people * target.goal
    return np.full_like(people, target.goal) if target.stated else np.minimum(people, target.goal)


def _nobody(target: Target, people: Floats) -> bool:
    """Whether the target is a share of nobody, in any draw."""
    return not target.counted and not bool((people > 0).all())


def _per(target: Target, people: Floats) -> Floats:
    """People or events that one of the plan's units means, by draw."""
    return np.full_like(people, target.factor) if target.counted else people * target.factor
