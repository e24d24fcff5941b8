"""Women by parity: by hand, published figures met, laws of the moves of the odds."""

import numpy as np
import pytest

from sim.errors import ParameterError
from sim.places.parity_start import (
    mean_of_many,
    meet_childless,
    meet_children,
    relative_odds,
    run_rates,
    shift_odds,
)

WOMEN = np.ones(101)
SHARES = np.tile([0.1, 0.3, 0.4, 0.2], (101, 1))
SHARES[:15] = [1, 0, 0, 0]


def test_a_cohort_through_rates_by_hand():
    """Births of 0.1, 0.2, 0.1 at ages 20, 21, 22: at the end of a year one stands between two ages."""
    rates = np.zeros((101, 3))
    rates[20:23, 0] = [0.1, 0.2, 0.1]
    one = run_rates(rates, np.array([0.4]), 0.0)
    np.testing.assert_allclose(one[20:25, 1], [0.05, 0.15, 0.15, 0.05, 0])
    lived = run_rates(rates, np.full(40, 0.4), 0.0)
    np.testing.assert_allclose(lived[24:60, 0], 0.6)  # everyone has lived through all of them


def test_births_beyond_half_of_the_mothers_are_counted_an_order_lower():
    rates = np.zeros((101, 3))
    rates[20:30, 1] = 0.05  # second births, though nobody has a first
    lived = run_rates(rates, np.full(40, 0.5), 0.0)
    assert lived.min() >= 0
    born = lived[40] @ [0, 1, 2, 3]
    assert born == pytest.approx(0.5)


def test_odds_of_a_next_birth_by_hand():
    """Orders 50, 40, 10 against 50, 30, 10: 0.8 to 0.6, and 0.25 to 1/3."""
    found = relative_odds(np.array([50.0, 40, 10]), np.array([50.0, 30, 10]))
    np.testing.assert_allclose(found, [1, 4 / 3, 0.75, 0.75])


def test_moves_of_the_odds():
    np.testing.assert_allclose(shift_odds(SHARES, 0.0, 0.0), SHARES, atol=1e-15)
    up = shift_odds(SHARES, np.log(2), 0.0)
    np.testing.assert_allclose(up.sum(axis=1), 1)
    assert up[30, 0] == SHARES[30, 0]
    assert (up[30, 2] + up[30, 3]) / up[30, 1] == pytest.approx(2 * 0.6 / 0.3)
    assert up[30, 3] / up[30, 2] == pytest.approx(0.5)
    np.testing.assert_allclose(shift_odds(up, -np.log(2), 0.0), SHARES, atol=1e-12)


def test_childless_as_published_and_mothers_keep_their_mix():
    found = meet_childless(SHARES, {35: 0.11, 40: 0.08, 49: 0.05, 52: 0.02})
    np.testing.assert_allclose(found[[35, 40, 49, 52, 70], 0], [0.11, 0.08, 0.05, 0.02, 0.02])
    assert found[50, 0] == pytest.approx(0.04)
    np.testing.assert_allclose(found[:21], SHARES[:21])
    np.testing.assert_allclose(found[45, 1:] / found[45, 1:].sum(), np.array([3, 4, 2]) / 9)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_children_ever_born_are_met():
    found = meet_children(SHARES, 1.4, WOMEN, 3.2)
    assert (found[15:65] @ [0, 1, 2, 3.2]).mean() == pytest.approx(1.4)
    np.testing.assert_array_equal(found[:, 0], SHARES[:, 0])


def test_fewer_children_than_mothers_were_thought_leave_more_childless():
    """0.2 per woman, though 0.9 would be mothers: the odds of every next child by one factor."""
    found = meet_children(SHARES, 0.2, WOMEN, 3.2)
    assert (found[15:65] @ [0, 1, 2, 3.2]).mean() == pytest.approx(0.2)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert found.min() >= 0
    assert found[40, 0] > SHARES[40, 0]
    odds = [(1 - s[40, 0]) / s[40, 0] for s in (found, SHARES)]
    next_odds = [(s[40, 2] + s[40, 3]) / s[40, 1] for s in (found, SHARES)]
    assert odds[0] / odds[1] == pytest.approx(next_odds[0] / next_odds[1])


@pytest.mark.parametrize("children", [0.0, 3.5])
def test_children_that_no_mothers_can_have(children: float):
    with pytest.raises(ParameterError, match=f"{children:g} per woman, though 0.01 to 3.20 can be"):
        meet_children(SHARES, children, WOMEN, 3.2)


@pytest.mark.parametrize("children", [2.95, 3.1])
def test_more_children_than_all_mothers_could_have_leave_fewer_childless(children: float):
    found = meet_children(SHARES, children, WOMEN, 3.2)
    assert (found[15:65] @ [0, 1, 2, 3.2]).mean() == pytest.approx(children)
    assert found[40, 0] < SHARES[40, 0]


def test_no_more_first_births_than_half_of_the_childless():
    """Rates of first births of 0.9 a year on end: nobody is less than childless."""
    rates = np.zeros((101, 3))
    rates[20:40, 0] = 0.9
    lived = run_rates(rates, np.full(40, 18.0), 0.0)
    assert lived.min() >= 0
    np.testing.assert_allclose(lived.sum(axis=1), 1)


def test_mean_of_many():
    """Of three and more a fifth of the births are fourth and later: 3 + 0.2 / 0.8."""
    assert mean_of_many(0.2) == pytest.approx(3.25)
