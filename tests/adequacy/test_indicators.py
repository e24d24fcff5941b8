"""Targets against the model: units, operators, chance; then a small run's tables against itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT, read_rows
from scipy import stats

from sim.adequacy.poisson import rate_met
from sim.adequacy.standing import meets
from sim.catalogue.verdicts import VERDICTS
from sim.plan import Indicator, load_plan
from sim.plan.needs import is_need
from sim.plan.statements import Statement, goal_of, sense_of, statements
from sim.plan.targets import Target
from sim.plan.tests import load_rules, rule_for
from sim.saved.row_table import COLUMNS

PLAN = load_plan(ROOT / "parameters", "anyang_14fyp")
BEDS = next(r for r in PLAN.targets if r.id == "beds_per_1000")
BY_NAME = {u.unit.name: u.unit for u in PLAN.indicators}


def statement(operator: str = "=", text: str = "5.76", better: str = "higher") -> Indicator:
    return replace(BEDS, operator=operator, text=text, entry=replace(BEDS.entry, better=better))


def rows(path: Path) -> list[dict[str, str]]:
    return read_rows(path)


# targets


def test_a_plain_target_is_read_in_the_models_unit():
    assert goal_of(Statement(statement(), None)) == pytest.approx(0.00576)


def test_a_change_in_years_is_added_to_the_baseline():
    years = BY_NAME["years"]
    base = replace(statement("=", "77.2"), unit=years)
    change = replace(statement("change", "1"), unit=years)
    assert goal_of(Statement(change, base)) == pytest.approx(78.2)
    assert goal_of(Statement(change, None)) is None


def test_a_change_in_percent_multiplies_the_baseline():
    change = replace(statement("change", "-10"), unit=BY_NAME["%"])
    assert goal_of(Statement(change, statement("=", "5.0"))) == pytest.approx(0.0045)


def test_a_target_without_a_number_has_no_value():
    assert goal_of(Statement(statement("change", ""), statement())) is None


def test_a_plain_figure_is_a_cap_where_less_is_better():
    assert sense_of(statement("=", better="higher")) == ">="
    assert sense_of(statement("=", better="lower")) == "<="
    assert sense_of(statement(">", better="lower")) == ">"


def target(sense: str, goal: float = 5.76, step: float = 0.005, **more: float) -> Target:
    return Target(
        "beds_per_1000",
        "",
        "ratio",
        "beds",
        "total",
        "",
        goal / 1000,
        2025,
        sense,
        "per 1000",
        0.001,
        step=step,
        **more,
    )


def met(sense: str, value: float, **more: float) -> bool:
    return bool(meets(target(sense, **more), np.array([value]))[0])


@pytest.mark.parametrize(
    ("sense", "below", "above"),
    [(">=", False, True), ("<=", True, False), (">", False, True), ("<", True, False)],
)
def test_one_hundredth_beside_the_target(sense: str, below: bool, above: bool):
    assert met(sense, 5.75) is below
    assert met(sense, 5.77) is above


@pytest.mark.parametrize(("sense", "inside", "outside"), [(">=", 5.7551, 5.7549), ("<=", 5.7649, 5.7651)])
def test_a_target_is_met_to_the_digits_printed(sense: str, inside: float, outside: float):
    """5.7551 is printed 5.76."""
    assert met(sense, inside)
    assert not met(sense, outside)


def test_strictly_more_is_more_whatever_is_printed():
    assert not met(">", 5.76)
    assert not met("<", 5.76)


def test_all_of_them_is_met_where_it_prints_as_all():
    """100 % against 99.97 %: the plan prints no decimals."""
    assert met(">=", 99.97, goal=100.0, step=0.5)


def test_a_count_is_met_exactly():
    assert not met(">=", 569.0, goal=570.0, step=0.0)
    assert met(">=", 570.0, goal=570.0, step=0.0)


@pytest.mark.parametrize(("value", "good"), [(79.0, False), (85.7, True), (93.6, True), (94.5, False)])
def test_a_good_range_has_two_sides(value: float, good: bool):
    """Occupancy: 93.7 is the plan's, 80 the least that is good."""
    assert met("in", value, goal=93.7, step=0.05, low=80.0, high=93.7) is good


@given(st.lists(st.floats(0.001, 0.01), min_size=8, max_size=8), st.floats(1.0, 2.0))
def test_a_higher_floor_is_never_met_more_often(values: list[float], factor: float):
    there = np.array(values) * 1000
    low = np.mean(meets(target(">=", 4.0), there))
    assert np.mean(meets(target(">=", 4.0 * factor), there)) <= low


def test_deaths_of_a_small_region_by_hand():
    """1000 births, goal 3 in 1000, mean 2 deaths: P(0..3) = e^-2 (1 + 2 + 2 + 4/3)."""
    found = rate_met("<=", 0.003, np.array([0.002]), np.array([1000.0]))
    assert float(found[0]) == pytest.approx(np.exp(-2) * (1 + 2 + 2 + 4 / 3))


def test_fewer_than_the_goal_leaves_the_goal_out():
    """The same with <: P(0..2)."""
    found = rate_met("<", 0.003, np.array([0.002]), np.array([1000.0]))
    assert float(found[0]) == pytest.approx(np.exp(-2) * (1 + 2 + 2))


@given(st.floats(1e-4, 0.02), st.floats(1e-4, 0.02), st.floats(1.0, 3.0))
def test_a_laxer_cap_is_never_met_less_often(goal: float, rate: float, factor: float):
    births = np.array([20_000.0])
    strict = rate_met("<=", goal, np.array([rate]), births)
    lax = rate_met("<=", goal * factor, np.array([rate]), births)
    assert float(lax[0]) >= float(strict[0]) - 1e-12


def test_a_large_region_has_little_chance_about_it():
    births = np.array([1e8])
    assert rate_met("<=", 0.003, np.array([0.0029]), births)[0] == pytest.approx(1.0)
    assert rate_met("<=", 0.003, np.array([0.0031]), births)[0] == pytest.approx(0.0, abs=1e-9)


# the tables of a small run


@pytest.fixture(scope="module")
def adequacy(small_run: Path) -> list[dict[str, str]]:
    """Rows on the plan's indicators; what answers its other questions: test_needs.py."""
    found = rows(small_run / "adequacy_detail.csv")
    return [r for r in found if not is_need(r["indicator_id"])]


@pytest.fixture(scope="module")
def central(small_run: Path) -> dict[tuple[str, ...], dict[str, str]]:
    found = rows(small_run / "timeseries.csv")
    return {(r["scenario"], r["variable"], r["group"], r["year"]): r for r in found}


def test_every_indicator_of_the_plan_stands_there(small_run: Path):
    found = [r for r in rows(small_run / "adequacy.csv") if not is_need(r["indicator_id"])]
    assert tuple(found[0]) == COLUMNS
    assert {r["indicator_id"] for r in found} == set(PLAN.indicator_ids)
    for scenario in ("reference", "shorter_stays"):
        own = [r for r in found if r["scenario"] == scenario]
        assert len(own) == len(found) / 2
    assert {s.row.id for s in statements(PLAN)} == set(PLAN.indicator_ids)


def test_a_verdict_is_of_the_target_year_and_later_years_say_since_when(adequacy):
    beds = [r for r in adequacy if r["indicator_id"] == "beds_per_1000"]
    assert sorted({r["year"] for r in beds}) == ["2025", "2030"]
    for r in beds:
        assert (r["verdict"] == "no_target") == (r["year"] == "2030")
        if r["year"] == "2030":
            assert "the plan ends in 2025" in r["reason"]
            assert (r["level_short_year"] or "enough through the run") in r["reason"]


def test_what_is_no_target_is_never_judged(adequacy):
    """Baselines, history, assumptions of planning and the years after the target: in no tally."""
    kinds = {(i.id, i.scope): i.kind for i in PLAN.indicators}
    for r in adequacy:
        later = int(r["year"]) > int(r["target_year"])
        if r["verdict"] != "not_tested" and (not r["target"] or later):
            assert r["verdict"] in ("no_target", "national_pattern"), r
            assert not r["p_reached"], r
    assert set(kinds.values()) >= {"target", "baseline"}


def test_beds_have_a_verdict_by_use_and_one_by_norm(adequacy, small_run: Path):
    """p_enough_norm counted again: the plan's beds against the national norm's."""
    with xr.open_dataset(small_run / "results.nc") as results:
        found = [r for r in adequacy if r["indicator_id"] == "beds_per_1000" and r["verdict_norm"]]
        assert found
        for r in found:
            here = results.sel(scenario=r["scenario"], region=r["region"], year=int(r["year"]))
            norm = here.beds_required_norm.sel(bed_group="total").values[1:].astype(float)
            plan = 0.00576 * here.population_basis.sel(basis="resident").values[1:].astype(float)
            assert float(r["p_enough_norm"]) == pytest.approx(np.mean(plan * 5.765 / 5.76 >= norm))


def test_coverage_is_what_is_reached_and_capacity_stands_beside_it(adequacy, small_run: Path):
    with xr.open_dataset(small_run / "results.nc") as results:
        found = [r for r in adequacy if r["test"] == "coverage" and r["capacity_p50"]]
        assert found
        for r in found:
            if r["group"] != "hypertension" or r["counted"]:
                continue
            here = results.sel(scenario=r["scenario"], region=r["region"], year=int(r["year"]))
            people, covered, most = (
                here[f"managed_{what}"].sel(programme="hypertension").values[1:].astype(float)
                for what in ("required", "covered", "projected")
            )
            assert float(r["available_p50"]) == pytest.approx(100 * np.median(covered / people), rel=1e-5)
            assert float(r["capacity_p50"]) == pytest.approx(100 * np.median(most / people), rel=1e-5)


def test_the_two_tables_agree(small_run: Path, adequacy):
    short = rows(small_run / "adequacy.csv")
    mine = [r for r in short if not is_need(r["indicator_id"])]
    assert mine == [{c: r[c] for c in COLUMNS} for r in adequacy]


def test_what_is_not_tested_says_why_and_claims_nothing(adequacy):
    for r in adequacy:
        assert r["verdict"] in VERDICTS
        if r["verdict"] == "not_tested":
            assert r["reason"], r
            assert not r["p_enough"], r
            assert not r["p_reached"], r
        else:
            assert r["grade"] in "ABCD", r
            assert r["p_enough"] or r["p_reached"] or r["verdict"] in ("no_target", "national_pattern"), r


def test_what_the_rules_decline_is_not_tested(adequacy):
    rules = load_rules(ROOT)
    for r in adequacy:
        if not rule_for(rules, r["indicator_id"], r["scope"]).kind.tested:
            assert r["verdict"] == "not_tested", r


def test_numbers_are_finite_and_chances_are_chances(adequacy):
    for r in adequacy:
        for column, text in r.items():
            if column.startswith("p_") and text:
                assert 0 <= float(text) <= 1, (column, r)
            assert text.lower() not in ("nan", "inf", "-inf"), (column, r)
        if r["required_p50"]:
            low, mid, high = (float(r[f"required_{q}"]) for q in ("p10", "p50", "p90"))
            assert low <= mid <= high, r


def test_verdicts_follow_the_thresholds(adequacy):
    for r in adequacy:
        if r["verdict"] not in ("adequate", "tight", "short"):
            continue
        p = float(r["p_enough"] or r["p_reached"])
        want = "adequate" if p >= 0.9 else "tight" if p >= 0.5 else "short"
        assert r["verdict"] == want, r


def test_surplus_is_enough_in_nine_of_ten(adequacy):
    for r in adequacy:
        if r["verdict"] == "surplus":
            assert float(r["p_enough"]) >= 0.9, r
            assert float(r["ratio_p50"]) > 1.2, r


def test_available_is_target_times_population(adequacy, small_run: Path):
    """5.76 per 1000 residents means so many beds, and so it is compared."""
    with xr.open_dataset(small_run / "results.nc") as results:
        for r in adequacy:
            skipped = r["test"] != "ratio" or r["verdict"] == "not_tested" or r["scale"]
            if (
                skipped
                or r["operator"] == "change"
                or int(r["year"]) < int(r["target_year"])
                or not r["target"]
            ):
                continue
            here = results.sel(scenario=r["scenario"], region=r["region"], year=int(r["year"]))
            known = [str(b) for b in results.basis.values]
            basis = r["basis_read"] if r["basis_read"] in known else "resident"
            people = float(np.median(here.population_basis.sel(basis=basis).values[1:]))
            per = {"per 1000": 1e-3, "per 10000": 1e-4}[r["unit"]]
            target = float(r["target"].lstrip("<>="))
            assert float(r["available_p50"]) == pytest.approx(target, rel=1e-5)
            assert float(r["available_count_p50"]) == pytest.approx(target * per * people, rel=1e-4)


def test_p_enough_is_the_share_of_draws(adequacy, small_run: Path):
    """Counted again from results.nc: draws in which the plan's beds cover the need."""
    with xr.open_dataset(small_run / "results.nc") as results:
        for r in adequacy:
            if r["indicator_id"] != "beds_per_1000":
                continue
            here = results.sel(scenario=r["scenario"], region=r["region"], year=int(r["year"]))
            need = here.beds_required.sel(bed_group="total").values[1:].astype(float)
            plan = 0.00576 * here.population_basis.sel(basis="resident").values[1:].astype(float)
            trend = here.beds_projected.sel(bed_group="total").values[1:].astype(float)
            assert float(r["p_enough"]) == pytest.approx(np.mean(plan >= need))
            if r["verdict"] != "no_target":
                people = here.population_basis.sel(basis="resident").values[1:].astype(float)
                assert float(r["p_reached"]) == pytest.approx(np.mean(trend / people >= 0.005755))
            assert float(r["ratio_p50"]) == pytest.approx(np.median(plan / need), rel=1e-4)


def test_counts_agree_with_the_time_series(adequacy, central):
    """Required, and the plan carried out, stand in timeseries.csv with the same medians."""
    compared = 0
    for r in adequacy:
        key = (r["scenario"], f"{r['variable']}_required", r["group"] or "total", r["year"])
        normal = (*key[:2], f"{key[2]}_normal", key[3])  # of epidemic beds: not the peak
        key = normal if normal in central else key
        if r["test"] not in ("ratio", "count") or r["verdict"] == "not_tested":
            continue
        series = central[key]
        assert float(r["required_count_p50"]) == pytest.approx(float(series["p50"]), rel=1e-5), r
        planned = central.get((r["scenario"], f"{r['variable']}_available", *key[2:]))
        if planned is not None and r["indicator_id"] == "beds_per_1000":
            have = float(r["available_count_p50"])
            assert have == pytest.approx(float(planned["p50"]), rel=1e-5)
        compared += 1
    assert compared >= 20


def test_population_of_a_census_city_is_the_census(central):
    start = central["reference", "population", "total", "2020"]
    assert float(start["central"]) == pytest.approx(5.47e6, rel=0.01)


def test_shorter_stays_need_fewer_beds(central):
    """Bed identity: beds are admissions x stay, so a tenth less stay is a tenth fewer beds."""

    def need(year: int) -> float:
        before, after = (
            float(central[s, "beds_required", "tertiary", str(year)]["central"])
            for s in ("reference", "shorter_stays")
        )
        return after / before

    assert need(2020) == 1.0
    assert need(2025) == pytest.approx(0.95, abs=0.005)
    assert need(2030) == pytest.approx(0.90, abs=0.005)


def test_scenarios_share_what_they_do_not_change(central):
    for year in ("2020", "2025", "2030"):
        one, other = (
            {k: v for k, v in central[s, "population", "65+", year].items() if k != "scenario"}
            for s in ("reference", "shorter_stays")
        )
        assert one == other


def test_poisson_is_the_counting_noise_of_the_verdict(adequacy, small_run: Path):
    """Infant mortality counted again: mean over draws of P(deaths <= goal x births)."""
    with xr.open_dataset(small_run / "results.nc") as results:
        found = [
            r
            for r in adequacy
            if r["indicator_id"] == "infant_mortality" and r["verdict"] in ("adequate", "tight", "short")
        ]
        assert found
        for r in found:
            here = results.sel(scenario=r["scenario"], region=r["region"], year=int(r["year"]))
            births = here.births.sel(newborn_sex="total").values[1:].astype(float)
            rate = here.infant_mortality.values[1:].astype(float)
            goal = (float(r["target"].lstrip("<>=")) + 0.05) / 1000  # 2.4 is printed of 2.44
            p = np.mean(stats.poisson.cdf(np.floor(goal * births), rate * births))
            assert float(r["p_reached"]) == pytest.approx(p, abs=1e-5)
