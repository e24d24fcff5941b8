"""Which figures an answer rests on: one moved at a time, all others at their central values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from paths import ROOT, read_rows

from sim.adequacy.case import Swings
from sim.drivers.influence import one_at_a_time
from sim.params import Sampler, read_sets

NAMES = ["inpatient.icu_alos", "workforce.staff_per_bed"]


def test_each_parameter_moves_in_its_own_two_draws_only():
    parameters = read_sets(ROOT / "parameters", ["national"])
    names = [n for n in NAMES if parameters[n].is_uncertain]
    assert names
    kept = {n: parameters[n] for n in names}
    found = one_at_a_time(Sampler(kept, [2020, 2025], seed=1), names)
    for i, name in enumerate(names):
        values = found[name].values.reshape(-1, 2 * len(names) + 1)
        low, high = values[:, 1 + 2 * i], values[:, 2 + 2 * i]
        centre = values[:, 0]
        assert (low < centre).all()
        assert (high > centre).all()
        others = np.delete(values, [1 + 2 * i, 2 + 2 * i], axis=1)
        assert (others == centre[:, None]).all()


def test_swing_is_the_larger_of_the_two_relative_to_the_centre():
    swings = Swings("410500", ("a", "b", "c"), ("A", "B", "C"), {})
    values = np.array([100.0, 90.0, 105.0, 100.0, 130.0, 100.0, 100.0])
    assert swings.relative(values).tolist() == [0.1, 0.3, 0.0]


def test_a_swing_about_nothing_is_absolute():
    swings = Swings("410500", ("a",), ("A",), {})
    assert swings.relative(np.array([0.0, -2.0, 1.0])).tolist() == [2.0]


@pytest.fixture(scope="module")
def rows(small_run: Path) -> list[dict[str, str]]:
    return read_rows(small_run / "influence.csv")


def test_what_moves_an_output_is_listed_strongest_first(rows):
    beds = [r for r in rows if (r["output"], r["group"]) == ("beds_required", "total")]
    for year in ("2025", "2030"):
        swings = [float(r["relative_swing"]) for r in beds if r["year"] == year]
        assert swings
        assert swings == sorted(swings, reverse=True)


def test_the_target_occupancy_moves_beds_the_other_way(rows):
    """More occupancy allowed, fewer beds: the sign of the bed identity."""
    found = [
        r
        for r in rows
        if r["output"] == "beds_required"
        and r["parameter"] == "inpatient.occupancy_target"
        and r["group"] == "total"
    ]
    for r in found:
        assert float(r["low"]) > float(r["central"]) > float(r["high"])


def test_the_figures_a_verdict_rests_on_are_among_the_influences(small_run: Path, rows):
    tested = [r for r in read_rows(small_run / "adequacy_detail.csv") if r["indicator_id"] == "beds_per_1000"]
    known = {r["parameter"] for r in rows}
    for r in tested:
        named = [part.rpartition(" (") for part in r["rests_on"].split("; ")]
        assert named
        assert {name for name, _, _ in named} <= known
        assert r["grade"] == max(grade.rstrip(")") for _, _, grade in named)


def test_the_scenario_that_was_measured_is_named(rows):
    """One scenario serves the grades of all."""
    assert {r["scenario"] for r in rows} == {"reference"}
