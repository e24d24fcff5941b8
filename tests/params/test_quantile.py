"""Beta quantiles by series against the solved ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from sim.params.quantile import beta_quantiles


@pytest.mark.parametrize("a", [1.0, 1.001, 1.7, 3.0, 4.6, 5.0])
def test_series_is_the_beta_quantile_at_every_score(a: float):
    z = np.array([[-7.0, -6.0, -5.49, -4.0, *np.linspace(-3.5, 3.5, 701), 4.0, 5.49, 6.0]])
    found = beta_quantiles([(a, 6.0 - a)], z)[0]
    up = z[0] > 0  # there the distance from the end is the number that has digits
    solved = special.betaincinv(a, 6.0 - a, special.ndtr(z[0, ~up]))
    left = special.betaincinv(6.0 - a, a, special.ndtr(-z[0, up]))
    np.testing.assert_allclose(found[~up], solved, rtol=1e-12)
    np.testing.assert_allclose(1.0 - found[up], left, rtol=1e-12, atol=3e-16)
    assert (np.diff(found) > 0).all()


def test_a_row_is_the_same_to_the_bit_beside_others_and_in_any_block():
    rng = np.random.default_rng(1)
    shapes, z = [(1.5, 4.5), (3.0, 3.0), (4.9, 1.1)], rng.standard_normal((3, 64))
    together = beta_quantiles(shapes, z)
    for row, pair in enumerate(shapes):
        np.testing.assert_array_equal(beta_quantiles([pair], z[row : row + 1, :24])[0], together[row, :24])
