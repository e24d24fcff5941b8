from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import PlanError
from sim.plan import list_plans, load_plan
from sim.plan.vocabulary import load_vocabulary

REGIONS = {
    "anyang_14fyp": ("410500", 228, 40),
    "longhu_13fyp": ("440507", 170, 17),
    "nanyang_13fyp": ("411300", 140, 14),
    "xinxiang_14fyp": ("410700", 87, 7),
    "zhengzhou_13fyp": ("410100", 140, 12),
}
Change = Callable[..., Path]


def test_all_five_plans_are_whole(root):
    assert list_plans(root) == sorted(REGIONS)
    for name, (region, statements, rules) in REGIONS.items():
        plan = load_plan(root, name)
        assert (plan.region, len(plan.indicators), len(plan.standards)) == (
            region,
            statements,
            rules,
        )
    assert len(load_vocabulary(root).indicators) == 407


def test_the_folder_of_plans_is_a_root_too(root):
    assert list_plans(root / "plans") == list_plans(root)


def test_statement_keeps_place_and_converts_units(root):
    plan = load_plan(root, "anyang_14fyp")
    beds = plan.rows("beds_per_1000", "target")[0]
    assert (beds.value, beds.fraction, beds.line) == (5.76, pytest.approx(0.00576), 37)
    assert beds.population_basis == "unstated"
    assert (beds.figure.low, beds.figure.high) == (pytest.approx(5.755), pytest.approx(5.765))
    gps = plan.rows("gps_per_10000", "target")[0]
    assert (gps.fraction, gps.binding) == (pytest.approx(3.93e-4), "binding")
    depots = plan.rows("county_hospitals_to_tertiary")[0]
    assert (depots.value, depots.value_high) == (5, 6)
    assert [i.value for i in plan.rows("life_expectancy") if i.year == "2035"] == [None]


def test_unknown_plan_names_the_nearest(root):
    with pytest.raises(PlanError, match=r"unknown plan 'anyang' \| did you mean 'anyang_14fyp'"):
        load_plan(root, "anyang")


BEDS = {"indicator_id": "beds_per_1000", "kind": "target"}
GPS = {"indicator_id": "gps_per_10000", "kind": "target"}


@pytest.mark.parametrize(
    ("where", "cells", "message"),
    [
        (BEDS, {"indicator_id": "bed_per_1000"}, "unknown indicator 'bed_per_1000' | did you mean"),
        (BEDS, {"unit": "per 100"}, "unknown unit 'per 100' | did you mean 'per 1000'?"),
        (BEDS, {"population_basis": "residents"}, "unknown population basis 'residents' | did you"),
        (BEDS, {"operator": "=>"}, "operator '=>' is unknown | one of =, >=, <=, >, <, change"),
        (BEDS, {"kind": "goal"}, "kind 'goal' is unknown | one of baseline, target"),
        (BEDS, {"binding": "must"}, "binding 'must' is unknown | binding, expected"),
        (BEDS, {"value": "5,76"}, "value '5,76' is not a number or a range | write 4.5 or 5-6"),
        (BEDS, {"value": "nan"}, "value 'nan' is not a number"),
        (BEDS, {"value": "6-5"}, "range '6-5' falls | write 5-6"),
        (BEDS, {"value": "", "note": ""}, "has no value and no note | say in the note"),
        (BEDS, {"value": "57.6"}, "is not plausible | between 1 and 15 per 1000"),
        (BEDS, {"value": "57.6"}, "is 5.76 per 1000 meant?"),
        (GPS, {"unit": "per 1000"}, "gps_per_10000 is given per 1000 | give it per 10000"),
        (GPS, {"value": "39.3"}, "is 3.93 per 10000 meant?"),
        (GPS, {"value": "0.21"}, "times the baseline | check the unit: per 1000 and per 10000"),
        (BEDS, {"year": "2019"}, "target year 2019 is not after its baseline year | write a year"),
        (BEDS, {"year": "25"}, "year '25' is not a year | write 2025 or 2021-2025"),
        (BEDS, {"line": "p. 3"}, "line 'p. 3' is not a number"),
        (
            {"indicator_id": "childcare_affordable_share"},
            {"value": "750"},
            "750 % is not a share | a share lies between 0 and 100",
        ),
    ],
)
def test_a_wrong_row_is_refused_by_place_value_and_remedy(
    change: Change, where: dict[str, str], cells: dict[str, str], message: str
):
    root = change(where, **cells)
    with pytest.raises(PlanError) as refusal:
        load_plan(root, "anyang_14fyp")
    assert message in str(refusal.value)
    assert "indicators.csv:" in str(refusal.value)


def test_per_1000_written_as_per_10000_is_seen_against_the_baseline(change: Change):
    root = change(GPS, value="0.393")  # 3.93 per 10000, written in per 1000
    with pytest.raises(PlanError) as refusal:
        load_plan(root, "anyang_14fyp")
    text = "target 0.393 per 10000 is 0.18 times the baseline | check the unit: per 1000 and per"
    assert text in str(refusal.value)


def test_repeated_rows_and_shares_are_refused_together(copied: Path):
    path = copied / "plans" / "anyang_14fyp" / "indicators.csv"
    rows = list(csv.reader(path.open(encoding="utf-8")))
    share = ["baseline", "2020", "=", "", "%", "", "", "all", "sec 9", "9", ""]
    both = [("beds_hospitals_share", "86"), ("beds_primary_share", "24")]
    extra = [[name, *share[:3], value, *share[4:]] for name, value in both]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([*rows, rows[1], *extra])
    with pytest.raises(PlanError) as refusal:
        load_plan(copied, "anyang_14fyp")
    text = str(refusal.value)
    assert "life_expectancy (baseline 2020) stands twice, first on row 2 | keep one" in text
    assert "shares of 'beds by level' add up to 110 % | 100 %: beds_hospitals_share" in text
    assert len(text.splitlines()) == 2


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"input": ""}, "a rule of type per_capita has no input | name one: pop"),
        ({"input": "pop_residents"}, "input 'pop_residents' is unknown | did you mean 'pop_reside"),
        ({"rule_type": "per_head"}, "rule_type 'per_head' is unknown"),
        ({"value": ""}, "beds_total_ratio: value '' is not a number | a rule needs its number"),
        ({"value": "576"}, "is not plausible | between 1 and 15 per 1000"),
        ({"rule_type": "growth"}, "base_indicator '' has no baseline | name the indicator"),
    ],
)
def test_a_wrong_rule_is_refused(change: Change, cells: dict[str, str], message: str):
    root = change({"standard_id": "beds_total_ratio"}, table="standards.csv", **cells)
    with pytest.raises(PlanError) as refusal:
        load_plan(root, "anyang_14fyp")
    assert message in str(refusal.value)
    assert "standards.csv:" in str(refusal.value)


def test_a_wrong_head_lists_every_fault(copied: Path):
    path = copied / "plans" / "anyang_14fyp" / "plan.yaml"
    text = path.read_text(encoding="utf-8").replace("target_year: 2025", "target_year: 2019")
    path.write_text(text.replace("status: draft", "status: old"), encoding="utf-8")
    with pytest.raises(PlanError) as refusal:
        load_plan(copied, "anyang_14fyp")
    assert "plan.yaml: status | 'old' | write 'draft' or 'issued'" in str(refusal.value)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match="target_year 2019 is not after base_year 2020"):
        load_plan(copied, "anyang_14fyp")
    path.write_text(text + "colour: red\n", encoding="utf-8")
    with pytest.raises(PlanError, match=r"plan.yaml: colour \| unknown key"):
        load_plan(copied, "anyang_14fyp")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("plan", 'region: "410500"', "region: 410500", "plan.yaml: region | 410500 | six digits in quotes"),
        (
            "plan",
            "period: [2021, 2025]",
            "period: 2021",
            "period | 2021 | write a list, such as [2021, 2025]",
        ),
        ("plan", "period: [2021, 2025]", "period: [2025, 2021]", "period [2025, 2021] ends before it begins"),
        ("plan", "base_year: 2020", "base_year: soon", "base_year | 'soon' | write a whole number"),
        ("plan", "base_year: 2020\n", "", "base_year | is missing | add it"),
        ("plan", "name: {zh:", "name: {cn:", "name.zh | is missing | add it"),
        ("plan", "schema: 1", "schema: 2", "plan.yaml: schema | 2 is no version | write 1"),
        ("plan", "id: anyang_14fyp", "id: anyang", "id 'anyang' | write the folder's name, anyang_14fyp"),
        ("relations", "relations:", "relation:", "relation | unknown key | did you mean 'relations'?"),
        (
            "relations",
            "schema: 1",
            "schema: 1\ncites: nanyang_13fyp",
            "cites | 'nanyang_13fyp' | write a list",
        ),
        ("relations", "population: {count:", "population: {counts:", "population.count | is missing"),
        (
            "relations",
            "  - {check: small numbers,",
            "  - small numbers\n  - {check: small numbers,",
            "relations.0",
        ),
    ],
)
def test_a_wrong_key_is_named_with_its_file_value_and_remedy(
    copied: Path, file: str, old: str, new: str, message: str
):
    path = copied / "plans" / "anyang_14fyp" / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PlanError) as refusal:
        load_plan(copied, "anyang_14fyp")
    assert message in str(refusal.value)
    assert f"{file}.yaml" in str(refusal.value)


def test_a_missing_column_is_a_fault_of_the_plan(copied: Path):
    path = copied / "plans" / "anyang_14fyp" / "indicators.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("population_basis", "denominator", 1), encoding="utf-8")
    with pytest.raises(PlanError, match="column 'population_basis' is missing"):
        load_plan(copied, "anyang_14fyp")
