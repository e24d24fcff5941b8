"""Demand: how much of every resource the population needs, by year."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

from sim.arrays import Params
from sim.demand import (
    childcare,
    elderly_care,
    emergency,
    epidemic_beds,
    inpatient,
    maternity,
    outpatient,
    programmes,
    workforce,
)
from sim.groups import stacked
from sim.guard import guarded
from sim.schema import LEVELS, checked

__all__ = ["PARAMETERS", "READS", "WRITES", "project"]

READS = (
    "population",
    "births",
    "births_by_age",
    "admissions",
    "admissions_level",
    "visits",
    "dependent_elderly",
    "cases",
)
_STAFF = (
    "doctors",
    "tcm_doctors",
    "nurses",
    "gps",
    "pharmacists",
    "public_health_staff",
    "midwives",
    "supervision_staff",
    "care_workers",
    "childcare_staff",
    "rural_doctors",
    "village_doctors",
)
WRITES = (
    "bed_days",
    "beds_required",
    "beds_required_norm",
    "beds_stress",
    *(f"{cadre}_required" for cadre in _STAFF),
    "childcare_slots_required",
    "care_beds_required",
    "home_care_hours_required",
    "ambulances_required",
    "managed_required",
    "alos",
    "epidemic_peak",
    "community_health_centres_required",
    "care_beds_required_norm",
    "bed_days_type",
    "bed_days_patient",
    "admissions_type",
    "deliveries",
    "high_risk_births",
    "newborn_beds_required",
    "informal_care_hours_required",
)
PARAMETERS = (
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
    "outpatient.village_share",
    "outpatient.tcm_share",
    "elderly_care.institution_share",
    "elderly_care.occupancy_target",
    "elderly_care.community_bed_share",
    "elderly_care.home_hours",
    "elderly_care.home_share",
    "elderly_care.residents_per_worker",
    "elderly_care.care_hours",
    "elderly_care.shift_to_formal",
    "childcare.wish",
    "childcare.take_up",
    "childcare.occupancy_target",
    "childcare.enrolment",
    "childcare.enrolment_by_age",
    "childcare.slots_per_resident",
    "childcare.children_per_carer",
    "childcare.other_staff",
    "maternity.deliveries_per_birth",
    "maternity.deliveries_per_midwife",
    "maternity.newborn_beds",
    "maternity.older_mothers_age",
    "maternity.high_risk_bed_ratio",
    "coverage.detected",
    "coverage.severe_mental_visits",
    "coverage.patients_under_65",
    "coverage.migrant_share",
    "coverage.first_donor_age",
    "coverage.last_donor_age",
    "outpatient.residents_per_centre",
    "population.urban_share",
    "emergency.population_per_ambulance",
    "emergency.county_multiplier",
    "emergency.negative_pressure_share",
    "emergency.city_district_share",
    "emergency.missions_per_person",
    "emergency.missions_growth",
    "emergency.missions_half_life",
    "emergency.call_ratio",
    "emergency.mission_hours",
    "emergency.peak_factor",
    "emergency.utilisation_target",
    "emergency.fleet_in_service",
    "emergency.attack_rate",
    "emergency.hospital_fraction",
    "emergency.icu_fraction",
    "emergency.severity_scale",
    "emergency.wave_half_width",
    "emergency.ward_days",
    "emergency.icu_days",
    "emergency.isolation_share",
    "emergency.deferrable_icu_share",
    "emergency.severity_named",
    "emergency.cities",
    "emergency.residents_per_county",
    "norm.beds",
    "norm.doctors",
    "norm.tcm_doctors",
    "norm.nurses",
    "norm.gps",
    "norm.pharmacists",
    "norm.public_health_staff",
    "norm.supervision_staff",
    "norm.nurse_doctor_ratio",
    "norm.village_doctors",
    "norm.primary_beds",
    "norm.paediatric_beds",
    "norm.psychiatric_beds",
    "norm.icu_beds",
    "norm.icu_convertible_beds",
    "norm.city_infectious_beds",
    "norm.county_infectious_beds",
    "norm.private_beds",
    "norm.care_beds",
    "workforce.minutes_per_visit",
    "workforce.minutes_per_bed_day",
    "workforce.available_hours",
    "workforce.patient_share",
    "workforce.other_posts_share",
    "workforce.nurse_hours_per_bed_day",
    "workforce.nurse_minutes_per_visit",
    "workforce.pharmacist_minutes",
    "workforce.gp_share_of_primary",
    "workforce.residents_per_gp",
    "workforce.staff_per_bed",
    "workforce.doctor_share_of_staff",
    "workforce.nurses_per_bed",
    "workforce.pharmacist_share_of_technical",
    "workforce.technical_staff_per_doctor",
    "workforce.management_hours",
    "workforce.registered_severe_mental",
    "disease.managed_share",
    "workforce.rural_use",
    "workforce.licensed_in_village",
    "coverage.programme_time",
    "coverage.most_programme_time",
)


@guarded("demand", READS, PARAMETERS)
def project(inputs: xr.Dataset, params: Params) -> xr.Dataset:
    """Resources needed by one region and scenario for all its draws.

    inputs: the variables of READS.  params: those of PARAMETERS.  Returns those of WRITES.
    """
    population = inputs["population"]
    stay = inpatient.alos(inputs["admissions"], params)
    days = inputs["admissions_level"] * stay
    work = inputs.assign(bed_days=days, deliveries=maternity.deliveries(inputs["births"], params))
    beds = inpatient.beds_required(work, params)
    treated, days_by_type = inpatient.by_type(work, params)
    peak = emergency.epidemic_peak(population, params)
    normal = {name: beds[f"{name}_normal"] for name in ("infectious", "icu")}
    beds |= emergency.epidemic_beds(normal["infectious"], normal["icu"], peak, params)
    by_norm = inpatient.beds_by_norm(population, params)
    by_norm["infectious"] = epidemic_beds.infectious_beds_by_norm(population, params)
    out = {
        "bed_days": days,
        "alos": stay,
        "bed_days_patient": inpatient.bed_days_by_patient(work, params),
        "epidemic_peak": stacked("epidemic_group", peak),
        "beds_required": stacked("bed_group", beds),
        "beds_required_norm": stacked("bed_group", by_norm),
        "beds_stress": stacked("stress_group", epidemic_beds.stress(population, normal, peak, params)),
        "admissions_type": stacked("bed_type", treated),
        "bed_days_type": stacked("bed_type", days_by_type),
        "deliveries": work["deliveries"],
        "high_risk_births": maternity.high_risk_births(work["births_by_age"], params),
        "newborn_beds_required": maternity.newborn_beds(work["births"], work["births_by_age"], params),
        **_care(work, params),
    }
    full = programmes.managed(work, params)
    out["managed_required"] = stacked("programme", full)
    work = work.assign(
        beds_level=stacked("level", {level: beds[level] for level in LEVELS}),
        management_hours=programmes.management_hours(full, work["cases"], params),
    )
    for cadre, by_method in _staff(work, out, params).items():
        out[f"{cadre}_required"] = stacked("staff_method", by_method)
    full_out = [_full(name, out[name], population).to_dataset() for name in WRITES]
    return xr.merge(full_out, join="outer")  # kinds of bed without a norm stand as NaN


def _by_draw(array: xr.DataArray, population: xr.DataArray) -> xr.DataArray:
    """`array` with dim draw, even where nothing in it is uncertain."""
    return array if "draw" in array.dims else array.expand_dims(draw=population.draw.values)


def _full(name: str, array: xr.DataArray, population: xr.DataArray) -> xr.DataArray:
    return checked(name, _by_draw(array, population), "demand")


def _care(work: xr.Dataset, params: Mapping[str, xr.DataArray]) -> dict[str, xr.DataArray]:
    population, dependent = work["population"], work["dependent_elderly"]
    users = elderly_care.institution_users(population, dependent, params)
    formal, family = elderly_care.home_care(dependent, users, params)
    return {
        "childcare_slots_required": stacked("childcare_group", childcare.slots(population, params)),
        "care_beds_required": stacked("care_group", elderly_care.care_beds(users, params)),
        "care_beds_required_norm": stacked(
            "care_group", {"total": elderly_care.care_beds_by_norm(population, params)}
        ),
        "home_care_hours_required": formal,
        "informal_care_hours_required": family,
        "ambulances_required": stacked("ambulance_group", emergency.ambulances(population, params)),
        "community_health_centres_required": stacked(
            "chc_group", outpatient.community_centres(population, params)
        ),
        "_users": users,
    }


def _staff(
    work: xr.Dataset, out: Mapping[str, xr.DataArray], params: Mapping[str, xr.DataArray]
) -> dict[str, dict[str, xr.DataArray]]:
    staff = workforce.staff_required(work, params)
    midwives = maternity.midwives(work["deliveries"], params)
    users, hours = out["_users"], out["home_care_hours_required"]
    carers = elderly_care.care_workers(users, hours, params)
    slots = out["childcare_slots_required"]
    by_age = slots.sel(childcare_group=[f"age_{a}" for a in range(3)])
    by_age = by_age.rename(childcare_group="age").assign_coords(age=[0, 1, 2])
    wanted = childcare.staff(by_age, params)
    wished = by_age.sum("age", skipna=False)
    mix = by_age.where(wished > 0, 1.0) / wished.where(wished > 0, float(by_age.sizes["age"]))
    by_rule = childcare.staff(mix * slots.sel(childcare_group="rule", drop=True), params)
    return {
        **staff,
        "midwives": workforce.methods("ratio", midwives),
        "care_workers": workforce.methods("ratio", carers),
        "childcare_staff": workforce.methods("service_target", by_rule, None, wanted),
    }
