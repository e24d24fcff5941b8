"""Places left out: what is estimated without them, how scores are counted, what the data allowed."""

from dataclasses import replace

import numpy as np
import pytest
from paths import PARAMETERS, ROOT

from sim.demography.calibrate import Score
from sim.evidence.calibration.migration import by_age, lasting, persistence, totals, yearly_sd
from sim.evidence.calibration.pairs import cohort_rates, net_rate, since_census
from sim.evidence.calibration.parts import observation
from sim.evidence.calibration.parts.births import yearly_step
from sim.evidence.left_out import Judged, by_registered, published, quality
from sim.evidence.validation.left_out import LeftOut, section
from sim.params import read_set


def test_what_lasts_is_found_again():
    rng = np.random.default_rng(1)
    decade = rng.normal(0, 0.01, 400)
    since = 0.3 * decade + rng.normal(0, 0.004, 400)
    group = [str(i % 20) for i in range(400)]
    found = totals(decade, since, np.full(400, 2.0), np.zeros(400), group)
    assert found.lasting == pytest.approx(0.3, abs=0.05)
    assert found.sd == pytest.approx(0.004, rel=0.12)
    assert found.ratio < 0.9
    nothing = totals(decade, since - 0.3 * decade, np.full(400, 2.0), np.zeros(400), group)
    assert abs(nothing.lasting) < 0.05


def test_longer_seen_weighs_more():
    decade, since = np.array([1.0, 1.0]), np.array([0.0, 1.0])
    assert lasting(decade, since, np.array([1.0, 3.0])) == pytest.approx(0.75)


def test_slope_by_age_and_its_errors_are_found_again():
    rng = np.random.default_rng(2)
    first = rng.normal(0, 0.02, (300, 2, 4))
    shape = np.array([0.2, 1.0, 0.5, 0.1])
    shock = rng.normal(0, 0.01, (300, 1, 1)) * shape
    found = by_age(first, first * np.array([0.9, 0.5, 0.0, -0.3]) + shock)
    np.testing.assert_allclose(found.slope, [0.9, 0.5, 0.0, 0.0], atol=0.06)
    np.testing.assert_allclose(found.error[0, :3], shape[:3], atol=0.1)
    assert found.ages[0] == 7.5


def test_persistence_is_that_of_the_autoregression():
    rng, rho = np.random.default_rng(3), 0.8
    z = np.empty((20, 20_000))
    z[0] = rng.normal(size=20_000)
    for t in range(1, 20):
        z[t] = rho * z[t - 1] + np.sqrt(1 - rho**2) * rng.normal(size=20_000)
    assert persistence(z[:10].mean(axis=0), z[10:].mean(axis=0)) == pytest.approx(rho, abs=0.02)
    assert yearly_sd(float(z[:10].mean(axis=0).std()), rho, 10) == pytest.approx(1.0, rel=0.02)


def test_step_of_a_random_walk():
    walk = np.random.default_rng(4).normal(0, 0.05, (2000, 12)).cumsum(axis=1)
    assert yearly_step(walk) == pytest.approx(0.05, rel=0.03)


def test_registered_line_and_what_it_leaves():
    rng = np.random.default_rng(5)
    away = rng.normal(0, 0.2, 500)
    slope, middle, sd = by_registered(away, 0.04 * away - 0.003 + rng.normal(0, 0.01, 500))
    assert slope == pytest.approx(0.04, abs=0.005)
    assert middle == pytest.approx(-0.003, abs=0.001)
    assert sd == pytest.approx(0.01, rel=0.1)


def test_nobody_moves_where_cohorts_go_as_the_nation():
    people = np.linspace(100, 40, 36).reshape(2, 18)
    assert net_rate(people, people * 0.9, people * 7, people * 6.3) == pytest.approx(0.0, abs=1e-12)


def test_pairs_are_all_provinces_and_some_prefectures():
    pairs = since_census(ROOT)
    assert sum(p.code.endswith("0000") for p in pairs) == 31
    assert len(pairs) > 40
    first, second = cohort_rates(ROOT)
    assert first.shape == second.shape == (31, 2, first.shape[2])
    assert set(published(ROOT)) == {p.code for p in pairs if p.code.endswith("0000")}


def _score(observed: float, crps: float, pit: float, last: float | None) -> Score:
    return Score(2021, "births", observed, 100.0, 95.0, 105.0, 90.0, 110.0, pit, crps, last, None)


def test_quality_by_hand():
    found = quality([_score(100.0, 0.01, 0.05, 110.0), _score(108.0, 0.03, 0.95, None)])
    assert (found.n, found.covered, found.covered_seen) == (2, 0.5, 1.0)
    assert found.rmse == pytest.approx(np.sqrt((100 / 108 - 1) ** 2 / 2))
    assert found.last_rmse == pytest.approx(0.1)
    assert found.crps == pytest.approx(0.02)
    assert np.isnan(found.trend_crps)
    assert found.pit[0] == found.pit[-1] == 1


def test_the_page_says_whose_bands_how_sure_and_which_part_was_worst():
    """Three provinces: one missed by 20 % is the worst part; left out alone in turn, the ratio's error."""
    errors = {"410500": (95.0, "south"), "420100": (105.0, "south"), "220100": (120.0, "north-east")}
    judged = [
        Judged(code, 10, {"part": part}, replace(_score(100.0, 0.01, 0.5, 110.0), projected=central))
        for code, (central, part) in errors.items()
    ]
    judged = [replace(j, score=replace(j.score, indicator="population_total")) for j in judged]
    text = section(LeftOut([], judged), {"410500"})
    assert "2 of the 3 prefectures have no folder" in text
    assert "1 places of the north-east were foretold +20.0 % off, more than" in text
    assert "Without them the RMSE is 0.500 of the last value's, the bias +0.0 %" in text
    ratios = [np.sqrt((a + b) / 2) / 0.1 for a, b in ((25e-4, 4e-2), (25e-4, 4e-2), (25e-4, 25e-4))]
    error = np.sqrt(2 * np.var(ratios))
    assert f"{np.sqrt((25e-4 * 2 + 4e-2) / 3) / 0.1:.3f} ± {error:.3f}" in text


def test_what_moves_stray_by_is_taken_off_the_error_of_totals(monkeypatch: pytest.MonkeyPatch):
    """Of years halfway to the last total a half of the one deviation less a half of the other is left."""

    class Fit:
        total = 2022

        def misses(self):
            return [("population_total", 2021, 0.003), ("population_total", 2022, 0.0), ("births", 2021, 0.1)]

    monkeypatch.setattr(observation, "stated", lambda root: {"1": None})
    monkeypatch.setattr(observation, "starts", lambda root: {"1": None})
    monkeypatch.setattr(observation, "fitted", lambda *_: Fit())
    (found,) = observation.strays(ROOT)
    spread = read_set(PARAMETERS / "national", PARAMETERS)["migration.level_error"].record.range
    first, second = np.interp([2021, 2022], sorted(spread.sd), [spread.sd[y] for y in sorted(spread.sd)])
    want = (first**2 + second**2 - 2 * spread.rho * first * second) / 4
    assert found == pytest.approx(want)
