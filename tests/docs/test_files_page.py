"""The examples of docs/files.md are what the readers take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from paths import ROOT

from sim.config.experiment import Experiment
from sim.params.record import Record

PAGE = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
BLOCKS = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def test_the_example_of_an_experiment_is_one_and_shows_every_key() -> None:
    example = next(block for block in BLOCKS if "regions" in block)
    read = Experiment.model_validate(example)
    assert read.plan == "anyang_14fyp"
    known = {field.alias or name for name, field in Experiment.model_fields.items()}
    assert set(example) == known
    assert (ROOT / "parameters" / "plans" / read.plan).is_dir()


def test_the_example_of_a_parameter_is_a_record() -> None:
    example = next(block for block in BLOCKS if "parameters" in block and "regions" not in block)
    for record in example["parameters"].values():
        read = Record.model_validate(record)
        assert read.range is not None


def test_every_way_to_state_values_is_told() -> None:
    ways = {"value", "values", "path", "computed", "table"}
    assert ways <= set(Record.model_fields)
    (line,) = (text for text in PAGE.splitlines() if text.startswith("Give exactly one of "))
    said = re.findall(r"`(\w+)`", line.split(" (a CSV")[0])
    assert set(said) - {"dims"} == ways


@pytest.mark.slow
def test_each_file_of_a_run_folder_is_listed(small_run: Path) -> None:
    listed = (ROOT / "outputs" / "README.md").read_text(encoding="utf-8")
    names = {cell for line in listed.splitlines() if line.startswith("| ") for cell in _files(line)}
    left = [
        p.name
        for p in small_run.iterdir()
        if p.is_file() and not p.name.startswith(("hospital_", "discover_"))
    ]
    assert sorted(set(left) - names) == []


def _files(line: str) -> list[str]:
    return [name.strip() for name in line.strip("|").split("|")[0].split(",")]
