"""`stress` on a real small run: its loads are the annual model's days, its own record decides."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import small
import xarray as xr
import yaml
from paths import read_rows

from sim.catalogue.bed_groups import LEVELS, POOLS, TYPES
from sim.commands.stress import stress_command
from sim.errors import ConfigError, Stopped
from sim.run import runner
from sim.run.again import setup_again
from sim.run.setup import set_up
from sim.store import open_run
from sim.stress import inputs
from sim.stress.stress import ask, stress

SOURCES = ("hospital_model", "planning_values")
HOSPITAL = {"years": [2025], "replications": 2, "surge": "winter_wave_2022"}


def _run(folder: Path, source: str = "hospital_model") -> Path:
    file = small.experiment(
        folder,
        n=1,
        end=2025,
        plan="anyang_14fyp",
        test_years=[2025],
        scenarios={"reference": ["occupancy"], "variant": []},
        overrides={"occupancy": {"inpatient.occupancy_source": source}},
        hospital=HOSPITAL,
    )
    return runner.run(set_up(file), folder / "out", workers=1)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return {source: _run(tmp_path_factory.mktemp(source), source) for source in SOURCES}


def _place(run: Path, year: int) -> inputs.Place:
    setup, _ = setup_again(open_run(run))
    results = open_run(run).results().load().sel(scenario="reference", region="410500")
    return inputs.Place(results, {}, setup.parameters["reference", "410500"], year)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("year", [2020, 2024])
def test_the_pools_days_add_up_to_those_of_the_demand_stage(runs, source, year):
    here = _place(runs[source], year)
    now = here.results.isel(draw=0).sel(year=year)
    load = {name: 365 * beds for name, beds in inputs.loads(here).items()}
    for name in TYPES:
        assert load[name] == pytest.approx(float(now.bed_days_type.sel(bed_type=name)), rel=1e-6)
    general = sum(load[level] for level in LEVELS)
    assert general == pytest.approx(float(now.bed_days_type.sel(bed_type="general")), rel=1e-6)
    assert sum(load.values()) == pytest.approx(float(now.bed_days.sum()), rel=1e-6)


@pytest.mark.parametrize("source", SOURCES)
def test_need_bears_the_load_at_the_occupancy_that_the_run_planned_with(runs, source):
    """beds x open share x occupancy = beds in use, for every pool, by the parameters themselves."""
    here = _place(runs[source], 2024)
    target = {
        "hospital_model": "occupancy_by_size.bed_group",
        "planning_values": "inpatient.occupancy_target",
    }
    load, need, opened = inputs.loads(here), inputs.need(here), here.number("inpatient.open_share")
    for name in POOLS:
        occupancy = here.number(target[source], bed_group=name)
        assert need[name] * opened * occupancy == pytest.approx(load[name], rel=1e-5), name


def test_the_sources_of_occupancy_differ_in_beds_and_not_in_days(runs):
    one, two = (_place(runs[source], 2024) for source in SOURCES)
    assert inputs.loads(one) == pytest.approx(inputs.loads(two), rel=1e-9)
    assert inputs.need(one)["obstetric"] != pytest.approx(inputs.need(two)["obstetric"], rel=0.02)


def test_what_is_asked_for_wins_over_the_experiment(runs):
    setup, _ = setup_again(open_run(runs["hospital_model"]))
    own = ask(setup)
    assert (own.years, own.surge, own.most, own.seed) == ((2025,), "winter_wave_2022", 2, 7)
    assert own.stem == "hospital_reference_2025_winter_wave_2022"
    other = ask(setup, (2024, 2021, 2024), "", 5, "variant", 3)
    assert other.stem == "hospital_variant_2021_2024_normal_5_replications_seed_3"
    with pytest.raises(ConfigError, match=r"--year . year 2030 is not in the run . 2020 to 2025"):
        ask(setup, (2030,))
    with pytest.raises(ConfigError, match=r"'varian' is not in this run . did you mean 'variant'"):
        ask(setup, scenario="varian")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "years"), [(2023, (2023,)), pytest.param(2026, (2025,), marks=pytest.mark.slow)]
)
def test_the_record_of_a_run_shorter_than_the_default_years_is_read(tmp_path, end, years):
    file = small.experiment(tmp_path, n=1, end=end)
    setup, notes = setup_again(open_run(runner.run(set_up(file), tmp_path / "out")))
    assert notes == []
    assert ask(setup).years == years


@pytest.fixture(scope="module")
def stressed(runs):
    """The run stressed once: what comes after finds its replications."""
    return stress(runs["hospital_model"], charts=False, workers=2)


@pytest.mark.slow
def test_the_experiments_settings_are_heard(stressed):
    rows = stressed.rows
    assert {r["year"] for r in rows} == {2025}
    assert {r["surge"] for r in rows} == {"none", "winter_wave_2022"}
    assert {r["replications"] for r in rows if r["figure"] == "occupancy"} == {2}
    assert stressed.table.name == "hospital_reference_2025_winter_wave_2022.csv"
    assert stressed.notes == ()
    with xr.open_dataset(stressed.table.with_suffix(".nc")) as data:
        assert np.isfinite(data.curve_blocked).all()
        assert data["load"].sum() > 0
    here = _place(stressed.table.parent, 2025)
    found = {r["pool"]: r for r in rows if r["figure"] == "load_per_bed" and r["surge"] == "none"}
    for pool, load in inputs.loads(here).items():  # as the table prints it, to a tenth of a bed
        row = found[pool]
        assert float(row["mean"]) * float(row["beds"]) == pytest.approx(load, rel=1e-4, abs=0.1), pool


@pytest.mark.slow
def test_the_runs_own_record_is_stressed_and_nothing_is_overwritten(runs, stressed, tmp_path, capsys):
    run = stressed.table.parent
    before = {p: p.read_bytes() for p in run.glob("hospital*")}
    # the experiment file is edited, then gone: a stress is as it was
    file = Path(open_run(run).meta["experiment_file"])
    text = file.read_text(encoding="utf-8")
    other = {"overrides": {"occupancy": {"hospital.stay": {"multiply": 2}}}}
    file.write_text(yaml.safe_dump(yaml.safe_load(text) | other), encoding="utf-8")
    stress(run, charts=False)
    file.unlink()
    stress(run, charts=False)
    assert {p: p.read_bytes() for p in before} == before
    file.write_text(text, encoding="utf-8")
    # another wave or number: other files beside them, those there as they were
    stress_command(run, (), "", 2, False, None, None, 1, "zh", False)
    assert {p: p.read_bytes() for p in before} == before
    stems = ("reference_2025_winter_wave_2022", "reference_2025_normal_2_replications")
    names = {f"hospital_{stem}.{end}" for stem in stems for end in ("csv", "nc")}
    assert {p.name for p in run.glob("hospital*")} == names
    # on the terminal in Chinese, and by the same words on the charts
    shown = capsys.readouterr().out
    assert "三级综合" in shown
    assert "救护车" in shown
    assert not any(word in shown for word in ("tertiary", "obstetric", "ambulances"))
    charts = {p.name for p in (run / "charts").iterdir()}
    assert "hospital_beds_reference_2025_normal_2_replications_410500_zh.png" in charts


@pytest.mark.slow
def test_parameters_that_changed_since_the_run_are_said(stressed, capsys):
    run = stressed.table.parent
    folder = Path(open_run(run).meta["experiment_file"]).parents[1] / "parameters"
    folder.unlink()
    shutil.copytree(small.ROOT / "parameters", folder)
    file = folder / "national" / "hospital.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count("    value: 7\n") == 1  # hospital.longest_wait: no replication depends on it
    file.write_text(text.replace("    value: 7\n", "    value: 8\n"), encoding="utf-8")
    try:
        stress_command(run, (), None, None, True, None, None, 1, "en", True)
    finally:
        shutil.rmtree(folder)
        folder.symlink_to(small.ROOT / "parameters", target_is_directory=True)
    assert "parameter hospital.longest_wait has changed (hospital.yaml)" in capsys.readouterr().err


@pytest.mark.slow
def test_a_killed_stress_leaves_no_worker(runs, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(runs["hospital_model"], run, ignore=shutil.ignore_patterns(".hospital"))
    mark = f"HEALTHPLAN_TEST={tmp_path.name}"
    command = [sys.executable, "-m", "sim", "stress", str(run), "--workers", "2", "--no-charts", "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(small.ROOT), "HEALTHPLAN_TEST": tmp_path.name}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        _until(lambda: len(list((run / ".hospital").glob("*.npz"))) > 2, 120)
        _until(lambda: len(_marked(mark)) > 2, 60)  # the command and its workers, who come and go
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    _until(lambda: not _marked(mark), 20)
    assert len(list((run / ".hospital").glob("*.npz"))) > 2  # what was finished is kept
    assert {r["pool"] for r in read_rows(stress(run, charts=False).table)} == {*POOLS, "ambulances"}


@pytest.mark.slow
def test_a_stress_stopped_before_its_table_keeps_its_replications(runs, tmp_path, monkeypatch):
    run = tmp_path / "run"
    shutil.copytree(runs["hospital_model"], run, ignore=shutil.ignore_patterns(".hospital"))

    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.stress.stress._answer", stopped)
    with pytest.raises(Stopped) as nothing:
        stress(run, replications=2, charts=False)
    assert not nothing.value.keeps
    monkeypatch.undo()
    monkeypatch.setattr("sim.stress.stress.dataset", stopped)
    with pytest.raises(Stopped) as some:
        stress(run, replications=2, charts=False)
    assert some.value.keeps


def _until(holds, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def _marked(mark: str) -> list[int]:
    """Processes that were started with a variable in their environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
            status = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if mark.encode() in variables and status != "Z":
            found.append(int(entry.name))
    return found
