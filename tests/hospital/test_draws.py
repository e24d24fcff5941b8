"""Stays and arrivals: moments, patterns found again, refusals."""

import datetime
import math

import numpy as np
import pytest
from queue_witnesses import thin

from sim.errors import ParameterError
from sim.hospital.arrivals import Clock, Pattern, arrival_times, daily_rates
from sim.hospital.statistics import stream
from sim.hospital.stays import SHAPES, draw_residuals, draw_stays, survival_days

WEEK = (1.4, 1.2, 1.14, 1.06, 1.0, 0.66, 0.54)
SEASON = (1.0, 0.84, 1.07, 1.06, 1.02, 1.02, 1.03, 1.02, 0.99, 0.94, 1.02, 0.99)


@pytest.mark.parametrize("shape", SHAPES)
def test_stays_have_the_mean_and_spread_asked_for(shape):
    cv = {"exponential": 1.0, "deterministic": 0.0}.get(shape, 0.7)
    x = draw_stays(np.random.default_rng(1), 400_000, 8.0, cv, shape)
    assert x.mean() == pytest.approx(8.0, rel=0.006)
    assert x.std() / x.mean() == pytest.approx(cv, abs=0.01)
    # what is left of a stay met at random: mean (1 + cv^2) / 2 of the mean stay
    left = draw_residuals(np.random.default_rng(2), 400_000, 8.0, cv, shape)
    assert left.mean() == pytest.approx(8.0 * (1 + cv**2) / 2, rel=0.01)
    assert survival_days(8.0, cv, 400, shape).sum() == pytest.approx(8.0, rel=0.005)


def test_a_year_of_arrivals_adds_up_and_shows_its_patterns():
    clock = Clock(2025)
    daily = daily_rates(clock, 200_000, Pattern(SEASON, WEEK))
    assert daily.sum() == pytest.approx(200_000)
    times = arrival_times(stream(1, "x", 0), daily, Pattern().hour)
    assert times.size == pytest.approx(200_000, abs=4 * math.sqrt(200_000))
    days = [datetime.date(2025, 1, 1) + datetime.timedelta(days=int(t)) for t in times]
    by_weekday = np.bincount([d.weekday() for d in days], minlength=7)
    number = np.bincount(
        [(datetime.date(2025, 1, 1) + datetime.timedelta(days=k)).weekday() for k in range(365)]
    )
    found = by_weekday / number / (200_000 / 365)
    assert found == pytest.approx(WEEK, abs=0.03)
    by_month = np.bincount([d.month - 1 for d in days], minlength=12)
    assert by_month[1] / 28 / (200_000 / 365) == pytest.approx(0.84, abs=0.03)


def test_hourly_pattern_is_found():
    hour = tuple(2.0 if 8 <= h < 20 else 0.0 for h in range(24))
    times = arrival_times(stream(1, "x", 0), np.full(100, 50.0), hour)
    of_day = (times % 1) * 24
    assert of_day.min() >= 8
    assert of_day.max() < 20


def test_time_change_and_thinning_are_the_same_process():
    daily = daily_rates(Clock(2025), 60_000, Pattern(SEASON, WEEK))
    one = np.bincount(arrival_times(stream(1, "a", 0), daily, Pattern().hour).astype(int), minlength=365)
    two = np.bincount(thin(stream(1, "b", 0), daily).astype(int), minlength=365)
    for counts in (one, two):
        chi2 = ((counts - daily) ** 2 / daily).sum()
        assert abs(chi2 - 365) < 4 * math.sqrt(2 * 365)


def test_more_demand_keeps_the_earlier_arrivals_in_step():
    fewer = arrival_times(stream(1, "x", 0), np.full(100, 5.0), Pattern().hour)
    more = arrival_times(stream(1, "x", 0), np.full(100, 10.0), Pattern().hour)
    assert more[: fewer.size] == pytest.approx(fewer / 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: draw_stays(r, 1, -2.0, 1.0), "mean stay -2 days .* above 0"),
        (lambda r: draw_stays(r, 1, math.nan, 1.0), "mean stay nan"),
        (lambda r: draw_stays(r, 1, 5.0, math.inf), "CV of the stay inf"),
        (lambda r: draw_stays(r, 1, 5.0, 1.0, "pareto"), "shape 'pareto' unknown .* lognormal"),
        (
            lambda r: daily_rates(Clock(2025), 10, Pattern(weekday=(1.2,) * 7)),
            "weekday .* averages 1.2",
        ),
        (
            lambda r: daily_rates(Clock(2025), 10, Pattern(season=(1.0,) * 11)),
            "11 values .* want 12",
        ),
        (
            lambda r: daily_rates(Clock(2025), 10, Pattern(weekday=(-1.0, 3.0, 1, 1, 1, 1, 1))),
            "negative",
        ),
        (lambda r: daily_rates(Clock(2025), math.inf, Pattern()), "inf a year"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ParameterError, match=message):
        call(np.random.default_rng(1))
