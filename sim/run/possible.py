"""What set-up knows of a run that cannot be: no people, a plan beyond the horizon, counted years moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from sim import demography
from sim.config import Experiment
from sim.errors import BalanceError, ParameterError, fault
from sim.known import conditioned
from sim.labelled import labelled_set
from sim.params import Parameter, central
from sim.places.observed_checks import bounds_beside
from sim.plan import Plan
from sim.run import pipeline
from sim.schema import SEXES

DIALS = ("fertility.tfr_change", "fertility.birth_support", "mortality.e0_change")
"""What scenarios add to a counted path: 0 changes nothing."""
_COUNTED = "fertility.tfr_counted"
PEOPLE, _MIGRANTS = "population.base", "migration.level"


def people_faults(parameters: Mapping[str, Parameter], name: str) -> list[str]:
    """What is wrong with the people from whom a projection starts."""
    parameter = parameters[name]
    place = f"{parameter.file}: {name}"
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


def entry_faults(parameters: Mapping[str, Parameter]) -> list[str]:
    """Cadres whose entrants are of no age at which the table of ages has staff."""
    share = parameters["workforce.age_share"].data
    staff = share.age.values[(share > 0).any([d for d in share.dims if d != "age"]).values]
    width = float(parameters["workforce.entry_width"].data)
    middle = parameters["workforce.entry_age"]
    return [
        fault(
            f"{middle.file}: workforce.entry_age",
            f"{float(age):g} (cadre={age.cadre.item()}), workforce.entry_width {width:g}",
            f"an age of staff within it, {staff[0]} to {staff[-1]}",
        )
        for age in middle.data
        if not (np.abs(staff - float(age)) <= width).any()
    ]


def path_faults(parameters: Mapping[str, Parameter], years: Sequence[int]) -> list[str]:
    """What demography refuses on its central path, with what was set of it."""
    try:
        state = labelled_set({}, {"year": list(years), "draw": [0]})
        pipeline.step(demography, state, conditioned(central(parameters, years), years))
    except (ParameterError, BalanceError) as error:
        known = [parameters[n] for n in demography.PARAMETERS if n in parameters]
        named = [f"{p.name} ({p.changed.rpartition(' (')[2]}" for p in known if p.changed]
        set_here = f"; set were {', '.join(named)}" if named else ""
        return [f"{line}{set_here}" for line in str(error).splitlines()]
    return []


def input_faults(parameters: Mapping[str, Parameter], years: Sequence[int]) -> list[str]:
    """What parameters that are each within their limits rule out together, before a run."""
    faults = [*people_faults(parameters, "population.base"), *rate_faults(parameters)]
    faults += entry_faults(parameters)
    return faults or path_faults(parameters, years)


def newcomers_fault(changed: Mapping[str, Parameter], name: str, value: Any) -> str:
    """What is said of net migrants beyond the growth of any total in a year; empty where there are fewer.

    changed: with what was set.  A value that says why (`exact`) is taken; losses are held against the
    people of their ages by demography.
    """
    people = changed.get(PEOPLE)
    if name != _MIGRANTS or people is None or (isinstance(value, Mapping) and "exact" in value):
        return ""
    growth = bounds_beside(people.file).get("step")
    residents, most = float(people.data.sum()), float(changed[name].data.max())
    if growth is None or most <= (growth[1] - 1.0) * residents:
        return ""
    wrong = f"{most:.0f} net migrants a year among {residents:.0f} residents"
    limit = f"want at most {(growth[1] - 1.0) * residents:.0f}, a growth of {growth[1] - 1.0:.0%}"
    return f"{wrong} | {limit}; check the unit, or write {{value: ..., exact: why}}"


def horizon_faults(experiment: Experiment, plan: Plan, place: str) -> list[str]:
    """A plan whose target year the projection does not reach."""
    end = experiment.years.end
    if plan.target_year <= end:
        return []
    wrong = f"the target year {plan.target_year} of '{experiment.plan}' is beyond the end {end}"
    return [fault(f"{place}: years", wrong, f"write end: {plan.target_year} or later")]


def after_counts(parameters: Mapping[str, Parameter], name: str, value: Any) -> Any:
    """A plain number for a dial of scenarios as the path that begins after the last counted year.

    Other values, and those of other parameters, as they stand.
    """
    amount = value["add"] if isinstance(value, Mapping) and set(value) == {"add"} else value
    plain = isinstance(amount, int | float) and not isinstance(amount, bool)
    if name not in DIALS or not plain or _COUNTED not in parameters:
        return value
    last = _last_counted(parameters)
    path = {last: 0, last + 1: amount}
    return {"add": path} if isinstance(value, Mapping) else path


def counted_faults(
    parameters: Mapping[str, Parameter], before: Mapping[str, Parameter], place: str
) -> list[str]:
    """A scenario that changes births or life expectancy in years whose figures are counted.

    parameters: the scenario's.  before: as read.  place: the scenario, for faults.
    """
    if _COUNTED not in parameters:
        return []
    last = _last_counted(parameters)
    faults = []
    for name in DIALS:
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


def _last_counted(parameters: Mapping[str, Parameter]) -> int:
    return int(parameters[_COUNTED].data.at_year.values.astype(int).max())


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
