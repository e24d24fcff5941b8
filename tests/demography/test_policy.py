"""Policies: nothing without quantum, the quantum met, tempo as stated, paired births."""

import numpy as np
import pytest

from sim.demography.parity import progression_ratios
from sim.demography.policy import Policy, rate_factors, strength, tempo
from sim.errors import ParameterError

AGES = 101
CURVE = np.exp(-0.5 * ((np.arange(AGES) - 28) / 5.0) ** 2)
CURVE[[*range(15), *range(50, AGES)]] = 0.0
RATES = CURVE[:, None] * np.array([0.12, 0.15, 0.06, 0.08])
UPTAKE = np.where((np.arange(AGES) >= 20) & (np.arange(AGES) < 40), 1.0, 0.3)
YEARS = np.arange(2020, 2041)


def policy(quantum: float, **changes: object) -> Policy:
    given = {
        "name": "three_child",
        "parity": 2,
        "start": 2021,
        "quantum": np.array([quantum]),
        "bulge": 0.3,
        "peak": 2.0,
        "ramp": 3.0,
        "uptake": UPTAKE,
    }
    return Policy(**(given | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("quantum", [-0.05, 0.01, 0.05, 0.2])
@pytest.mark.parametrize("parity", [1, 2])
def test_the_quantum_is_met(quantum, parity):
    one = policy(quantum, parity=parity)
    kappa = strength(one, RATES, np.ones(1))
    rates = RATES.copy()
    rates[:, parity] *= 1 + kappa * UPTAKE
    gained = progression_ratios(rates)[parity] - progression_ratios(RATES)[parity]
    assert gained == pytest.approx(quantum, abs=1e-10)


def test_tempo_starts_bulges_and_settles():
    g = tempo(policy(0.05, bulge=1.0), YEARS)
    assert g[0] == 0
    assert g.argmax() in (3, 4)  # two years after 2021, pulled on a little by the lasting part
    assert g.max() > 1.5
    assert tempo(policy(0.05, bulge=0.0), np.array([2100]))[0] == pytest.approx(1.0, abs=1e-9)


def test_idle_policy_and_other_parities_are_untouched():
    assert rate_factors([policy(0.0)], RATES, np.ones(1), YEARS) is None
    factors = rate_factors([policy(0.05)], RATES, np.ones(1), YEARS)
    assert factors is not None
    assert (factors[:, :, [0, 1, 3]] == 1).all()
    assert (factors[0] == 1).all()
    assert (factors[1:, 25, 2] > 1).all()


def test_refusals():
    with pytest.raises(ParameterError, match=r"policy three_child \| parity 3"):
        policy(0.1, parity=3)
    with pytest.raises(ParameterError, match=r"out of 0..1"):
        strength(policy(0.99), RATES, np.ones(1))
    with pytest.raises(ParameterError, match=r"quantum 5"):
        policy(5.0)
    with pytest.raises(ParameterError, match=r"years > 0"):
        policy(0.1, ramp=0.0)
