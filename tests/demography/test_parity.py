"""Parity: no rates no births, orders add up, shares converge, pooled rates are the plain model."""

import numpy as np
import pytest

from sim.demography.parity import (
    births_added,
    cohort_parity,
    conditional_hazards,
    progression_ratios,
    project_parity,
)
from sim.errors import ParameterError

AGES = 101
CURVE = np.where(
    (np.arange(AGES) >= 15) & (np.arange(AGES) < 50),
    np.exp(-0.5 * ((np.arange(AGES) - 28) / 5.0) ** 2),
    0.0,
)
RATES = CURVE[:, None] * np.array([0.12, 0.15, 0.06, 0.08])


def young() -> np.ndarray:
    shares = np.zeros((AGES, 4))
    shares[:, 0] = 1.0
    return shares


def mixed() -> np.ndarray:
    """Shares of a population that has lived through RATES."""
    path = project_parity(young(), RATES, np.full((60, 1), _level()))
    return path.shares[-1, ..., 0]


def _level() -> float:
    return 1.3


def test_zero_rates_give_zero_births():
    path = project_parity(young(), RATES * 0, np.full((3, 2), 1.5))
    assert not path.asfr.any()
    assert (path.shares[-1][:, 0] == 1).all()


def test_tfr_is_on_its_path_and_orders_add_up():
    tfr = np.linspace(1.0, 1.6, 20)[:, None] * np.array([1.0, 0.9])
    path = project_parity(mixed(), RATES, tfr)
    np.testing.assert_allclose(path.asfr.sum(axis=(1, 2)), tfr, rtol=1e-12)
    np.testing.assert_allclose(path.shares.sum(axis=2), 1.0, rtol=1e-12)
    assert path.shares.min() >= 0


def test_a_draw_is_the_same_to_the_bit_whoever_stands_beside_it():
    """Far draws take more steps to their multiplier; that must move nobody else's."""
    one = np.linspace(1.3, 1.1, 12)[:, None]
    beside = np.concatenate([one, one * np.array([0.3, 0.6, 0.9, 1.1, 1.2, 1.3, 0.01])], axis=1)
    beside[::2, 1:] *= 0.5
    lone, crowd = (project_parity(mixed(), RATES, tfr) for tfr in (np.repeat(one, 8, axis=1), beside))
    for name in ("asfr", "shares", "multiplier"):
        np.testing.assert_array_equal(getattr(lone, name)[..., 0], getattr(crowd, name)[..., 0])


def test_children_ever_born_of_a_cohort_are_its_births():
    """Births of order 1 and 2 along a cohort are the women who leave parities 0 and 1."""
    path = project_parity(mixed(), RATES, np.full((60, 1), 1.3))
    m = path.multiplier[:, 0]
    pi = np.zeros(4)
    pi[0] = 1
    for t in range(1, 55):  # aged t - 1 at the start of year t
        p = 1 - np.exp(-m[t] * RATES)
        births = (p[t - 1] + p[t]) / 2 * pi
        births[3] = 0
        pi = pi - births + np.r_[0, births[:-1]]
    np.testing.assert_allclose(path.shares[54, 54, :, 0], pi, atol=1e-12)


def test_constant_rates_converge():
    """Whatever the start, after the fertile span only the rates matter."""
    tfr = np.full((90, 1), 1.3)
    one = project_parity(young(), RATES, tfr).shares[-1]
    other = project_parity(mixed()[:, ::-1].copy() * 0 + 0.25, RATES, tfr * 0 + 1.3).shares[-1]
    np.testing.assert_allclose(one[:50], other[:50], atol=2e-3)


def test_pooled_rates_are_the_plain_model():
    """The same rate for every parity: births do not depend on the parities."""
    hazards = CURVE[:, None].repeat(4, axis=1) * 0.1
    pooled = 1 - np.exp(-hazards)
    path = project_parity(mixed(), hazards, np.full((15, 1), pooled[:, 0].sum()))
    plain = np.broadcast_to(pooled[:, :1], (15, AGES, 1))
    np.testing.assert_allclose(path.asfr.sum(axis=2), plain, atol=1e-12)


def test_policy_within_a_past_tfr_moves_orders_only():
    tfr = np.full((12, 1), 1.4)
    policy = np.ones((12, AGES, 4, 1))
    policy[4:, :, 1] = 1.5
    path = project_parity(mixed(), RATES, tfr, policy, policy_in_tfr=True)
    np.testing.assert_allclose(path.asfr.sum(axis=(1, 2)), tfr, rtol=1e-12)
    plain = project_parity(mixed(), RATES, tfr)
    seconds, before = (p.asfr[:, :, 1].sum(axis=1)[:, 0] for p in (path, plain))
    np.testing.assert_allclose(seconds[:4], before[:4], rtol=1e-12)
    assert (seconds[4:] > before[4:]).all()


def test_mix_moves_births_between_orders_within_the_tfr():
    tfr = np.full((6, 2), 1.3)
    mix = np.ones((6, 4, 2))
    mix[:, 2:, 1] = 2.0
    path = project_parity(mixed(), RATES, tfr, mix=mix)
    np.testing.assert_allclose(path.asfr.sum(axis=(1, 2)), tfr, rtol=1e-12)
    thirds = path.asfr[:, :, 2].sum(axis=1)
    assert (thirds[:, 1] > 1.5 * thirds[:, 0]).all()


def test_births_added_are_paired():
    np.testing.assert_array_equal(births_added(np.array([3.0, 4.0]), np.array([1.0, 5.0])), [2, -1])
    with pytest.raises(ParameterError, match="same years and draws"):
        births_added(np.ones((2, 3)), np.ones((2, 4)))


def test_conditional_hazards_give_the_asfr_back():
    shares = mixed()
    exposed = shares.copy()
    exposed[1:] = (shares[1:] + shares[:-1]) / 2
    asfr = (1 - np.exp(-RATES)) * exposed
    np.testing.assert_allclose(conditional_hazards(asfr, shares)[20:50], RATES[20:50], rtol=1e-9)


def test_progression_ratios_by_hand():
    """One age span: half of those exposed over two half-years."""
    rates = np.zeros((5, 4))
    rates[2] = -np.log1p(-np.array([0.4, 0.2, 0.0, 0.0]))  # p = 0.4, 0.2
    # ages 1-2 and 2-3 each carry half of the rate: 0 -> 1 with 0.2, then 0.2 of the rest
    first = 0.2 + 0.8 * 0.2
    ever = cohort_parity(rates)
    assert 1 - ever[0] == pytest.approx(first)
    assert ever[2] == pytest.approx(0.2 * 0.1)
    assert progression_ratios(rates)[0] == pytest.approx(first)
    assert progression_ratios(rates)[1] == pytest.approx(0.02 / first)


def test_refusals():
    asfr = np.zeros((AGES, 4))
    asfr[20, 1] = 0.05
    with pytest.raises(ParameterError, match="births to women of parity 1 at age 20"):
        conditional_hazards(asfr, young())
    asfr[20] = [1.2, 0, 0, 0]
    with pytest.raises(ParameterError, match=r"1\.2 births per woman of parity 0 and age 20"):
        conditional_hazards(asfr, young())
    with pytest.raises(ParameterError, match=r"TFR 45\.000, though .* can have"):
        project_parity(young(), RATES, np.full((5, 1), 45.0))


def test_zero_tfr_is_reached():
    path = project_parity(mixed(), RATES, np.array([[1.3], [0.0], [1.3]]))
    assert not path.asfr[1].any()
    assert path.asfr[2].sum() == pytest.approx(1.3)
