from __future__ import annotations

import csv

import pytest

from sim.errors import PlanError
from sim.plan import load_plan, plan_summary, question_table
from sim.plan.summary import indicator_tests
from sim.schema import RESOURCES, VARIABLES

TESTS = {"ratio", "count", "coverage", "share", "outcome", "demography", "none"}


def test_every_indicator_has_a_test_or_a_reason(root):
    rows = list(csv.DictReader((root / "plans/indicator_tests.csv").open(encoding="utf-8")))
    assert len({r["indicator_id"] for r in rows}) == 400
    for row in rows:
        assert row["test"] in TESTS
        assert row["reason_en"]
        assert row["reason_zh"]
        assert bool(row["variable"]) == (row["test"] != "none"), row
        assert 1 <= int(row["question"]) <= 35


def test_tests_name_variables_of_the_schema(root):
    """Series outside the schema are few and known; what they wait for is said in adequacy."""
    outside = {"community_health_centres", "alos", "bed_occupancy"}
    derived = {"natural_increase", "population_increase", "population_group"}
    known = {*RESOURCES, *VARIABLES, *outside, *derived}
    for name, row in indicator_tests(root).items():
        for term in row["variable"].split("/") if row["variable"] else ():
            assert term.partition(".")[0] in known, name


def test_ratios_keep_a_population_basis(root):
    tests = indicator_tests(root)
    for name, row in tests.items():
        if row["test"] == "ratio":
            assert row["basis"], name


def test_tested_and_declined_cover_every_aim(root):
    summary = {row["plan"]: row for row in plan_summary(root)}
    assert sum(int(r["statements"]) for r in summary.values()) == 765
    assert sum(int(r["standards"]) for r in summary.values()) == 90
    for row in summary.values():
        assert int(row["tested"]) + int(row["declined"]) == int(row["with_aim"])
    anyang = load_plan(root, "anyang_14fyp")
    aims = {i.id for i in anyang.indicators if i.kind in ("target", "standard")}
    assert summary["anyang_14fyp"]["with_aim"] == len(aims)


def test_answerable_questions_with_a_figure_are_not_left_open(root):
    table = {row["question"]: row for row in question_table(root)}
    assert len(table) == 35
    assert "beds_per_1000" in table["1"]["anyang_14fyp"]
    assert "childcare_slots_per_1000" in table["7"]["anyang_14fyp"]
    assert "rule:township_hc" in table["21"]["nanyang_13fyp"]
    assert table["34"]["nanyang_13fyp"] == "raised"
    assert table["13"]["zhengzhou_13fyp"] == ""


def test_a_lost_indicator_is_named(copied):
    path = copied / "plans" / "indicator_tests.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("beds_per_1000,"))
    path.write_text(text.replace("tfr,", "tfrr,", 1), encoding="utf-8")
    with pytest.raises(PlanError) as refusal:
        indicator_tests(copied)
    assert "unknown indicator 'tfrr' | did you mean 'tfr'?" in str(refusal.value)
    assert "no row for indicator 'beds_per_1000' | add it" in str(refusal.value)
