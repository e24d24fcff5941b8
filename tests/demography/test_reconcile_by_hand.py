"""Steps of the reconciliation on numbers that one can follow."""

from __future__ import annotations

import numpy as np
import pytest

from sim.demography.reconcile import (
    People,
    _births,
    _cohorts,
    _first_year,
    _ratio,
    _survivors,
    raked,
    reconcile,
    two_margins,
)


def people(parts: int, seed: int, years: int = 2, ages: int = 5) -> People:
    rng = np.random.default_rng(seed)
    cells = (parts, years, 2, ages, 1)
    stock, dead, moved, mx = (rng.uniform(a, b, cells) for a, b in ((50, 90), (1, 3), (-2, 2), (0.01, 0.1)))
    by_age = rng.uniform(1, 3, (parts, years, ages, 1))
    births = by_age.sum(axis=2)[:, :, None] * np.array([0.4, 0.6])[None, None, :, None]
    return People(stock, moved, births, by_age, dead, mx)


def test_a_ratio_of_nobody_is_what_it_is_said_to_be():
    over, under = np.array([[2.0, 3.0]]), np.array([[4.0, 0.0]])
    np.testing.assert_array_equal(_ratio(over, under, 7.0), [[0.5, 7.0]])
    np.testing.assert_array_equal(_ratio(over, np.array([[-1.0, 2.0]]), np.array([5.0, 6.0])), [[5.0, 1.5]])


def test_raking_scales_and_where_all_are_nobody_takes_sizes():
    shares, size = np.array([[1.0, 0.0], [3.0, 0.0]]), np.array([[0.25], [0.75]])
    for total in (np.array([8.0, 4.0]), np.array([[8.0, 4.0]])):
        np.testing.assert_allclose(raked(shares, total, size), [[2.0, 1.0], [6.0, 3.0]])


def test_cohorts_move_one_age_up_and_the_two_oldest_together():
    found = _cohorts(np.arange(1.0, 9.0).reshape(1, 2, 4, 1))
    np.testing.assert_array_equal(found[0, :, :, 0], [[0, 1, 2, 7], [0, 5, 6, 15]])


@pytest.mark.parametrize("k", [0.0, 0.4, 1.0, 2.5])
def test_one_power_of_survival_makes_the_parts_the_whole(k: float):
    start = np.array([900.0, 100.0, 50.0]).reshape(3, 1, 1, 1)
    lived = np.array([0.99, 0.90, 1.0]).reshape(3, 1, 1, 1)
    want = start * lived**k
    found = _survivors(start, lived, want.sum(axis=0)[None], start / start.sum())
    np.testing.assert_allclose(found, want, rtol=2e-5)


def test_nobody_dies_of_nothing_and_more_than_all_are_shared_by_size_of_their_own():
    start = np.array([90.0, 10.0]).reshape(2, 1, 1, 1)
    still = _survivors(start, np.ones_like(start), np.full((1, 1, 1, 1), 50.0), start / 100)
    np.testing.assert_allclose(still[:, 0, 0, 0], [45.0, 5.0])
    grown = _survivors(start, 0.9 * np.ones_like(start), np.full((1, 1, 1, 1), 120.0), start / 100)
    np.testing.assert_allclose(grown[:, 0, 0, 0], [108.0, 12.0])
    none = _survivors(start * 0, np.ones_like(start), np.full((1, 1, 1, 1), 3.0), start / 100)
    np.testing.assert_allclose(none[:, 0, 0, 0], [2.7, 0.3])


def test_no_cell_is_filled_below_a_hundredth_of_its_share_by_size():
    """A part with nobody at one age can give what the rows ask of it at that age."""
    table = np.array([[8.0, 0.0], [2.0, 10.0]]).reshape(2, 1, 2, 1)
    columns = np.array([10.0, 10.0]).reshape(1, 1, 2, 1)
    size = np.array([0.5, 0.5]).reshape(2, 1, 1, 1)
    for first, rest in ((8.0, 1e-3), (10.0, 2e-2)):  # the further off, the more passes
        rows = np.array([first, 20 - first]).reshape(2, 1, 1)
        found = two_margins(table, rows, columns, size)
        np.testing.assert_allclose(found.sum(axis=0, keepdims=True), columns, rtol=1e-12)
        np.testing.assert_allclose(found.sum(axis=2), rows, rtol=rest)
        odds = found[0, 0, 0, 0] * found[1, 0, 1, 0] / (found[0, 0, 1, 0] * found[1, 0, 0, 0])
        filled = 0.01 * 0.5 * 10  # of the empty cell
        assert odds == pytest.approx(8 * 10 / (filled * 2), rel=1e-6)  # fitting keeps the odds ratio


def test_births_keep_rates_by_age_and_the_sexes_of_each_part():
    whole, parts = people(1, 1), people(3, 2)
    out = people(3, 3)
    size = np.full((3, 1, 1, 1), 1 / 3)
    women = np.array([1.0, 2.0, 1.0])[:, None, None] * np.ones((3, 5, 1))
    _births(whole, parts, out, 1, women, size)
    asked = parts.births_by_age[:, 1] * women
    want = asked * (whole.births_by_age[:, 1] / asked.sum(axis=0))
    np.testing.assert_allclose(out.births_by_age[:, 1], want)
    np.testing.assert_allclose(out.births[:, 1].sum(axis=0), whole.births[0, 1])
    np.testing.assert_allclose(out.births[:, 1].sum(axis=1), want.sum(axis=1), rtol=1e-9)


def test_the_first_year_is_the_stock_raked_and_its_flows_with_it():
    whole, parts, out = people(1, 4), people(2, 5), people(2, 6)
    size = np.array([0.3, 0.7]).reshape(2, 1, 1, 1)
    _first_year(whole, parts, out, size)
    now = parts.population[:, 0] * (whole.population[:, 0] / parts.population[:, 0].sum(axis=0))
    np.testing.assert_allclose(out.population[:, 0], now)
    grown = now / parts.population[:, 0]
    dead = parts.deaths[:, 0] * grown
    np.testing.assert_allclose(out.deaths[:, 0], dead * (whole.deaths[:, 0] / dead.sum(axis=0)))
    moved = parts.net_migration[:, 0] * grown
    missing = whole.net_migration[:, 0] - moved.sum(axis=0)
    np.testing.assert_allclose(out.net_migration[:, 0], moved + now / now.sum(axis=0) * missing)
    by_age = parts.births_by_age[:, 0] * grown[:, 0]
    np.testing.assert_allclose(
        out.births_by_age[:, 0], by_age * (whole.births_by_age[:, 0] / by_age.sum(axis=0))
    )


def test_a_part_alone_is_the_whole_whatever_it_was():
    whole = people(1, 7, years=3)
    stock = whole.population.copy()
    for t in (1, 2):  # fewer survive than were there, so that deaths are none below 0
        stock[:, t, :, 1:] = stock[:, t - 1, :, :-1] * 0.9
        stock[:, t, :, -1] += stock[:, t - 1, :, -1] * 0.9
        stock[:, t, :, 0] = whole.births[:, t] * 0.95
    still = People(stock, whole.net_migration * 0, whole.births, whole.births_by_age, whole.deaths, whole.mx)
    done = reconcile(still, people(1, 8, years=3))
    np.testing.assert_allclose(done.population, still.population, rtol=1e-9)
    np.testing.assert_allclose(done.births, still.births, rtol=1e-9)
    np.testing.assert_allclose(done.net_migration, 0.0, atol=1e-6)
