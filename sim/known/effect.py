"""What a projection says of an indicator in a year, to be set beside its count."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import xarray as xr

from sim.arrays import Params
from sim.known import people

_GROUPS = {
    "childcare_slots": "childcare_group",
    "care_beds": "care_group",
    "beds": "bed_group",
}
_RATES = {"infant_deaths": "infant_mortality", "maternal_deaths": "maternal_mortality"}


def observe(state: xr.Dataset, params: Params, name: str, year: int) -> float:
    """An indicator of parameters/known.csv in a chain's first draw, in its unit.

    state: what all stages wrote.  params: those it was computed with.  Occupancy counts in percent.
    """

    def at(series: str) -> xr.DataArray:
        return state[series].sel(year=year).isel(draw=0)

    if name in people.KINDS:
        return float(people.figure(state, name, year)[0])
    if f"{name}_available" in state:
        dim = _GROUPS.get(name, "staff_method")
        return float(at(f"{name}_available").sel({dim: "total"}))
    if name in _RATES:
        return float(at(_RATES[name]) * at("births").sum("sex"))
    return _used(at, params, name)


def _used(at: Callable[[str], xr.DataArray], params: Params, name: str) -> float:
    treated = at("admissions_level").sum("level")
    found = {
        "admissions": lambda: treated,
        "visits": lambda: at("visits").sum("level"),
        "alos": lambda: at("bed_days").sum("level") / treated,
        "occupancy": lambda: 100 * at("bed_occupancy").sel(bed_group="total"),
        "childcare_children": lambda: (
            at("childcare_slots_required").sel(childcare_group="enrolled")
            * _first(params["childcare.occupancy_target"])
        ),
        "care_residents": lambda: (
            at("care_beds_required").sel(care_group="institution")
            * _first(params["elderly_care.occupancy_target"])
        ),
    }
    return float(np.asarray(found[name]().values))


def _first(array: xr.DataArray) -> float:
    return float(np.asarray(array.values).reshape(-1)[0])
