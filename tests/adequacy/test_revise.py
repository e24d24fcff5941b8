"""Which target would hold: exact on the draws, safe when rounded, and what it takes every year."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.adequacy import compare, coverage, inflow, sufficient
from sim.adequacy import revise as r
from sim.adequacy.held import rate_met
from sim.adequacy.needed_target import carried_coverage, needed_target
from sim.adequacy.series import Measures, expression, sampled
from sim.errors import ConfigError
from sim.plan.tests import TestRule
from sim.supply.workforce import yearly_inflow as constant_inflow

needs = arrays(float, st.integers(1, 60), elements=st.floats(0.01, 1e5), unique=True)
chances = st.floats(0.01, 0.99)


def test_by_hand():
    """Needs 1..10: nine of ten are met at 9, eight and a half of ten at 9 too, all but one at 9."""
    needed = np.arange(10.0, 0.0, -1.0)
    assert [sufficient.enough_with(needed, p) for p in (0.8, 0.85, 0.9, 0.95)] == [
        8.0,
        9.0,
        9.0,
        10.0,
    ]
    assert [sufficient.enough_with(needed, p, largest=True) for p in (0.8, 0.85, 0.9)] == [
        3.0,
        2.0,
        2.0,
    ]


@given(needs, chances)
def test_enough_with_p_and_just_below_it_is_not(needed: np.ndarray, p: float):
    target = sufficient.enough_with(needed, p)
    assert np.mean(target >= needed) >= p - 1e-9
    assert np.mean(np.nextafter(target, 0) >= needed) < p
    people = sufficient.enough_with(needed, p, largest=True)
    assert np.mean(people <= needed) >= p - 1e-9
    assert np.mean(np.nextafter(people, np.inf) <= needed) < p


@given(needs, chances, chances)
def test_surer_targets_ask_for_more(needed: np.ndarray, p: float, q: float):
    p, q = min(p, q), max(p, q)
    assert sufficient.enough_with(needed, p) <= sufficient.enough_with(needed, q)
    assert sufficient.enough_with(needed, p, largest=True) >= sufficient.enough_with(needed, q, largest=True)


@pytest.mark.parametrize(
    ("value", "places", "upward", "want"),
    [
        (5.853, 2, True, 5.86),
        (40.0, 0, True, 40.0),
        (44873.2, 0, False, 44873.0),
        (40.000001, 0, True, 40.0),
        (0.0031, 1, True, 0.1),
    ],
)
def test_rounded_to_the_safe_side(value: float, places: int, upward: bool, want: float):
    assert sufficient.rounded(value, places, upward=upward) == pytest.approx(want)


@pytest.mark.parametrize(
    ("target", "operator", "baseline", "test", "value", "want"),
    [
        ("5.76", "=", "5.1", "ratio", 5.853, 2),
        (">=570", ">=", "", "count", 2626.3, 0),
        ("6", "=", "5", "ratio", 6.61, 1),
        ("change 1", "change", "77.83", "outcome", 78.5, 2),
        ("", "=", "2.4", "outcome", 30.0, 1),
        (">=30", ">=", "", "count", 3.2, 0),
    ],
)
def test_decimals_are_the_plan_s_or_finer(
    target: str, operator: str, baseline: str, test: str, value: float, want: int
):
    row = {"target": target, "operator": operator, "baseline": baseline, "test": test}
    assert sufficient.decimals(row, value) == want


def test_nothing_finite_is_not_rounded():
    assert sufficient.rounded(float("inf"), 2, upward=False) is None


def test_inflow_by_hand():
    """100 -> 200 in two years, a tenth leaves: 81 stay, k (0.9 + 1) fill up: k = 119 / 1.9."""
    found = inflow.yearly_inflow(100.0, 200.0, 2, [0.1, 0.1])
    assert found.total == pytest.approx(119 / 1.9)
    assert found.net == pytest.approx(50.0)
    assert inflow.yearly_inflow(0.0, 30.0, 3, None) == inflow.Inflow(10.0, None)
    assert inflow.yearly_inflow(0.0, 30.0, 3, None).total == 10.0


@given(
    st.floats(0, 1e5),
    st.floats(0, 1e5),
    st.lists(st.floats(0, 0.5), min_size=1, max_size=15),
)
def test_inflow_reaches_the_count(base: float, count: float, leaving: list[float]):
    k = inflow.yearly_inflow(base, count, len(leaving), leaving).total
    stock = base
    for rate in leaving:
        stock = stock * (1 - rate) + k
    assert stock == pytest.approx(count, abs=1e-6 * max(base, count, 1.0))


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.integers(1, 15), st.floats(0.001, 0.3))
def test_inflow_agrees_with_the_staff_model(base: float, count: float, years: int, rate: float):
    mine = inflow.yearly_inflow(base, count, years, [rate] * years).total
    assert mine == pytest.approx(constant_inflow(base, count, years, rate), rel=1e-9, abs=1e-6)


@given(arrays(float, 12, elements=st.floats(1e-4, 5e-3)), st.floats(0.05, 0.95))
def test_a_rate_is_met_with_p_and_a_stricter_one_is_not(rates: np.ndarray, p: float):
    """Deaths are Poisson: the strictest target steps from one number of deaths to the next."""
    births = np.linspace(20_000, 30_000, rates.size)

    def met(goal: float) -> np.ndarray:
        return rate_met("<=", goal, rates, births)

    goal = sufficient.rate_with(met, p, start=float(rates.max()), lower=True)
    assert np.mean(met(goal)) >= p
    assert goal == 0 or np.mean(met(goal * (1 - 1e-6))) < p


@pytest.fixture(scope="module")
def table(small_run: Path) -> list[dict[str, str]]:
    with (small_run / "revise.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def detail(small_run: Path) -> list[dict[str, str]]:
    with (small_run / "adequacy_detail.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def key(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[n] for n in ("scenario", "indicator_id", "scope", "year", "unit", "location"))


def test_stored_targets_hold_on_the_run_s_own_draws(table, detail, small_run: Path):
    """As the verdict counts it: p_enough at the revised target >= p, and < p just below it."""
    rows = {key(row): row for row in detail}
    tested = set()
    with xr.open_dataset(small_run / "results.nc") as results:
        scenarios = [str(s) for s in results.scenario.values]
        measures = {s: Measures.of(results, i, 0) for i, s in enumerate(scenarios)}
        for line in table:
            if line["p"] == r.PLAN or line["kind"] not in ("build", "recruit", "share"):
                continue
            row, p, target = rows[key(line)], float(line["p"]), float(line["revised"])
            needed = sampled(needed_target(measures[line["scenario"]], row))
            inverse = row["scale"] == "inverse"

            def p_enough(at: float, needed=needed, inverse=inverse) -> float:
                full = np.full_like(needed, at)
                pair = (full, needed) if inverse else (needed, full)
                return compare(*pair, 1.0).p_enough

            assert p_enough(target) >= p - 1e-9, line
            if line["proposed"]:
                assert p_enough(float(line["proposed"])) >= p - 1e-9, line
            else:
                assert line["note"].startswith("no share is enough"), line
            assert p_enough(target * (1.0001 if inverse else 0.9999)) < p or np.ptp(needed) < 1e-3
            tested.add(line["indicator_id"])
    assert {"beds_per_1000", "nurses_per_1000", "childcare_slots_total"} <= tested


def test_a_proposed_coverage_is_carried_with_p_and_a_larger_one_is_not(table, detail, small_run: Path):
    """As the verdict counts it: capacity against the people that the target means."""
    rows = {key(row): row for row in detail}
    tested = set()
    with xr.open_dataset(small_run / "results.nc") as results:
        m = Measures.of(results, 0, 0)
        scenario = str(results.scenario.values[0])
        for line in table:
            if line["kind"] != "cover" or line["p"] == r.PLAN or line["scenario"] != scenario:
                continue
            row, p, target = rows[key(line)], float(line["p"]), float(line["revised"])
            year = int(row["year"])
            required = expression(m, "managed_required", row["group"].removesuffix("_visits"), year)
            if row["scale"] == "per population":
                required = m.population("resident", year)
            people = sampled(required) * float(row["unit_factor"])
            capacity = sampled(m.at("managed_projected", row["group"], year))

            def p_enough(at: float, people=people, capacity=capacity) -> float:
                return compare(people * at, capacity, 1.0).p_enough

            assert p_enough(target) >= p - 1e-9, line
            assert p_enough(float(line["proposed"])) >= p - 1e-9, line
            assert p_enough(target * 1.0001) < p, line
            assert float(line["count_p50"]) == pytest.approx(np.median(people * target), rel=1e-5)
            tested.add(line["indicator_id"])
    assert {
        "elderly_65_health_mgmt_rate",
        "hypertension_mgmt_rate",
        "blood_donation_rate",
    } <= tested


def test_a_covered_count_is_what_the_staff_can_carry():
    """A target written as a number of people: capacity itself, in people, is the largest."""
    years, draws = [2020, 2025], 5
    values = np.arange(2.0 * draws).reshape(2, 1, draws) + 10.0
    series = {
        name: xr.DataArray(values * times, {"year": years, "programme": ["x"]}, ("year", "programme", "draw"))
        for name, times in (("managed_required", 2.0), ("managed_projected", 1.0))
    }
    row = {
        "indicator_id": "x_n",
        "scope": "",
        "test": "coverage",
        "variable": "managed",
        "group": "x",
        "question": "",
        "scale": "",
        "year": "2025",
        "unit_factor": "1.0",
        "available_p50": "17.5",
        "available_count_p50": "17.5",
    }
    m = Measures(series)
    assert carried_coverage(m, row) == pytest.approx(values[1, 0])
    share = row | {"available_p50": "50", "unit_factor": "0.01"}
    assert carried_coverage(m, share) == pytest.approx(50.0)
    rule = TestRule("x_n", "", "coverage", "managed", "x", "", "", "", "", "")
    assert coverage.capacity(m, rule, 2025) == pytest.approx(values[1, 0])


def test_every_tested_row_has_a_target_or_a_reason(table, detail):
    listed = {key(line) for line in table if line["proposed"] or line["note"]}
    for row in detail:
        assert (key(row) in listed) == (row["verdict"] != "not_tested"), row


def test_a_growth_is_revised_as_a_growth(table, detail):
    """Visits 10 % above the base year's: the growth that is reached, not a number of visits."""
    rows = {key(row): row for row in detail}
    lines = [x for x in table if x["indicator_id"] == "township_outpatient_growth"]
    assert lines
    for line in lines:
        assert line["unit"] == "%"
        middle = float(rows[key(line)]["available_p50"])
        assert abs(float(line["revised"])) < abs(middle) + 50
        if float(line["p"]) > 0.5:
            assert float(line["revised"]) <= middle


def test_fewer_than_one_death_is_a_rate_that_can_be_written():
    """Where no death at all is likely enough, any rate below one in the births asks the same."""
    births, rate = np.full(9, 4000.0), np.full(9, 5e-6)
    value, _ = sufficient.rate_reached("<", 1e-5, rate, births)(0.9)
    assert value == pytest.approx(1e5 / 4000.0)
    assert np.mean(rate_met("<", value * 1e-5, rate, births)) >= 0.9


def test_the_median_need_is_the_one_of_the_verdict(detail, small_run: Path):
    with xr.open_dataset(small_run / "results.nc") as results:
        m = Measures.of(results, 0, 0)
        for row in detail:
            counts = row["scenario"] == "reference" and row["required_p50"]
            if counts and row["test"] in ("ratio", "count", "share") and row["operator"] != "change":
                needed = np.median(sampled(needed_target(m, row)))
                assert needed == pytest.approx(float(row["required_p50"]), rel=1e-5)


def test_the_plan_is_enough_where_it_is_above_the_revised_target(table):
    now = {key(x): x for x in table if x["p"] == r.PLAN}
    for line in table:
        if line["p"] == r.PLAN or key(line) not in now or not line["target_now"]:
            continue
        short = float(line["target_now"]) < float(line["revised"]) * (1 - 1e-5)
        if line["group"] in ("urban", "county") or line["kind"] == "cover":  # the largest holds
            short = float(line["target_now"]) > float(line["revised"]) * (1 + 1e-5)
        if short:
            assert float(line["p_now"]) < float(line["p"])


def test_recruitment_replaces_those_who_leave(table):
    lines = [x for x in table if x["indicator_id"] == "nurses_per_1000" and x["p"] != r.PLAN]
    assert lines
    for line in lines:
        net, replaced = float(line["net_per_year"]), float(line["replacement_per_year"])
        years = int(line["year"]) - int(line["base_year"])
        grown = float(line["count_p50"]) - float(line["stock_base"])
        assert net == pytest.approx(grown / years, rel=1e-5)
        assert replaced > 0
        assert float(line["per_year"]) == pytest.approx(net + replaced, rel=1e-6)
    beds = [x for x in table if x["indicator_id"] == "beds_per_1000"]
    assert all(x["kind"] == "build" and x["replacement_per_year"] == "" for x in beds)


def test_command_prints_a_table_and_stores_other_probabilities(
    small_run: Path, tmp_path: Path, cli: Callable
):
    folder = tmp_path / "run"
    shutil.copytree(small_run, folder)
    done = cli("revise", folder, "--p", "0.5", "--lang", "en")
    assert done.code == 0, done.err
    assert "50%" in done.out
    assert "Registered nurses" in done.out
    assert done.out.strip().endswith("revise.csv")
    with (folder / "revise.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] != "none"]
        assert {row["p"] for row in rows} == {r.PLAN, "0.5"}
    chinese = cli("revise", folder, "--scenario", "shorter_stays")
    assert "年增95%" in chinese.out
    assert "每千人口注册护士" in chinese.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--p", "1.2"], "--p | 1.2 is no probability"),
        (["--p", "0"], "--p | 0 is no probability"),
        (["--scenario", "none"], "'none' is not in this run"),
    ],
)
def test_wrong_questions_are_refused(small_run: Path, cli: Callable, arguments: list[str], message: str):
    done = cli("revise", small_run, *arguments)
    assert done.code == 2
    assert message in done.err


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path):
    with pytest.raises(ConfigError, match="is not a run folder"):
        r.revise(tmp_path)


def test_a_run_of_before_is_refused_with_its_remedy(small_run: Path, tmp_path: Path):
    folder = tmp_path / "run"
    shutil.copytree(small_run, folder)
    rows = (folder / "adequacy_detail.csv").read_text(encoding="utf-8")
    (folder / "adequacy_detail.csv").write_text(rows.replace("unit_factor", "factor", 1))
    with pytest.raises(ConfigError, match="run the experiment again"):
        r.revise(folder)
