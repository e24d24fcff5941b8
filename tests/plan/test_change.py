"""Targets written as a change, and printed ranges: the level that they come to, by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from paths import ROOT

from sim.errors import PlanError
from sim.plan import load_plan
from sim.plan.targets import Target, stated_targets
from sim.plan.tests import load_rules

DOCTORS = {"indicator_id": "doctors_per_1000", "kind": "target", "binding": "expected"}  # 2.98 in 2020
DEATHS = {"indicator_id": "infant_mortality", "kind": "target", "binding": "expected"}  # 2.4 in 2020
SLOTS = {"indicator_id": "childcare_slots_per_1000", "kind": "target"}
Change = Callable[..., Path]


def target_of(root: Path, where: dict[str, str]) -> Target:
    """The target that a row of the copied plan sets."""
    for stated in stated_targets(load_plan(root, "anyang_14fyp"), load_rules(ROOT), ()):
        row = stated.statement.row
        if row.id == where["indicator_id"] and row.binding == where.get("binding", row.binding):
            assert stated.target is not None
            return stated.target
    raise AssertionError(where)


@pytest.mark.parametrize(
    ("cells", "level"),
    [
        ({"value": "30", "unit": "%"}, 2.98 * 1.3),
        ({"value": "-10", "unit": "%"}, 2.98 * 0.9),
        ({"value": "4", "unit": "% per year"}, 2.98 * 1.04**5),
        ({"value": "4", "unit": "% per year", "year": "2021-2025"}, 2.98 * 1.04**5),
        ({"value": "4", "unit": "% per year", "year": "2023"}, 2.98 * 1.04**3),
        ({"value": "0.6"}, 2.98 + 0.6),
        ({"value": "6", "unit": "per 10000"}, 2.98 + 0.6),
    ],
)
def test_a_change_comes_to_its_level_from_the_baseline(change: Change, cells: dict[str, str], level: float):
    found = target_of(change(DOCTORS, operator="change", **cells), DOCTORS)
    assert found.goal == pytest.approx(level / 1000)
    assert (found.unit, found.growth) == ("per 1000", False)


def test_points_a_year_add_up_over_the_years(change: Change):
    """From 50 %, two points a year from 2020 to 2025: 60 %."""
    root = change(
        {"indicator_id": "hypertension_mgmt_rate"}, kind="baseline", value="50", operator="=", year="2020"
    )
    root = change(
        {"indicator_id": "diabetes_mgmt_rate", "kind": "target"},
        indicator_id="hypertension_mgmt_rate",
        operator="change",
        value="2",
        unit="percentage points per year",
        population_basis="patients",
    )
    found = target_of(root, {"indicator_id": "hypertension_mgmt_rate"})
    assert found.goal == pytest.approx(0.6)
    assert found.unit == "%"


def test_rare_deaths_stay_rare_where_their_target_is_a_change(change: Change):
    """Half of 2.4 per 1000 live births is a rate of births, whose chance is counted."""
    found = target_of(change(DEATHS, operator="change", value="-50", unit="%"), DEATHS)
    assert found.goal == pytest.approx(1.2e-3)
    assert found.unit == "per 1000 live births"


def test_of_a_printed_range_the_end_binds_that_the_operator_means(change: Change):
    """At most 4-5 is met at 5, at least 3.2-3.6 at 3.2; rounding hides half of the last digit."""
    cap = target_of(change(DEATHS, value="4-5"), DEATHS)
    assert (cap.sense, cap.goal, cap.step) == ("<=", pytest.approx(5e-3), 0.5)
    floor = target_of(change(DOCTORS, value="3.2-3.6"), DOCTORS)
    assert (floor.sense, floor.goal, floor.step) == (">=", pytest.approx(3.2e-3), pytest.approx(0.05))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"value": "0.6", "unit": "percentage points"},
            "a change of 0.6 percentage points, its baseline 2.98 is per 1000 | give the change in per 1000",
        ),
        (
            {"value": "-150", "unit": "%"},
            "a change of -150 % takes 2.98 to -1.49 per 1000 | check the figure",
        ),
        ({"value": "3000", "unit": "%"}, "takes 2.98 to 92.38 per 1000"),
        ({"value": "60", "unit": "persons"}, "give the change in per 1000, or in %"),
    ],
)
def test_a_change_that_cannot_be_made_to_its_baseline_is_refused(
    change: Change, cells: dict[str, str], message: str
):
    root = change(DOCTORS, operator="change", **cells)
    with pytest.raises(PlanError) as refusal:
        load_plan(root, "anyang_14fyp")
    assert message in str(refusal.value)


def test_a_rule_of_growth_is_of_the_whole_period(change: Change):
    root = change({"standard_id": "ph_staff_growth"}, table="standards.csv", unit="% per year")
    with pytest.raises(PlanError, match=r"a growth in '% per year' \| write the growth over the whole"):
        load_plan(root, "anyang_14fyp")


@pytest.mark.parametrize("table", ["indicators.csv", "standards.csv"])
@pytest.mark.parametrize("line", ["11²", "3①", ""])
def test_a_line_with_the_mark_of_a_note_is_refused(change: Change, table: str, line: str):
    root = change({"indicator_id": "gps_per_10000"}, table=table, line=line)
    with pytest.raises(PlanError, match=f"{table}:.*line '{line}' is not a number"):
        load_plan(root, "anyang_14fyp")
