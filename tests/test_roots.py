"""Roots and the curve through points are those of scipy, which no command loads for them."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator
from scipy.optimize import brentq

from sim.errors import ParameterError
from sim.monotone import monotone_cubic
from sim.roots import root

heights = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(st.floats(-3.0, 3.0), st.sampled_from([1, 3, 5]), st.floats(1e-6, 1e6))
def test_a_root_is_where_the_sign_turns(at: float, power: int, steep: float):
    def f(x: float) -> float:
        return steep * (np.expm1(x) - np.expm1(at)) ** power

    found = root(f, -4.0, 4.0)
    near = max(1.0, np.exp(-at))
    # near a flat root f is soon too small to tell
    assert abs(found - at) <= (1e-13 if power == 1 else 1e-2) * near
    if power == 1:
        assert abs(found - brentq(f, -4.0, 4.0, xtol=1e-14, rtol=1e-14)) <= 1e-13 * near


@pytest.mark.parametrize("exact", [0.0, 1.0, -1.0])
def test_a_root_at_an_end_or_at_0_is_found(exact: float):
    assert root(lambda x: x - exact, -1.0, 1.0) == pytest.approx(exact, abs=1e-15)
    assert root(lambda x: exact - x, -1.0, 1.0) == pytest.approx(exact, abs=1e-15)


def test_few_steps_are_taken():
    asked: list[float] = []

    def f(x: float) -> float:
        asked.append(x)
        return float(np.exp(-20 * x) - 0.7)

    assert root(f, -0.5, 0.5) == pytest.approx(-np.log(0.7) / 20, rel=1e-14)
    assert len(asked) < 40


@pytest.mark.parametrize("f", [lambda x: x + 3.0, lambda x: float("nan")])
def test_ends_of_one_sign_are_refused(f):
    with pytest.raises(ParameterError, match="opposite signs"):
        root(f, -1.0, 1.0)


@given(
    st.lists(st.tuples(st.floats(0.1, 20.0), heights), min_size=2, max_size=25),
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40),
)
def test_the_curve_is_that_of_scipy(points: list[tuple[float, float]], inside: list[float]):
    width, y = (np.array(part) for part in zip(*points, strict=True))
    x = np.cumsum(width)
    at = np.concatenate([x, x[0] + np.array(inside) * (x[-1] - x[0])])
    at = np.clip(at, x[0], x[-1])
    found = monotone_cubic(x, y, at)
    np.testing.assert_allclose(found, PchipInterpolator(x, y)(at), rtol=1e-11, atol=1e-11 * np.abs(y).max())
    np.testing.assert_allclose(found[: len(x)], y, rtol=1e-12, atol=1e-12 * np.abs(y).max())


@given(st.lists(st.floats(0.0, 1e3), min_size=2, max_size=12))
def test_the_curve_rises_where_the_points_do(steps: list[float]):
    y = np.cumsum(steps)
    x = np.arange(len(y), dtype=float)
    curve = monotone_cubic(x, y, np.linspace(0.0, x[-1], 301))
    assert (np.diff(curve) >= -1e-9 * max(y[-1], 1.0)).all()


@pytest.mark.slow
def test_setting_up_a_place_loads_no_solver():
    code = (
        "import sys; from pathlib import Path; from sim.run.setup import set_up; "
        "set_up(Path('experiments/anyang_14fyp.yaml')); "
        "print([n for n in ('optimize', 'interpolate', 'stats', 'linalg') if f'scipy.{n}' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
