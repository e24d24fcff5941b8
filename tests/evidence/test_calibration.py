"""Calibration: the shipped records are what the shipped data give; files change record by record."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from paths import ROOT

from sim.cli import cli
from sim.errors import ParameterError
from sim.evidence.calibration import Estimate, Part, changes, write

YAML = """schema: 1
parameters:
  # a word before
  first:
    name: {en: First, zh: 一}
    unit: per year
    value: 0.01
    year: 2020
    source: nbs_series
    basis: measured
    quality: A
  second:
    name: {en: Second, zh: 二}
    unit: per year
    value: 0.02   # kept
    year: 2020
    source: nbs_series
    basis: measured
    quality: A
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "parameters"
    shutil.copytree(ROOT / "parameters/sources", folder / "sources")
    (folder / "national").mkdir()
    (folder / "national/growth.yaml").write_text(YAML, encoding="utf-8")
    return tmp_path


def _part(**fields: object) -> Part:
    estimate = Estimate("national/growth.yaml", "first", fields, 7, "a mean")
    return Part("made", "for this test", lambda root: [estimate])


def test_one_record_changes_and_the_rest_stays_byte_for_byte(small: Path):
    spread = {"distribution": "normal", "low": 0.0, "high": 0.06, "scale": "value"}
    (path,) = write(small, changes(small, _part(value=0.03, range=spread)))
    text = path.read_text("utf-8")
    assert text.startswith("schema: 1\nparameters:\n  # a word before\n  first:\n")
    assert text.endswith(YAML[YAML.index("  second:") :])
    assert "value: 0.03" in text
    assert "estimate: {part: made, n: 7, method: a mean}" in text
    assert not any(c.is_new for c in changes(small, _part(value=0.03, range=spread)))


def test_another_form_takes_the_place_of_a_value(small: Path):
    write(small, changes(small, _part(path={2020: 0.03, 2022: 0.02})))
    text = (small / "parameters/national/growth.yaml").read_text("utf-8")
    assert text.count("value: ") == 1
    assert "path: {2020: 0.03, 2022: 0.02}" in text


def test_a_record_that_would_not_be_read_leaves_the_file_as_it_was(small: Path):
    with pytest.raises(ParameterError, match="'no_source' is not listed"):
        write(small, changes(small, _part(value=0.03, source="no_source")))
    assert (small / "parameters/national/growth.yaml").read_text("utf-8") == YAML


def test_a_record_that_is_not_there_is_refused_by_name(small: Path):
    estimate = Estimate("national/growth.yaml", "third", {"value": 1.0}, 7, "a mean")
    with pytest.raises(ParameterError, match=r"growth.yaml: third \| no such record"):
        changes(small, Part("made", "for this test", lambda root: [estimate]))


@pytest.mark.slow
def test_check_writes_nothing_and_says_what_would_change(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    shutil.copytree(ROOT / "experiments", tmp_path / "experiments")
    path = tmp_path / "parameters/provinces/410000_henan/supply.yaml"
    shipped = path.read_text("utf-8")
    path.write_text(shipped.replace("value: -0.05", "value: -0.09"), encoding="utf-8")
    before = path.read_bytes()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEALTHPLAN_LANG", "en")
    done = CliRunner().invoke(cli, ["calibrate", "own_trends", "--check"])
    assert (done.exit_code, path.read_bytes()) == (1, before)
    assert "village_doctors_growth" in done.output
    assert "1 records of own_trends: 1 differ" in done.output
    assert CliRunner().invoke(cli, ["calibrate", "own_trends"]).exit_code == 0
    assert path.read_text("utf-8") == shipped
    wrong = CliRunner().invoke(cli, ["calibrate", "own_trend", "--check"])
    assert "own_trends" in str(wrong.exception)
