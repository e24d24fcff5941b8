"""Supply: what will exist if what was observed goes on, without assuming that a plan is met."""

from __future__ import annotations

import xarray as xr

from sim.arrays import Params
from sim.groups import stacked
from sim.guard import guarded
from sim.schema import checked
from sim.supply import coverage
from sim.supply.stocks import projected
from sim.supply.workforce import staff_paths
from sim.trend import fading_growth
from sim.year import DAYS_PER_YEAR

__all__ = ["PARAMETERS", "READS", "WRITES", "project"]

READS = ("population", "births", "bed_days", "managed_required")
_STAFF = (
    "doctors",
    "tcm_doctors",
    "nurses",
    "gps",
    "pharmacists",
    "public_health_staff",
    "supervision_staff",
    "midwives",
    "care_workers",
    "rural_doctors",
    "village_doctors",
)
WRITES = (
    "beds_available",
    *(f"{c}_available" for c in _STAFF),
    "childcare_staff_available",
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
PARAMETERS = (
    "supply.beds_base",
    "supply.beds_growth",
    "supply.beds_half_life",
    "supply.icu_beds_base",
    "supply.icu_growth",
    "supply.infectious_beds_base",
    "supply.primary_bed_share",
    "supply.private_bed_share",
    *(f"supply.{c}_base" for c in _STAFF),
    *(f"supply.{c}_growth" for c in _STAFF),
    "supply.staff_half_life",
    "supply.staff_growth_form",
    "supply.village_doctors_half_life",
    "supply.childcare_slots_base",
    "supply.childcare_slots_growth",
    "supply.childcare_half_life",
    "supply.care_beds_base",
    "supply.care_beds_growth",
    "supply.nursing_type_share",
    "supply.newborn_beds_base",
    "supply.newborn_beds_growth",
    "supply.institution_share_of_care_beds",
    "supply.slots_per_carer",
    "supply.ambulances_base",
    "childcare.other_staff",
    "inpatient.open_share",
    "workforce.age_share",
    "workforce.age_tilt",
    "workforce.female_share",
    "workforce.female_entrants",
    "workforce.attrition",
    "workforce.stay_after_retirement",
    "workforce.leave_after_retirement",
    "workforce.retirement_age",
    "workforce.entry_age",
    "workforce.entry_width",
    "workforce.available_hours",
    "workforce.patient_share",
    "workforce.minutes_per_visit",
    "workforce.management_hours",
    "population.urban_share",
    "coverage.method",
    "coverage.uncovered",
    "coverage.gap_closing",
    "coverage.hours_in_use",
    "coverage.primary_share",
    "coverage.programme_time",
    "coverage.programme_part",
    "coverage.donations_per_donor_age",
    "coverage.donations_growth",
    "coverage.tcm_in_primary",
)
OLD_AGE = 60


@guarded("supply", READS, PARAMETERS)
def project(inputs: xr.Dataset, params: Params) -> xr.Dataset:
    """Resources that will exist in one region and scenario, for all its draws.

    inputs: the variables of READS.  params: those of PARAMETERS.  Returns those of WRITES.
    """
    population = inputs["population"]
    slots = _stock(population, "childcare_slots", params, "childcare_half_life")
    carers = slots / params["supply.slots_per_carer"]
    out = {
        "beds_available": stacked("bed_group", _beds(population, params)),
        "childcare_slots_available": stacked("childcare_group", {"total": slots}),
        "newborn_beds_available": _newborn_beds(inputs["births"], params),
        "care_beds_available": stacked("care_group", _care_beds(population, params)),
        "ambulances_available": stacked(
            "ambulance_group", {"total": _flat(population, "ambulances", params)}
        ),
    }
    following = {"childcare_staff": carers * (1.0 + params["childcare.other_staff"])}
    staff = staff_paths(_base_staff(population, params), population.year.values, _STAFF, params, following)
    stocks = {c: staff["headcount"].sel(cadre=c, drop=True) for c in (*_STAFF, *following)}
    for cadre, stock in stocks.items():
        out[f"{cadre}_available"] = stacked("staff_method", {"total": stock})
    hours = coverage.programme_hours(stocks, params)
    capacity, covered, in_use = coverage.managed_available(
        inputs["managed_required"], hours, stocks["tcm_doctors"], params
    )
    out["managed_available"] = stacked("programme", capacity)
    out["managed_covered"] = stacked("programme", covered)
    out["programme_hours"] = stacked("side", {"available": hours, "in_use": in_use})
    out["staff_entrants"], out["staff_leavers"] = staff["entrants"], staff["leavers"]
    out["bed_occupancy"] = _occupancy(inputs["bed_days"], out["beds_available"], params)
    return xr.Dataset({name: _full(name, out[name], population) for name in WRITES})


def _stock(
    population: xr.DataArray,
    name: str,
    params: Params,
    half_life: str,
    first_age: int = 0,
) -> xr.DataArray:
    base, growth = params[f"supply.{name}_base"], params[f"supply.{name}_growth"]
    return projected(population, base, growth, params[f"supply.{half_life}"], first_age)


def _base_staff(population: xr.DataArray, params: Params) -> xr.DataArray:
    """Headcount of the base year by cadre and draw."""
    people = population.isel(year=0, drop=True).sum("sex", skipna=False)
    old = people.sel(age=slice(OLD_AGE, 100)).sum("age", skipna=False)
    everybody = people.sum("age", skipna=False)
    rural = everybody * (1.0 - params["population.urban_share"].isel(year=0, drop=True))
    served = {"care_workers": old, "rural_doctors": rural, "village_doctors": rural}
    parts = [served.get(cadre, everybody) * params[f"supply.{cadre}_base"] for cadre in _STAFF]
    return xr.concat(parts, "cadre", coords="minimal").assign_coords(cadre=list(_STAFF))


def _newborn_beds(births: xr.DataArray, params: Params) -> xr.DataArray:
    """Newborn beds: those of the base year per birth, and their growth; births do not move them."""
    base = births.isel(year=0, drop=True).sum("sex", skipna=False) * params["supply.newborn_beds_base"]
    growth = params["supply.newborn_beds_growth"]
    return base * fading_growth(births.year, growth, params["supply.beds_half_life"])


def _occupancy(bed_days: xr.DataArray, beds: xr.DataArray, params: Params) -> xr.DataArray:
    """Use of the beds that will exist: bed-days over 365 x open beds, all and in primary care."""
    days = {
        "total": bed_days.sum("level", skipna=False),
        "primary": bed_days.sel(level="primary", drop=True),
    }
    use = stacked("bed_group", days)
    return use / (beds.sel(bed_group=list(days)) * params["inpatient.open_share"] * DAYS_PER_YEAR)


def _flat(population: xr.DataArray, name: str, params: Params) -> xr.DataArray:
    zero, ever = xr.DataArray(0.0), xr.DataArray(1.0)
    return projected(population, params[f"supply.{name}_base"], zero, ever)


def _beds(population: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    total = _stock(population, "beds", params, "beds_half_life")
    primary = total * params["supply.primary_bed_share"].clip(0.0, 1.0)
    private = total * params["supply.private_bed_share"].clip(0.0, 1.0)
    icu = projected(
        population,
        params["supply.icu_beds_base"],
        params["supply.icu_growth"],
        params["supply.beds_half_life"],
    )
    infectious = _flat(population, "infectious_beds", params)
    return {
        "total": total,
        "primary": primary,
        "private": private,
        "public": total - private,
        "infectious": infectious,
        "icu": icu,
    }


def _care_beds(population: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    total = projected(
        population,
        params["supply.care_beds_base"],
        params["supply.care_beds_growth"],
        params["supply.beds_half_life"],
        OLD_AGE,
    )
    institution = total * params["supply.institution_share_of_care_beds"]
    nursing = institution * params["supply.nursing_type_share"].clip(0.0, 1.0)
    return {"total": total, "nursing_type": nursing}


def _full(name: str, array: xr.DataArray, population: xr.DataArray) -> xr.DataArray:
    if "draw" not in array.dims:
        array = array.expand_dims(draw=population["draw"].values)
    return checked(name, array, "supply")
