"""The sample is draws 1..N, and quantiles are read in one way."""

import numpy as np
import pytest

from sim.draws import quantiles, sampled


def test_the_central_draw_is_no_part_of_the_sample():
    values = np.array([[9.0, 1.0, 2.0], [9.0, 3.0, 4.0]])
    assert sampled(values).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert sampled(values[0]).tolist() == [1.0, 2.0]


def test_a_central_draw_alone_stands_for_all():
    assert sampled(np.array([[9.0], [8.0]])).tolist() == [[9.0], [8.0]]


@pytest.mark.parametrize("n", [1, 2, 7, 200])
def test_quantiles_are_the_linear_ones(n):
    values = np.random.default_rng(n).lognormal(size=(3, n))
    at = (0.0, 0.05, 0.1, 0.5, 0.9, 1.0)
    assert quantiles(values, at) == pytest.approx(np.quantile(values, at, axis=-1), rel=1e-12)
