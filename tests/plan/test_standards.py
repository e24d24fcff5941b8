from __future__ import annotations

import pytest

from sim.errors import PlanError
from sim.plan import list_plans, load_plan, requirement, requirements, standards_table
from sim.plan.rowcheck import INPUTS


def rule(root, plan_id, standard_id, **where):
    plan = load_plan(root, plan_id)
    found = [
        s
        for s in plan.standards
        if s.standard_id == standard_id and all(getattr(s, k) == v for k, v in where.items())
    ]
    return plan, found[0]


@pytest.mark.parametrize(
    ("plan_id", "standard_id", "inputs", "value", "high"),
    [
        ("anyang_14fyp", "beds_total_ratio", {"pop": 5_304_444}, 30553.6, 30553.6),
        ("anyang_14fyp", "gps_ratio", {"pop_resident": 5_000_000}, 1965, 1965),
        ("anyang_14fyp", "infectious_beds", {}, 570, 570),
        ("anyang_14fyp", "township_posts", {"pop_served": 100_000}, 100, 120),
        ("anyang_14fyp", "ambulances_urban", {"pop_urban_districts": 1_500_000}, 50, 50),
        ("anyang_14fyp", "ambulances_county", {"pop_county": 1_000_000}, 100, 100),
        ("anyang_14fyp", "ambulances_county_base", {"pop_county": 1000}, 3000, 3000),
        ("anyang_14fyp", "ph_staff_growth", {"pop_resident": 1_000_000}, 910, 910),
        ("anyang_14fyp", "nursing_bed_share", {"beds_primary": 4000}, 1200, 1200),
        ("anyang_14fyp", "county_hospitals", {"n_counties": 5}, 15, 15),
        ("anyang_14fyp", "mental_followup", {"severe_mental_registered": 20_000}, 80_000, 80_000),
        ("anyang_14fyp", "newborn_screening", {"births": 50_000}, 49_000, 49_000),
        ("longhu_13fyp", "nurse_doctor_ratio", {"doctors": 1000}, 1200, 1200),
        ("longhu_13fyp", "bphs_budget", {"pop_resident": 500_000}, 40e6, 40e6),
        ("zhengzhou_13fyp", "chc_min", {"pop_urban": 6_000_000}, 200, 200),
        ("nanyang_13fyp", "county_hospitals", {}, 10, 10),  # the plan prints its ten counties
    ],
)
def test_requirement_by_hand(root, plan_id, standard_id, inputs, value, high):
    plan, standard = rule(root, plan_id, standard_id)
    found = requirement(standard, inputs, plan)
    assert found.value == pytest.approx(value, rel=1e-5)
    assert found.value_high == pytest.approx(high, rel=1e-5)


def test_every_rule_is_computed_or_declined_by_name(root):
    given = dict.fromkeys(INPUTS, 1000.0)
    found = [r for p in list_plans(root) for r in requirements(load_plan(root, p), given)]
    assert len(found) == 90
    declined = [r.standard.standard_id for r in found if r.value is None]
    assert declined == ["ems_radius_urban", "ems_radius_rural", "ems_response"]
    assert all(r.value > 0 for r in found if r.value is not None)


def test_a_rule_without_its_input_names_it(root):
    plan, standard = rule(root, "nanyang_13fyp", "village_clinic")
    found = requirement(standard, {"pop_resident": 1e6}, plan)
    assert (found.value, found.missing) == (None, "n_villages")
    plan, standard = rule(root, "anyang_14fyp", "beds_total_ratio")
    row = standards_table([requirement(standard, {"pop_resident": 1e6}, plan)])[0]
    assert "input 'pop' is missing: the plan does not say which population" in row["reason"]
    _, growth = rule(root, "anyang_14fyp", "ph_staff_growth")
    assert requirement(growth, {"pop_resident": 1e6}).missing == "baseline of ph_staff_per_1000"


def test_spatial_rules_say_why_in_both_languages(root):
    _, standard = rule(root, "anyang_14fyp", "ems_radius_urban")
    found = requirement(standard, {})
    assert found.declined_en.startswith("needs a map")
    assert "分布图" in found.declined_zh


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_impossible_inputs_are_refused(root, bad):
    plan = load_plan(root, "anyang_14fyp")
    with pytest.raises(PlanError, match=r"input births = .* give a number of at least 0"):
        requirements(plan, {"births": bad})
