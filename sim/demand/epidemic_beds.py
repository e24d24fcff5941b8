"""Beds for epidemics beside those of a normal year: by the national norm, and under named stress.

Norm: plan for public health prevention and treatment capacity (公共卫生防控救治能力建设方案, 2020):
infectious-disease beds that each county can open, by its people, and those of the city by the people
of its districts.  Stress: the wave of the drawn epidemic at named severities, and the beds that can
be turned into intensive care.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import xarray as xr

from sim.arrays import Params

PARAMETERS = (
    "emergency.city_district_share",
    "emergency.severity_scale",
    "emergency.isolation_share",
    "emergency.deferrable_icu_share",
    "emergency.severity_named",
    "emergency.cities",
    "emergency.residents_per_county",
    "norm.icu_convertible_beds",
    "norm.city_infectious_beds",
    "norm.county_infectious_beds",
)


def infectious_beds_by_norm(population: xr.DataArray, params: Params) -> xr.DataArray:
    """Infectious-disease beds by the norm, dims year, draw: those of cities and of counties.

    population: residents by sex and age.  A city's number is read from its district population in
    proportion between the sizes that the norm prints; a county's jumps from class to class.
    """
    people = population.sum(("sex", "age"), skipna=False)
    share = params["emergency.city_district_share"].clip(0.0, 1.0)
    cities, county = params["emergency.cities"], params["emergency.residents_per_county"]
    city_beds = _in_proportion(people * share / cities, params["norm.city_infectious_beds"])
    counties = people * (1.0 - share) / county
    norm: xr.DataArray = cities * city_beds + counties * county_beds(county, params)
    return norm


def county_beds(county: xr.DataArray, params: Params) -> xr.DataArray:
    """Infectious-disease beds that a county of so many residents must be able to open."""
    found, *more = _rows(params["norm.county_infectious_beds"])
    beds = found[1]
    for (_, lower), (size, upper) in pairwise([found, *more]):
        beds = beds + (upper - lower) * (county >= size)
    return beds


def _in_proportion(people: xr.DataArray, table: xr.DataArray) -> xr.DataArray:
    """Beds for so many people: straight lines between the rows of the table, level above the last."""
    first, *more = _rows(table)
    beds = first[1]
    for (low, lower), (high, upper) in pairwise([first, *more]):
        beds = beds + (upper - lower) * (people - low).clip(0.0, high - low) / (high - low)
    return beds


def _rows(table: xr.DataArray) -> list[tuple[float, xr.DataArray]]:
    """Residents from which each number of a norm holds (the labels of its rows), and the number."""
    (dim,) = (str(d) for d in table.dims if str(d) in ("city_people", "county_people"))
    return [(float(size), table.sel({dim: size}, drop=True)) for size in table[dim].values]


def stress(
    population: xr.DataArray,
    normal: Mapping[str, xr.DataArray],
    peak: Mapping[str, xr.DataArray],
    params: Params,
) -> dict[str, xr.DataArray]:
    """Beds at the peak of the wave by named severity, and what can be converted.

    normal: infectious and icu beds of a normal year.  peak: patients in ward and icu on the peak day
    at the drawn severity (`emergency.severity_scale`); every named severity is the same wave, scaled.
    infectious_<name> = normal + isolated; icu_<name> = normal less what can wait + wave.
    icu_convertible: beds that the norm asks to be ready for conversion; the wave may fill them too.
    """
    named = params["emergency.severity_named"] / params["emergency.severity_scale"]
    isolated = peak["ward"] * params["emergency.isolation_share"]
    kept = normal["icu"] * (1.0 - params["emergency.deferrable_icu_share"])
    out = {}
    for name in named.wave_severity.values:
        scale = named.sel(wave_severity=name, drop=True)
        out[f"infectious_{name}"] = normal["infectious"] + isolated * scale
        with_wave = kept + peak["icu"] * scale
        out[f"icu_{name}"] = with_wave.where(with_wave > normal["icu"], normal["icu"])
    people = population.sum(("sex", "age"), skipna=False)
    return out | {"icu_convertible": people * params["norm.icu_convertible_beds"]}
