"""The plan carried out: from the base-year stock to the target, and what follows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import ROOT
from sampling import examples

from sim.plan import list_plans, load_plan
from sim.plan.targets import PlanTarget, plan_targets, read_basis
from sim.plan.tests import load_rules
from sim.supply.plan_path import carry_out

YEARS = list(range(2020, 2031))
DOCTORS = PlanTarget("doctors", "total", True, 0.004, "resident", 2025)
COUNT = PlanTarget("doctors", "total", False, 9000.0, "resident", 2025)


def people(start: float = 2e6, step: float = -1e4) -> np.ndarray:
    return np.array([[start + step * i, 1.1 * (start + step * i)] for i in range(len(YEARS))])


def kept(trend: np.ndarray | None = None) -> dict[str, xr.DataArray]:
    """A falling population, a tenth more in draw 1; doctors rise by 100 a year from 5000."""
    resident = people()
    bases = np.stack([resident, 1.2 * resident], axis=1)
    basis = xr.DataArray(
        bases,
        {"year": YEARS, "basis": ["resident", "registered"], "draw": [0, 1]},
        ("year", "basis", "draw"),
    )
    old = xr.DataArray(
        0.2 * resident[:, None, :],
        {"year": YEARS, "age_group": ["65+"], "draw": [0, 1]},
        ("year", "age_group", "draw"),
    )
    path = 5000.0 + 100.0 * np.arange(len(YEARS)) if trend is None else trend
    doctors = xr.DataArray(
        np.repeat(path, 2).reshape(-1, 1, 2),
        {"year": YEARS, "staff_method": ["total"], "draw": [0, 1]},
        ("year", "staff_method", "draw"),
    )
    return {"population_basis": basis, "population_group": old, "doctors_projected": doctors}


def carried(target: PlanTarget, after: str = "hold_ratio") -> xr.DataArray:
    return carry_out(kept(), [target], after)["doctors_available"].sel(staff_method="total")


def test_the_base_year_keeps_its_stock():
    assert carried(DOCTORS).sel(year=2020).values.tolist() == [5000.0, 5000.0]


def test_in_the_target_year_the_target_stands_on_its_population():
    want = 0.004 * people()[5]
    np.testing.assert_allclose(carried(DOCTORS).sel(year=2025).values, want, rtol=1e-12)


def test_the_path_to_the_target_is_straight():
    path = carried(DOCTORS).sel(year=slice(2020, 2025))
    np.testing.assert_allclose(path.diff("year").diff("year").values, 0, atol=1e-9)


def test_after_the_target_the_ratio_is_held():
    path = carried(DOCTORS, "hold_ratio").sel(year=slice(2025, None))
    np.testing.assert_allclose(path.values, 0.004 * people()[5:], rtol=1e-12)


def test_after_the_target_the_count_is_held():
    path = carried(DOCTORS, "hold_count")
    np.testing.assert_allclose(path.sel(year=2030).values, 0.004 * people()[5], rtol=1e-12)


def test_after_the_target_the_trend_goes_on():
    path = carried(DOCTORS, "trend")
    np.testing.assert_allclose(path.sel(year=2030).values, 0.004 * people()[5] + 500, rtol=1e-12)


@pytest.mark.parametrize("after", ["hold_ratio", "hold_count"])
def test_a_target_that_is_a_number_stays_that_number(after: str):
    path = carried(COUNT, after).sel(year=slice(2025, None))
    assert (path.values == 9000.0).all()


def test_the_population_basis_of_the_target_counts():
    registered = carried(replace(DOCTORS, basis="registered")).sel(year=2030)
    np.testing.assert_allclose(registered.values, 1.2 * carried(DOCTORS).sel(year=2030).values)


def test_a_basis_of_older_people_is_the_older_people():
    old = carried(replace(DOCTORS, basis="population 65+")).sel(year=2030)
    np.testing.assert_allclose(old.values, 0.2 * carried(DOCTORS).sel(year=2030).values)


def test_an_unstated_basis_is_the_one_that_is_set():
    target = replace(DOCTORS, basis="unstated")
    by_setting = carry_out(kept(), [target], "hold_ratio", "registered")["doctors_available"]
    np.testing.assert_allclose(by_setting.values[:, 0], carried(replace(DOCTORS, basis="registered")).values)


def test_a_target_of_the_base_year_holds_from_there():
    path = carried(replace(DOCTORS, year=2020))
    np.testing.assert_allclose(path.values, 0.004 * people(), rtol=1e-12)


def test_a_target_beyond_the_end_is_on_its_way():
    """Aim at 2040 from 2020, run to 2030: half way."""
    path = carried(replace(COUNT, year=2040)).sel(year=2030)
    np.testing.assert_allclose(path.values, (5000 + 9000) / 2)


def test_without_a_target_the_trend_stands():
    found = carry_out(kept(), [], "hold_ratio")
    np.testing.assert_array_equal(found["doctors_available"], kept()["doctors_projected"])


@settings(max_examples=25)
@given(st.floats(0.001, 0.01), st.floats(1.0, 2.0))
def test_a_higher_target_never_gives_less(value: float, factor: float):
    low = carried(replace(DOCTORS, value=value))
    high = carried(replace(DOCTORS, value=value * factor))
    assert (high.values >= low.values - 1e-9).all()


def test_the_stated_basis_wins_then_the_rules_then_the_setting():
    assert read_basis("registered", "urban", "resident") == "registered"
    assert read_basis("unstated", "urban", "resident") == "urban"
    assert read_basis("unstated", "resident", "registered") == "registered"
    assert read_basis("", "", "registered") == "resident"


@pytest.mark.parametrize("name", list_plans(ROOT / "parameters"))
def test_every_plan_gives_targets_within_reason(name: str):
    """Shares of the population below one in twenty; a number is more than one."""
    targets = plan_targets(load_plan(ROOT / "parameters", name), load_rules(ROOT))
    assert targets or name == "xinxiang_14fyp"  # it names no number of beds or staff
    for target in targets:
        assert (0 < target.value < 0.05) if target.is_ratio else target.value > 1, target


def test_anyang_has_its_beds_and_doctors():
    plan = load_plan(ROOT / "parameters", "anyang_14fyp")
    found = {(t.variable, t.group): t for t in plan_targets(plan, load_rules(ROOT))}
    assert found["beds", "total"].value == pytest.approx(5.76e-3)
    assert found["doctors", "total"].value == pytest.approx(3.6e-3)
    assert found["beds", "infectious"].value == 570
    assert found["gps", "total"].value == pytest.approx(3.93e-4)
    assert {t.year for t in found.values()} == {2025}


# parts of a planned whole


def beds(
    targets: list[PlanTarget], after: str = "hold_ratio", trend: dict[str, float] | None = None
) -> dict[str, np.ndarray]:
    """Paths of beds by group, (year, draw): 10 000 at first, 1 % more each year, a fifth of them private."""
    at_first = trend or {"total": 1e4, "primary": 3e3, "public": 8e3, "private": 2e3, "icu": 200.0}
    rise = 1.01 ** np.arange(len(YEARS))
    values = np.stack([np.outer(stock * rise, [1.0, 1.1]) for stock in at_first.values()], axis=1)
    labels = {"year": YEARS, "bed_group": list(at_first), "draw": [0, 1]}
    projected = xr.DataArray(values, labels, ("year", "bed_group", "draw"))
    found = carry_out({**kept(), "beds_projected": projected}, targets, after)["beds_available"]
    return {str(g): found.sel(bed_group=g).values for g in found.bed_group.values}


ALL = PlanTarget("beds", "total", False, 15000.0, "", 2025)
PRIVATE = PlanTarget("beds", "private", False, 6000.0, "", 2023)
PUBLIC = PlanTarget("beds", "public", False, 4000.0, "", 2027)


@pytest.mark.parametrize("after", ["hold_ratio", "hold_count", "trend"])
def test_parts_without_a_target_keep_their_share_of_what_is_planned(after: str):
    found = beds([ALL], after)
    for part, share in (("primary", 0.3), ("public", 0.8), ("private", 0.2)):
        np.testing.assert_allclose(found[part], share * found["total"], rtol=1e-12)
    assert found["total"][5].tolist() == [15000.0, 15000.0]


def test_beds_that_are_no_part_of_all_keep_their_trend():
    np.testing.assert_array_equal(beds([ALL])["icu"], beds([])["icu"])


def test_what_one_owner_is_to_have_is_left_by_the_total_to_the_other():
    found = beds([ALL, PRIVATE])
    assert found["private"][3].tolist() == [6000.0, 6000.0]
    np.testing.assert_allclose(found["public"], found["total"] - found["private"], rtol=1e-12)
    assert (found["public"][5] == 9000.0).all()


def test_owners_that_a_plan_states_alone_add_up_to_all():
    found = beds([PRIVATE])
    np.testing.assert_array_equal(found["public"], beds([])["public"])
    np.testing.assert_allclose(found["total"], found["public"] + found["private"], rtol=1e-12)
    both = beds([PRIVATE, PUBLIC])
    assert (both["total"][7] == 10000.0).all()


def test_owners_that_contradict_the_total_are_taken_in_proportion():
    found = beds([ALL, replace(PRIVATE, value=9000.0, year=2025), replace(PUBLIC, value=9000.0, year=2025)])
    assert (found["private"][5] == 7500.0).all()
    more = beds([ALL, replace(PRIVATE, value=20000.0, year=2025)])
    assert (more["private"][5] == 15000.0).all()
    assert (more["public"][5] == 0.0).all()


@settings(max_examples=examples(40), deadline=None)
@given(
    st.sets(st.sampled_from(["total", "public", "private", "primary"])),
    st.lists(st.floats(0.0, 3e4), min_size=4, max_size=4),
    st.lists(st.integers(2020, 2035), min_size=4, max_size=4),
    st.floats(0.0, 1.0),
    st.sampled_from(["hold_ratio", "hold_count", "trend"]),
)
def test_owners_are_all_whatever_a_plan_states(stated, values, years, private, after):
    groups = ("total", "public", "private", "primary")
    targets = [
        PlanTarget("beds", g, False, v, "", y)
        for g, v, y in zip(groups, values, years, strict=True)
        if g in stated
    ]
    trend = {"total": 1e4, "primary": 3e3, "public": 1e4 * (1 - private), "private": 1e4 * private}
    found = beds(targets, after, trend)
    np.testing.assert_allclose(found["public"] + found["private"], found["total"], rtol=1e-9, atol=1e-6)
    assert all((v >= -1e-9).all() for v in found.values()) or after == "trend"


def test_a_plan_of_a_later_base_year_builds_on_the_stock_of_that_year():
    """Up to 2022 the trend, 5200; then a third of the way to 9000 every year."""
    path = carried(replace(COUNT, since=2022))
    assert path.isel(draw=0).sel(year=[2020, 2021, 2022]).values.tolist() == [5000.0, 5100.0, 5200.0]
    want = [5200.0 + k * (9000.0 - 5200.0) / 3 for k in (1, 2, 3)]
    assert path.isel(draw=0).sel(year=[2023, 2024, 2025]).values.tolist() == pytest.approx(want)


@pytest.mark.parametrize("since", [0, 2015, 2020, 2025, 2040])
def test_a_base_year_before_the_run_or_past_the_target_is_the_runs_own(since: int):
    xr.testing.assert_equal(carried(replace(COUNT, since=since)), carried(COUNT))


def test_a_target_on_which_the_model_knows_neither_stock_nor_need_is_left_out():
    """No line is drawn from nothing; what else the plan has is carried out."""
    unknown = PlanTarget("nurses", "total", True, 0.004, "resident", 2025)
    assert set(carry_out(kept(), [unknown], "hold_ratio")) == {"doctors_available"}
    needed = kept() | {"nurses_required": kept()["doctors_projected"]}
    found = carry_out(needed, [unknown], "hold_ratio")["nurses_available"].sel(staff_method="total")
    np.testing.assert_allclose(found.sel(year=2025), 0.004 * people()[5])
    assert found.sel(year=slice(2020, 2024)).isnull().all()  # the way to it is unknown
