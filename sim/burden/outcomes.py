"""Infant, under-five and maternal mortality: level x the nation's change x a pace; a pace at 30-69.

Rates as counted move whole; from the last count on what lies above the lowest that countries have reached
moves, so that no place passes it for having begun low.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.arguments import refuse, value_faults
from sim.arrays import Params
from sim.labelled import each, like

CHILD = ("infant_mortality", "u5_mortality")
PARAMETERS = (
    "outcomes.infant_mortality",
    "outcomes.u5_mortality",
    "outcomes.maternal_mortality",
    "outcomes.child_mortality_change",
    "outcomes.maternal_mortality_change",
    "outcomes.infant_mortality_lowest",
    "outcomes.u5_mortality_lowest",
    "outcomes.maternal_mortality_lowest",
    "outcomes.young_counted",
    "outcomes.young_pace",
    "outcomes.premature_pace",
)


def own_pace(year: xr.DataArray, params: Params) -> xr.DataArray:
    """Deaths at 30-69 from the four NCDs relative to the nation's pace, 1 in the base year, dim year."""
    return _compounded(year, params["outcomes.premature_pace"])


def mortality_of_the_young(year: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Deaths per live birth by year: infant, under five, maternal.

    Raises ParameterError for a change or a pace that is no number.
    """
    refuse(value_faults("pace", params["outcomes.young_pace"]))
    moves = dict.fromkeys(CHILD, "outcomes.child_mortality_change")
    moves["maternal_mortality"] = "outcomes.maternal_mortality_change"
    refuse([f for name in dict.fromkeys(moves.values()) for f in value_faults(name, params[name])])
    return {name: _nearing(year, params, name, params[change]) for name, change in moves.items()}


def _nearing(year: xr.DataArray, params: Params, name: str, change: xr.DataArray) -> xr.DataArray:
    """A rate by year: all of it moves to the last count, then what lies above the lowest of any country."""
    moved = like(year, 0.0) + change + params["outcomes.young_pace"]
    is_counted = year <= params["outcomes.young_counted"].values.item()
    after_base = year > year.values[0]
    counted = params[f"outcomes.{name}"] * each(
        np.exp, moved.where(after_base & is_counted, 0.0).cumsum("year")
    )
    last = counted.isel(year=-1, drop=True)
    lowest = params[f"outcomes.{name}_lowest"] + 0.0 * last
    lowest = lowest.where(lowest < last, last)  # who is lower already stays there
    ahead = each(np.exp, moved.where(after_base & ~is_counted, 0.0).cumsum("year"))
    return counted.where(is_counted, lowest + (last - lowest) * ahead)


def _compounded(year: xr.DataArray, pace: xr.DataArray) -> xr.DataArray:
    """Index of a lasting log change a year, 1 in the base year."""
    refuse(value_faults("pace", pace))
    return each(np.exp, pace * (year - year.values[0]).astype(float))
