"""Older people who need help with daily living, under three hypotheses of healthy ageing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

REFERENCE_AGE = 65


def dependent_elderly(
    population: xr.DataArray, remaining_life: xr.DataArray, params: Mapping[str, xr.DataArray]
) -> xr.DataArray:
    """People 65+ by severity of dependence at year end, dims year, severity, draw.

    population: dims year, sex, age, draw.  remaining_life: years at each age, same dims.
    `dependency.hypothesis`: constant_prevalence holds rates by age; constant_disability_years puts
    them off by the whole gain in life expectancy at 65; dynamic_equilibrium puts moderate and
    severe dependence off by a part of it and mild dependence not at all.
    """
    prevalence = params["dependency.prevalence"]
    hypothesis = str(params["dependency.hypothesis"].item())
    if hypothesis == "constant_prevalence":
        return (population * prevalence).sum(("sex", "age"))
    life = remaining_life.sel(age=REFERENCE_AGE, drop=True)
    gain = life - life.isel(year=0, drop=True)
    part = {"constant_disability_years": 1.0}.get(hypothesis, params["dependency.dynamic_share"])
    later = _postponed(prevalence, gain * part)
    if hypothesis == "dynamic_equilibrium":
        later = later.where(later.severity != "mild", prevalence)
    return (population * later).sum(("sex", "age"))


def _postponed(prevalence: xr.DataArray, years: xr.DataArray) -> xr.DataArray:
    """Prevalence at age x - years, linear between ages; below the first age its edge value."""
    edge = prevalence.sel(age=REFERENCE_AGE)
    held = prevalence.where(prevalence.age >= REFERENCE_AGE, edge)
    at = (held.age - years).clip(0, float(held.age.values[-1]))
    low = np.floor(at).astype(int)
    weight = at - low
    high = (low + 1).clip(max=int(held.age.values[-1]))
    values = _at(held, low) * (1 - weight) + _at(held, high) * weight
    out: xr.DataArray = values.where(values.age >= REFERENCE_AGE, 0.0)
    return out


def _at(array: xr.DataArray, age: xr.DataArray) -> xr.DataArray:
    """Values of `array` at ages that differ by cell: vectorised indexing along dim age."""
    dims = [d for d in array.dims if d not in age.dims and d != "age"]
    shared = [d for d in array.dims if d in age.dims and d != "age"]
    full = array.transpose(*dims, *shared, "age").values
    order = [*shared, *[d for d in age.dims if d not in shared]]
    index = age.transpose(*order)
    grids = np.indices(index.shape)[: len(shared)]
    picked = full[(..., *grids, index.values)]
    coords = {d: c for d, c in (*array.coords.items(), *age.coords.items()) if d in (*dims, *order)}
    return xr.DataArray(picked, {str(k): v for k, v in coords.items()}, (*dims, *order))
