"""From a run's numbers to pools, and the planner's answers: the plan's total is kept, laws hold."""

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from paths import PARAMETERS

from sim.catalogue.bed_groups import GENERAL, KINDS, LEVELS, POOLS, TYPES
from sim.commands.stress import _READ as READ
from sim.commands.stress import notes_text
from sim.errors import ConfigError, ParameterError
from sim.hospital import Clock, PoolSpec, System
from sim.hospital.erlang import beds_for_blocking
from sim.hospital.statistics import Interval
from sim.hospital.stress import CurvePoint, bed_curve, beds_by_formula, smallest_beds
from sim.params import read_set
from sim.plan.targets import PlanTarget
from sim.stress import inputs, waves

# a region made up by hand: thousand bed-days and year-end beds by kind, general by level
DAYS = {"tertiary": 3700.0, "secondary": 3400.0, "primary": 1300.0}
KIND_DAYS = {
    "general": 5000.0,
    "obstetric": 160.0,
    "paediatric": 430.0,
    "geriatric_rehabilitation": 350.0,
    "psychiatric": 900.0,
    "tcm": 1300.0,
    "infectious": 140.0,
    "icu": 120.0,
}
BEDS = {"tertiary": 12_000.0, "secondary": 12_000.0, "primary": 6_000.0}
KIND_BEDS = {
    "obstetric": 600.0,
    "paediatric": 1500.0,
    "geriatric_rehabilitation": 1200.0,
    "psychiatric": 2700.0,
    "tcm": 3300.0,
    "infectious_normal": 500.0,
    "infectious": 2000.0,
    "icu_normal": 400.0,
    "icu": 1500.0,
}


@pytest.fixture(scope="module")
def parameters():
    return read_set(PARAMETERS / "national", PARAMETERS)


def place(parameters, planned, year=2025, total=31_500.0):
    years, draws = [2024, 2025], [0]

    def cells(values, dim):
        grid = np.broadcast_to(np.asarray(list(values.values()), float)[None, :, None], (2, len(values), 1))
        return xr.DataArray(grid, [("year", years), (dim, list(values)), ("draw", draws)])

    def thousand(values):
        return {name: 1000 * days for name, days in values.items()}

    people = np.broadcast_to(np.full(101, 27_000.0), (2, 2, 101))
    stock = cells({"total": total, "infectious": 570.0, "icu": 270.0}, "bed_group")
    data = xr.Dataset(
        {
            "bed_days": cells(thousand(DAYS), "level"),
            "bed_days_type": cells(thousand(KIND_DAYS), "bed_type"),
            "beds_required": cells(BEDS | KIND_BEDS, "bed_group"),
            "beds_available": stock.reindex(bed_group=[*BEDS, *KIND_BEDS, "total"]),
            "population_central": xr.DataArray(
                people, [("year", years), ("sex", ["female", "male"]), ("age", range(101))]
            ),
        }
    )
    return inputs.Place(data, planned, parameters, year)


def test_every_kind_has_its_own_days_and_general_days_lie_with_the_levels(parameters):
    load = inputs.loads(place(parameters, {}))
    assert list(load) == list(POOLS)
    for name in TYPES:
        assert load[name] == pytest.approx(1000 * KIND_DAYS[name] / 365)
    for level in LEVELS:
        assert load[level] == pytest.approx(5_000_000 * DAYS[level] / 8400 / 365)


def test_need_of_a_pool_is_the_annual_models_without_the_epidemic(parameters):
    need = inputs.need(place(parameters, {}))
    assert need["obstetric"] == 600
    assert need["infectious"] == 500
    assert need["icu"] == 400
    assert need["tertiary"] == pytest.approx(12_000 * 5000 / 8400)


def test_plan_total_is_shared_out_and_typed_targets_kept(parameters):
    here = place(parameters, {"infectious": 570.0, "icu": 270.0})
    beds, need = inputs.plan_beds(here), inputs.need(here)
    opened = here.number("inpatient.open_share")
    assert sum(beds.values()) == pytest.approx(31_500 * opened)
    assert beds["icu"] == pytest.approx(270 * opened)
    assert beds["infectious"] == pytest.approx(570 * opened)
    assert beds["tcm"] / beds["primary"] == pytest.approx(need["tcm"] / need["primary"])
    system = inputs.build_system(here, PARAMETERS / "national" / "hospital_rules.csv")
    assert {p.name for p in system.pools} == set(POOLS)
    assert sum(p.load for p in system.pools) == pytest.approx(8_400_000 / 365)


def test_what_the_plan_states_is_read_on_its_way_to_the_target(parameters):
    data = place(parameters, {}).results
    targets = [
        PlanTarget("beds", "icu", False, 270.0, "resident", 2025),
        PlanTarget("doctors", "total", True, 0.004, "resident", 2025),
        PlanTarget("beds", "tcm", False, 1.0, "resident", 2025),  # its series is not there
    ]
    assert inputs.planned(data, targets, 2024) == {"icu": 270.0}


def test_wave_lands_in_the_pools_whole(parameters):
    here = place(parameters, {})
    system = inputs.build_system(here, PARAMETERS / "national" / "hospital_rules.csv")
    wave = waves.epidemic(here, "winter_wave_2022")
    hit = waves.with_wave(system, here, wave)
    placed = sum(sum(p.wave.per_day) for p in hit.pools if p.wave)
    assert placed == pytest.approx(sum(waves.wave_patients(here, wave).values()))
    with pytest.raises(ConfigError, match=r"no wave 'winter_wave_2021' .*winter_wave_2022"):
        waves.epidemic(here, "winter_wave_2021")


def test_refusals(parameters):
    with pytest.raises(ParameterError, match=r"beds by kind \(570\) exceed all beds \(500\)"):
        inputs.plan_beds(place(parameters, {"infectious": 570.0}, total=500.0))
    with pytest.raises(ConfigError, match="year 2050 is not in the run"):
        inputs.loads(place(parameters, {}, 2050))
    old = place(parameters, {})
    old = inputs.Place(old.results.drop_vars("bed_days_type"), {}, parameters, 2025)
    with pytest.raises(ConfigError, match=r"no variable bed_days_type . run the model again"):
        inputs.loads(old)


def test_kinds_add_up_in_the_catalogue():
    assert set(KIND_DAYS) == set(KINDS) == {GENERAL, *TYPES}


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


def test_what_changed_is_said_by_name_where_it_is_read():
    notes = [
        "schema: 0 -> 1",
        "parameter hospital.stay has changed (hospital.yaml)",
        "parameter norm.beds is gone",
    ]
    assert notes_text(notes) == [*notes[:2], "and 1 parameters that the stress test does not read"]
    assert notes_text(notes[:2]) == notes[:2]


def test_every_parameter_that_is_read_is_named_as_such():
    room = Path(inputs.__file__).parent
    source = "".join((room / f"{name}.py").read_text(encoding="utf-8") for name in ("inputs", "waves"))
    names = re.findall(r'(?:number\(|parameters\[)f?"([^"]+)"', source)
    assert len(names) > 20
    assert [n for n in names if not n.startswith(READ)] == []
