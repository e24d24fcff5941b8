"""Migrants from two censuses: by hand, a known schedule found again, laws."""

import numpy as np
import pytest

from sim.demography.migration import STANDARD, rogers_castro
from sim.places.migration_profile import five_year, profiles, yearly_rates

PEOPLE = np.full((2, 101), 1000.0)
COHORTS = 15  # 10-14 .. 80-84 at the end


def test_yearly_rates_by_hand():
    """Cohorts 0-4 and 5-9 ten years on: 200 -> 180 where the nation keeps all, 100 -> 180 of 90."""
    first = np.array([[200.0, 100, 50, 40, 30]])
    second = np.array([[1.0, 1, 180, 180, 70]])
    nation = np.array([[1000.0, 1000, 1000, 1000, 1000]]), np.array([[1.0, 1, 1000, 900, 700]])
    rates, weights = yearly_rates(first, second, *nation, 10)
    np.testing.assert_allclose(rates, [[np.log(0.9) / 10, np.log(2) / 10]])
    np.testing.assert_allclose(weights, [[-20 / np.log(0.9), 90 / np.log(2)]])
    moved = (rates * weights * 10).sum()
    assert moved == pytest.approx(180 - 200 + 180 - 90)  # rate times people is what moved


def test_an_undercount_that_the_nation_shares_cancels():
    rng = np.random.default_rng(1)
    first, second = rng.uniform(100, 200, (2, 2, 18))
    nation = rng.uniform(1000, 2000, (2, 2, 18))
    factor = np.where(np.arange(18) < 3, 0.85, 1.0)
    one = yearly_rates(first, second, *nation, 10)[0]
    missed = yearly_rates(first * factor, second, nation[0] * factor, nation[1], 10)[0]
    np.testing.assert_allclose(one, missed, rtol=1e-12)


def test_the_nation_against_itself_moves_nobody():
    nation = np.random.default_rng(2).uniform(1000, 2000, (2, 2, 18))
    found = profiles(*yearly_rates(*nation, *nation, 10), PEOPLE, 10, 0.2)
    assert (found.inflow, found.outflow) == (0, 0)
    standard = rogers_castro(np.arange(101) + 0.5, STANDARD)
    np.testing.assert_allclose(found.profile_in[0], standard / standard.sum() / 2)
    np.testing.assert_array_equal(found.profile_in, found.profile_out)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_known_schedule_is_found_again(sign: int):
    """Rates of cohorts made from a schedule with 0.2 of its highest cohort's rate for children."""
    schedule = {"a1": 0.0, "alpha1": 0.1, "a2": 0.1, "alpha2": 0.15, "mu2": 21.0, "lambda2": 0.5, "c": 0.002}
    ages = np.arange(101) + 0.5
    middles = np.arange(12.5, 85, 5)

    def cohort(parameters):
        lived = np.maximum(middles[:, None] - np.arange(10) - 0.5, 0)
        return rogers_castro(lived, parameters).mean(axis=1)

    schedule["a1"] = 0.2 * cohort(schedule)[1:13].max()
    rates = sign * np.stack([cohort(schedule), cohort(schedule)])
    found = profiles(rates, np.ones_like(rates), PEOPLE, 10, 0.2)
    truth = 1000 * rogers_castro(ages, schedule)
    flow, profile = (found.inflow, found.profile_in) if sign == 1 else (found.outflow, found.profile_out)
    assert flow == pytest.approx(2 * truth.sum(), rel=0.005)
    assert np.abs(profile[0] * flow - truth).sum() < 0.01 * truth.sum()
    assert (found.outflow if sign == 1 else found.inflow) == 0


def test_the_young_leave_and_the_old_come():
    """Both flows where both are more than a trace, each of one sign, the net as given."""
    y = np.array(
        [0.0, -0.01, -0.03, -0.015, -0.004, 0, 0.001, 0.003, 0.006, 0.008, 0.006, 0.004, 0.002, 0, 0]
    )
    rates = np.stack([y, y])
    found = profiles(rates, np.ones_like(rates), PEOPLE, 10, 0.2)
    assert found.inflow > 0
    assert found.outflow > 0
    assert 14 < np.average(np.arange(101), weights=found.profile_out.sum(0)) < 30
    assert 45 < np.average(np.arange(101), weights=found.profile_in.sum(0)) < 65
    swapped = profiles(-rates, np.ones_like(rates), PEOPLE, 10, 0.2)
    assert swapped.inflow == pytest.approx(found.outflow)
    np.testing.assert_allclose(swapped.profile_in, found.profile_out)


def test_more_children_where_they_are_tied_more():
    y = np.array([0.0, 0.01, 0.03, 0.015, 0.004, 0.002, *[0.001] * 9])
    rates = np.stack([y, y])
    shares = [
        profiles(rates, np.ones_like(rates), PEOPLE, 10, tie).profile_in[:, :10].sum() for tie in (0.1, 0.4)
    ]
    assert shares[1] > 1.5 * shares[0]


def test_groups_of_five_years():
    starts = (0, 1, *range(5, 90, 5))
    counts = np.arange(1.0, 20)[None]
    found = five_year(counts, starts)
    assert found.shape == (1, 18)
    np.testing.assert_array_equal(found[0, :3], [3, 3, 4])
    assert found.sum() == counts.sum()


def test_a_schedule_that_rises_to_the_end_is_not_carried_on():
    """Arrivals that begin at 65 would be ten times as many at 85; the last cohort's mean is the most."""
    y = np.array([0.0, -0.01, -0.02, -0.01, -0.004, *[-0.001] * 5, 0.0, 0.0005, 0.004, 0, 0])
    rates = np.stack([y, y])
    found = profiles(rates, np.ones_like(rates), PEOPLE, 10, 0.2)
    arriving = found.inflow * found.profile_in[0] / PEOPLE[0]
    assert arriving[75:].max() <= 0.005
    assert arriving[60:75].max() > 0.002
