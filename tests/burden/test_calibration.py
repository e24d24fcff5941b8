"""Misfit of use and beds against what regions counted."""

import csv
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from health_world import health_params

from sim.burden import calibration

ROOT = Path(__file__).parents[2] / "parameters"


@pytest.fixture(scope="module")
def observed():
    with (ROOT / "observed_use.csv").open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _population(folder):
    people = np.zeros((1, 2, 101, 1))
    path = ROOT / f"regions/{folder}/base_population.csv"
    with path.open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            people[0, int(row["sex"] == "male"), int(row["age"]), 0] += float(row["value"])
    coords = {"year": [2020], "sex": ["female", "male"], "age": np.arange(101), "draw": [0]}
    return xr.DataArray(people, coords, tuple(coords))


def test_bed_identity_of_every_region_with_data(observed):
    """Guangzhou counts open beds; the nation's hospitals had 347.4 open days a year-end bed."""
    found = calibration.bed_identities(observed, {"hospitals": 347.4 / 365})
    assert {(m.region, m.year) for m in found} == {
        ("440100", 2021), ("440100", 2022), ("000000", 2021), ("000000", 2023),
    }  # fmt: skip
    for m in found:
        assert abs(m.misfit) < 0.08, m


def test_stocks_carried_on_with_the_province(observed):
    """2015 to 2020 with Henan's growth: Nanyang -14 %, Xinxiang +4 %; hence the ranges."""
    province = {"411300": "410000", "410700": "410000"}
    found = {m.region: m.misfit for m in calibration.carried_stocks(observed, province, 2015, 2020)}
    assert found["411300"] == pytest.approx(-0.136, abs=0.005)
    assert found["410700"] == pytest.approx(0.043, abs=0.005)


@pytest.mark.parametrize(
    ("folder", "per_100", "per_head"),
    [("000000_china", 19.0, 6.2), ("410000_henan", 21.5, 6.4)],
)
def test_use_at_national_rates(folder, per_100, per_head):
    """A normal 2020: China 2019 19.03 admissions per 100 and 6.2 visits; Henan 2020 counted 18.35
    and 5.77 in a year in which the nation fell by 15 and 11 %."""
    people = _population(folder)
    births = 0.5 * people.isel(sex=0, drop=True) * (abs(people.age - 28) < 1) * 0.1
    got = calibration.use_at_national_rates(people, births, health_params(folder))
    total = float(people.sum())
    assert 100 * got["admissions"] / total == pytest.approx(per_100, rel=0.10)
    assert got["visits"] / total == pytest.approx(per_head, rel=0.12)
