"""Beds: bed-days over what a bed can give at the occupancy that its unit can bear."""

from __future__ import annotations

import xarray as xr

from sim.arguments import choice_faults, count_faults, positive_faults, refuse, share_faults
from sim.arrays import Params
from sim.groups import public_by_class, stacked
from sim.guard import people_faults
from sim.labelled import dot, like
from sim.schema import PATIENT_AGES, ages
from sim.trend import fading_growth
from sim.year import DAYS_PER_YEAR

OCCUPANCY_SOURCES = ("hospital_model", "planning_values")
PARAMETERS = (
    "inpatient.city_share_of_public",
    "inpatient.alos",
    "inpatient.alos_growth",
    "inpatient.alos_half_life",
    "inpatient.open_share",
    "inpatient.stay_by_age",
    "inpatient.stay_age_slope",
    "inpatient.psychiatric_alos",
    "inpatient.tcm_stay",
    "inpatient.infectious_stay",
    "inpatient.occupancy_target",
    "inpatient.occupancy_source",
    "inpatient.least_occupancy",
    "inpatient.most_occupancy",
    "occupancy_by_size.bed_group",
    "inpatient.private_share",
    "inpatient.paediatric_alos",
    "inpatient.paediatric_share",
    "inpatient.vaginal_alos",
    "inpatient.caesarean_alos",
    "inpatient.caesarean_share",
    "inpatient.obstetric_admissions_per_birth",
    "inpatient.rehabilitation_share",
    "inpatient.rehabilitation_alos",
    "inpatient.psychiatric_bed_days",
    "inpatient.tcm_share",
    "inpatient.infectious_share",
    "inpatient.icu_share",
    "inpatient.icu_alos",
    "norm.beds",
    "norm.primary_beds",
    "norm.paediatric_beds",
    "norm.psychiatric_beds",
    "norm.icu_beds",
    "norm.private_beds",
)


def stay_weights(params: Params) -> xr.DataArray:
    """Stay by age relative to a reference age mix, dim age (draw): stay_by_age ^ stay_age_slope."""
    refuse(positive_faults("inpatient.stay_by_age", params["inpatient.stay_by_age"]))
    weights: xr.DataArray = params["inpatient.stay_by_age"] ** params["inpatient.stay_age_slope"]
    return weights


def case_mix(admissions: xr.DataArray, params: Params) -> xr.DataArray:
    """How much the patients' ages alone have lengthened stays since the first year, dim year.

    admissions: dims year, sex, age, draw.  Mean of the weights over the year's patients, relative
    to the first year: 1 there, so that observed means by level are kept.  Returns dims year, draw.
    Raises ParameterError where an age or a sex is missing.
    """
    refuse(people_faults("admissions", admissions))
    by_age = admissions.sum("sex", skipna=False)
    mean: xr.DataArray = dot(by_age, stay_weights(params), dim="age") / by_age.sum("age", skipna=False)
    return mean / mean.isel(year=0, drop=True)


def alos(admissions: xr.DataArray, params: Params) -> xr.DataArray:
    """Average length of stay by year and level, days.

    admissions: of residents, dims year, sex, age, draw.  Returns dims year, level, draw.  Stay of
    the base year x change at given ages x case mix.
    """
    change = fading_growth(
        admissions.year, params["inpatient.alos_growth"], params["inpatient.alos_half_life"]
    )
    return params["inpatient.alos"] * change * case_mix(admissions, params)


def beds_from_bed_days(
    bed_days: xr.DataArray, occupancy: xr.DataArray, open_share: xr.DataArray
) -> xr.DataArray:
    """Year-end beds for `bed_days` a year.

    bed_days: a year, any dims.  occupancy: share of open bed-days in use, above 0 to 1.  open_share:
    beds open over the year per year-end bed, above 0.  Returns beds, dims of the three together.
    beds = bed_days / (365 x open_share x occupancy): the bed identity.
    Raises ParameterError for bed-days below 0, an occupancy outside 0..1, no open beds.
    """
    refuse(
        count_faults("bed_days", bed_days),
        share_faults("occupancy", occupancy, open_low=True),
        positive_faults("open_share", open_share),
    )
    return bed_days / (DAYS_PER_YEAR * open_share * occupancy)


def occupancy_target(params: Params) -> xr.DataArray:
    """Occupancy that each kind of bed can bear, dim bed_group.

    `inpatient.occupancy_source`: hospital_model takes what the hospital model found for the typical
    unit (wards by size, seasons and weekdays), planning_values the figures of planning documents.
    Returns shares, dims bed_group (draw).
    Raises ParameterError for another name.
    """
    source = str(params["inpatient.occupancy_source"].item())
    refuse(choice_faults("inpatient.occupancy_source", source, OCCUPANCY_SOURCES))
    if source == "hospital_model":
        return params["occupancy_by_size.bed_group"]
    return params["inpatient.occupancy_target"]


def bed_days_by_patient(inputs: xr.Dataset, params: Params) -> xr.DataArray:
    """Bed-days by sex and age group of the patient, dims year, patient_group, draw.

    inputs: admissions (year, sex, age, draw) and bed_days (year, level, draw).  Groups
    `female_0-14` .. `male_75+` add up to the bed-days of all levels; patients from outside and of
    every level have the residents' mix of ages.
    """
    refuse(people_faults("admissions", inputs["admissions"]))
    weighted = inputs["admissions"] * stay_weights(params)
    sums = {
        f"{sex}_{name}": weighted.sel(sex=sex, age=slice(*span), drop=True).sum("age")
        for sex in weighted.sex.values
        for name, span in PATIENT_AGES.items()
    }
    groups = stacked("patient_group", sums)
    return groups / groups.sum("patient_group") * inputs["bed_days"].sum("level")


def beds_required(
    inputs: xr.Dataset, params: Params, by_kind: Params | None = None
) -> dict[str, xr.DataArray]:
    """Beds needed by group, dims year, draw.

    inputs: those of typed_days.  by_kind: what it found, where it was asked before.
    total = tertiary + secondary + primary = public + private, public = city_public + county_primary;
    and total = general + the typed beds
    at normal load. infectious and icu are left to the caller, who knows the epidemic peak; here
    they stand as infectious_normal and icu_normal.
    """
    target, open_share = occupancy_target(params), params["inpatient.open_share"]
    least, most = params["inpatient.least_occupancy"], params["inpatient.most_occupancy"]
    days = inputs["bed_days"]

    def need(days_of_type: xr.DataArray, group: str) -> xr.DataArray:
        occupancy = target.sel(bed_group=group, drop=True).clip(least, most)
        return beds_from_bed_days(days_of_type, occupancy, open_share)

    levels = {str(v): need(days.sel(level=v, drop=True), str(v)) for v in days.level.values}
    total = sum(levels.values(), like(levels["primary"], 0.0))
    by_kind = typed_days(inputs, params) if by_kind is None else by_kind
    typed = {name: need(d, name.removesuffix("_normal")) for name, d in by_kind.items()}
    private = total * params["inpatient.private_share"].clip(0.0, 1.0)
    general = total - sum(typed.values(), like(total, 0.0))
    return {
        "total": total,
        **levels,
        "general": general.clip(0.0),
        **typed,
        "public": total - private,
        "private": private,
        **public_by_class(total - private, levels["primary"], params["inpatient.city_share_of_public"]),
    }


def by_type(
    inputs: xr.Dataset, params: Params, by_kind: Params | None = None
) -> tuple[dict[str, xr.DataArray], dict[str, xr.DataArray]]:
    """(admissions, bed-days) by kind of bed at normal load, dims year, draw; general takes the rest.

    inputs: those of typed_days.  by_kind: what it found, where it was asked before.
    Bed-days of all kinds add up to the whole. So do admissions without geriatric_rehabilitation and
    icu: their patients were admitted to another kind of bed before, or come back to one.
    """
    by_kind = typed_days(inputs, params) if by_kind is None else by_kind
    days = {k.removesuffix("_normal"): d for k, d in by_kind.items()}
    all_days = inputs["bed_days"].sum("level", skipna=False)
    treated = inputs["admissions_level"].sum("level", skipna=False)
    mean_stay = all_days / treated
    stays = {
        "obstetric": _delivery_stay(params),
        "paediatric": params["inpatient.paediatric_alos"],
        "psychiatric": params["inpatient.psychiatric_alos"],
        "tcm": mean_stay * params["inpatient.tcm_stay"],
        "infectious": mean_stay * params["inpatient.infectious_stay"],
    }
    second = {
        "geriatric_rehabilitation": params["inpatient.rehabilitation_alos"],
        "icu": params["inpatient.icu_alos"],
    }
    first = {name: days[name] / stay for name, stay in stays.items()}
    general = (treated - sum(first.values(), like(treated, 0.0))).clip(0.0)
    days["general"] = (all_days - sum(days.values(), like(all_days, 0.0))).clip(0.0)
    after = {name: days[name] / stay for name, stay in second.items()}
    return {"general": general, **first, **after}, days


def typed_days(inputs: xr.Dataset, params: Params) -> dict[str, xr.DataArray]:
    """Bed-days in special beds, dims year, draw; children's, old people's, mothers' by their numbers.

    inputs: population and admissions (year, sex, age, draw), admissions_level and bed_days (year,
    level, draw), deliveries (year, draw).
    """
    refuse(people_faults("admissions", inputs["admissions"]))
    refuse(people_faults("population", inputs["population"]))
    residents, treated = inputs["admissions"], inputs["admissions_level"]
    both = residents.sum("sex", skipna=False)
    inflow = treated.sum("level", skipna=False) / both.sum("age", skipna=False)
    above_primary = treated.sum("level", skipna=False) - treated.sel(level="primary", drop=True)
    children = both.sel(age=ages("0-14")).sum("age", skipna=False) * params["inpatient.paediatric_share"]
    old = both.sel(age=ages("65+")).sum("age", skipna=False) * params["inpatient.rehabilitation_share"]
    people = inputs["population"].sum(("sex", "age"), skipna=False)
    all_days = inputs["bed_days"].sum("level", skipna=False)
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
    """Beds by national norm, for every kind that has one, dims year, draw.

    population: persons, dims year, sex, age, draw.
    """
    refuse(people_faults("population", population))
    people = population.sum(("sex", "age"), skipna=False)
    children = population.sel(age=ages("0-14")).sum(("sex", "age"), skipna=False)
    return {
        "total": people * params["norm.beds"],
        "primary": people * params["norm.primary_beds"],
        "paediatric": children * params["norm.paediatric_beds"],
        "psychiatric": people * params["norm.psychiatric_beds"],
        "icu": people * params["norm.icu_beds"],
        "private": people * params["norm.private_beds"],
    }
