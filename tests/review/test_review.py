"""A mid-term review: the counts move their own rows, parts add up, bands of a table and a workbook."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import openpyxl
import pytest
from made_series import RISE, reading, series, target
from working_folder import Outcome, make_workspace, run_cli

from sim.adequacy.case import Case
from sim.plan.targets import Stated
from sim.review import review
from sim.review.row import _pace
from sim.review.standings import Held, path
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
def test_what_a_run_does_not_claim_of_a_stock_a_review_does_not(reviewed: tuple[Path, Outcome]):
    """Reached is said where the run says it, and where the stock was counted since."""
    folder, _ = reviewed
    ran = {(r["indicator_id"], r["unit"]): r for r in rows(folder, "adequacy.csv") if r["target"]}
    blank = 0
    for told in rows(folder, "review.csv"):
        run = ran.get((told["indicator_id"], told["unit"]))
        if run is None or not run["p_enough"]:
            continue
        assert bool(told["p_reached_before"]) == bool(run["p_reached"]), told["indicator_id"]
        blank += not told["p_reached"]
        assert told["of"] != "p_reached" or told["p_reached"], told["indicator_id"]
    assert blank


@pytest.mark.slow
def test_no_draws_make_a_probability_of_a_hundred(reviewed: tuple[Path, Outcome]):
    folder, said = reviewed
    sure = [r for r in rows(folder, "review.csv") if "1" in (r["p_enough"], r["p_reached"])]
    assert sure
    assert "100%" not in said.out
    assert "0%" not in said.out.replace("10%", "").split()
    book = openpyxl.load_workbook(folder / "review.xlsx")
    shown = [
        cell.number_format
        for line in book.worksheets[0].iter_rows(min_row=2)
        for cell in line
        if "%" in cell.number_format and cell.value in (0, 1)
    ]
    assert shown
    assert all("≥" in look for look in shown)


def test_a_plan_has_no_way_before_it_begins():
    """Before the plan's base year nothing is asked; in it, what there is; later, part of the way."""
    there = reading(series("daly", by_year=[10, 12, 15]))
    asked = target(test="outcome", variable="daly", group="", goal=4.0, factor=1.0, basis="", sense="<=")
    case = cast(Case, SimpleNamespace(reading=there, measures=there.measures))

    def way(since: int, year: int, due: int = 2030) -> float | None:
        one = replace(asked, year=due, since=since)
        stated = SimpleNamespace(statement=SimpleNamespace(baseline=None))
        return path(case, Held(cast(Stated, stated), one, ""), year)

    assert way(2025, 2020) is None
    assert way(2025, 2025) == pytest.approx(12 * np.median(RISE[1:]))
    assert way(2020, 2025) == pytest.approx((10 * np.median(RISE[1:]) + 4.0) / 2)


def test_what_the_plan_would_print_alike_is_on_its_path():
    one = cast(Held, SimpleNamespace(target=replace(target(), step=0.5, sense=">=")))
    assert _pace(one, 275.6, 276.4) == "on_path"
    assert (_pace(one, 275.4, 276.4), _pace(one, 276.6, 275.4)) == ("ahead", "behind")


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
