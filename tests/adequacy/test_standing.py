"""A target held against the model in one year: what is shown, the ratio, what fails, what is met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.adequacy.gap import TIE, compare
from sim.adequacy.standing import Standing, meets
from sim.adequacy.verdict import Thresholds, judge
from sim.errors import ParameterError
from sim.plan.targets import Target

TARGET = Target("a", "", "ratio", "beds", "total", "", 0.005, 2025, ">=", "per 1000", 0.001, step=0.0)
PLAN = np.array([100.0, 100.0, 100.0, 100.0])
NEED = np.array([80.0, 100.0, 125.0, 0.0])


def test_what_is_shown_is_in_the_plans_unit():
    assert Standing(PLAN, per=np.full(4, 20.0)).shown(NEED).tolist() == [4.0, 5.0, 6.25, 0.0]
    inverse = Standing(PLAN, people=np.full(4, 1000.0))
    assert inverse.shown(NEED).tolist() == [12.5, 10.0, 8.0, np.inf]


def test_the_ratio_is_what_there_is_over_what_is_needed():
    assert Standing(PLAN, NEED).ratio.tolist() == [1.25, 1.0, 0.8, np.inf]
    assert Standing(PLAN, np.full(4, 0.5)).ratio.tolist() == [200.0] * 4
    outcome = Standing(NEED, p_meets=np.array([0.0, 0.49, 0.5, 1.0]))
    assert outcome.ratio is NEED


def test_what_fails_is_too_little_or_rather_missed_than_met():
    assert Standing(PLAN, NEED).fails.tolist() == [False, False, True, False]
    outcome = Standing(NEED, p_meets=np.array([0.0, 0.4999, 0.5, 1.0]))
    assert outcome.fails.tolist() == [True, True, False, False]
    assert Standing(PLAN, NEED, hidden=np.full(4, 25.0)).fails.tolist() == [False] * 4
    assert Standing(PLAN, NEED, hidden=np.full(4, -0.1)).fails.tolist() == [False, True, True, False]
    near = np.array([1 + TIE / 2, 1 + 2 * TIE, 1.0, 1.0])
    assert Standing(np.ones(4), near).fails.tolist() == [False, True, False, False]
    exact = np.array([1.0, 1.0]) * (1 + TIE)
    assert Standing(np.ones(2), exact).fails.tolist() == [False, False]


def test_hidden_of_the_sampled_draws():
    assert Standing(PLAN).hidden_draws == 0.0
    found = Standing(PLAN, hidden=np.array([9.0, 1.0, 2.0, 3.0])).hidden_draws
    assert np.asarray(found).tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("sense", "below", "at", "above"),
    [
        (">=", False, True, True),
        ("<=", True, True, False),
        (">", False, False, True),
        ("<", True, False, False),
        ("in", False, True, False),
    ],
)
def test_each_side_of_the_figure_itself(sense: str, below: bool, at: bool, above: bool):
    """At the figure, and further from it than two stored figures that are the same may lie."""
    target = replace(TARGET, sense=sense, low=5.0, high=5.0)
    shown = np.array([5.0 * (1 - 2 * TIE), 5.0, 5.0 * (1 + 2 * TIE)])
    assert meets(target, shown).tolist() == [below, at, above]
    same = np.array([5.0 * (1 - TIE / 2), 5.0 * (1 + TIE / 2)])
    assert meets(target, same).tolist() == [at, at]


def test_the_slack_of_a_target_is_half_a_digit_and_the_tie_on_top():
    target = replace(TARGET, step=0.5)
    shown = np.array([4.5 - 4 * TIE, 4.5 - 6 * TIE])
    assert meets(target, shown).tolist() == [True, False]
    edge = np.array([4.0])
    assert meets(replace(target, step=1.0 - 5.0 * TIE), edge).tolist() == [True]
    for sense, exact in (("<=", 6.0), (">=", 4.0), ("in", 4.0), ("in", 6.0)):
        whole = replace(target, sense=sense, step=1.0, goal=0.0, low=5.0, high=5.0)
        aim = np.array([5.0 if sense != "in" else 0.0])
        assert meets(whole, np.array([exact]), aim).tolist() == [True], (sense, exact)


def test_more_than_nothing_is_not_nothing():
    none = replace(TARGET, goal=0.0)
    at = np.array([-1.0, 0.0, 1.0])
    for sense, want in (
        (">", [False, False, True]),
        ("<", [True, False, False]),
        (">=", [False, True, True]),
    ):
        assert meets(replace(none, sense=sense), at).tolist() == want


def test_a_goal_by_draw_takes_the_place_of_the_targets_own():
    goal = np.array([4.0, 6.0])
    assert meets(TARGET, np.array([5.0, 5.0]), goal).tolist() == [True, False]
    assert meets(replace(TARGET, sense="<"), np.array([5.0, 5.0]), goal).tolist() == [False, True]


# compare and judge at their edges


def test_comparison_at_its_edges():
    """A need of nothing is met; the ratio must pass the surplus ratio, not reach it."""
    c = compare(np.array([0.0, 0.5, 100.0, 100.0]), np.array([1.0, 1.0, 120.0, 121.0]), 1.2)
    assert c.p_surplus == 0.75
    assert c.p_enough == 1.0
    assert compare(np.array([100.0]), np.array([120.0]), 1.2).p_surplus == 0.0
    spread = compare(np.ones(5), np.array([1.0, 2.0, 3.0, 4.0, 50.0]), 1.2)
    assert spread.available == 3.0
    assert compare(np.array([1.0 + TIE]), np.array([1.0]), 1.2).p_enough == 1.0
    assert compare(np.array([1.0 + 1.05 * TIE]), np.array([1.0]), 1.2).p_enough == 0.0
    assert compare(np.array([1.5]), np.array([1.0]), 1.2).p_enough == 0.0
    assert compare(np.array([1.5]), np.array([1.0]), 1.2, hidden=0.5).p_enough == 1.0


@pytest.mark.parametrize(
    ("required", "available", "wrong"),
    [
        ([1.0, 2.0], [1.0], r"\(2,\) draws of need, \(1,\) of what is available \| the same draws"),
        ([-1.0], [1.0], "required"),
        ([float("nan")], [1.0], "required"),
        ([1.0], [float("inf")], "available"),
    ],
)
def test_draws_that_are_no_counts_are_refused(required, available, wrong):
    with pytest.raises(ParameterError, match=wrong):
        compare(np.array(required), np.array(available), 1.2)


@pytest.mark.parametrize(
    "values",
    [
        (1.0, 0.0, 1.0, 1.0),
        (0.0, 0.0, 1.0, 0.01),
        (1.0, 1.0, 1.05, 1.0),
        (0.5, 0.5, 50.0, 0.5),
    ],
)
def test_thresholds_may_lie_at_their_ends(values):
    at = Thresholds(*values)
    assert judge(1.0, 0.0, at) == "adequate"


@pytest.mark.parametrize(
    "values",
    [
        (1.0001, 0.5, 1.2, 0.9),
        (0.5, 0.5001, 1.2, 0.9),
        (0.9, -0.0001, 1.2, 0.9),
        (0.9, 0.5, 0.9999, 0.9),
        (0.9, 0.5, 1.2, 1.0001),
        (0.9, 0.5, 1.2, -0.5),
    ],
)
def test_thresholds_just_beyond_are_refused(values):
    with pytest.raises(ParameterError, match="want"):
        Thresholds(*values)


@pytest.mark.parametrize(("p", "q", "named"), [(1.1, 0.0, "p_enough"), (0.5, -0.1, "p_surplus")])
def test_what_is_no_probability_is_not_judged(p: float, q: float, named: str):
    at = Thresholds(0.9, 0.5, 1.2, 0.9)
    with pytest.raises(ParameterError, match=named):
        judge(p, q, at)
