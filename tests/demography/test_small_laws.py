"""Small laws of single steps: blocks of draws, scores, groups, one factor on the force of mortality."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demography.calibrate import _crps, _published
from sim.demography.census_base import single_ages
from sim.demography.kernel import blocks, project_block
from sim.demography.mortality import solve_shift
from sim.demography.reconcile import _survivors
from sim.errors import ParameterError

AGE = np.arange(101)
MX = np.minimum(5e-5 * np.exp(0.09 * AGE) + 2e-4, 0.7)


@given(draws=st.integers(1, 3000), size=st.integers(1, 500))
def test_blocks_are_no_larger_than_asked_and_hold_each_draw_once(draws: int, size: int):
    found = list(blocks(draws, size))
    assert max(part.stop - part.start for part in found) <= size
    assert [i for part in found for i in range(part.start, part.stop)] == list(range(draws))


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=9), st.floats(-1e3, 1e3))
def test_the_score_of_a_sample_is_its_distance_less_half_its_spread(drawn: list[float], seen: float):
    x = np.array(drawn)
    want = np.abs(x - seen).mean() - np.abs(x[:, None] - x[None]).mean() / 2
    assert _crps(x, seen) == pytest.approx(want, abs=1e-9)


def test_an_error_of_publication_spreads_a_draw_and_leaves_its_mean():
    drawn = np.array([100.0, 200.0])
    parts = _published(drawn, np.array([0.1])).reshape(2, -1)
    np.testing.assert_allclose(parts.mean(axis=1), drawn, rtol=1e-12)
    np.testing.assert_allclose(np.diff(parts), np.diff(parts)[:, ::-1], rtol=1e-9)  # as far up as down
    np.testing.assert_allclose(parts.std(axis=1) / drawn, 0.1, rtol=0.2)


@pytest.mark.parametrize(
    ("starts", "groups"), [([0, 1, 5], 4), ([1, 1, 5], 3), ([0, 5, 10], 3), ([0, 1, 5, 10], 3)]
)
def test_a_census_in_other_groups_is_refused(starts: list[int], groups: int):
    one = np.ones((2, 101))
    with pytest.raises(ParameterError, match=r"census .* groups 0, 1-4, 5-9"):
        single_ages(np.ones((2, groups)), starts, one, one)


def test_migration_alone_may_bring_the_years_and_the_draws():
    """Rates of one year and one draw hold for all of them; what moves differs."""
    base = np.full((2, 101, 1), 100.0)
    rates = {"mx": np.broadcast_to(MX[None, None, :, None], (1, 2, 101, 1))}
    rates |= {"asfr": np.full((1, 45, 1), 0.03), "srb": np.full((1, 1), 1.06)}
    moved = np.arange(3.0)[:, None, None, None] * np.ones((3, 2, 101, 2)) * np.array([1.0, 2.0])
    block = project_block(base, **rates, net_migration=moved)
    assert block.population.shape == (4, 2, 101, 2)
    closed = project_block(base, **rates).population
    np.testing.assert_allclose(block.population[1], np.broadcast_to(closed[1], (2, 101, 2)), rtol=1e-12)
    assert (block.population[3, ..., 1] > block.population[3, ..., 0]).all()
    with pytest.raises(ParameterError, match="net_migration"):
        project_block(base, **rates, net_migration=moved[:, :, :-1])


@given(st.floats(0.8, 0.999), st.floats(0.1, 10.0), st.floats(0.7, 1.0))
def test_survivors_of_all_parts_follow_one_power_of_their_survival(one: float, times: float, share: float):
    """P s^k: the same k for both, at which they are what the whole has left; rates up to ten times apart."""
    other = max(one**times, 0.5)
    start = np.array([1000.0, 300.0])[:, None, None, None]
    lived = np.array([one, other])[:, None, None, None]
    total = share * (start * lived).sum(axis=0, keepdims=True)
    found = _survivors(start, lived, total, start / start.sum())
    powers = np.log(found / start) / np.log(lived)
    assert found.sum() == pytest.approx(float(total.sum()), rel=1e-12)
    assert powers[0].item() == pytest.approx(powers[1].item(), rel=1e-3)


@pytest.mark.parametrize("method", ["logit", "lee_carter"])
def test_life_expectancies_are_reached_to_the_ends_of_the_grid(method: str):
    mx = np.stack([MX, MX])
    with pytest.raises(ParameterError, match="is not reached") as said:
        solve_shift(mx, np.full((2, 1), 1000.0), method)
    low, high = (float(word) for word in str(said.value).rpartition(" | ")[2].split(".."))
    ends = (high - 0.06, low + 0.06) if method == "logit" else (high - 0.06,)
    for e0 in ends:
        assert np.isfinite(solve_shift(mx, np.full((2, 1), e0), method)).all()
