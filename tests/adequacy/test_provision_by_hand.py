"""Each kind of test on series that one can work out: what it holds against what, and in whose unit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made_series import ONE, PEOPLE, RISE, reading, series, target

from sim.adequacy.asked import known, named, unit, value
from sim.adequacy.bounds import bound_of
from sim.adequacy.case import Reading, Swings, nations_alone, stocks_behind
from sim.adequacy.cost import cost_rows, costs, is_costed, paths, sum_of
from sim.adequacy.covered import capacity, reached, whole, workload
from sim.adequacy.effort import (
    NO_LEAVERS,
    NOT_COUNTED,
    NOT_MODELLED,
    Effort,
    effort,
    from_no_stock,
    leaving_rates,
    yearly_inflow,
)
from sim.adequacy.kinds import kind_of
from sim.adequacy.outcome import expected
from sim.adequacy.poisson import RateMeets, rate_met
from sim.adequacy.provided import Provided, need_by_norm, needed
from sim.adequacy.series import expression
from sim.adequacy.standing import Standing
from sim.adequacy.sufficient import quantile_of, rate_reached, rate_with, rounded
from sim.draws import quantile_mcse, sampled
from sim.saved.row import Row

NEED = series(
    "beds_required", "bed_group", total=[4000, 5000, 6000], icu=[90, 100, 110], icu_normal=[40, 50, 60]
)
STOCK = series("beds_projected", "bed_group", total=[3000, 3500, 3600], icu=[30, 35, 36])
NORM = series("beds_required_norm", "bed_group", total=[4500, 5500, 5600])


# --- provision ----------------------------------------------------------------------------------


def test_a_ratio_is_on_the_people_of_its_year_and_its_path_is_straight():
    asked = target()
    found = kind_of(asked).standing(reading(NEED, STOCK, NORM), asked, 2025)
    assert found is not None
    np.testing.assert_allclose(found.available, 0.005 * 1.1e6)
    np.testing.assert_allclose(found.required, 5000 * RISE)
    np.testing.assert_allclose(found.projected, 3500 * RISE)
    np.testing.assert_allclose(found.norm, 5500 * RISE)
    np.testing.assert_allclose(found.shown(found.available), 5.0)
    assert found.hidden == 0.0
    later = replace(asked, year=2030)
    way = kind_of(later).standing(reading(NEED, STOCK), later, 2025)
    assert way is not None
    np.testing.assert_allclose(way.available, (3000 * RISE + 0.005 * 0.9e6) / 2)
    assert way.norm is None
    held = kind_of(asked).standing(reading(NEED, STOCK), asked, 2030)
    assert held is not None
    np.testing.assert_allclose(held.available, 0.005 * 0.9e6)
    for after, want in (("hold_count", 5500 * ONE), ("trend", 5500 + 100 * RISE)):
        there = reading(NEED, STOCK, after_target=after)
        np.testing.assert_allclose(kind_of(asked).planned(there, asked, 2030), want)  # type: ignore[attr-defined]


def test_a_path_that_was_asked_for_is_that_of_its_own_target_and_reading():
    asked = target()
    there, test = reading(NEED, STOCK), kind_of(asked)
    assert isinstance(test, Provided)
    for goal in (0.005, 0.006, 0.005):
        own = replace(asked, goal=goal)
        np.testing.assert_allclose(test.planned(there, own, 2030), goal * 0.9e6)
        np.testing.assert_allclose(test.planned(there, own, 2025), goal * 1.1e6)
    after = replace(there, after_target="hold_count")
    np.testing.assert_allclose(test.planned(after, own, 2030), 0.005 * 1.1e6)
    other = replace(there, measures=reading(NEED, STOCK, {n: 2 * a for n, a in PEOPLE.items()}).measures)
    np.testing.assert_allclose(test.planned(other, own, 2030), 2 * 0.005 * 0.9e6)
    np.testing.assert_allclose(test.planned(there, own, 2030), 0.005 * 0.9e6)


def test_a_count_is_its_number_and_an_inverse_ratio_people_over_it():
    count = target(test="count", goal=5600.0, factor=100.0, basis="")
    found = kind_of(count).standing(reading(NEED, STOCK), count, 2025)
    assert found is not None
    np.testing.assert_allclose(found.available, 5600.0)
    np.testing.assert_allclose(found.shown(found.available), 56.0)
    assert found.people is None
    inverse = target(goal=200.0, factor=1.0, scale="inverse")
    turned = kind_of(inverse).standing(reading(NEED, STOCK), inverse, 2025)
    assert turned is not None
    np.testing.assert_allclose(turned.available, 1.1e6 / 200)
    np.testing.assert_allclose(turned.shown(turned.required), 1.1e6 / (5000 * RISE))
    assert not kind_of(inverse).rises(inverse)
    assert kind_of(count).rises(count)


def test_of_beds_that_an_epidemic_fills_the_normal_year_is_the_need():
    m = reading(NEED, STOCK).measures
    np.testing.assert_allclose(needed(m, target(group="icu"), 2025), 50 * RISE)
    np.testing.assert_allclose(needed(m, target(group=""), 2025), 5000 * RISE)
    assert needed(m, target(variable="huts"), 2025) is None


def test_what_is_held_has_no_trend_and_a_need_by_norm_alone_hides_half_a_digit():
    only = series("beds_required", "bed_group", infectious=[400, 500, 600])
    norm = series("beds_required_norm", "bed_group", infectious=[400, 500, 600])
    stock = series("beds_projected", "bed_group", infectious=[1, 2, 3])
    asked = target(group="infectious", step=0.05)
    found = kind_of(asked).standing(reading(only, norm, stock), asked, 2025)
    assert found is not None
    assert found.projected is None
    np.testing.assert_allclose(found.hidden, 0.05 * 0.001 * 1.1e6)
    pair = kind_of(asked).pair(reading(only, norm, stock), asked, 2025)
    assert pair is not None
    np.testing.assert_allclose(pair[1], 0.005 * 1.1e6 + 55)
    other = series("beds_required_norm", "bed_group", infectious=[400, 501, 600])
    used = kind_of(asked).standing(reading(only, other, stock), asked, 2025)
    assert used is not None
    assert used.hidden == 0.0


def test_staff_have_their_norm_as_a_method():
    m = reading(series("nurses_required", "staff_method", total=[1, 2, 3], ratio=[4, 5, 6])).measures
    np.testing.assert_allclose(need_by_norm(m, "nurses", "total", 2025), 5 * RISE)
    assert need_by_norm(m, "childcare_slots", "total", 2025) is None
    assert need_by_norm(m, "huts", "total", 2025) is None
    assert kind_of(target(variable="nurses")).effort == "recruit"
    assert kind_of(target()).effort == "build"


def test_the_target_that_holds_is_found_in_the_plan_s_unit():
    asked = target()
    find = kind_of(asked).find(reading(NEED), asked, 2025)
    assert find is not None
    assert find(0.8)[0] == pytest.approx(5000 * 5 / 1100)
    inverse = target(goal=200.0, factor=1.0, scale="inverse")
    largest = kind_of(inverse).find(reading(NEED), inverse, 2025)
    assert largest is not None
    assert largest(0.8)[0] == pytest.approx(1.1e6 / (5000 * 5))
    assert kind_of(asked).find(reading(STOCK), asked, 2025) is None
    assert kind_of(asked).standing(reading(STOCK), asked, 2025) is None


# --- access -------------------------------------------------------------------------------------

FLEET = series("ambulances_projected", "ambulance_group", ONE, total=[20, 30, 40])


@pytest.mark.parametrize(
    ("goal", "step", "met"), [(9e4, 0, 1), (4e4, 0, 0), (6.3e4, 600, 1), (6.3e4, 300, 0)]
)
def test_a_fleet_is_shared_out_by_the_people_that_the_rule_counts(goal: float, step: float, met: float):
    """30 vehicles for 0.7 m and three times 0.4 m: one for 63,333 of the 1.1 m as the rule counts."""
    people = [1e6, 1.1e6, 1e6], [4e5, 4e5, 4e5], [1.2e6, 1.2e6, 1.2e6]
    of = dict(zip(("resident", "county", "county x3"), people, strict=True))
    weighted = series("population_basis", "basis", ONE, **of)
    asked = target(test="access", variable="ambulances", goal=goal, factor=1.0, scale="inverse", step=step)
    found = kind_of(asked).standing(reading(FLEET, weighted), asked, 2025)
    assert found is not None
    here = 30 * 1.1e6 / (1.1e6 - 4e5 + 1.2e6)
    np.testing.assert_allclose(found.available, here)
    np.testing.assert_allclose(found.planned, 1.1e6 / goal)
    np.testing.assert_allclose(found.p_meets, met)
    np.testing.assert_allclose(found.shown(found.available), 1.1e6 / here)
    straight = replace(asked, scale="", goal=1.5e-5, factor=1e-5)
    plain = kind_of(straight).standing(reading(FLEET, weighted), straight, 2025)
    assert plain is not None
    np.testing.assert_allclose(plain.p_meets, here / 1.1e6 >= 1.5e-5)
    assert kind_of(asked).standing(reading(), asked, 2025) is None
    assert kind_of(asked).find(reading(FLEET), asked, 2025) is None
    assert kind_of(asked).pair(reading(FLEET), asked, 2025) is None


# --- coverage -----------------------------------------------------------------------------------

WHOLE = series("managed_required", "programme", x=[100, 200, 300])
REACHED = series("managed_covered", "programme", x=[50, 90, 95])
MOST = series("managed_projected", "programme", x=[60, 120, 100])
COVER = target(test="coverage", variable="managed", group="x", goal=0.6, factor=0.01, basis="", unit="%")


def test_a_coverage_is_a_share_or_a_number_of_those_to_be_reached():
    there = reading(WHOLE, REACHED, MOST)
    found = kind_of(COVER).standing(there, COVER, 2025)
    assert found is not None
    np.testing.assert_allclose(found.shown(found.available), 45.0)
    np.testing.assert_allclose(found.load, 0.6 * 200 * RISE)
    np.testing.assert_allclose(found.capacity, 120 * RISE)
    np.testing.assert_allclose(found.p_meets, 0.0)
    count = replace(COVER, counted=True, goal=500.0, factor=100.0)
    np.testing.assert_allclose(workload(count, 200 * RISE), 500.0)
    np.testing.assert_allclose(
        workload(replace(count, stated=False), 200 * RISE), np.minimum(500, 200 * RISE)
    )
    counted = kind_of(count).standing(there, count, 2025)
    assert counted is not None
    np.testing.assert_allclose(counted.shown(counted.available), 0.9 * RISE)
    np.testing.assert_allclose(counted.p_meets, 90 * RISE >= 500)
    nobody = series("managed_required", "programme", np.array([1.0, 1, 1, 0, 1, 1]), x=[100, 200, 300])
    assert kind_of(COVER).standing(reading(nobody, REACHED), COVER, 2025) is None
    few = series("managed_required", "programme", ONE / 1000, x=[100, 200, 300])
    assert kind_of(COVER).standing(reading(few, REACHED), COVER, 2025) is not None  # a fifth of a person
    assert kind_of(count).standing(reading(nobody, REACHED), count, 2025) is not None
    assert "no managed x / " in kind_of(COVER).untested(reading(REACHED), COVER, 2025)
    assert "no managed x / " in kind_of(COVER).untested(there, COVER, 2025)


def test_the_largest_coverage_is_what_can_be_carried():
    there = reading(WHOLE, REACHED, MOST)
    find = kind_of(COVER).find(there, COVER, 2025)
    assert find is not None
    assert find(0.8)[0] == pytest.approx(60.0)
    assert kind_of(COVER).find(reading(WHOLE, REACHED), COVER, 2025) is None
    assert kind_of(COVER).find(reading(MOST), COVER, 2025) is None
    nobody = series("managed_required", "programme", np.array([1.0, 0, 2, 3, 4, 5]), x=[100, 200, 300])
    none = kind_of(COVER).find(reading(nobody, MOST), COVER, 2025)
    assert none is not None
    assert none(0.99)[0] == pytest.approx(100 * 120 * 6 / (200 * 5))  # of nobody any share can be carried
    pair = kind_of(COVER).pair(there, COVER, 2025)
    assert pair is not None
    np.testing.assert_allclose(pair, [120 * RISE, 120 * RISE])
    assert kind_of(COVER).pair(there, replace(COVER, year=2030), 2025) is None
    assert kind_of(COVER).pair(reading(WHOLE), COVER, 2025) is None


def test_whom_a_coverage_is_of():
    m = reading(WHOLE, REACHED, MOST, series("cases", "cause", x=[7, 8, 9])).measures
    np.testing.assert_allclose(whole(m, replace(COVER, scale="per population"), 2025), 1.1e6)
    np.testing.assert_allclose(
        whole(m, replace(COVER, group="x_visits", scale="visits per patient"), 2025), 200 * RISE
    )
    assert whole(m, replace(COVER, group="x_visits"), 2025) is None
    np.testing.assert_allclose(whole(m, replace(COVER, variable="cases"), 2025), 8 * RISE)
    assert capacity(m, replace(COVER, variable="cases"), 2025) is None
    np.testing.assert_allclose(reached(m, COVER, 2030), 95 * RISE)


# --- outcomes -----------------------------------------------------------------------------------


def test_an_outcome_is_its_value_or_its_growth_since_the_base_year():
    rate = series("daly", by_year=[10, 12, 15])
    asked = target(test="outcome", variable="daly", group="", factor=2.0, goal=24.0, basis="", unit="u")
    found = kind_of(asked).standing(reading(rate), asked, 2025)
    assert found is not None
    np.testing.assert_allclose(found.shown(found.available), 6 * RISE)
    np.testing.assert_allclose(found.p_meets, RISE >= 2)
    grown = replace(asked, growth=True)
    np.testing.assert_allclose(expected(reading(rate).measures, grown, 2025), 0.2)
    later = replace(grown, year=2030, since=2025)  # a plan of 2025 in a run whose census is of 2020
    np.testing.assert_allclose(expected(reading(rate).measures, later, 2030), 0.25)
    assert expected(reading().measures, grown, 2025) is None
    assert kind_of(asked).standing(reading(), asked, 2025) is None


@pytest.mark.parametrize(("sense", "slack"), [("<=", 1), (">=", -1), ("<", 0), (">", 0)])
def test_rare_deaths_are_counted_with_what_the_plan_s_rounding_hides(sense: str, slack: int):
    births = series("births", "newborn_sex", ONE, total=[2e4, 2e4, 2e4])
    rate = series("maternal_mortality", by_year=[1e-4, 1e-4, 1e-4])
    asked = target(
        test="outcome", variable="maternal_mortality", group="", factor=1e-5, basis="", sense=sense
    )
    asked = replace(asked, unit="per 100000 live births", goal=1e-4, step=4.0)
    found = kind_of(asked).standing(reading(births, rate), asked, 2025)
    assert found is not None
    want = rate_met(sense, 1e-4 + slack * 4e-5, 1e-4 * RISE, 2e4 * ONE)
    np.testing.assert_allclose(found.p_meets, want)


def test_the_most_deaths_that_meet_a_rate_are_counted_with_or_without_the_limit_itself():
    births, rate = np.array([1000.0]), np.array([0.004])
    p = np.exp(-4.0) * np.cumsum([4.0**k / np.prod(range(1, k + 1)) for k in range(8)])
    for sense, goal, want in (
        ("<=", 0.003, p[3]),
        ("<", 0.003, p[2]),
        ("<", 0.0035, p[3]),
        (">=", 0.003, 1 - p[3]),
        (">", 0.003, 1 - p[3]),
        ("<", 0.0, 0.0),
        ("<=", 0.0, p[0]),
    ):
        assert rate_met(sense, goal, rate, births)[0] == pytest.approx(want), (sense, goal)
        met = RateMeets(sense, rate, births)
        assert met.by_draw(goal)[0] == met.by_draw(goal)[0] == met.share(goal) == pytest.approx(want)


def test_the_strictest_rate_is_found_from_either_side():
    met = lambda goal: goal  # noqa: E731
    assert rate_with(met, 0.3, start=0.01, lower=True) == pytest.approx(0.3)
    fall = lambda goal: 1.0 - goal  # noqa: E731
    assert rate_with(fall, 0.3, start=0.01, lower=False) == pytest.approx(0.7)
    assert rate_with(lambda _: 0.9, 0.9, start=1.0, lower=True) == 0.0
    assert rate_with(met, 0.3, start=0.0, lower=True) == pytest.approx(0.3)
    step = lambda goal: float(goal >= 0.25)  # noqa: E731
    found = rate_with(step, 0.5, start=0.25, lower=True)
    assert 0.25 <= found <= 0.25 * (1 + 2e-9)  # the side that is met


def test_rates_below_one_death_ask_the_same_of_the_largest_year():
    births, rate = np.array([1000.0, 500.0]), np.array([1e-7, 1e-7])
    below = rate_reached("<", 1e-5, rate, births)(0.5)
    assert below[0] >= 1 / (1000 * 1e-5)
    at = rate_reached("<=", 1e-5, rate, births)(0.5)
    assert at == (0.0, 0.0)
    rate = np.array([0.01, 0.012])
    value_, error = rate_reached("<=", 1e-3, rate, births)(0.8)
    found = np.mean(rate_met("<=", value_ * 1e-3, rate, births))
    assert 0.8 <= found < 0.85
    assert error > 0
    most, _ = rate_reached(">=", 1e-3, rate, births)(0.8)
    assert np.mean(rate_met(">=", most * 1e-3, rate, births)) >= 0.8
    assert most < value_


def test_a_quantile_says_how_sure_it_is():
    values = np.array([99.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    for p, largest in ((0.8, False), (0.8, True)):
        found, error = quantile_of(values, largest=largest)(p)
        assert found == (3.0 if largest else 8.0)
        assert error == pytest.approx(float(quantile_mcse(sampled(values), 0.2 if largest else 0.8)))
    assert quantile_of(np.array([5.0, 7.0]), largest=False)(0.9) == (7.0, 0.0)


@pytest.mark.parametrize(
    ("value_", "places", "upward", "want"),
    [
        (5.761, 2, True, 5.77),
        (5.769, 2, False, 5.76),
        (5.76, 2, True, 5.76),
        (5.760000001, 2, True, 5.76),  # what a stored figure may be off
        (5.7600001, 2, True, 5.76),
        (5.76001, 2, True, 5.77),
        (5.75999, 2, False, 5.75),
        (5.7599999, 2, False, 5.76),
        (-1.5, 0, True, -1.0),
        (-1.5, 0, False, -2.0),
        (np.inf, 2, True, None),
        (np.nan, 2, False, None),
    ],
)
def test_rounding_is_to_the_safe_side(value_: float, places: int, upward: bool, want: float | None):
    assert rounded(value_, places, upward=upward) == want


# --- shares -------------------------------------------------------------------------------------


def test_a_share_is_a_quotient_of_needs_with_a_norm_and_a_trend_of_its_own():
    nurses = series("nurses_required", "staff_method", total=[20, 30, 40], ratio=[9, 8, 7])
    doctors = series("doctors_required", "staff_method", ONE, total=[10, 10, 10], ratio=[3, 4, 5])
    there = reading(
        nurses,
        doctors,
        series("nurses_projected", "staff_method", total=[5, 6, 7]),
        series("doctors_projected", "staff_method", ONE, total=[2, 3, 4]),
    )
    asked = target(
        test="share",
        variable="nurses_required.total / doctors_required.total",
        group="",
        goal=1.2,
        factor=1.0,
        basis="",
        unit="1",
    )
    found = kind_of(asked).standing(there, asked, 2025)
    assert found is not None
    np.testing.assert_allclose(found.required, 3 * RISE)
    np.testing.assert_allclose(found.available, 1.2)
    np.testing.assert_allclose(found.projected, 2 * RISE)
    np.testing.assert_allclose(found.norm, 2 * RISE)
    percent = replace(asked, factor=0.01, unit="%")
    find = kind_of(percent).find(there, percent, 2025)
    assert find is not None
    assert find(0.8)[0] == pytest.approx(100 * 3 * 5)
    pair = kind_of(asked).pair(there, asked, 2025)
    assert pair is not None
    np.testing.assert_allclose(pair[0], 3 * RISE)
    assert kind_of(asked).pair(there, asked, 2020) is None
    assert kind_of(asked).pair(reading(), asked, 2025) is None
    assert kind_of(asked).find(reading(), asked, 2025) is None
    plain = replace(asked, variable="nurses_required.total")
    alone = kind_of(plain).standing(there, plain, 2025)
    assert alone is not None
    assert alone.norm is None


# --- what is asked of a target --------------------------------------------------------------------


def test_what_can_be_asked_and_what_it_is():
    asked = target()
    plan, need, trend = (
        np.array([9.0, 100, 100, 100]),
        np.array([9.0, 80, 125, 0]),
        np.array([9.0, 99, 100, 101]),
    )
    one = Standing(plan, need, trend, per=np.full(4, 10.0))
    assert known(one) == ("required", "available", "ratio", "gap", "enough", "projected", "reached")
    assert known(Standing(plan, need)) == ("required", "available", "ratio", "gap", "enough")
    outcome = Standing(plan, p_meets=np.array([0.1, 0.2, 0.3, 0.4]))
    assert known(outcome) == ("available", "reached")
    assert known(replace(outcome, capacity=plan)) == ("available", "reached", "capacity")
    for name, want in {
        "required": need / 10,
        "available": plan / 10,
        "projected": trend / 10,
        "ratio": np.array([1.0, 1.25, 0.8, np.nan]),
        "gap": plan - need,
        "enough": np.array([1.0, 1, 0, 1]),
        "reached": np.array([1.0, 0, 1, 1]),
    }.items():
        np.testing.assert_allclose(value(asked, one, name), want, err_msg=name)
    np.testing.assert_allclose(value(asked, outcome, "reached"), [0.1, 0.2, 0.3, 0.4])
    carried = replace(outcome, capacity=plan, per=np.full(4, 2.0))
    np.testing.assert_allclose(value(asked, carried, "capacity"), plan / 2)
    assert [unit(asked, a) for a in ("ratio", "enough", "reached", "required", "gap")] == [
        "1",
        "1",
        "1",
        "per 1000",
        "bed",
    ]
    assert unit(target(variable="daly"), "gap") != "1"
    assert unit(target(variable="huts"), "gap") == "1"


def test_names_of_targets_tell_scopes_and_seconds_apart():
    from types import SimpleNamespace as Made

    def stated(id_: str, scope: str = "", has: bool = True) -> Any:
        return Made(target=target() if has else None, statement=Made(row=Made(id=id_, scope=scope)))

    found = [
        stated("a"),
        stated("a"),
        stated("b", "urban area"),
        stated("b", "county"),
        stated("c", "all"),
        stated("d", has=False),
    ]
    assert list(named(found)) == ["a", "a.2", "b.urban_area", "b.county", "c"]
    assert list(named([stated("a")] * 3)) == ["a", "a.2", "a.3"]


# --- effort -------------------------------------------------------------------------------------


def test_an_inflow_reaches_the_count_with_what_leaves_replaced():
    found = yearly_inflow(100.0, 130.0, 3, [0.1, 0.2, 0.05])
    stock = 100.0
    for rate in (0.1, 0.2, 0.05):
        stock = stock * (1 - rate) + found.total
    assert stock == pytest.approx(130.0)
    assert found.net == 10.0
    assert found.replacement == pytest.approx(found.total - 10.0)
    plain = yearly_inflow(100.0, 130.0, 3, None)
    assert (plain.net, plain.replacement, plain.total) == (10.0, None, 10.0)


NURSES = series("nurses_required", "staff_method", total=[20, 30, 40]) | series(
    "nurses_projected", "staff_method", ONE, total=[1000, 900, 800]
)
SEEN = target(variable="nurses", group="", goal=0.001, since=2020)


def yearly() -> dict[str, Any]:
    """Staff and who leaves of them in each year 2020..2025."""
    import xarray as xr

    years = list(range(2020, 2026))
    coords = {"year": years, "draw": range(6)}
    staff = xr.DataArray((1000 - 20 * np.arange(6))[:, None] * ONE, coords, ("year", "draw"))
    leave = xr.DataArray((40 + 2 * np.arange(6))[:, None] * RISE, coords, ("year", "draw"))
    people = xr.DataArray(np.full((6, 6), 1e6), coords, ("year", "draw"))
    return {
        "nurses_projected": staff.expand_dims(staff_method=["total"]),
        "nurses_required": (staff * 0 + 1200).expand_dims(staff_method=["total"]),
        "staff_leavers": leave.expand_dims(cadre=["nurses"]),
        "population_group": people.expand_dims(age_group=["total"]),
        "population_basis": people.expand_dims(basis=["resident"]),
    }


def test_recruitment_replaces_those_who_leave_in_each_year_since_the_plan_s_base():
    there = reading(yearly())
    rates = leaving_rates(there.measures, "nurses", "total", 2025)
    want = [np.median(((40 + 2 * t) * RISE / (1000 - 20 * (t - 1)))[1:]) for t in range(1, 6)]
    assert rates == pytest.approx(want)
    assert leaving_rates(there.measures, "nurses", "total", 2025, 2022) == pytest.approx(want[2:])
    assert leaving_rates(there.measures, "nurses", "total", 2023) == pytest.approx(want[:3])
    assert leaving_rates(there.measures, "nurses", "wisn", 2025) is None
    assert leaving_rates(there.measures, "gps", "total", 2025) is None
    found = effort(there, replace(SEEN, year=2025, since=2022), 2025, 1.1)
    inflow = yearly_inflow(960.0, 1100.0, 3, want[2:])
    assert found == Effort(
        pytest.approx(1100.0),
        1200.0,
        960.0,
        pytest.approx(inflow.net),
        pytest.approx(inflow.replacement),
        pytest.approx(inflow.total),
        "",
    )
    assert effort(there, SEEN, 2025, 1.1, since=2024).stock == 920.0


def test_an_effort_says_what_it_does_not_know():
    assert effort(reading(NURSES), target(test="outcome", basis=""), 2025, 1.0) == Effort()
    assert effort(
        reading(series("nurses_required", "staff_method", total=[20, 30, 40])), SEEN, 2025, 1.0
    ).note.startswith("no known stock")
    same = effort(reading(NURSES), replace(SEEN, year=2020), 2020, 1.0)
    assert same.stock == 1000.0
    assert same.note.startswith("the target year is the base year")
    assert effort(reading(NURSES), SEEN, 2025, 1.0).note == NOT_MODELLED
    gone = yearly()
    gone["nurses_projected"] = gone["nurses_projected"] * 0
    assert effort(reading(gone), SEEN, 2025, 1.0).note == NO_LEAVERS
    beds = effort(reading(NEED, STOCK), target(), 2025, 5.0)
    assert beds.note == ""
    assert beds.replacement is None
    assert beds.count == pytest.approx(5500.0)
    assert from_no_stock(beds) == Effort(beds.count, beds.required, note=NOT_COUNTED)


def test_the_count_that_a_figure_means():
    there = reading(NEED, STOCK, WHOLE, REACHED, MOST)
    inverse = target(goal=200.0, factor=1.0, scale="inverse")
    assert effort(there, inverse, 2025, 250.0).count == pytest.approx(1.1e6 / 250)
    assert effort(there, target(test="count", basis="", factor=10.0), 2025, 7.0).count == 70.0
    share = effort(there, COVER, 2025, 50.0)
    assert share.count == pytest.approx(np.median(0.5 * 200 * RISE[1:]))
    assert share.required is None
    assert effort(there, replace(COVER, counted=True, factor=100.0), 2025, 3.0).count == 300.0


# --- bounds, knowledge, costs -----------------------------------------------------------------------


def row(**figures: Any) -> Row:
    return Row("p", "410500", "reference", "x", "zh", "en", 2025, "per 1000", **figures)


def test_a_proposal_is_not_worse_than_what_there_is():
    there = reading(NEED, STOCK, NORM)
    found = bound_of(there, target(), row(baseline_value=2.9, floor=4.0, need_norm_p50=5.5))
    assert found.levels == pytest.approx({"baseline": 2.9, "floor": 4.0, "present": 3 * 4.0, "norm": 5.5})
    assert not found.falls
    pattern = bound_of(there, target(), row(need_norm_p50=5.5, special="own_share norm_pattern"))
    assert set(pattern.levels) == {"present"}
    outcome = target(test="outcome", variable="daly", group="", factor=2.0, basis="", sense="<=")
    daly = reading(series("daly", by_year=[10, 12, 15]))
    lower = bound_of(daly, outcome, row(need_norm_p50=5.5))
    assert lower.levels == pytest.approx({"present": 10 * 4 / 2})
    assert lower.falls
    assert bound_of(daly, replace(outcome, growth=True), row()).levels == {}
    later = replace(outcome, year=2030, since=2025)  # today is the plan's base year, not the census
    assert bound_of(daly, later, row()).levels == pytest.approx({"present": 12 * 4 / 2})


def test_a_reading_reads_an_unstated_basis_as_it_is_told():
    there = reading(unstated_basis="registered")
    assert there.basis(target(basis="unstated")) == "registered"
    assert there.basis(target(basis="resident")) == "resident"
    np.testing.assert_allclose(there.people(target(basis="unstated"), 2025), 1.3e6)
    assert Reading(there.measures).basis(target(basis="unstated")) == "resident"


def test_swings_are_the_larger_of_both_sides_over_the_centre():
    swings = Swings("1", ("a", "b"), ("A", "B"), series("daly", by_year=[1, 2, 3]) | STOCK)
    np.testing.assert_allclose(swings.relative(np.array([-2.0, -3.0, -1.5, -2.0, -2.2])), [0.5, 0.1])
    np.testing.assert_allclose(swings.relative(np.array([0.0, 0.5, -0.7, 0.0, 0.0])), [0.7, 0.0])
    np.testing.assert_allclose(swings.at("daly", None, 2025), 2 * RISE)
    np.testing.assert_allclose(swings.at("beds_projected", "icu", 2025), 35 * RISE)


def test_the_stocks_behind_a_text():
    assert list(stocks_behind("beds_projected.icu / beds", "total")) == [
        "supply.icu_beds_base",
        "supply.beds_base",
    ]
    assert list(stocks_behind("beds", "infectious")) == ["supply.infectious_beds_base"]
    assert list(stocks_behind("nurses_available", "total")) == ["supply.nurses_base"]
    assert list(stocks_behind("care_beds_required", "icu")) == ["supply.care_beds_base"]


def test_costs_are_of_what_is_added_to_the_largest_stock_so_far():
    beds = np.array([[100.0, 100], [90, 120], [130, 110], [130, 150]])
    doctors, gps = np.full((4, 2), 50.0), np.array([[20.0, 60]] * 4)
    stocks = {"beds": beds, "doctors": doctors, "gps": gps}
    build, pay = (
        {"beds": np.array([2.0, 3.0])},
        {"beds": np.array([1.0, 1.0]), "doctors": np.array([10.0, 10.0])},
    )
    found = costs(stocks, build, pay)
    np.testing.assert_allclose(found["beds"]["capital"], [[0, 0], [0, 60], [60, 0], [0, 90]])
    np.testing.assert_allclose(found["beds"]["yearly"], beds)
    np.testing.assert_allclose(found["beds"]["yearly_more"], beds - 100)
    np.testing.assert_allclose(found["doctors"]["yearly"], [[300, 0]] * 4)
    assert found["gps"] == {}
    np.testing.assert_allclose(found["total"]["yearly"], beds + [[300, 0]] * 4)
    np.testing.assert_allclose(found["total"]["capital"], found["beds"]["capital"])
    later = costs(stocks, build, pay, since=2)
    np.testing.assert_allclose(later["beds"]["capital"], [[0, 0], [0, 0], [0, 0], [0, 120]])
    np.testing.assert_allclose(later["beds"]["yearly_more"], beds - beds[2])
    np.testing.assert_allclose(costs({"doctors": doctors}, {}, pay)["doctors"]["yearly"], 500.0)
    np.testing.assert_allclose(sum_of([beds, beds]), 2 * beds)


def test_rows_of_costs_are_in_hundred_million_of_the_sampled_draws():
    drawn = np.array([[9e8, 1e8, 2e8, 3e8]])
    (only,) = cost_rows("r", "s", "plan", [2025], {"beds": {"capital": drawn}})
    assert (only["p10"], only["p50"], only["p90"], only["mean"]) == ("1.2", "2", "2.8", "2")
    assert (only["item"], only["cost"], only["year"], only["unit"]) == ("beds", "capital", 2025, "CNY 100m")


def test_stocks_are_of_one_side_and_a_target_takes_the_place_of_its_own():
    there = reading(NEED, STOCK, series("nurses_projected", "staff_method", total=[1, 2, 3]))
    found = paths(there, "projected")
    assert set(found) == {"beds", "nurses"}
    np.testing.assert_allclose(found["nurses"], np.outer([1, 2, 3], RISE))
    assert paths(there, "available") == {}
    planned = paths(there, "projected", {"beds": target()})
    np.testing.assert_allclose(planned["beds"][1], 5500.0)
    assert is_costed(target())
    assert is_costed(target(group=""))
    for other in (
        target(group="icu"),
        target(variable="ambulances"),
        target(test="access"),
        target(test="outcome"),
    ):
        assert not is_costed(other)


def test_what_is_not_there_is_none():
    m = reading(NEED).measures
    assert expression(m, "beds_required.total", "", 2024) is None
    assert expression(m, "huts", "", 2025) is None
    np.testing.assert_allclose(expression(m, "beds_required", "total", 2025), 5000 * RISE)


def test_only_a_decline_to_the_nation_s_pattern_leaves_nothing_of_the_place():
    from types import SimpleNamespace as Made

    def rule(effect: str, name: str) -> Any:
        return Made(effect=effect, rule=name)

    assert nations_alone([rule("mark", "x"), rule("decline", "national_pattern")])
    assert not nations_alone([rule("mark", "national_pattern"), rule("decline", "no_target")])
    assert not nations_alone([])
