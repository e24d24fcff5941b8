"""Every method by name, at the level of adequacy.csv: it goes through, and moves only what is its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import xarray as xr
from laws.plan_runs import ROOT, PlanRun
from laws.shipped import parameters

from sim.adequacy.indicators import case_rows
from sim.adequacy.questions import need_rows
from sim.run import runner
from sim.run.cases import cases
from sim.run.setup import set_up
from sim.saved.row import Row
from sim.schema import RESOURCES

CHOICES = {n: tuple(p.record.choices) for n, p in parameters("410500_anyang").items() if p.record.choices}
FOLLOWING = ("adequacy.after_target", "adequacy.unstated_basis")
# methods that say how the stocks of supply go on, and no need
OF_SUPPLY = ("coverage.method", "supply.staff_growth_form")
# methods that say what the sick and the frail need, and leave people as they are
OF_NEED = ("inpatient.", "outpatient.", "dependency.", "disease.")
# read where no decade before is known: backtests from 2010 (tests/evidence/test_nested.py), no run from 2020
OF_PAST = ("observation.unknown_method",)
STOCKS = ("beds", "doctors", "nurses", "gps", "care_beds", "childcare_slots", "ambulances")
PEOPLE = ("question_04_resident", "question_05_population", "question_05_births", "question_05_tfr")


# what follows the target year; the population that a ratio is read on: the same run, read otherwise


def read_with(run: PlanRun, **reading: str) -> list[Row]:
    case = replace(run.case, reading=replace(run.case.reading, **reading))
    return list(case_rows(case))


def provisions(run: PlanRun, **reading: str) -> Iterator[tuple[Row, np.ndarray | None]]:
    """Rows of ratios and counts after their target year, with the trend of the whole run."""
    for row in read_with(run, **reading):
        if row.test in ("ratio", "count") and row.required_p50 is not None and row.year > row.target_year:
            name, group = f"{row.variable}_projected", row.group or "total"
            series = run.results.get(name)
            dims = [] if series is None else [d for d in series.dims if d.endswith(("group", "method"))]
            if dims and group in [str(g) for g in series[dims[0]].values]:
                series = series.sel({dims[0]: group})
            there = series is not None and bool(series.notnull().all())
            yield row, None if not there else np.asarray(series.isel(scenario=0, region=0).astype(float))


def people(run: PlanRun, row: Row, year: int) -> np.ndarray:
    return run.case.measures.population(row.held.basis, year)[1:]


def goal_count(run: PlanRun, row: Row, year: int) -> np.ndarray:
    """The things that the target means in a year, by draw."""
    if row.test == "count":
        return np.full(run.results.sizes["draw"] - 1, row.held.goal)
    per = people(run, row, year)
    return per / row.held.goal if row.scale == "inverse" else per * row.held.goal


def test_hold_ratio_keeps_the_figure_of_the_plan(run: PlanRun):
    for row, _ in provisions(run, after_target="hold_ratio"):
        assert row.available_p50 == pytest.approx(row.held.goal / row.unit_factor, rel=1e-6), row.indicator_id


def test_hold_count_keeps_the_number_of_the_target_year(run: PlanRun):
    first, seen = run.setup.years[0], 0
    for row, _ in provisions(run, after_target="hold_count"):
        kept = goal_count(run, row, max(row.target_year, first))
        assert row.available_count_p50 == pytest.approx(np.median(kept), rel=1e-6), row.indicator_id
        seen += 1
    assert seen or not run.setup.experiment.test_years


def test_trend_adds_what_supply_grows_by_after_the_target(run: PlanRun):
    first = run.setup.years[0]
    for row, trend in provisions(run, after_target="trend"):
        at = max(row.target_year, first)
        want = goal_count(run, row, at)
        if trend is not None:
            want = want + (trend[row.year - first] - trend[at - first])[1:]
        elif row.test == "ratio":
            want = goal_count(run, row, row.year)  # no trend is known: the ratio is held
        assert row.available_count_p50 == pytest.approx(np.median(want), rel=1e-5), row.indicator_id


def test_what_follows_the_target_year_leaves_the_target_year_alone(run: PlanRun):
    found = [read_with(run, after_target=name) for name in CHOICES["adequacy.after_target"]]
    for rows in zip(*found, strict=True):
        if rows[0].year <= rows[0].target_year:
            assert len({(r.available_p50, r.p_enough, r.p_reached, r.verdict) for r in rows}) == 1


@pytest.mark.sampled(3)
@pytest.mark.parametrize("basis", CHOICES["adequacy.unstated_basis"])
def test_only_ratios_without_a_basis_are_read_on_another(run: PlanRun, basis: str):
    before = read_with(run, unstated_basis="resident")
    moved = 0
    for row, was in zip(read_with(run, unstated_basis=basis), before, strict=True):
        if row.is_tested != was.is_tested:  # a count that says the same as a ratio, on one population only
            assert "judged there" in (was if row.is_tested else row).reason, row.indicator_id
        elif row.population_basis != "unstated" or row.test not in ("ratio", "access"):
            assert (row.available_p50, row.p_enough, row.verdict) == (
                was.available_p50,
                was.p_enough,
                was.verdict,
            ), row.indicator_id
        elif row.required_p50 is not None:
            assert row.held.basis == basis, row.indicator_id
            if row.year == row.target_year:
                want = np.median(goal_count(run, row, row.year))
                assert row.available_count_p50 == pytest.approx(want, rel=1e-6), row.indicator_id
            assert row.required_count_p50 == was.required_count_p50  # the need is nobody's ratio
            moved += row.available_count_p50 != was.available_count_p50
    stated = all(r.population_basis != "unstated" or r.required_p50 is None for r in before)
    assert moved or basis == "resident" or stated


# methods of the stages: a run with each


@cache
def rows_with(*settings: tuple[str, str]) -> tuple[Row, ...]:
    """Rows of a small run of Anyang's plan with these settings."""
    changes = {"draws": {"n": 4, "seed": 3}, "years": {"base": 2020, "end": 2030}, "test_years": [2030]}
    path = ROOT / "experiments" / "anyang_14fyp.yaml"
    setup = set_up(path, settings=settings, scenarios=["reference"], changes=changes)
    with TemporaryDirectory() as out:
        folder = runner.run(setup, Path(out), tables=lambda *_: {}, charts=None, workers=1)
        with xr.open_dataset(folder / "results.nc", engine="netcdf4") as results:
            found = list(cases(setup, results.load()))
            return (*(r for case in found for r in case_rows(case)), *need_rows(found, []))


def figures(row: Row) -> tuple[object, ...]:
    return row.required_p50, row.available_p50, row.projected_p50, row.capacity_p50, row.need_norm_p50


SWITCHES = [
    (name, choice)
    for name, choices in sorted(CHOICES.items())
    for choice in choices
    if name not in FOLLOWING + OF_PAST and choice != str(parameters("410500_anyang")[name].data.item())
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "choice"), SWITCHES)
def test_a_method_goes_through_and_moves_what_is_its_own(name: str, choice: str):
    shipped, found = rows_with(), rows_with((name, choice))
    assert [(r.indicator_id, r.scope, r.year) for r in found] == [
        (r.indicator_id, r.scope, r.year) for r in shipped
    ]
    moved = [(a, b) for a, b in zip(shipped, found, strict=True) if figures(a) != figures(b)]
    for row, was in zip(found, shipped, strict=True):
        assert row.is_tested == was.is_tested, row.indicator_id
        numbers = [v for v in figures(row) if v is not None]
        assert np.isfinite(numbers).all(), row.indicator_id
        if name.startswith(OF_NEED) and row.indicator_id in PEOPLE:
            assert figures(row) == figures(was), row.indicator_id
        if name.startswith(OF_NEED) and row.variable in STOCKS:
            assert row.projected_p50 == was.projected_p50, row.indicator_id
        if name in OF_SUPPLY:
            assert row.required_p50 == was.required_p50, row.indicator_id
    assert moved, f"{name}={choice} moves no figure of adequacy.csv"


@pytest.mark.slow
def test_another_occupancy_moves_beds_and_not_doctors():
    shipped, found = rows_with(), rows_with(("inpatient.occupancy_source", "planning_values"))
    beds = [(a, b) for a, b in zip(shipped, found, strict=True) if a.variable == "beds" and a.required_p50]
    assert any(a.required_p50 != b.required_p50 for a, b in beds)
    for was, row in zip(shipped, found, strict=True):
        if was.variable in ("doctors", "gps", "childcare_slots") and was.test == "ratio":
            assert row.required_p50 == was.required_p50, was.indicator_id


@pytest.mark.slow
def test_more_healthy_years_need_no_more_care():
    """Care beds of the question on the old, at the end: constant prevalence needs the most."""
    need = {}
    for choice in CHOICES["dependency.hypothesis"]:
        rows = rows_with(("dependency.hypothesis", choice))
        (row,) = [r for r in rows if r.indicator_id == "question_08_care_beds" and r.year == 2030]
        need[choice] = row.required_p50
    assert need["constant_prevalence"] >= need["dynamic_equilibrium"] >= need["constant_disability_years"]
    assert len(set(need.values())) == len(need)


def test_every_method_is_met_here():
    assert {name for name, _ in SWITCHES} | {*FOLLOWING, *OF_PAST} == set(CHOICES)
    assert set(STOCKS) <= set(RESOURCES)
