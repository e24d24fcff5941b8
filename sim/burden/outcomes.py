"""Infant, under-five and maternal mortality: the region's level x a change that fades."""

from __future__ import annotations

import xarray as xr

from sim.arrays import Params
from sim.trend import fading_growth

CHILD = ("infant_mortality", "u5_mortality")
PARAMETERS = (
    "outcomes.infant_mortality",
    "outcomes.u5_mortality",
    "outcomes.maternal_mortality",
    "outcomes.child_mortality_change",
    "outcomes.maternal_mortality_change",
    "outcomes.change_half_life",
)


def mortality_of_the_young(year: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Deaths per live birth by year: infant, under five, maternal."""
    half_life = params["outcomes.change_half_life"]
    child = fading_growth(year, params["outcomes.child_mortality_change"], half_life)
    mother = fading_growth(year, params["outcomes.maternal_mortality_change"], half_life)
    rates = {name: params[f"outcomes.{name}"] * child for name in CHILD}
    rates["maternal_mortality"] = params["outcomes.maternal_mortality"] * mother
    return rates
