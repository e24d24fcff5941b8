"""The event model: known answers, the process form, laws, routes and queues by hand."""

import math

import numpy as np
import pytest
from queue_witnesses import blocked_arrivals, fcfs_starts, simulate_processes

from sim.errors import ParameterError
from sim.hospital import ward
from sim.hospital.ward import Patients, Units, simulate

INF = math.inf


def one_unit(beds, *, boards=False, reserve=0, patience=INF):
    return Units((beds,), (reserve,), ((),), (0,), (boards,), (patience,))


def patients(arrival, stay, urgent=True, unit=0):
    n = len(arrival)
    return Patients(
        np.asarray(arrival, float),
        np.broadcast_to(unit, n).astype(int),
        np.broadcast_to(urgent, n).astype(bool),
        np.asarray(stay, float),
    )


def poisson(seed, load, mean, n, draw):
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.exponential(mean / load, n))
    return times, draw(rng, n) * mean


@pytest.mark.parametrize("urgent", [True, False])
@pytest.mark.parametrize("beds", [3, 40])
def test_same_starts_as_the_process_form_and_the_recursion(beds, urgent):
    times, stays = poisson(1, 0.95 * beds, 5.0, 4000, lambda r, n: r.lognormal(-0.3, 0.8, n))
    given = patients(times, stays, urgent)
    days = math.ceil(times[-1])
    log = simulate(one_unit(beds), given, days)
    plain = simulate_processes(beds, given, days, waits=not urgent)
    assert np.array_equal(log.start, plain)
    if urgent:
        assert np.array_equal(log.found_full, blocked_arrivals(times, stays, beds))
    else:
        seated = np.isfinite(log.start)
        assert np.array_equal(log.start[seated], fcfs_starts(times, stays, beds)[seated])


def test_priority_as_in_the_process_form():
    times, stays = poisson(3, 5.5, 4.0, 3000, lambda r, n: r.exponential(1, n))
    urgent = np.random.default_rng(5).random(3000) < 0.4
    given = patients(times, stays, urgent)
    days = math.ceil(times[-1])
    log = simulate(one_unit(6, boards=True), given, days)
    plain = simulate_processes(6, given, days, waits=True)
    # an arriving elective never passes a line; the process form serves by priority, then arrival
    assert np.array_equal(np.sort(log.start), np.sort(plain))


def test_an_emergency_goes_elsewhere_then_boards_then_leaves():
    stays = [10, 10, 10, 10]
    routes = Units((1, 1), (0, 0), ((1,), ()), (0, 1), (True, False), (INF, INF))
    log = simulate(routes, patients([0, 1, 2, 3], stays), 30)
    assert log.where.tolist() == [0, 1, 0, 0]
    assert log.start.tolist() == [0, 1, 10, 20]
    assert log.outcome.tolist()[:2] == [ward.ADMITTED, ward.OVERFLOWED]
    same_pool = Units((1, 1), (0, 0), ((1,), ()), (0, 0), (False, False), (INF, INF))
    log = simulate(same_pool, patients([0, 1, 2], stays[:3]), 30)
    assert log.outcome.tolist() == [ward.ADMITTED, ward.TRANSFERRED, ward.TURNED_AWAY]


def test_electives_leave_the_reserve_and_give_up():
    units = one_unit(2, reserve=1, patience=4.0)
    log = simulate(units, patients([0, 1, 2], [3, 9, 1], [False, False, True]), 20)
    assert log.start.tolist() == [0, 3, 2]
    late = simulate(one_unit(1, patience=4.0), patients([0, 1], [9, 1], False), 20)
    assert late.outcome.tolist() == [ward.ADMITTED, ward.GAVE_UP]


def test_discharge_at_the_hour_keeps_the_mean_stay():
    times, stays = poisson(7, 50, 6.0, 20_000, lambda r, n: r.lognormal(-0.35, 0.8, n))
    hour = np.full(times.size, 11 / 24)
    given = Patients(times, np.zeros(times.size, int), np.ones(times.size, bool), stays, hour=hour)
    log = simulate(one_unit(500), given, math.ceil(times[-1]))
    spent = log.end - log.start
    assert spent.mean() == pytest.approx(stays.mean(), rel=0.01)
    at_hour = np.isclose(log.end % 1, 11 / 24)
    assert at_hour.mean() > 0.95


def test_live_census_equals_the_log():
    times, stays = poisson(11, 9, 4.0, 2000, lambda r, n: r.exponential(1, n))
    days = math.ceil(times[-1])
    log = simulate(one_unit(10), patients(times, stays), days)
    midnights = np.arange(1, days + 1)
    lying = ((log.start[:, None] < midnights) & (log.end[:, None] >= midnights)).sum(axis=0)
    assert np.array_equal(log.census[:, 0], lying)
    assert log.census.max() <= 10


def test_more_beds_never_more_turned_away():
    times, stays = poisson(13, 20, 5.0, 5000, lambda r, n: r.exponential(1, n))
    days = math.ceil(times[-1])
    lost = [
        int((simulate(one_unit(b), patients(times, stays), days).outcome == ward.TURNED_AWAY).sum())
        for b in (15, 20, 25, 30, 60)
    ]
    assert lost == sorted(lost, reverse=True)
    assert lost[-1] == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: one_unit(0), "unit 0 . 0 beds . 1 bed or more"),
        (lambda: patients([0, 1], [1, -1]), "stay . -1 days . a finite number"),
        (lambda: patients([0, 1], [1, math.nan]), "stay . nan days"),
        (lambda: patients([1, 0], [1, 1]), "times do not ascend"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
