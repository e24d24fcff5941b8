"""The population behind a ratio: counts and verdicts on each, and the switch."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from paths import read_rows

from sim.adequacy import population_basis as basis
from sim.adequacy.indicators import assess
from sim.catalogue.bases import BASES, basis_named, read_basis
from sim.catalogue.verdicts import JUDGED
from sim.drivers import influence
from sim.errors import PlanError
from sim.plan.targets import PlanTarget
from sim.run.cases import cases
from sim.run.setup import set_up
from sim.saved.row import Row
from sim.supply.plan_path import carry_out


@pytest.fixture(scope="module")
def table(small_run: Path) -> list[dict[str, str]]:
    return read_rows(small_run / "basis.csv")


def read(path: Path) -> list[dict[str, str]]:
    return read_rows(path)


@pytest.mark.parametrize(
    ("stated", "rule", "unstated", "want"),
    [
        ("registered", "resident", "served", "registered"),  # the plan's own words come first
        ("unstated", "urban", "served", "urban"),  # then what the indicator can only mean
        ("unstated", "resident", "served", "served"),
        ("unstated", "", "registered", "registered"),
        ("", "", "registered", "resident"),
        ("", "county x3", "resident", "county x3"),
    ],
)
def test_which_population_is_read(stated: str, rule: str, unstated: str, want: str):
    assert read_basis(stated, rule, unstated) == want


def test_a_population_that_the_model_lacks_is_refused():
    """Never read on the residents instead."""
    for name in BASES:
        assert basis_named(name, "x").id == name
    with pytest.raises(PlanError, match="per head of 'newborns', a population that the model does not have"):
        basis_named("newborns", "x")


def test_planned_count_is_ratio_times_people(table, small_run: Path):
    """Beds per 1000: 5.76 on every basis, by hand from the stored populations."""
    with xr.open_dataset(small_run / "results.nc") as results:
        people = results.population_basis.sel(scenario="reference").isel(region=0).load()
    rows = [
        r
        for r in table
        if r["indicator_id"] == "beds_per_1000" and r["scenario"] == "reference" and r["year"] == "2030"
    ]
    assert {r["basis"] for r in rows} >= set(basis.SWITCHED)
    for row in rows:
        then = people.sel(basis=row["basis"], year=2030).values[1:].astype(float)
        assert float(row["people_p50"]) == pytest.approx(np.median(then), rel=1e-6)
        planned = float(row["planned_count_p50"])
        assert planned == pytest.approx(np.median(then) * 5.76 / 1000, rel=1e-5)


def test_one_basis_is_used_and_its_verdict_is_that_of_the_plan(table, small_run: Path):
    adequacy = {
        (r["scenario"], r["indicator_id"], r["scope"], r["year"], r["location"]): r
        for r in read(small_run / "adequacy_detail.csv")
    }
    seen: dict[tuple[str, ...], int] = {}
    for row in table:
        key = (row["scenario"], row["indicator_id"], row["scope"], row["year"], row["location"])
        seen[key] = seen.get(key, 0) + (row["used"] == "yes")
        if row["used"]:
            mine = adequacy[key]
            assert row["basis"] == mine["basis_read"]
            if mine["verdict"] in JUDGED:
                assert row["verdict"] == mine["verdict"]
            if mine["verdict"] == "not_tested":
                continue  # judged in the row of another statement
            assert float(row["p_enough"]) == pytest.approx(float(mine["p_enough"]), abs=1e-6)
            others = set(basis.SWITCHED) - {row["basis"]}
            assert [e.split(":")[0] for e in mine["basis_effect"].split("; ")] == [
                b for b in basis.SWITCHED if b in others
            ]
    assert seen
    assert set(seen.values()) == {1}


def test_more_people_plan_more_and_are_enough_no_less(table):
    """Need does not hang on the basis: a larger one makes the same ratio a larger count."""
    groups: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in table:
        if "ambulance" in row["indicator_id"]:
            continue  # people per vehicle: the same law, with its own columns
        key = (row["scenario"], row["indicator_id"], row["scope"], row["year"], row["location"])
        groups.setdefault(key, []).append(row)
    assert groups
    for rows in groups.values():
        ordered = sorted(rows, key=lambda r: float(r["people_p50"]))
        for fewer, more in pairwise(ordered):
            assert float(fewer["planned_count_p50"]) <= float(more["planned_count_p50"])
        by_basis = {r["basis"]: r for r in rows}
        resident, registered = by_basis["resident"], by_basis["registered"]  # larger in each draw
        assert float(resident["p_enough"]) <= float(registered["p_enough"]) + 1e-9


def test_a_note_says_which_basis_turns_a_verdict():
    key = {
        "region": "1",
        "scenario": "s",
        "indicator_id": "i",
        "scope": "",
        "year": 2025,
        "location": "l",
        "unit": "per 1000",
    }
    on = {**key, "basis_stated": "unstated", "planned_count_p50": 100.0}
    switched = [
        {**on, "basis": "resident", "used": "yes", "verdict": "short"},
        {**on, "basis": "registered", "used": "", "verdict": "tight", "planned_count_p50": 120.0},
        {**on, "basis": "urban", "used": "", "verdict": "surplus", "planned_count_p50": 50.0},
    ]
    row = Row(plan="p", name_zh="", name_en="", verdict="short", **key)
    row.say("why")
    basis.note_effects([row], switched)
    assert row.basis_effect == "registered: 120 (+20%), tight; urban: 50 (-50%), surplus"
    assert row.reason == "why; tight if registered / 按户籍人口为偏紧"


def test_the_switch_moves_unstated_ratios_alone(workspace: Path, small_run: Path, table):
    file = workspace / "experiments" / "small.yaml"
    setup = set_up(file, settings=[("adequacy.unstated_basis", "registered")])
    with xr.open_dataset(small_run / "results.nc") as results:
        rows = assess(cases(setup, results, influence.measure(setup)))
    registered = {
        (r["scenario"], r["indicator_id"], r["scope"], r["year"], r["location"]): r
        for r in table
        if r["basis"] == "registered"
    }
    moved = 0
    for row in rows:
        if row.test != "ratio" or row.verdict == "not_tested":
            continue
        key = tuple(str(getattr(row, k)) for k in ("scenario", "indicator_id", "scope", "year", "location"))
        if row.population_basis == "unstated" and row.held.basis == "registered":
            assert row.verdict == registered[key]["verdict"]
            assert "read as registered" in row.reason
            moved += 1
        elif row.population_basis == "resident":
            assert row.held.basis == "resident"
    assert moved


def test_the_plan_is_carried_out_on_the_basis_that_is_read():
    years, draws = [2020, 2025], [0, 1]
    coords = {"year": years, "draw": draws}
    labels = {"basis": ["resident", "registered"], **coords}
    people = xr.DataArray(np.full((2, 2, 2), 1000.0), labels, ("basis", "year", "draw"))
    people.loc[{"basis": "registered"}] = 1200.0
    beds = xr.DataArray(
        np.full((2, 1, 2), 5.0), {"bed_group": ["total"], **coords}, ("year", "bed_group", "draw")
    )
    kept = {"population_basis": people, "beds_projected": beds}
    target = PlanTarget("beds", "total", True, 0.01, "unstated", 2025)
    for unstated, want in (("resident", 10.0), ("registered", 12.0)):
        out = carry_out(kept, [target], "hold_ratio", unstated)["beds_available"]
        assert out.sel(year=2025, bed_group="total").values.tolist() == [want, want]
