"""A mid-term review: the counts move their own rows, parts add up, bands of a table and a workbook."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from working_folder import Outcome, make_workspace, run_cli

from sim.review import review
from sim.store import open_run

KNOWN = """\
indicator,year,value,unit,source,quality
population_65,2023,84.5,万人,made up,A
doctors,2023,17100,person,made up,A
beds,2023,34800,bed,made up,A
"""
EXPERIMENT = """\
schema: 1
name: mid
regions: ["410500"]
plan: anyang_14fyp
years: {base: 2020, end: 2026}
test_years: []
draws: {n: 15, seed: 7}
"""


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    work = make_workspace(tmp_path_factory.mktemp("review"))
    (work / "experiments" / "mid.yaml").write_text(EXPERIMENT, encoding="utf-8")
    (work / "known.csv").write_text(KNOWN, encoding="utf-8")
    run_cli("run", "experiments/mid.yaml", "--no-charts", "--quiet", "--workers", "1", cwd=work)
    folder = next((work / "outputs" / "mid").glob("2*"))
    return folder, run_cli("review", str(folder), "--known", "known.csv", "--lang", "en", cwd=work)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return [dict(zip(head, line, strict=True)) for head, line in _lines(csv.reader(file))]


def _lines(reader):
    head = next(reader)
    return ((head, line) for line in reader)


def row(folder: Path, indicator: str) -> dict[str, str]:
    return next(r for r in rows(folder, "review.csv") if r["indicator_id"] == indicator)


@pytest.mark.slow
def test_what_was_counted_is_where_the_place_stands(reviewed: tuple[Path, Outcome]):
    folder, said = reviewed
    assert said.code == 0, said.err
    doctors, beds = row(folder, "doctors_per_1000"), row(folder, "beds_per_1000")
    assert doctors["counted"] == "17100 person"
    assert float(doctors["stands"]) == pytest.approx(17100 / 5_448_000 * 1000, rel=0.01)
    assert float(doctors["stands"]) < float(doctors["stands_before"])
    assert doctors["pace"] == "behind"
    assert beds["pace"] == "ahead"
    assert float(doctors["p_reached"]) < float(doctors["p_reached_before"])
    assert row(folder, "gps_per_10000")["counted"] == ""


@pytest.mark.slow
def test_parts_add_up_and_are_those_of_the_counts(reviewed: tuple[Path, Outcome]):
    folder, _ = reviewed
    parts = rows(folder, "review_parts.csv")
    assert {p["by_use"] for p in parts} == {""}  # nothing of use was counted
    for part in parts:
        change = float(part["after"]) - float(part["before"])
        assert float(part["by_people"]) + float(part["by_supply"]) == pytest.approx(
            change, rel=1e-3, abs=1e-4
        )
    doctors = next(p for p in parts if (p["indicator_id"], p["quantity"]) == ("doctors_per_1000", "trend"))
    assert abs(float(doctors["by_supply"])) > 10 * abs(float(doctors["by_people"]))
    need = next(p for p in parts if (p["indicator_id"], p["quantity"]) == ("beds_per_1000", "need"))
    assert float(need["by_people"]) != 0  # other ages need other beds
    assert abs(float(need["by_supply"])) < 1e-9


@pytest.mark.slow
def test_the_table_and_the_workbook_say_the_same(reviewed: tuple[Path, Outcome]):
    folder, said = reviewed
    assert "doctors, 2023" not in said.out.splitlines()[0]
    assert "3 local counts" in said.out
    book = openpyxl.load_workbook(folder / "review.xlsx")
    assert book.sheetnames == ["review", "what moved", "counts"]
    names = [cell.value for cell in book["review"]["A"]]
    assert len(names) == len(rows(folder, "review.csv")) + 1


@pytest.mark.slow
def test_a_year_outside_the_run_and_a_missing_table_are_refused(reviewed: tuple[Path, Outcome]):
    folder, _ = reviewed
    known = folder.parents[2] / "known.csv"
    for argument, said in (("--year=2040", "2040 is outside the run"), ("--scenario=x", "no scenario 'x'")):
        found = run_cli("review", str(folder), "--known", str(known), argument, cwd=folder.parents[2])
        assert (found.code, said in found.err) == (2, True), found.err
    gone = run_cli("review", str(folder), "--known", "gone.csv", cwd=folder.parents[2])
    assert (gone.code, "no such file" in gone.err) == (2, True)


def test_a_run_without_a_plan_is_refused(small_run: Path, tmp_path: Path):
    run = open_run(small_run)
    run.meta["experiment"]["plan"] = None
    with pytest.raises(Exception, match="tests no plan"):
        review(run, tmp_path / "known.csv")
