"""Staff by cadre, three methods side by side: ratio, workload (WISN) and service target.

WISN: staff = A x B + C, A = sum(workload / standard workload), B the category allowance factor, C the
individual allowance factor. World Health Organization (2010), Workload indicators of staffing need
(WISN): user's manual, ISBN 978 92 4 150019 7, steps 6 (allowance factors) and 7 (requirements).
"""

from __future__ import annotations

import xarray as xr

from sim.arguments import choice_faults, count_faults, positive_faults, refuse, share_faults
from sim.arrays import Params
from sim.catalogue import cadres
from sim.guard import people_faults
from sim.schema import AGE_GROUPS
from sim.year import MINUTES_PER_HOUR

COUNTY_LEVELS = ("secondary", "primary")
PARAMETERS = (
    "outpatient.village_share",
    "outpatient.tcm_share",
    "population.urban_share",
    "norm.nurse_doctor_ratio",
    "workforce.minutes_per_visit",
    "workforce.minutes_per_bed_day",
    "workforce.available_hours",
    "workforce.patient_share",
    "workforce.practising_share",
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
    "workforce.rural_use",
    "workforce.licensed_in_village",
    "coverage.programme_time",
    "coverage.most_programme_time",
    *(f"norm.{cadre.id}" for cadre in cadres.WITH_NORM),
)


def wisn_staff(
    service_hours: xr.DataArray,
    available_hours: xr.DataArray,
    service_share: xr.DataArray,
    individual_posts: xr.DataArray | float = 0.0,
) -> xr.DataArray:
    """Posts by the WISN method: A x B + C.

    service_hours: hours a year of service activities, any dims.  available_hours: working time of
    one post, hours a year.  service_share: share of working time for them, above 0 to 1; the
    category allowance factor B is its inverse.  individual_posts: the manual's individual allowance
    factor C, in posts: hours a year of additional work of single members over available_hours.
    Returns posts, dims of the four together.
    Raises ParameterError for hours or posts below 0, no working time, a share outside 0..1.
    """
    refuse(
        count_faults("service_hours", service_hours),
        positive_faults("available_hours", available_hours, "hours a year of one post, above 0"),
        share_faults("service_share", service_share, open_low=True),
        count_faults("individual_posts", individual_posts),
    )
    return service_hours / available_hours / service_share + individual_posts


def with_other_posts(posts: xr.DataArray, share: xr.DataArray) -> xr.DataArray:
    """All posts of a cadre of which `share` do other work than services (administration, schools).

    posts: those that the services take, any dims.  share: of all posts, 0 to below 1.
    Returns posts, dims of the two together.
    Raises ParameterError for posts below 0 or a share outside 0..1, or of all posts.
    """
    refuse(count_faults("posts", posts), share_faults("share of other posts", share))
    refuse(positive_faults("share of service posts", 1.0 - share, "a share of other posts below 1"))
    return posts / (1.0 - share)


def methods(
    total: str,
    ratio: xr.DataArray,
    wisn: xr.DataArray | None = None,
    service_target: xr.DataArray | None = None,
) -> dict[str, xr.DataArray]:
    """The methods side by side; `total` names the one that the verdict uses.

    ratio, wisn, service_target: posts, dims year, draw.  A method that is not given stands as total.
    Raises ParameterError where `total` names a method that is not given.
    """
    given = {"ratio": ratio, "wisn": wisn, "service_target": service_target}
    known = {name: array for name, array in given.items() if array is not None}
    refuse(choice_faults("total", total, list(known)))
    main = known[total]
    return {"total": main, **{name: known.get(name, main) for name in given}}


def nurses_by_norms(per_resident: xr.DataArray, doctors: xr.DataArray, params: Params) -> xr.DataArray:
    """Nurses that meet both norms: so many per resident, and so many per doctor by norm.

    per_resident, doctors: posts by norm, dims year, draw.  Returns posts, the same dims.
    """
    refuse(count_faults("per_resident", per_resident), count_faults("doctors", doctors))
    per_doctor = doctors * params["norm.nurse_doctor_ratio"]
    return per_resident.where(per_resident > per_doctor, per_doctor)


def clinical_hours(inputs: xr.Dataset, params: Params) -> dict[str, xr.DataArray]:
    """Hours a year on visits and beds: doctors, nurses, pharmacists, and parts of the doctors.

    inputs: visits and bed_days a year, dims year, level, draw.  Returns hours, dims year, draw.
    primary_doctors, county_doctors: doctors' hours in primary care, and below tertiary care.
    village_clinics: hours on visits in village clinics, which count for none of the others.
    """
    visits, bed_days = inputs["visits"], inputs["bed_days"]
    is_primary = (visits.level == "primary").astype(float)
    seen = visits * (1.0 - params["outpatient.village_share"] * is_primary)
    village = (visits - seen).sel(level="primary", drop=True)
    minutes_each = params["workforce.minutes_per_visit"].sel(level="primary", drop=True)
    doctor = seen * params["workforce.minutes_per_visit"]
    doctor = (doctor + bed_days * params["workforce.minutes_per_bed_day"]) / MINUTES_PER_HOUR
    all_visits = seen.sum("level", skipna=False)
    nurse = (bed_days * params["workforce.nurse_hours_per_bed_day"]).sum("level", skipna=False)
    nurse = nurse + all_visits * params["workforce.nurse_minutes_per_visit"] / MINUTES_PER_HOUR
    minutes = params["workforce.pharmacist_minutes"]
    pharmacist = all_visits * minutes.sel(service="visit", drop=True)
    pharmacist = pharmacist + bed_days.sum("level", skipna=False) * minutes.sel(service="bed_day", drop=True)
    return {
        "doctors": doctor.sum("level", skipna=False),
        "primary_doctors": doctor.sel(level="primary", drop=True),
        "county_doctors": doctor.sel(level=list(COUNTY_LEVELS)).sum("level", skipna=False),
        "village_clinics": village * minutes_each / MINUTES_PER_HOUR,
        "nurses": nurse,
        "pharmacists": pharmacist / MINUTES_PER_HOUR,
    }


def village_doctors(clinic_hours: xr.DataArray, params: Params) -> xr.DataArray:
    """Village doctors (乡村医生) by WISN, beside the licensed doctors of village clinics.

    clinic_hours: hours a year on visits in village clinics, dims year, draw.  The category allowance
    takes out the time for public health programmes as well.  Returns posts, the same dims.
    """
    theirs = clinic_hours * (1.0 - params["workforce.licensed_in_village"])
    programmes = params["coverage.programme_time"].sel(programme_cadre="village_doctors", drop=True)
    share = params["workforce.patient_share"] * (
        1.0 - programmes.clip(0.0, params["coverage.most_programme_time"])
    )
    return wisn_staff(theirs, params["workforce.available_hours"], share)


def staff_required(inputs: xr.Dataset, params: Params) -> dict[str, dict[str, xr.DataArray]]:
    """Posts needed by cadre and method, dims year, draw.

    inputs: population (year, sex, age, draw), visits and bed_days (year, level, draw), beds_level
    (year, level, draw), management_hours (year, draw).
    """
    refuse(people_faults("population", inputs["population"]))
    people = inputs["population"].sum(("sex", "age"), skipna=False)
    hours = clinical_hours(inputs, params)
    available, share = params["workforce.available_hours"], params["workforce.patient_share"]
    other = params["workforce.other_posts_share"]

    def by_load(work: str, cadre: str = "") -> xr.DataArray:
        outside = other.sel(cadre=cadre or work, drop=True)
        return with_other_posts(wisn_staff(hours[work], available, share), outside)

    doctors_by_beds, nurses_by_beds = _by_beds(inputs["beds_level"], params)
    doctors = by_load("doctors")
    primary_hours = hours["primary_doctors"] + inputs["management_hours"]
    gps = wisn_staff(primary_hours * params["workforce.gp_share_of_primary"], available, share)
    tcm_doctors = doctors * params["outpatient.tcm_share"]
    practising = doctors * params["workforce.practising_share"].clip(0.0, 1.0)
    technical = doctors * params["workforce.technical_staff_per_doctor"]
    rural = 1.0 - params["population.urban_share"].clip(0.0, 1.0)
    served = {"residents": people, "rural": people * rural, "60+": _old(inputs["population"])}
    norm = {c.id: served[c.served] * params[f"norm.{c.id}"] for c in cadres.WITH_NORM}
    nurses_by_norm = nurses_by_norms(norm["nurses"], norm["doctors"], params)
    hours["rural_doctors"] = hours["county_doctors"] * rural * params["workforce.rural_use"]
    return {
        "doctors": methods("wisn", norm["doctors"], doctors, doctors_by_beds),
        "practising_doctors": methods("wisn", norm["practising_doctors"], practising),
        "tcm_doctors": methods("wisn", norm["tcm_doctors"], tcm_doctors),
        "nurses": methods("wisn", nurses_by_norm, by_load("nurses"), nurses_by_beds),
        "rural_doctors": methods("wisn", norm["doctors"] * rural, by_load("rural_doctors", "doctors")),
        "village_doctors": methods(
            "ratio", norm["village_doctors"], village_doctors(hours["village_clinics"], params)
        ),
        "gps": methods("wisn", norm["gps"], gps, people / params["workforce.residents_per_gp"]),
        "pharmacists": methods(
            "wisn",
            norm["pharmacists"],
            by_load("pharmacists"),
            technical * params["workforce.pharmacist_share_of_technical"],
        ),
        **{cadre.id: methods("ratio", norm[cadre.id]) for cadre in cadres.BY_NORM},
    }


def _by_beds(beds: xr.DataArray, params: Params) -> tuple[xr.DataArray, xr.DataArray]:
    """Doctors and nurses that beds (with dim level) ask for by norm."""
    staff = beds.sum("level", skipna=False) * params["workforce.staff_per_bed"]
    nurses = (beds * params["workforce.nurses_per_bed"]).sum("level", skipna=False)
    return staff * params["workforce.doctor_share_of_staff"], nurses


def _old(population: xr.DataArray) -> xr.DataArray:
    first, last = AGE_GROUPS["60+"]
    return population.sel(age=slice(first, last)).sum(("sex", "age"), skipna=False)
