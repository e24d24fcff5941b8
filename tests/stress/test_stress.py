"""From a run's numbers to pools, and the planner's answers: the plan's total is kept, laws hold."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from sim.errors import ConfigError, ParameterError
from sim.hospital import Clock, PoolSpec, System
from sim.hospital.erlang import beds_for_blocking
from sim.hospital.statistics import Interval
from sim.hospital.stress import CurvePoint, bed_curve, beds_by_formula, smallest_beds
from sim.params import read_set
from sim.stress import inputs

ROOT = Path(__file__).parents[2] / "parameters"


@pytest.fixture(scope="module")
def parameters():
    return read_set(ROOT / "national")


def place(parameters, planned, year=2025):
    years, draws = [2024, 2025], [0]
    level = ["tertiary", "secondary", "primary"]
    groups = ["total", *level, *inputs.TYPES]
    beds = [30_000, 12_000, 12_000, 6_000, 600, 1500, 1200, 2700, 3300, 500, 400]

    def cells(values, dim, names):
        grid = np.broadcast_to(np.asarray(values, float)[None, :, None], (2, len(names), 1))
        return xr.DataArray(grid, [("year", years), (dim, names), ("draw", draws)])

    people = np.broadcast_to(np.full(101, 27_000.0), (2, 2, 101))
    data = xr.Dataset(
        {
            "bed_days": cells([3.7e6, 3.4e6, 1.3e6], "level", level),
            "admissions_level": cells([4.2e5, 4.0e5, 2.0e5], "level", level),
            "beds_required": cells(beds, "bed_group", groups),
            "beds_available": cells([31_000.0], "bed_group", ["total"]),
            "population_central": xr.DataArray(
                people, [("year", years), ("sex", ["female", "male"]), ("age", range(101))]
            ),
        }
    )
    return inputs.Place(data, planned, parameters, year)


def test_plan_total_is_shared_out_and_typed_targets_kept(parameters):
    here = place(parameters, {"total": 31_500.0, "infectious": 570.0, "icu": 270.0})
    load = inputs.loads(here)
    assert sum(load.values()) == pytest.approx(sum(v for v in (3.7e6 + 3.4e6 + 1.3e6,)) / 365, rel=0.001)
    beds = inputs.plan_beds(here, load)
    opened = here.number("inpatient.open_share")
    assert sum(beds.values()) == pytest.approx(31_500 * opened)
    assert beds["icu"] == pytest.approx(270 * opened)
    system = inputs.build_system(here, ROOT / "national" / "hospital_rules.csv")
    assert {p.name for p in system.pools} == set(inputs.POOLS)
    assert inputs.plan_beds(place(parameters, {}), load) != beds  # no plan: the trend's beds


def test_wave_lands_in_the_pools_whole(parameters):
    here = place(parameters, {"total": 31_500.0})
    system = inputs.build_system(here, ROOT / "national" / "hospital_rules.csv")
    wave = inputs.epidemic(here, "winter_wave_2022")
    hit = inputs.with_wave(system, here, wave)
    placed = sum(sum(p.wave.per_day) for p in hit.pools if p.wave)
    assert placed == pytest.approx(sum(inputs.wave_patients(here, wave).values()))
    with pytest.raises(ConfigError, match=r"no wave 'winter_wave_2021' .*winter_wave_2022"):
        inputs.epidemic(here, "winter_wave_2021")


def test_refusals(parameters):
    load = inputs.loads(place(parameters, {}))
    with pytest.raises(ParameterError, match=r"beds by kind \(570\) exceed all beds \(500\)"):
        inputs.plan_beds(place(parameters, {"total": 500.0, "infectious": 570.0}), load)
    with pytest.raises(ConfigError, match="year 2050 is not in the run"):
        inputs.loads(place(parameters, {}, 2050))


def test_beds_by_formula_is_erlang_for_one_unit_and_scales_with_units():
    one = PoolSpec("a", 30, 20 * 365 / 6, 6.0)
    flat = System((one,), Clock(2025))
    assert beds_by_formula(flat, one, 0.02) == int(beds_for_blocking(20.0, 0.02))
    many = PoolSpec("a", 3000, 2000 * 365 / 6, 6.0, unit_beds=30)
    needed = beds_by_formula(System((many,), Clock(2025)), many, 0.02)
    pooled = PoolSpec("a", 3000, 2000 * 365 / 6, 6.0)
    assert needed > 1.1 * beds_by_formula(System((pooled,), Clock(2025)), pooled, 0.02)


def test_simulated_beds_meet_the_formula_where_it_is_exact():
    pool = PoolSpec("a", 30, 20 * 365 / 6, 6.0)
    system = System((pool,), Clock(2025, 30))
    curve = bed_curve(system, (0.8, 0.9, 1.0, 1.1, 1.3), {"a": 0.02}, seed=1, replications=8)
    assert [p.beds for p in curve] == [22, 25, 28, 31, 36]
    blocked = [p.blocked.mean for p in curve]
    assert blocked == sorted(blocked, reverse=True)
    assert smallest_beds(curve, 0.02) == pytest.approx(int(beds_for_blocking(20.0, 0.02)), abs=1.5)


def test_smallest_beds_reads_the_curve():
    def point(beds, blocked, wait):
        flat = Interval(0.8, 0.8, 0.8, 9)
        return CurvePoint("a", beds, Interval(blocked, 0, 1, 9), flat, Interval(wait, 0, 1, 9))

    curve = [point(10, 0.1, 20.0), point(20, 0.01, 20.0), point(30, 0.001, 1.0)]
    assert smallest_beds(curve, 0.01) == pytest.approx(20)
    assert 20 < smallest_beds(curve, 0.01, longest_wait=7.0) < 30
    assert smallest_beds(curve, 1e-4) is None
    assert smallest_beds(curve, 0.5) == 10
