"""Older people's care: dependent persons x settings -> beds, home care hours, workers."""

from __future__ import annotations

import xarray as xr

from sim.arguments import count_faults, dim_faults, refuse
from sim.arrays import Params
from sim.errors import fault
from sim.guard import people_faults
from sim.labelled import concat
from sim.schema import ages

SEVERITIES = ["mild", "moderate", "severe"]
PARAMETERS = (
    "elderly_care.institution_share",
    "elderly_care.occupancy_target",
    "elderly_care.community_bed_share",
    "elderly_care.home_hours",
    "elderly_care.home_share",
    "elderly_care.residents_per_worker",
    "elderly_care.care_hours",
    "elderly_care.shift_to_formal",
    "norm.care_beds",
    "workforce.available_hours",
)


def institution_users(population: xr.DataArray, dependent: xr.DataArray, params: Params) -> xr.DataArray:
    """People in institutions by dependence, dims year, severity, draw.

    population: persons, dims year, sex, age, draw.  dependent: of them 65 and over, dims year,
    severity (mild, moderate, severe), draw.  The result has the severity none too.
    Raises ParameterError where an age, a sex or a severity is missing, or more are dependent than
    live.
    """
    refuse(people_faults("population", population), _severity_faults("dependent", dependent))
    old = population.sel(age=ages("65+")).sum(("sex", "age"), skipna=False)
    rest = old - dependent.sum("severity", skipna=False)
    refuse(count_faults("people 65 and over less the dependent", rest))
    independent = rest.expand_dims(severity=["none"])
    people = concat([independent, dependent], "severity")
    share = params["elderly_care.institution_share"].sel(severity=people.severity.values)
    return people * share.clip(0.0, 1.0)


def care_beds_by_norm(population: xr.DataArray, params: Params) -> xr.DataArray:
    """Care beds by the norm per person of 60 and over, dims year, draw.

    population: persons, dims year, sex, age, draw.
    """
    refuse(people_faults("population", population))
    return population.sel(age=ages("60+")).sum(("sex", "age"), skipna=False) * params["norm.care_beds"]


def care_beds(users: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Care beds by group: total (institutions and community), institution, nursing_type (moderate,
    severe: part of those in institutions).

    users: people in institutions, dims year, severity (with moderate and severe), draw.  Returns
    beds, dims year, draw.
    """
    refuse(_severity_faults("users", users), count_faults("users", users))
    occupancy = params["elderly_care.occupancy_target"]
    institution = users.sum("severity") / occupancy
    nursing = users.sel(severity=["moderate", "severe"]).sum("severity") / occupancy
    community = institution * params["elderly_care.community_bed_share"]
    return {"total": institution + community, "institution": institution, "nursing_type": nursing}


def home_care(
    dependent: xr.DataArray, users: xr.DataArray, params: Params
) -> tuple[xr.DataArray, xr.DataArray]:
    """(formal, family) hours of care a year for dependent people who live at home, dims year, draw.

    dependent, users: people 65 and over who need help, and those in institutions, dims year,
    severity, draw.
    Each needs the hours of the severity (`elderly_care.care_hours`); those with a formal service
    get its hours, families give the rest.  `elderly_care.shift_to_formal` of the people whom
    families alone care for turn to a formal service every year.
    Raises ParameterError where a severity is missing, or more live in institutions than there are.
    """
    refuse(_severity_faults("dependent", dependent), _severity_faults("users", users))
    at_home = dependent - users.sel(severity=SEVERITIES)
    refuse(count_faults("dependent less users", at_home))
    elapsed = dependent.year - dependent.year.values[0]
    family_only = 1.0 - params["elderly_care.home_share"].sel(severity=SEVERITIES).clip(0.0, 1.0)
    family_only = family_only * (1.0 - params["elderly_care.shift_to_formal"]) ** elapsed
    served = at_home * (1.0 - family_only)
    formal = served * params["elderly_care.home_hours"].sel(severity=SEVERITIES)
    needed = at_home * params["elderly_care.care_hours"].sel(severity=SEVERITIES)
    return formal.sum("severity"), (needed - formal).clip(0.0).sum("severity")


def care_workers(users: xr.DataArray, home_hours: xr.DataArray, params: Params) -> xr.DataArray:
    """Posts in institutions by residents per worker, and at home by hours, dims year, draw.

    users: people in institutions, dims year, severity, draw.  home_hours: hours a year, dims year,
    draw.
    """
    refuse(_severity_faults("users", users), count_faults("users", users))
    refuse(count_faults("home_hours", home_hours))
    ratio = params["elderly_care.residents_per_worker"].sel(severity=users.severity.values)
    return (users / ratio).sum("severity") + home_hours / params["workforce.available_hours"]


def _severity_faults(name: str, array: xr.DataArray) -> list[str]:
    """One of the severities is missing: a sum over them would lose it."""
    if faults := dim_faults(name, array, "severity"):
        return faults
    missing = [s for s in SEVERITIES if s not in array.severity.values]
    return [fault(f"{name}: severity", f"without {missing}", "mild, moderate, severe")] if missing else []
