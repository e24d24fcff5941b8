"""Stocks led through their counts: so many per head as were counted, in every draw.

`supply.<x>_base` becomes a path by year to the newest count (`at: known`). Before the first count it
follows the stock's own trend back, or comes from the base year's figure where that is the place's own.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from sim.arrays import Floats, Params
from sim.catalogue import cadres
from sim.params.paths import KNOWN_TO, interpolated
from sim.schema import AGE_GROUPS
from sim.supply.growth import growth_of
from sim.trend import fading_growth

_HALF_LIFE = {"beds": "beds", "childcare_slots": "childcare", "care_beds": "beds"}


def served(population: xr.DataArray, stock: str, params: Params) -> xr.DataArray:
    """People per whom `supply.<stock>_base` is stated, dims year, draw."""
    people = population.sum("sex")
    whom = cadres.CADRES[stock].served if stock in cadres.CADRES else "residents"
    if whom == "60+" or stock == "care_beds":
        first, last = AGE_GROUPS["60+"]
        return people.sel(age=slice(first, last)).sum("age")
    everybody = people.sum("age")
    return everybody * (1.0 - params["population.urban_share"]) if whom == "rural" else everybody


def counted_base(
    population: xr.DataArray, stock: str, counts: Mapping[int, Floats], params: Params, *, own: bool
) -> xr.DataArray:
    """`supply.<stock>_base` by year and draw, with the year of the newest count.

    population: persons, dims year, sex, age, draw.  counts: the stock by year, each by draw.  own: the
    figure of the base year is the place's.
    """
    base = params[f"supply.{stock}_base"]
    people = served(population, stock, params).transpose("year", "draw")
    years = [int(y) for y in population.year.values]
    stated = int(base[KNOWN_TO]) if KNOWN_TO in base.coords else years[0]
    before = base.drop_vars(KNOWN_TO, errors="ignore")
    before = (xr.zeros_like(people) + before).transpose("year", "draw")
    heads = {year: values / people.sel(year=year).values for year, values in sorted(counts.items())}
    first, last = min(heads), max(heads)
    points = dict(heads)
    if own:
        points |= {y: before.sel(year=y).values for y in years if y <= stated and y not in heads}
    else:
        index = _index(population.year, stock, params)
        back = (xr.zeros_like(people) + index).transpose("year", "draw")
        at = back.sel(year=first).values
        points |= {y: heads[first] * back.sel(year=y).values / at for y in years if y < first}
    known = sorted(points)
    path = xr.DataArray(
        np.stack([points[y] for y in known]), {"year": known, "draw": people.draw.values}, ("year", "draw")
    )
    path = interpolated(path, np.asarray(years))
    return path.assign_coords({KNOWN_TO: max(last, stated) if own else last})


def _index(year: xr.DataArray, stock: str, params: Params) -> xr.DataArray:
    """Index of the trend of a stock since the base year."""
    cadre = cadres.CADRES.get(stock)
    if f"supply.{stock}_pace" in params:
        growth = growth_of(stock, year, params)
        moved = growth.where(growth.year > growth.year[0], 0.0).cumsum("year")
        index: xr.DataArray = xr.apply_ufunc(np.exp, moved)
        return index
    half_life = cadre.half_life if cadre else f"supply.{_HALF_LIFE[stock]}_half_life"
    return fading_growth(year, params[f"supply.{stock}_growth"], params[half_life])
