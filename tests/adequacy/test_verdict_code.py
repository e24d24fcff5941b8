"""Each sign, bound and tolerance of the verdict code decides something, by hand-made figures."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from paths import ROOT

from sim.adequacy import bounds, mean_probability_mcse, probability_mcse, quantile_mcse, stated_twice
from sim.adequacy.bounds import Bound, bound_of
from sim.adequacy.case import Case, Reading
from sim.adequacy.gap import TIE
from sim.adequacy.judged import judge_standing, on_the_line
from sim.adequacy.standing import Standing, meets
from sim.adequacy.stated_twice import stated_elsewhere
from sim.adequacy.verdict import Thresholds
from sim.plan import Indicator, load_plan
from sim.plan.statements import (
    Statement,
    goal_of,
    half_digit,
    in_level_unit,
    sense_of,
    statements,
    years_tested,
)
from sim.plan.targets import PlanTarget, Stated, Target, good_interval, plan_targets, stated_targets
from sim.plan.tests import load_rules
from sim.saved.row import Row

PLAN = load_plan(ROOT / "parameters", "anyang_14fyp")
RULES = load_rules(ROOT)
BEDS = next(r for r in PLAN.targets if r.id == "beds_per_1000")
UNITS = {r.unit.name: r.unit for r in PLAN.indicators}
AT = Thresholds(adequate=0.9, tight=0.5, surplus_ratio=1.2, surplus_probability=0.9)
TARGET = Target(
    "beds_per_1000", "all", "ratio", "beds", "total", "", 0.005, 2025, ">=", "per 1000", 0.001, step=0.05
)


def empty(**figures: Any) -> Row:
    """A row of the target with these figures."""
    head = {"plan": "p", "region": "410500", "scenario": "reference", "indicator_id": "beds_per_1000"}
    return Row(**head, name_zh="", name_en="", year=2025, **{"unit": "per 1000", **figures})


def case(
    gap: float = 0.1, years: tuple[int, ...] = (2020, 2025, 2030), within: float = 0.05, known: bool = True
) -> Case:
    measures = SimpleNamespace(years=lambda: years)
    made = SimpleNamespace(
        thresholds=AT,
        norm_gap=gap,
        same_within=within,
        measures=measures,
        reading=SimpleNamespace(measures=measures),
        knows_stock=lambda *_: known,
    )
    return cast(Case, made)


def draws(*values: float) -> np.ndarray:
    """Draw 0 far away from the sampled ones, so that who reads it is found."""
    return np.array([1e6, *values])


def judged(standing: Standing, target: Target = TARGET, gap: float = 0.1) -> Row:
    row = empty(unit=target.unit)
    judge_standing(case(gap), target, standing, row)
    return row


def provision(required: tuple[float, ...], available: float, **more: Any) -> Standing:
    per = np.full(len(required) + 1, 1000.0)
    plan = np.full(len(required) + 1, available)
    return Standing(plan, draws(*required), per=per, **more)


# by use and by norm


@pytest.mark.parametrize(
    ("norm", "gap", "said"),
    [
        (5.4, 0.1, False),
        (5.6, 0.1, True),
        (4.6, 0.1, False),
        (4.5, 0.1, True),
        (5.6, 0.2, False),
        (5.001, 0.0, True),
        (6.25, 0.2, False),
        (6.26, 0.2, True),
        (5.0, 0.0, False),
    ],
)
def test_the_norm_is_named_where_it_is_further_from_use_than_is_set(norm: float, gap: float, said: bool):
    """Need by use 5.0: the distance is measured in parts of the norm, on both sides."""
    one = provision((5000.0,) * 3, 5000.0, norm=draws(*(1000 * norm,) * 3))
    row = judged(one, gap=gap)
    assert ("by national norm" in row.reason) == said
    if said:
        assert (
            f"need by use 5 per 1000 counts what is used inside the region, by national norm {norm:.4g}"
            in row.reason
        )
        assert f"使用需求5只计本地区内实际利用，按国家标准为{norm:.4g}" in row.reason


@pytest.mark.parametrize(
    ("norm", "p", "verdict"),
    [
        ((5.04, 5.04, 5.04, 5.04), 1.0, "adequate"),  # 5.0 printed is 5.05 at most
        ((5.06, 5.04, 5.04, 5.04), 0.75, "tight"),
        ((5.06, 5.06, 5.06, 5.04), 0.25, "short"),
        ((1.0, 1.0, 1.0, 1.0), 1.0, "adequate"),  # a norm is a floor: above it is no surplus
    ],
)
def test_the_norm_is_met_to_the_printed_digit(norm, p, verdict):
    one = provision((4000.0,) * 4, 5000.0, norm=draws(*(1000 * x for x in norm)))
    row = judged(one)
    assert (row.p_enough_norm, row.verdict_norm) == (p, verdict)
    assert row.need_norm_p50 == pytest.approx(np.median(norm))
    inverse = replace(one, per=None, people=np.full(5, 1.0))  # people for one unit: no digit is hidden
    found = judged(inverse, replace(TARGET, scale="inverse"))
    assert found.p_enough_norm == np.mean([5000.0 >= 1000 * x for x in norm])


def test_what_the_plans_rounding_hides_counts_for_enough_where_it_is_said():
    one = provision((5040.0, 5040.0, 5060.0), 5000.0)
    assert judged(one).p_enough == 0.0
    found = judged(replace(one, hidden=np.full(4, 50.0)))
    assert found.p_enough == pytest.approx(2 / 3)
    assert found.ratio_p50 == judged(one).ratio_p50
    assert replace(one, hidden=np.full(4, 50.0)).fails.tolist() == [True, False, False, True]


def test_a_verdict_that_rests_on_the_printed_digit_says_so():
    """Enough beside a ratio below one is no contradiction, where the reason gives the probability without."""
    one = provision((5040.0, 5040.0, 5060.0), 5000.0)
    found = judged(replace(one, hidden=np.full(4, 50.0)))
    assert "to the last digit enough with 0%" in found.reason
    assert "逐位比较则够用的概率为0%" in found.reason
    assert f"{TARGET.step:.2g}" in found.reason
    for same in (one, replace(one, hidden=np.full(4, 5.0)), provision((4000.0,) * 3, 5000.0)):
        assert "digit" not in judged(same).reason


def test_the_stock_of_the_nation_reaches_nothing():
    """The trend stands in the row as a figure; whether it reaches the target is not said."""
    going_on = draws(4000.0, 4960.0, 5100.0, 7000.0)
    one = provision((6500.0,) * 4, 5000.0, projected=going_on)
    row = empty(unit=TARGET.unit)
    judge_standing(case(known=False), TARGET, one, row)
    assert (row.p_reached, row.p_reached_mcse, row.p_enough_projected) == (None, None, None)
    assert row.projected_p50 == pytest.approx(5.03)
    assert "no count of the place's own stock" in row.reason
    assert (row.verdict, row.p_enough) == ("short", 0.0)


def test_without_a_norm_there_is_no_second_verdict():
    row = judged(provision((4000.0,) * 3, 5000.0))
    assert (row.verdict_norm, row.p_enough_norm, row.need_norm_p50) == ("", None, None)
    assert (row.verdict, row.p_enough, row.ratio_p50) == ("surplus", 1.0, 1.25)


def test_figures_of_a_provision_are_those_of_the_sampled_draws():
    row = judged(provision((4000.0, 5000.0, 6000.0, 7000.0, 8000.0), 6500.0))
    assert (row.required_p10, row.required_p50, row.required_p90) == pytest.approx((4.4, 6.0, 7.6))
    assert (row.available_p50, row.required_count_p50, row.available_count_p50) == pytest.approx(
        (6.5, 6000.0, 6500.0)
    )
    assert row.p_enough == 0.6
    assert row.p_enough_mcse == probability_mcse(0.6, 5)
    assert row.verdict == "tight"
    thousand = np.array([4.0, 5.0, 6.0, 7.0, 8.0])
    assert row.required_p50_mcse == pytest.approx(float(quantile_mcse(thousand, 0.5)))
    assert row.on_the_line == "adequate tight"


def test_a_trend_reaches_the_target_in_the_plans_unit_and_suffices_in_the_models():
    going_on = draws(4000.0, 4960.0, 5100.0, 7000.0)
    row = judged(provision((6500.0,) * 4, 5000.0, projected=going_on))
    assert row.p_reached == 0.75  # 4.96 reaches 5.0 as it is printed
    assert row.p_reached_mcse == probability_mcse(0.75, 4)
    assert row.p_enough_projected == 0.25
    assert (row.projected_p50, row.projected_count_p50) == pytest.approx((5.03, 5030.0))


def test_an_outcome_is_judged_on_the_mean_chance_of_its_draws():
    one = Standing(
        draws(1.0, 2.0, 9.0), p_meets=draws(1.0, 0.9, 0.5), per=np.ones(4), planned=draws(3.0, 4.0, 5.0)
    )
    row = judged(one)
    assert row.p_reached == pytest.approx(0.8)
    assert row.p_reached_mcse == mean_probability_mcse(np.array([1.0, 0.9, 0.5]))
    assert row.on_the_line == on_the_line(0.8, row.p_reached_mcse, AT) == "adequate tight"
    assert (row.verdict, row.available_p50) == ("tight", 2.0)
    assert (row.available_count_p50, row.projected_count_p50) == (4.0, 2.0)
    assert judged(replace(one, p_meets=draws(1.0, 0.9, 0.85))).verdict == "adequate"
    assert "verdict on reaching the target / 按达标概率判定" in row.reason


def test_what_can_be_carried_stands_beside_a_coverage():
    one = Standing(
        draws(60.0, 60.0, 60.0),
        p_meets=draws(1.0, 1.0, 1.0),
        capacity=draws(90.0, 110.0, 120.0),
        load=draws(100.0, 100.0, 100.0),
        per=np.full(4, 2.0),
    )
    row = judged(one)
    assert (row.p_capacity, row.capacity_p50) == (pytest.approx(2 / 3), 55.0)
    assert (row.required_count_p50, row.available_count_p50) == (100.0, 60.0)
    assert "means 100 people or events a year; capacity comes to 55 per 1000" in row.reason
    assert "意味着每年100人（次）" in row.reason
    bare = replace(one, capacity=draws(100.0, 100.0 * (1 - TIE / 2), 100.0 * (1 - 2 * TIE)))
    assert judged(bare).p_capacity == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("p", "mcse", "line"),
    [
        (0.9, 0.01, "adequate"),
        (0.87, 0.016, "adequate"),
        (0.87, 0.015, ""),  # two standard errors are not within two
        (0.93, 0.016, "adequate"),
        (0.5, 0.001, "tight"),
        (0.46, 0.021, "tight"),
        (0.7, 0.11, "adequate tight"),
        (0.9, 0.0, ""),
    ],
)
def test_on_the_line_is_within_two_standard_errors_of_a_threshold(p, mcse, line):
    assert on_the_line(p, mcse, AT) == line


@pytest.mark.parametrize(
    ("sense", "shown", "met"),
    [
        (">=", 4.96, True),
        (">=", 4.94, False),
        ("<=", 5.04, True),
        ("<=", 5.06, False),
        (">", 5.0, False),
        (">", 5.01, True),
        ("<", 5.0, False),
        ("<", 4.99, True),
        ("in", 2.96, True),
        ("in", 2.94, False),
        ("in", 6.04, True),
        ("in", 6.06, False),
    ],
)
def test_each_sense_of_a_target_is_met_on_its_own_side(sense, shown, met):
    target = replace(TARGET, sense=sense, low=3.0, high=6.0)
    assert meets(target, np.array([shown])).tolist() == [met]


# stated twice


def stated(target: Target, row: Indicator = BEDS, year: int = 2025) -> Stated:
    return Stated(Statement(row, None), RULES["beds_per_1000", ""], year, (year,), target)


def twice(monkeypatch, one: tuple, other: tuple, within: float = 0.05) -> list[bool]:
    """Whether each of two is judged elsewhere; each a target, what it asks for, and whether it binds."""
    counts = {id(t): c for t, c, _ in (one, other)}

    def kind(target: Target) -> Any:
        return SimpleNamespace(standing=lambda *_: counts[id(target)])

    monkeypatch.setattr(stated_twice, "kind_of", kind)
    pair = [
        stated(t, replace(BEDS, binding="binding" if b else "guidance", row=i))
        for i, (t, _, b) in enumerate((one, other))
    ]
    found = stated_elsewhere(case(within=within), pair)
    return [s in found for s in pair]


def asks(count: float) -> Standing:
    return Standing(draws(count, count, count), required=draws(1.0, 1.0, 1.0), per=np.ones(4))


COUNT = replace(TARGET, test="count", goal=5000.0)


@pytest.mark.parametrize(
    ("a", "b", "same_test", "again"),
    [
        (1000.0, 1000.0, True, True),
        (1000.0, 1000.0 * (1 + 5e-10), True, True),
        (1000.0, 1000.0 * (1 + 5e-9), True, False),
        (1000.0, 1040.0, True, False),  # two ratios are the same to the digit or not
        (1000.0, 1040.0, False, True),  # a ratio and its count are rounded
        (1040.0, 1000.0, False, True),
        (1000.0, 1060.0, False, False),
        (1060.0, 1000.0, False, False),
    ],
)
def test_two_statements_are_one_within_the_tolerance_of_their_kinds(monkeypatch, a, b, same_test, again):
    other = replace(TARGET, goal=0.0051) if same_test else COUNT
    assert twice(monkeypatch, (TARGET, asks(a), True), (other, asks(b), False)) == [False, again]


def test_the_binding_one_is_judged_else_the_first(monkeypatch):
    assert twice(monkeypatch, (TARGET, asks(9.0), False), (COUNT, asks(9.0), True)) == [True, False]
    assert twice(monkeypatch, (TARGET, asks(9.0), False), (COUNT, asks(9.0), False)) == [False, True]


@pytest.mark.parametrize(
    "other",
    [
        {"sense": "<="},
        {"year": 2030},
        {"scope": "urban"},
        {"group": "icu"},
        {"variable": "care_beds"},
        {"scale": "inverse"},
        {"stated": False},
    ],
)
def test_what_differs_in_any_of_these_is_another_statement(monkeypatch, other):
    assert twice(monkeypatch, (TARGET, asks(9.0), True), (replace(COUNT, **other), asks(9.0), False)) == [
        False,
        False,
    ]


def test_more_than_and_at_least_are_one_side(monkeypatch):
    assert twice(monkeypatch, (TARGET, asks(9.0), True), (replace(COUNT, sense=">"), asks(9.0), False)) == [
        False,
        True,
    ]


def test_what_has_no_standing_is_no_repetition(monkeypatch):
    assert twice(monkeypatch, (TARGET, asks(9.0), True), (COUNT, None, False)) == [False, False]


def test_outcomes_are_compared_by_their_goal_and_coverage_by_its_load(monkeypatch):
    met = Standing(draws(1.0, 2.0, 3.0), p_meets=draws(1.0, 1.0, 1.0), per=np.ones(4))
    one, other = replace(TARGET, test="outcome"), replace(TARGET, test="outcome", scope="all")
    assert twice(monkeypatch, (one, met, True), (other, met, False)) == [False, True]
    far = replace(other, goal=0.006)
    assert twice(monkeypatch, (one, met, True), (far, met, False)) == [False, False]
    covered, more = replace(met, load=draws(7.0, 7.0, 7.0)), replace(met, load=draws(9.0, 9.0, 9.0))
    assert twice(monkeypatch, (one, covered, True), (far, covered, False)) == [False, True]
    assert twice(monkeypatch, (one, covered, True), (other, more, False)) == [False, False]


def test_what_lies_outside_the_run_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(stated_twice, "kind_of", lambda _: SimpleNamespace(standing=lambda *_: asks(9.0)))
    pair = [stated(TARGET, year=2050), stated(COUNT, replace(BEDS, row=2), year=2050)]
    assert stated_elsewhere(case(), pair) == {}
    none = replace(pair[0], target=None)
    assert stated_elsewhere(case(), [none, replace(pair[1], year=2025)]) == {}


# statements


def said(text: str = "5.76", operator: str = "=", unit: str = "per 1000", **more: Any) -> Indicator:
    return replace(BEDS, text=text, operator=operator, unit=UNITS[unit], **more)


@pytest.mark.parametrize(
    ("row", "baseline", "half"),
    [
        (said("5.76"), None, 0.005),
        (said("5.8"), said("5.25"), 0.05),  # the target's own digits, not the baseline's
        (said("1", "change"), said("5.25"), 0.005),  # of a change the finer of the two
        (said("1.25", "change"), said("5.2"), 0.005),
        (said("570", unit="beds"), None, 0.0),
        (said("30", "change", "%"), said("0.70"), 0.005),
        (said("0.5", "change", "%"), said("5"), 0.5),  # digits of another unit are none of these
        (said(""), None, 0.0),
    ],
)
def test_what_rounding_hides_is_half_of_the_last_digit(row, baseline, half):
    assert half_digit(
        Statement(row, baseline), "beds" if row.unit.name == "beds" else "per 1000"
    ) == pytest.approx(half)


def test_a_change_is_added_or_multiplied_as_its_unit_says():
    assert goal_of(Statement(said("1", "change"), said("5.25"))) == pytest.approx(0.00625)
    assert goal_of(Statement(said("30", "change", "%"), said("0.70"))) == pytest.approx(0.00091)
    share = said("70", unit="%")
    assert goal_of(Statement(said("5", "change", "%"), share)) == pytest.approx(0.7 * 1.05)
    assert goal_of(Statement(said("", "change"), said("5.25"))) is None


@pytest.mark.parametrize(
    ("operator", "better", "sense"),
    [
        ("=", "higher", ">="),
        ("=", "lower", "<="),
        ("=", "range", "in"),
        ("=", "none", ">="),
        ("change", "lower", "<="),
        (">=", "lower", ">="),
        ("<=", "higher", "<="),
        (">", "range", ">"),
        ("<", "higher", "<"),
    ],
)
def test_the_operator_wins_then_what_is_good(operator, better, sense):
    assert sense_of(said(operator=operator, entry=replace(BEDS.entry, better=better))) == sense


@pytest.mark.parametrize(
    ("goal", "low", "high"),
    [
        (0.93, 75.0, 93.0),
        (0.92, 75.0, 92.0),
        (0.84, 75.0, 84.0),
        (0.83, 83.0, 92.0),
        (0.7, 70.0, 92.0),
        (0.835, 83.5, 92.0),
    ],
)
def test_a_plain_figure_bounds_its_own_side_of_a_range(goal, low, high):
    entry = replace(BEDS.entry, good_low=0.75, good_high=0.92)
    assert good_interval(said(unit="%", entry=entry), goal) == pytest.approx((low, high))
    assert np.isnan(good_interval(said(unit="%", entry=replace(entry, good_high=None)), goal)).all()
    assert np.isnan(good_interval(said(unit="%", entry=replace(entry, good_low=None)), goal)).all()


def test_a_statement_is_looked_at_in_its_own_year_and_in_later_ones():
    one = Statement(said(year="2024", kind="target"), None)
    assert years_tested(PLAN, one, (2022, 2024, 2030)) == (2024, (2024, 2030))
    kept = Statement(said(year="2020", kind="baseline"), None)
    assert years_tested(PLAN, kept, (2022, 2030)) == (PLAN.target_year, (PLAN.target_year, 2030))
    standard = Statement(said(year="2023", kind="standard"), None)
    assert years_tested(PLAN, standard, ())[0] == 2023


def with_rows(*rows: Indicator) -> Any:
    return replace(PLAN, indicators=tuple(replace(r, row=i + 2, line=i + 1) for i, r in enumerate(rows)))


def test_one_thing_said_in_two_places_is_one_statement_of_the_binding_one():
    plan = with_rows(said("4.3", binding="guidance"), said("4.30", ">", binding="binding"))
    (one,) = statements(plan)
    assert (one.row.text, [r.text for r in one.also]) == ("4.30", ["4.3"])
    assert len(list(statements(with_rows(said("4.3", "<="), said("4.3"))))) == 2  # the other side
    assert len(list(statements(with_rows(said("4.3", year="2025"), said("4.3", year="2030"))))) == 2
    assert (
        len(
            list(
                statements(
                    with_rows(said("4.3", population_basis="urban"), said("4.3", population_basis="county"))
                )
            )
        )
        == 2
    )
    assert (
        len(
            list(
                statements(with_rows(said("4.3", population_basis="urban"), said("4.3", population_basis="")))
            )
        )
        == 1
    )


def test_an_indicator_without_a_target_is_its_standard_else_the_newest_baseline():
    old, new = said("4.0", kind="baseline", year="2015"), said("5.0", kind="baseline", year="2020")
    (one,) = statements(with_rows(new, old))
    assert one.row.text == "5.0"
    assert not one.is_stated
    (cited,) = statements(with_rows(old, said("6.0", kind="standard")))
    assert (cited.row.text, cited.is_stated) == ("6.0", True)
    (aimed,) = statements(with_rows(said("6.0", kind="standard"), old, said("7.0", kind="target")))
    assert aimed.row.text == "7.0"
    assert aimed.baseline is not None
    assert aimed.baseline.text == "4.0"


def test_a_change_of_a_level_is_shown_in_the_levels_unit():
    row = in_level_unit(Statement(said("30", "change", "%"), said("0.70")))
    assert row.unit.name == "per 1000"
    assert in_level_unit(Statement(said("30", "change", "%"), None)).unit.name == "%"
    assert in_level_unit(Statement(said("30", "=", "%"), said("0.70"))).unit.name == "%"


# targets of supply


def test_supply_is_made_of_the_binding_targets_that_are_levels():
    plan = with_rows(
        said("5.0", binding="guidance", kind="target"),
        said("6.0", binding="binding", kind="target"),
        said("9.0", kind="standard"),
        said("1", "change", kind="target"),
    )
    assert [t for t in plan_targets(plan, RULES) if t.variable == "beds"] == [
        PlanTarget("beds", "total", True, 0.006, plan_targets(plan, RULES)[0].basis, 2025, 2020)
    ]
    (only,) = [s for s in stated_targets(with_rows(said("5.0", kind="target")), RULES, ())]
    assert only.target is not None
    assert (only.target.goal, only.target.factor, only.target.step) == pytest.approx((0.005, 0.001, 0.05))
    assert (only.target.sense, only.target.growth, only.target.counted) == (">=", False, False)


def test_a_cited_standard_brings_no_supply():
    assert plan_targets(with_rows(said("9.0", kind="standard")), RULES) == ()
    assert plan_targets(with_rows(said("5.0", kind="baseline")), RULES) == ()
    change = said("1", "change", kind="target")  # a change says how much more, not how much
    assert plan_targets(with_rows(change, said("5.0", kind="baseline")), RULES) == ()


def test_people_for_one_unit_are_units_per_head_turned_round():
    assert replace(TARGET, goal=30000.0, scale="inverse").per_head == pytest.approx(1 / 30000)
    assert replace(TARGET, goal=0.005).per_head == 0.005


# bounds


def test_one_thing_said_in_two_scopes_is_two_statements():
    plan = with_rows(said("4.3", scope="city"), said("4.3", scope="county"), said("4.3", scope="city"))
    assert [(s.row.scope, len(s.also)) for s in statements(plan)] == [("city", 1), ("county", 0)]


def test_a_target_starts_from_the_baseline_of_its_scope_and_unit():
    def start(*baselines: Indicator, **row: str) -> str | None:
        (one,) = statements(with_rows(*baselines, said(**{"kind": "target", "text": "9", **row})))
        return None if one.baseline is None else one.baseline.text

    city, county = (said(t, kind="baseline", scope=s) for t, s in (("1", "city"), ("2", "county")))
    percent = said("3", kind="baseline", unit="%")
    empty_one = said("", kind="baseline", scope="county")
    assert start(city, county, scope="county") == "2"
    assert start(city, county, scope="all") == "1"  # the first, where none is of its scope
    assert start(percent, county, scope="county") == "2"
    assert start(percent, scope="all") is None  # a level in another unit is none to start from
    assert start(empty_one, city, scope="county") == "1"  # nor one without a figure
    assert start(empty_one, scope="county") is None
    assert start(city, operator="change", unit="%") == "1"  # but a change of a level in per cent
    assert start(city, percent, operator="change", unit="%") == "3"
    assert start(city, percent, county, scope="county", operator="change", unit="%") == "3"


@pytest.mark.parametrize(
    ("value", "falls", "held", "name"),
    [
        (3.0, False, 5.0, "norm"),
        (4.5, False, 5.0, "norm"),
        (5.0, False, 5.0, ""),
        (6.0, False, 6.0, ""),
        (6.0, True, 2.0, "floor"),
        (3.0, True, 2.0, "floor"),
        (2.0, True, 2.0, ""),
        (1.0, True, 1.0, ""),
    ],
)
def test_a_proposal_is_held_by_the_strictest_level_it_is_worse_than(value, falls, held, name):
    levels = {"present": 4.0, "norm": 5.0, "floor": 2.0}
    found = Bound(levels, falls=falls)
    assert found.applied(value) == (held, name)
    assert bool(found.said(name)) == bool(name)


def bound(
    monkeypatch, standing: Standing | None, row: Row, *, rises: bool = True, growth: bool = False
) -> Bound:
    asked: list[int] = []

    def stand(reading: Any, target: Target, year: int) -> Standing | None:
        asked.append(year)
        return standing

    test = SimpleNamespace(standing=stand, rises=lambda _: rises)
    monkeypatch.setattr(bounds, "kind_of", lambda _: test)
    found = bound_of(cast(Reading, case().reading), replace(TARGET, growth=growth), row)
    assert asked == ([] if growth else [2020])  # the present is the first year of the run
    return found


def test_the_levels_of_a_provision_are_its_trend_the_norm_the_baseline_and_the_floor(monkeypatch):
    row = empty(baseline_value=4.2, floor=4.4, need_norm_p50=6.0)
    one = provision((9.0,) * 3, 9000.0, projected=draws(4000.0, 4500.0, 5000.0))
    found = bound(monkeypatch, one, row)
    assert found.levels == pytest.approx({"baseline": 4.2, "floor": 4.4, "present": 4.5, "norm": 6.0})
    assert not found.falls
    assert bound(monkeypatch, one, row, rises=False).falls
    assert "present" not in bound(monkeypatch, replace(one, projected=None), row).levels
    assert bound(monkeypatch, one, replace(row, need_norm_p50=None, floor=None)).levels.keys() == {
        "baseline",
        "present",
    }
    assert bound(monkeypatch, one, row, growth=True).levels.keys() == {"baseline", "floor"}
    assert bound(monkeypatch, None, row).levels.keys() == {"baseline", "floor"}


def test_the_present_level_of_an_outcome_is_its_own_and_no_norm_holds_it(monkeypatch):
    one = Standing(draws(70.0, 72.0, 74.0), p_meets=draws(1.0, 1.0, 1.0), per=np.ones(4))
    found = bound(monkeypatch, one, empty(unit="%", need_norm_p50=9.0))
    assert found.levels == {"present": 72.0}
