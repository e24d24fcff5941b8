"""Where no figure of the place enters, nothing is claimed of it: no verdict, chance, year or proposal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from laws.plan_runs import PlanRun

from sim.adequacy import revise
from sim.adequacy.case import Case, stocks_behind
from sim.adequacy.effort import NOT_COUNTED
from sim.adequacy.indicators import case_rows
from sim.adequacy.questions import need_rows
from sim.plan.targets import stated_targets
from sim.saved.row import Row

PATTERN = "national_pattern"
CLAIMS = ("p_enough", "p_enough_mcse", "p_enough_norm", "p_enough_projected", "p_reached", "p_reached_mcse")
SINCE = ("first_short_year", "level_short_year", "on_the_line", "verdict_norm")


def every_row(case: Case) -> Iterator[Row]:
    yield from case_rows(case)
    yield from need_rows([case], [])


def test_a_row_of_the_national_pattern_claims_nothing(run: PlanRun):
    rows = [row for row in every_row(run.case) if row.verdict == PATTERN]
    assert rows
    for row in rows:
        at = row.indicator_id, row.scope, row.year
        assert [getattr(row, name) for name in CLAIMS] == [None] * len(CLAIMS), at
        assert [getattr(row, name) for name in SINCE] == [""] * len(SINCE), at
        assert row.chance is None, at
        assert row.reason, at
        for made in revise.rows_of(run.case.reading, row, (0.8, 0.95)):
            assert made["kind"] == "none", at
            assert made["note"], at
            assert made.get("revised") is None, at
            assert made.get("proposed") is None, at


def test_a_statement_of_the_national_pattern_is_so_in_every_year(run: PlanRun):
    """Also in the years after its target, whether or not anything was stated for them."""
    seen: dict[tuple[str, ...], set[str]] = {}
    for row in case_rows(run.case):
        if row.is_tested:
            seen.setdefault((row.indicator_id, row.scope, row.location, row.unit), set()).add(row.verdict)
    for at, verdicts in seen.items():
        assert PATTERN not in verdicts or verdicts == {PATTERN}, at


def test_the_saved_tables_say_the_same(run: PlanRun):
    for row in run.table("adequacy_detail"):
        if row["verdict"] == PATTERN:
            assert not any(row[name] for name in (*CLAIMS, *SINCE)), row["indicator_id"]
    declined = {
        tuple(row[c] for c in ("indicator_id", "scope", "location", "unit"))
        for row in run.table("adequacy_detail")
        if row["verdict"] == PATTERN
    }
    for row in run.table("revise"):
        if tuple(row[c] for c in ("indicator_id", "scope", "location", "unit")) in declined:
            assert (row["kind"], row["revised"], row["proposed"]) == ("none", "", ""), row["indicator_id"]


def unknown_stocks(case: Case) -> Iterator[tuple[str, str, str]]:
    """Series whose stock no file of the place gives: (indicator, series, group)."""
    for stated in stated_targets(case.plan, case.rules, case.test_years):
        target = stated.target
        if target is not None and target.kind.provides:
            own = {n for n in stocks_behind(target.variable, target.group) if n in case.parameters}
            if not own <= case.local:
                yield target.indicator, target.variable, target.group


def test_no_trend_of_the_nations_stock_reaches_a_target(run: PlanRun):
    """p_reached and what rests on it stand only where the stock was counted here."""
    unknown = set(unknown_stocks(run.case))
    assert unknown or run.case.plan.id in ("nanyang_13fyp", "xinxiang_14fyp")
    rows = list(case_rows(run.case))
    for row in rows:
        if (row.indicator_id, row.variable, row.group) in unknown:
            assert (row.p_reached, row.p_reached_mcse, row.p_enough_projected) == (None,) * 3, (
                row.indicator_id
            )


def test_what_a_target_takes_a_year_starts_from_no_stock_of_the_nation(run: PlanRun):
    unknown = {(indicator, group) for indicator, _, group in unknown_stocks(run.case)}
    built = [r for r in run.table("revise") if r["kind"] in ("build", "recruit")]
    for row in built:
        yearly = [row[c] for c in ("stock_base", "net_per_year", "replacement_per_year", "per_year")]
        if (row["indicator_id"], row["group"]) in unknown:
            assert yearly == [""] * len(yearly), row["indicator_id"]
            if row["p"] != revise.PLAN:
                assert NOT_COUNTED in row["note"], row["indicator_id"]
        elif row["count_p50"] and "base" not in row["note"] and "no known stock" not in row["note"]:
            assert yearly[0], row["indicator_id"]
            assert yearly[3], row["indicator_id"]


def test_the_way_to_a_target_is_not_judged_from_the_nations_stock(run: PlanRun):
    """Before the target year the plan's path rests on a stock that nobody counted here."""
    unknown = set(unknown_stocks(run.case))
    for row in case_rows(run.case):
        if (row.indicator_id, row.variable, row.group) in unknown and row.first_short_year:
            assert int(row.first_short_year) >= row.target_year, row.indicator_id


def test_hours_of_staff_are_no_surplus_of_care(run: PlanRun):
    for row in need_rows([run.case], []):
        if row.variable.startswith("managed_"):
            assert row.verdict in ("short", "tight", "adequate", "no_target"), row.indicator_id


def test_what_a_place_counts_of_its_stock_is_judged(run: PlanRun):
    """The same case with every stock its own: chances come back, and are those of the trend."""
    case = run.case
    stocks = {n for n in case.parameters if n.startswith("supply.") and n.endswith("_base")}
    known = replace(case, local=case.local | stocks)
    lifted = {i: tuple(r for r in rules if not r.falls(stocks, ())) for i, rules in case.special.items()}
    known = replace(known, special=lifted)
    for before, after in zip(every_row(case), every_row(known), strict=True):
        assert before.indicator_id == after.indicator_id
        if before.verdict != after.verdict:
            assert before.verdict == PATTERN, before.indicator_id
        if before.p_reached is not None:
            assert after.p_reached == before.p_reached, before.indicator_id
    found = [row for row in every_row(known) if row.indicator_id.startswith("question_08_care_beds")]
    assert found
    for row in found:
        need, there = (
            run.read(f"care_beds_{side}", "total", row.year) for side in ("required_norm", "projected")
        )
        assert row.p_enough_norm == pytest.approx(np.mean(there >= need))
        assert row.verdict_norm in ("short", "tight", "adequate")


@pytest.mark.parametrize(
    ("text", "group", "stocks"),
    [
        ("beds", "total", ["supply.beds_base"]),
        ("beds", "primary", ["supply.beds_base"]),
        ("beds", "icu", ["supply.icu_beds_base"]),
        ("beds_projected.infectious", "", ["supply.infectious_beds_base"]),
        ("nurses_required/doctors_required", "total", ["supply.nurses_base", "supply.doctors_base"]),
        ("care_beds_projected.nursing_type", "", ["supply.care_beds_base"]),
        ("newborn_beds_available", "", ["supply.newborn_beds_base"]),
    ],
)
def test_the_stock_behind_a_series(text: str, group: str, stocks: list[str]):
    assert list(stocks_behind(text, group)) == stocks
