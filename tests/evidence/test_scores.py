"""Scores of forecasts: known answers, and laws that a wrong sign would break."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from sim.evidence.scores import crps, interval_score, pit, pit_histogram, reliability


def test_crps_of_a_normal_is_its_closed_form():
    """Gneiting & Raftery (2007), eq. 5: sd (z (2 F(z) - 1) + 2 f(z) - 1 / sqrt(pi))."""
    draws = norm.ppf((np.arange(4000) + 0.5) / 4000, 10.0, 2.0)
    for seen in (10.0, 13.0, 5.0):
        z = (seen - 10.0) / 2.0
        want = 2.0 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - np.pi**-0.5)
        assert crps(draws, seen) == pytest.approx(want, rel=2e-3)
    assert crps(np.array([3.0]), 5.0) == 2.0  # one draw: the absolute error


def test_a_band_costs_its_width_and_ten_times_what_lies_outside():
    assert interval_score(1.0, 3.0, 2.0) == 2.0
    assert interval_score(1.0, 3.0, 3.5) == pytest.approx(2.0 + 10 * 0.5)
    assert interval_score(1.0, 3.0, 0.9) == pytest.approx(2.0 + 10 * 0.1)


def test_murphys_parts_add_up_and_skill_is_that_of_climatology():
    rng = np.random.default_rng(1)
    said = np.repeat([0.05, 0.35, 0.65, 0.95], 500)
    happened = (rng.random(said.size) < said).astype(float)
    found = reliability(said, happened)
    assert found.brier == pytest.approx(found.reliability - found.resolution + found.climatology, abs=1e-12)
    assert found.skill == pytest.approx(1 - found.brier / found.climatology)
    assert found.worst(50) < 0.06
    assert reliability(1 - said, happened).worst(50) > 0.5
    assert reliability(np.full(said.size, happened.mean()), happened).skill == pytest.approx(0.0, abs=1e-12)
    assert [b.n for b in found.bins] == [500, 500, 500, 500]
    assert found.worst(501) == 0.0


def test_pit_is_flat_where_forecasts_are_right_and_heaped_at_the_ends_where_they_are_too_narrow():
    rng = np.random.default_rng(2)
    seen = rng.standard_normal(2000)
    right = pit_histogram([pit(rng.standard_normal(200), x) for x in seen])
    narrow = pit_histogram([pit(0.3 * rng.standard_normal(200), x) for x in seen])
    np.testing.assert_allclose(right, 0.1, atol=0.03)
    assert min(narrow[0], narrow[-1]) > 0.25
    assert pit(np.array([1.0, 2.0, 3.0]), 2.0) == pytest.approx(0.5)
