"""The sample is draws 1..N, and quantiles are read in one way."""

import numpy as np
import pytest

from sim.adequacy.series import median
from sim.draws import quantiles, sampled
from sim.errors import ParameterError


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


@pytest.mark.parametrize("n", [1, 2, 3, 8, 201])
def test_the_median_of_a_sample_is_numpys(n):
    values = np.random.default_rng(n).lognormal(size=n)
    assert median(values) == np.median(sampled(values))
    assert np.isnan(median(np.where(np.arange(n) == n - 1, np.nan, values)))


def test_a_wrong_probability_is_refused_each_time():
    for _ in range(2):
        with pytest.raises(ParameterError, match="not per cent"):
            quantiles(np.ones(3), (0.1, 50.0))
