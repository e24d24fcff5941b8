"""Numbers at the edge, through the whole chain: right, or refused before the run; no nan reaches a reader.

Edges that a run can have are scenarios of one run, so that its tables, workbook, pages and charts are read
once; a table that has no figure says so.  Edges that no place can have are refused with exit 2, by name.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xarray as xr
import yaml
from paths import ROOT, read_rows
from working_folder import Outcome, make_workspace, run_cli

EXACT = "an edge"
SOME = ("ambulances", "care_beds", "care_workers", "icu_beds", "infectious_beds", "midwives", "newborn_beds")
MORE = ("pharmacists", "public_health_staff", "rural_doctors", "supervision_staff", "tcm_doctors")
STOCKS = (*SOME, *MORE, "village_doctors", "childcare_slots")
OCCUPANCY = ("inpatient.occupancy_target", "inpatient.base_occupancy")
PLANNED = {"inpatient.occupancy_source": "planning_values"}
_EDGES: Mapping[str, Mapping[str, object]] = {
    "usual": {},
    "many_children": {"fertility.tfr": 8, "fertility.tfr_change": 5},
    "no_births": {f"population.base.female.{age}": 0 for age in range(2, 55)},
    "empty_ages": {f"population.base.{sex}.{a}": 0 for sex in ("female", "male") for a in range(30, 35)},
    "short_lives": {"mortality.e0_change": -15},
    "long_lives": {"mortality.e0_change": 15},
    "exodus": {"migration.level": {"value": -150_000, "exact": EXACT}},
    "billion": {"population.base": {"multiply": 200}},
    "few_beds": {"supply.beds_base": {"value": 0.1, "exact": EXACT}},
    "no_stock": {f"supply.{name}_base": {"value": 0, "exact": EXACT} for name in STOCKS},
    "no_use": {f"{name}_rate": {"multiply": 1e-9} for name in ("inpatient.admission", "outpatient.visit")},
    "always_full": {**PLANNED, **{name: {"value": 100, "exact": EXACT} for name in OCCUPANCY}},
    "near_empty": {**PLANNED, **{name: {"value": 20, "exact": EXACT} for name in OCCUPANCY}},
}
EDGES = {**_EDGES, "nothing": {**_EDGES["no_births"], **_EDGES["no_stock"]}}
DRAWN = "nothing"
"""The scenario whose charts and pages are made: the others differ from the usual one in size alone."""

REFUSED: Mapping[str, tuple[Mapping[str, object], str]] = {
    "one_person": ({"population.base": {"multiply": 2e-7}}, r"\d+ more people leave in 20.. than live"),
    "1e10_people": ({"population.base": {"multiply": 2000}}, r"population.base = .* want 0 to 5e\+07"),
    "nobody": ({"population.base": 0}, r"population.base \| 0 people"),
    "no_woman": ({f"population.base.female.{a}": 0 for a in range(101)}, "nobody is female"),
    "tfr_0": ({"fertility.tfr": 0}, r"fertility.tfr = 0 gives 0 child per woman \| want 0.3 to 8"),
    "tfr_10": ({"fertility.tfr": 10}, r"fertility.tfr = 10 gives 10 child per woman \| want 0.3 to 8"),
    "no_children": ({"fertility.tfr_change": -5}, "below fertility.tfr_floor 0.3"),
    "e0_20": ({"mortality.e0_change": -57}, "mortality.e0_change = .* want -15 to 15"),
    "e0_110": ({"mortality.e0_change": 32}, "mortality.e0_change = .* want -15 to 15"),
    "all_leave": (
        {"migration.level": {"value": -900_000, "exact": EXACT}},
        "more people leave in 20.. than live",
    ),
    "no_beds": ({"supply.beds_base": 0}, "supply.beds_base = 0 gives 0 per 1000"),
    "no_use_at_all": ({"inpatient.admission_rate": 0}, "inpatient.admission_rate: 0 at every age"),
    "occupancy_0": ({"inpatient.occupancy_target": 0}, "inpatient.occupancy_target = 0 gives 0 percent"),
    "occupancy_over_1": ({"inpatient.occupancy_target": 101}, "inpatient.occupancy_target = 101 gives"),
}

NONE = re.compile(r"(?<![\w.%-])[-+−]?(nan|inf|infinity|nat)(?![\w(-])", re.IGNORECASE)
"""A number that is none, as Python, C or JavaScript print it."""
TEXT = re.compile(r"<script\b.*?</script>|<style\b.*?</style>|<[^>]*>", re.DOTALL)

pytestmark = pytest.mark.slow


def _experiment(folder: Path, name: str, edges: Mapping[str, Mapping[str, object]]) -> Path:
    """An experiment of Anyang's plan with edges as scenarios."""
    (folder / "experiments").mkdir(exist_ok=True)
    if not (folder / "parameters").exists():
        (folder / "parameters").symlink_to(ROOT / "parameters", target_is_directory=True)
    content = {
        "schema": 1,
        "name": name,
        "regions": ["410500"],
        "plan": "anyang_14fyp",
        "years": {"base": 2020, "end": 2026},
        "test_years": [2026],
        "draws": {"n": 3, "seed": 7},
        "scenarios": {key: [key] if own else [] for key, own in edges.items()},
        "overrides": {key: dict(own) for key, own in edges.items() if own},
    }
    path = folder / "experiments" / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def _done(*arguments: str | Path, cwd: Path) -> Outcome:
    """A command that must succeed, without a warning of Python's, and print no number that is none."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        done = run_cli(*arguments, cwd=cwd)
    assert done.code == 0, done.err
    said = [f"{w.category.__name__}: {w.message} ({w.filename}:{w.lineno})" for w in caught]
    assert [s for s in said if "Deprecat" not in s] == []
    assert not NONE.search(done.out), NONE.search(done.out)
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("edges")


@pytest.fixture(scope="module")
def run(folder: Path) -> Path:
    """One run of all edges, with its workbook."""
    file = _experiment(folder, "edges", EDGES)
    done = _done("run", file, "--no-charts", "--workers", "1", "--quiet", cwd=folder)
    path = Path(done.out.strip())
    _done("report", path, "--to", "xlsx", cwd=folder)
    return path


def _cells(run: Path) -> Iterator[tuple[str, str]]:
    """Every cell of every table: where, and its text."""
    for path in sorted(run.glob("*.csv")):
        for row, line in enumerate(read_rows(path), 2):
            yield from ((f"{path.name}:{row}:{column}", text) for column, text in line.items())
    for path in sorted(run.glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path, read_only=True):
            for line in sheet.iter_rows():
                for cell in line:
                    if cell.value is not None:
                        yield f"{path.name}!{sheet.title}!{cell.coordinate}", str(cell.value)


def test_no_cell_of_a_table_or_workbook_holds_a_number_that_is_none(run: Path) -> None:
    assert [f"{where}: {text}" for where, text in _cells(run) if NONE.search(text)] == []
    assert [str(p) for p in run.glob("*.json") if NONE.search(p.read_text(encoding="utf-8"))] == []


def test_a_stored_figure_is_none_only_where_the_usual_run_has_none(run: Path) -> None:
    with xr.open_dataset(run / "results.nc", engine="netcdf4") as results:
        for name, array in results.data_vars.items():
            if array.dtype.kind != "f" or "scenario" not in array.dims:
                continue
            usual = np.isnan(array.sel(scenario="usual"))
            for scenario in EDGES:
                own = array.sel(scenario=scenario)
                assert not np.isinf(own).any(), f"{name}: infinite in {scenario}"
                assert bool((np.isnan(own) == usual).all()), f"{name}: missing in {scenario}"


FIGURES = ("required_p50", "available_p50", "ratio_p50", "projected_p50", "capacity_p50")


def test_a_row_without_a_figure_that_the_usual_row_has_says_why(run: Path) -> None:
    rows = read_rows(run / "adequacy_detail.csv")
    key = ("indicator_id", "scope", "year", "location", "unit")
    usual = {tuple(r[k] for k in key): r for r in rows if r["scenario"] == "usual"}
    found = 0
    for row in rows:
        other = usual[tuple(row[k] for k in key)]
        for name in FIGURES:
            if other[name] and not row[name]:
                found += 1
                said = name in row["reason"] or "nobody is there to be reached" in row["reason"]
                assert said, (row["scenario"], row["indicator_id"], name)
    assert found  # people for one vehicle of none, shares of nobody


def test_people_and_verdicts_are_as_the_edge_makes_them(run: Path) -> None:
    with xr.open_dataset(run / "results.nc", engine="netcdf4") as results:
        of = {s: results.sel(scenario=s, region="410500").isel(draw=0) for s in EDGES}
        births = {s: float(of[s]["births"].sel(year=2026).sum()) for s in EDGES}
        e0 = {s: float(of[s]["e0"].sel(year=2026).mean()) for s in ("short_lives", "usual", "long_lives")}
    assert births["no_births"] == 0
    assert births["many_children"] > 3 * births["usual"]
    assert births["billion"] > 100 * births["usual"]
    assert births["exodus"] < 0.9 * births["usual"]
    assert e0["short_lives"] + 10 < e0["usual"] < e0["long_lives"] - 10
    rows = [r for r in read_rows(run / "revise.csv") if r["scenario"] == "no_stock"]
    lone = [r for r in rows if r["variable"] == "pharmacists" and not r["replacement_per_year"]]
    assert lone
    assert all("nobody there to leave" in r["note"] for r in lone)


def test_charts_and_pages_are_drawn_without_a_number_that_is_none(run: Path, folder: Path) -> None:
    _done("plot", run, "--scenario", DRAWN, "--format", "svg", cwd=folder)
    _done("report", run, "--scenario", DRAWN, "--to", "html", cwd=folder)
    for chart in run.rglob("*.svg"):
        found = [NONE.search(text) for text in re.findall(r">([^<>]+)<", chart.read_text(encoding="utf-8"))]
        assert not any(found), chart.name
    for page in run.glob("*.html"):
        whole = page.read_text(encoding="utf-8")
        assert not NONE.search(TEXT.sub(" ", whole)), page.name
        data = re.findall(r"<script[^>]*application/json[^>]*>(.*?)</script>", whole, re.DOTALL)
        assert data, page.name
        assert not any(NONE.search(block) for block in data), page.name


def test_explain_revise_cost_and_compare_print_no_number_that_is_none(run: Path, folder: Path) -> None:
    for command in ("revise", "cost"):
        _done(command, run, "--scenario", DRAWN, cwd=folder)
    for indicator in ("beds_per_1000", "infant_mortality", "pharmacists_per_1000"):
        _done("explain", run, indicator, "2025", "--scenario", DRAWN, cwd=folder)
    _done("compare", run, run, cwd=folder)


@pytest.mark.parametrize("name", REFUSED)
def test_an_edge_that_no_place_can_have_is_refused_before_the_run(name: str, tmp_path: Path) -> None:
    settings, message = REFUSED[name]
    file = _experiment(tmp_path, name, {"edge": settings})
    done = run_cli("run", file, "--workers", "1", "--no-charts", cwd=tmp_path)
    assert done.code == 2
    assert re.search(message, done.err), done.err
    assert not (tmp_path / "outputs").exists()


def test_what_does_not_move_an_output_is_said_and_no_index_is_none(folder: Path) -> None:
    """Outputs that are constant: no births, no stock."""
    file = _experiment(folder, "constant", {"edge": EDGES["nothing"]})
    of = ["--of", "births@2025", "--of", "care_beds_ratio@2025", "--of", "*:enough"]
    over = ["--over", "inpatient.alos", "--over", "fertility.tfr_ratio"]
    for method in (["oat"], ["sobol", "--n", "4"], ["morris", "--n", "2"]):
        done = _done(
            "sweep", file, "--method", *method, *over, *of, "--workers", "1", "--lang", "en", cwd=folder
        )
        path = Path(done.out.strip().splitlines()[-1])
        assert [f"{where}: {text}" for where, text in _cells(path) if NONE.search(text)] == []


def test_a_proposal_for_a_place_without_stock_is_made(tmp_path: Path) -> None:
    make_workspace(tmp_path)  # propose writes a plan beside the others
    sets = [f"supply.{name}_base=0" for name in ("gps", "midwives")]
    given = [word for text in sets for word in ("--set", text)]
    done = _done(
        "propose",
        "410500",
        "--year",
        "2027",
        "--draws",
        "2",
        "--workers",
        "1",
        *given,
        "--quiet",
        cwd=tmp_path,
    )
    run = Path(done.out.strip().splitlines()[-1])
    assert [f"{where}: {text}" for where, text in _cells(run) if NONE.search(text)] == []
