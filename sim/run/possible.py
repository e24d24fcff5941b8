"""What set-up knows of a run that cannot be: no people, a plan beyond the horizon, counted years moved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from sim.config import Experiment
from sim.errors import fault
from sim.params import Parameter
from sim.plan import Plan
from sim.schema import SEXES

_DIALS = ("fertility.tfr_change", "fertility.birth_support", "mortality.e0_change")


def people_faults(parameters: Mapping[str, Parameter], name: str) -> list[str]:
    """What is wrong with the people from whom a projection starts."""
    parameter = parameters[name]
    place = f"{parameter.file}: {name.rpartition('.')[2]}"
    people: xr.DataArray = parameter.data
    if set(people.dims) != {"sex", "age"}:
        wrong = f"dims {sorted(map(str, people.dims))}"
        return [fault(place, wrong, "want sex and age, people at 31 December of the base year")]
    if float(people.sum()) <= 0:
        return [fault(place, f"{float(people.sum()):g} people", "give the people by sex and age")]
    return [
        fault(place, f"nobody is {sex}", "give the people of both sexes")
        for sex in SEXES
        if float(people.sel(sex=sex).sum()) <= 0
    ]


SOMEWHERE = ("inpatient.admission_rate", "outpatient.visit_rate", "mortality.mx")
"""Rates by age whose level is set by what was counted: at some age there must be some."""
DIVIDES = {"childcare.children_per_carer": (0, 2)}
"""What is divided by, and at which ages; 0 at others."""


def rate_faults(parameters: Mapping[str, Parameter]) -> list[str]:
    """What is wrong with a table as a whole: a rate of 0 at every age, a divisor of 0."""
    faults = []
    for name, (first, last) in DIVIDES.items():
        least = parameters[name].data.sel(age=slice(first, last)).min("age")
        if not float(least.min()) > 0:
            wrong = f"{name}: {float(least.min()):g} at an age from {first} to {last}"
            faults.append(fault(str(parameters[name].file), wrong, "above 0"))
    for name in SOMEWHERE:
        if not float(parameters[name].data.max()) > 0:
            wrong = f"{name}: 0 at every age"
            faults.append(fault(str(parameters[name].file), wrong, "a rate above 0 at some age"))
    return faults


def horizon_faults(experiment: Experiment, plan: Plan, place: str) -> list[str]:
    """A plan whose target year the projection does not reach."""
    end = experiment.years.end
    if plan.target_year <= end:
        return []
    wrong = f"the target year {plan.target_year} of '{experiment.plan}' is beyond the end {end}"
    return [fault(f"{place}: years", wrong, f"write end: {plan.target_year} or later")]


def counted_faults(
    parameters: Mapping[str, Parameter], before: Mapping[str, Parameter], place: str
) -> list[str]:
    """A scenario that changes births or life expectancy in years whose figures are counted.

    parameters: the scenario's.  before: as read.  place: the scenario, for faults.
    """
    if "fertility.tfr_counted" not in parameters:
        return []
    last = int(parameters["fertility.tfr_counted"].data.at_year.values.astype(int).max())
    faults = []
    for name in _DIALS:
        if name not in parameters or parameters[name].data is before[name].data:
            continue
        moved = _before(parameters[name].data, last)
        if moved is not None:
            wrong = f"{name} is {moved[1]:g} in {moved[0]}; births and life expectancy are counted to {last}"
            faults.append(fault(place, wrong, f"write 0 up to {last}: {{{last}: 0, {last + 1}: ...}}"))
    for policy in ("two_child", "three_child"):
        quantum, start = f"fertility.{policy}_quantum", f"fertility.{policy}_start"
        if quantum not in parameters or parameters[quantum].data is before[quantum].data:
            continue
        first = int(parameters[start].data)
        if first <= last and float(parameters[quantum].data) != float(before[quantum].data):
            wrong = f"{quantum} acts from {first}; births are counted to {last}"
            faults.append(fault(place, wrong, f"add {start}: {last + 1}"))
    return faults


def _before(data: xr.DataArray, last: int) -> tuple[int, float] | None:
    """First counted year in which a path is not 0, and what it is there."""
    if "year" not in data.dims:
        return (last, float(data)) if float(data) != 0 else None
    years = data.year.values.astype(float)
    for year in range(int(min(years[0], last)), last + 1):
        value = float(np.interp(year, years, data.values))
        if value != 0:
            return year, value
    return None
