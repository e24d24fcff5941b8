"""The compiled year of the staff beside NumPy's: the same numbers to 1e-12 of each."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba_beside import assert_block_is_the_same, found_anew, numba

from sim.supply import compiled, stock_flow

AGES = np.arange(40, 70)
PARTS = ("headcount", "entrants", "leavers")


def flow(draws: int, **changes: Any) -> dict[str, Any]:
    """Three cadres: one of net growth, one that shrinks, one with counts that it holds."""
    rng = np.random.default_rng(3)
    entry = rng.uniform(0, 1, (3, 2, 30)) * (AGES < 50)
    goal = np.full((5, 3, draws), np.nan)
    goal[1:3, 2] = rng.uniform(100, 900, (2, draws))
    return {
        "start": rng.uniform(1, 9, (3, 2, 30, draws)) * (AGES < 68)[:, None],
        "growth": rng.uniform(-0.2, 0.1, (3, draws)),
        "half_life": np.full(draws, 4.0),
        "attrition": rng.uniform(0.0, 0.05, (3, draws)),
        "stay": rng.uniform(0.2, 0.8, (3, draws)),
        "leave": rng.uniform(0.1, 0.3, draws),
        "retirement": np.array([[55.0, 60.0], [55.25, 60.25], [55.5, 60.5], [56.0, 61.0], [56.0, 61.5]]),
        "entry": entry / entry.sum(axis=(1, 2), keepdims=True),
        "ages": AGES,
        "multiplicative": np.array([True, False, False]),
        "net": np.array([True, False, False]),
        "exact": True,
        "goal": goal,
    } | changes


CASES: dict[str, dict[str, Any]] = {
    "some stay": {},
    "nobody stays": {"stay": np.zeros((3, 7))},
    "everybody retires before": {"retirement": np.full((5, 2), 30.0), "stay": np.zeros((3, 7))},
    "nobody retires": {"retirement": np.full((5, 2), 90.0)},
}


def steps(monkeypatch: pytest.MonkeyPatch, fast: compiled.Compiled | None, **given: Any) -> list[np.ndarray]:
    with monkeypatch.context() as patch:
        patch.setattr(stock_flow, "compiled", lambda: fast)
        path = stock_flow.run_stock_flow(**given)
    return [getattr(path, part) for part in PARTS]


@pytest.mark.parametrize("case", CASES)
def test_the_two_passes_say_what_numpy_says(case: str, monkeypatch: pytest.MonkeyPatch):
    given = flow(7, **CASES[case])
    by_hand = steps(monkeypatch, compiled.Compiled(compiled.stayed, compiled.moved), **given)
    for found, want in zip(by_hand, steps(monkeypatch, None, **given), strict=True):
        assert want.any()
        np.testing.assert_allclose(found, want, rtol=1e-12, atol=0)


def test_without_numba_numpy_computes(monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(importlib.util, "find_spec", lambda name: None)
        compiled.compiled.cache_clear()
        assert compiled.compiled() is None


@numba
@pytest.mark.parametrize("case", CASES)
def test_compiled_it_is_the_same_to_1e_12(case: str, monkeypatch: pytest.MonkeyPatch):
    given = flow(7, **CASES[case])
    fast = steps(monkeypatch, compiled.compiled(), **given)
    for found, want in zip(fast, steps(monkeypatch, None, **given), strict=True):
        np.testing.assert_allclose(found, want, rtol=1e-12, atol=0)


@numba
def test_a_draw_alone_is_as_among_others(monkeypatch: pytest.MonkeyPatch):
    whole = flow(41)
    cut = {k: a[..., 5:8] if k != "ages" and np.shape(a)[-1:] == (41,) else a for k, a in whole.items()}
    among = steps(monkeypatch, compiled.compiled(), **whole)
    for found, want in zip(steps(monkeypatch, compiled.compiled(), **cut), among, strict=True):
        np.testing.assert_array_equal(found, want[..., 5:8])


@numba
def test_a_whole_block_is_the_same_to_1e_12(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert_block_is_the_same(tmp_path, monkeypatch, stock_flow)


_found_anew = found_anew(compiled.compiled)
