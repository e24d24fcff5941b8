"""What a run was given, as tables of its folder."""

from pathlib import Path

import pytest
from paths import ROOT, read_rows

from sim.intact import fingerprints
from sim.run.given import COLUMNS, parameter_rows, write_given
from sim.run.setup import set_up

EXPERIMENT = ROOT / "experiments" / "anyang_14fyp.yaml"
ALOS = "inpatient.rehabilitation_alos"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    return list(parameter_rows(set_up(EXPERIMENT)))


def test_every_parameter_once_and_of_other_scenarios_what_they_change(rows):
    setup = set_up(EXPERIMENT)
    first = [r["parameter"] for r in rows if r["scenario"] == "reference"]
    assert first == sorted(setup.parameters["reference", "410500"])
    others = {(r["scenario"], r["parameter"]) for r in rows if r["scenario"] != "reference"}
    assert others == {
        ("low_fertility", "fertility.tfr_change"),
        ("high_fertility", "fertility.tfr_change"),
        ("three_child", "fertility.three_child_quantum"),
        ("three_child", "fertility.three_child_start"),
    }
    assert all(set(row) == set(COLUMNS) for row in rows)


def test_ranges_stand_around_their_value(rows):
    ends = [r for r in rows if r["low"] and r["scale"] == "value" and ".." not in str(r["value"])]
    single = [r for r in ends if ":" not in str(r["value"])]
    assert len(single) > 100
    for row in single:
        low, value, high = (float(str(row[c])) for c in ("low", "value", "high"))
        assert low <= high, row["parameter"]
        assert low - 0.35 * abs(value) <= value <= high + 0.35 * abs(value), row["parameter"]


def test_a_setting_changes_value_and_fingerprint_of_its_parameter_alone(rows):
    new = parameter_rows(set_up(EXPERIMENT, settings=[(ALOS, 12.0)]))
    changed = {str(r["parameter"]): r for r in new if r["scenario"] == "reference"}
    before = {str(r["parameter"]): r for r in rows if r["scenario"] == "reference"}
    moved = {n for n, r in before.items() if changed[n]["hash"] != r["hash"]}
    assert moved == {ALOS}
    assert (before[ALOS]["value"], changed[ALOS]["value"]) == ("18", "12")
    assert "18 -> 12" in str(changed[ALOS]["changed"])


def test_each_source_has_its_title_and_evidence_its_kind(rows):
    assert all(r["title_en"] and r["title_zh"] for r in rows)
    by_name = {r["parameter"]: r["evidence"] for r in rows}
    assert by_name["supply.beds_base"] == "counted_here"
    assert by_name["mortality.e0_path_error"] == "derived"


def test_audit_of_the_plan_is_written_and_an_edited_file_is_told(tmp_path: Path):
    write_given(set_up(EXPERIMENT), tmp_path)
    assert any(r["verdict"] == "inconsistent" for r in read_rows(tmp_path / "audit.csv"))
    before = fingerprints(tmp_path, ["audit.csv", "absent.csv"])
    assert list(before) == ["audit.csv"]
    with (tmp_path / "audit.csv").open("a") as file:
        file.write("x\n")
    assert fingerprints(tmp_path, ["audit.csv"]) != before


def test_a_copied_experiment_tells_the_same_parameters(rows, tmp_path: Path):
    """Neither the figures nor their hashes follow the name or the folder of the file."""
    (tmp_path / "parameters").symlink_to(ROOT / "parameters")
    copy = tmp_path / "experiments" / "of_a_colleague.yaml"
    copy.parent.mkdir()
    copy.write_text(EXPERIMENT.read_text(encoding="utf-8"), encoding="utf-8")
    assert list(parameter_rows(set_up(copy))) == rows
