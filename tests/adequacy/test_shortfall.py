"""The first year of shortfall: the plan's path against the need, every year of the run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from paths import ROOT, read_rows

from sim.adequacy.gap import TIE
from sim.plan import load_plan
from sim.plan.targets import plan_targets
from sim.plan.tests import load_rules


@pytest.fixture(scope="module")
def detail(small_run: Path) -> list[dict[str, str]]:
    return [r for r in read_rows(small_run / "adequacy_detail.csv") if r["verdict"] != "not_tested"]


def test_it_is_the_first_year_in_which_the_plan_carried_out_is_less_than_the_need(detail, small_run: Path):
    """Against `<x>_available` of results.nc, which the supply path of the plan fills by itself."""
    plan = load_plan(ROOT / "parameters", detail[0]["plan"])
    targets = {(t.variable, t.group): t for t in plan_targets(plan, load_rules(ROOT)) if t.is_ratio}
    compared = 0
    with xr.open_dataset(small_run / "results.nc") as results:
        for row in detail:
            at = row["variable"], row["group"] or "total"
            target = targets.get(at)
            if target is None or row["test"] != "ratio" or row["scale"] == "inverse":
                continue
            if not np.isclose(target.value, float(row["goal"]) * float(row["unit_factor"])):
                continue
            need, plan_path = (
                _medians(results[f"{at[0]}_{what}"], row["scenario"], at[1])
                for what in ("required", "available")
            )
            years = results.year.values[1:]
            short = years[(need > plan_path * (1 + 10 * TIE))[1:]]
            assert row["first_short_year"] == (str(short[0]) if short.size else ""), row
            compared += 1
    assert compared > 6


def _medians(array: xr.DataArray, scenario: str, group: str) -> np.ndarray:
    one = array.sel(scenario=scenario).isel(region=0)
    (dim,) = (d for d in one.dims if d not in ("year", "draw"))
    return np.median(one.sel({dim: group}).transpose("year", "draw").values[:, 1:], axis=1)


def test_a_year_that_is_short_when_tested_is_not_before_the_first(detail):
    tested = [r for r in detail if r["required_p50"] and r["required_count_p50"] and r["test"] != "need"]
    assert tested
    for row in tested:
        need, planned = float(row["required_count_p50"]), float(row["available_count_p50"])
        if need > planned * (1 + 1e-5):
            assert row["first_short_year"] != "", row
            assert int(row["first_short_year"]) <= int(row["year"]), row


def test_a_level_is_too_little_from_the_target_year_on_and_no_row_says_it_where_it_is_enough(detail):
    """What is short on the way to a target says nothing of its level: 2021 is not the answer for 2035."""
    held = [r for r in detail if r["ratio_p50"] and r["test"] in ("ratio", "count")]
    assert held
    for row in held:
        year, target = int(row["year"]), int(row["target_year"])
        found = row["level_short_year"]
        assert not found or int(found) >= target, row
        if year >= target:
            short = float(row["ratio_p50"]) < 1 - 1e-5
            assert not short or int(found) <= year, row
            assert not found or row["first_short_year"] <= found, row


def test_outcomes_have_none(detail):
    outcomes = [r for r in detail if r["test"] in ("outcome", "demography")]
    assert outcomes
    assert {r["first_short_year"] for r in outcomes} == {""}


def test_all_years_of_a_target_name_the_same_one(detail):
    keys = ("scenario", "indicator_id", "scope", "target", "location")
    found: dict[tuple[str, ...], set[str]] = {}
    for row in detail:
        found.setdefault(tuple(row[k] for k in keys), set()).add(row["first_short_year"])
    assert all(len(years) == 1 for years in found.values())
