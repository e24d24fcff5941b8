"""Which target would hold: exact on the draws, safe when rounded, and what it takes every year."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from paths import read_rows

from sim.adequacy import compare, effort, sufficient
from sim.adequacy import revise as r
from sim.adequacy.bounds import Bound
from sim.adequacy.case import Reading
from sim.adequacy.covered import capacity, whole
from sim.adequacy.kinds import kind_of
from sim.adequacy.poisson import rate_met
from sim.adequacy.series import Measures, expression, sampled
from sim.errors import ConfigError
from sim.plan.targets import Target
from sim.saved import row_table as rows_file
from sim.saved.row import Row
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


def target(**changes: object) -> Target:
    """Beds per 1000, 5.76 printed with two decimals."""
    known = {
        "indicator": "beds_per_1000",
        "scope": "",
        "test": "ratio",
        "variable": "beds",
        "group": "total",
        "scale": "",
        "goal": 0.00576,
        "year": 2025,
        "sense": ">=",
        "unit": "per 1000",
        "factor": 0.001,
        "step": 0.005,
        "basis": "resident",
    }
    return Target(**{**known, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("step", "value", "want"),
    [(0.005, 5.853, 2), (0.0, 2626.3, 0), (0.5, 6.61, 1), (0.005, 78.5, 2), (0.05, 30.0, 1), (0.0, 3.2, 0)],
)
def test_decimals_are_the_plan_s_or_finer(step: float, value: float, want: int):
    """Counts (step 0) are whole; a step of more than 2 % of the value is refined."""
    assert r.decimals(target(step=step), value) == want


def test_nothing_finite_is_not_rounded():
    assert sufficient.rounded(float("inf"), 2, upward=False) is None


def test_inflow_by_hand():
    """100 -> 200 in two years, a tenth leaves: 81 stay, k (0.9 + 1) fill up: k = 119 / 1.9."""
    found = effort.yearly_inflow(100.0, 200.0, 2, [0.1, 0.1])
    assert found.total == pytest.approx(119 / 1.9)
    assert found.net == pytest.approx(50.0)
    assert effort.yearly_inflow(0.0, 30.0, 3, None) == effort.Inflow(10.0, None)
    assert effort.yearly_inflow(0.0, 30.0, 3, None).total == 10.0


@given(
    st.floats(0, 1e5),
    st.floats(0, 1e5),
    st.lists(st.floats(0, 0.5), min_size=1, max_size=15),
)
def test_inflow_reaches_the_count(base: float, count: float, leaving: list[float]):
    k = effort.yearly_inflow(base, count, len(leaving), leaving).total
    stock = base
    for rate in leaving:
        stock = stock * (1 - rate) + k
    assert stock == pytest.approx(count, abs=1e-6 * max(base, count, 1.0))


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.integers(1, 15), st.floats(0.001, 0.3))
def test_inflow_agrees_with_the_staff_model(base: float, count: float, years: int, rate: float):
    mine = effort.yearly_inflow(base, count, years, [rate] * years).total
    assert mine == pytest.approx(constant_inflow(base, count, years, rate), rel=1e-9, abs=1e-6)


@given(arrays(float, 12, elements=st.floats(1e-4, 5e-3)), st.floats(0.05, 0.95))
def test_a_rate_is_met_with_p_and_a_stricter_one_is_not(rates: np.ndarray, p: float):
    """Deaths are Poisson: the strictest target steps from one number of deaths to the next."""
    births = np.linspace(20_000, 30_000, rates.size)

    def met(goal: float) -> float:
        return float(np.mean(rate_met("<=", goal, rates, births)))

    goal = sufficient.rate_with(met, p, start=float(rates.max()), lower=True)
    assert met(goal) >= p
    assert goal == 0 or met(goal * (1 - 1e-6)) < p


@pytest.fixture(scope="module")
def table(small_run: Path) -> list[dict[str, str]]:
    return read_rows(small_run / "revise.csv")


@pytest.fixture(scope="module")
def detail(small_run: Path) -> list[Row]:
    return rows_file.read(small_run)


def key(row: dict[str, str] | Row) -> tuple[str, ...]:
    names = ("scenario", "indicator_id", "scope", "year", "unit", "location")
    return tuple(str(getattr(row, n) if isinstance(row, Row) else row[n]) for n in names)


def needed_target(m: Measures, row: Row) -> np.ndarray:
    """The target that is just enough in each draw, written anew from the saved series."""
    asked = row.held
    assert asked is not None
    if row.test == "share":
        found = expression(m, row.variable, row.group, row.year)
        assert found is not None
        return found / asked.factor
    group = f"{row.group}_normal" if m.has("beds_required", f"{row.group}_normal") else row.group or "total"
    need = m.at(f"{row.variable}_required", group, row.year)
    if row.test == "count":
        return need / asked.factor
    people = m.population(row.held.basis, row.year)
    return people / need if asked.inverse else need / people / asked.factor


def proposals(table: list[dict[str, str]]) -> list[dict[str, str]]:
    return [x for x in table if x["p"] not in ("", r.PLAN)]


def test_stored_targets_hold_on_the_run_s_own_draws(table, detail, small_run: Path):
    """As the verdict counts it: p_enough at the target >= p, and < p just below it unless bound."""
    rows = {key(row): row for row in detail}
    tested = set()
    with xr.open_dataset(small_run / "results.nc") as results:
        scenarios = [str(s) for s in results.scenario.values]
        measures = {s: Measures.of(results, i, 0) for i, s in enumerate(scenarios)}
        for line in proposals(table):
            if line["kind"] not in ("build", "recruit", "share"):
                continue
            row, p = rows[key(line)], float(line["p"])
            needed = sampled(needed_target(measures[line["scenario"]], row))
            inverse = row.scale == "inverse"

            def p_enough(at: float, needed=needed, inverse=inverse) -> float:
                full = np.full_like(needed, at)
                pair = (full, needed) if inverse else (needed, full)
                return compare(*pair, 1.0).p_enough

            assert p_enough(float(line["revised"])) >= p - 1e-9, line
            if line["proposed"]:
                assert p_enough(float(line["proposed"])) >= p - 1e-9, line
            else:
                assert line["note"].startswith("no share is enough"), line
            enough = float(line["enough"])
            assert p_enough(enough * (1.0001 if inverse else 0.9999)) < p or np.ptp(needed) < 1e-3
            tested.add(line["indicator_id"])
    assert {"beds_per_1000", "nurses_per_1000"} <= tested


def test_what_staff_can_carry_is_carried_with_p_and_more_is_not(table, detail, small_run: Path):
    """Capacity against the people that the target means, counted from the saved series."""
    rows = {key(row): row for row in detail}
    tested = set()
    with xr.open_dataset(small_run / "results.nc") as results:
        m = Measures.of(results, 0, 0)
        scenario = str(results.scenario.values[0])
        for line in proposals(table):
            if line["kind"] != "cover" or line["scenario"] != scenario:
                continue
            row, p, most = rows[key(line)], float(line["p"]), float(line["enough"])
            people = expression(m, "managed_required", row.group.removesuffix("_visits"), row.year)
            if row.scale == "per population":
                people = m.population("resident", row.year)
            load = sampled(people) * (row.unit_factor or 1.0)
            carried = sampled(m.at("managed_projected", row.group, row.year))
            assert compare(load * most, carried, 1.0).p_enough >= p - 1e-9, line
            assert compare(load * most * 1.0001, carried, 1.0).p_enough < p, line
            if not line["bound"]:
                assert compare(load * float(line["proposed"]), carried, 1.0).p_enough >= p - 1e-9, line
            assert float(line["count_p50"]) == pytest.approx(
                np.median(load * float(line["proposed"])), rel=1e-5
            )
            tested.add(line["indicator_id"])
    assert tested


def test_a_covered_count_is_what_the_staff_can_carry():
    """A target written as a number of people: capacity itself, in people, is the largest."""
    years, draws = [2020, 2025], 5
    values = np.arange(2.0 * draws).reshape(2, 1, draws) + 10.0
    series = {
        name: xr.DataArray(values * times, {"year": years, "programme": ["x"]}, ("year", "programme", "draw"))
        for name, times in (("managed_required", 2.0), ("managed_projected", 1.0))
    }
    reading = Reading(Measures(series))
    asked = target(test="coverage", variable="managed", group="x", factor=1.0, basis="", counted=True)
    assert capacity(reading.measures, asked, 2025) == pytest.approx(values[1, 0])
    assert whole(reading.measures, asked, 2025) == pytest.approx(2 * values[1, 0])
    find = kind_of(asked).find(reading, asked, 2025)
    assert find is not None
    assert find(0.5)[0] == sufficient.enough_with(values[1, 0, 1:], 0.5, largest=True)
    share = target(test="coverage", variable="managed", group="x", factor=0.01, basis="")
    find = kind_of(share).find(reading, share, 2025)
    assert find is not None
    assert find(0.5)[0] == pytest.approx(50.0)


def test_every_tested_row_has_a_target_or_a_reason(table, detail):
    listed = {key(line) for line in table if line["proposed"] or line["note"]}
    for row in detail:
        assert (key(row) in listed) == row.is_tested, row


# never harmful


def test_nothing_proposed_is_worse_than_the_present_the_baseline_the_norm_or_the_law(
    table, detail, small_run
):
    rows = {key(row): row for row in detail}
    seen = 0
    for line in proposals(table):
        if not line["proposed"]:
            continue
        row, proposed = rows[key(line)], float(line["proposed"])
        asked = row.held
        falls = not kind_of(asked).rises(asked)
        limits = [row.baseline_value, row.floor]
        if line["kind"] in ("build", "recruit", "share"):
            limits.append(row.need_norm_p50)
        for limit in limits:
            if limit is not None:
                seen += 1
                slack = 1e-5 * abs(limit)
                assert proposed <= limit + slack if falls else proposed >= limit - slack, line
    assert seen


def test_no_proposal_from_a_stress_scenario_or_a_rule_of_access(table, detail):
    rows = {key(row): row for row in detail}
    found = set()
    for line in table:
        for rule in ("stress_need", "access_rule"):
            if rule in rows[key(line)].special.split():
                found.add(rule)
                assert not line["proposed"], line
                assert line["note"], line
    assert found == {"stress_need", "access_rule"}


def test_no_proposal_in_any_year_of_what_follows_the_nation_s_pattern(table, detail):
    """The years after the target too, whose own rows say no_target."""

    def statement(row: dict[str, str] | Row) -> tuple[str, ...]:
        scenario, indicator, scope, _year, unit, location = key(row)
        return scenario, indicator, scope, unit, location

    patterns = {statement(row) for row in detail if row.verdict == "national_pattern"}
    years: dict[tuple[str, ...], set[str]] = {}
    for line in table:
        if statement(line) in patterns:
            years.setdefault(statement(line), set()).add(line["year"])
            assert not line["proposed"], line
            assert line["note"], line
    assert max(map(len, years.values())) > 1


def test_no_proposal_for_what_is_no_target(table, detail):
    rows = {key(row): row for row in detail}
    for line in table:
        row = rows[key(line)]
        if row.held is None or not row.held.stated:
            assert not line["proposed"], line


@given(
    st.floats(0.1, 100), st.dictionaries(st.sampled_from(["present", "norm", "floor"]), st.floats(0.1, 100))
)
def test_a_bound_is_never_undercut_in_the_direction_of_good(value: float, levels: dict[str, float]):
    for falls in (False, True):
        held, name = Bound(levels, falls=falls).applied(value)
        assert all(held <= v if falls else held >= v for v in levels.values())
        assert held == (levels[name] if name else value)


def test_fewer_than_one_death_is_a_rate_that_can_be_written():
    """Where no death at all is likely enough, any rate below one in the births asks the same."""
    births, rate = np.full(9, 4000.0), np.full(9, 5e-6)
    value, _ = sufficient.rate_reached("<", 1e-5, rate, births)(0.9)
    assert value == pytest.approx(1e5 / 4000.0)
    assert np.mean(rate_met("<", value * 1e-5, rate, births)) >= 0.9


def test_the_median_need_is_the_one_of_the_verdict(detail, small_run: Path):
    with xr.open_dataset(small_run / "results.nc") as results:
        m = Measures.of(results, 0, 0)
        compared = 0
        for row in detail:
            if row.scenario == "reference" and row.required_p50 is not None and row.held is not None:
                needed = np.median(sampled(needed_target(m, row)))
                assert needed == pytest.approx(row.required_p50, rel=1e-5)
                compared += 1
        assert compared > 10


def test_the_plan_is_enough_where_it_is_above_what_is_enough(table):
    for line in proposals(table):
        if line["kind"] not in ("build", "recruit", "share") or not line["target_now"]:
            continue
        if float(line["target_now"]) < float(line["enough"]) * (1 - 1e-5):
            assert float(line["p_now"]) < float(line["p"])


def test_the_count_beside_a_proposal_is_that_of_the_proposal_not_of_the_figure_before_rounding(table):
    """5.20 for 5.12 per 10,000: the doctors are those of 5.20, by the rule of the plan's own figure."""
    plan = {key(x): x for x in table if x["p"] == r.PLAN and x["count_p50"]}
    rounded = 0
    for line in proposals(table):
        own = plan.get(key(line))
        if own is None or line["kind"] not in ("build", "recruit") or not line["proposed"]:
            continue
        level = float(line["proposed"]) / float(own["revised"])
        count = float(line["count_p50"]) / float(own["count_p50"])
        assert min(abs(count / level - 1), abs(count * level - 1)) < 2e-5, line  # or people for each one
        rounded += abs(float(line["proposed"]) / float(line["revised"]) - 1) > 2e-5
    assert rounded > 10


def test_recruitment_replaces_those_who_leave(table):
    lines = [x for x in proposals(table) if x["indicator_id"] == "nurses_per_1000"]
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
    rows = [row for row in read_rows(folder / "revise.csv") if row["kind"] != "none"]
    assert {row["p"] for row in rows} == {r.PLAN, "0.5"}
    chinese = cli("revise", folder, "--scenario", "shorter_stays")
    assert all(head in chinese.out for head in ("够用95%", "修订90%", "年增修订"))
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
    (folder / "adequacy_detail.csv").write_text(rows.replace("unit_factor", "factor", 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"is not as the run wrote it.*run it again: healthplan run"):
        r.revise(folder)
