"""People under health management: how many full coverage means, and the hours it takes."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

from sim.arguments import refuse
from sim.arrays import Params
from sim.catalogue.programmes import WITH_CLIENT
from sim.guard import people_faults
from sim.labelled import like
from sim.schema import ages

CHRONIC = ("hypertension", "diabetes")
PARAMETERS = (
    "coverage.detected",
    "coverage.severe_mental_visits",
    "coverage.patients_under_65",
    "coverage.migrant_share",
    "coverage.last_child_age",
    "coverage.first_donor_age",
    "coverage.last_donor_age",
    "workforce.management_hours",
    "workforce.registered_severe_mental",
    "disease.managed_share",
)


def managed(inputs: xr.Dataset, params: Params) -> dict[str, xr.DataArray]:
    """People or events a year at full coverage, by programme.

    hypertension, diabetes: patients who are known; severe_mental: those registered;
    severe_mental_visits: follow-ups that the national standard asks for; blood_donors: people of
    donor age; tcm_primary_visits: all visits in primary care; childcare: children under 3.
    inputs: population (year, sex, age, draw), births (year, sex, draw), deliveries (year, draw),
    cases (year, cause, draw), visits (year, level, draw).  Returns dims year, draw.
    """
    refuse(people_faults("population", inputs["population"]))
    both = inputs["population"].sum("sex", skipna=False)
    people = both.sum("age", skipna=False)
    births, cases = inputs["births"].sum("sex", skipna=False), inputs["cases"]
    deliveries = inputs["deliveries"]
    known = params["coverage.detected"].clip(0.0, 1.0)
    patients = {c: cases.sel(cause=c, drop=True) * known.sel(programme_cause=c, drop=True) for c in CHRONIC}
    registered = people * params["workforce.registered_severe_mental"]
    old = both.sel(age=ages("65+")).sum("age", skipna=False)
    young = both.where(both.age <= params["coverage.last_child_age"], 0.0).sum("age", skipna=False)
    youngest = both.sel(age=ages("0-2")).sum("age", skipna=False)
    first, last = (params[f"coverage.{n}_donor_age"] for n in ("first", "last"))
    of_age = both.where((both.age >= first) & (both.age <= last), 0.0).sum("age", skipna=False)
    return {
        "elderly_65": old,
        **patients,
        "severe_mental": registered,
        "severe_mental_visits": registered * params["coverage.severe_mental_visits"],
        "severe_mental_medication": registered,
        "pregnant_women": births,
        "antenatal_care": births,
        "postnatal_visits": deliveries,
        "prepregnancy_checks": births,
        "children_u3": youngest,
        "children_0_6": young,
        "vaccination": young,
        "newborn_screening": births,
        "prenatal_screening": deliveries,
        "deliveries": deliveries,
        "family_doctor_key_groups": key_groups(old + young + births, patients, registered, params),
        "migrants": people * params["coverage.migrant_share"].clip(0.0, 1.0),
        "tcm_primary_visits": inputs["visits"].sel(level="primary", drop=True),
        "blood_donors": of_age,
        "childcare": youngest,
    }


def key_groups(
    by_age: xr.DataArray,
    patients: Mapping[str, xr.DataArray],
    registered: xr.DataArray,
    params: Params,
) -> xr.DataArray:
    """People in the key groups of family-doctor contracts, nobody counted twice.

    by_age: people 65 and over, children 0-6 and pregnant women.  registered: people with severe
    mental disorders.  All dims year, draw, as the result.  patients: known chronic patients, of
    whom `coverage.patients_under_65` are not among the old and not in a second group.
    """
    chronic = sum(patients.values(), like(registered, 0.0))
    return by_age + chronic * params["coverage.patients_under_65"] + registered


def management_hours(full: Mapping[str, xr.DataArray], cases: xr.DataArray, params: Params) -> xr.DataArray:
    """Primary-care hours a year on people under management at present coverage, dims year, draw.

    full: people at full coverage by programme, of `managed`, dims year, draw.  cases: people with
    the disease, dims year, cause, draw.
    """
    hours = params["workforce.management_hours"]
    covered = params["disease.managed_share"].clip(0.0, 1.0)
    clients = {c: cases.sel(cause=c, drop=True) * covered.sel(programme_cause=c, drop=True) for c in CHRONIC}
    clients |= {row.client: full[row.id] for row in WITH_CLIENT if row.id not in CHRONIC}
    names = [str(name) for name in hours.client.values if name in clients]
    parts = [clients[name] * hours.sel(client=name, drop=True) for name in names]
    return sum(parts[1:], parts[0])
