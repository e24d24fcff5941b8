"""Supply: what will exist if what was observed goes on, without assuming that a plan is met."""

from __future__ import annotations

import xarray as xr

from sim.arrays import Params
from sim.catalogue import cadres
from sim.groups import stacked
from sim.guard import guarded, stated
from sim.labelled import labelled_set
from sim.schema import checked
from sim.supply import coverage, facilities, growth, workforce

__all__ = ["PARAMETERS", "READS", "WRITES", "project"]

READS = ("population", "births", "bed_days", "managed_required", "childcare_slots_required")
WRITES = (
    "beds_available",
    *(f"{cadre}_available" for cadre in cadres.IDS),
    "childcare_slots_available",
    "care_beds_available",
    "ambulances_available",
    "newborn_beds_available",
    "bed_occupancy",
    "staff_entrants",
    "staff_leavers",
    "managed_available",
    "managed_covered",
    "programme_hours",
)
PARAMETERS = stated(
    growth.PARAMETERS,
    facilities.PARAMETERS,
    workforce.PARAMETERS,
    coverage.PARAMETERS,
    ("childcare.occupancy_target",),
)


@guarded("supply", READS, PARAMETERS)
def project(inputs: xr.Dataset, params: Params) -> xr.Dataset:
    """Resources that will exist in one region and scenario, for all its draws.

    inputs: the variables of READS.  params: those of PARAMETERS.  Returns those of WRITES.
    """
    population = inputs["population"]
    slots = facilities.childcare_slots(population, params)
    out = {
        "beds_available": stacked("bed_group", facilities.beds(population, params)),
        "childcare_slots_available": stacked("childcare_group", {"total": slots}),
        "newborn_beds_available": facilities.newborn_beds(inputs["births"], params),
        "care_beds_available": stacked("care_group", facilities.care_beds(population, params)),
        "ambulances_available": stacked(
            "ambulance_group", {"total": facilities.ambulances(population, params)}
        ),
    }
    staff = workforce.staff(population, slots, params)
    stocks = {c: staff["headcount"].sel(cadre=c, drop=True) for c in cadres.IDS}
    for cadre, stock in stocks.items():
        out[f"{cadre}_available"] = stacked("staff_method", {"total": stock})
    hours = coverage.programme_hours(stocks, params)
    full = params["childcare.occupancy_target"]
    enrolled = inputs["childcare_slots_required"].sel(childcare_group="enrolled", drop=True)
    capacity, covered, in_use = coverage.managed_available(
        inputs["managed_required"],
        hours,
        stocks["tcm_doctors"],
        {"most": slots * full, "enrolled": enrolled * full},
        params,
    )
    out["managed_available"] = stacked("programme", capacity)
    out["managed_covered"] = stacked("programme", covered)
    out["programme_hours"] = stacked("side", {"available": hours, "in_use": in_use})
    out["staff_entrants"], out["staff_leavers"] = staff["entrants"], staff["leavers"]
    out["bed_occupancy"] = facilities.occupancy(inputs["bed_days"], out["beds_available"], params)
    return labelled_set({name: _full(name, out[name], population) for name in WRITES})


def _full(name: str, array: xr.DataArray, population: xr.DataArray) -> xr.DataArray:
    if "draw" not in array.dims:
        array = array.expand_dims(draw=population["draw"].values)
    return checked(name, array, "supply")
