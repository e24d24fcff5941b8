"""Health programmes: how many people and events the staff and services there are can cover.

Basic public health programmes share the hours of primary-care staff: hours they have (working
time x share for the programmes) over the hours that present coverage takes, the same factor for
every programme.  Programmes of hospitals and stations (deliveries, screening, vaccination) go on
from present coverage, whose gap closes at the observed rate.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.arguments import choice_faults, count_faults, refuse, share_faults
from sim.arrays import Params
from sim.catalogue.programmes import PROGRAMMES, WITH_CLIENT
from sim.trend import fading_growth
from sim.year import MINUTES_PER_HOUR

METHODS = ("calibrated", "wisn")
PARAMETERS = (
    "supply.staff_half_life",
    "workforce.available_hours",
    "workforce.patient_share",
    "workforce.minutes_per_visit",
    "workforce.management_hours",
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


def programme_hours(staff: Params, params: Params) -> xr.DataArray:
    """Hours a year that primary-care staff have for the clients counted here, by year and draw.

    staff: headcount of gps, doctors, nurses, public_health_staff, village_doctors, dims year, draw,
    as the result.  Hours =
    headcount x share in primary care x working time x share for the programmes x part for these
    clients (WISN).
    """
    posts = {
        "gps": staff["gps"],
        "other_doctors": (staff["doctors"] - staff["gps"]).clip(0.0),
        "nurses": staff["nurses"],
        "public_health_staff": staff["public_health_staff"],
        "village_doctors": staff["village_doctors"],
    }
    time = params["coverage.primary_share"].clip(0.0, 1.0) * params["coverage.programme_time"]
    full_time = [n * time.sel(programme_cadre=c, drop=True) for c, n in posts.items()]
    hours = params["workforce.available_hours"] * params["coverage.programme_part"]
    total: xr.DataArray = sum(full_time[1:], full_time[0]) * hours
    return total


def hours_in_use(required: xr.DataArray, covered: xr.DataArray, params: Params) -> xr.DataArray:
    """Hours a year that present coverage of the programmes takes.

    required: people at full coverage, dims year, programme, draw.  covered: share 0..1, dims
    programme (draw).  Returns hours, dims year, draw.
    Raises ParameterError for shares outside 0..1 and people below 0.
    """
    refuse(count_faults("required", required), share_faults("covered", covered))
    names = [row.id for row in WITH_CLIENT]
    per_client = params["workforce.management_hours"].sel(client=[row.client for row in WITH_CLIENT])
    per_client = per_client.rename(client="programme").assign_coords(programme=names)
    people = required.sel(programme=names) * covered.sel(programme=names)
    return (people * per_client).sum("programme", skipna=False)


def room(hours: xr.DataArray, in_use: xr.DataArray, params: Params) -> xr.DataArray:
    """Factor on present coverage that the staff's hours allow.

    `coverage.method`: calibrated starts from what is delivered in the base year (with
    `coverage.hours_in_use` of the hours taken) and moves with hours over need; wisn takes the
    level of hours too.  hours, in_use: hours a year, dims year, draw, as the result; 0 where there
    are no hours, or nobody is covered, so that there is nothing to go on with.
    Raises ParameterError for another method.
    """
    method = str(params["coverage.method"].item())
    refuse(choice_faults("coverage.method", method, METHODS))
    level = _over(hours, in_use)
    if method == "wisn":
        return level
    return _over(level, level.isel(year=0, drop=True)) / params["coverage.hours_in_use"]


def _over(part: xr.DataArray, whole: xr.DataArray) -> xr.DataArray:
    """The share of a whole; 0 where there is no whole."""
    return (part / whole).where(~(whole <= 0), 0.0)


def managed_available(
    required: xr.DataArray,
    hours: xr.DataArray,
    tcm_doctors: xr.DataArray,
    places: Params,
    params: Params,
) -> tuple[dict[str, xr.DataArray], dict[str, xr.DataArray], xr.DataArray]:
    """(people or events that can be covered, those that are, by programme; hours that this takes).

    required: people at full coverage, dims year, programme, draw.  hours: of programme_hours;
    tcm_doctors: headcount; dims year, draw, as the results.  places: children under 3 whom the slots
    there will be take (`most`) and those who are enrolled by trend (`enrolled`), the same dims.
    Nobody is covered twice: a programme's coverage ends at 1.  What hours limit goes on at present
    coverage as long as the hours allow it; what they do not limit, as its gap closes; donations and
    TCM visits are what donors and doctors give; childcare takes no more children than its slots.
    """
    covered = 1.0 - params["coverage.uncovered"].clip(0.0, 1.0)
    in_use = hours_in_use(required, covered, params)
    factor = room(hours, in_use, params)
    elapsed = required.year - required.year.values[0]
    closing = params["coverage.gap_closing"].clip(0.0)
    capacity: dict[str, xr.DataArray] = {}
    reached: dict[str, xr.DataArray] = {}
    for name in map(str, required.programme.values):
        people, limit = required.sel(programme=name, drop=True), PROGRAMMES[name].limit
        if limit == "donors":
            capacity[name] = reached[name] = people * _donations(required.year, params)
        elif limit == "tcm_doctors":
            capacity[name] = reached[name] = _tcm_visits(tcm_doctors, params)
        elif limit == "slots":
            capacity[name] = places["most"]
            reached[name] = places["enrolled"].where(places["enrolled"] < capacity[name], capacity[name])
        elif limit == "hours":
            capacity[name] = people * (_of(covered, name) * factor).clip(max=1.0)
            reached[name] = people * _of(covered, name) * factor.clip(max=1.0)
        else:
            gap = (1.0 - _of(covered, name)) * np.exp(-_of(closing, name) * elapsed)
            capacity[name] = reached[name] = people * (1.0 - gap)
    return capacity, reached, in_use


def _donations(year: xr.DataArray, params: Params) -> xr.DataArray:
    """Blood donations a year per person of donor age."""
    growth = params["coverage.donations_growth"]
    trend = fading_growth(year, growth, params["supply.staff_half_life"])
    return params["coverage.donations_per_donor_age"] * trend


def _tcm_visits(tcm_doctors: xr.DataArray, params: Params) -> xr.DataArray:
    """Visits a year that TCM doctors in primary care can see (WISN: time over time a visit)."""
    posts = tcm_doctors * params["coverage.tcm_in_primary"].clip(0.0, 1.0)
    hours = posts * params["workforce.available_hours"] * params["workforce.patient_share"]
    minutes = params["workforce.minutes_per_visit"].sel(level="primary", drop=True)
    return hours * MINUTES_PER_HOUR / minutes


def _of(array: xr.DataArray, programme: str) -> xr.DataArray:
    return array.sel(programme=programme, drop=True)
