from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import small
import yaml

from sim import run_folder
from sim.errors import ConfigError
from sim.evidence.reproduce import reproduce
from sim.run.migrate import migrate_file, migrated


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(run_folder, "write_tables", small.only_series)
    setup = small.setup(tmp_path, 6, end=2022)
    return run_folder.run_experiment(setup, tmp_path / "work" / "outputs", charts=False)


@pytest.mark.slow
def test_a_run_made_again_has_the_same_bytes(run: Path):
    found = reproduce(run)
    assert found.all_same
    assert found.notes == ()
    assert set(found.same) == set(small.FILES)


@pytest.mark.slow
def test_what_differs_is_named(run: Path):
    meta = json.loads((run / "run.json").read_text(encoding="utf-8"))
    meta["experiment"]["draws"]["seed"] = 8
    meta["versions"]["numpy"] = "1.0"
    meta["parameters"]["shared"]["inpatient.alos"]["hash"] = "another"
    (run / "run.json").write_text(json.dumps(meta), encoding="utf-8")
    found = reproduce(run)
    assert not found.same["results.nc"]
    text = "\n".join(found.notes)
    assert "parameter inpatient.alos has changed" in text
    assert "numpy: 1.0 then" in text
    assert "timeseries.csv line " in text


@pytest.mark.slow
def test_a_plan_that_was_edited_since_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run_folder, "write_tables", small.only_series)
    setup = small.setup(tmp_path, 2, end=2022, plan="anyang_14fyp")
    parameters = setup.root / "parameters"
    found = run_folder.run_experiment(setup, tmp_path / "work" / "outputs", charts=False)
    shipped = parameters.resolve()
    parameters.unlink()  # a link to what is shipped, which no test edits
    shutil.copytree(shipped, parameters)
    rows = parameters / "plans" / "anyang_14fyp" / "indicators.csv"
    rows.write_text(rows.read_text("utf-8") + "\n", encoding="utf-8")
    (rows.parent / "mine.csv").write_text("a\n1\n", encoding="utf-8")
    assert reproduce(found).notes == (
        "table parameters/plans/anyang_14fyp/indicators.csv has changed",
        "table parameters/plans/anyang_14fyp/mine.csv is new",
    )


@pytest.mark.slow
def test_the_experiment_file_may_be_gone(run: Path, tmp_path: Path):
    (tmp_path / "work" / "experiments" / "small.yaml").unlink()
    shutil.rmtree(tmp_path / "work" / "experiments")
    assert reproduce(run).all_same


OLD = """\
# an experiment of the first schema
name: old
region: 410500
plan: anyang_14fyp
years: [2020, 2030]
parameters: [national, standards, regions/410500_anyang]
scenarios: [reference, longer]
overrides:
  longer: {inpatient.alos: {multiply: 1.1}}
draws: 500
seed: 7
"""


def test_an_old_experiment_is_rewritten_with_notes(tmp_path: Path):
    path = tmp_path / "old.yaml"
    path.write_text(OLD, encoding="utf-8")
    target, notes = migrate_file(path)
    assert target == tmp_path / "old.yaml.new"
    assert path.read_text(encoding="utf-8") == OLD
    new = yaml.safe_load(target.read_text(encoding="utf-8"))
    assert new["schema"] == 1
    assert new["draws"] == {"n": 500, "seed": 7}
    assert new["years"] == {"base": 2020, "end": 2030}
    assert new["regions"] == ["410500"]
    assert new["parameters"] == ["national", "standards"]
    assert new["scenarios"] == {"reference": [], "longer": ["longer"]}
    for word in ("schema", "draws", "years", "region", "parameters", "scenarios", "comments"):
        assert any(word in note for note in notes), word


def test_in_place_keeps_the_old_file(tmp_path: Path):
    path = tmp_path / "old.yaml"
    path.write_text(OLD.replace("2030", "2035"), encoding="utf-8")
    target, _ = migrate_file(path, write=True)
    assert target == path
    assert "schema: 1" in path.read_text(encoding="utf-8")
    assert "draws: 500" in (tmp_path / "old.yaml.old").read_text(encoding="utf-8")
    assert migrate_file(path) == (path, [])


def test_what_cannot_be_migrated_is_refused_and_nothing_written(tmp_path: Path):
    path = tmp_path / "old.yaml"
    path.write_text(OLD.replace("draws: 500", "draws: many"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"draws.*a number of draws is wanted"):
        migrate_file(path)
    path.write_text(OLD + "drws: 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"old.yaml: drws.*did you mean 'draws'"):
        migrate_file(path)
    assert [p.name for p in tmp_path.iterdir()] == ["old.yaml"]
    with pytest.raises(ConfigError, match="schema 2 is not known"):
        migrated({"schema": 2}, "x")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("national/fertility.yaml", "is a parameter file, not an experiment.*validate"),
        ("plans/anyang_14fyp/plan.yaml", "is a plan, not an experiment"),
        ("sources/health.yaml", "names no regions"),
    ],
)
def test_other_files_are_no_experiments(name: str, message: str):
    path = small.ROOT / "parameters" / name
    with pytest.raises(ConfigError, match=message):
        migrate_file(path)
    assert not path.with_name(path.name + ".new").exists()


def test_a_wrong_experiment_of_the_current_schema_is_not_passed(tmp_path: Path):
    path = tmp_path / "now.yaml"
    path.write_text("schema: 1\nname: x\nregions: ['410500']\ndrws: 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean 'draws'"):
        migrate_file(path)


@pytest.mark.slow
def test_every_table_is_compared(run: Path):
    (run / "timeseries.csv").write_text("other\n", encoding="utf-8")
    (run / "adequacy.csv").unlink()
    found = reproduce(run)
    assert found.same == {"results.nc": True, "timeseries.csv": False, "adequacy.csv": False}
    assert "adequacy.csv: not in the saved run" in found.notes


@pytest.mark.slow
def test_a_run_of_the_old_schema_is_reproduced(run: Path):
    meta = json.loads((run / "run.json").read_text(encoding="utf-8"))
    experiment = meta["experiment"]
    draws = experiment.pop("draws")
    experiment |= {"draws": draws["n"], "seed": draws["seed"]}
    experiment["years"] = [experiment["years"]["base"], experiment["years"]["end"]]
    del experiment["schema"]
    (run / "run.json").write_text(json.dumps(meta), encoding="utf-8")
    found = reproduce(run)
    assert found.all_same
    assert any(note.startswith("schema: none -> 1") for note in found.notes)


@pytest.mark.slow
def test_commands_say_what_they_did(run: Path, tmp_path: Path, cli: Callable[..., object]):
    done = cli("reproduce", run, "--workers", "1")
    assert done.code == 0, done.err  # type: ignore[attr-defined]
    assert "results.nc: the same bytes" in done.out  # type: ignore[attr-defined]
    path = tmp_path / "old.yaml"
    path.write_text(OLD.replace("2030", "2035"), encoding="utf-8")
    done = cli("migrate", path)
    assert done.code == 0  # type: ignore[attr-defined]
    assert "draws: 500 with seed 7" in done.err  # type: ignore[attr-defined]
    assert done.out.strip() == str(path) + ".new"  # type: ignore[attr-defined]
