"""Kinds that exclude each other by single age: published groups kept, never more than all."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from paths import PARAMETERS

from sim.burden.shares_by_age import shares_by_age, within_all
from sim.errors import ParameterError
from sim.evidence.dependency_table import TABLE, dependency_rows
from sim.textfile import read_csv

STARTS, AGES = (65, 75, 85), range(65, 101)
STEEP = np.array([[0.02, 0.10, 0.40], [0.01, 0.05, 0.50]])  # log-linear, these would pass 1 beyond 90
RATIO = np.array([1.2, 0.9])
PEOPLE = np.stack([np.linspace(100, 5, 36), np.linspace(80, 1, 36)])


def test_groups_and_ratio_are_kept_and_kinds_stay_within_all():
    found = shares_by_age(STEEP, STARTS, AGES, PEOPLE, RATIO)
    cases = found * PEOPLE
    for g, (first, last) in enumerate(((0, 10), (10, 20), (20, 36))):
        mean = cases[:, :, first:last].sum((1, 2)) / PEOPLE[:, first:last].sum()
        np.testing.assert_allclose(mean, STEEP[:, g], rtol=1e-8)
    crude = cases.sum(2) / PEOPLE.sum(1)
    np.testing.assert_allclose(crude[:, 0] / crude[:, 1], RATIO, rtol=1e-8)
    assert found.sum(0).max() < 1
    assert (np.diff(found.sum(0)[:, :31], axis=1) > 0).all()  # no step at a group's edge
    assert (found[:, :, 30:] == found[:, :, [30]]).all()


def test_two_groups_by_hand():
    """Everybody at the two middles, the sexes alike: log-odds straight between 1/9 and 1/1."""
    people = np.zeros((2, 20))
    people[:, [5, 15]] = 10.0
    found = shares_by_age(np.array([[0.1, 0.5]]), (60, 70), range(60, 80), people, np.array([1.0]))
    odds = found[0, 0] / (1 - found[0, 0])
    np.testing.assert_allclose(odds[10], 1 / 3, rtol=1e-8)  # the geometric mean of 1/9 and 1


@pytest.mark.parametrize(
    ("means", "people", "text"),
    [
        (np.array([[0.5, 0.1, 0.1], [0.6, 0.1, 0.1]]), PEOPLE, "from age 65.*add up to 1.1.*below 1"),
        (np.array([[0.5, 0.0, 0.1], [0.2, 0.1, 0.1]]), PEOPLE, "0 or less"),
        (STEEP, PEOPLE * (np.arange(36) < 20), "from age 85.*nobody"),
    ],
)
def test_what_no_shares_can_be_made_of_is_refused(means, people, text):
    with pytest.raises(ParameterError, match=text):
        shares_by_age(means, STARTS, AGES, people, RATIO)


def test_the_shipped_table_is_what_the_published_groups_give():
    made = dependency_rows(PARAMETERS / "national")
    kept = read_csv(PARAMETERS / "national" / TABLE, ("severity", "sex", "age", "value"))
    assert [{k: row[k] for k in made[0]} for row in kept] == made


def test_a_draw_of_more_than_all_is_cut_alike():
    shares = xr.DataArray([[0.3, 0.6], [0.2, 0.9]], dims=("kind", "draw"))
    np.testing.assert_allclose(within_all(shares, "kind"), [[0.3, 0.4], [0.2, 0.6]])
