"""What does not matter does not matter: the order of rows, regions and scenarios, and a region's size."""

from __future__ import annotations

import csv
import random
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import yaml
from laws.plan_runs import EACH_PLAN, ROOT, PlanRun
from laws.shipped import REGIONS, parameters

from sim import run_folder
from sim.adequacy import evidence
from sim.adequacy.case import Case
from sim.adequacy.indicators import case_rows
from sim.adequacy.questions import need_rows
from sim.catalogue.verdicts import is_judged
from sim.params import Parameter
from sim.places import list_regions
from sim.plan.indicator import Indicator
from sim.plan.targets import plan_targets
from sim.run import runner
from sim.run.cases import cases
from sim.run.setup import Setup, set_up
from sim.saved.row import Row
from sim.textfile import read_yaml

TABLES = ("adequacy.csv", "timeseries.csv", "standards.csv", "revise.csv", "basis.csv", "decomposition.csv")
PLAN = "anyang_14fyp"


def working_folder(folder: Path, *, copied: bool = False, **changes: object) -> Path:
    """A working folder with one small experiment; `copied`: parameters free to be changed."""
    (folder / "experiments").mkdir(parents=True)
    if copied:
        shutil.copytree(ROOT / "parameters", folder / "parameters")
    else:
        (folder / "parameters").symlink_to(ROOT / "parameters", target_is_directory=True)
    content = {
        "schema": 1,
        "name": "small",
        "regions": ["410500"],
        "plan": PLAN,
        "years": {"base": 2020, "end": 2026},
        "test_years": [2026],
        "draws": {"n": 6, "seed": 7},
        **changes,
    }
    content = {key: value for key, value in content.items() if value is not None}
    path = folder / "experiments" / "small.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def tables(path: Path, out: Path) -> dict[str, str]:
    folder = run_folder.run_experiment(set_up(path), out, charts=False, workers=1)
    return {name: (folder / name).read_text(encoding="utf-8") for name in TABLES}


@pytest.fixture(scope="module")
def as_shipped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Tables of the small run on the shipped files."""
    folder = tmp_path_factory.mktemp("shipped")
    return tables(working_folder(folder / "work"), folder / "out")


def shuffled(path: Path, seed: int = 3) -> None:
    """The rows of a table in another order, its head first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    random.Random(seed).shuffle(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


# order of rows


@pytest.mark.slow
def test_the_order_of_rows_of_parameter_tables_moves_no_byte(tmp_path: Path, as_shipped):
    path = working_folder(tmp_path / "work", copied=True)
    root = tmp_path / "work" / "parameters"
    folders = ("national", "regions/410500_anyang", "provinces", "standards")
    moved = [p for f in folders for p in (root / f).rglob("*.csv")]
    for table in moved:
        shuffled(table)
    assert len(moved) > 20
    assert tables(path, tmp_path / "out") == as_shipped


@pytest.mark.slow
def test_the_order_of_rows_of_the_shared_plan_tables_moves_no_byte(tmp_path: Path, as_shipped):
    """The dictionary, tests, rules, units, bases: all but the tables whose order is that of the output."""
    path = working_folder(tmp_path / "work", copied=True)
    folder = tmp_path / "work" / "parameters" / "plans"
    for name in ("indicator_dictionary", "indicator_tests", "verdict_rules", "units", "plausible_ranges"):
        shuffled(folder / f"{name}.csv")
    assert set(_rows(tables(path, tmp_path / "out"))) == set(_rows(as_shipped))


def _rows(found: dict[str, str]) -> list[tuple[str, ...]]:
    """Lines of the tables; rules of one indicator are said in the order of their table."""
    lines = []
    for name in TABLES:
        for row in csv.DictReader(found[name].lstrip("\ufeff").splitlines()):
            said = {c: " ".join(sorted(re.split(r"; | ", v or ""))) for c, v in row.items()}
            lines.append((name, *said.values()))
    return lines


def test_the_order_of_rows_of_a_plan_moves_no_verdict(run: PlanRun):
    """Rows of a document in another order: the same statements, the same figures, the same verdicts.

    Of statements that say the same the first is judged, so rows are looked up by what they say.
    """
    plan = run.case.plan
    found = [_said(r) for r in case_rows(run.case) if is_judged(r.verdict)]
    for seed in range(3):
        indicators = list(plan.indicators)
        random.Random(seed).shuffle(indicators)
        other = replace(run.case, plan=replace(plan, indicators=tuple(indicators)))
        again = [_said(r) for r in case_rows(other) if is_judged(r.verdict)]
        assert sorted(again) == sorted(found), seed


def _said(row) -> tuple[object, ...]:
    figures = (row.p_enough, row.p_reached, row.p_enough_norm, row.required_p50, row.available_p50)
    at = row.indicator_id, row.scope, row.year, row.held and row.held.goal, row.unit
    return (*map(str, at), *map(str, figures), row.verdict, row.verdict_norm, row.on_the_line)


# order of scenarios and regions


# what a verdict rests on is measured once, under the experiment's first scenario (docs/files.md)
EVIDENCE = ("grade", "rests_on", "find_first", *(f"share_{kind}" for kind in evidence.KINDS))


def by_place(text: str) -> dict[tuple[str, str], list[str]]:
    lines = text.lstrip("\ufeff").splitlines()
    found: dict[tuple[str, str], list[str]] = {}
    for row in csv.DictReader(lines):
        kept = {c: v for c, v in row.items() if c not in EVIDENCE}
        found.setdefault((row["scenario"], row["region"]), []).append(",".join(kept.values()))
    return found


@pytest.mark.slow
def test_the_order_of_scenarios_and_regions_moves_no_byte_of_each(tmp_path: Path):
    """Two regions and two scenarios, either way round, and one alone."""
    stays = {"shorter": {"inpatient.alos_growth": -0.03}}
    regions, scenarios = ["410500", "411200"], {"reference": [], "short": ["shorter"]}
    turned = {"regions": regions[::-1], "scenarios": dict(reversed(scenarios.items()))}
    found = {}
    for name, kwargs in (
        ("a", {"regions": regions, "scenarios": scenarios}),
        ("b", turned),
        ("c", {"regions": regions[:1], "scenarios": {"short": ["shorter"]}}),
    ):
        path = working_folder(tmp_path / name, overrides=stays, **kwargs)
        if name == "b":  # the dumper sorts keys: written as it is meant
            content = read_yaml(path)
            content["scenarios"] = turned["scenarios"]
            path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        found[name] = tables(path, tmp_path / f"out_{name}")
    for table in ("adequacy.csv", "timeseries.csv", "standards.csv", "revise.csv", "basis.csv"):
        one, other, alone = (by_place(found[name][table]) for name in "abc")
        assert len(one) == 4
        assert one == other, table
        (place,) = alone
        assert alone[place] == one[place], table


# a region k times as large

COUNTS = (
    "population.base",
    "population.servicemen",
    "migration.level",
    "migration.inflow",
    "migration.outflow",
    "emergency.cities",
)
"""What is given as a number of people or places of the region; all other records are ratios, or say how
large something is that a larger region has more of (people of a county, beds of a unit)."""
OTHER_COUNTS = (
    "emergency.residents_per_county",
    "fertility.marriages",
    "fertility_census.births",
    "fertility_census.women",
    "fertility_province.births_by_order",
    "fertility_province.women",
    "hospital.unit_beds",
    "hospital.per_station",
    "population.births_reference",
    "population.reference_2010",
    "population.reference_2020",
    "norm.city_infectious_beds",
    "norm.county_infectious_beds",
    "supply.nation_people",
)
SIZES = (
    "person",
    "person/year",
    "bed",
    "vehicle",
    "birth",
    "birth/year",
    "slot",
    "death",
    "hospital",
    "unit",
)
RATIOS = ("1", "year", "day", "child per woman")
"""Units of series that a larger region leaves as they were; all others grow with it."""
EXEMPT = "rare_count"  # a year's few deaths are counted one by one: chance is less in a larger region


def enlarged(setup: Setup, k: float) -> Setup:
    """The same region with k times the people and places, and a plan with k times every count."""
    own = {key: {n: _times(p, k) for n, p in each.items()} for key, each in setup.parameters.items()}
    if setup.plan is None:
        return replace(setup, parameters=own)
    rows = tuple(_counted(i, k) for i in setup.plan.indicators)
    plan = replace(setup.plan, indicators=rows)
    return replace(setup, parameters=own, plan=plan, targets=plan_targets(plan, setup.rules))


def _times(parameter: Parameter, k: float) -> Parameter:
    if parameter.name not in COUNTS:
        return parameter
    record, spread = parameter.record, parameter.record.range
    if spread is not None and spread.scale == "absolute":
        wider = spread.model_copy(update={"low": spread.low * k, "high": spread.high * k})
        record = record.model_copy(update={"range": wider})
    assert spread is None or spread.scale in ("absolute", "relative"), parameter.name
    return replace(parameter, data=parameter.data * k, record=record)


PER_PERSON = ("visits per year",)  # of one patient


def _counted(indicator: Indicator, k: float) -> Indicator:
    if (
        indicator.unit.quantity != "count"
        or indicator.unit.name in PER_PERSON
        or indicator.value is None
        or indicator.operator == "change"
    ):
        return indicator
    ends = [repr(float(x) * k).removesuffix(".0") for x in indicator.text.split("-")]
    return replace(indicator, text="-".join(ends))


@pytest.mark.slow
def test_every_count_of_a_region_is_known_to_the_law():
    for place in REGIONS:
        for name, parameter in parameters(place).items():
            if parameter.record.unit in SIZES:
                assert name in COUNTS + OTHER_COUNTS, f"{place}: {name} is a count: does it grow?"


def results_of(setup: Setup, out: Path) -> xr.Dataset:
    folder = runner.run(setup, out, tables=lambda *_: {}, charts=None, workers=1)
    with xr.open_dataset(folder / "results.nc", engine="netcdf4") as found:
        return found.load()


def assert_as_large(found: xr.Dataset, base: xr.Dataset, k: float) -> None:
    """Counts are k times as large, ratios as they were."""
    grown = 0
    for name, array in base.data_vars.items():
        if "draw" not in array.dims:
            continue
        times = 1.0 if array.units in RATIOS else k
        np.testing.assert_allclose(
            found[name].values, times * array.values, rtol=2e-5, atol=1e-6, err_msg=str(name)
        )
        grown += times != 1.0
    assert grown > 30


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("plan", "k"), [*(pytest.param(*p.values, 2.0, marks=p.marks) for p in EACH_PLAN), (PLAN, 0.5)]
)
def test_a_region_k_times_as_large_has_the_same_ratios_and_verdicts(plan_runs, tmp_path, plan: str, k: float):
    run: PlanRun = plan_runs(plan)
    setup = enlarged(run.setup, k)
    results = results_of(setup, tmp_path)
    assert_as_large(results, run.results, k)
    (case,) = cases(setup, results)
    (own,) = cases(run.setup, run.results)
    pairs = list(zip(_all_rows(case), _all_rows(own), strict=True))
    compared = 0
    for row, was in pairs:
        at = was.indicator_id, was.scope, was.year
        assert (row.indicator_id, row.scope, row.year) == at
        if EXEMPT in was.special.split():
            continue
        for name in ("p_enough", "p_enough_norm", "p_reached", "p_capacity", "p_enough_projected"):
            assert getattr(row, name) == getattr(was, name), (at, name)
        for name in ("verdict", "verdict_norm", "on_the_line", "first_short_year"):
            assert getattr(row, name) == getattr(was, name), (at, name)
        if was.ratio_p50 is not None:
            assert row.ratio_p50 == pytest.approx(was.ratio_p50, rel=2e-5), at
        compared += is_judged(was.verdict)
    assert compared


def _all_rows(case: Case) -> list[Row]:
    return [*case_rows(case), *need_rows([case], [])]


@pytest.mark.slow
@pytest.mark.parametrize("place", REGIONS)
def test_every_shipped_region_grows_as_one(place: str, tmp_path: Path):
    """Two, and a half as many people: every series of a projection, few draws, four years."""
    code = place.partition("_")[0]
    path = working_folder(
        tmp_path / "work",
        copied=bool(list_regions(ROOT)[code].known),
        regions=[code],
        plan=None,
        years={"base": 2020, "end": 2023},
        test_years=[],
    )
    if counted := list_regions(ROOT)[code].known:  # counts that lead its draws do not grow with it
        own = tmp_path / "work" / "parameters" / "regions" / place / "region.yaml"
        own.write_text(own.read_text(encoding="utf-8").replace(f"known: {counted}\n", ""), encoding="utf-8")
    setup = set_up(path, changes={"draws": {"n": 3, "seed": 5}})
    base = results_of(setup, tmp_path / "base")
    for k in (0.5, 2.0):
        assert_as_large(results_of(enlarged(setup, k), tmp_path / str(k)), base, k)
