"""Outcomes, use and demography: what the projection expects against the figure of the plan."""

from __future__ import annotations

import numpy as np

from sim.adequacy.case import Reading
from sim.adequacy.poisson import rate_met
from sim.adequacy.series import Measures, expression
from sim.adequacy.standing import Standing, meets
from sim.adequacy.sufficient import Find, quantile_of, rate_reached
from sim.adequacy.test import Test
from sim.arrays import Floats
from sim.draws import sampled
from sim.plan.targets import Target, built_on

RARE = "live births"  # a unit that ends so counts few deaths: their number is chance


class Outcome(Test):
    """An expected value, met or not; deaths per live birth are Poisson around their mean."""

    effort = "outcome"

    def standing(self, reading: Reading, target: Target, year: int) -> Standing | None:
        """The expected value, and the probability in each draw that it meets the target."""
        m = reading.measures
        value = expected(m, target, year)
        if value is None:
            return None
        per = np.full_like(value, target.factor)
        if is_rare(target):
            p = rate_met(target.sense, self._aim(target), value, m.at("births", "total", year))
        else:
            p = np.asarray(meets(target, value / per), float)
        return Standing(value, p_meets=p, per=per)

    def find(self, reading: Reading, target: Target, year: int) -> Find | None:
        """The strictest value that is reached."""
        m = reading.measures
        value = expected(m, target, year)
        if value is None or target.sense == "in":
            return None
        if is_rare(target):
            births = sampled(m.at("births", "total", year))
            return rate_reached(target.sense, target.factor, sampled(value), births)
        return quantile_of(value / target.factor, largest=self.rises(target))

    @staticmethod
    def _aim(target: Target) -> float:
        """The goal with what rounding hides: 2.4 is met by 2.44."""
        slack = target.step * target.factor
        return target.goal + {"<=": slack, ">=": -slack}.get(target.sense, 0.0)


def expected(m: Measures, target: Target, year: int) -> Floats | None:
    """The value of a year; of growth the change since the plan's base year, or the run's if later."""
    value = expression(m, target.variable, target.group, year)
    if value is None or not target.growth:
        return value
    since = built_on(m.years(), target.year, target.since)
    base = expression(m, target.variable, target.group, since)
    return None if base is None else value / base - 1.0


def is_rare(target: Target) -> bool:
    """Whether the value counts few deaths, so that chance meets or misses the target."""
    return target.unit.endswith(RARE)
