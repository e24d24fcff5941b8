"""Stocks of places without a folder: every count of their province since the census; the newest starts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from paths import ROOT, read_rows
from place import place

from sim.params import central
from sim.places import list_places, list_regions, read_place, read_yearly
from sim.supply.stocks import newest, paced
from sim.writing import write_rows

PROVINCES = sorted(p.code for p in list_places(ROOT).values() if p.level == "province")
STOCKS = ("beds", "doctors", "nurses")
YEARS = list(range(2020, 2031))


@pytest.mark.sampled(7)
@pytest.mark.parametrize("code", PROVINCES)
def test_a_province_starts_from_its_newest_count(code: str):
    yearly, params = read_yearly(ROOT), central(read_place(ROOT, code), YEARS)
    for kind in STOCKS:
        per_head = (yearly.of(kind) / yearly.of("population")).sel(region=code)
        known = per_head.sel(year=slice(2020, None)).dropna("year")
        base = params[f"supply.{kind}_base"]
        assert newest(base, base.year) == int(known.year[-1]) == 2022
        np.testing.assert_allclose(base.sel(year=known.year), known, rtol=2e-4)


def test_a_prefecture_has_its_provinces_counts_with_a_wider_range():
    handan, hebei = (place(code)["supply.beds_base"] for code in ("130400", "130000"))
    assert handan.data.equals(hebei.data)
    assert handan.record.range.high > 1.2 > 1.05 > hebei.record.range.high
    assert hebei.made.zh == "130000：2020-2022年末床位按常住人口平均"


def test_a_stated_stock_of_the_province_is_by_year_too():
    kaifeng, county = (place(code)["supply.nurses_base"] for code in ("410200", "410328"))
    henan = place("410000")["supply.nurses_base"]
    assert kaifeng.data.equals(henan.data)
    np.testing.assert_allclose(county.data, henan.data)
    assert "410328" not in list_regions(ROOT)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("code", ["130000", "130400"])
def test_a_count_of_2022_moves_the_supply_from_2022_on_by_as_much(code: str, damaged: Path):
    """Beds of Hebei in 2022 a tenth higher: a tenth more from then on, 2020 as before."""

    def beds(root: Path) -> xr.DataArray:
        params = central(read_place(root, code), YEARS)
        people = xr.DataArray(
            np.ones((len(YEARS), 2, 101)),
            {"year": YEARS, "sex": ["male", "female"], "age": range(101)},
            ("year", "sex", "age"),
        )
        flat = xr.DataArray(np.zeros(len(YEARS)), {"year": YEARS}, ("year",))
        return paced(people, params["supply.beds_base"], flat)

    before, path = beds(damaged), damaged / "parameters" / "series" / "provinces.csv"
    rows = read_rows(path)
    for row in rows:
        if (row["indicator"], row["region"]) == ("beds", "130000"):
            row["2022"] = str(round(float(row["2022"]) * 1.1))
    write_rows(path, list(rows[0]), rows)
    ratio = beds(damaged) / before
    np.testing.assert_allclose(ratio.sel(year=[2020, 2021]), 1.0)
    np.testing.assert_allclose(ratio.sel(year=slice(2022, None)), 1.1, rtol=1e-5)
