"""People and parameters without a one or a nought among them: what multiplies or adds nothing hides a fault.

Every number is a parameter of Anyang moved by some tenths, another in each cell and draw; what is 0 there is
some hundredths here.  `plain` gives any of them as NumPy (year, .., draw), for formulas written out.
"""

from __future__ import annotations

from functools import cache
from zlib import crc32

import numpy as np
import xarray as xr
from stage_chain import params

YEARS = [2020, 2021, 2022, 2023]
DRAWS = 2
AGE = np.arange(101)
SEX = ["female", "male"]
WHOLE = ("_year", "_age", "last_count", "young_counted", "old_age_start", "_width", "_farthest")
"""Ends of names whose numbers are years, ages or one for all draws: left as they are."""


@cache
def generic() -> dict[str, xr.DataArray]:
    """Every parameter of burden, demand and supply, moved."""
    return {name: _moved(name, array) for name, array in params().items()}


def _moved(name: str, array: xr.DataArray) -> xr.DataArray:
    if "year" in array.dims:
        array = array.sel(year=YEARS)
    if array.dtype.kind not in "fi" or "retirement" in name:
        return array
    if name.endswith(WHOLE) and not name.endswith("_by_age"):
        return array
    rng = np.random.default_rng(crc32(name.encode()))
    small = name.startswith(("inpatient", "outpatient", "outcomes", "supply"))
    values = np.where(array.values == 0, 0.03 if small else 0.02, array.values)
    moved = values[..., None] * rng.uniform(0.75, 0.95, (*array.shape, DRAWS))
    coords = {d: array[d].values for d in array.dims} | {"draw": range(DRAWS)}
    return xr.DataArray(moved, coords, (*array.dims, "draw"))


def people(seed: int = 1, size: float = 3000.0) -> xr.DataArray:
    """Persons (year, sex, age, draw)."""
    rng = np.random.default_rng(seed)
    values = size * rng.uniform(0.5, 1.5, (len(YEARS), 2, 101, DRAWS)) * np.exp(-AGE / 80)[:, None]
    coords = {"year": YEARS, "sex": SEX, "age": AGE, "draw": range(DRAWS)}
    return xr.DataArray(values, coords, tuple(coords))


def by(dim: str, *names: str, seed: int = 2, size: float = 1e5) -> xr.DataArray:
    """A series (year, dim, draw)."""
    rng = np.random.default_rng(seed)
    coords = {"year": YEARS, dim: list(names), "draw": range(DRAWS)}
    return xr.DataArray(size * rng.uniform(0.5, 1.5, (4, len(names), DRAWS)), coords, tuple(coords))


def total(seed: int = 3, size: float = 1e4) -> xr.DataArray:
    """A series (year, draw)."""
    return by("x", "x", seed=seed, size=size).isel(x=0, drop=True)


def births() -> xr.DataArray:
    """Births (year, sex, draw)."""
    return by("sex", *SEX, seed=4, size=2e3)


def mothers() -> xr.DataArray:
    """Births by the mother's age (year, age, draw)."""
    found = people(5).isel(sex=0, drop=True) * 0.02
    return found.where((found.age >= 15) & (found.age < 50), 0.0)


def plain(array: xr.DataArray | str, *dims: str) -> np.ndarray:
    """NumPy (dims, draw); a name is a parameter's."""
    array = generic()[array] if isinstance(array, str) else array
    if "draw" not in array.dims:
        array = array.expand_dims(draw=range(DRAWS))
    return array.transpose(*(d for d in dims if d in array.dims), "draw").values
