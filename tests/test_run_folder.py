"""What a run stores: laws of the saved file, and timeseries.csv against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small
import xarray as xr
from paths import read_rows

from sim.adequacy import quantiles
from sim.run.bands import TIMESERIES_COLUMNS, Band, bands, outside_band
from sim.run_folder import run_experiment
from sim.schema import AGE_GROUPS, VARIABLES
from sim.store import recorded_parameters


@pytest.fixture(scope="module")
def results(small_run: Path) -> Iterator[xr.Dataset]:
    with xr.open_dataset(small_run / "results.nc") as data:
        yield data.load()


def test_population_balances_in_every_scenario_year_and_draw(results: xr.Dataset):
    stock = results.population_group.sel(age_group="total").astype(float)
    births = results.births.sel(newborn_sex="total")
    flows = (births - results.deaths + results.net_migration).astype(float)
    gap = stock.diff("year") - flows.isel(year=slice(1, None))
    assert float(np.abs(gap).max()) < 2.0  # persons, of 5.4 million stored as 32-bit numbers


@pytest.mark.parametrize("parts", [("0-14", "15-59", "60+"), ("0-15", "16-59", "60+")])
def test_age_groups_add_up(results: xr.Dataset, parts: tuple[str, ...]):
    groups = results.population_group.astype(float)
    total = groups.sel(age_group="total")
    np.testing.assert_allclose(groups.sel(age_group=list(parts)).sum("age_group"), total, rtol=1e-6)


def test_older_groups_lie_in_one_another(results: xr.Dataset):
    groups = results.population_group
    for inner, outer in (("80+", "65+"), ("65+", "60+"), ("60+", "total"), ("0-2", "0-14")):
        assert bool((groups.sel(age_group=inner) < groups.sel(age_group=outer)).all())


def test_single_ages_add_up_to_the_groups(results: xr.Dataset):
    ages = results.population_central.astype(float).sum("sex")
    for group, (low, high) in AGE_GROUPS.items():
        want = results.population_group.sel(age_group=group, draw=0)
        np.testing.assert_allclose(ages.sel(age=slice(low, high)).sum("age"), want, rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "whole", "parts"),
    [
        ("beds_required", "total", ("tertiary", "secondary", "primary")),
        ("beds_required", "total", ("public", "private")),
        ("beds_projected", "total", ("public", "private")),
        ("ambulances_required", "total", ("urban", "county")),
    ],
)
def test_kinds_add_up_to_the_total(results: xr.Dataset, name: str, whole: str, parts):
    array = results[name].astype(float)
    dim = next(d for d in array.dims if d not in ("scenario", "region", "year", "draw"))
    np.testing.assert_allclose(array.sel({dim: list(parts)}).sum(dim), array.sel({dim: whole}), rtol=1e-5)


def test_levels_add_up_to_all_admissions(results: xr.Dataset):
    by_level = results.admissions_level.astype(float).sum("level")
    assert bool((by_level > 0).all())
    per_resident = by_level / results.population_group.sel(age_group="total")
    assert 0.05 < float(per_resident.min()) < float(per_resident.max()) < 0.4


def test_bed_days_are_admissions_times_stay(results: xr.Dataset):
    np.testing.assert_allclose(
        results.bed_days.astype(float), results.admissions_level * results.alos, rtol=1e-4
    )


def test_births_by_order_add_up(results: xr.Dataset):
    by_order = results.births_by_order.astype(float).sum("order")
    np.testing.assert_allclose(by_order, results.births.sel(newborn_sex="total"), rtol=1e-6)


def test_births_by_sex_add_up(results: xr.Dataset):
    by_sex = results.births.sel(newborn_sex=["female", "male"]).astype(float).sum("newborn_sex")
    np.testing.assert_allclose(by_sex, results.births.sel(newborn_sex="total"), rtol=1e-6)


def test_every_variable_says_what_it_is(results: xr.Dataset):
    for name, array in results.data_vars.items():
        if name in ("region_name", "region_name_en"):
            continue
        assert array.attrs["units"] == VARIABLES[str(name)].units
        assert array.attrs["long_name"]
    assert results.attrs["Conventions"].startswith("CF-")


def test_stored_values_keep_the_schemas_bounds(results: xr.Dataset):
    for name, array in results.data_vars.items():
        variable = VARIABLES.get(str(name))
        if variable is None:
            continue
        values = array.values[np.isfinite(array.values)]
        assert values.size, name
        assert variable.low is None or values.min() >= variable.low, name
        assert variable.high is None or values.max() <= variable.high, name


def test_draw_0_is_within_the_cloud_of_draws(results: xr.Dataset):
    total = results.population_group.sel(age_group="total", year=2030)
    spread = total.isel(draw=slice(1, None))
    assert bool((total.isel(draw=0) < spread.max("draw") * 1.02).all())
    assert bool((total.isel(draw=0) > spread.min("draw") * 0.98).all())
    assert float(spread.std("draw").min()) > 0


def test_time_series_agree_with_the_saved_file(small_run: Path, results: xr.Dataset):
    found = read_rows(small_run / "timeseries.csv")
    assert tuple(found[0]) == TIMESERIES_COLUMNS
    for row in found[:: max(len(found) // 400, 1)]:
        name = {"population": "population_group"}.get(row["variable"], row["variable"])
        array = results[name].sel(scenario=row["scenario"], region=row["region"], year=int(row["year"]))
        if array.ndim > 1:
            array = array.sel({array.dims[0]: row["group"]})
        values = array.values.astype(float)
        assert row["unit"] == array.units
        assert float(row["central"]) == pytest.approx(values[0], rel=1e-6)
        bands = [float(row[q]) for q in ("p10", "p50", "p90")]
        assert bands == pytest.approx(quantiles(values[1:]).tolist(), rel=1e-6)
        assert bands == sorted(bands)


@pytest.mark.slow
def test_no_table_is_made_of_another_ones_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """While the tables are written, none that stands already is opened to be read as text."""
    read: list[str] = []
    opened = Path.open

    def watched(path: Path, mode: str = "r", *more: Any, **how: Any) -> Any:
        if mode == "r" and (path.parent / "results.nc").exists():
            read.append(path.name)
        return opened(path, mode, *more, **how)

    setup = small.setup(tmp_path, 3, plan="anyang_14fyp")
    monkeypatch.setattr(Path, "open", watched)
    folder = run_experiment(setup, tmp_path / "outputs", charts=False, workers=1)
    assert read_rows(folder / "revise.csv")
    assert [name for name in read if name != "run.json"] == ["revise.csv"]  # the line above


def test_every_resource_and_the_named_groups_are_in_the_time_series(small_run: Path):
    found = {(r["variable"], r["group"]) for r in read_rows(small_run / "timeseries.csv")}
    for group in AGE_GROUPS:
        assert ("population", group) in found
    flows = ("births", "deaths", "net_migration")
    resources = ("beds_required", "beds_available", "doctors_required", "ambulances_required")
    for name in (*flows, *resources, "childcare_slots_available"):
        assert (name, "total") in found
    assert {group for name, group in found if name == "births"} == {"total", "female", "male"}


def test_a_group_that_is_not_modelled_has_no_row(results: xr.Dataset):
    for band in bands(results):
        assert np.isfinite(float(band.row["central"]))


def test_run_json_tells_alone_what_was_run(small_run: Path):
    meta = json.loads((small_run / "run.json").read_text(encoding="utf-8"))
    assert meta["experiment"]["name"] == "small"
    assert meta["experiment"]["schema"] == 1
    assert meta["experiment"]["draws"] == {"n": 8, "seed": 7}
    assert meta["seed"] == 7
    assert meta["scenarios"] == ["reference", "shorter_stays"]
    assert [r["code"] for r in meta["regions"]] == ["410500"]
    recorded = recorded_parameters(meta)
    assert list(recorded) == ["reference|410500", "shorter_stays|410500"]
    for parameters in recorded.values():
        assert len(parameters) > 300
        assert all(p["hash"] and p["source"] and p["quality"] and p["level"] for p in parameters.values())
    one, other = recorded.values()
    assert one.keys() == other.keys()
    assert {name for name in one if one[name]["hash"] != other[name]["hash"]} == {"inpatient.alos"}
    assert {name for own in meta["parameters"]["own"].values() for name in own} == {"inpatient.alos"}
    assert any("inpatient.alos" in line and "->" in line for line in meta["log"])
    assert {"python", "numpy", "xarray", "healthplan"} <= set(meta["versions"])
    assert meta["times"]["started"]


def test_a_central_line_outside_its_band_is_listed():
    rows = [
        Band(("reference", "410500", name, "total"), year, "bed", [c, low, "2", high, "0", "0", "0"], leaves)
        for name, year, c, low, high, leaves in (
            ("a", 2025, "2", "1", "3", False),
            ("a", 2026, "3.5", "1", "3", True),
            ("a", 2027, "0.5", "1", "3", True),
            ("a", 2028, "3", "1", "3", True),  # as printed it does not
            ("b", 2025, "1", "1", "1", False),
        )
    ]
    (found,) = outside_band(rows)
    assert found == {
        "scenario": "reference",
        "region": "410500",
        "variable": "a",
        "group": "total",
        "years": [2026, 2027],
        "central": [3.5, 0.5],
        "p10": [1.0, 1.0],
        "p90": [3.0, 3.0],
    }


def test_every_central_line_lies_in_its_band_or_run_json_says_so(small_run: Path):
    rows = read_rows(small_run / "timeseries.csv")
    outside = {
        (row["scenario"], row["region"], row["variable"], row["group"], int(row["year"]))
        for row in rows
        if not float(row["p10"]) <= float(row["central"]) <= float(row["p90"])
    }
    meta = json.loads((small_run / "run.json").read_text(encoding="utf-8"))
    listed = {
        (s["scenario"], s["region"], s["variable"], s["group"], year)
        for s in meta["central_outside_band"]
        for year in s["years"]
    }
    assert listed == outside
