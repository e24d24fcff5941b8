"""Parts of every saved series add up to their whole, for each plan, year and draw.

Every division of a series that the schema knows stands here; a series of groups that overlap, or
are alternatives, says so. A new series is in neither list and fails the first law.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from laws.plan_runs import EACH_PLAN, PlanRun

from sim.catalogue.bed_groups import BED_GROUPS, KINDS, LEVELS, OWNERS
from sim.schema import RESOURCES

NORMAL_KINDS = tuple(BED_GROUPS[k].normal for k in KINDS)  # a peak stands beside all beds
OWN_STAYS = tuple(k for k in KINDS if k not in ("icu", "geriatric_rehabilitation"))  # those are moved to
STORED = 5e-7  # relative: series are stored as 32-bit numbers
AGES_WITHIN = ("80+", "65+", "60+", "total")
# series, its parts, what they add up to: another group of it, or another series
PARTS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("population_group", ("0-14", "15-59", "60+"), "population_group.total"),
    ("population_group", ("0-15", "16-59", "60+"), "population_group.total"),
    ("births", ("female", "male"), "births.total"),
    ("births_by_order", ("1", "2", "3+"), "births.total"),
    ("tfr_by_order", ("1", "2", "3+"), "tfr"),
    ("admissions_type", OWN_STAYS, "admissions_level.*"),
    ("bed_days", LEVELS, "bed_days_type.*"),
    ("bed_days_patient", ("*",), "bed_days.*"),
    ("beds_required", LEVELS, "beds_required.total"),
    ("beds_required", NORMAL_KINDS, "beds_required.total"),
    ("beds_required", OWNERS, "beds_required.total"),
    ("beds_projected", OWNERS, "beds_projected.total"),
    ("beds_available", OWNERS, "beds_available.total"),
    ("childcare_slots_required", ("age_0", "age_1", "age_2"), "childcare_slots_required.total"),
    ("ambulances_required", ("urban", "county"), "ambulances_required.total"),
    ("population_basis", ("resident",), "population_group.total"),
)
# a group that is some of another, in each year and draw: the same series, or another's
SOME_OF: tuple[tuple[str, str], ...] = (
    *((f"population_group.{a}", f"population_group.{b}") for a, b in pairwise(AGES_WITHIN)),
    ("population_group.0-2", "population_group.0-14"),
    ("population_basis.urban", "population_basis.resident"),
    ("population_basis.agricultural", "population_basis.resident"),
    ("population_basis.county", "population_basis.resident"),
    *(
        (f"{beds}.{part}", f"{beds}.{whole}")
        for beds in ("beds_available", "beds_projected")
        for part, whole in (("primary", "total"), ("public", "total"), ("private", "total"))
    ),
    ("care_beds_available.nursing_type", "care_beds_available.total"),
    ("care_beds_projected.nursing_type", "care_beds_projected.total"),
    ("care_beds_required.nursing_type", "care_beds_required.total"),
    ("beds_required.icu_normal", "beds_required.icu"),
    ("beds_required.infectious_normal", "beds_required.infectious"),
    ("gps_projected.total", "doctors_projected.total"),
    ("tcm_doctors_projected.total", "doctors_projected.total"),
    ("high_risk_births", "births.total"),
    ("births.female", "births.total"),
)
# groups that are one of two, or overlap: no whole
NO_WHOLE = {
    "alos": "means",
    "bed_days_type": "held above",
    "bed_occupancy": "shares",
    "beds_required_norm": "norms for single kinds",
    "beds_stress": "one scenario each",
    "care_beds": "nursing-type beds are some of all",
    "cases": "one person may have several diseases",
    "community_health_centres_required": "least and most",
    "dependent_elderly": "no total is saved",
    "e0": "a mean",
    "epidemic_peak": "wards and intensive care by turns",
    "managed": "one person may be in several programmes",
    "premature_ncd_deaths": "no total is saved",
    "programme_hours": "used and available",
    "staff_entrants": "GPs and TCM doctors are doctors too",
    "staff_leavers": "GPs and TCM doctors are doctors too",
    "visits": "no total is saved",
}


def total(run: PlanRun, name: str, groups: tuple[str, ...]) -> np.ndarray:
    """Sum over groups, (year, draws of all scenarios); `*` all of them."""
    array = run.results[name].isel(region=0).astype(float)
    dims = [d for d in array.dims if d not in ("scenario", "year", "draw")]
    if dims and groups:
        chosen = array if groups == ("*",) else array.sel({dims[0]: list(groups)})
        array = chosen.sum(dims[0], skipna=False)
    by_year = np.asarray(array.transpose("year", "scenario", "draw"))
    return by_year.reshape(len(by_year), -1)


def test_every_series_of_groups_is_in_a_list(run: PlanRun):
    held = {n for name, _, whole in PARTS for n in (name, whole.partition(".")[0])}
    for name, array in run.results.data_vars.items():
        if not set(array.dims) - {"scenario", "region", "year", "draw"} or "draw" not in array.dims:
            continue
        stem = str(name)
        for suffix in ("_required", "_required_norm", "_available", "_projected", "_covered"):
            stem = stem.removesuffix(suffix)
        resource = RESOURCES.get(stem)
        methods = resource is not None and resource.group_dim == "staff_method"
        if {str(name), stem} & ({*NO_WHOLE} | held) or methods:
            continue
        known = [d for d in array.dims if d not in ("scenario", "region", "year", "draw")]
        there = [g for g in array[known[0]].values if array.sel({known[0]: g}).notnull().any()]
        assert there == ["total"], f"{name}: is it a division? say so in PARTS or NO_WHOLE"


@pytest.mark.parametrize(("name", "parts", "whole"), PARTS, ids=lambda x: str(x))
def test_parts_add_up_to_their_whole(run: PlanRun, name: str, parts: tuple[str, ...], whole: str):
    other, _, group = whole.partition(".")
    found = total(run, name, parts)
    want = total(run, other, (group,) if group else ())
    assert np.isfinite(want).all()
    np.testing.assert_allclose(found, want, rtol=STORED * (len(parts) + 2), err_msg=name)


@pytest.mark.parametrize(("part", "whole"), SOME_OF)
def test_some_are_no_more_than_all(run: PlanRun, part: str, whole: str):
    some, every = (
        total(run, name, (group,) if group else ())
        for name, _, group in (part.partition("."), whole.partition("."))
    )
    assert (some <= every * (1 + 1e-6)).all(), part


@pytest.mark.slow
@pytest.mark.parametrize("plan", EACH_PLAN)
def test_wholes_are_wholes_in_every_scenario(plan: str, tmp_path):
    """All that a plan's experiment runs, three draws: the laws of this module, one after the other."""
    run = PlanRun.made(plan, tmp_path, draws=3, scenarios=None)
    assert run.results.sizes["scenario"] == len(run.setup.experiment.scenarios)

    test_every_series_of_groups_is_in_a_list(run)
    for name, parts, whole in PARTS:
        test_parts_add_up_to_their_whole(run, name, parts, whole)
    for part, whole in SOME_OF:
        test_some_are_no_more_than_all(run, part, whole)
    test_people_of_the_year_are_those_before_with_births_deaths_and_migration(run)
    test_staff_of_the_year_are_those_before_with_entrants_and_leavers(run)
    test_years_of_healthy_life_lost_are_those_of_death_and_of_illness(run)
    test_what_is_covered_is_no_more_than_all_and_than_can_be_carried(run)


def test_people_of_the_year_are_those_before_with_births_deaths_and_migration(run: PlanRun):
    people, births, deaths, moved = (
        total(run, n, g)
        for n, g in (
            ("population_group", ("total",)),
            ("births", ("total",)),
            ("deaths", ()),
            ("net_migration", ()),
        )
    )
    want = people[:-1] + births[1:] - deaths[1:] + moved[1:]
    np.testing.assert_allclose(people[1:], want, rtol=2e-6)


def test_staff_of_the_year_are_those_before_with_entrants_and_leavers(run: PlanRun):
    for cadre in run.results["staff_entrants"].cadre.values:
        name = f"{cadre}_projected"
        entered, left = (
            total(run, "staff_entrants", (str(cadre),)),
            total(run, "staff_leavers", (str(cadre),)),
        )
        if name not in run.results or not np.isfinite(entered[1:]).all():
            continue
        stock = total(run, name, ("total",))
        want = stock[:-1] + entered[1:] - left[1:]
        np.testing.assert_allclose(stock[1:], want, rtol=2e-6, atol=1e-3, err_msg=str(cadre))


def test_years_of_healthy_life_lost_are_those_of_death_and_of_illness(run: PlanRun):
    lost = total(run, "yll", ()) + total(run, "yld", ())
    np.testing.assert_allclose(lost, total(run, "daly", ()), rtol=2e-6)


def test_what_is_covered_is_no_more_than_all_and_than_can_be_carried(run: PlanRun):
    """Of every programme whose workload is its people; visits are counted apart."""
    for group in map(str, run.results["managed_covered"].programme.values):
        covered, can = total(run, "managed_covered", (group,)), total(run, "managed_projected", (group,))
        people = total(run, "managed_required", (group,))
        if not np.isfinite(covered).all():
            continue
        assert (covered <= can * (1 + 1e-6)).all(), group
        if np.isfinite(people).all() and not group.endswith("_visits"):
            assert (covered <= people * (1 + 1e-6)).all(), group
