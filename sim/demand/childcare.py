"""Childcare slots (托位) by single age: wish, take-up, use; beside them the rule per resident."""

from __future__ import annotations

import xarray as xr

from sim.arguments import count_faults, dim_faults, refuse, same_label_faults
from sim.arrays import Params
from sim.guard import people_faults
from sim.schema import ages

AGES = ages("0-2")
PARAMETERS = (
    "childcare.wish",
    "childcare.take_up",
    "childcare.occupancy_target",
    "childcare.enrolment",
    "childcare.enrolment_by_age",
    "childcare.slots_per_resident",
    "childcare.children_per_carer",
    "childcare.other_staff",
)


def slots(population: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Slots needed by group, three notions of need side by side, and the first by age.

    total: by wish (children x families that wish x those that take an affordable place), what the
    verdict uses.  enrolled: by the trend of enrolment that is counted in the nation.  rule: by the
    standard per resident.  The first two over the occupancy that a network is planned for.

    population: persons, dims year, sex, age, draw.  Returns slots, dims year, draw.
    Raises ParameterError where an age or a sex is missing.
    """
    refuse(people_faults("population", population))
    children = population.sel(age=AGES).sum("sex", skipna=False)
    occupancy = params["childcare.occupancy_target"]
    wish = params["childcare.wish"].sel(age=AGES).clip(0.0, 1.0)
    wanted = children * wish * params["childcare.take_up"] / occupancy
    by_age = {f"age_{a}": wanted.sel(age=a, drop=True) for a in children.age.values}
    return {
        "total": wanted.sum("age", skipna=False),
        "enrolled": enrolled(population, params).sum("age", skipna=False) / occupancy,
        "rule": population.sum(("sex", "age"), skipna=False) * params["childcare.slots_per_resident"],
        **by_age,
    }


def enrolled(population: xr.DataArray, params: Params) -> xr.DataArray:
    """Children under 3 in childcare by age at present rates of use.

    population: persons, dims year, sex, age, draw.  Returns children, dims year, age 0..2, draw.
    """
    refuse(people_faults("population", population))
    children = population.sel(age=AGES).sum("sex", skipna=False)
    relative = params["childcare.enrolment_by_age"].sel(age=AGES)
    return children * (params["childcare.enrolment"] * relative).clip(0.0, 1.0)


def staff(slots_by_age: xr.DataArray, params: Params) -> xr.DataArray:
    """Carers and other staff for slots used at the planned occupancy.

    slots_by_age: slots, dims with age 0, 1, 2.  Returns posts, dims of slots_by_age without age.
    Raises ParameterError where one of the ages is missing, or slots are below 0.
    """
    refuse(dim_faults("slots_by_age", slots_by_age, "age"), count_faults("slots_by_age", slots_by_age))
    refuse(
        same_label_faults(
            "slots_by_age", slots_by_age, params["childcare.children_per_carer"].sel(age=AGES), "age"
        )
    )
    children = slots_by_age * params["childcare.occupancy_target"]
    carers = (children / params["childcare.children_per_carer"].sel(age=AGES)).sum("age", skipna=False)
    return carers * (1.0 + params["childcare.other_staff"])
