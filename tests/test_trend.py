"""Growth that fades: one number, and growth or half-life by year."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from sim.trend import fading_growth

YEARS = xr.DataArray(np.arange(2020, 2036), {"year": np.arange(2020, 2036)}, ("year",))


def number(value: float) -> xr.DataArray:
    return xr.DataArray(value)


def by_year(values: list[float]) -> xr.DataArray:
    return xr.DataArray(values, {"year": YEARS.values}, ("year",))


@pytest.mark.slow
@given(st.floats(-0.2, 0.2), st.floats(0.5, 30), st.sampled_from([None, 2020, 2024]))
def test_the_same_every_year_is_as_good_as_one_number(growth: float, half_life: float, start: int | None):
    since = None if start is None else number(start)
    one = fading_growth(YEARS, number(growth), number(half_life), since)
    for g, h in (
        (by_year([growth] * 16), number(half_life)),
        (number(growth), by_year([half_life] * 16)),
        (by_year([growth] * 16), by_year([half_life] * 16)),
    ):
        np.testing.assert_allclose(fading_growth(YEARS, g, h, since).values, one.values, rtol=1e-12)


def test_each_year_adds_its_own_growth():
    """-1 % a year to 2024, then -3 %, hardly fading: log level -0.04 in 2024, -0.10 in 2026."""
    growth = by_year([-0.01] * 5 + [-0.03] * 11)
    level = np.log(fading_growth(YEARS, growth, number(1e9)))
    assert level.sel(year=[2020, 2024, 2026]).values == pytest.approx([0.0, -0.04, -0.10])


def test_a_growth_that_ends_leaves_its_level():
    growth = by_year([0.05] * 6 + [0.0] * 10)
    level = fading_growth(YEARS, growth, number(4.0))
    one = fading_growth(YEARS, number(0.05), number(4.0))
    np.testing.assert_allclose(level[:6], one[:6], rtol=1e-12)
    np.testing.assert_allclose(level[6:], one[5], rtol=1e-12)
