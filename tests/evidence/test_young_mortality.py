"""Infant, under-five and maternal mortality: the nation's counts are met; a wrong table is refused."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import xarray as xr
from paths import PARAMETERS, ROOT

from sim.burden.outcomes import mortality_of_the_young
from sim.errors import ConfigError
from sim.evidence.calibration.parts.young_mortality import counted
from sim.evidence.validation.common import SETS
from sim.params import central
from sim.places import list_regions, read_place

TABLE = "parameters/series/young_mortality.csv"
YEARS = list(range(2020, 2051))
YEAR = xr.DataArray(YEARS, {"year": YEARS}, ("year",))


@pytest.fixture(scope="module")
def nation():
    regions = list_regions(ROOT)
    return central(read_place(ROOT, regions["000000"], SETS, regions=regions), YEARS)


@pytest.mark.parametrize(("name", "unit"), [("infant", 1e3), ("u5", 1e3), ("maternal", 1e5)])
def test_the_nation_meets_its_counts_and_goes_on_falling_more_slowly(nation, name, unit):
    found = unit * mortality_of_the_young(YEAR, nation)[f"{name}_mortality"].squeeze()
    known = counted(ROOT)[name].sel(year=slice(2020, None))
    np.testing.assert_allclose(found.sel(year=known.year), known, rtol=0.06)
    assert float(found.sel(year=2025)) == pytest.approx(float(known[-1]), rel=0.02)
    ahead = np.diff(np.log(found.sel(year=slice(2025, None))))
    assert (ahead < 0.0).all()
    assert (np.diff(ahead) > -1e-9).all()


def test_a_pace_of_its_own_compounds_from_the_base_year(nation):
    own = nation | {"outcomes.young_pace": xr.DataArray(0.02)}
    found, plain = (mortality_of_the_young(YEAR, params)["u5_mortality"] for params in (own, nation))
    ratio = (found / plain).sel(year=slice(2020, 2025))  # what is counted moves whole
    np.testing.assert_allclose(ratio.squeeze(), np.exp(0.02 * np.arange(6)))
    assert float(found.sel(year=2050).squeeze()) > float(plain.sel(year=2050).squeeze())


@pytest.mark.parametrize("name", ["infant", "u5", "maternal"])
@pytest.mark.parametrize("share", [0.05, 0.45, 1.0, 5.0])
def test_no_rate_passes_the_lowest_that_countries_have_reached(nation, name, share):
    """A place of any level ends above it; one already lower stays; both have fallen as counted to 2025."""
    lowest = float(nation[f"outcomes.{name}_mortality_lowest"])
    level = nation[f"outcomes.{name}_mortality"] * share
    params = nation | {f"outcomes.{name}_mortality": level}
    found = mortality_of_the_young(YEAR, params)[f"{name}_mortality"].squeeze()
    plain = mortality_of_the_young(YEAR, nation)[f"{name}_mortality"].squeeze()
    np.testing.assert_allclose(
        found.sel(year=slice(2020, 2025)), share * plain.sel(year=slice(2020, 2025)), rtol=1e-12
    )
    ahead, last = found.sel(year=slice(2026, None)), float(found.sel(year=2025))
    if last <= lowest:
        np.testing.assert_allclose(ahead, last)
    else:
        assert (ahead > lowest).all()
        assert (ahead < last).all()
        above = (ahead - lowest) / (last - lowest)  # of any level the same share is left
        few = float(plain.sel(year=2025)) - lowest
        np.testing.assert_allclose(above, (plain.sel(year=slice(2026, None)) - lowest) / few, rtol=1e-9)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("infant,2020,5.4", "infant,2020,-5.4"), "rate | '-5.4' | a number above 0"),
        (("infant,2020,5.4", "infant,2021,5.4"), "infant of 2021 stands twice"),
        (("u5,2019,7.8,nhc_bulletins\n", ""), "every year from the first to the last"),
        (("u5,2019", "u6,2019"), "'u6' is not known"),
    ],
)
def test_a_wrong_row_is_refused(tmp_path, change, told):
    path = tmp_path / TABLE
    path.parent.mkdir(parents=True)
    shutil.copy(PARAMETERS / "series/young_mortality.csv", path)
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(ConfigError) as refused:
        counted(tmp_path)
    assert told in str(refused.value)
