"""Life tables that are compiled beside NumPy's: the same numbers to 1e-12 of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from numba_beside import assert_block_is_the_same, found_anew, numba

from sim.errors import ParameterError
from sim.lifetable import expectancy_by_sex, life_columns, table, walk_compiled

AGE = np.arange(101)
BY_HAND = walk_compiled.Compiled(walk_compiled.expected, walk_compiled.columns)


def rates(draws: int = 3) -> np.ndarray:
    """Of two years and both sexes, with infants on every piece of the rule."""
    rng = np.random.default_rng(0)
    mx = np.minimum(4e-5 * np.exp(0.095 * AGE), 0.7)[None, None, :, None] * rng.uniform(
        0.8, 1.2, (2, 2, 1, draws)
    )
    mx[:, :, 0] = rng.uniform(0.002, 0.09, (2, 2, draws))
    return mx


def labelled(mx: np.ndarray) -> xr.DataArray:
    coords = {"year": [2020, 2021], "sex": ["female", "male"], "age": AGE, "draw": np.arange(mx.shape[-1])}
    return xr.DataArray(mx, coords=coords, dims=tuple(coords))


def tables(mx: np.ndarray, fast: Any, monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    with monkeypatch.context() as patch:
        patch.setattr(table, "compiled", lambda: fast)
        with np.errstate(all="ignore"):
            return [expectancy_by_sex(mx), *(column.values for column in life_columns(labelled(mx)))]


def assert_same(mx: np.ndarray, fast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    want = tables(mx, None, monkeypatch)
    for found, own in zip(tables(mx, fast, monkeypatch), want, strict=True):
        np.testing.assert_allclose(found, own, rtol=1e-12, atol=0)
    assert want[2][..., 0, :] == pytest.approx(want[0], rel=1e-12)


def test_the_loops_say_what_numpy_says(monkeypatch: pytest.MonkeyPatch):
    assert_same(rates(), BY_HAND, monkeypatch)


@numba
def test_compiled_it_is_the_same_to_1e_12(monkeypatch: pytest.MonkeyPatch):
    assert_same(rates(41), walk_compiled.compiled(), monkeypatch)


def test_nobody_who_is_left_is_numpys_to_say(monkeypatch: pytest.MonkeyPatch):
    mx = rates()
    mx[1, 0, 60, 2] = 2.0  # all of them die within the year
    for found, want in zip(tables(mx, BY_HAND, monkeypatch), tables(mx, None, monkeypatch), strict=True):
        np.testing.assert_array_equal(found, want)
    with np.errstate(all="ignore"):
        assert not BY_HAND.expected(mx[:, 0].copy(), np.full((2, 3), 0.1), np.empty((2, 3)))


@pytest.mark.parametrize(("wrong", "said"), [(-0.1, "negative"), (np.nan, "not finite"), (2.1, "qx > 1")])
def test_rates_that_are_none_are_refused(wrong: float, said: str, monkeypatch: pytest.MonkeyPatch):
    mx = rates()
    mx[1, 1, 50, 1] = wrong
    monkeypatch.setattr(table, "compiled", lambda: BY_HAND)
    for work in (lambda: expectancy_by_sex(mx), lambda: life_columns(labelled(mx))):
        with np.errstate(all="ignore"), pytest.raises(ParameterError, match=said):
            work()


@numba
def test_a_whole_block_is_the_same_to_1e_12(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert_block_is_the_same(tmp_path, monkeypatch, table)


_found_anew = found_anew(walk_compiled.compiled)
