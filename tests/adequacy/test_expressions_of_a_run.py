"""Every expression of the tables against the series of a real run: there, plausible, and moving.

The reader here is written on its own: xarray alone, no code of the expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from paths import ROOT, read_rows

from sim.adequacy import standards
from sim.adequacy.questions import value
from sim.adequacy.series import Measures, expression
from sim.drivers import influence
from sim.params import central
from sim.plan.needs import load_needs
from sim.plan.tests import load_rules
from sim.plan.vocabulary import load_vocabulary
from sim.run import pipeline
from sim.run.again import setup_again
from sim.run.setup import Setup
from sim.schema import VARIABLES, kept_labels
from sim.store import open_run

RULES = load_rules(ROOT)
NEEDS = load_needs(ROOT / "parameters")
RANGES = {row["expression"]: row for row in read_rows(ROOT / "tests/cases/plausible_series.csv")}
OF_TESTS = sorted({pair for rule in RULES.values() for pair in rule.expressions})
OF_NEEDS = sorted({text for need in NEEDS for text in need.texts})
NOT_MODELLED = {  # the plan's own figure stands in their place: no trend of such supply is known
    ("beds_projected", "tertiary+secondary"),
    ("ambulances_projected", "urban"),
    ("ambulances_projected", "county"),
}
FIRST = 2021  # the first year with a change since the base year


@pytest.fixture(scope="module")
def results(small_run: Path) -> Iterator[xr.Dataset]:
    with xr.open_dataset(small_run / "results.nc", engine="netcdf4") as found:
        yield found.isel(scenario=0, region=0).load()


@pytest.fixture(scope="module")
def measures(small_run: Path) -> Measures:
    with xr.open_dataset(small_run / "results.nc", engine="netcdf4") as found:
        return Measures(dict(Measures.of(found, 0, 0).series))


@pytest.fixture(scope="module")
def setup(small_run: Path) -> Setup:
    return setup_again(open_run(small_run))[0]


@pytest.fixture(scope="module")
def swings(setup: Setup) -> influence.Swings:
    return influence.measure(setup)["410500"]


def by_hand(results: xr.Dataset, text: str, group: str, year: int) -> np.ndarray:
    """Value over draws of a quotient of sums of groups."""
    parts = []
    for term in text.split("/"):
        name, _, own = term.partition(".")
        array = results[name].sel(year=year).astype(float)
        dims = [d for d in array.dims if d != "draw"]
        if dims:
            labels = [str(x) for x in array[dims[0]].values]
            wanted = own or group or "total"
            chosen = labels if wanted == "*" else [wanted] if wanted in labels else wanted.split("+")
            array = array.sel({dims[0]: chosen}).sum(dims[0], skipna=False)
        parts.append(array.values)
    found = parts[0]
    for part in parts[1:]:
        found = found / part
    return found


# what the tables may name is what a run has


def test_the_names_that_tables_are_checked_against_are_those_of_a_run(results: xr.Dataset):
    labels = {d: tuple(map(str, results[d].values)) for d in ("cause", "ncd")}
    known = kept_labels(labels)
    for name, array in results.data_vars.items():
        if "draw" not in array.dims:
            continue
        dims = [d for d in array.dims if d not in ("year", "draw")]
        have = {str(x) for d in dims for x in array[d].values if array.sel({d: x}).notnull().any()}
        want = known[str(name)]
        assert want is not None
        assert have <= set(want), name
        assert bool(have) == bool(want), name
    missing = set(known) - set(map(str, results.data_vars))
    assert {m.rpartition("_")[0] for m in missing} <= {
        "community_health_centres",
        "home_care_hours",
        "informal_care_hours",
    }


# each expression has the value that the saved series give


@pytest.mark.parametrize(("text", "group"), [p for p in OF_TESTS if not p[0].endswith("_increase")])
def test_an_expression_of_a_test_is_the_saved_series(results, measures, text: str, group: str):
    for year in (2020, 2025, 2030):
        found = expression(measures, text, group, year)
        if (text, group) in NOT_MODELLED:
            assert found is None
            assert np.isnan(by_hand(results, text, group, year)).all()
        else:
            assert found is not None
            np.testing.assert_allclose(found, by_hand(results, text, group, year), rtol=1e-6)


def test_increases_are_the_flows_between_year_ends(results, measures):
    people = results.population_group.sel(age_group="total").astype(float)
    births = results.births.sel(newborn_sex="total").astype(float)
    now, before = people.sel(year=2025).values, people.sel(year=2024).values
    natural = (births - results.deaths.astype(float)).sel(year=2025).values / ((now + before) / 2)
    np.testing.assert_allclose(expression(measures, "natural_increase", "", 2025), natural, rtol=1e-6)
    np.testing.assert_allclose(expression(measures, "population_increase", "", 2025), now - before)


@pytest.mark.parametrize("text", [t for t in OF_NEEDS if "plan." not in t])
def test_an_expression_of_a_need_is_the_saved_series(setup: Setup, results, measures, text: str):
    found = value(setup.plan, measures, text, 2025)
    np.testing.assert_allclose(found, by_hand(results, text, "", 2025), rtol=1e-6)


def test_people_for_each_team_are_divided_by_the_teams_that_the_plan_prints(setup: Setup, results, measures):
    text = "managed_required.family_doctor_key_groups/plan.family_doctor_teams"
    (teams,) = {row.value for row in setup.plan.rows("family_doctor_teams", "baseline")}
    people = results.managed_required.sel(programme="family_doctor_key_groups", year=2025).values
    np.testing.assert_allclose(value(setup.plan, measures, text, 2025), people / teams, rtol=1e-6)


# each lies where such a figure lies in China


def named(text: str, group: str) -> str:
    """The name of an expression in the table of ranges: need and supply of a resource share one."""
    whole = f"{text}.{group}" if group else text
    return whole if "/" in whole else re.sub(r"_(required|projected|covered)", "", whole)


@pytest.mark.parametrize(("text", "group"), [*OF_TESTS, *((t, "") for t in OF_NEEDS)])
def test_an_expression_is_plausible_in_the_first_year(setup: Setup, measures, text: str, group: str):
    if (text, group) in NOT_MODELLED:
        return
    found = value(setup.plan, measures, f"{text}.{group}" if group else text, FIRST)
    own = [r.indicator_id for r in RULES.values() if (text, group) in r.expressions]
    indicators = load_vocabulary(ROOT / "parameters")
    stated = [indicators.ranges[i] for i in own if i in indicators.ranges]
    listed = RANGES.get(named(text, group))
    assert listed or stated, f"{text} {group}: give it a line in tests/cases/plausible_series.csv"
    if listed:
        scaled = found / measures.population("resident", FIRST) * 1000 if listed["per"] else found
        low, high = float(listed["low"]), float(listed["high"])
    else:
        scaled, (low, high) = found / indicators.units[stated[0].unit].factor, (stated[0].low, stated[0].high)
    assert (scaled >= low).all(), (scaled.min(), low)
    assert (scaled <= high).all(), (scaled.max(), high)


def test_every_line_of_the_ranges_is_used():
    used = {named(*p) for p in OF_TESTS} | {named(t, "") for t in OF_NEEDS}
    assert set(RANGES) <= used
    assert all(row["why"] for row in RANGES.values())


# each is moved by what the stages that make it declare


def declared(text: str) -> set[str]:
    """Parameters of the stages up to the one that writes what an expression reads."""
    names = {t.partition(".")[0].replace("_projected", "_available") for t in text.split("/")}
    found: set[str] = set()
    for stage in pipeline.STAGES:
        found |= set(stage.PARAMETERS)
        names -= set(stage.WRITES)
        if not {n for n in names if n in VARIABLES and n not in ("population_group", "population_basis")}:
            break
    shares = ("registered_ratio", "served_ratio", "urban_share")
    return found | {f"population.{p}" for p in shares if "basis" in text}


@pytest.mark.parametrize(("text", "group"), [*OF_TESTS, *((t, "") for t in OF_NEEDS)])
def test_an_expression_moves_with_a_driver_of_its_own(setup: Setup, measures, swings, text: str, group: str):
    if (text, group) in NOT_MODELLED:
        return
    whole = f"{text}.{group}" if group else text
    swung = value(setup.plan, Measures(dict(swings.series)), whole, 2025)
    relative = swings.relative(swung)
    movers = {swings.names[i] for i in np.flatnonzero(relative > 1e-6)}
    assert movers & declared(text), f"{whole} is moved by {sorted(movers)}"
    drawn = value(setup.plan, measures, whole, 2025)[1:]
    assert np.ptp(drawn) > 1e-6 * np.abs(drawn).max(), f"{whole} is the same in all draws"


def test_the_sex_ratio_at_birth_is_its_parameter_and_nothing_else_moves_it(setup: Setup, measures, swings):
    text = "births.male/births.female"
    swung = value(setup.plan, Measures(dict(swings.series)), text, 2025)
    movers = {swings.names[i] for i in np.flatnonzero(swings.relative(swung) > 1e-9)}
    assert movers == {"fertility.srb"}
    parameters = setup.parameters["reference", "410500"]
    stated = central({"fertility.srb": parameters["fertility.srb"]}, setup.years)["fertility.srb"]
    for year in (2020, 2025, 2030):
        assert expression(measures, text, "", year)[0] == pytest.approx(
            float(stated.sel(year=year)), rel=1e-6
        )


# standards.csv, row by row


def test_every_input_of_the_standards_is_in_a_run(measures: Measures):
    found = standards.inputs(measures, 2025)
    assert set(standards.INPUTS) <= set(found)
    assert found["pop_county"] + found["pop_urban_districts"] == pytest.approx(found["pop_resident"])


def test_standards_are_recomputed_from_the_saved_series(small_run: Path, results):
    """Every row: its rule and units as the tables have them, its input read from results.nc."""
    people, area = {"basis": results.population_basis}, {"age_group": results.population_group}
    inputs = {
        **{f"pop_{b}": people["basis"].sel(basis=b) for b in ("resident", "registered", "urban", "served")},
        "pop_agricultural": people["basis"].sel(basis="agricultural"),
        "pop_county": people["basis"].sel(basis="county"),
        "pop": people["basis"].sel(basis="resident"),
        "pop_65plus": area["age_group"].sel(age_group="65+"),
        "pop_u3": area["age_group"].sel(age_group="0-2"),
        "births": results.births.sel(newborn_sex="total"),
        "beds_primary": results.beds_available.sel(bed_group="primary"),
        "doctors": results.doctors_available.sel(staff_method="total"),
        "slots": results.childcare_slots_available.sel(childcare_group="total"),
        "ambulances": results.ambulances_required.sel(ambulance_group="rule"),
        "severe_mental_registered": results.managed_required.sel(programme="severe_mental"),
        "hypertension_known": results.managed_required.sel(programme="hypertension"),
    }
    folder = ROOT / "parameters" / "plans"
    factor = {r["unit"]: float(r["factor"]) for r in table(folder / "units.csv")}
    rules = {r["standard_id"]: r for r in table(folder / "anyang_14fyp" / "standards.csv")}
    rows = [r for r in table(small_run / "standards.csv") if r["scenario"] == str(results.scenario.values)]
    assert len(rows) == 2 * len(rules)
    counted = 0
    for row in rows:
        rule, year = rules[row["standard_id"]], int(row["year"])
        medians = {k: float(np.median(a.sel(year=year).values[1:].astype(float))) for k, a in inputs.items()}
        medians["pop_urban_districts"] = medians["pop_resident"] - medians["pop_county"]
        level, per = float(rule["value"].split("-")[0]), factor[rule["unit"]]
        amount = medians.get(rule["input"], np.nan) * float(rule["scale"] or 1)
        want = level * per if rule["rule_type"] == "total" else level * per * amount
        if rule["rule_type"] == "population_per_unit":
            want = amount / level
        if rule["rule_type"] == "growth":
            want = amount * 0.7e-3 * (1 + level * per)  # the plan's 0.7 public health staff per 1000
        declined = rule["rule_type"] in ("spatial", "queue") or np.isnan(want)
        assert bool(row["required"]) != declined, row["standard_id"]
        if not declined:
            assert float(row["required"]) == pytest.approx(want, rel=1e-5, abs=0.06), row["standard_id"]
            counted += 1
    assert counted >= 50


def table(path: Path) -> list[dict[str, str]]:
    return read_rows(path)
