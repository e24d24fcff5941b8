"""Rows of the tables on made series: what is said, from when, on whose people, and what is proposed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace as Made
from typing import Any, cast

import numpy as np
import pytest
import xarray as xr
from made_series import DRAWS, ONE, RISE, case, reading, series, target

from sim.adequacy import evidence, indicators, population_basis, question_words, questions, standards
from sim.adequacy import revise as r
from sim.adequacy.bounds import Bound
from sim.adequacy.case import Case, Swings, evidence_of
from sim.adequacy.cost import revised_targets
from sim.adequacy.gap import TIE
from sim.adequacy.series import Measures, _Stored
from sim.adequacy.stated_twice import SAYS
from sim.catalogue.bases import UNSTATED
from sim.errors import ConfigError
from sim.expression import parse
from sim.plan.tests import KINDS
from sim.plan.vocabulary import Unit
from sim.saved.row import Row

NEED = series("beds_required", "bed_group", total=[4000, 5000, 6000])
STOCK = series("beds_projected", "bed_group", ONE, total=[3000, 3500, 3600])
UNIT = Unit("per 1000", "ratio", 0.001, "1", "每千人")


def row(**figures: Any) -> Row:
    return Row("p", "410500", "reference", "x", "zh", "en", figures.pop("year", 2025), "per 1000", **figures)


def rule(effect: str, name: str = "own_share", **more: Any) -> Any:
    known = {"scope": "", "limit": None, "measure": "", "note_en": "note", "note_zh": "注"}
    return Made(**(known | {"effect": effect, "rule": name} | more))


# --- indicators -----------------------------------------------------------------------------------


def stated(held: Any, **more: Any) -> Any:
    """A statement of the plan with this target."""
    names = Made(name_zh="床位", name_en="beds", better="higher")
    entry: dict[str, Any] = {
        "id": "x",
        "line": 7,
        "scope": "all",
        "entry": names,
        "unit": UNIT,
        "kind": "target",
    }
    entry |= {
        "population_basis": "",
        "operator": "=",
        "binding": "expected",
        "text": "5.0",
        "fraction": 0.005,
    }
    entry |= {"value": 5.0, "raw": "", "note": "", "places": "", "precision": None} | more
    statement = Made(row=Made(**entry), baseline=None, is_stated=True, places="table 1")
    asked = Made(kind=KINDS[held.test if held else "none"], reason="no model", basis="", test="ratio")
    asked.variable, asked.group, asked.question, asked.scale = "beds", "total", "1", ""
    return Made(statement=statement, rule=asked, year=2025, years=(2025, 2030), target=held)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Rows of a made case of these statements."""
    monkeypatch.setattr(indicators, "target_text", lambda s: s.row.text)
    monkeypatch.setattr(indicators, "goal_text", lambda s: "5")

    def made(found: list[Any], there: Any = None, again: Any = None, **more: Any) -> list[Row]:
        monkeypatch.setattr(indicators, "stated_targets", lambda *_: iter(found))
        monkeypatch.setattr(indicators, "stated_elsewhere", lambda *_: again or Again())
        return indicators.assess([case(there or reading(NEED, STOCK), **more)])

    return made


class Again(dict[int, str]):
    """Statements that stand elsewhere: looked up by what they are."""

    def __contains__(self, key: object) -> bool:
        return super().__contains__(id(key))

    def get(self, key: object, default: Any = None) -> Any:
        return super().get(id(key), default)


def test_what_has_no_target_says_why_and_is_not_tested(rows):
    nothing = stated(None)
    (first, second) = rows([nothing])
    assert (first.verdict, first.reason) == ("not_tested", "no model")
    assert (first.year, second.year) == (2025, 2030)
    for value, said in ((None, "the document gives no number"), (5.0, "a change, and no baseline to start")):
        unheld = stated(None, value=value)
        unheld.rule.kind = KINDS["ratio"]
        assert rows([unheld])[0].reason.startswith(said)
    other = stated(target())
    twice = rows([other], again=Again({id(other): f"{SAYS} y"}))
    assert [(t.verdict, t.reason) for t in twice] == [("not_tested", f"{SAYS} y")] * 2
    outside = stated(target())
    outside.years = (2019, 2020, 2030, 2031)
    found = rows([outside])
    assert [f.verdict == "not_tested" for f in found] == [True, False, False, True]
    assert found[0].reason == "2019 is outside 2020..2030 / 年份超出预测期"


def test_a_row_is_judged_in_its_year_and_later_years_say_from_when(rows):
    first, later = rows([stated(target())])
    assert first.verdict == "short"  # 5500 of 5000 x 2..6
    assert first.name_en == "beds"
    assert (first.location, first.target, first.goal, first.question) == ("table 1", "5.0", "5", "1")
    assert (first.required_p50, first.available_p50) == (pytest.approx(5000 * 4 / 1100), pytest.approx(5.0))
    assert first.first_short_year == first.level_short_year == "2025"
    assert first.grade == "A"  # nothing moves alone
    assert later.verdict == "no_target"
    assert (later.p_reached, later.verdict_norm, later.on_the_line) == (None, "", "")
    assert "the plan ends in 2025; its level held: too little from 2025 on" in later.reason
    enough = rows([stated(target(goal=0.05))])[1]
    assert "its level held: enough through the run" in enough.reason
    assert enough.level_short_year == ""
    (carried, _) = rows([stated(target(stated=False))])
    assert carried.verdict == "no_target"
    assert "no target; the present level held: too little" in carried.reason
    scoped = rows([stated(target(), scope="county")])[0]
    assert (scoped.name_en, scoped.name_zh) == ("beds (county)", "床位 (county)")


def test_what_limits_a_verdict_is_said(rows):
    unstated = rows(
        [stated(target(basis=UNSTATED, goal=0.05), kind="standard")], special={"x": (rule("mark"),)}
    )
    assert "a standard that the plan cites" in unstated[0].reason
    assert "population basis unstated, read as resident" in unstated[0].reason
    assert "note / 注" in unstated[0].reason
    assert unstated[0].special == "own_share"
    assert unstated[0].verdict == "surplus"
    plain = rows([stated(target(goal=0.05))], special={"x": (rule("not_below_stock"),)})
    assert plain[0].verdict == "adequate"
    poor = rows([stated(target())], special={"x": (rule("not_below_stock"),)})
    assert poor[0].verdict == "short"
    none = rows([stated(target())], special={"x": (rule("decline", "no_target"),)})
    assert none[0].verdict == "no_target"
    nation = rows([stated(target())], special={"x": (rule("decline", "national_pattern"),)})
    assert (nation[0].verdict, nation[0].p_enough) == ("national_pattern", None)
    elsewhere = rows([stated(target())], special={"x": (rule("decline", scope="county"),)})
    assert elsewhere[0].verdict == "short"


def test_a_rule_with_a_limit_holds_below_it_as_the_run_says(rows):
    rates = series("bed_occupancy", "bed_group", ONE, total=[0.5, 0.6, 0.7])
    for limit, verdict in ((0.61, "no_target"), (0.6, "short")):
        low = rule("decline", "below_national_workload", limit=limit, measure="bed_occupancy.total")
        found = rows([stated(target())], reading(NEED, STOCK, rates), special={"x": (low,)})
        assert found[0].verdict == verdict
    gone = rule("decline", limit=9.0, measure="huts.total")
    assert rows([stated(target())], special={"x": (gone,)})[0].verdict == "short"


def test_a_baseline_counts_in_the_row_s_own_unit(rows):
    one = stated(target())
    one.statement.baseline = Made(unit=UNIT, value=4.2, text="4.2")
    assert rows([one])[0].baseline_value == 4.2
    assert rows([one])[0].baseline == "4.2"
    one.statement.baseline = Made(unit=Made(name="%"), value=4.2, text="4.2")
    assert rows([one])[0].baseline_value is None


def test_a_change_without_a_level_shows_its_goal_only_where_it_is_one(rows, monkeypatch):
    changing = stated(target(), operator="change")
    assert rows([changing])[0].goal == "5"
    monkeypatch.setattr(indicators, "goal_text", lambda s: "")
    assert rows([changing])[0].goal == "5"  # of the target, in the plan's unit
    plain = stated(target())
    assert rows([plain])[0].goal == ""
    growth = series("daly", by_year=[10, 12, 15])
    grown = target(test="outcome", variable="daly", group="", growth=True, basis="", goal=0.1, factor=0.01)
    assert rows([stated(grown, operator="change")], reading(growth))[0].goal == ""


def test_the_first_short_year_counts_from_where_the_way_is_known():
    there = case(reading(series("beds_required", "bed_group", ONE, total=[100, 5400, 4600]), STOCK))
    asked = target()
    assert indicators.first_short_year(there, asked) == 2030  # 4500 by then
    assert indicators.first_short_year(there, asked, since=2031) is None
    there = case(reading(series("beds_required", "bed_group", ONE, total=[9000, 5500 * (1 + TIE), 1]), STOCK))
    assert indicators.first_short_year(there, asked) is None  # the base year is what there is
    assert indicators.first_short_year(there, replace(asked, year=2020)) == 2020
    assert indicators.first_short_year(there, replace(asked, year=2031)) is None
    over = case(reading(series("beds_required", "bed_group", ONE, total=[1, 5500 * (1 + 2 * TIE), 1]), STOCK))
    assert indicators.first_short_year(over, asked) == 2025
    way = series("beds_required", "bed_group", ONE, total=[1, 9000, 9000])
    later = replace(asked, year=2030)
    known, unknown = (
        case(reading(way, STOCK), parameters={"supply.beds_base": Made()}, local=frozenset(own))
        for own in (("supply.beds_base",), ())
    )
    assert indicators.first_short_year(known, later) == 2025
    assert indicators.first_short_year(unknown, later) == 2030  # the stock on the way is the nation's


# --- population bases -----------------------------------------------------------------------------


def test_each_ratio_is_held_against_the_need_on_every_basis(monkeypatch):
    monkeypatch.setattr(population_basis, "SWITCHED", ("resident", "registered"))
    need = series("beds_required", "bed_group", ONE, total=[4000, 6000, 6000])
    there = case(reading(need, STOCK), test_years=(2030,))
    found = stated(target(), population_basis="resident")
    others = [stated(None), stated(target(test="count", basis="")), stated(target(variable="huts"))]
    no_ratio = stated(target())
    no_ratio.rule.kind = KINDS["count"]
    monkeypatch.setattr(population_basis, "stated_targets", lambda *_: iter([found, *others, no_ratio]))
    table = population_basis.basis_rows([there])
    assert [(b["year"], b["basis"], b["used"]) for b in table] == [
        (2025, "resident", "yes"),
        (2025, "registered", ""),
        (2030, "resident", "yes"),
        (2030, "registered", ""),
    ]
    one, other, later, _ = table
    assert (one["people_p50"], other["people_p50"]) == (1.1e6, 1.3e6)
    assert (one["planned_count_p50"], other["planned_count_p50"]) == pytest.approx((5500, 6500))
    assert (one["required_count_p50"], one["required_p50"]) == pytest.approx((6000, 6000 / 1100))
    assert (one["verdict"], other["verdict"], later["verdict"]) == ("short", "adequate", "no_target")
    assert (one["target"], one["basis_stated"]) == ("5.0", "resident")
    found.years = (2019, 2020, 2030, 2031)
    assert [b["year"] for b in population_basis.basis_rows([there])] == [2020, 2020, 2030, 2030]
    found.target = target(stated=False)
    assert {(b["verdict"], b["target"]) for b in population_basis.basis_rows([there])} == {("no_target", "")}
    text = population_basis.printed(one | {"ratio_p50": np.inf})
    assert (text["ratio_p50"], text["planned_count_p50"]) == ("", "5500")


def test_the_effect_of_a_basis_is_its_count_beside_the_one_used():
    other = {"basis": "registered", "planned_count_p50": 6500.0, "verdict": "adequate"}
    assert (
        population_basis._effect(other, {"planned_count_p50": 5000.0}) == "registered: 6,500 (+30%), adequate"
    )
    assert population_basis._effect(other, {"planned_count_p50": 0.0}) == "registered: 6,500 (+0%), adequate"


# --- needs ----------------------------------------------------------------------------------------


def need(**changes: Any) -> Any:
    own = {"id": "question_1_beds", "question": "1", "kind": "need", "required": "beds_required.total"}
    own |= {"available": "beds_projected.total", "share": "", "unit": Unit("count", "count", 10.0, "1", "个")}
    own |= {"name_en": "beds", "name_zh": "床位", "basis_en": "use", "basis_zh": "使用"}
    return Made(**(own | changes))


def answered(asked: Any, *given: Any, local: bool = True, **more: Any) -> Row:
    known: dict[str, Any] = {"parameters": {"supply.beds_base": Made()}}
    known |= {"local": frozenset(("supply.beds_base",) if local else ())}
    made = case(reading(*(given or (NEED, STOCK))), needs=(asked,), **(known | more))
    (only,) = questions.need_rows([made], [])
    return only


def test_a_need_is_judged_on_the_supply_that_the_trend_brings():
    found = answered(need())
    assert (found.required_p50, found.required_p10) == pytest.approx((2000.0, 1200.0))
    assert found.required_p90 == pytest.approx(2800.0)
    assert found.available_p50 == found.projected_p50 == 350.0
    assert (found.p_enough, found.verdict, found.test) == (0.0, "short", "need")
    assert found.ratio_p50 == pytest.approx(np.median(3500 / (5000 * RISE[1:])))
    assert (found.target_year, found.unit_factor, found.question) == (2025, 10.0, "1")
    assert found.p_enough_mcse
    assert found.reason.startswith("the plan sets no target; the need is 2,000: use; verdict on the supply")
    alone = answered(need(available=""))
    assert (alone.verdict, alone.available_p50, alone.p_enough) == ("no_target", None, None)
    nation = answered(need(), local=False)
    assert (nation.verdict, nation.p_enough, nation.available_p50) == ("national_pattern", None, 350.0)
    plenty = series("beds_projected", "bed_group", total=[9e5, 9e5, 9e5])
    assert answered(need(), NEED, plenty).verdict == "surplus"


def test_more_of_what_staff_can_carry_is_no_surplus_of_care():
    managed = (
        series("managed_required", "programme", x=[1, 2, 3]),
        series("managed_projected", "programme", x=[50, 60, 70]),
    )
    asked = need(required="managed_required.x", available="managed_projected.x")
    assert answered(asked, *managed).verdict == "adequate"


def test_the_norm_of_a_need_stands_beside_it_and_is_a_floor():
    norm = series("beds_required_norm", "bed_group", ONE, total=[1, 300, 1])
    found = answered(need(), NEED, STOCK, norm)
    assert (found.need_norm_p50, found.p_enough_norm, found.verdict_norm) == (30.0, 1.0, "adequate")
    assert "by national norm 30" in found.reason
    assert answered(need(), NEED, STOCK).need_norm_p50 is None
    shared = answered(need(share="plan.x"), NEED, STOCK, norm, plan=plan([0.5]))
    assert shared.need_norm_p50 is None  # of a part of the need there is no norm
    assert shared.required_p50 == pytest.approx(1000.0)


def plan(fractions: list[float | None]) -> Any:
    rows_ = [Made(binding="expected", fraction=f) for f in fractions]
    return Made(id="p", target_year=2025, rows=lambda *_: rows_)


def test_what_the_model_or_the_plan_lacks_is_said():
    assert answered(need(required="huts.total")).reason.startswith("the model has no huts.total")
    lacking = answered(need(share="plan.x"), plan=plan([None]))
    assert lacking.reason.startswith("the model has no plan.x")
    assert lacking.verdict == "not_tested"
    per = need(required="beds_required.total / plan.y")
    assert answered(per, plan=plan([None, 5.0])).required_p50 == pytest.approx(400.0)
    assert answered(per, plan=plan([])).verdict == "not_tested"


def test_needs_are_answered_in_the_target_year_and_the_tested_ones_after_it():
    made = case(reading(NEED, STOCK))
    assert questions._years(made, (2020, 2025, 2030, 2035)) == [2025, 2030]
    assert questions._years(case(reading(NEED), plan=Made(target_year=2035)), (2030, 2040)) == []
    assert questions._years(case(reading(NEED), plan=Made(target_year=2030)), ()) == [2030]
    assert questions._years(case(reading(NEED), plan=Made(target_year=2020)), (2020, 2025)) == [2020, 2025]


def test_what_moves_an_answer_is_its_supply_over_its_need():
    moved = series("beds_required", "bed_group", np.array([1.0, 2, 0, 1, 1, 1]), total=[4000, 5000, 6000])
    swings = Swings("410500", ("a",), ("B",), moved | STOCK)
    made = case(reading(NEED, STOCK), swings=swings)
    found = questions._swung(made, need(), 2025, with_supply=True)
    np.testing.assert_allclose(found, [0.7, 0.35, 0.0, 0.7, 0.7, 0.7])
    np.testing.assert_allclose(
        questions._swung(made, need(), 2025, with_supply=False), 5000 * np.array([1, 2, 0, 1, 1, 1])
    )
    assert questions._swung(made, need(required="huts.x"), 2025, with_supply=True) is None


def test_only_rows_of_the_same_place_and_scenario_tell_what_a_basis_turns():
    people = need(kind="figure", required="population_basis.registered", available="")
    made = case(reading(NEED), needs=(people,))
    ratio = {"indicator_id": "r", "scope": "", "location": "l", "target": "5", "unit": "u", "year": 2025}
    both = [
        ratio | {"basis": "resident", "used": "yes", "verdict": "adequate"},
        ratio | {"basis": "registered", "used": "", "verdict": "short"},
    ]
    for region, scenario, said in (
        ("410500", "reference", True),
        ("410600", "reference", False),
        ("410500", "b", False),
    ):
        table = [b | {"region": region, "scenario": scenario} for b in both]
        (found,) = questions.need_rows([made], table)
        assert ("get another verdict" in found.reason) == said


def test_the_words_of_a_need():
    unit = Unit("hour", "count", 1.0, "1", "小时")
    hours = need(unit=unit, kind="figure")
    assert question_words.reason(hours, 999.96, False, None) == (
        "the plan sets no target; the projection is 1000 hours: use / 规划无目标；预测为1000小时：使用"
    )
    assert "is 12,346 hours" in question_words.reason(hours, 12345.6, True, 5000.0)
    assert "is -2,000 hours" in question_words.reason(hours, -2000.0, True, None)
    for name, shown in (("%", "3%:"), ("count", "3:"), ("person", "3 person:")):
        named = need(unit=Unit(name, "count", 1.0, "1", ""))
        assert f"the need is {shown}" in question_words.reason(named, 3.0, False, None)


def test_ratios_that_turn_are_counted_against_the_one_used_of_the_same_year():
    def on(indicator: str, basis: str, verdict: str, used: str = "", year: int = 2025) -> dict[str, Any]:
        own = {"indicator_id": indicator, "scope": "", "location": "", "target": "", "unit": ""}
        return own | {"basis": basis, "verdict": verdict, "used": used, "year": year}

    table = [
        on("a", "resident", "short", "yes"),
        on("a", "urban", "tight"),
        on("b", "resident", "short", "yes"),
    ]
    table += [on("b", "urban", "short"), on("c", "urban", "tight"), on("a", "urban", "short", year=2030)]
    said = question_words.turned("urban", 2025, table)
    assert "1 of the plan's 3 ratios get another verdict (a short -> tight), " in said
    assert question_words.turned("urban", 2026, table) == ""
    same = question_words.turned("urban", 2025, table[2:4])
    assert "0 of the plan's 1 ratios get another verdict, see" in same


# --- proposals ------------------------------------------------------------------------------------


def proposals(held: Any, there: Any, **figures: Any) -> list[dict[str, Any]]:
    one = row(held=held, target_year=2025, verdict="short", **figures)
    return list(r.rows_of(there, one, (0.8,)))


def test_a_plan_s_own_target_and_the_one_that_holds_with_what_they_take():
    now, better = proposals(target(step=0.005), reading(NEED, STOCK), required_p50=9.0)
    assert (now["p"], now["revised"], now["count_p50"]) == ("plan", pytest.approx(5.0), pytest.approx(5500))
    enough = 5000 * 5 / 1100
    assert (better["p"], better["enough"], better["bound"]) == ("0.8", pytest.approx(enough), "")
    proposed = np.ceil(enough * 100) / 100  # what it takes is that of the target as it is printed
    assert better["proposed"] == pytest.approx(proposed)
    assert better["count_p50"] == pytest.approx(proposed * 1100)
    assert better["net_per_year"] == pytest.approx((proposed * 1100 - 3000) / 5)
    assert (better["kind"], better["target_now"], better["base_year"]) == ("build", pytest.approx(5.0), 2020)
    assert better["revised_mcse"] > 0
    assert better["note"] == ""
    held_at = proposals(target(), reading(NEED, STOCK), required_p50=9.0, floor=99.0)[1]
    assert (held_at["revised"], held_at["bound"]) == (99.0, "floor")
    assert held_at["note"].startswith("held at the national floor")


def test_tested_rows_are_worked_out_on_their_own_scenario_and_place():
    def of(scenario: str, region: str) -> Measures:
        times = {"410500": 1, "410600": 2}[region]
        assert scenario == "reference"
        return reading({"beds_required": times * NEED["beds_required"]}, STOCK).measures

    ready = {"held": target(), "target_year": 2025, "required_p50": 9.0}
    there = [row(verdict="short", **ready), row(verdict="not_tested", **ready)]
    other = replace(row(verdict="short", **ready), region="410600")
    found = list(r.revised_rows(of, [*there, other], (0.8,)))
    assert [(f["region"], f["p"]) for f in found] == [
        ("410500", "plan"),
        ("410500", "0.8"),
        ("410600", "plan"),
        ("410600", "0.8"),
    ]
    assert found[3]["enough"] == pytest.approx(2 * found[1]["enough"])


def test_where_the_stock_is_the_nation_s_the_count_alone_is_told():
    known = proposals(target(), reading(NEED, STOCK), projected_p50=3.0, p_enough_projected=0.5)[1]
    assert known["per_year"] is not None
    unknown = proposals(target(), reading(NEED, STOCK), projected_p50=3.0)[1]
    assert unknown["per_year"] is None
    assert unknown["count_p50"] is not None
    assert "no count of the place's own stock" in unknown["note"]


def test_a_coverage_is_rounded_down_to_what_can_be_carried():
    given = (
        series("managed_required", "programme", x=[100, 200, 300]),
        series("managed_projected", "programme", x=[60, 133.3, 100]),
    )
    covered = series("managed_covered", "programme", x=[50, 90, 95])
    asked = target(
        test="coverage", variable="managed", group="x", goal=0.6, factor=0.01, basis="", unit="%", step=0.5
    )
    _, found = proposals(asked, reading(*given, covered))
    assert (found["enough"], found["proposed"]) == (pytest.approx(66.65), 66.0)
    assert found["note"].startswith("largest coverage that can be carried")
    assert found["kind"] == "cover"
    assert found["per_year"] is None


def test_outcomes_are_rounded_to_the_side_that_is_met_and_shares_end_at_all():
    high, low = (reading(series("daly", by_year=[first, 12.34, 15])) for first in (20, 1))
    asked = target(
        test="outcome", variable="daly", group="", factor=1.0, goal=20.0, basis="", unit="u", step=0.5
    )
    (lower,) = proposals(replace(asked, sense="<="), high)
    assert (lower["enough"], lower["proposed"]) == (pytest.approx(12.34 * 5), 62.0)
    (higher,) = proposals(asked, low)
    assert (higher["enough"], higher["proposed"]) == (pytest.approx(12.34 * 3), 37.0)  # 36.. is no 2 %
    quotient = "nurses_required.total / doctors_required.total"
    share = target(test="share", variable=quotient, group="", goal=0.5, factor=0.01, basis="", unit="%")
    for doctors, proposed in ((100, True), (20, False)):
        there = reading(
            series("nurses_required", "staff_method", total=[20, 19, 40], ratio=[1, 1, 1]),
            series("doctors_required", "staff_method", ONE, total=[10, doctors, 10], ratio=[1, 1, 1]),
        )
        (found,) = proposals(share, there, required_p50=9.0)
        assert (found["proposed"] is not None) == proposed
        assert ("no share is enough" in found["note"]) != proposed


def test_a_rare_count_that_is_not_better_than_today_s_is_not_proposed():
    births = series("births", "newborn_sex", ONE, total=[2e4, 2e4, 2e4])
    rate = series("maternal_mortality", times=ONE, by_year=[1e-4, 1e-4, 1e-4])
    asked = target(test="outcome", variable="maternal_mortality", group="", factor=1e-5, basis="", sense="<=")
    asked = replace(asked, unit="per 100000 live births", goal=1e-4)
    (found,) = proposals(asked, reading(births, rate))
    assert (found["proposed"], found["revised"]) == (None, None)
    assert found["note"].startswith("rare deaths")
    common = replace(asked, unit="per 100000")
    assert proposals(common, reading(births, rate))[0]["proposed"] is not None


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"special": "stress_need"}, "need at the peak"),
        ({"special": "x access_rule"}, "the rule follows from access"),
        ({"verdict": "national_pattern"}, "the nation's pattern"),
        ({"verdict": "no_target"}, "not a target"),
        ({"held": target(stated=False)}, "not a target"),
        ({"held": None}, "asked in words"),
        ({"held": target(variable="huts")}, "the run holds no series"),
    ],
)
def test_where_nothing_is_proposed_the_row_says_why(figures: dict[str, Any], said: str):
    one = row(**({"held": target(), "target_year": 2025, "verdict": "short"} | figures))
    (only,) = r.rows_of(reading(NEED, STOCK), one, (0.8, 0.9))
    assert (only["kind"], only["note"].startswith(said)) == ("none", True)


def test_a_year_after_the_target_s_is_answered_though_it_is_no_target():
    late = row(held=target(), target_year=2025, verdict="no_target", year=2030)
    assert len(list(r.rows_of(reading(NEED, STOCK), late, (0.8,)))) == 2
    grown = target(test="outcome", variable="daly", group="", growth=True, basis="", goal=0.1, factor=0.01)
    (only,) = proposals(grown, reading(series("daly", by_year=[10, 12, 15])))
    assert only["p"] == "0.8"


@pytest.mark.parametrize(
    ("step", "value", "want"),
    [
        (0.005, 5.0, 2),
        (0.0, 5.0, 0),
        (0.5, 5.0, 1),
        (0.5, 50.0, 0),
        (0.5, 49.0, 1),
        (0.5, 0.0, 0),
        (5.0, 1000.0, 0),
    ],
)
def test_digits_are_the_plan_s_or_finer_where_one_is_more_than_a_fiftieth(
    step: float, value: float, want: int
):
    assert r.decimals(target(step=step), value) == want
    assert r.decimals(target(step=0.5), np.inf) == 0


def test_more_digits_are_shown_where_fewer_would_be_worse_than_a_level():
    bound = Bound({"floor": 5.764}, falls=False)
    assert r.on_safe_side(5.764, 2, upward=True, bound=bound) == 5.77
    assert r.on_safe_side(5.764, 2, upward=False, bound=bound) == 5.764
    tight = Bound({"floor": 5.7641231}, falls=False)
    assert r.on_safe_side(5.7641231, 2, upward=False, bound=tight) == 5.77  # no three more digits suffice
    falls = Bound({"floor": 5.7641289}, falls=True)
    assert r.on_safe_side(5.7641289, 2, upward=True, bound=falls) == 5.76
    assert r.on_safe_side(np.inf, 2, upward=True, bound=Bound({}, falls=False)) is None


@pytest.mark.parametrize(("asked", "said"), [((), "none"), ((0.9, 1.5), "1.5"), ((0.0,), "0"), ((1.0,), "1")])
def test_what_is_no_probability_is_told_before_the_folder_is_opened(asked: tuple[float, ...], said: str):
    with pytest.raises(ConfigError, match=rf"--p \| {said} is no probability"):
        r.revise(Path("nowhere"), asked)


def test_rows_are_printed_with_numbers_where_they_are_ones():
    text = r.printed({"enough": 5.5, "p_now": np.nan, "revised": np.inf, "note": "n", "kind": "build"})
    assert (text["enough"], text["p_now"], text["revised"], text["proposed"]) == ("5.5", "", "", "")
    assert (text["note"], text["kind"], text["bound"]) == ("n", "build", "")


def test_costs_take_the_first_revised_target_of_an_item():
    there = reading(NEED, STOCK)
    ready = {"target_year": 2025, "verdict": "short", "required_p50": 9.0}
    rows_ = [
        row(held=target(group="icu"), **ready),
        row(held=target(year=2030), **ready),
        row(held=None, **ready),
        row(held=target(), **ready),
        row(held=target(goal=0.001), **ready),
    ]
    found = revised_targets(there, rows_, 0.8)
    assert set(found) == {"beds"}
    assert found["beds"].goal == pytest.approx(np.ceil(5000 * 5 / 1.1e3) / 1e3)  # whole per 1000, as printed
    assert revised_targets(there, rows_[:3], 0.8) == {}


# --- evidence, knowledge, stores ------------------------------------------------------------------


def record(**changes: Any) -> Any:
    return Made(**({"basis": "measured", "source": "s", "quality": "A", "range": None} | changes))


@pytest.mark.parametrize(
    ("changes", "here", "want"),
    [
        ({"basis": "standard", "source": "healthplan_conventions"}, True, "judgement"),
        ({"basis": "standard"}, True, "published"),
        ({"basis": "derived"}, True, "derived"),
        ({"basis": "assumed"}, True, "judgement"),
        ({}, True, "counted_here"),
        ({}, False, "counted_elsewhere"),
        ({"quality": "B"}, False, "published"),
        ({"basis": "published", "quality": "A"}, True, "counted_elsewhere"),
        ({"basis": "published", "quality": "B"}, True, "published"),
    ],
)
def test_what_a_figure_is_known_by(changes: dict[str, Any], here: bool, want: str):
    assert evidence_of(record(**changes), here=here) == want
    made = case(
        reading(), parameters={"a": Made(record=record(**changes))}, local=frozenset("a" if here else "")
    )
    assert made.kind_of_evidence("a") == want
    if not here:
        nation = case(reading(), region="000000", parameters=made.parameters)
        assert nation.kind_of_evidence("a") == evidence_of(record(**changes), here=True)


def test_what_can_be_found_out_is_no_norm_and_no_future():
    ahead = Made(distribution="ar1")
    known = {
        "a": record(),
        "b": record(basis="standard"),
        "c": record(range=ahead),
        "d": record(range=Made(distribution="normal")),
        "e": record(range=ahead),
    }
    made = case(reading(), parameters={n: Made(record=v) for n, v in known.items()}, countable=frozenset("e"))
    assert [made.can_be_found(n) for n in known] == [True, False, False, True, True]


def test_a_stock_is_known_where_it_is_local_or_of_the_nation_or_none():
    own = {"supply.beds_base": Made()}
    assert not case(reading(), parameters=own).knows_stock("beds", "total")
    assert case(reading(), parameters=own, local=frozenset(own)).knows_stock("beds", "total")
    assert case(reading(), parameters=own, region="000000").knows_stock("beds", "total")
    assert case(reading(), parameters=own).knows_stock("managed", "x")


def test_the_floor_in_force_counts_in_the_target_s_unit():
    def floor(year: int, fraction: float, base: str = "1") -> Any:
        return Made(year=year, fraction=fraction, unit=Made(base=base))

    made = case(reading(), floors={"x": (floor(2020, 0.004), floor(2028, 0.006), floor(2020, 9.0, "person"))})
    asked = target(unit_base="1")
    assert [made.floor(asked, y) for y in (2025, 2028)] == pytest.approx([4.0, 6.0])
    assert made.floor(target(indicator="y"), 2025) is None
    assert made.floor(asked, 2019) is None


def written(values: list[float], names: str = "abc", found: Any = lambda _: True, **figures: Any) -> Row:
    kinds = {"a": "counted_here", "b": "judgement", "c": "derived"}
    swings = Swings("1", tuple(names), tuple("ABC"[: len(names)]), {})
    made = Made(swings=swings, influence=0.01, kind_of_evidence=kinds.__getitem__, can_be_found=found)
    one = row(**figures)
    evidence.write(cast(Case, made), one, np.array(values) if values else None)
    return one


def test_what_moves_an_answer_is_named_strongest_first():
    found = written([100.0, 99.0, 101.0, 100, 105, 98, 100])
    assert found.rests_on == "b (B); c (C); a (A)"  # a moves it by exactly the hundredth that counts
    assert found.grade == "C"
    assert written([100.0, 99.1, 100.9, 100, 105, 98, 100]).rests_on == "b (B); c (C)"
    assert written([]).grade == "A"
    assert written([100.0], names="").grade == "A"
    still = written([100.0] * 7, p_reached=0.4)
    assert (still.grade, still.rests_on, still.share_derived, still.find_first) == ("A", "", None, "")
    endless = written([100.0, np.inf, 100, 100, 150, 100, 100])
    assert endless.rests_on == "a (A); b (B)"  # an infinite ratio is read as none


def test_the_figure_to_find_is_the_largest_that_is_open():
    assert written([10.0, 9, 11, 5, 15, 10, 10]).find_first == "b (96%)"
    assert written([10.0, 5, 15, 9, 11, 10, 10]).find_first == "b (4%)"  # the larger is counted here
    assert written([10.0, 9, 11, 10, 10, 10, 10]).find_first == ""
    assert written([10.0, 9, 11, 5, 15, 10, 10], found=lambda n: n != "b").find_first == ""


def test_series_of_a_file_are_held_as_far_as_there_is_room(monkeypatch):
    one = xr.DataArray(np.ones((1, 1, 3, 4)), {"year": [1, 2, 3]}, ("scenario", "region", "year", "draw"))
    results = xr.Dataset({"a": one, "b": one * 2, "c": one * 3, "t": ("year", [1, 2, 3])})
    held = _Stored(results, 0, 0)
    assert list(held) == ["a", "b", "c"]
    assert len(held) == 3
    assert "t" not in held
    monkeypatch.setattr("sim.adequacy.series._HELD_BYTES", 2 * 96)
    for name in ("a", "b", "a", "c"):
        assert float(held[name][0, 0]) == {"a": 1, "b": 2, "c": 3}[name]
    assert list(held._held) == ["a", "c"]  # what was asked for last
    m = Measures.of(results, 0, 0)
    assert m.years() == []
    assert not m.has("d")


def test_what_a_leaf_of_another_kind_or_year_is():
    m = reading(NEED, series("births", by_year=[9, 8, 7]), series("deaths", by_year=[5, 5, 5])).measures
    assert m.value(parse("beds_required.total", m.known), 2026) is None
    twice = series("visits", "level", a=[1, 2, 3], b=[10, 20, 30])
    more = reading(twice).measures
    np.testing.assert_allclose(more.value(parse("visits.a+b", more.known), 2025), 22 * RISE)
    np.testing.assert_allclose(more.value(parse("visits.*", more.known), 2025), 22 * RISE)
    unknown = series("visits", "level", np.full(DRAWS, np.nan), a=[1, 2, 3])
    assert reading(unknown).measures.value(parse("visits.a", more.known), 2025) is None
    assert m.has("births", "any")
    assert m.has("beds_required")
    assert not m.has("beds_required", "icu")


def test_people_of_the_middle_of_a_year_are_the_mean_of_its_ends():
    coords = {"year": [2020, 2021], "draw": [0, 1]}
    people = xr.DataArray([[100.0, 200.0], [120.0, 220.0]], coords, ("year", "draw"))
    events = xr.DataArray([[8.0, 9.0], [7.0, 9.0]], coords, ("year", "draw"))
    m = Measures(
        {"population_group": people.expand_dims(age_group=["total"]), "births": events, "deaths": events / 2}
    )
    increase = parse("natural_increase", m.known)
    np.testing.assert_allclose(m.value(increase, 2021), [3.5 / 110, 4.5 / 210])
    np.testing.assert_allclose(m.value(increase, 2020), [4 / 100, 4.5 / 200])
    grown = parse("population_increase", m.known)
    np.testing.assert_allclose(m.value(grown, 2021), [20.0, 20.0])
    assert m.value(grown, 2020) is None


def test_rules_count_medians_and_city_districts_are_what_is_no_county():
    found = standards.inputs(reading(NEED, series("births", "newborn_sex", total=[1, 2, 3])).measures, 2025)
    assert found["pop"] == 1.1e6
    assert found["births"] == 8.0
    assert found["pop_urban_districts"] == 1.1e6 - 4e5
    assert "doctors" not in found
    assert standards._years(case(reading(), test_years=(2024, 2025, 2030))) == [2025, 2030]
    early = case(reading(), plan=Made(target_year=2015), test_years=(2018, 2025))
    assert standards._years(early) == [2020, 2025]


def test_shares_of_needs_are_central_values():
    made = case(reading(NEED), needs=(need(share="plan.x"), need()))
    assert questions._shares(made) == {}
