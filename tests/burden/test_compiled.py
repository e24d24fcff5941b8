"""The compiled step of the illness-death model beside NumPy's: the same numbers to 1e-12 of each."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from numba_beside import assert_block_is_the_same, found_anew, numba

from sim.burden import compiled, illness_death
from sim.burden.illness_death import Stepper, stepper

Rates = tuple[np.ndarray, ...]


def rates(high: float, recovers: float, draws: int = 8) -> Rates:
    rng = np.random.default_rng(5)
    now = rng.uniform(0, 1, (2, 12, draws))
    now[:, 2], now[:, 3] = 0.0, 1.0
    i, f = rng.uniform(0, high, (2, 11, 1)), rng.uniform(0, high, (1, 11, draws))
    i[:, 4] = f[:, 4] = 0.0
    r = np.full((1, 1, 1), recovers)
    return now, i, r, f, rng.uniform(0.8, 1.2, draws), rng.uniform(0.8, 1.2, draws)


def by_numpy(now: np.ndarray, *given: np.ndarray) -> np.ndarray:
    later = np.zeros_like(now)
    Stepper(2, 11, now.shape[2])(now, *given, later)
    return later


def highest(i: np.ndarray, r: np.ndarray, f: np.ndarray, by_i: np.ndarray, by_f: np.ndarray) -> float:
    return i.max() * by_i.max() + r.max() + f.max() * by_f.max()


CASES = [(0.1, 0.0), (0.3, 0.2), (1.5, 0.0), (3.0, 9.0)]
"""(highest incidence and mortality, remission): within the ratio, and beyond it."""
LOST = 1e-16
"""Where nearly everybody recovers, two numbers near 5 are set against each other."""


@pytest.mark.parametrize("case", CASES)
def test_the_ratio_is_the_exponential_to_a_billionth_of_a_thousandth(case: tuple[float, float]):
    now, *given = rates(*case)
    later = np.zeros_like(now)
    compiled.steps(now, *given, later, 0, highest(*given), np.empty((3, now.shape[2])))
    np.testing.assert_allclose(later, by_numpy(now, *given), rtol=1e-12, atol=LOST)


def test_both_forms_meet_where_the_ratio_ends():
    now, i, r, f, one = (np.full((1, 2, 2), x) for x in (0.3, 1.0, 0.0, 0.0, 1.0))
    edge = np.array([2.0, 2.0 + 1e-9])  # h = i / 2: one draw by the ratio, one by the tangent
    later = np.zeros_like(now)
    rates = i[:, :1, :1], r[:, :1, :1], f[:, :1, :1], edge, one[0, 0]
    compiled.steps(now, *rates, later, 0, 2.1, np.empty((3, 2)))
    assert abs(later[0, 1, 1] - later[0, 1, 0]) < 1e-9


def test_without_numba_numpy_computes(monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(importlib.util, "find_spec", lambda name: None)
        compiled.compiled.cache_clear()
        assert compiled.compiled() is None
        now, *given = rates(0.3, 0.2)
        later = np.zeros_like(now)
        stepper((2, 11, 8))(now, *given, later, 0, highest(*given))
    np.testing.assert_array_equal(later, by_numpy(now, *given))


@numba
@pytest.mark.parametrize("case", CASES)
def test_compiled_it_is_the_same_to_1e_12(case: tuple[float, float]):
    now, *given = rates(*case, draws=41)
    later = np.zeros_like(now)
    stepper((2, 11, 41))(now, *given, later, 0, highest(*given))
    np.testing.assert_allclose(later, by_numpy(now, *given), rtol=1e-12, atol=LOST)
    part = np.zeros((2, 12, 3))
    cut = [a[..., 5:8].copy() if a.shape[-1] == 41 else a for a in (now, *given)]
    stepper((2, 11, 3))(*cut, part, 0, highest(*given))
    np.testing.assert_array_equal(part, later[..., 5:8])  # a draw alone as among others


@numba
def test_a_whole_block_is_the_same_to_1e_12(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert_block_is_the_same(tmp_path, monkeypatch, illness_death)


_found_anew = found_anew(compiled.compiled)
