"""Ambulances by use and by rule; beds at the peak of a stated epidemic wave."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr
from scipy.special import erf

from sim.arguments import choice_faults, count_faults, positive_faults, refuse
from sim.arrays import Params
from sim.guard import people_faults
from sim.labelled import dot, each
from sim.trend import fading_growth
from sim.year import HOURS_PER_YEAR

AREAS = ("urban", "county")
PARAMETERS = (
    "emergency.population_per_ambulance",
    "emergency.county_multiplier",
    "emergency.negative_pressure_share",
    "emergency.city_district_share",
    "emergency.missions_per_person",
    "emergency.missions_growth",
    "emergency.missions_half_life",
    "emergency.call_ratio",
    "emergency.mission_hours",
    "emergency.peak_factor",
    "emergency.utilisation_target",
    "emergency.fleet_in_service",
    "emergency.attack_rate",
    "emergency.hospital_fraction",
    "emergency.icu_fraction",
    "emergency.severity_scale",
    "emergency.wave_half_width",
    "emergency.ward_days",
    "emergency.icu_days",
    "emergency.isolation_share",
    "emergency.deferrable_icu_share",
)


def ambulances(population: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Vehicles by use in city districts (urban) and counties; beside them the rule.

    population: persons, dims year, sex, age, draw.  Returns vehicles, dims year, draw.
    rule: fleet by the population rule, the county base multiplied; negative_pressure: its share
    of that fleet.
    """
    refuse(people_faults("population", population))
    both = population.sum("sex", skipna=False)
    city = params["emergency.city_district_share"].clip(0.0, 1.0)
    people = both.sum("age", skipna=False)
    trend = fading_growth(
        population.year, params["emergency.missions_growth"], params["emergency.missions_half_life"]
    )
    calls = dot(both, params["emergency.call_ratio"], dim="age") * trend
    by_use = {
        area: vehicles_by_use(calls * share, area, params)
        for area, share in zip(AREAS, (city, 1.0 - city), strict=True)
    }
    counted = city + (1.0 - city) * params["emergency.county_multiplier"]
    rule = people * counted / params["emergency.population_per_ambulance"]
    return {
        "total": by_use["urban"] + by_use["county"],
        **by_use,
        "negative_pressure": rule * params["emergency.negative_pressure_share"],
        "rule": rule,
    }


def vehicles_by_use(weighted_people: xr.DataArray, area: str, params: Params) -> xr.DataArray:
    """Vehicles whose crews are busy no more than the share of time that fast response bears.

    weighted_people: residents weighted by their calls relative to the mean, dims year, draw.  area:
    urban or county.  Returns vehicles, dims year, draw.  Load (vehicles busy
    on average in the peak hours) = missions a year x hours each x peak factor / hours of a year;
    vehicles = load / utilisation / share of the fleet in service.  Little's law.
    """
    refuse(count_faults("weighted_people", weighted_people), choice_faults("area", area, AREAS))
    missions = weighted_people * _of(params["emergency.missions_per_person"], area)
    hours = _of(params["emergency.mission_hours"], area)
    load = missions * hours * params["emergency.peak_factor"] / HOURS_PER_YEAR
    utilisation = _of(params["emergency.utilisation_target"], area)
    return load / utilisation / params["emergency.fleet_in_service"]


def _of(array: xr.DataArray, area: str) -> xr.DataArray:
    return array.sel(ambulance_area=area, drop=True)


def peak_share(stay: xr.DataArray, half_width: xr.DataArray) -> xr.DataArray:
    """Part of all patients of a wave who lie in hospital on its peak day, 0..1.

    stay, half_width: days, any dims; the result has those of the two together.
    Admissions follow a Gaussian curve of the given half-width at half height (days); everybody
    stays `stay` days: the largest part inside a window of that length is erf(stay / (2 sqrt2 sd)).
    Raises ParameterError for days that are not above 0.
    """
    refuse(positive_faults("stay", stay, "days"), positive_faults("half_width", half_width, "days"))
    sd = half_width / np.sqrt(2.0 * np.log(2.0))
    return each(erf, stay / (2.0 * np.sqrt(2.0) * sd))


def epidemic_peak(population: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Patients in hospital (ward) and in intensive care (icu) on the peak day of the wave.

    population: persons, dims year, sex, age, draw.  Returns persons, dims year, draw.
    """
    refuse(people_faults("population", population))
    infected = population.sum("sex", skipna=False) * params["emergency.attack_rate"]
    scale, width = params["emergency.severity_scale"], params["emergency.wave_half_width"]
    out = {}
    for name, fraction, stay in (
        ("ward", "emergency.hospital_fraction", "emergency.ward_days"),
        ("icu", "emergency.icu_fraction", "emergency.icu_days"),
    ):
        patients = dot(infected, params[fraction], dim="age") * scale
        out[name] = patients * peak_share(params[stay], width)
    return out


def epidemic_beds(
    normal_infectious: xr.DataArray,
    normal_icu: xr.DataArray,
    peak: Mapping[str, xr.DataArray],
    params: Params,
) -> dict[str, xr.DataArray]:
    """Infectious-disease and intensive care beds that hold through the peak of the wave.

    normal_infectious, normal_icu: beds of a normal year, dims year, draw.  peak: patients of the
    peak day, ward and icu, the same dims.  Returns beds, dims year, draw.
    """
    refuse(count_faults("normal_infectious", normal_infectious), count_faults("normal_icu", normal_icu))
    refuse(*(count_faults(f"peak {name}", peak[name]) for name in ("ward", "icu")))
    isolated = peak["ward"] * params["emergency.isolation_share"]
    kept = normal_icu * (1.0 - params["emergency.deferrable_icu_share"])
    with_wave = kept + peak["icu"]
    return {
        "infectious": normal_infectious + isolated,
        "icu": with_wave.where(with_wave > normal_icu, normal_icu),
    }
