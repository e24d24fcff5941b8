"""Beds, staff, places: what the plan provides against what the population needs."""

from __future__ import annotations

import numpy as np

from sim.adequacy.case import Reading
from sim.adequacy.series import Measures, expression
from sim.adequacy.standing import Standing
from sim.adequacy.sufficient import Find, quantile_of
from sim.adequacy.test import Pair, Test
from sim.arrays import Floats
from sim.plan.targets import Target
from sim.schema import RESOURCES
from sim.supply.plan_path import plan_path

NORMAL_YEAR = "_normal"  # group of the need beside its peak


class Provided(Test):
    """A ratio to people, or a count, of a resource."""

    def __init__(self, per_head: bool, variable: str) -> None:
        self.per_head = per_head
        resource = RESOURCES.get(variable)
        of_staff = resource is not None and resource.group_dim == "staff_method"
        self.effort = "recruit" if of_staff else "build"

    def standing(self, reading: Reading, target: Target, year: int) -> Standing | None:
        """The plan carried out against need by use and by norm, and the trend beside it."""
        m, group = reading.measures, target.group or "total"
        required = needed(m, target, year)
        if required is None:
            return None
        planned = self.planned(reading, target, year)
        resource = RESOURCES.get(target.variable)
        held = resource is not None and group in resource.held  # no trend stands behind it
        projected = None if held else expression(m, f"{target.variable}_projected", group, year)
        norm = need_by_norm(m, target.variable, group, year)
        per, people = self._unit(reading, target, year, required)
        hidden = _hidden(target, required, norm, per)
        return Standing(planned, required, projected, norm, hidden=hidden, per=per, people=people)

    def find(self, reading: Reading, target: Target, year: int) -> Find | None:
        """The smallest target that is enough; of people for one unit the largest."""
        required = needed(reading.measures, target, year)
        if required is None:
            return None
        per, people = self._unit(reading, target, year, required)
        shown = Standing(required, per=per, people=people).shown(required)
        return quantile_of(shown, largest=target.inverse)

    def rises(self, target: Target) -> bool:
        """More units are asked for by a larger figure, unless it counts people for one unit."""
        return not target.inverse

    def pair(self, reading: Reading, target: Target, year: int) -> Pair | None:
        """Need and the plan's path, from its base year's stock on; None where no stock is known."""
        required = needed(reading.measures, target, year)
        planned = self.planned(reading, target, year)
        if required is None or not np.isfinite(planned).all():
            return None
        norm = need_by_norm(reading.measures, target.variable, target.group or "total", year)
        per, _ = self._unit(reading, target, year, required)
        return required, planned + _hidden(target, required, norm, per)

    def planned(self, reading: Reading, target: Target, year: int) -> Floats:
        """What the plan brings in a year, by draw: on the way to the target, then what follows it."""
        return np.asarray(self.path(reading, target)[reading.measures.years().index(year)])

    def path(self, reading: Reading, target: Target) -> Floats:
        """The same in every year of the run, (year, draw)."""
        if reading.path and reading.path[0][0] is target:
            return reading.path[0][1]
        m, years = reading.measures, np.array(reading.measures.years())
        series, group = f"{target.variable}_projected", target.group or "total"
        each = [expression(m, series, group, int(y)) for y in years]
        trend = None if any(v is None for v in each) else np.stack([v for v in each if v is not None])
        if self.per_head:
            goal = target.per_head * np.stack([reading.people(target, int(y)) for y in years])
        else:
            goal = np.full((len(years), len(m.population("resident", int(years[0])))), target.goal)
        due = max(target.year, int(years[0]))
        found = plan_path(years, goal, due, trend, reading.after_target, target.since)
        reading.path[:] = [(target, found)]  # a target is asked for year by year
        return found

    def _unit(
        self, reading: Reading, target: Target, year: int, like: Floats
    ) -> tuple[Floats | None, Floats | None]:
        """(model units in one of the plan's, people that the plan divides), by draw."""
        if not self.per_head:
            return np.full_like(like, target.factor), None
        people = reading.people(target, year)
        return (None, people) if target.inverse else (people * target.factor, people)


def _hidden(target: Target, required: Floats, norm: Floats | None, per: Floats | None) -> Floats | float:
    """Half of the plan's last digit, in the model's unit, where the norm is the only need there is.

    A norm is met to the digits that the plan prints; a need by use is no printed figure.
    """
    only = norm is not None and per is not None and np.array_equal(norm, required)
    return target.step * per if only and per is not None else 0.0


def needed(m: Measures, target: Target, year: int) -> Floats | None:
    """Need by use: of beds that an epidemic fills, the need of a normal year, not of its peak."""
    series, group = f"{target.variable}_required", target.group or "total"
    normal = f"{group}{NORMAL_YEAR}"
    return expression(m, series, normal if m.has(series, normal) else group, year)


def need_by_norm(m: Measures, variable: str, group: str, year: int) -> Floats | None:
    """Need by national norm: its own series, or for staff the method `ratio`."""
    if m.has(f"{variable}_required_norm", group):
        return m.at(f"{variable}_required_norm", group, year)
    resource = RESOURCES.get(variable)
    if resource is not None and resource.group_dim == "staff_method":
        return m.at(f"{variable}_required", "ratio", year)
    return None
