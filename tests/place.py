"""Parameters of the repository's places, each read once a session."""

import functools

import xarray as xr
from paths import ROOT

from sim.params import Parameter
from sim.places import Region, list_regions, read_place


@functools.cache
def regions() -> dict[str, Region]:
    """The regions of the repository by code."""
    return list_regions(ROOT)


@functools.cache
def place(code: str) -> dict[str, Parameter]:
    """Parameters of a region by dotted name."""
    return read_place(ROOT, code, regions=regions())


def people(code: str = "000000") -> xr.DataArray:
    """Residents at the end of 2020 (sex, age)."""
    return place(code)["population.base"].data.transpose("sex", "age")
