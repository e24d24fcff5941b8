"""Set-up with local counts and a later base: what is refused, history the same in all scenarios, run.json."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small import experiment
from small import setup as small_setup
from working_folder import run_cli

from sim.errors import ConfigError, ParameterError
from sim.run import blocks
from sim.run.runner import describe, plan_blocks
from sim.run.setup import set_up
from sim.store import recorded_parameters
from sim.sweeps.steered import series
from sim.sweeps.sweep import plan_sweep

HEAD = "indicator,year,value,unit,source,quality\n"
OVERRIDES = {
    "shorter": {"inpatient.alos_growth": -0.03},
    "fewer": {"fertility.tfr_change": -0.2, "migration.level": {"multiply": 0.5}},
    "levers": {"inpatient.open_share": {"multiply": 0.95}},
}


def table(folder: Path, *rows: str) -> str:
    path = folder / "known.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


def refused(folder: Path, *rows: str) -> list[str]:
    with pytest.raises((ConfigError, ParameterError)) as caught:
        small_setup(folder, 0, end=2026, known={"410500": table(folder, *rows)})
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    "power", [10, 10_000, *(pytest.param(p, marks=pytest.mark.slow) for p in (100, 1_000))]
)
def test_another_unit_is_told_with_the_power_of_ten_that_would_do(tmp_path: Path, power: int):
    found = refused(tmp_path, f"beds,2023,{34000 * power},bed,y,A", f"births,2023,{33000 / power},birth,y,A")
    assert f"{power:,} times too large? write 34000" in found[0]
    assert "row 2, column C" in found[0]
    assert f"{power:,} times too small? write 33000" in found[1]


def test_figures_that_cannot_be_true_are_told_together(tmp_path: Path):
    found = refused(
        tmp_path,
        "population_65,2023,120,万人,y,B",
        "beds,2023,34000,bed,y,A",
        "admissions,2023,1000000,人次,y,A",
        "alos,2023,9,日,y,A",
        "occupancy,2023,100,%,y,A",
    )
    assert len(found) == 2
    assert "1200000 people in 2023" in found[0]
    assert "were 62 and over in 2020" in found[0]
    assert "100 % in 2023; admissions x stay over the beds is 7" in found[1]


def test_a_count_after_the_end_and_a_region_not_run(tmp_path: Path):
    path = table(tmp_path, "beds,2025,34000,bed,y,A")
    with pytest.raises(ParameterError, match="2025 is after the end 2024"):
        small_setup(tmp_path, 0, end=2024, known={"410500": path})
    with pytest.raises(ConfigError, match="known: no region '410501' here"):
        small_setup(tmp_path, 0, known={"410501": "x.csv"})


def test_run_json_says_what_each_count_changed(tmp_path: Path):
    from datetime import datetime

    rows = ("beds,2023,34000,bed,yearbook,A", "births,2023,33000,birth,bulletin,B")
    setup = small_setup(tmp_path, 3, end=2026, known={"410500": table(tmp_path, *rows)})
    told = describe(setup, datetime(2026, 1, 1), 1)
    beds, births = told["known"]
    assert (beds["indicator"], beds["year"], beds["value"]) == ("beds", 2023, 34000.0)
    assert beds["after"] == pytest.approx(34000.0)
    assert abs(births["after"] / 33000 - 1) < 0.02 < abs(births["before"] / 33000 - 1) + 0.02
    assert beds["source"] == "yearbook"
    recorded = recorded_parameters(told)["reference|410500"]["known.beds_2023"]
    assert (recorded["level"], recorded["quality"], recorded["source"]) == ("place", "A", "local_count")


def test_a_folders_own_counts_give_way_to_those_named(tmp_path: Path):
    own = table(tmp_path, "beds,2023,34000,bed,y,A", "doctors,2023,17500,person,y,A")
    setup = set_up(experiment(tmp_path, 0, end=2026), known=[own])
    assert [e.count.value for e in setup.counted] == [34000.0, 17500.0]
    with pytest.raises(ConfigError, match="no region '410200' here"):
        set_up(experiment(tmp_path, 0, end=2026), known=[f"410200={own}"])


def test_history_is_the_same_in_all_scenarios_and_what_follows_is_not(tmp_path: Path):
    years = {"base": 2025, "end": 2029}
    scenarios = {"reference": [], **{name: [name] for name in OVERRIDES}}
    setup = small_setup(tmp_path, 7, years=years, scenarios=scenarios, overrides=OVERRIDES)
    assert setup.years[0] == 2020
    assert setup.history == (2021, 2022, 2023, 2024, 2025)
    first, *others = [blocks.compute(block) for block in plan_blocks(setup)]
    moved = {"shorter": "alos", "fewer": "population_group", "levers": "beds_required"}
    for kept, (name, kind) in zip(others, moved.items(), strict=True):
        for key, array in kept.items():
            past = slice(2020, 2025)
            now, was = array.sel(year=past).values, first[key].sel(year=past).values
            assert np.allclose(now, was, rtol=1e-12, atol=0.0, equal_nan=True), (name, key)
        then = (array[kind].sel(year=2027).values for array in (kept, first))
        assert not np.array_equal(*then, equal_nan=True), name


def test_a_scenario_cannot_change_a_count_of_history_alone(tmp_path: Path):
    change = {"more": {"supply.beds_base": 6.5}}
    years = {"base": 2025, "end": 2029}
    both = {"reference": [], "more": ["more"]}
    with pytest.raises(ParameterError, match=r"beds_base is the base year's, and years to 2025 are history"):
        small_setup(tmp_path, 0, years=years, scenarios=both, overrides=change)
    all_of_them = {"reference": ["more"], "again": ["more"]}
    assert small_setup(tmp_path, 0, years=years, scenarios=all_of_them, overrides=change)


def test_a_base_before_the_census_is_refused(tmp_path: Path):
    with pytest.raises(ParameterError, match="base 2019, but the base population is of 2020"):
        small_setup(tmp_path, 0, years={"base": 2019, "end": 2029})


@pytest.mark.slow
def test_a_sweep_over_a_count_moves_what_it_counts(tmp_path: Path):
    known = {"410500": table(tmp_path, "beds,2023,34000,bed,y,B")}
    file = experiment(tmp_path, 0, end=2024, known=known)
    plan = plan_sweep(
        set_up(file), method="oat", over=["known.beds_2023=33000:36000"], of=["beds_projected.total@2023"]
    )
    own = plan.setup.parameters["reference", "410500"]
    values = series(own, plan.factors, np.array([[0.0], [1.0]]), plan.setup.years)
    beds = values["beds_projected"].sel(bed_group="total", year=2023).values[:3]
    assert beds == pytest.approx([34000, 33000, 36000])


@pytest.mark.slow
def test_region_new_takes_counts_or_leaves_nothing(damaged: Path):
    from sim.places import place_censuses

    census = place_censuses(damaged, "410581")[2020]
    starts = [*census.starts, 0]
    lines = ["age,male,female"]
    for i, first in enumerate(census.starts):
        last = starts[i + 1] - 1
        name = f"{first}-{last}" if last > first else f"{first}+" if last < 0 else f"{first}"
        lines.append(f"{name},{census.counts[1, i]:.0f},{census.counts[0, i]:.0f}")
    (damaged / "census.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    call = ("region", "new", "census.csv", "--name", "云泽", "--parent", "410500", "--code", "419901")
    (damaged / "known.csv").write_text(f"{HEAD}beds,2023,4.1,bed,y,A\n", encoding="utf-8")
    wrong = run_cli(*call, "--known", "known.csv", "--lang", "en", cwd=damaged)
    assert (wrong.code, "times too small? write" in wrong.err) == (2, True), wrong.err
    assert not list((damaged / "parameters" / "regions").glob("419901*"))
    (damaged / "known.csv").write_text(f"{HEAD}beds,2023,0.41,万张,y,A\n", encoding="utf-8")
    done = run_cli(*call, "--known", "known.csv", "--lang", "en", cwd=damaged)
    assert done.code == 0, done.err
    assert "-> 4,100 (counted 4,100 bed, quality A, y)" in done.out
    (folder,) = (damaged / "parameters" / "regions").glob("419901*")
    assert "beds,2023,4100,bed,y,A" in (folder / "known.csv").read_text(encoding="utf-8-sig")
