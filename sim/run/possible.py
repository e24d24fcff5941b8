"""What set-up can know of a run that cannot be: no people, one sex, a plan beyond the horizon."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

from sim.config import Experiment
from sim.errors import fault
from sim.params import Parameter
from sim.plan import Plan
from sim.schema import SEXES


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


def horizon_faults(experiment: Experiment, plan: Plan, place: str) -> list[str]:
    """A plan whose target year the projection does not reach."""
    end = experiment.years.end
    if plan.target_year <= end:
        return []
    wrong = f"the target year {plan.target_year} of '{experiment.plan}' is beyond the end {end}"
    return [fault(f"{place}: years", wrong, f"write end: {plan.target_year} or later")]
