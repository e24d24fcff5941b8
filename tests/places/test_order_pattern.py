"""Births by age and order: by hand, margins met, what women cannot have goes an order down."""

import numpy as np
import pytest

from sim.errors import ParameterError
from sim.places.order_pattern import all_ages, feasible, national_rates, province_rates, rake

RNG = np.random.default_rng(3)
BIRTHS = RNG.uniform(10, 100, (35, 3))
WOMEN = RNG.uniform(1000, 2000, 35)
PUBLISHED = np.array([0.006, 0.055, 0.099, 0.065, 0.027, 0.006, 0.002])


def test_rake_by_hand():
    """[[1, 1], [1, 3]] to rows 3 and 3, columns 2 and 4: the cross ratio of 3 stays."""
    found = rake(np.array([[1.0, 1], [1, 3]]), np.array([3.0, 3]), np.array([2.0, 4]))
    np.testing.assert_allclose(found.sum(axis=0), [2, 4])
    np.testing.assert_allclose(found.sum(axis=1), [3, 3])
    assert found[0, 0] * found[1, 1] / (found[0, 1] * found[1, 0]) == pytest.approx(3)


def test_margins_that_a_table_cannot_meet():
    with pytest.raises(ParameterError, match="margins that the table can meet"):
        rake(np.array([[1.0, 0], [1, 0]]), np.array([1.0, 1]), np.array([1.0, 1]))


def test_the_nation_meets_its_published_rates():
    rates = national_rates(BIRTHS, WOMEN, PUBLISHED)
    edges = np.arange(0, 35, 5)
    expected = np.add.reduceat(rates.sum(axis=1) * WOMEN, edges) / np.add.reduceat(WOMEN, edges)
    np.testing.assert_allclose(expected, PUBLISHED)
    np.testing.assert_allclose(rates[:, 0] / rates[:, 1], BIRTHS[:, 0] / BIRTHS[:, 1])


def test_a_province_meets_its_rates_and_its_orders():
    nation = national_rates(BIRTHS, WOMEN, PUBLISHED)
    own, mothers, orders = PUBLISHED * 1.1, RNG.uniform(5000, 9000, 7), np.array([40.0, 45, 15])
    rates = province_rates(nation, BIRTHS, mothers, own, orders)
    by_group = rates.reshape(7, 5, 3).mean(axis=1)
    np.testing.assert_allclose(by_group.sum(axis=1), own)
    born = (by_group * mothers[:, None]).sum(axis=0)
    np.testing.assert_allclose(born / born.sum(), orders / 100)


def test_half_of_the_mothers_of_one_at_most_have_a_second():
    """Age 20: 0.08 second births of 0.1 women with one child; 0.03 go to the first, the sum stays."""
    shares = np.tile([0.8, 0.1, 0.08, 0.02], (101, 1))
    rates = all_ages(np.tile([0.02, 0.08, 0.01], (35, 1)), 101)
    found = feasible(rates, shares, 0.2)
    np.testing.assert_allclose(found[20], [0.05, 0.05, 0.01])
    np.testing.assert_allclose(found.sum(axis=1), rates.sum(axis=1))
    np.testing.assert_array_equal(found[:15], 0)
    same = feasible(rates * 0.1, shares, 0.2)
    np.testing.assert_array_equal(same, rates * 0.1)


def test_no_third_births_where_nobody_has_two():
    shares = np.tile([0.9, 0.1, 0.0, 0.0], (101, 1))
    found = feasible(all_ages(np.tile([0.02, 0.01, 0.01], (35, 1)), 101), shares, 0.2)
    np.testing.assert_allclose(found[20], [0.02, 0.02, 0.0])


def test_no_more_first_births_than_half_of_the_childless():
    """One woman in fifty is childless: of 0.03 first births a woman 0.01 stay, the others go nowhere."""
    shares = np.tile([0.02, 0.5, 0.3, 0.18], (101, 1))
    rates = all_ages(np.tile([0.03, 0.02, 0.01], (35, 1)), 101)
    found = feasible(rates, shares, 0.2)
    np.testing.assert_allclose(found[20], [0.01, 0.02, 0.01])
    np.testing.assert_array_equal(feasible(rates / 3, shares, 0.2), rates / 3)
