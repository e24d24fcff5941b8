"""Infant, under-five and maternal mortality: level x a fading change; a region's own pace at 30-69."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.arrays import Params
from sim.labelled import each
from sim.trend import fading_growth

CHILD = ("infant_mortality", "u5_mortality")
PARAMETERS = (
    "outcomes.infant_mortality",
    "outcomes.u5_mortality",
    "outcomes.maternal_mortality",
    "outcomes.child_mortality_change",
    "outcomes.maternal_mortality_change",
    "outcomes.change_half_life",
    "outcomes.premature_pace",
)


def own_pace(year: xr.DataArray, params: Params) -> xr.DataArray:
    """Deaths at 30-69 from the four NCDs relative to the nation's pace, 1 in the base year, dim year."""
    elapsed = (year - year.values[0]).astype(float)
    return each(np.exp, params["outcomes.premature_pace"] * elapsed)


def mortality_of_the_young(year: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Deaths per live birth by year: infant, under five, maternal."""
    half_life = params["outcomes.change_half_life"]
    child = fading_growth(year, params["outcomes.child_mortality_change"], half_life)
    mother = fading_growth(year, params["outcomes.maternal_mortality_change"], half_life)
    rates = {name: params[f"outcomes.{name}"] * child for name in CHILD}
    rates["maternal_mortality"] = params["outcomes.maternal_mortality"] * mother
    return rates
