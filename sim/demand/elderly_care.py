"""Older people's care: dependent persons x settings -> beds, home care hours, workers."""

from __future__ import annotations

import xarray as xr

from sim.arrays import Params

OLD_AGES = slice(65, 100)
NORM_AGES = slice(60, 100)
SEVERITIES = ["mild", "moderate", "severe"]


def institution_users(population: xr.DataArray, dependent: xr.DataArray, params: Params) -> xr.DataArray:
    """People in institutions by dependence, dim severity: none, mild, moderate, severe."""
    old = population.sel(age=OLD_AGES).sum(("sex", "age"), skipna=False)
    independent = (old - dependent.sum("severity")).expand_dims(severity=["none"])
    people = xr.concat([independent, dependent], "severity")
    share = params["elderly_care.institution_share"].sel(severity=people.severity.values)
    return people * share.clip(0.0, 1.0)


def care_beds_by_norm(population: xr.DataArray, params: Params) -> xr.DataArray:
    """Care beds by the norm per person of 60 and over."""
    return population.sel(age=NORM_AGES).sum(("sex", "age"), skipna=False) * params["norm.care_beds"]


def care_beds(users: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Care beds by group: total (institutions and community), nursing_type (moderate, severe)."""
    occupancy = params["elderly_care.occupancy_target"]
    institution = users.sum("severity") / occupancy
    nursing = users.sel(severity=["moderate", "severe"]).sum("severity") / occupancy
    community = institution * params["elderly_care.community_bed_share"]
    return {"total": institution + community, "nursing_type": nursing}


def home_care(
    dependent: xr.DataArray, users: xr.DataArray, params: Params
) -> tuple[xr.DataArray, xr.DataArray]:
    """(formal, family) hours of care a year for dependent people who live at home.

    Each needs the hours of the severity (`elderly_care.care_hours`); those with a formal service
    get its hours, families give the rest.  `elderly_care.shift_to_formal` of the people whom
    families alone care for turn to a formal service every year.
    """
    at_home = dependent - users.sel(severity=SEVERITIES)
    elapsed = dependent.year - dependent.year.values[0]
    family_only = 1.0 - params["elderly_care.home_share"].sel(severity=SEVERITIES).clip(0.0, 1.0)
    family_only = family_only * (1.0 - params["elderly_care.shift_to_formal"]) ** elapsed
    served = at_home * (1.0 - family_only)
    formal = served * params["elderly_care.home_hours"].sel(severity=SEVERITIES)
    needed = at_home * params["elderly_care.care_hours"].sel(severity=SEVERITIES)
    return formal.sum("severity"), (needed - formal).clip(0.0).sum("severity")


def care_workers(users: xr.DataArray, home_hours: xr.DataArray, params: Params) -> xr.DataArray:
    """Posts in institutions by residents per worker, and at home by hours."""
    ratio = params["elderly_care.residents_per_worker"].sel(severity=users.severity.values)
    return (users / ratio).sum("severity") + home_hours / params["workforce.available_hours"]
