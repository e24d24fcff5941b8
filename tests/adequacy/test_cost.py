"""Costs: by hand, laws over options, what a budget pays for; no verdict reads them."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws.plan_runs import FIRST, PlanRun
from paths import ROOT, read_rows
from shared import shared

from sim.adequacy.cost import ITEMS, costs
from sim.errors import ConfigError
from sim.report.cost_table import cost_text
from sim.run import runner
from sim.run.setup import set_up
from sim.run_folder import run_experiment

BUILD = {"beds": np.array([10.0, 20.0])}
YEARLY = {"beds": np.array([1.0, 1.0]), "doctors": np.array([5.0, 5.0]), "gps": np.array([3.0, 4.0])}


def by_year(*values: float) -> np.ndarray:
    return np.array([[v, v] for v in values])


def test_costs_by_hand():
    """100 to 120 beds, back to 110, to 130: 20 and 10 are built; 40 doctors of whom 10 are GPs."""
    found = costs(
        {
            "beds": by_year(100, 120, 110, 130),
            "doctors": by_year(40, 40, 40, 50),
            "gps": by_year(10, 10, 10, 12),
        },
        BUILD,
        YEARLY,
    )
    np.testing.assert_allclose(found["beds"]["capital"][:, 0], [0, 200, 0, 100])
    np.testing.assert_allclose(found["beds"]["capital"][:, 1], [0, 400, 0, 200])
    np.testing.assert_allclose(found["beds"]["yearly_more"][:, 0], [0, 20, 10, 30])
    np.testing.assert_allclose(found["doctors"]["yearly"][:, 0], [150, 150, 150, 190])
    np.testing.assert_allclose(found["gps"]["yearly"][:, 1], [40, 40, 40, 48])
    np.testing.assert_allclose(found["total"]["yearly"][:, 0], [280, 300, 290, 356])
    np.testing.assert_allclose(found["total"]["capital"], found["beds"]["capital"])


def test_costs_from_a_later_year_on():
    """From the second year on: 10 beds less, then 20 more than that year's 120."""
    found = costs({"beds": by_year(100, 120, 110, 140)}, BUILD, YEARLY, since=1)
    np.testing.assert_allclose(found["beds"]["capital"][:, 0], [0, 0, 0, 200])
    np.testing.assert_allclose(found["beds"]["yearly_more"][:, 0], [-20, 0, -10, 20])


@given(
    stocks=st.lists(st.tuples(*[st.integers(0, 90_000)] * 3), min_size=2, max_size=8),
    yuan=st.tuples(*[st.integers(1, 900_000_00)] * 4),
)
def test_a_plan_costs_unit_cost_times_quantity_to_the_cent(stocks, yuan):
    """Added up once more in whole cents: built beyond the largest stock so far, run, doctors less GPs."""
    build, *run = yuan
    beds, doctors, gps = ([row[n] for row in stocks] for n in range(3))
    doctors = [d + g for d, g in zip(doctors, gps, strict=True)]  # GPs are doctors too
    found = costs(
        {"beds": by_year(*beds), "doctors": by_year(*doctors), "gps": by_year(*gps)},
        {"beds": np.full(2, build / 100)},
        {name: np.full(2, cents / 100) for name, cents in zip(("beds", "doctors", "gps"), run, strict=True)},
    )
    for year in range(len(stocks)):
        added = max(beds[year] - max(beds[:year]), 0) if year else 0
        yearly = beds[year] * run[0] + (doctors[year] - gps[year]) * run[1] + gps[year] * run[2]
        assert found["total"]["capital"][year, 0] == pytest.approx(added * build / 100, abs=0.005, rel=1e-13)
        assert found["total"]["yearly"][year, 1] == pytest.approx(yearly / 100, abs=0.005, rel=1e-13)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> PlanRun:
    """Anyang's plan, the run that the laws read too."""
    return shared(tmp_path_factory, FIRST, partial(PlanRun.made, FIRST))


@pytest.fixture(scope="module")
def folder(run: PlanRun) -> Path:
    return run.folder


def test_parts_add_up_and_bands_hold_their_middle(folder):
    rows = read_rows(folder / "costs.csv")
    assert {r["option"] for r in rows} == {"trend", "plan", "revised"}
    assert {r["item"] for r in rows} == {*ITEMS, "total"}
    sums: dict[tuple[str, str, str], float] = {}
    for row in rows:
        key = row["option"], row["cost"], row["year"]
        sums[key] = sums.get(key, 0.0) + float(row["mean"]) * (-1 if row["item"] == "total" else 1)
        assert float(row["p10"]) <= float(row["p50"]) <= float(row["p90"])
        assert row["cost"] == "yearly_more" or float(row["p10"]) >= 0
    assert max(map(abs, sums.values())) < 1e-3


def test_more_of_a_target_costs_more(folder):
    """GPs: enough takes more than the plan sets, so the revised target costs more."""
    rows = {
        (r["option"], r["item"], r["cost"], r["year"]): float(r["p50"])
        for r in read_rows(folder / "costs.csv")
    }
    assert rows["revised", "gps", "yearly", "2025"] > rows["plan", "gps", "yearly", "2025"]
    assert rows["revised", "total", "yearly", "2025"] > rows["plan", "total", "yearly", "2025"]


@pytest.mark.slow
def test_no_verdict_reads_unit_costs(run, folder, tmp_path):
    """Twice the cost: twice costs.csv, the same verdicts to the byte."""
    double = [("cost.yearly", {"multiply": 2}), ("cost.build", {"multiply": 2})]
    setup = set_up(ROOT / "experiments" / "anyang_14fyp.yaml", scenarios=["reference"], settings=double)
    draws = run.setup.experiment.draws
    setup = runner.with_draws(setup, draws.n, draws.seed)
    dear = run_experiment(setup, tmp_path, charts=False, workers=1)
    for name in ("adequacy.csv", "revise.csv"):
        assert (dear / name).read_bytes() == (folder / name).read_bytes()
    once, twice = (read_rows(f / "costs.csv") for f in (folder, dear))
    for a, b in zip(once, twice, strict=True):
        assert float(b["p50"]) == pytest.approx(2 * float(a["p50"]), rel=1e-5, abs=1e-9)


def test_the_table_says_what_a_budget_pays_for(folder):
    text = cost_text(folder, "en", budget=10, width=200)
    assert "Paid for by 10" in text
    rows = {
        (r["option"], r["cost"]): r
        for r in read_rows(folder / "costs.csv")
        if r["item"] == "total" and r["year"] == "2025"
    }
    needed = sum(float(rows["plan", kind]["p50"]) for kind in ("capital", "yearly_more"))
    (line,) = [x for x in text.splitlines() if x.startswith("plan") and " 2025 " in x]
    assert f"{10 / needed:.0%}" in line
    assert "100%" in cost_text(folder, "en", budget=1e6, width=200)


def test_a_folder_without_costs_is_refused(folder, tmp_path):
    with pytest.raises(ConfigError, match="is not a run folder"):
        cost_text(tmp_path)
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    (copy / "costs.csv").unlink()
    with pytest.raises(ConfigError, match=r"costs\.csv"):
        cost_text(copy)
