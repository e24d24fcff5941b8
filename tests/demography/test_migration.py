"""Rogers-Castro schedules, their fit, and levels that never flip the sign of a profile."""

import numpy as np
import pytest

from sim.demography.migration import (
    STANDARD,
    net_migrants,
    profile,
    regressed_migrants,
    rogers_castro,
)
from sim.errors import ParameterError

AGES = np.arange(101.0)
ELEVEN = {**STANDARD, "a3": 0.01, "alpha3": 0.15, "mu3": 62.0, "lambda3": 0.2}


def test_fundamental_schedule_has_its_published_shape():
    """Rogers & Castro (1981): labour peak at mu2 - ln(alpha2 / lambda2) / lambda2 = 23.47."""
    fine = np.arange(10, 40, 0.01)
    peak = fine[rogers_castro(fine, STANDARD).argmax()]
    assert peak == pytest.approx(20 - np.log(0.1 / 0.4) / 0.4, abs=0.3)  # the child curve tilts it
    by_hand = 0.02 * np.exp(-2.0) + 0.06 * np.exp(-1.0) + 0.003
    assert rogers_castro(np.array([20.0]), STANDARD)[0] == pytest.approx(by_hand, rel=1e-12)


def test_families_nest():
    base = rogers_castro(AGES, STANDARD)
    eleven = {**STANDARD, "a3": 0.0, "alpha3": 0.1, "mu3": 60.0, "lambda3": 0.2}
    nine = {**STANDARD, "a4": 0.0, "lambda4": 0.02}
    for parameters in (eleven, nine, {**eleven, "a4": 0.0, "lambda4": 0.02}):
        np.testing.assert_allclose(rogers_castro(AGES, parameters), base, rtol=1e-14)
    old = rogers_castro(np.array([80.0]), {**STANDARD, "a4": 0.001, "lambda4": 0.03})
    assert old[0] - base[80] == pytest.approx(0.001 * np.exp(2.4), rel=1e-12)


def _shares(peak: float) -> np.ndarray:
    values = np.exp(-0.5 * ((AGES - peak) / 5) ** 2)[None, :, None].repeat(2, axis=0)[None]
    return values / values.sum()


def _moved(level: float) -> np.ndarray:
    one = np.ones((1, 1))
    return net_migrants(level * one, 8.0 * one, 30.0 * one, _shares(58), _shares(22))[0, ..., 0]


def test_a_level_goes_through_one_sign():
    for level in (-22.0, -50.0, 10.0, -5.0, 0.0):
        assert _moved(level).sum() == pytest.approx(level)
    # a stronger outflow brings no more older in-migrants: what scaling a mixed profile would do
    np.testing.assert_allclose(_moved(-50.0)[:, 58], _moved(-22.0)[:, 58], atol=1e-6)
    # a weaker one shrinks both: no older people are invented to balance the young who leave
    np.testing.assert_allclose(_moved(-11.0), _moved(-22.0) / 2, rtol=1e-12)
    assert (_moved(-50.0)[:, 22] < _moved(-22.0)[:, 22]).all()


def test_profile_adds_up_and_refuses_two_signs():
    people = np.full((2, 101), 10.0)
    rates = rogers_castro(AGES, STANDARD)[None].repeat(2, axis=0)
    assert profile(rates, people).sum() == pytest.approx(1.0)
    with pytest.raises(ParameterError, match="one sign"):
        profile(rates - 0.02, people)


def test_refusals():
    with pytest.raises(ParameterError, match="7: a1, alpha1"):
        rogers_castro(AGES, {"a1": 0.1})


def test_regressed_migrants_by_hand():
    """Ages 0 and 1 of one sex: half of -10 stays, all of 6; what lacks to the level by 1 x 30 and 2 x 10."""
    decade = np.array([-10.0, 6.0])[None, None, :, None]
    people = np.array([30.0, 10.0])[None, None, :, None]
    retained, change = np.array([0.5, 1.0]), np.array([[1.0, 2.0]])
    found = regressed_migrants(np.array([[6.0]]), decade, retained, change, people)
    np.testing.assert_allclose(found[0, 0, :, 0], [-5 + 5 * 30 / 50, 6 + 5 * 20 / 50])
    with pytest.raises(ParameterError, match="nobody lives at the ages that change"):
        regressed_migrants(np.array([[6.0]]), decade, retained, change * 0, people)
    with pytest.raises(ParameterError, match="retained"):
        regressed_migrants(np.array([[6.0]]), decade, retained * 3, change, people)
