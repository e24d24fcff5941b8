"""Own pace of premature mortality: a decade says nothing of the next; a pace moves 30q70 by itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from paths import ROOT

from sim.burden.outcomes import own_pace
from sim.errors import ConfigError
from sim.evidence.calibration.parts.premature_pace import paces, premature

TABLE = "parameters/series/deaths_30_69.csv"


def test_a_decade_of_a_province_says_nothing_of_the_next():
    found = premature(ROOT)
    assert float(found.sel(region="000000", year=2010)) == pytest.approx(0.1956, abs=2e-4)
    assert bool((found.sel(year=2020) < found.sel(year=2000)).all())
    first, second = paces(found)
    assert np.corrcoef(first, second)[0, 1] < 0.1
    assert second.std(ddof=1) == pytest.approx(0.012, abs=0.001)


def test_a_pace_compounds_from_the_base_year_on():
    year = xr.DataArray([2020, 2021, 2030], {"year": [2020, 2021, 2030]}, ("year",))
    found = own_pace(year, {"outcomes.premature_pace": xr.DataArray(-0.01)})
    np.testing.assert_allclose(found, np.exp([0.0, -0.01, -0.1]))


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("000000,2000,30,", "000000,2000,35,", r"stands twice"),
        ("110000,2020,30,", "110000,2021,30,", r"rows \| one for each region, year and age"),
    ],
)
def test_a_table_with_a_cell_twice_or_missing_is_refused(tmp_path: Path, old: str, new: str, text: str):
    path = tmp_path / TABLE
    path.parent.mkdir(parents=True)
    shutil.copy(ROOT / TABLE, path)
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=text):
        premature(tmp_path)
