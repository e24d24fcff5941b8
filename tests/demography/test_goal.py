"""What a goal for life expectancy takes: met, parts that add up, nothing for no change."""

import numpy as np
import pytest
import xarray as xr

from sim.demography import project
from sim.demography.goal import OTHER, e0_goal
from sim.errors import ParameterError
from sim.lifetable import life_expectancy


@pytest.fixture(scope="module")
def world(anyang, draw):
    done = project(xr.Dataset(), draw(anyang)).isel(draw=0, drop=True)
    before, after = (done.mx.sel(year=y, drop=True) for y in (2020, 2025))
    shares = xr.full_like(before.expand_dims(cause=["cancer", "stroke"]), 0.3)
    return before, after, done.population.sel(year=2025, drop=True), shares


def test_the_goal_is_met_and_its_parts_add_up(world):
    before, after, people, shares = world
    srb, goal = 1.06, 78.83
    found = e0_goal(before, after, goal, people, shares, srb)
    e0 = [float(life_expectancy(found.mx.sel(sex=s).values, s)) for s in ("female", "male")]
    assert (e0[0] + srb * e0[1]) / (1 + srb) == pytest.approx(goal, abs=1e-3)
    np.testing.assert_allclose(found.gain.sum("age"), np.array(e0) - found.e0_before, atol=1e-9)
    np.testing.assert_allclose(found.gain_cause.sum("cause"), found.gain, atol=1e-12)
    assert found.cause.values.tolist() == ["cancer", "stroke", OTHER]
    assert float((found.averted > 0).mean()) > 0.9  # the shape of 2025 is not that of 2020
    assert 2_000 < float(found.averted.sum()) < 6_000  # of about 42,000 deaths


def test_no_change_is_no_gain(world):
    before, _, people, shares = world
    e0 = [float(life_expectancy(before.sel(sex=s).values, s)) for s in ("female", "male")]
    found = e0_goal(before, before, sum(e0) / 2, people, shares, 1.0)
    assert float(abs(found.gain).max()) < 1e-4
    assert abs(float(found.averted.sum())) < 5


def test_shares_above_one_are_refused(world):
    before, after, people, shares = world
    with pytest.raises(ParameterError, match=r"causes add up to 1\.2 "):
        e0_goal(before, after, 78.8, people, 2 * shares, 1.06)
