"""Speed of the ward beside the plain process form, in one run, on the same patients."""

import math
import time

import numpy as np
import pytest
from queue_witnesses import simulate_processes

from sim.hospital.ward import Patients, Units, simulate

BEDS, LOAD, MEAN, PATIENTS = 200, 190.0, 8.0, 40_000


@pytest.fixture(scope="module")
def given():
    rng = np.random.default_rng(1)
    times = np.cumsum(rng.exponential(MEAN / LOAD, PATIENTS))
    stays = MEAN * rng.lognormal(-0.3, 0.77, PATIENTS)
    unit = np.zeros(PATIENTS, int)
    return Patients(times, unit, rng.random(PATIENTS) < 0.5, stays), math.ceil(times[-1])


def ward(given):
    units = Units((BEDS,), (0,), ((),), (0,), (True,), (math.inf,))
    return simulate(units, *given).start


def test_ward_events(benchmark, given):
    benchmark.pedantic(ward, (given,), rounds=3)
    benchmark.extra_info["patients_per_second"] = PATIENTS / benchmark.stats["median"]


def test_process_form(benchmark, given):
    benchmark.pedantic(lambda: simulate_processes(BEDS, *given, waits=True), rounds=3)


def test_ward_is_three_times_faster(benchmark, given):
    def seconds(call):
        began = time.perf_counter()
        call()
        return time.perf_counter() - began

    def ratio():
        plain = min(seconds(lambda: simulate_processes(BEDS, *given, waits=True)) for _ in range(2))
        return plain / min(seconds(lambda: ward(given)) for _ in range(2))

    found = benchmark.pedantic(ratio, rounds=1)
    benchmark.extra_info["times_faster"] = found
    print(f"\nward against processes: {found:.1f} times faster")
    assert found >= 3
