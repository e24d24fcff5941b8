"""Places of one run side by side: figures as in results.nc, the shortest first, whose stock it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import small
import xarray as xr
from paths import read_rows

from sim.run import runner
from sim.run.side_by_side import COLUMNS, write_places

CODES = ("410500", "410600", "440507")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("places")
    setup = small.setup(place, 9, end=2022, regions=list(CODES))
    return runner.run(setup, place / "out", tables=lambda s, at, _: write_places(s, at))


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[dict[str, str]]:
    return read_rows(folder / "places.csv")


def test_each_place_has_a_row_for_each_resource_and_year(rows: list[dict[str, str]]):
    assert tuple(rows[0]) == COLUMNS
    found = {(r["resource"], r["year"], r["region"]) for r in rows}
    resources = {r["resource"] for r in rows}
    assert {"beds", "doctors", "nurses", "care_beds", "childcare_slots"} <= resources
    assert "ambulances" not in resources  # its stock has no trend
    assert len(found) == len(rows) == len(resources) * 2 * len(CODES)


def test_the_figures_are_those_of_the_run(folder: Path, rows: list[dict[str, str]]):
    with xr.open_dataset(folder / "results.nc", engine="netcdf4") as data:
        where = {"scenario": "reference", "region": "410600", "year": 2022}
        need, trend = (
            data[f"beds_{side}"].sel(bed_group="total", **where).values.astype(float)[1:]
            for side in ("required", "projected")
        )
    (row,) = [r for r in rows if (r["resource"], r["year"], r["region"]) == ("beds", "2022", "410600")]
    assert float(row["need_p50"]) == pytest.approx(np.median(need), rel=1e-5)
    assert float(row["ratio_p50"]) == pytest.approx(np.median(trend / need), rel=1e-5)
    assert float(row["p_enough"]) == pytest.approx((trend >= need).mean())
    assert row["stock_level"] == "province"


def test_the_shortest_stands_first(rows: list[dict[str, str]]):
    for resource in {r["resource"] for r in rows}:
        mine = [r for r in rows if r["resource"] == resource and r["year"] == "2022"]
        ratios = [float(r["ratio_p50"]) for r in mine]
        assert ratios == sorted(ratios)
        assert [r["rank"] for r in mine] == [str(1 + sum(x < y for x in ratios)) for y in ratios]
    assert len({r["region"] for r in rows if r["rank"] == "1"}) > 1  # not one place in all


def test_whose_stock_it_is(rows: list[dict[str, str]]):
    own = {r["region"]: r["stock_level"] for r in rows if r["resource"] == "beds"}
    assert own["410500"] == "place"
    assert set(own.values()) <= {"place", "province", "nation"}
