"""Infant, under-five and maternal mortality: level x the nation's change x a pace; a pace at 30-69."""

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
    pace = _compounded(year, params["outcomes.young_pace"])
    child, mother = (
        _changed(year, params, f"outcomes.{name}_mortality_change") for name in ("child", "maternal")
    )
    rates = {name: params[f"outcomes.{name}"] * child * pace for name in CHILD}
    rates["maternal_mortality"] = params["outcomes.maternal_mortality"] * mother * pace
    return rates


def _compounded(year: xr.DataArray, pace: xr.DataArray) -> xr.DataArray:
    """Index of a lasting log change a year, 1 in the base year."""
    refuse(value_faults("pace", pace))
    return each(np.exp, pace * (year - year.values[0]).astype(float))


def _changed(year: xr.DataArray, params: Params, name: str) -> xr.DataArray:
    """Index of the log changes of the years after the base year, dims year (draw)."""
    refuse(value_faults(name, params[name]))
    change = like(year, 0.0) + params[name]
    return each(np.exp, change.where(year > year.values[0], 0.0).cumsum("year"))
