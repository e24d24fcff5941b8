"""Graduation: published multiplier examples, exactness on polynomials, totals kept."""

import numpy as np
import pytest

from sim.demography.graduate import METHODS, graduate
from sim.errors import ParameterError

FIVE = [0, 5, 10, 15, 20]
# Five groups 10, 20, 40, 80, 160 subdivided: printed in the documentation of the R package beers.
ORDINARY = [
    1.061,
    1.635,
    2.084,
    2.449,
    2.771,
    3.092,
    3.453,
    3.892,
    4.442,
    5.121,
    5.931,
    6.860,
    7.890,
    9.020,
    10.299,
    11.793,
    13.562,
    15.652,
    18.093,
    20.900,
    24.083,
    27.649,
    31.604,
    35.955,
    40.709,
]
MODIFIED = [
    1.672,
    1.763,
    1.927,
    2.164,
    2.474,
    2.856,
    3.309,
    3.838,
    4.442,
    5.125,
    5.894,
    6.763,
    7.755,
    8.905,
    10.253,
    11.839,
    13.697,
    15.853,
    18.330,
    21.141,
    24.296,
    27.799,
    31.651,
    35.852,
    40.402,
]


@pytest.mark.parametrize(("method", "printed"), [("beers_ordinary", ORDINARY), ("beers_modified", MODIFIED)])
def test_beers_reproduces_printed_example(method, printed):
    single = graduate(np.array([10.0, 20, 40, 80, 160]), FIVE, 24, method)
    np.testing.assert_allclose(single, printed, atol=6e-4)


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"beers_modified"}))
def test_every_group_keeps_its_total(method):
    rng = np.random.default_rng(3)
    groups = rng.uniform(50, 100, (4, 12))
    starts = list(range(0, 60, 5))
    single = graduate(groups, starts, 59, method)
    tolerance = 3e-4 * 100 if method.startswith("beers") else 1e-9  # printed to four places
    np.testing.assert_allclose(np.add.reduceat(single, starts, axis=-1), groups, rtol=0, atol=tolerance)


def test_modified_beers_smooths_across_groups():
    """It moves people between groups, as published; the total of all of them stays near."""
    groups = np.array([50.0, 90, 60, 80, 70, 65, 90])
    single = graduate(groups, list(range(0, 35, 5)), 34, "beers_modified")
    assert np.abs(np.add.reduceat(single, range(0, 35, 5)) - groups).max() > 1
    flat = graduate(np.full(7, 50.0), list(range(0, 35, 5)), 34, "beers_modified")
    np.testing.assert_allclose(flat, 10.0, atol=0.01)


def test_sprague_is_exact_where_the_curve_is_a_cubic():
    edges = np.arange(0, 61)
    curve = 2.0 + 0.5 * edges + 0.03 * edges**2 + 0.001 * edges**3 + 1e-5 * edges**4
    truth = np.diff(curve)
    groups = truth.reshape(-1, 5).sum(axis=1)
    single = graduate(groups, list(range(0, 60, 5)), 59, "sprague")
    np.testing.assert_allclose(single, truth, rtol=1e-9)


def test_pchip_never_goes_negative_where_sprague_does():
    groups = np.array([100.0, 1, 0, 0, 80, 100, 90])
    starts = list(range(0, 35, 5))
    assert graduate(groups, starts, 34, "pchip").min() >= 0
    assert graduate(groups, starts, 34, "sprague").min() < 0


def test_pchip_takes_groups_of_any_width():
    single = graduate(np.array([10.0, 44.0, 60.0]), [0, 1, 5], 9, "pchip")
    assert single.shape == (10,)
    np.testing.assert_allclose(np.add.reduceat(single, [0, 1, 5]), [10, 44, 60])


def test_refusals():
    with pytest.raises(ParameterError, match=r"no method 'sprag'.*sprague"):
        graduate(np.ones(5), FIVE, 24, "sprag")
    with pytest.raises(ParameterError, match="groups of five years"):
        graduate(np.ones(3), [0, 1, 5], 9, "beers_ordinary")
    with pytest.raises(ParameterError, match="rising first age"):
        graduate(np.ones(3), [0, 10, 5], 14)
