"""`revise` never proposes what would be worse for people: the five plans, and plans made at random."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from laws.plan_runs import EACH_PLAN, PLANS, PlanRun

from sim.adequacy import revise
from sim.adequacy.case import Case
from sim.adequacy.indicators import case_rows
from sim.catalogue.verdicts import is_judged
from sim.plan.indicator import Indicator
from sim.saved.row import Row

DIGITS = 1e-6  # relative: how figures are stored
SIDES = {"lower": -1.0, "higher": 1.0}


def proposals(case: Case, p: tuple[float, ...] = (0.8, 0.95)) -> list[tuple[Row, revise.Figures]]:
    """Every row that says something, with each proposal made of it."""
    found = []
    for row in case_rows(case):
        if row.is_tested:
            found += [(row, made) for made in revise.rows_of(case.reading, row, p)]
    return found


def side(row: Row) -> float:
    """1 where more is better for people, -1 where less is; 0 for neither."""
    return SIDES.get(row.better, 0.0)


def present(case: Case, row: Row) -> float | None:
    """What exists in the plan's base year, in the plan's unit, from the saved series alone."""
    m, first = case.measures, case.measures.years()[0]
    if row.held is not None and first < case.plan.base_year < row.held.year:
        first = case.plan.base_year
    if row.test not in ("ratio", "count") or not m.has(f"{row.variable}_projected", row.group or "total"):
        return None
    stock = m.at(f"{row.variable}_projected", row.group or "total", first)[1:]
    if row.test == "count":
        return float(np.median(stock / row.unit_factor))
    people = m.population(row.held.basis, first)[1:]
    return float(np.median(people / stock if row.scale == "inverse" else stock / people / row.unit_factor))


def assert_harmless(case: Case, made: list[tuple[Row, revise.Figures]]) -> int:
    """No proposal is worse than the present, the baseline, the norm or the floor; returns how many."""
    seen = 0
    for row, one in made:
        value, at = one.get("proposed"), (row.indicator_id, row.scope, row.year, one.get("p"))
        if one.get("p") == revise.PLAN or value is None:
            continue
        assert is_judged(row.verdict) or row.year > row.target_year, at
        assert row.held is not None, at
        assert row.held.stated, at
        assert not {"stress_need", "access_rule"} & set(row.special.split()), at
        assert np.isfinite(value), at
        good = side(row)
        levels = {"baseline": row.baseline_value, "floor": row.floor, "present": present(case, row)}
        if row.required_p50 is not None:
            levels["norm"] = row.need_norm_p50
        for name, level in levels.items():
            if level is not None and good and not row.held.growth:
                slack = DIGITS * abs(level)
                assert good * (value - level) >= -slack, (at, name, value, level)
        if one["bound"]:
            assert one["note"], at
        seen += 1
    return seen


def with_figures(case: Case, factor: Callable[[Indicator], float]) -> Case:
    """The case of a plan whose targets are so many times those printed."""
    rows = []
    for i in case.plan.indicators:
        if i.kind != "target" or i.value is None or i.value != i.value_high:
            rows.append(i)
            continue
        places = len(i.text.partition(".")[2])
        rows.append(replace(i, text=f"{i.value * factor(i):.{places}f}"))
    return replace(case, plan=replace(case.plan, indicators=tuple(rows)))


def test_no_proposal_of_a_shipped_plan_does_harm(run: PlanRun):
    made = proposals(run.case, (0.5, 0.8, 0.9, 0.95, 0.99))
    assert assert_harmless(run.case, made) > 3


@pytest.mark.parametrize("name", EACH_PLAN)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), p=st.floats(0.05, 0.99))
def test_no_proposal_of_a_plan_at_random_does_harm(plan_runs, name: str, seed: int, p: float):
    """Every printed target times a number between 0.1 and 10, of its own."""
    random = np.random.default_rng(seed)
    case = with_figures(plan_runs(name).case, lambda _: float(np.exp(random.uniform(-2.3, 2.3))))
    assert_harmless(case, proposals(case, (p,)))


def test_what_gets_no_proposal_says_why(run: PlanRun):
    for row, one in proposals(run.case):
        if one.get("proposed") is None and one.get("p") != revise.PLAN:
            assert one["note"], (row.indicator_id, row.year)
            assert " / " in one["note"], (row.indicator_id, row.year)  # in both languages


@pytest.mark.slow  # the runs of all plans
def test_need_at_a_peak_and_rules_of_access_and_rare_deaths_move_no_target(plan_runs):
    """Each of the three is met among the plans; none is told a figure below what it is now."""
    met: dict[str, int] = {}
    for name in PLANS:
        case = plan_runs(name).case
        for row, one in proposals(case):
            for rule in row.special.split():
                if rule in ("stress_need", "access_rule"):
                    assert one.get("proposed") is None, (name, row.indicator_id)
                    assert one["note"], (name, row.indicator_id)
                elif rule == "rare_count" and one.get("proposed") is not None:
                    assert one["proposed"] <= row.available_p50 or not one["bound"], (name, row.indicator_id)
                met[rule] = met.get(rule, 0) + 1
    assert {"stress_need", "access_rule", "rare_count"} <= set(met)


def test_a_surer_proposal_never_asks_for_less(run: PlanRun):
    """With a higher probability more is asked of what is provided, less promised of an outcome."""
    last: dict[tuple[object, ...], tuple[float, float]] = {}
    for row, one in proposals(run.case, (0.5, 0.7, 0.8, 0.9, 0.95)):
        if one.get("proposed") is None or one.get("p") == revise.PLAN or one["bound"]:
            continue
        key = row.indicator_id, row.scope, row.year, row.location, row.target
        provided = row.required_p50 is not None
        more = (1.0 if provided else -1.0) * (-1.0 if row.scale == "inverse" else 1.0)
        if not provided and row.held.sense in ("<", "<="):
            more = 1.0
        if key in last:
            assert more * (one["enough"] - last[key][1]) >= -1e-9, (key, one["p"])
        last[key] = float(one["p"]), one["enough"]
    assert last
