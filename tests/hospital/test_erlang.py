"""Erlang formulas against printed values, each other, and the FCFS recursion."""

import math

import numpy as np
import pytest
from queue_witnesses import blocked_arrivals, fcfs_starts
from scipy import stats

from sim.errors import ParameterError
from sim.hospital import erlang
from sim.hospital.erlang import LoadPattern

SWING = LoadPattern((0.9, 1.0, 1.1), (0.3, 0.3, 0.4))


def test_printed_values_of_erlang_b():
    # erlang.com calculator manual: 15 lines at 1 % carry an offered 8.108 erlang.
    assert erlang.load_for_blocking(15, 0.01) == pytest.approx(8.108, abs=5e-4)
    # Worked exercise, 180 erlang: P(196) = 0.016, P(200) = 0.01032, P(201) = 0.00916, so 201.
    assert erlang.erlang_b(180, [196, 200, 201]) == pytest.approx([0.016, 0.01032, 0.00916], abs=6e-5)
    assert erlang.beds_for_blocking(180, 0.01) == 201


def test_small_cases_by_hand():
    # B(1, 1) = 1/2, B(1, 2) = (1/2)/(1 + 1 + 1/2) = 1/5; C(1, 2) = 1/3.
    assert erlang.erlang_b(1.0, [1, 2]) == pytest.approx([1 / 2, 1 / 5])
    assert erlang.erlang_c(1.0, 2) == pytest.approx(1 / 3)
    # M/M/1 with load 0.8 and mean service 1: Wq = rho / (1 - rho) = 4.
    assert erlang.mean_wait(0.8, 1, 1.0) == pytest.approx(4.0)


def test_stable_for_twelve_thousand_servers():
    blocked = erlang.erlang_b(np.array([11_000.0, 11_900.0, 12_500.0]), 12_000)
    poisson = stats.poisson(np.array([11_000.0, 11_900.0, 12_500.0]))
    assert blocked == pytest.approx(poisson.pmf(12_000) / poisson.cdf(12_000), rel=1e-8)
    beds = int(erlang.beds_for_blocking(11_700.0, 0.01))
    assert erlang.erlang_b(11_700.0, beds) <= 0.01 < erlang.erlang_b(11_700.0, beds - 1)


@pytest.mark.parametrize("ratio", [0.3, 0.9, 1.0, 1.2, 3.0])
def test_closed_form_agrees_with_the_recursion(ratio):
    servers = np.array([1, 10, 100, 1000, 12_000])
    recursion = erlang.erlang_b(ratio * servers, servers)
    closed = erlang.patterned_blocking(ratio * servers, servers)
    assert closed == pytest.approx(recursion, rel=3e-4, abs=1e-12)


def test_occupancy_at_one_percent_blocking():
    sizes = [5, 10, 20, 40, 80, 160, 320, 640]
    bears = erlang.occupancy(erlang.load_for_blocking(sizes, 0.01), sizes)
    assert bears == pytest.approx([0.27, 0.44, 0.60, 0.72, 0.81, 0.87, 0.92, 0.95], abs=0.006)


def test_inverse_functions_round_trip():
    load = erlang.load_for_blocking([20, 200], 0.03, SWING)
    assert erlang.patterned_blocking(load, [20, 200], SWING) == pytest.approx([0.03, 0.03])
    rho = erlang.occupancy(load, [20, 200])
    assert erlang.load_at_occupancy(rho, [20, 200]) == pytest.approx(load)


def test_patterns_cost_beds():
    assert erlang.patterned_blocking(80, 90, SWING) > erlang.patterned_blocking(80, 90)
    assert erlang.patterned_blocking(80, 90, LoadPattern((1.0, 1.0), (0.5, 0.5))) == pytest.approx(
        erlang.erlang_b(80, 90)
    )


def test_fcfs_recursion_by_hand():
    starts = fcfs_starts([0, 1, 2, 3], [5, 5, 1, 1], 2)
    assert starts.tolist() == [0, 1, 5, 6]
    assert blocked_arrivals([0, 1, 2, 6], [5, 5, 1, 1], 2).tolist() == [
        False,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: erlang.erlang_c(10, 10), "load 10 >= 10 servers: the queue never settles"),
        (lambda: erlang.erlang_b(-1, 3), "load -1 .* finite and not negative"),
        (lambda: erlang.erlang_b(math.inf, 3), "load inf"),
        (lambda: erlang.erlang_b(1, 0), "0 beds .* 1 or more"),
        (lambda: erlang.erlang_b(1, 2.5), "2.5 beds"),
        (lambda: erlang.beds_for_blocking(1, 0), "target 0 .* between 0 and 1"),
        (lambda: LoadPattern((1, -1), (0.5, 0.5)), "pattern has a negative"),
        (lambda: LoadPattern((1, 1), (0.5, 0.6)), "2 loads, weights of 1.1"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
