"""Admissions and visits: rates by age x trend, anchored on the region's own use.

Need by use is an index: the use of the base year moves with population, ageing and trend. The
admissions are those of residents; what the region's institutions treat adds the net inflow.
"""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr

from sim.trend import fading_growth

DAYS_PER_YEAR = 365.0
OLD_AGE = 65

Params = Mapping[str, xr.DataArray]


def expected_admissions(
    person_years: xr.DataArray, births_by_age: xr.DataArray, params: Params
) -> tuple[xr.DataArray, xr.DataArray]:
    """Admissions at national rates: (other than obstetric, obstetric).

    person_years: dims year, sex, age, draw.  births_by_age: dims year, age, draw.
    Returns admissions a year; obstetric ones without dim sex (all are women's).
    """
    old = (person_years.age >= OLD_AGE).astype(float)
    slope = 1.0 + old * (params["inpatient.old_age_slope"] - 1.0)
    rate = params["inpatient.admission_rate"] * slope
    trend = fading_growth(
        person_years.year,
        params["inpatient.admission_growth"],
        params["inpatient.admission_half_life"],
    )
    other = person_years * rate * trend
    obstetric = births_by_age * params["inpatient.obstetric_admissions_per_birth"]
    return other, obstetric


def level_shares(primary: xr.DataArray, tertiary_of_hospital: xr.DataArray) -> xr.DataArray:
    """Shares of tertiary, secondary and primary care; they add up to one.

    primary: share of all, 0..1.  tertiary_of_hospital: share of what is not primary, 0..1.
    """
    hospital = 1.0 - primary
    tertiary = hospital * tertiary_of_hospital
    parts = xr.broadcast(tertiary, hospital - tertiary, primary)
    joined = xr.concat(parts, "level", coords="minimal", compat="override")
    return joined.assign_coords(level=["tertiary", "secondary", "primary"])


def inpatient_shares(params: Params) -> xr.DataArray:
    """Shares of treated admissions by level."""
    primary = params["inpatient.primary_share"].clip(0.0, 1.0)
    return level_shares(primary, params["inpatient.tertiary_share_of_hospital"].clip(0.0, 1.0))


def base_treated_admissions(population: xr.DataArray, params: Params) -> xr.DataArray:
    """Admissions that the region's beds treated in a normal base year.

    beds x share open x 365 x occupancy / average stay: the bed identity.
    population: stock, dims year, sex, age, draw.  Returns admissions a year, dim draw.
    """
    base = {
        name: _first_year(params[name])
        for name in (
            "supply.beds_base", "inpatient.open_share", "inpatient.base_occupancy",
            "inpatient.alos",
        )
    }  # fmt: skip
    beds = base["supply.beds_base"] * population.isel(year=0, drop=True).sum(("sex", "age"))
    bed_days = beds * base["inpatient.open_share"] * DAYS_PER_YEAR
    bed_days = bed_days * base["inpatient.base_occupancy"]
    shares = _first_year(inpatient_shares(params))
    return bed_days / (shares * base["inpatient.alos"]).sum("level")


def admissions(
    population: xr.DataArray,
    person_years: xr.DataArray,
    births_by_age: xr.DataArray,
    params: Params,
) -> tuple[xr.DataArray, xr.DataArray]:
    """(admissions of residents by sex and age, admissions treated in the region by level).

    `inpatient.calibration` index: the factor on other than obstetric admissions is such that the
    base year's treated admissions are those of the region's own beds; national_rates: the factor
    is `inpatient.regional_factor`.
    """
    other, obstetric = expected_admissions(person_years, births_by_age, params)
    inflow = 1.0 + params["inpatient.net_inflow"]
    if str(params["inpatient.calibration"].item()) == "index":
        treated = base_treated_admissions(population, params) / _first_year(inflow)
        base_other = other.isel(year=0, drop=True).sum(("sex", "age"))
        base_obstetric = obstetric.isel(year=0, drop=True).sum("age")
        # where most residents are treated elsewhere, obstetric admissions go with the rest
        share = (treated > 2.0 * base_obstetric).astype(float)
        factor = (treated - share * base_obstetric) / (base_other + (1.0 - share) * base_obstetric)
        obstetric = obstetric * (share + (1.0 - share) * factor)
    else:
        factor = params["inpatient.regional_factor"]
    residents = (other * factor).transpose("year", "sex", "age", "draw")
    female = (residents.sex == "female").astype(float)
    residents = residents + (obstetric * female).transpose("year", "sex", "age", "draw")
    level = residents.sum(("sex", "age")) * inflow * inpatient_shares(params)
    return residents, level


def visits(population: xr.DataArray, person_years: xr.DataArray, params: Params) -> xr.DataArray:
    """Visits in the region by level, a year; dims year, level, draw."""
    trend = fading_growth(
        person_years.year, params["outpatient.visit_growth"], params["outpatient.visit_half_life"]
    )
    expected = (person_years.sum("sex") * params["outpatient.visit_rate"]).sum("age") * trend
    if str(params["outpatient.calibration"].item()) == "index":
        base = population.isel(year=0, drop=True).sum(("sex", "age"))
        wanted = base * params["outpatient.visits_per_resident"]
        expected = expected * wanted / expected.isel(year=0, drop=True)
    primary = params["outpatient.primary_share"].clip(0.0, 1.0)
    tertiary = params["outpatient.tertiary_share_of_hospital"].clip(0.0, 1.0)
    return expected * level_shares(primary, tertiary)


def _first_year(array: xr.DataArray) -> xr.DataArray:
    return array.isel(year=0, drop=True) if "year" in array.dims else array
