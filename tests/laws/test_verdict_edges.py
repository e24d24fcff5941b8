"""Edges of the verdict code where one sign or one bound decides; each was once free to be wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from laws.plan_runs import EACH_PLAN, PlanRun

from sim.adequacy.case import Case
from sim.adequacy.evidence import influential
from sim.adequacy.indicators import case_rows
from sim.adequacy.kinds import kind_of
from sim.adequacy.standing import Standing
from sim.plan.targets import stated_targets


@pytest.mark.parametrize(
    ("p", "missed"), [(0.0, True), (0.49, True), (0.5, False), (0.52, False), (1.0, False)]
)
def test_an_outcome_fails_in_the_draws_that_rather_miss_it(p: float, missed: bool):
    one = Standing(np.array([1.0]), p_meets=np.array([p]))
    assert one.fails.tolist() == [missed]


@pytest.mark.parametrize(("planned", "short"), [(0.999, True), (1.0, False), (1.0 - 1e-8, False)])
def test_a_provision_fails_in_the_draws_with_too_little(planned: float, short: bool):
    one = Standing(np.array([planned]), required=np.array([1.0]))
    assert one.fails.tolist() == [short]


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_a_ratio_is_the_same_in_every_unit(scale: float):
    """A share of 0.2 needed is a need: what moves it moves the answer, as of 200 beds."""
    one = Standing(scale * np.array([0.3, 0.3]), required=scale * np.array([0.2, 0.25]))
    np.testing.assert_allclose(one.ratio, [1.5, 1.2])
    none = Standing(np.array([0.3]), required=np.array([0.0]))
    assert np.isinf(none.ratio).all()


@pytest.mark.slow
def test_what_a_share_rests_on_is_found(plan_runs):
    """Shares of need (nurses for each doctor) rest on something, as counts do."""
    seen = 0
    for name in ("anyang_14fyp", "longhu_13fyp"):
        for row in plan_runs(name).table("adequacy_detail"):
            if row["test"] == "share" and row["required_p50"]:
                assert row["rests_on"], (name, row["indicator_id"])
                seen += 1
    assert seen


def test_what_moves_an_answer_is_found_whatever_its_unit(run: PlanRun):
    case: Case = run.case
    values = np.array([1.0, 1.0, 1.0, 1.5, 0.7])
    named = replace(case, swings=replace(case.swings, names=("a", "b"), qualities=("A", "C")))
    assert influential(named, values) == influential(named, 1e-4 * values) == [("b", "C")]


def test_a_count_that_is_past_is_no_more_than_all_there_are(run: PlanRun):
    """A baseline of 900 patients among 500 that are left means all 500, a target of 900 is 900."""
    from sim.adequacy.covered import workload

    for stated in stated_targets(run.setup.plan, run.setup.rules, ()):
        if stated.target is None or stated.target.test != "coverage":
            continue
        counted = replace(stated.target, counted=True, goal=900.0)
        people = np.array([500.0, 1000.0])
        assert workload(replace(counted, stated=False), people).tolist() == [500.0, 900.0]
        assert workload(replace(counted, stated=True), people).tolist() == [900.0, 900.0]
        shared = replace(stated.target, counted=False, goal=0.9)
        assert workload(shared, people).tolist() == [450.0, 900.0]


def test_too_little_is_counted_from_the_year_that_is_due(run: PlanRun):
    """first_short_year against the medians of need and plan, year by year."""
    seen = 0
    for stated in stated_targets(run.setup.plan, run.setup.rules, run.setup.experiment.test_years):
        target, years = stated.target, run.case.measures.years()
        if target is None or target.year > years[-1]:
            continue
        test = kind_of(target)
        base = target.since if years[0] < target.since < target.year else years[0]
        due = [y for y in years if y > base or target.year <= base]
        if target.kind.provides and not run.case.knows_stock(target.variable, target.group):
            due = [y for y in due if y >= target.year]  # the way starts from the nation's stock
        pairs = {y: test.pair(run.case.reading, target, y) for y in due}
        short = [y for y, p in pairs.items() if p and np.median(p[0][1:]) > np.median(p[1][1:]) * (1 + 1e-6)]
        rows = [
            r
            for r in run.table("adequacy_detail")
            if (r["indicator_id"], r["scope"], r["goal_model"], r["location"])
            == (target.indicator, target.scope, repr(target.goal), stated.statement.places)
        ]
        for row in rows:
            if row["verdict"] == "national_pattern":  # nothing counted here: no year is claimed
                assert row["first_short_year"] == "", target.indicator
            elif row["verdict"] != "not_tested":
                assert row["first_short_year"] == (str(min(short)) if short else ""), target.indicator
                seen += bool(short)
    assert seen or run.setup.plan.id == "xinxiang_14fyp"


def test_later_years_have_no_verdict_and_no_probability_of_reaching(run: PlanRun):
    for row in case_rows(run.case):
        if row.is_tested and (row.year > row.target_year or not row.held.stated):
            assert row.verdict in ("no_target", "national_pattern")
            assert (row.verdict_norm, row.p_reached) == ("", None)


@pytest.mark.slow
@pytest.mark.parametrize("name", EACH_PLAN)
def test_the_central_line_lies_inside_its_band_at_enough_draws(name: str, tmp_path: Path):
    """At 200 draws no central series leaves its own P10-P90: what sets the centre reaches the draws."""
    run = PlanRun.made(name, tmp_path, draws=200)
    record = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
    assert record["central_outside_band"] == []


def test_a_need_that_is_a_norm_alone_has_one_answer(run: PlanRun):
    """By use and by norm it is the same need: the same probability, verdict and first year too little."""
    seen = 0
    for row in run.table("adequacy_detail"):
        if (
            row["test"] in ("ratio", "count")
            and "norm_only" in row["special"].split()
            and row["need_norm_p50"]
        ):
            assert row["required_p50"] == row["need_norm_p50"], row["indicator_id"]
            assert row["p_enough"] == row["p_enough_norm"], row["indicator_id"]
            if row["verdict"] in ("adequate", "tight", "short"):
                assert row["verdict"] == row["verdict_norm"], row["indicator_id"]
            seen += 1
    assert seen or run.setup.plan.id not in ("longhu_13fyp", "nanyang_13fyp")
