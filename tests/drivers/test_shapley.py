"""The parts of a change add up to it, exactly, in whatever order the causes came."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.drivers.shapley import shapley

NAMES = ("size", "age", "rates", "policy")


def of_product(old: dict[str, float], new: dict[str, float]):
    return lambda chosen: np.array(prod((new if k in chosen else old)[k] for k in old))


def test_two_factors_by_hand():
    """2 x 3 -> 4 x 5: change 14; each factor's step at the mean of the other: 2 x 4 and 2 x 3."""
    parts = shapley(("a", "b"), of_product({"a": 2, "b": 3}, {"a": 4, "b": 5}))
    assert float(parts["a"]) == pytest.approx((4 - 2) * (3 + 5) / 2)
    assert float(parts["b"]) == pytest.approx((5 - 3) * (2 + 4) / 2)


def test_three_factors_as_das_gupta():
    """a's effect: (A - a) [ (bc + BC) / 3 + (bC + Bc) / 6 ] (Das Gupta's three-factor formula)."""
    a, b, c, A, B, C = 2.0, 3.0, 5.0, 7.0, 11.0, 13.0
    parts = shapley(("a", "b", "c"), of_product(dict(a=a, b=b, c=c), dict(a=A, b=B, c=C)))
    assert float(parts["a"]) == pytest.approx((A - a) * ((b * c + B * C) / 3 + (b * C + B * c) / 6))


@given(st.integers(1, 4), st.randoms(use_true_random=False))
def test_parts_add_up_for_any_function(n: int, random):
    """Even where the factors work together in any way at all."""
    names = NAMES[:n]
    table: dict[frozenset[str], np.ndarray] = {}

    def value(chosen: frozenset[str]) -> np.ndarray:
        return table.setdefault(chosen, np.array([random.uniform(-1e3, 1e3) for _ in range(5)]))

    parts = shapley(names, value)
    change = value(frozenset(names)) - value(frozenset())
    np.testing.assert_allclose(sum(parts.values()), change, atol=1e-9)


@given(arrays(float, (2, 4), elements=st.floats(0.1, 100)))
def test_parts_add_up_and_order_does_not_matter(values: np.ndarray):
    old, new = (dict(zip(NAMES, row, strict=True)) for row in values)
    forward = shapley(NAMES, of_product(old, new))
    backward = shapley(NAMES[::-1], of_product(old, new))
    change = prod(new.values()) - prod(old.values())
    assert float(sum(forward.values())) == pytest.approx(change, rel=1e-9, abs=1e-9)
    scale = max(prod(new.values()), prod(old.values()), 1.0)
    for name in NAMES:
        assert float(forward[name]) == pytest.approx(float(backward[name]), abs=1e-9 * scale)


def test_a_factor_that_stays_has_no_part():
    parts = shapley(NAMES, of_product(dict.fromkeys(NAMES, 2.0), dict.fromkeys(NAMES, 2.0)))
    assert [float(p) for p in parts.values()] == [0.0] * 4


@given(st.lists(st.floats(0.5, 2.0), min_size=3, max_size=3), st.floats(1e-3, 1e6))
def test_a_factor_that_does_nothing_has_no_part(ratios: list[float], size: float):
    """To the last digit: values that rounding alone tells apart are the same."""
    names = ["a", "b", "c", "idle"]
    effect = dict(zip(names, ratios, strict=False))

    def value(chosen: frozenset[str]) -> np.ndarray:
        found = np.full(2, size)
        for name in sorted(chosen & effect.keys(), reverse="idle" in chosen):  # another order of multiplying
            found = found * effect[name]
        return found

    parts = shapley(names, value)
    np.testing.assert_array_equal(parts["idle"], 0.0)
    whole = value(frozenset(names)) - value(frozenset())
    np.testing.assert_allclose(sum(parts.values()), whole, rtol=1e-12, atol=1e-12 * size * 8)
