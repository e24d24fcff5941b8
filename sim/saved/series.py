"""What a picture reads of results.nc: its places, scenarios and years, and the band over the draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from sim.draws import quantiles


def scenarios(run: xr.Dataset) -> list[str]:
    """Names of the run's scenarios, the first one first."""
    return [str(name) for name in np.atleast_1d(run["scenario"].values)]


def regions(run: xr.Dataset) -> list[str]:
    """Codes of the run's regions."""
    return [str(code) for code in np.atleast_1d(run["region"].values)]


def years(run: xr.Dataset) -> np.ndarray[Any, Any]:
    """The run's years, base first."""
    return np.asarray(run["year"].values, dtype=int)


def central_and_band(
    array: xr.DataArray,
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """P10, P50 and P90 over draws 1..N (draw 0, the central values, if there is no other).

    array: any unit, with dim draw.  Returns three arrays without it.
    """
    if "draw" not in array.dims:
        values = np.asarray(array.values, dtype=float)
        return values, values, values
    values = np.moveaxis(np.asarray(array.values, dtype=float), array.dims.index("draw"), -1)
    sampled = np.asarray(array["draw"].values) > 0 if "draw" in array.coords else None
    if sampled is not None and sampled.any():
        values = values[..., sampled]
    elif sampled is None and values.shape[-1] > 1:
        values = values[..., 1:]
    low, middle, high = quantiles(values)
    return low, middle, high


def has_band(run: xr.Dataset) -> bool:
    """True if the run has draws besides the central one."""
    return "draw" in run.sizes and run.sizes["draw"] > 1
