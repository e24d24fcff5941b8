"""Deaths by the four NCDs in one pass beside the sums of `summary`: the same numbers to 1e-12 of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from numba_beside import assert_block_is_the_same, found_anew, numba

from sim.burden import premature, summary
from sim.burden.shares_by_age import within_all

SIZES = {"year": 2, "sex": 2, "age": 40, "draw": 3, "ncd": 4}
COORDS: dict[str, Any] = {
    "year": [2020, 2021],
    "sex": ["female", "male"],
    "age": np.arange(30, 70),
    "ncd": ["cancer", "cardiovascular", "copd", "diabetes"],
}

COMPILED = premature.compiled


def made(dims: str, low: float, high: float, seed: int, draws: int = 3) -> xr.DataArray:
    names = dims.split()
    values = np.random.default_rng(seed).uniform(low, high, [{**SIZES, "draw": draws}[d] for d in names])
    coords = {d: np.arange(draws) if d == "draw" else COORDS[d] for d in names}
    return xr.DataArray(values, coords=coords, dims=names)


def given(draws: int = 3, shares: str = "year ncd sex age draw") -> list[xr.DataArray]:
    """Shares that are more than all at some ages, a risk that takes them above all and below none."""
    cells = "year sex age draw"
    people, lived, mx = (made(cells, *of, draws) for of in ((10, 90, 1), (10, 90, 2), (0.001, 0.02, 3)))
    return [people, lived, mx, made(shares, 0.05, 0.4, 4, draws), made("ncd draw year", -0.5, 1.6, 5, draws)]


def by_summary(people: Any, lived: Any, mx: Any, shares: Any, risk: Any) -> tuple[xr.DataArray, xr.DataArray]:
    share = within_all(shares, "ncd")
    return summary.ncd_rates(people, mx, share, risk), summary.premature_ncd_deaths(lived, mx, share, risk)


def assert_same(arrays: list[xr.DataArray], run: Any) -> None:
    found = premature.rates_and_deaths(run, *arrays)
    assert found is not None
    for own, want in zip(found, by_summary(*arrays), strict=True):
        assert set(own.dims) == set(want.dims)
        want = want.transpose(*own.dims)
        np.testing.assert_allclose(own.values, want.values, rtol=1e-12, atol=0)


@pytest.mark.parametrize("shares", ["year ncd sex age draw", "ncd sex age draw", "ncd sex age"])
def test_the_loops_say_what_the_sums_say(shares: str):
    assert_same(given(shares=shares), premature.by_age)


def test_of_nobody_the_sums_are_to_say_it():
    arrays = given()
    arrays[0].loc[{"age": slice(40, 44)}] = 0.0
    assert premature.rates_and_deaths(premature.by_age, *arrays) is None


@numba
def test_compiled_it_is_the_same_to_1e_12():
    assert_same(given(41), COMPILED())


@numba
def test_a_whole_block_is_the_same_to_1e_12(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert_block_is_the_same(tmp_path, monkeypatch, premature)


_found_anew = found_anew(COMPILED)
