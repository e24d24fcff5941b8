"""Ratios of access, such as people for one ambulance: the rule decides, and the fleet is held against it."""

from __future__ import annotations

import numpy as np

from sim.adequacy.case import Reading
from sim.adequacy.provided import Provided
from sim.adequacy.series import expression
from sim.adequacy.standing import Standing, meets
from sim.adequacy.sufficient import Find
from sim.adequacy.test import Pair
from sim.plan.targets import Target


class Access(Provided):
    """A number for each so many people, whatever the workload; a larger fleet is no surplus."""

    def standing(self, reading: Reading, target: Target, year: int) -> Standing | None:
        """The fleet that the trend brings, shared out by the people that the rule counts."""
        m = reading.measures
        fleet = expression(m, f"{target.variable}_projected", "total", year)
        if fleet is None:
            return None
        people = reading.people(target, year)
        counted = m.population("resident", year) - m.population("county", year)
        counted = counted + m.population("county x3", year)
        here, ruled = fleet * people / counted, self.planned(reading, target, year)
        per, of_people = self._unit(reading, target, year, ruled)
        standing = Standing(here, per=per, people=of_people)
        # more vehicles are better: compared as a number, to the digits of the plan's own figure
        slack = 1.0 - target.step * target.factor / target.goal
        met = np.asarray(here >= ruled * slack, float) if target.inverse else None
        if met is None:
            met = np.asarray(meets(target, standing.shown(here)), float)
        return Standing(here, p_meets=met, planned=ruled, per=per, people=of_people)

    def find(self, reading: Reading, target: Target, year: int) -> Find | None:
        """None: the rule follows from roads and response times, not from a need of this model."""
        return None

    def pair(self, reading: Reading, target: Target, year: int) -> Pair | None:
        """The rule is the need and the provision at once."""
        return None
