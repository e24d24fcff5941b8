"""Beds, slots, vehicles: the stock of the base year and a growth that fades."""

from __future__ import annotations

import xarray as xr

from sim.arguments import count_faults, refuse
from sim.guard import people_faults
from sim.trend import fading_growth


def projected(
    population: xr.DataArray,
    base: xr.DataArray,
    growth: xr.DataArray,
    half_life: xr.DataArray,
    first_age: int = 0,
) -> xr.DataArray:
    """Stock at each year end that observed growth, fading, leads to; no plan is assumed.

    population: persons, dims year, sex, age, draw.  base: stock per resident aged `first_age` and
    over in the base year.  growth: log growth per year at the base.  half_life: years.  Returns the stock,
    dims year, draw.
    Raises ParameterError where an age or a sex is missing, for a stock below 0 or a half-life that
    is not above 0.
    """
    refuse(people_faults("population", population), count_faults("base", base))
    people = (
        population.isel(year=0, drop=True).sel(age=slice(first_age, 100)).sum(("sex", "age"), skipna=False)
    )
    return people * base * fading_growth(population.year, growth, half_life)
