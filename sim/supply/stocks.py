"""Beds, staff, slots, vehicles: stocks as they were counted, and the growth that follows.

Up to the newest count a stock is what was counted (per head of whom it serves, times their number);
from there its own trend moves it: a growth of the base year that fades, or, where a resource's
growth was estimated by region, that of each year (see growth).
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.arguments import count_faults, refuse
from sim.guard import people_faults
from sim.labelled import each
from sim.params.paths import KNOWN_TO
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
    over in the base year, or in every year to the newest count.  growth: log growth per year at the
    base.  half_life: years.  Returns the stock, dims year, draw.
    Raises ParameterError where an age or a sex is missing, for a stock below 0 or a half-life that
    is not above 0.
    """
    refuse(people_faults("population", population), count_faults("base", base))
    people = population.sel(age=slice(first_age, 100)).sum(("sex", "age"), skipna=False)
    return _on(counted(people, base), fading_growth(population.year, growth, half_life))


def paced(population: xr.DataArray, base: xr.DataArray, growth: xr.DataArray) -> xr.DataArray:
    """Stock at each year end whose growth was estimated by region; no plan is assumed.

    population: persons, dims year, sex, age, draw.  base: stock per resident, as in `projected`.
    growth: log growth of each year, dims year (draw).  Returns the stock, dims year, draw.
    Raises ParameterError where an age or a sex is missing, or for a stock below 0.
    """
    refuse(people_faults("population", population), count_faults("base", base))
    index = each(np.exp, growth.where(growth.year > growth.year[0], 0.0).cumsum("year"))
    return _on(counted(population.sum(("sex", "age"), skipna=False), base), index)


def newest(base: xr.DataArray, year: xr.DataArray) -> int:
    """Year of a stock's newest count; the first of the run, where it is of before that."""
    first = int(year[0])
    return max(int(base[KNOWN_TO]), first) if KNOWN_TO in base.coords else first


def counted(people: xr.DataArray, base: xr.DataArray) -> xr.DataArray:
    """Stock of each year end up to the newest count, NaN after it.

    people: whom the stock serves, dims year (draw).  base: stock per head, in the base year or by
    year to the newest count (coordinate known_to).  A count of before the base year is the base's.
    """
    stock = people * base.drop_vars(KNOWN_TO, errors="ignore")
    return stock.where(people.year <= newest(base, people.year))


def _on(stock: xr.DataArray, index: xr.DataArray) -> xr.DataArray:
    """A stock that goes on from its newest count as an index moves."""
    known = stock.notnull().any([d for d in stock.dims if d != "year"])
    last = int(known.sum()) - 1
    newest = stock.isel(year=last, drop=True)
    after = newest * index / index.isel(year=last, drop=True)
    return stock.where(known, after).transpose("year", ...)
