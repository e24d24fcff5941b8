"""Humps fitted in one batch: derivatives, known parameters found again, no worse than a general search."""

import numpy as np
import pytest
from paths import ROOT
from scipy.optimize import least_squares

from sim.demography.migration import rogers_castro
from sim.errors import ParameterError
from sim.places import list_places, place_censuses
from sim.places.migration_profile import five_year, yearly_rates
from sim.places.schedule_fit import NAMES, Cohorts, _residuals, fit_humps

MIDDLES = np.arange(17.5, 75, 5)
LIVED = np.maximum(MIDDLES[:, None] - np.arange(10) - 0.5, 0.0)
LOW, HIGH = np.array([1e-9, 0.01, 15, 0.01, 1e-9]), np.array([2, 2, 30, 2, 2.0])
TRUE = np.array([[0.06, 0.12, 21.0, 0.5, 0.003], [0.02, 0.08, 18.0, 0.9, 0.001]])


def schedule(hump: np.ndarray) -> np.ndarray:
    named = dict(zip(("a2", "alpha2", "mu2", "lambda2", "c"), hump, strict=True))
    return rogers_castro(LIVED, {"a1": 0.0, "alpha1": 0.1, **named}).mean(axis=1)


def cohorts(rates: np.ndarray, weights: np.ndarray | None = None) -> Cohorts:
    return Cohorts(LIVED, rates, np.ones_like(rates) if weights is None else weights, np.zeros_like(rates))


def test_derivatives_are_those_of_the_schedule():
    held = cohorts(np.stack([schedule(hump) for hump in TRUE]))
    theta, root = np.log(TRUE * 1.1), np.ones((2, 1))
    slope = _residuals(held, root, theta)[1]
    for k in range(len(NAMES)):
        step = np.zeros(len(NAMES))
        step[k] = 1e-6
        ahead, behind = (_residuals(held, root, theta + s * step)[0] for s in (1, -1))
        np.testing.assert_allclose(slope[..., k], (ahead - behind) / 2e-6, rtol=1e-4, atol=1e-10)


def test_known_humps_are_found_again_and_children_are_taken_off():
    children = np.stack([0.01 * np.exp(-0.1 * LIVED).mean(axis=1)] * 2)
    rates = np.stack([schedule(hump) for hump in TRUE]) + children
    start = np.tile([0.06, 0.1, 20.0, 0.4, 0.003], (2, 1))
    held = Cohorts(LIVED, rates, np.ones_like(rates), children)
    found, misfit = fit_humps(held, start, np.tile(LOW, (2, 1)), np.tile(HIGH, (2, 1)))
    np.testing.assert_allclose(found, TRUE, rtol=1e-3)
    assert misfit.max() < 1e-14


def test_bounds_hold_and_equal_bounds_hold_a_parameter():
    rates = np.stack([schedule(TRUE[0])] * 2)
    low, high = np.tile(LOW, (2, 1)), np.tile(HIGH, (2, 1))
    high[0, 2], low[1, 4], high[1, 4] = 19.0, 1e-12, 1e-12
    start = np.tile([0.06, 0.1, 18.0, 0.4, 0.003], (2, 1))
    found, misfit = fit_humps(cohorts(rates), start, low, high)
    assert found[0, 2] == pytest.approx(19.0)
    assert found[1, 4] == pytest.approx(1e-12)
    assert misfit.min() > 1e-9


@pytest.mark.parametrize("code", ["130400", "230400", "330200", "410300", "652700"])
def test_it_is_no_worse_than_a_general_search(code: str):
    """The net rates of a prefecture, of the sign that prevails; at most a hundredth more misfit."""
    assert code in list_places(ROOT)
    tables = [place_censuses(ROOT, c)[year] for c in (code, "000000") for year in (2010, 2020)]
    rates, weights = yearly_rates(*(five_year(t.counts, t.starts) for t in tables), 10)
    y, w = rates[0, 1:13], weights[0, 1:13] / weights[0, 1:13].mean()
    y = np.maximum(y if (w * y).sum() > 0 else -y, 0.0)

    def misfit(log: np.ndarray) -> np.ndarray:
        return np.sqrt(w) * (schedule(np.exp(log)) - y) / y.max()

    bounds = (np.log(LOW), np.log(HIGH))
    general = least_squares(misfit, np.log([0.06, 0.1, 20.0, 0.4, 0.003]), bounds=bounds, max_nfev=200)
    best = float((misfit(general.x) ** 2).sum()) * y.max() ** 2
    start = np.array([[0.06, 0.1, mu, 0.4, 0.003] for mu in (17.0, 20.0, 25.0)])
    three = (np.tile(a, (3, 1)) for a in (y, w))
    found = fit_humps(cohorts(*three), start, np.tile(LOW, (3, 1)), np.tile(HIGH, (3, 1)))[1]
    assert found.min() <= 1.01 * best


def test_rates_below_0_are_refused():
    start = np.array([[0.06, 0.1, 20.0, 0.4, 0.003]])
    with pytest.raises(ParameterError, match=r"rates: fit=0, cohort=3 \| negative"):
        fit_humps(cohorts(np.where(np.arange(12) == 3, -1e-4, 1e-4)[None]), start, LOW[None], HIGH[None])
