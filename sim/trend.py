"""Growth that fades: the one form of trend that rates, stays and stocks share."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.arguments import positive_faults, refuse, value_faults


def fading_growth(
    year: xr.DataArray,
    growth: xr.DataArray,
    half_life: xr.DataArray,
    start: xr.DataArray | None = None,
) -> xr.DataArray:
    """Index, 1 up to the start, whose yearly log growth halves every `half_life` years.

    year: calendar years, dim year.  growth: log growth per year at the start.  half_life: years,
    > 0.  start: calendar year; the first of `year` unless given.
    Returns exp(growth * integral of 2^(-s/half_life)), dims of the three together.  Standard
    identity.  Where growth or half-life are given by year, each year's own acts in that year (from
    the end of the year before): the index adds up what every year brought.
    Raises ParameterError for growth that is no number, or a half-life that is not above 0.
    """
    refuse(value_faults("growth", growth), positive_faults("half_life", half_life, "years, above 0"))
    first = year.values[0] if start is None else start
    elapsed = (year - first).clip(min=0).astype(float)
    decay = np.log(2.0) / half_life
    if "year" in growth.dims or "year" in half_life.dims:
        passed = elapsed - elapsed.shift(year=1, fill_value=0.0)  # of each year, after the start
        fades = (decay * passed).cumsum("year")
        left = np.exp(-(fades - decay * passed))  # of the first growth, as the year begins
        by_year: xr.DataArray = np.exp((growth * left * -np.expm1(-decay * passed) / decay).cumsum("year"))
        return by_year
    index: xr.DataArray = np.exp(growth * -np.expm1(-decay * elapsed) / decay)
    return index
