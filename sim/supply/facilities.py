"""Beds, slots and vehicles that will exist: the stock of the base year and its fading growth."""

from __future__ import annotations

import xarray as xr

from sim.arrays import Params
from sim.groups import public_by_class, stacked
from sim.labelled import made
from sim.schema import AGE_GROUPS
from sim.supply.growth import growth_of
from sim.supply.stocks import paced, projected
from sim.trend import fading_growth
from sim.year import DAYS_PER_YEAR

PARAMETERS = (
    "supply.beds_base",
    "supply.beds_half_life",
    "supply.icu_beds_base",
    "supply.icu_growth",
    "supply.infectious_beds_base",
    "supply.primary_bed_share",
    "supply.private_bed_share",
    "supply.childcare_slots_base",
    "supply.childcare_slots_growth",
    "supply.childcare_half_life",
    "supply.care_beds_base",
    "supply.care_beds_growth",
    "supply.nursing_type_share",
    "supply.newborn_beds_base",
    "supply.newborn_beds_growth",
    "supply.institution_share_of_care_beds",
    "supply.ambulances_base",
    "inpatient.open_share",
    "inpatient.city_share_of_public",
)


def beds(population: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Hospital and primary-care beds by group, dims year, draw.

    population: persons, dims year, sex, age, draw.
    """
    people = population.sum(("sex", "age"), skipna=False)
    total = paced(population, params["supply.beds_base"], growth_of("beds", people.year, params, people))
    primary = total * params["supply.primary_bed_share"].clip(0.0, 1.0)
    private = total * params["supply.private_bed_share"].clip(0.0, 1.0)
    half_life = params["supply.beds_half_life"]
    icu = projected(population, params["supply.icu_beds_base"], params["supply.icu_growth"], half_life)
    return {
        "total": total,
        "primary": primary,
        "private": private,
        "public": total - private,
        **public_by_class(total - private, primary, params["inpatient.city_share_of_public"]),
        "infectious": _flat(population, params["supply.infectious_beds_base"]),
        "icu": icu,
    }


def occupancy(bed_days: xr.DataArray, stock: xr.DataArray, params: Params) -> xr.DataArray:
    """Use of the beds that will exist: bed-days over 365 x open beds, all and in primary care.

    bed_days: a year, dims year, level, draw.  stock: beds, dims year, bed_group, draw.  Returns
    shares, dims year, bed_group, draw.
    """
    days = {
        "total": bed_days.sum("level", skipna=False),
        "primary": bed_days.sel(level="primary", drop=True),
    }
    use = stacked("bed_group", days)
    return use / (stock.sel(bed_group=list(days)) * params["inpatient.open_share"] * DAYS_PER_YEAR)


def newborn_beds(births: xr.DataArray, params: Params) -> xr.DataArray:
    """Newborn beds: those of the base year per birth, and their growth; births do not move them.

    births: a year, dims year, sex, draw.  Returns beds, dims year, draw.
    """
    base = births.isel(year=0, drop=True).sum("sex", skipna=False) * params["supply.newborn_beds_base"]
    growth = params["supply.newborn_beds_growth"]
    return base * fading_growth(births.year, growth, params["supply.beds_half_life"])


def childcare_slots(population: xr.DataArray, params: Params) -> xr.DataArray:
    """Childcare slots, dims year, draw.  population: persons, dims year, sex, age, draw."""
    base, growth = params["supply.childcare_slots_base"], params["supply.childcare_slots_growth"]
    return projected(population, base, growth, params["supply.childcare_half_life"])


def care_beds(population: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Elderly-care beds: all, those in institutions, of them those of nursing type, dims year, draw.

    population: persons, dims year, sex, age, draw.
    """
    base, growth = params["supply.care_beds_base"], params["supply.care_beds_growth"]
    half_life = params["supply.beds_half_life"]
    total = projected(population, base, growth, half_life, AGE_GROUPS["60+"][0])
    institution = total * params["supply.institution_share_of_care_beds"]
    nursing = institution * params["supply.nursing_type_share"].clip(0.0, 1.0)
    return {"total": total, "institution": institution, "nursing_type": nursing}


def ambulances(population: xr.DataArray, params: Params) -> xr.DataArray:
    """Ambulances, dims year, draw.  population: persons, dims year, sex, age, draw."""
    return _flat(population, params["supply.ambulances_base"])


def _flat(population: xr.DataArray, base: xr.DataArray) -> xr.DataArray:
    zero, ever = made(0.0, {}, ()), made(1.0, {}, ())
    return projected(population, base, zero, ever)
