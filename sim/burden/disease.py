"""People with a disease, by prevalence held constant by age."""

from __future__ import annotations

import xarray as xr


def constant_prevalence(population: xr.DataArray, prevalence: xr.DataArray) -> xr.DataArray:
    """Cases by cause at year end, dims year, cause, draw: population x prevalence by age."""
    return xr.dot(population, prevalence, dim=["sex", "age"])
