"""Demand: how much of every resource the population needs, by year."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import xarray as xr

from sim.arrays import Params
from sim.catalogue import cadres
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
from sim.guard import guarded, stated
from sim.labelled import labelled_set
from sim.schema import LEVELS, VARIABLES, checked

__all__ = ["OPTIONAL", "PARAMETERS", "READS", "WRITES", "project"]

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
WRITES = (
    "bed_days",
    "beds_required",
    "beds_required_norm",
    "beds_stress",
    *(f"{cadre}_required" for cadre in cadres.IDS),
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
OPTIONAL = (  # none whose groups another variable has too: together they give the groups their order
    "bed_days_patient",
    "beds_stress",
    "high_risk_births",
    "newborn_beds_required",
    "ambulances_required",
    "community_health_centres_required",
)
"""What no later stage reads, and what is left out where nobody asks for it."""
PARAMETERS = stated(
    inpatient.PARAMETERS,
    outpatient.PARAMETERS,
    elderly_care.PARAMETERS,
    childcare.PARAMETERS,
    maternity.PARAMETERS,
    programmes.PARAMETERS,
    emergency.PARAMETERS,
    epidemic_beds.PARAMETERS,
    workforce.PARAMETERS,
)


@guarded("demand", READS, PARAMETERS)
def project(inputs: xr.Dataset, params: Params, without: Collection[str] = ()) -> xr.Dataset:
    """Resources needed by one region and scenario for all its draws.

    inputs: the variables of READS.  params: those of PARAMETERS.  without: variables of OPTIONAL.
    Returns those of WRITES, less these.
    """
    population = inputs["population"]
    stay = inpatient.alos(inputs["admissions"], params)
    days = inputs["admissions_level"] * stay
    work = inputs.assign(bed_days=days, deliveries=maternity.deliveries(inputs["births"], params))
    by_kind = inpatient.typed_days(work, params)
    beds = inpatient.beds_required(work, params, by_kind)
    treated, days_by_type = inpatient.by_type(work, params, by_kind)
    peak = emergency.epidemic_peak(population, params)
    normal = {name: beds[f"{name}_normal"] for name in ("infectious", "icu")}
    beds |= emergency.epidemic_beds(normal["infectious"], normal["icu"], peak, params)
    by_norm = inpatient.beds_by_norm(population, params)
    by_norm["infectious"] = epidemic_beds.infectious_beds_by_norm(population, params)
    out = {
        "bed_days": days,
        "alos": stay,
        "epidemic_peak": stacked("epidemic_group", peak),
        "beds_required": stacked("bed_group", beds),
        "beds_required_norm": stacked("bed_group", by_norm),
        "admissions_type": stacked("bed_type", treated),
        "bed_days_type": stacked("bed_type", days_by_type),
        "deliveries": work["deliveries"],
        **_care(work, params),
        **_asked_for(work, normal, peak, params, without),
    }
    full = programmes.managed(work, params)
    out["managed_required"] = stacked("programme", full)
    work = work.assign(
        beds_level=stacked("level", {level: beds[level] for level in LEVELS}),
        management_hours=programmes.management_hours(full, work["cases"], params),
    )
    for cadre, by_method in _staff(work, out, params).items():
        out[f"{cadre}_required"] = stacked("staff_method", by_method)
    # kinds of bed without a norm stand as NaN
    names = [name for name in WRITES if name not in without]
    return labelled_set({name: _full(name, out[name], population) for name in names})


def _asked_for(
    work: xr.Dataset,
    normal: Mapping[str, xr.DataArray],
    peak: Mapping[str, xr.DataArray],
    params: Params,
    without: Collection[str],
) -> dict[str, xr.DataArray]:
    """The variables of OPTIONAL, but those `without` which it is to do.

    normal, peak: infectious and intensive-care beds at normal load, patients of an epidemic's peak.
    """
    population = work["population"]
    how: dict[str, Callable[[], dict[str, xr.DataArray] | xr.DataArray]] = {
        "beds_stress": lambda: epidemic_beds.stress(population, normal, peak, params),
        "ambulances_required": lambda: emergency.ambulances(population, params),
        "community_health_centres_required": lambda: outpatient.community_centres(population, params),
        "bed_days_patient": lambda: inpatient.bed_days_by_patient(work, params),
        "high_risk_births": lambda: maternity.high_risk_births(work["births_by_age"], params),
        "newborn_beds_required": lambda: maternity.newborn_beds(
            work["births"], work["births_by_age"], params
        ),
    }
    found = {name: how[name]() for name in OPTIONAL if name not in without}
    return {n: stacked(_group(n), own) if isinstance(own, dict) else own for n, own in found.items()}


def _group(name: str) -> str:
    """The dimension of a variable beside year and draw."""
    return next(d for d in VARIABLES[name].dims if d not in ("year", "draw"))


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
