"""Ambulances by rule; beds at the peak of a stated epidemic wave."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr
from scipy.special import erf

Params = Mapping[str, xr.DataArray]


def ambulances(population: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Vehicles by the population rule: city districts once, counties with the multiplied base."""
    people = population.sum(("sex", "age"))
    city = params["emergency.city_district_share"].clip(0.0, 1.0)
    rule = params["emergency.population_per_ambulance"]
    urban = people * city / rule
    county = people * (1.0 - city) * params["emergency.county_multiplier"] / rule
    total = urban + county
    negative = total * params["emergency.negative_pressure_share"]
    return {"total": total, "urban": urban, "county": county, "negative_pressure": negative}


def peak_share(stay: xr.DataArray, half_width: xr.DataArray) -> xr.DataArray:
    """Part of all patients of a wave who lie in hospital on its peak day.

    Admissions follow a Gaussian curve of the given half-width at half height (days); everybody
    stays `stay` days: the largest part inside a window of that length is erf(stay / (2 sqrt2 sd)).
    """
    sd = half_width / np.sqrt(2.0 * np.log(2.0))
    share: xr.DataArray = xr.apply_ufunc(erf, stay / (2.0 * np.sqrt(2.0) * sd))
    return share


def epidemic_peak(population: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Patients in hospital (ward) and in intensive care (icu) on the peak day of the wave."""
    infected = population.sum("sex") * params["emergency.attack_rate"]
    scale, width = params["emergency.severity_scale"], params["emergency.wave_half_width"]
    out = {}
    for name, fraction, stay in (
        ("ward", "emergency.hospital_fraction", "emergency.ward_days"),
        ("icu", "emergency.icu_fraction", "emergency.icu_days"),
    ):
        patients = xr.dot(infected, params[fraction], dim="age") * scale
        out[name] = patients * peak_share(params[stay], width)
    return out


def epidemic_beds(
    normal_infectious: xr.DataArray,
    normal_icu: xr.DataArray,
    peak: Mapping[str, xr.DataArray],
    params: Params,
) -> dict[str, xr.DataArray]:
    """Infectious-disease and intensive care beds that hold through the peak of the wave."""
    isolated = peak["ward"] * params["emergency.isolation_share"]
    kept = normal_icu * (1.0 - params["emergency.deferrable_icu_share"])
    with_wave = kept + peak["icu"]
    return {
        "infectious": normal_infectious + isolated,
        "icu": with_wave.where(with_wave > normal_icu, normal_icu),
    }
