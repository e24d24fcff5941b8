"""Published totals of China: 30q70 of 2015 and 2021, the gap between life and healthy life 2016."""

import numpy as np
import pytest
import xarray as xr
from paths import CASES, PARAMETERS, read_rows
from place import people

from sim.burden import summary
from sim.lifetable import life_columns
from sim.params import read_file, resolve

YEARS = [2015, 2016, 2021]


def _read(path, years):
    cells = np.zeros((len(years), 2, 101))
    for row in read_rows(path):
        year = int(row.get("year", years[0]))
        if year in years:
            at = years.index(year), int(row["sex"] == "male"), int(row["age"])
            cells[at] = float(row["value"])
    coords = {"year": years, "sex": ["female", "male"], "age": np.arange(101)}
    return xr.DataArray(cells, coords, tuple(coords))


@pytest.fixture(scope="module")
def china():
    mx = _read(PARAMETERS / "national/mortality_mx.csv", YEARS)
    return people() + 0 * mx, mx


@pytest.fixture(scope="module")
def disease():
    return read_file(PARAMETERS / "national/disease.yaml")


@pytest.mark.parametrize(("year", "percent"), [(2015, 18.5), (2021, 15.3)])
def test_premature_mortality_of_china(china, disease, year, percent):
    residents, mx = china
    share = resolve(disease["disease.ncd_share"], YEARS)
    found = summary.premature_mortality(summary.ncd_rates(residents, mx, share))
    assert 100 * float(found.sel(year=year)) == pytest.approx(percent, abs=0.5)


def test_healthy_life_expectancy_of_china_is_8_5_years_below(china, disease):
    """GBD 2016: 67.85 healthy years of 76.36."""
    _, mx = china
    lived, remaining = life_columns(mx.sel(year=[2016]))
    modelled = summary.combined_weight(
        disease["disease.prevalence"].data, disease["disease.disability_weight"].data
    )
    disability = 1 - (1 - modelled) * (1 - disease["disease.other_disability"].data)
    births = xr.DataArray([0.465, 0.535], {"sex": ["female", "male"]}, ("sex",))
    healthy = summary.healthy_life_expectancy(lived, disability)
    gap = ((remaining.sel(age=0) - healthy) * births).sum("sex")
    assert gap.item() == pytest.approx(8.51, abs=0.1)


def _between(what, sex):
    rows = read_rows(CASES / "cancer_by_sex.csv")
    known = {int(r["year"]): float(r["number"]) for r in rows if (r["what"], r["sex"]) == (what, sex)}
    return np.interp(2020, list(known), list(known.values()))


@pytest.mark.parametrize("sex", ["male", "female"])
def test_cancer_deaths_and_cases_of_china_by_sex(disease, sex):
    """Registries, National Cancer Center: 2016 and 2022; of 2020 the model is right to 10 %."""
    prevalence, excess, incidence = (
        disease[f"disease.{name}"].data.sel(cause="cancer")
        for name in ("prevalence", "excess_mortality", "incidence")
    )
    deaths = (people() * prevalence * excess).sel(sex=sex).sum()
    cases = (people() * (1 - prevalence) * incidence).sel(sex=sex).sum()
    assert float(deaths) == pytest.approx(_between("deaths", sex), rel=0.05)
    assert float(cases) == pytest.approx(_between("cases", sex), rel=0.10)
