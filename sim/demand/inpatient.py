"""Beds: bed-days over what a bed can give at the occupancy that its unit can bear."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

from sim.trend import fading_growth

DAYS_PER_YEAR = 365.0
CHILD_AGES = slice(0, 14)
OLD_AGES = slice(65, 100)

Params = Mapping[str, xr.DataArray]


def alos(year: xr.DataArray, params: Params) -> xr.DataArray:
    """Average length of stay by year and level, days."""
    change = fading_growth(
        year, params["inpatient.alos_growth"], params["inpatient.alos_half_life"]
    )
    return params["inpatient.alos"] * change


def beds_from_bed_days(
    bed_days: xr.DataArray, occupancy: xr.DataArray, open_share: xr.DataArray
) -> xr.DataArray:
    """Year-end beds for `bed_days` a year.

    occupancy: share of open bed-days in use, 0..1.  open_share: beds open over the year per
    year-end bed.  beds = bed_days / (365 x open_share x occupancy): the bed identity.
    """
    return bed_days / (DAYS_PER_YEAR * open_share * occupancy)


def occupancy_target(params: Params) -> xr.DataArray:
    """Occupancy that each kind of bed can bear, dim bed_group.

    `inpatient.occupancy_source`: hospital_model takes what the hospital model found for the typical
    unit (wards by size, seasons and weekdays), planning_values the figures of planning documents.
    """
    if str(params["inpatient.occupancy_source"].item()) == "hospital_model":
        return params["occupancy_by_size.bed_group"]
    return params["inpatient.occupancy_target"]


def bed_days(admissions_level: xr.DataArray, params: Params) -> xr.DataArray:
    """Bed-days used in the region by level and year."""
    return admissions_level * alos(admissions_level.year, params)


def beds_required(inputs: xr.Dataset, params: Params) -> dict[str, xr.DataArray]:
    """Beds needed by group.

    total = tertiary + secondary + primary = public + private; and total = general + the typed beds
    at normal load. infectious and icu are left to the caller, who knows the epidemic peak; here
    they stand as infectious_normal and icu_normal.
    """
    target, open_share = occupancy_target(params), params["inpatient.open_share"]
    days = inputs["bed_days"]

    def need(days_of_type: xr.DataArray, group: str) -> xr.DataArray:
        occupancy = target.sel(bed_group=group, drop=True).clip(0.05, 0.99)
        return beds_from_bed_days(days_of_type, occupancy, open_share)

    levels = {str(v): need(days.sel(level=v, drop=True), str(v)) for v in days.level.values}
    total = sum(levels.values(), xr.zeros_like(levels["primary"]))
    typed = {
        name: need(d, name.removesuffix("_normal"))
        for name, d in typed_days(inputs, params).items()
    }
    private = total * params["inpatient.private_share"].clip(0.0, 1.0)
    general = total - sum(typed.values(), xr.zeros_like(total))
    return {
        "total": total, **levels, "general": general.clip(0.0), **typed,
        "public": total - private, "private": private,
    }  # fmt: skip


def by_type(
    inputs: xr.Dataset, params: Params
) -> tuple[dict[str, xr.DataArray], dict[str, xr.DataArray]]:
    """(admissions, bed-days) by kind of bed at normal load; general takes what is left.

    Kinds whose stay is not stated apart (psychiatric) have bed-days only; patients of intensive
    care are admissions of other kinds too, and so left out of the sum.
    """
    days = {k.removesuffix("_normal"): d for k, d in typed_days(inputs, params).items()}
    all_days = inputs["bed_days"].sum("level")
    treated = inputs["admissions_level"].sum("level")
    mean_stay = all_days / treated
    stays = {
        "obstetric": _delivery_stay(params),
        "paediatric": params["inpatient.paediatric_alos"],
        "geriatric_rehabilitation": params["inpatient.rehabilitation_alos"],
        "tcm": mean_stay,
        "infectious": mean_stay,
        "icu": params["inpatient.icu_alos"],
    }
    days["general"] = (all_days - sum(days.values(), xr.zeros_like(all_days))).clip(0.0)
    return {name: days[name] / stay for name, stay in stays.items()}, days


def typed_days(inputs: xr.Dataset, params: Params) -> dict[str, xr.DataArray]:
    """Bed-days in special beds; children's, old people's and mothers' from their own numbers."""
    residents, treated = inputs["admissions"], inputs["admissions_level"]
    both = residents.sum("sex")
    inflow = treated.sum("level") / both.sum("age")
    above_primary = treated.sum("level") - treated.sel(level="primary", drop=True)
    children = both.sel(age=CHILD_AGES).sum("age") * params["inpatient.paediatric_share"]
    old = both.sel(age=OLD_AGES).sum("age") * params["inpatient.rehabilitation_share"]
    people = inputs["population"].sum(("sex", "age"))
    all_days = inputs["bed_days"].sum("level")
    return {
        "obstetric": inputs["deliveries"] * delivery_days(params) * inflow.clip(max=1.0),
        "paediatric": children * params["inpatient.paediatric_alos"] * inflow,
        "geriatric_rehabilitation": old * params["inpatient.rehabilitation_alos"] * inflow,
        "psychiatric": people * params["inpatient.psychiatric_bed_days"] * inflow.clip(max=1.0),
        "tcm": all_days * params["inpatient.tcm_share"],
        "infectious_normal": all_days * params["inpatient.infectious_share"],
        "icu_normal": above_primary * params["inpatient.icu_share"] * params["inpatient.icu_alos"],
    }


def delivery_days(params: Params) -> xr.DataArray:
    """Mean days in an obstetric bed for one delivery, other obstetric admissions included."""
    return _delivery_stay(params) * params["inpatient.obstetric_admissions_per_birth"]


def _delivery_stay(params: Params) -> xr.DataArray:
    caesarean = params["inpatient.caesarean_share"]
    stay = caesarean * params["inpatient.caesarean_alos"]
    return stay + (1.0 - caesarean) * params["inpatient.vaginal_alos"]


def beds_by_norm(population: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Beds by national norm, for every kind that has one."""
    people = population.sum(("sex", "age"))
    children = population.sel(age=CHILD_AGES).sum(("sex", "age"))
    return {
        "total": people * params["norm.beds"],
        "primary": people * params["norm.primary_beds"],
        "paediatric": children * params["norm.paediatric_beds"],
        "psychiatric": people * params["norm.psychiatric_beds"],
        "icu": people * params["norm.icu_beds"],
        "private": people * params["norm.private_beds"],
    }
