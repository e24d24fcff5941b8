"""What each kind of test answers from a few made series: in the plan's own unit, or that it has no answer."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from sim.adequacy import population_basis, questions
from sim.adequacy.case import Case, Reading
from sim.adequacy.effort import Effort, effort
from sim.adequacy.indicators import first_short_year
from sim.adequacy.kinds import kind_of
from sim.adequacy.series import Measures
from sim.adequacy.standing import meets
from sim.catalogue.bases import UNSTATED
from sim.catalogue.verdicts import JUDGED
from sim.draws import sampled
from sim.plan.targets import Target
from sim.plan.vocabulary import Unit
from sim.saved.row import Row

YEARS, DRAWS = [2020, 2025, 2030], 6
RISE = np.arange(1.0, DRAWS + 1)  # another value in every draw


def series(name: str, *by_year: float, dim: str = "", group: str = "", times: Any = RISE) -> Any:
    """A series of the run that is `by_year` times the draw's own factor."""
    values = np.array(by_year)[:, None] * times
    coords: dict[str, Any] = {"year": YEARS, "draw": range(DRAWS)}
    if not dim:
        return {name: xr.DataArray(values, coords, ("year", "draw"))}
    return {name: xr.DataArray(values[:, None], coords | {dim: [group]}, ("year", dim, "draw"))}


def reading(*given: dict[str, xr.DataArray]) -> Reading:
    people = series("population_group", 1e6, 1e6, 1e6, dim="age_group", group="total", times=np.ones(DRAWS))
    basis = series("population_basis", 1e6, 1.1e6, 0.9e6, dim="basis", group="resident", times=np.ones(DRAWS))
    return Reading(Measures(people | basis | {n: a for some in given for n, a in some.items()}))


def target(**changes: Any) -> Target:
    """Beds per 1000 residents in 2025."""
    known: dict[str, Any] = {
        "indicator": "x",
        "scope": "",
        "test": "ratio",
        "variable": "beds",
        "group": "total",
        "scale": "",
        "goal": 0.005,
        "year": 2025,
        "sense": ">=",
        "unit": "per 1000",
        "factor": 0.001,
        "basis": "resident",
    }
    return Target(**(known | changes))


COVERED = target(test="coverage", variable="managed", group="x", goal=0.6, factor=0.01, basis="", since=2020)
REACHED = reading(
    series("managed_required", 100, 200, 300, dim="programme", group="x"),
    series("managed_projected", 50, 80, 90, dim="programme", group="x"),
)


def test_reaching_more_people_is_no_building_a_year():
    """A coverage has a net rise of those reached; nothing is built or recruited for it, nobody replaced."""
    found = effort(REACHED, COVERED, 2025, 60.0)
    count, stock = np.median(0.6 * 200 * RISE[1:]), np.median(50 * RISE[1:])
    assert found == Effort(count, None, stock, (count - stock) / 5)


BEDS = series("beds_required", 4000, 5000, 6000, dim="bed_group", group="total")
STOCK = series("beds_projected", 3000, 3500, 3600, dim="bed_group", group="total")


def test_beds_are_built_by_the_year():
    found = effort(reading(BEDS, STOCK), target(since=2020), 2025, 5.0)
    assert found.per_year == found.net == pytest.approx((1.1e6 * 0.005 - np.median(3000 * RISE[1:])) / 5)
    assert found.replacement is None


@given(factor=st.floats(1e-5, 1e3), p=st.floats(0.05, 0.95), sense=st.sampled_from([">=", "<="]))
def test_the_outcome_that_is_found_is_in_the_plan_s_unit_and_is_met(factor: float, p: float, sense: str):
    """Read back by the verdict: in a share p of the draws the strictest target found is met."""
    asked = target(
        test="outcome", variable="deaths_rate", group="", factor=factor, basis="", sense=sense, unit="u"
    )
    there = reading(series("deaths_rate", 0.1, 0.2, 0.3))
    find = kind_of(asked).find(there, asked, 2025)
    assert find is not None
    at = find(p)[0]
    held = meets(replace(asked, goal=at * factor), sampled(0.2 * RISE) / factor)
    assert np.mean(held) >= p - 1e-9
    assert np.isclose(at * factor, 0.2 * RISE[1:], rtol=1e-12).any()


def test_of_a_range_or_of_nothing_no_strictest_outcome_is_found():
    asked = target(test="outcome", variable="deaths_rate", group="", factor=1.0, basis="")
    there = reading(series("deaths_rate", 0.1, 0.2, 0.3))
    assert kind_of(asked).find(there, asked, 2025) is not None
    assert kind_of(asked).find(there, replace(asked, sense="in", low=0.0, high=1.0), 2025) is None
    assert kind_of(asked).find(reading(), asked, 2025) is None


def test_need_and_plan_are_paired_where_the_stock_on_the_way_is_known():
    asked = target(year=2030)
    pair = kind_of(asked).pair(reading(BEDS, STOCK), asked, 2025)
    assert pair is not None
    np.testing.assert_allclose(pair[0], 5000 * RISE)
    np.testing.assert_allclose(pair[1], 0.5 * (3000 * RISE + 0.005 * 0.9e6))  # half of the way
    assert kind_of(asked).pair(reading(BEDS), asked, 2025) is None  # from an unknown stock
    assert kind_of(asked).pair(reading(STOCK), asked, 2025) is None  # no need
    done = kind_of(asked).pair(reading(BEDS), asked, 2030)
    assert done is not None
    np.testing.assert_allclose(done[1], 0.005 * 0.9e6)


def test_a_series_that_is_not_there_is_missing_in_every_way_of_asking():
    m = reading(BEDS).measures
    assert m.known.get("nothing") is None
    with pytest.raises(KeyError, match="nothing"):
        m.known["nothing"]
    with pytest.raises(KeyError, match="nothing"):
        m.at("nothing", "total", 2025)
    assert m.known["beds_required"] == ("total",)


ON_BASES = {"plan": "p", "region": "410500", "scenario": "reference", "indicator_id": "x", "scope": ""}


@pytest.mark.parametrize("verdict", [*JUDGED, "no_target"])
@pytest.mark.parametrize("stated", [UNSTATED, "resident"])
def test_only_an_unstated_basis_of_a_verdict_is_doubted(stated: str, verdict: str):
    head = ON_BASES | {"name_zh": "", "name_en": "", "year": 2025, "unit": "per 1000"}
    row = Row(**head, verdict=verdict)
    of_key = {name: getattr(row, name) for name in population_basis.KEY}
    on = [
        of_key
        | {"basis": name, "used": used, "basis_stated": stated, "planned_count_p50": count, "verdict": said}
        for name, used, count, said in (
            ("resident", "yes", 100.0, verdict),
            ("registered", "", 120.0, "turned"),
        )
    ]
    population_basis.note_effects([row], on)
    assert row.basis_effect == "registered: 120 (+20%), turned"
    doubted = stated == UNSTATED and verdict in JUDGED
    assert row.reason.startswith("turned if registered") == doubted
    assert bool(row.reason) == doubted


def answered(required: str) -> Row:
    """The row of a need for a figure, with one ratio of the plan that turns on the registered."""
    unit = Unit("person", "count", 1.0, "person", "人")
    need = SimpleNamespace(
        id="question_1_x",
        question="1",
        kind="figure",
        required=required,
        available="",
        share="",
        unit=unit,
        name_en="x",
        name_zh="x",
        basis_en="b",
        basis_zh="b",
    )
    there = reading(
        series("population_basis", 1e6, 2e6, 3e6, dim="basis", group="registered", times=np.ones(DRAWS)),
        BEDS,
    )
    context = SimpleNamespace(
        plan=SimpleNamespace(id="p", target_year=2025),
        region="410500",
        scenario="reference",
        measures=there.measures,
        swung=there,
        swings=SimpleNamespace(names=(), qualities=(), relative=lambda _: np.empty(0)),
        influence=0.1,
        parameters={},
        local=frozenset(),
    )
    ratio = {"indicator_id": "r", "scope": "", "location": "l", "target": "5", "unit": "u", "year": 2025}
    on = [
        ratio | {"basis": "resident", "used": "yes", "verdict": "adequate"},
        ratio | {"basis": "registered", "used": "", "verdict": "short"},
    ]
    return questions._row(cast(Case, context), {}, cast(Any, need), 2025, on)


def test_the_number_of_a_population_says_which_ratios_turn_on_it():
    assert (
        "1 of the plan's 1 ratios get another verdict (r adequate -> short)"
        in answered("population_basis.registered").reason
    )
    assert "ratios get another verdict" not in answered("beds_required.total").reason


def test_a_coverage_of_nobody_or_of_what_is_not_modelled_has_no_standing():
    test = kind_of(COVERED)
    covered = series("managed_covered", 50, 80, 90, dim="programme", group="x")
    people = series("managed_required", 100, 200, 300, dim="programme", group="x")
    nobody = series("managed_required", 100, 0, 300, dim="programme", group="x")
    found = test.standing(reading(covered, people), COVERED, 2025)
    assert found is not None
    np.testing.assert_allclose(found.p_meets, 0.0)  # .4 of the .6 that is asked for
    for there in (reading(covered), reading(people), reading(covered, nobody)):
        assert test.standing(there, COVERED, 2025) is None
    assert "nobody is there" in test.untested(reading(covered, nobody), COVERED, 2025)


def test_the_strictest_rate_of_rare_deaths_leaves_room_for_chance():
    """Of maternal deaths per 100,000 births the target found is above the expected rate."""
    asked = target(test="outcome", variable="deaths_rate", group="", factor=1e-5, basis="", sense="<=")
    there = reading(
        series("deaths_rate", 1e-4, 1e-4, 1e-4, times=np.ones(DRAWS)),
        series("births", 2e4, 2e4, 2e4, dim="newborn_sex", group="total", times=np.ones(DRAWS)),
    )
    rare, common = (
        kind_of(asked).find(there, replace(asked, unit=unit), 2025)
        for unit in ("per 100000 live births", "per 100000")
    )
    assert rare is not None
    assert common is not None
    assert common(0.9)[0] == pytest.approx(10.0)
    assert rare(0.9)[0] > 13.0  # 2 deaths are expected, 3 or 4 are not rare


def test_the_first_short_year_is_not_the_present():
    """On the way to a target the base year's stock is what there is; from the target year on it counts."""
    context = SimpleNamespace(knows_stock=lambda *_: True)
    short = series("beds_required", 9000, 9000, 9000, dim="bed_group", group="total", times=np.ones(DRAWS))
    flat = series("beds_projected", 3000, 3000, 3000, dim="bed_group", group="total", times=np.ones(DRAWS))
    context.reading = reading(short, flat)
    context.measures = context.reading.measures
    assert first_short_year(cast(Case, context), target()) == 2025
    assert first_short_year(cast(Case, context), target(year=2020)) == 2020
    assert first_short_year(cast(Case, context), target(year=2030, since=2025)) == 2030  # 2025 is history
    assert first_short_year(cast(Case, context), target(year=2031)) is None


def test_a_share_is_the_plan_s_own_or_a_parameter():
    rows = [
        SimpleNamespace(binding="expected", fraction=0.3),
        SimpleNamespace(binding="binding", fraction=0.2),
    ]
    plan = cast(Any, SimpleNamespace(rows=lambda *_: rows))
    by_year = xr.DataArray([0.5, 0.6], {"year": [2025, 2030]}, ("year",))
    shares = {"a.b": by_year, "a.c": xr.DataArray(0.7)}
    found = {
        share: questions._share(plan, shares, cast(Any, SimpleNamespace(share=share)), 2030)
        for share in ("", "plan.x", "a.b", "a.c")
    }
    assert found == {"": 1.0, "plan.x": 0.2, "a.b": 0.6, "a.c": 0.7}
