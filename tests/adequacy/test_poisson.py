"""Rare deaths: the chance that a year meets a rate, once by goal and in a search."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.adequacy.poisson import RateMeets, rate_met

RATE = np.array([1.2e-4, 0.8e-4, 2e-4])
BIRTHS = np.array([41_000.0, 39_500.5, 40_250.0])


@pytest.mark.parametrize("sense", ["<", "<=", ">", ">="])
def test_a_search_finds_what_a_goal_alone_gives(sense: str):
    met = RateMeets(sense, RATE, BIRTHS)
    for goal in (0.0, 1e-4, 1.0000001e-4, 1.5e-4, 4 / 41_000, 1e-4, 3e-4):
        want = rate_met(sense, goal, RATE, BIRTHS)
        np.testing.assert_array_equal(met.by_draw(goal), want)
        assert met.share(goal) == want.mean()


def test_one_death_more_is_another_chance():
    met = RateMeets("<=", RATE, BIRTHS).by_draw
    four, five = met(4.2 / 41_000), met(5.2 / 41_000)
    assert (five > four).all()
    assert four[0] == pytest.approx(stats.poisson(RATE[0] * BIRTHS[0]).cdf(4), rel=1e-12)
