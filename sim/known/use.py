"""Use led through its counts: admissions, visits, stays, occupancy, places in use, rare deaths.

The level of a use is multiplied so that it is what was counted, in every draw: between counts in equal
steps of its log, held before the first (the base year's stands where it is the place's own) and after
the last, from where its trend goes on.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from sim.arrays import Floats, Params
from sim.burden import dependency, utilisation
from sim.demand import childcare, elderly_care, inpatient
from sim.lifetable import life_columns
from sim.schema import person_years
from sim.supply import facilities
from sim.year import DAYS_PER_YEAR

Counts = Mapping[int, Floats]
"""Year -> what was counted, by draw."""


def factor(series: xr.DataArray, counts: Counts, *, own: bool) -> xr.DataArray:
    """By what a series is multiplied to be what was counted, dims year, draw.

    series: dims year, draw.  own: its base year is the place's own and stays.
    """
    years = [int(y) for y in series.year.values]
    logs = {y: np.log(v / series.sel(year=y).values) for y, v in sorted(counts.items())}
    if own and years[0] not in logs:
        logs = {years[0]: np.zeros(series.sizes["draw"]), **logs}
    known = np.array(sorted(logs), float)
    table = np.stack([logs[int(y)] for y in known])
    left = np.clip(np.searchsorted(known, years, side="right") - 1, 0, max(len(known) - 2, 0))
    right = np.minimum(left + 1, len(known) - 1)
    width = np.where(right > left, known[right] - known[left], 1.0)
    weight = np.clip((np.asarray(years) - known[left]) / width, 0.0, 1.0)[:, None]
    out = np.exp(table[left] * (1.0 - weight) + table[right] * weight)
    return xr.DataArray(out, {"year": years, "draw": series.draw.values}, ("year", "draw"))


def scaled(params: Params, name: str, by: xr.DataArray) -> xr.DataArray:
    """A parameter times a factor by year and draw."""
    whole = params[name] * by
    return whole.transpose("year", *[d for d in params[name].dims if d not in ("year", "draw")], "draw")


def inpatient_levels(
    people: xr.Dataset, params: Params, counts: Mapping[str, Counts], own: Mapping[str, bool]
) -> dict[str, xr.DataArray]:
    """Parameters of stays and admissions that meet counts of `alos`, `admissions`, `occupancy`.

    people: what demography wrote.  Of one year occupancy and one of the other two give the third by
    the bed identity, with the beds that there are; an occupancy alone gives the admissions.
    """
    out: dict[str, xr.DataArray] = {}
    params = dict(params)
    stays, treated = dict(counts.get("alos", {})), dict(counts.get("admissions", {}))
    occupied = dict(counts.get("occupancy", {}))
    both = [y for y in occupied if y in treated and y not in stays]
    if both:
        days = _open_days(people, params)
        stays |= {y: occupied[y] * days.sel(year=y).values / treated[y] for y in both}
    if stays:
        by = factor(_mean_stay(people, params), stays, own=own.get("alos", False))
        params["inpatient.alos"] = out["inpatient.alos"] = scaled(params, "inpatient.alos", by)
    alone = [y for y in occupied if y not in treated]
    if alone:
        days, stay = _open_days(people, params), _mean_stay(people, params)
        treated |= {y: occupied[y] * (days / stay).sel(year=y).values for y in alone}
    if treated:
        out |= _admissions(people, params, treated, own=own.get("admissions", False))
    return out


def _admissions(people: xr.Dataset, params: Params, counts: Counts, *, own: bool) -> dict[str, xr.DataArray]:
    """Base occupancy and level of rates whose treated admissions are the counts.

    Obstetric admissions follow births, so that the rest makes up for what they lack.
    """
    level = "inpatient.admission_level"
    treated = _treated(people, params)
    by = factor(treated, counts, own=own)
    now, out = dict(params), {}
    later = xr.ones_like(by)
    if utilisation.calibration(params, "inpatient") == "index":  # the base year's follow its beds in use
        based = "inpatient.base_occupancy"
        now[based] = out[based] = params[based] * by.isel(year=0, drop=True)
        later = (by.year > by.year[0]) * later
    once = _treated(people, now)
    other = _treated(people, {**now, level: scaled(now, level, 1.0 + later)}) - once
    by_level = (1.0 + (treated * by - once) / other.where(later > 0, 1.0)).where(later > 0, 1.0)
    return {**out, level: scaled(now, level, by_level.transpose("year", "draw"))}


def visits_level(people: xr.Dataset, params: Params, counts: Counts, *, own: bool) -> dict[str, xr.DataArray]:
    """Parameters whose visits are the counts."""
    lived = person_years(people["population"])
    seen = utilisation.visits(people["population"], lived, params).sum("level").transpose("year", "draw")
    by = factor(seen, counts, own=own)
    first = by.isel(year=0, drop=True)
    name = "outpatient.visits_per_resident"
    level = "outpatient.visit_level"
    if utilisation.calibration(params, "outpatient") == "index":
        return {name: params[name] * first, level: scaled(params, level, by / first)}
    return {level: scaled(params, level, by)}


def children_level(
    people: xr.Dataset, params: Params, counts: Counts, *, own: bool
) -> dict[str, xr.DataArray]:
    """Share of the under-threes in childcare whose children are the counts."""
    name = "childcare.enrolment"
    seen = childcare.enrolled(people["population"], params).sum("age").transpose("year", "draw")
    return {name: scaled(params, name, factor(seen, counts, own=own))}


def residents_level(
    people: xr.Dataset, params: Params, counts: Counts, *, own: bool
) -> dict[str, xr.DataArray]:
    """Shares in institutions by dependence whose residents are the counts."""
    name = "elderly_care.institution_share"
    _, remaining = life_columns(people["mx"])
    dependent = dependency.dependent_elderly(people["population"], remaining, params)
    users = elderly_care.institution_users(people["population"], dependent, params)
    seen = users.sum("severity").transpose("year", "draw")
    return {name: scaled(params, name, factor(seen, counts, own=own))}


def young_level(births: xr.DataArray, rate: xr.DataArray, counts: Counts, spread: float) -> xr.DataArray:
    """By what a rate of rare deaths is multiplied, dim draw: deaths over those expected, shrunk.

    births, rate: dims year (draw).  counts: deaths by year.  spread: of the rate as it was known before,
    relative: with few deaths most of that stays, (1/spread^2 + seen) / (1/spread^2 + expected), the mean
    of a gamma after Poisson counts (Clayton & Kaldor 1987, Biometrics 43, 671-681).  A spread wider than
    the draws of `rate` would let chance in the count widen what was known.
    """
    years = sorted(counts)
    expected = (births * rate).sel(year=years).sum("year")
    seen = xr.DataArray(sum(counts[y] for y in years), {"draw": births.draw.values}, ("draw",))
    weight = 1.0 / spread**2
    out: xr.DataArray = (weight + seen) / (weight + expected)
    return out


def _treated(people: xr.Dataset, params: Params) -> xr.DataArray:
    population = people["population"]
    _, level = utilisation.admissions(population, person_years(population), people["births_by_age"], params)
    return level.sum("level").transpose("year", "draw")


def _mean_stay(people: xr.Dataset, params: Params) -> xr.DataArray:
    population = people["population"]
    residents, level = utilisation.admissions(
        population, person_years(population), people["births_by_age"], params
    )
    days = level * inpatient.alos(residents, params)
    return (days.sum("level") / level.sum("level")).transpose("year", "draw")


def _open_days(people: xr.Dataset, params: Params) -> xr.DataArray:
    """Bed-days that the beds there will be can give, all in use."""
    beds = facilities.beds(people["population"], params)["total"]
    return (beds * params["inpatient.open_share"] * DAYS_PER_YEAR).transpose("year", "draw")
