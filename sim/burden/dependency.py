"""Older people who need help with daily living, under three hypotheses of healthy ageing."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from sim.arguments import choice_faults, refuse, same_label_faults
from sim.arrays import Params
from sim.burden.shares_by_age import within_all
from sim.guard import people_faults
from sim.labelled import dot, made
from sim.schema import AGE_GROUPS

REFERENCE_AGE = AGE_GROUPS["65+"][0]
HYPOTHESES = ("constant_prevalence", "constant_disability_years", "dynamic_equilibrium")
PARAMETERS = (
    "dependency.prevalence",
    "dependency.hypothesis",
    "dependency.dynamic_share",
)


def dependent_elderly(population: xr.DataArray, remaining_life: xr.DataArray, params: Params) -> xr.DataArray:
    """People 65+ by severity of dependence at year end, dims year, severity, draw.

    population: dims year, sex, age, draw.  remaining_life: years at each age, same dims.
    `dependency.hypothesis`: constant_prevalence holds rates by age; constant_disability_years puts
    them off by the whole gain in life expectancy at 65; dynamic_equilibrium puts moderate and
    severe dependence off by a part of it and mild dependence not at all.
    Raises ParameterError for another hypothesis, or a population without one of the ages or sexes.
    """
    prevalence = within_all(params["dependency.prevalence"], "severity")
    hypothesis = str(params["dependency.hypothesis"].item())
    refuse(choice_faults("dependency.hypothesis", hypothesis, HYPOTHESES))
    refuse(people_faults("population", population))
    refuse(same_label_faults("remaining_life", remaining_life, population, "year", "sex", "age"))
    old = population.sel(age=slice(REFERENCE_AGE, None))
    if hypothesis == "constant_prevalence":
        if not prevalence.sel(
            age=slice(None, REFERENCE_AGE - 1)
        ).values.any():  # as tables of older people are
            population, prevalence = old, prevalence.sel(age=old.age)
        return (population * prevalence).sum(("sex", "age"), skipna=False)
    prevalence = prevalence.sel(age=old.age)
    life = remaining_life.sel(age=REFERENCE_AGE, drop=True)
    gain = life - life.isel(year=0, drop=True)
    part = {"constant_disability_years": 1.0}.get(hypothesis, params["dependency.dynamic_share"])
    later = _postponed(prevalence, gain * part)
    if hypothesis == "dynamic_equilibrium":
        later = later.where(later.severity != "mild", prevalence)
    people: xr.DataArray = dot(old, later, dim=["sex", "age"])
    return people


def _postponed(prevalence: xr.DataArray, years: xr.DataArray) -> xr.DataArray:
    """Prevalence at age x - years of people 65+, linear between ages, the edge's value below.

    prevalence: dim age from 65 on.  years: dims among year, sex, draw.
    """
    last = float(prevalence.age.values[-1])
    at = (prevalence.age - years).clip(REFERENCE_AGE, last)
    low = np.floor(at).astype(int)
    weight = at - low
    high = (low + 1).clip(max=int(last))
    first = REFERENCE_AGE
    later: xr.DataArray = (
        _at(prevalence, low - first) * (1.0 - weight) + _at(prevalence, high - first) * weight
    )
    return later


def _at(array: xr.DataArray, position: xr.DataArray) -> xr.DataArray:
    """Values of `array` at positions along its dim age that differ by cell."""
    dims = [d for d in array.dims if d not in position.dims]
    shared = [d for d in position.dims if d in array.dims and d != "age"]
    full = array.transpose(*dims, *shared, "age").values
    index = position.transpose(*shared, ...)
    grids = np.indices(index.shape, sparse=True)[: len(shared)]
    where: tuple[Any, ...] = (..., *grids, index.values)
    picked = full[where]
    coords = {str(d): array[d].values for d in dims if d in array.coords}
    coords |= {str(d): position[d].values for d in index.dims if d in position.coords}
    return made(picked, coords, (*dims, *index.dims))
