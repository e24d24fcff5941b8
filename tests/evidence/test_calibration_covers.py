"""Calibration: whatever is derived of shipped data is made by it, and moves with these data."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from paths import PARAMETERS, ROOT, read_rows

from sim.cli import cli
from sim.errors import ConfigError
from sim.evidence.calibration import changes, parts, refuse_missing
from sim.evidence.calibration.records import Change
from sim.params import read_sources
from sim.textfile import read_yaml

MADE = ("places/lacking", "places/unchecked")
"""Sets whose figures are made when a place is read."""


def _records():
    for path in sorted(PARAMETERS.rglob("*.yaml")):
        file = path.relative_to(PARAMETERS).as_posix()
        content = read_yaml(path)
        if isinstance(content, dict) and "parameters" in content and not file.startswith(MADE):
            for key, record in content["parameters"].items():
                yield f"{file}: {key}", record


@pytest.mark.slow
def test_what_is_derived_of_shipped_data_is_made_by_a_calibration():
    sources = read_sources(PARAMETERS, [])
    lacking = [
        name
        for name, record in _records()
        if record["basis"] == "derived"
        and sources[record["source"]].shipped
        and "estimate" not in record
        and "computed" not in record
    ]
    assert lacking == []


def test_shipped_tables_of_sources_are_there():
    named = {f for source in read_sources(PARAMETERS, []).values() for f in source.shipped}
    assert named
    assert [f for f in sorted(named) if not (PARAMETERS / f).is_file()] == []


def test_parts_name_their_tables_and_run_after_what_they_read():
    found = parts()
    order = list(found)
    for name, part in found.items():
        assert part.inputs, name
        assert all(order.index(before) < order.index(name) for before in part.after), name
    refuse_missing(ROOT, found.values())


@pytest.fixture(scope="module")
def made() -> list[Change]:
    return [change for part in parts().values() for change in changes(ROOT, part)]


@pytest.mark.slow
def test_records_that_say_they_are_estimated_are_written_by_the_part_they_name(made: list[Change]):
    said = {name: record["estimate"]["part"] for name, record in _records() if "estimate" in record}
    assert said == {change.name: change.part for change in made}


@pytest.mark.slow
def test_the_shipped_records_are_what_the_shipped_data_give(made: list[Change]):
    assert [(c.name, c.old, c.new) for c in made if c.is_new] == []


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("parameters", "experiments"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEALTHPLAN_LANG", "en")
    return tmp_path


def _scaled(path: Path, column: str, by: float, **where: str) -> None:
    rows = read_rows(path)
    touched = [row for row in rows if all(row[k] == v for k, v in where.items()) and row[column]]
    assert touched
    for row in touched:
        row[column] = str(float(row[column]) * by)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _moved(root: Path, part: str) -> dict[str, Change]:
    return {c.name: c for c in changes(root, parts()[part]) if c.is_new}


@pytest.mark.slow
def test_births_of_a_region_move_its_own_fertility_alone(copy: Path):
    """Anyang's births of 2024 ten per cent up: its ratio follows by the trust in them."""
    path = copy / "parameters/regions/410500_anyang/observed.csv"
    _scaled(path, "value", 1.1, year="2024", indicator="births")
    moved = _moved(copy, "region_people")
    assert {name.split("/")[1] for name in moved if "tfr_ratio" in name} >= {"410500_anyang"}
    change = moved["regions/410500_anyang/fertility.yaml: tfr_ratio"]
    ratio = {y: change.new["path"][y] / v for y, v in change.old["path"].items()}
    assert ratio[2024] == pytest.approx(1.1**0.8, rel=2e-3)
    assert ratio[2023] == pytest.approx(1.0, abs=2e-3)
    own = [n for n in moved if "410500" not in n]
    assert all(moved[n].new.get("path") == moved[n].old.get("path") for n in own)  # others' errors alone


@pytest.mark.slow
def test_a_total_moves_the_net_migration_of_its_region(copy: Path):
    path = copy / "parameters/regions/410500_anyang/observed.csv"
    _scaled(path, "value", 1.01, year="2024", indicator="population_total")
    change = _moved(copy, "region_people")["regions/410500_anyang/migration.yaml: level"]
    more = change.new["path"][2024] - change.old["path"][2024]
    assert more == pytest.approx(0.01 * 5_394_000 / 4, rel=0.06)  # over four years, weighted by its variance


@pytest.mark.slow
def test_deaths_of_the_nation_move_what_is_published_of_their_year(copy: Path):
    path = copy / "parameters/regions/000000_china/observed.csv"
    _scaled(path, "value", 0.9, year="2024", indicator="deaths")
    moved = _moved(copy, "deaths_level")
    assert list(moved) == ["national/observation.yaml: deaths_level"]
    change = moved["national/observation.yaml: deaths_level"]
    ratio = {y: change.new["path"][y] / v for y, v in change.old["path"].items()}
    assert ratio.pop(2024) == pytest.approx(0.9, rel=2e-3)
    assert set(ratio.values()) == {1.0}


@pytest.mark.slow
def test_births_of_the_nation_move_its_total_fertility(copy: Path):
    path = copy / "parameters/regions/000000_china/observed.csv"
    _scaled(path, "value", 1.1, year="2025", indicator="births")
    change = _moved(copy, "nation_births")["national/fertility.yaml: tfr_counted"]
    assert change.new["values"][2025] / change.old["values"][2025] == pytest.approx(1.1, rel=0.01)
    assert change.new["values"][2024] == change.old["values"][2024]


@pytest.mark.slow
def test_admissions_counted_move_the_level_of_their_year(copy: Path):
    _scaled(
        copy / "parameters/observed_use.csv",
        "value",
        1.1,
        region="000000",
        year="2025",
        scope="all",
        indicator="admissions",
    )
    moved = _moved(copy, "use_levels")
    change = moved["national/inpatient.yaml: admission_level"]
    assert change.new["path"][2025] / change.old["path"][2025] == pytest.approx(1.1, abs=0.02)
    assert change.new["path"][2019] == change.old["path"][2019]
    assert "national/outpatient.yaml: visit_level" not in moved


def test_a_table_that_is_not_there_is_refused_by_name(copy: Path):
    (copy / "parameters/series/deaths_30_69.csv").unlink()
    with pytest.raises(ConfigError, match=r"deaths_30_69.csv \| no such file \| premature_pace"):
        refuse_missing(copy, parts().values())
    done = CliRunner().invoke(cli, ["calibrate", "--check"])
    assert isinstance(done.exception, ConfigError)
    assert str(copy) in str(done.exception)


def test_the_list_names_every_part_and_its_tables():
    done = CliRunner().invoke(cli, ["calibrate", "--list"])
    assert done.exit_code == 0
    for name, part in parts().items():
        assert name in done.output
        assert part.inputs[0] in done.output
