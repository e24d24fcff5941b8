"""Required against available: quantiles, their errors and probabilities, by hand and as laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from sim.adequacy import compare, mean_probability_mcse, probability_mcse, quantile_mcse, quantiles
from sim.errors import ParameterError

persons = arrays(float, 12, elements=st.floats(0.1, 1e6))


def test_quantiles_by_hand():
    """Eleven draws 0..10 in any order: p10 = 1, median = 5, p90 = 9."""
    values = np.array([7.0, 3, 10, 0, 5, 8, 1, 9, 2, 6, 4])
    assert quantiles(values).tolist() == [1.0, 5.0, 9.0]


def test_quantiles_between_two_draws_are_linear():
    assert quantiles(np.array([4.0, 2.0]), (0.25,)).tolist() == [2.5]


@given(arrays(float, (3, 9), elements=st.floats(-1e6, 1e6)))
def test_quantiles_agree_with_numpy(values: np.ndarray):
    at = (0.0, 0.1, 0.5, 0.9, 1.0)
    want = np.quantile(values, at, axis=-1)
    np.testing.assert_allclose(quantiles(values, at), want, rtol=1e-12, atol=1e-9)


def test_one_draw_is_every_quantile():
    assert quantiles(np.array([3.0])).tolist() == [3.0, 3.0, 3.0]


def test_median_error_by_hand():
    """n = 100, q = 0.5: one binomial standard deviation is 5, so order statistics 46 and 55."""
    values = np.arange(1.0, 101.0)
    assert float(quantile_mcse(values, 0.5)) == pytest.approx((55 - 46) / 2)


def test_median_error_is_near_that_of_a_normal_sample():
    """Median of n normals: standard error 1.2533 / sqrt(n) in the limit."""
    sample = np.random.Generator(np.random.PCG64(3)).standard_normal((400, 900))
    want = 1.2533 / np.sqrt(900)
    assert float(np.mean(quantile_mcse(sample, 0.5))) == pytest.approx(want, rel=0.06)


def test_error_of_a_probability_by_hand():
    assert probability_mcse(0.5, 100) == pytest.approx(0.05, rel=0.01)
    assert probability_mcse(0.0, 100) == pytest.approx(probability_mcse(1.0, 100))
    assert probability_mcse(1.0, 100) == pytest.approx(stats.beta(100.5, 0.5).std())
    assert probability_mcse(1.0, 1) == pytest.approx(0.25)  # one draw that says yes knows next to nothing
    assert probability_mcse(0.5, 0) == pytest.approx(stats.beta(0.5, 0.5).std())


def test_comparison_by_hand():
    """Needed 90, 100, 110, 130; there are 105: enough in two of four, above 1.1 times in one."""
    c = compare(np.array([90.0, 100, 110, 130]), np.full(4, 105.0), 1.1)
    assert c.p_enough == 0.5
    assert c.p_surplus == 0.25
    assert c.required[1] == 105.0
    assert c.available == 105.0
    assert c.ratio == pytest.approx((105 / 100 + 105 / 110) / 2)
    assert c.n == 4


def test_exactly_enough_is_enough_even_after_storage():
    need = np.array([1234.5678])
    stored = need.astype(np.float32).astype(float)
    assert compare(need, stored, 1.2).p_enough == 1.0
    assert compare(need, need * 0.999, 1.2).p_enough == 0.0


def test_where_nothing_is_needed_it_is_enough():
    c = compare(np.zeros(3), np.zeros(3), 1.2)
    assert (c.p_enough, c.p_surplus, c.ratio) == (1.0, 1.0, np.inf)


@given(persons, persons, st.floats(0, 1e5))
def test_more_available_never_lowers_the_chance_of_enough(need, there, more):
    before, after = compare(need, there, 1.2), compare(need, there + more, 1.2)
    assert after.p_enough >= before.p_enough
    assert after.p_surplus >= before.p_surplus
    assert after.ratio >= before.ratio


@given(persons, persons, st.floats(0, 1e5))
def test_more_need_never_raises_the_chance_of_enough(need, there, more):
    before, after = compare(need, there, 1.2), compare(need + more, there, 1.2)
    assert after.p_enough <= before.p_enough
    assert after.required[0] >= before.required[0]


@given(persons, persons, st.floats(0.01, 1000))
def test_the_unit_of_both_does_not_matter(need, there, factor):
    assert compare(need * factor, there * factor, 1.2).p_enough == pytest.approx(
        compare(need, there, 1.2).p_enough, abs=1e-12
    )


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9])
def test_quantile_error_is_the_analytic_one_of_a_normal_sample(q: float):
    """sqrt(q (1 - q) / n) / density at the quantile: 5 % in the mean over samples of 1000."""
    n = 1000
    sample = np.random.Generator(np.random.PCG64(8)).standard_normal((300, n))
    want = np.sqrt(q * (1 - q) / n) / stats.norm.pdf(stats.norm.ppf(q))
    assert float(np.mean(quantile_mcse(sample, q))) == pytest.approx(want, rel=0.05)
    spread = quantiles(sample, (q,))[0].std(ddof=1)  # what the estimate really does
    assert spread == pytest.approx(want, rel=0.12)


@pytest.mark.parametrize(("q", "n"), [(0.1, 200), (0.5, 200), (0.9, 1000)])
def test_two_quantile_errors_hold_the_truth_95_times_in_a_hundred(q: float, n: int):
    """Skew samples, 2000 replicates; the error is itself estimated, so a little below 0.95."""
    sample = np.random.Generator(np.random.PCG64(5)).lognormal(size=(2000, n))
    truth = stats.lognorm(1.0).ppf(q)
    error = quantile_mcse(sample, q)
    inside = np.abs(quantiles(sample, (q,))[0] - truth) < 1.96 * error
    assert 0.91 < inside.mean() < 0.975


@pytest.mark.parametrize(("p", "n"), [(0.5, 100), (0.2, 400), (0.9, 1000)])
def test_two_probability_errors_hold_the_truth_95_times_in_a_hundred(p: float, n: int):
    estimates = np.random.Generator(np.random.PCG64(6)).binomial(n, p, size=4000) / n
    errors = np.array([probability_mcse(float(e), n) for e in estimates])
    assert errors.mean() == pytest.approx(np.sqrt(p * (1 - p) / n), rel=0.02)
    assert 0.92 < (np.abs(estimates - p) < 1.96 * errors).mean() < 0.97


@pytest.mark.parametrize("n", [1, 2, 7, 10, 50, 200, 5000])
def test_draws_that_agree_are_not_sure_and_more_of_them_are_surer(n: int):
    for p in (0.0, 1.0):
        assert 0 < probability_mcse(p, 2 * n) < probability_mcse(p, n)
    assert probability_mcse(1.0, n) > 0.6 / (n + 2)


@pytest.mark.parametrize("yes", [0, 1, 5, 10])
def test_the_error_of_a_mean_of_probabilities_is_that_of_a_count_where_each_is_one_or_zero(yes: int):
    p = np.r_[np.ones(yes), np.zeros(10 - yes)]
    assert mean_probability_mcse(p) == pytest.approx(probability_mcse(yes / 10, 10))


def test_probabilities_by_draw_are_surer_than_single_events():
    p = np.random.Generator(np.random.PCG64(3)).beta(8, 4, size=400)
    assert mean_probability_mcse(p) == pytest.approx(p.std() / 20, rel=0.05)
    assert mean_probability_mcse(p) < probability_mcse(float(p.mean()), 400)
    assert mean_probability_mcse(np.ones(10)) == pytest.approx(probability_mcse(1.0, 10))


def test_what_a_rounded_plan_hides_counts_for_enough_and_not_for_the_ratio():
    need, plan = np.array([0.83, 0.86]), np.array([0.8, 0.8])
    found = compare(need, plan, 1.2, 0.05 * np.ones(2))
    assert found.p_enough == 0.5
    assert found.ratio == pytest.approx(compare(need, plan, 1.2).ratio)
    assert compare(need, plan, 1.2).p_enough == 0.0


def test_the_median_of_what_is_available_and_a_surplus_that_must_be_more_by_hand():
    need, there = np.full(5, 10.0), np.array([11.0, 12.0, 13.0, 20.0, 40.0])
    c = compare(need, there, 2.0)
    assert (c.available, c.ratio, c.p_enough) == (13.0, 1.3, 1.0)
    assert c.p_surplus == 0.2  # twice the need is no surplus yet, four times is


def test_a_need_below_one_unit_has_a_ratio():
    assert compare(np.array([0.5]), np.array([1.0]), 3.0).ratio == 2.0


def test_nothing_is_hidden_unless_it_is_said():
    assert compare(np.array([10.0]), np.array([9.5]), 3.0).p_enough == 0.0


@pytest.mark.parametrize(
    ("need", "there", "says"),
    [
        ([1.0, 2.0], [1.0], r"\(2,\) draws of need, \(1,\) of what is available"),
        ([1.0, -2.0], [1.0, 1.0], "required"),
        ([1.0, 2.0], [1.0, np.inf], "available"),
    ],
)
def test_draws_that_do_not_pair_or_are_no_figures_are_refused(need, there, says):
    with pytest.raises(ParameterError, match=says):
        compare(np.array(need), np.array(there), 2.0)
