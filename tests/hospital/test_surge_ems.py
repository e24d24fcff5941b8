"""Epidemic wave and ambulance fleet: published peaks, limits, hand values, refusals."""

import math

import numpy as np
import pytest
from paths import PARAMETERS

from sim.errors import ParameterError
from sim.hospital.arrivals import Pattern
from sim.hospital.ems import Fleet, fleet_for_response, response
from sim.hospital.erlang import erlang_b, load_at_occupancy, load_for_blocking
from sim.hospital.surge import (
    Epidemic,
    census,
    load_pattern,
    patients_of_wave,
    peak_census,
    wave_admissions,
)
from sim.params import read_file

# China 2020 census, shares of 0-14, 15-59, 60-69, 70-79, 80+
AGES = ((0, 14, 0.1795), (15, 59, 0.6335), (60, 69, 0.1046), (70, 79, 0.0571), (80, 100, 0.0254))


def test_winter_wave_reproduces_the_published_peaks():
    # China CDC, 25 Jan 2023: 1.625 million inpatients on 5 January, 128,000 severe: 11.5 and 0.91
    # per 10,000; fall of inpatients to 15 % in the 18 days after.
    emergency = read_file(PARAMETERS / "national" / "emergency.yaml")
    hospital = read_file(PARAMETERS / "national" / "hospital.yaml")

    def number(name, **at):
        source = emergency if name.startswith("emergency") else hospital
        return float(source[name].data.sel(at))

    people = np.zeros(101)
    for first, last, share in AGES:
        people[first : last + 1] = share * 10_000 / (last - first + 1)
    wave = Epidemic(
        "winter_wave_2022",
        number("emergency.attack_rate"),
        number("emergency.wave_half_width"),
        0,
        number("hospital.wave_severity", wave="winter_wave_2022"),
        number("emergency.ward_days"),
        number("emergency.icu_days"),
    )
    ward = patients_of_wave(people, emergency["emergency.hospital_fraction"].data.values, wave)
    icu = patients_of_wave(people, emergency["emergency.icu_fraction"].data.values, wave)
    per_day, _ = wave_admissions(ward, wave)
    assert peak_census(per_day, wave.ward_days, 0.9) == pytest.approx(11.5, rel=0.1)
    assert peak_census(wave_admissions(icu, wave)[0], wave.icu_days, 1.0) == pytest.approx(0.91, rel=0.1)


def test_census_conserves_bed_days_and_the_steady_case():
    assert census(np.full(400, 3.0), 8.0, 0.9)[399] == pytest.approx(24.0, rel=0.01)
    pulse = np.zeros(300)
    pulse[0] = 10.0
    assert census(pulse, 8.0, 0.9).sum() == pytest.approx(80.0, rel=0.01)


def test_load_pattern_smooths_the_week_and_swings_with_discharges():
    week = Pattern(weekday=(1.4, 1.2, 1.14, 1.06, 1.0, 0.66, 0.54))
    short, long = (load_pattern(2025, stay, 0.9, week, week, 0.5) for stay in (2.0, 20.0))
    assert np.mean(short.load) == pytest.approx(1.0)
    assert sum(short.weight) == pytest.approx(1.0)
    assert np.ptp(long.load) < 0.2 * np.ptp(short.load) < 0.9
    # all leave at noon and arrivals are even: half a day's admissions above the mean before noon
    noon = load_pattern(2025, 5.0, 0.9, Pattern(), Pattern(), 0.5, (12.0, 0.0))
    assert np.ptp(noon.load) == pytest.approx(1 / 5, rel=0.1)


def fleet(**more):
    given = dict(
        population=300_000,
        ambulances=10,
        calls=0.015,
        turnaround=60.0,
        ride=12.4,
        far_ride=15.65,
        per_station=2,
        on_duty=1.0,
        peak_hour=1.6,
    )
    return Fleet(**(given | more))


def test_fleet_by_hand():
    calm = response(fleet())
    load = 300_000 * 0.015 / (365 * 24)  # calls an hour, one hour each
    assert calm.load == pytest.approx(load)
    busy = (load / 5) ** 2 / 2 / (1 + load / 5 + (load / 5) ** 2 / 2)
    assert calm.station_busy == pytest.approx(busy)
    assert calm.mean_response == pytest.approx(12.4 + 3.25 * busy + calm.wait)
    assert response(fleet(), 3.0, peak=True).mean_response > calm.mean_response


def test_too_small_a_fleet_is_said_not_to_settle():
    drowned = response(fleet(calls=1.0, ambulances=2))
    assert not drowned.settles
    assert drowned.wait == math.inf
    enough = fleet_for_response(fleet(calls=0.2), 14.0)
    assert response(fleet(calls=0.2, ambulances=enough), peak=True).mean_response <= 14.0
    assert response(fleet(calls=0.2, ambulances=enough - 1), peak=True).mean_response > 14.0
    assert fleet_for_response(fleet(), 12.0) is None


def test_printed_occupancies_are_read():
    """Zhengzhou's hospitals at 93.73 % in units of 900, Longhu's at 76.5 % in 150; a ward of 12 beds."""
    zhengzhou = load_at_occupancy(0.9373, 900)
    longhu = load_at_occupancy(0.765, 150)
    assert erlang_b(zhengzhou, 900) < 0.02  # large hospitals bear it when patients spread evenly ...
    assert erlang_b(longhu, 150) < 1e-3  # ... a district hospital has spare beds
    bears = load_for_blocking(12, 0.02) * (1 - 0.02) / 12
    assert bears == pytest.approx(0.54, abs=0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Epidemic("w", 1.2, 11, 0, 1, 8, 10), "attack rate 1.2"),
        (lambda: Epidemic("w", 0.5, -1, 0, 1, 8, math.nan), "half-width -1 .*\n.*ICU days nan"),
        (lambda: fleet(on_duty=1.5), "fleet.on_duty . 1.5"),
        (lambda: fleet(turnaround=math.inf), "fleet.turnaround . inf"),
        (lambda: fleet(ambulances=0), "fleet.ambulances . 0"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
