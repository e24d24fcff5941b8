"""Admissions and visits: rates by age x level of the year, anchored on the region's own use.

Rates = age pattern of one year x level of the year: the nation's counted level up to the last
count, then a growth that fades, and a region's own growth beside the nation's. Levels are those
of years without an epidemic; by name the years counted in 2020-2024 are given back instead.
Need by use is an index: the use of the base year moves with population, ageing and level. The
admissions are those of residents; what the region's institutions treat adds the net inflow.
"""

from __future__ import annotations

import xarray as xr

from sim.arguments import choice_faults, dim_faults, refuse, share_faults
from sim.arrays import Params
from sim.guard import people_faults
from sim.labelled import concat, made
from sim.schema import AGE_GROUPS
from sim.trend import fading_growth
from sim.year import DAYS_PER_YEAR

EPIDEMIC_YEARS = ("normal", "counted")
CALIBRATIONS = ("index", "national_rates")
PARAMETERS = (
    "inpatient.admission_rate",
    "inpatient.old_age_slope",
    "inpatient.obstetric_admissions_per_birth",
    "inpatient.admission_level",
    "inpatient.admission_growth",
    "inpatient.admission_regional_growth",
    "inpatient.admission_half_life",
    "inpatient.last_count",
    "inpatient.epidemic_factor",
    "inpatient.epidemic_years",
    "inpatient.calibration",
    "inpatient.regional_factor",
    "inpatient.obstetric_home_ratio",
    "inpatient.net_inflow",
    "inpatient.base_occupancy",
    "inpatient.open_share",
    "inpatient.alos",
    "inpatient.primary_share",
    "inpatient.tertiary_share_of_hospital",
    "supply.beds_base",
    "outpatient.visit_rate",
    "outpatient.calibration",
    "outpatient.visits_per_resident",
    "outpatient.visit_level",
    "outpatient.visit_growth",
    "outpatient.visit_regional_growth",
    "outpatient.visit_half_life",
    "outpatient.last_count",
    "outpatient.epidemic_factor",
    "outpatient.epidemic_years",
    "outpatient.primary_share",
    "outpatient.tertiary_share_of_hospital",
)


def expected_admissions(
    person_years: xr.DataArray, births_by_age: xr.DataArray, params: Params
) -> tuple[xr.DataArray, xr.DataArray]:
    """Admissions of normal years at national rates: (other than obstetric, obstetric).

    person_years: dims year, sex, age, draw.  births_by_age: dims year, age, draw.
    Returns admissions a year, dims year, sex, age, draw; obstetric ones by the mother's age, without
    dim sex (all are women's).
    Raises ParameterError where an age or a sex is missing.
    """
    refuse(people_faults("person_years", person_years), dim_faults("births_by_age", births_by_age, "age"))
    old = (person_years.age >= AGE_GROUPS["65+"][0]).astype(float)
    slope = 1.0 + old * (params["inpatient.old_age_slope"] - 1.0)
    rate = params["inpatient.admission_rate"] * slope
    level = rate_level(person_years.year, params, "inpatient", "admission")
    other = person_years * rate * level
    obstetric = births_by_age * params["inpatient.obstetric_admissions_per_birth"]
    return other, obstetric


def rate_level(year: xr.DataArray, params: Params, topic: str, what: str) -> xr.DataArray:
    """Level of age-specific rates by year, 1 at the level of the pattern; dims year (draw).

    year: calendar years, dim year.
    topic, what: `inpatient` and `admission`, or `outpatient` and `visit`.  Level counted for the
    nation up to the last count x region's growth beyond the nation's from the first year on x
    growth after the last count; both growths fade.
    """
    half_life = params[f"{topic}.{what}_half_life"]
    own = fading_growth(year, params[f"{topic}.{what}_regional_growth"], half_life)
    since = params[f"{topic}.last_count"]
    later = fading_growth(year, params[f"{topic}.{what}_growth"], half_life, since)
    return params[f"{topic}.{what}_level"] * own * later


def epidemic_factor(params: Params, topic: str) -> xr.DataArray:
    """Counted over normal rates, dim year; 1 unless `<topic>.epidemic_years` is counted.

    Raises ParameterError for another word than counted or normal.
    """
    word = str(params[f"{topic}.epidemic_years"].item())
    refuse(choice_faults(f"{topic}.epidemic_years", word, EPIDEMIC_YEARS))
    return params[f"{topic}.epidemic_factor"] if word == "counted" else made(1.0, {}, ())


def level_shares(primary: xr.DataArray, tertiary_of_hospital: xr.DataArray) -> xr.DataArray:
    """Shares of tertiary, secondary and primary care; they add up to one.

    primary: share of all, 0..1.  tertiary_of_hospital: share of what is not primary, 0..1.
    Returns shares, dims of the two and level.
    Raises ParameterError for shares outside 0..1.
    """
    refuse(share_faults("primary", primary), share_faults("tertiary_of_hospital", tertiary_of_hospital))
    hospital = 1.0 - primary
    tertiary = hospital * tertiary_of_hospital
    parts = [tertiary, hospital - tertiary, primary]
    return concat(parts, "level", ["tertiary", "secondary", "primary"])


def inpatient_shares(params: Params) -> xr.DataArray:
    """Shares of treated admissions by level; dims level (year, draw)."""
    primary = params["inpatient.primary_share"].clip(0.0, 1.0)
    return level_shares(primary, params["inpatient.tertiary_share_of_hospital"].clip(0.0, 1.0))


def base_treated_admissions(population: xr.DataArray, params: Params) -> xr.DataArray:
    """Admissions that the region's beds treated in a normal base year.

    beds x share open x 365 x occupancy / average stay: the bed identity.
    population: stock, dims year, sex, age, draw.  Returns admissions a year, dim draw.
    """
    refuse(people_faults("population", population))
    base = {
        name: _first_year(params[name])
        for name in (
            "supply.beds_base",
            "inpatient.open_share",
            "inpatient.base_occupancy",
            "inpatient.alos",
        )
    }
    beds = base["supply.beds_base"] * population.isel(year=0, drop=True).sum(("sex", "age"), skipna=False)
    bed_days = beds * base["inpatient.open_share"] * DAYS_PER_YEAR
    bed_days = bed_days * base["inpatient.base_occupancy"]
    shares = _first_year(inpatient_shares(params))
    return bed_days / (shares * base["inpatient.alos"]).sum("level", skipna=False)


def admissions(
    population: xr.DataArray,
    person_years: xr.DataArray,
    births_by_age: xr.DataArray,
    params: Params,
) -> tuple[xr.DataArray, xr.DataArray]:
    """(admissions of residents by sex and age, admissions treated in the region by level).

    population: persons at year end; person_years: of the year; dims year, sex, age, draw.
    births_by_age: by the mother's age, dims year, age, draw.  Returns dims year, sex, age, draw and
    year, level, draw.
    `inpatient.calibration` index: the factor on other than obstetric admissions is such that the
    base year's treated admissions, were it normal, are those of the region's own beds;
    national_rates: the factor is `inpatient.regional_factor`.
    """
    other, obstetric = expected_admissions(person_years, births_by_age, params)
    inflow = 1.0 + params["inpatient.net_inflow"]
    if calibration(params, "inpatient") == "index":
        treated = base_treated_admissions(population, params) / _first_year(inflow)
        base_other = other.isel(year=0, drop=True).sum(("sex", "age"), skipna=False)
        base_obstetric = obstetric.isel(year=0, drop=True).sum("age", skipna=False)
        # where most residents are treated elsewhere, obstetric admissions go with the rest
        share = (treated > params["inpatient.obstetric_home_ratio"] * base_obstetric).astype(float)
        factor = (treated - share * base_obstetric) / (base_other + (1.0 - share) * base_obstetric)
        obstetric = obstetric * (share + (1.0 - share) * factor)
    else:
        factor = params["inpatient.regional_factor"]
    other = other * (factor * epidemic_factor(params, "inpatient"))
    residents = other.transpose("year", "sex", "age", "draw")
    women = residents.sex.values.tolist().index("female")
    residents.values[:, women] += obstetric.transpose("year", "age", "draw").values
    level = residents.sum(("sex", "age"), skipna=False) * inflow * inpatient_shares(params)
    return residents, level


def visits(population: xr.DataArray, person_years: xr.DataArray, params: Params) -> xr.DataArray:
    """Visits in the region by level, a year; dims year, level, draw.

    population: persons at year end; person_years: of the year; dims year, sex, age, draw.
    """
    refuse(people_faults("population", population), people_faults("person_years", person_years))
    level = rate_level(person_years.year, params, "outpatient", "visit")
    expected = (person_years.sum("sex", skipna=False) * params["outpatient.visit_rate"]).sum(
        "age", skipna=False
    ) * level
    if calibration(params, "outpatient") == "index":
        base = population.isel(year=0, drop=True).sum(("sex", "age"), skipna=False)
        wanted = base * params["outpatient.visits_per_resident"]
        expected = expected * wanted / expected.isel(year=0, drop=True)
    primary = params["outpatient.primary_share"].clip(0.0, 1.0)
    tertiary = params["outpatient.tertiary_share_of_hospital"].clip(0.0, 1.0)
    expected = expected * epidemic_factor(params, "outpatient")
    return expected * level_shares(primary, tertiary)


def calibration(params: Params, topic: str) -> str:
    """How a topic's level is set: by index on the place's own use, or by national rates.

    Raises ParameterError for another word.
    """
    word = str(params[f"{topic}.calibration"].item())
    refuse(choice_faults(f"{topic}.calibration", word, CALIBRATIONS))
    return word


def _first_year(array: xr.DataArray) -> xr.DataArray:
    return array.isel(year=0, drop=True) if "year" in array.dims else array
