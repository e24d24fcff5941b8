"""`parameters/` is a Frictionless data package; its description is fresh, and wrong cells are found by it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from paths import ROOT
from working_folder import Outcome

from sim.commands.datapackage import FILE, data_package, write_data_package

frictionless = pytest.importorskip("frictionless")


@pytest.fixture(scope="module")
def package() -> Mapping[str, Any]:
    """The description as it would be written now."""
    return data_package(ROOT / "parameters")


@pytest.mark.slow
def test_the_description_in_the_repository_is_fresh(package: Mapping[str, Any]) -> None:
    """Where it is not: `healthplan datapackage`."""
    stored = json.loads((ROOT / "parameters" / FILE).read_text(encoding="utf-8"))
    assert stored == package, "run `healthplan datapackage`"


@pytest.mark.slow
def test_frictionless_validates_it(package: Mapping[str, Any]) -> None:
    report = frictionless.validate(str(ROOT / "parameters" / FILE))
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "type", "note"])[:20]
    assert report.stats["tasks"] == len(package["resources"])


@pytest.mark.slow
def test_a_table_says_what_it_holds_and_where_from(package: Mapping[str, Any]) -> None:
    found = {r["path"]: r for r in package["resources"]}
    table = found["national/admission_rate.csv"]
    assert table["title"] == "Admissions other than obstetric by age and sex / 非产科住院率（分年龄、性别）"
    assert table["description"].startswith("unit: per 100 person-years; quality D")
    assert table["sources"][0]["title"]
    types = {f["name"]: f["type"] for f in table["schema"]["fields"]}
    assert types == {"sex": "string", "age_start": "integer", "age_end": "integer", "value": "number"}
    codes = {f["name"]: f["type"] for f in found["places/places.csv"]["schema"]["fields"]}
    assert codes["code"] == "string"


@pytest.mark.slow
def test_a_cell_that_is_no_number_is_found(tmp_path: Path, cli: Callable[..., Outcome]) -> None:
    root = tmp_path / "parameters"
    (root / "national").mkdir(parents=True)
    for name in ("inpatient.yaml", "admission_rate.csv"):
        shutil.copy(ROOT / "parameters" / "national" / name, root / "national" / name)
    shutil.copytree(ROOT / "parameters" / "sources", root / "sources")
    assert cli("datapackage", cwd=tmp_path).out.strip() == str(root / FILE)
    assert frictionless.validate(str(root / FILE)).valid
    table = root / "national" / "admission_rate.csv"
    first, second, rest = table.read_text(encoding="utf-8").split("\n", 2)
    table.write_text("\n".join([first, second.rpartition(",")[0] + ",many", rest]), encoding="utf-8")
    report = frictionless.validate(str(root / FILE))
    assert [error.type for error in report.tasks[0].errors] == ["type-error"]


@pytest.mark.slow
def test_writing_twice_gives_the_same_bytes(damaged: Path) -> None:
    first = write_data_package(damaged).read_bytes()
    assert write_data_package(damaged).read_bytes() == first
