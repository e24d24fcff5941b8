"""Calibration finds what made the data; backtests of all regions; published bounds are met."""

import numpy as np
import pytest
import xarray as xr
from paths import PARAMETERS, read_rows

from sim.demography import project
from sim.demography.calibrate import (
    Observation,
    fit_region,
    indicators,
    score,
    summary,
)
from sim.errors import ParameterError

REGIONS = PARAMETERS / "regions"


def observed(code: str) -> list[Observation]:
    path = next(REGIONS.glob(f"{code}_*")) / "observed.csv"
    return [Observation(int(r["year"]), r["indicator"], float(r["value"])) for r in read_rows(path)]


def flat(params: dict[str, xr.DataArray]) -> dict[str, xr.DataArray]:
    """Base-year TFR ratio held on, a quarter of the decade's migration: what was known in 2020."""
    held = dict(params)
    for name in ("fertility.tfr_ratio", "migration.level"):
        data = held[name]
        if "year" in data.dims:
            central = data.isel(draw=0) if "draw" in data.dims else data
            shift = data - central
            held[name] = (
                shift + float(central.sel(year=2020))
                if "draw" in data.dims
                else (xr.zeros_like(data) + float(data.sel(year=2020)))
            )
    later = held["migration.level"].year > 2020
    held["migration.level"] = held["migration.level"].where(~later, held["migration.level"] * 0.25)
    return held


def test_fit_finds_the_truth(anyang, draw):
    params = flat(draw_central(anyang, draw))
    truth = dict(params)
    truth["fertility.tfr_ratio"] = params["fertility.tfr_ratio"] * 0 + 1.3
    truth["fertility.tfr_ratio"].loc[{"year": 2020}] = float(params["fertility.tfr_ratio"].sel(year=2020))
    truth["migration.level"] = params["migration.level"] * 0 - 40_000
    model = indicators(project(xr.Dataset(), truth))
    data = [
        Observation(y, name, float(model[name].sel(year=y)[0]))
        for y in (2021, 2022, 2023)
        for name in ("births", "population_total")
    ]
    fit = fit_region(params, data, 2023, trust_births=1.0, recent=3)
    assert fit.tfr_ratio[2022] == pytest.approx(1.3, rel=2e-3)
    assert fit.level[2021] == pytest.approx(-40_000, rel=0.02)
    assert max(abs(v) for v in fit.misfit.values()) < 2e-3
    lasts = 0.25 * float(params["migration.level"][0])
    assert fit.level[2026] == pytest.approx(lasts + (fit.level[2023] - lasts) * 0.81**3)  # and back
    doubted = fit_region(params, data, 2023, trust_births=1.0, recent=3, errors=(0.004, 0.012))
    own = 0.004**2 * (3 + 4 * 0.81 + 2 * 0.81**2) / 9  # variance of the mean of three years
    weight = own / (own + (0.012 / 3) ** 2)
    assert doubted.level[2023] == pytest.approx(weight * fit.level[2023] + (1 - weight) * lasts)
    blind = fit_region(params, data, 2023, trust_births=1.0, recent=3, errors=(0.0, 0.01))
    assert blind.level[2023] == pytest.approx(lasts)


def draw_central(parameters, draw):
    """Central values without a dim draw, as fit_region wants them."""
    return {
        name: data.isel(draw=0, drop=True) if "draw" in data.dims else data
        for name, data in draw(parameters, 0).items()
    }


def test_nothing_observed_leaves_the_base_year(anyang, draw):
    fit = fit_region(draw_central(anyang, draw), observed("410500"), 2020, trust_births=0.8, recent=3)
    assert set(fit.tfr_ratio) == {2020}
    assert fit.level == {2020: pytest.approx(-25_922), 2021: pytest.approx(-25_922 / 4)}


@pytest.mark.parametrize("code", ["410500", "410000", "410100", "411600", "411500"])
def test_backtest_from_2020(region, draw, code):
    """Known in 2020, scored in 2021-22: totals within 2 % (Zhengzhou's inflow fell: 3.5 %)."""
    done = project(xr.Dataset(), flat(draw(region(code), 60, 2024)))
    rows = score(done, observed(code), 2020, 2022)
    errors = summary(rows)
    assert errors["population_total"]["error"] < (0.035 if code == "410100" else 0.02)
    assert errors["births"]["error"] < 0.15
    assert errors["deaths"]["error"] < 0.10
    for name in ("population_0-15", "population_60+"):
        if name in errors:
            assert errors[name]["error"] < 0.06


def test_reference_is_near_the_observations(region, draw):
    """With births and totals fitted, what was not fitted is close: 0-15, 16-59, 60+, 65+."""
    done = indicators(project(xr.Dataset(), draw(region("410500"))))
    for o in observed("410500"):
        if o.year >= 2020 and o.indicator.startswith("population_"):
            assert float(done[o.indicator].sel(year=o.year)[0]) == pytest.approx(o.value, rel=0.05)


def test_score_by_hand():
    years, draws = [2020, 2021], range(5)
    people = np.zeros((2, 2, 101, 5))
    people[0, 0, 30] = 100.0
    people[1, 0, 30] = [110.0, 104, 108, 112, 116]
    dims = ("year", "sex", "age", "draw")
    coords = {"year": years, "sex": ["female", "male"], "age": range(101), "draw": draws}
    population = xr.DataArray(people, coords, dims)
    empty = xr.zeros_like(population)
    projection = xr.Dataset(
        {
            "population": population,
            "births": empty.isel(age=0, drop=True),
            "deaths": empty,
            "net_migration": empty,
        }
    )
    held = [
        Observation(2019, "population_total", 96.0),
        Observation(2020, "population_total", 100.0),
        Observation(2021, "population_total", 105.0),
    ]
    (row,) = score(projection, held, 2020, 2021)
    assert (row.projected, row.last_value, row.trend) == (110.0, 100.0, 104.0)
    assert row.error == pytest.approx(110 / 105 - 1)
    assert not row.covered  # 105 < 10 % point of 104, 108, 112, 116
    found = summary([row])["population_total"]
    assert found["last_value_error"] == pytest.approx(1 - 100 / 105)
    with pytest.raises(ParameterError, match=r"nothing observed in 2031..2040"):
        score(projection, held, 2030, 2040)


# China, WPP 2024: TFR and e0 (both sexes), lower and upper 80 and 95 % bounds.
WPP = {
    2024: ((0.858, 1.171, 0.776, 1.248), (77.067, 78.932, 76.638, 79.4)),
    2025: ((0.848, 1.192, 0.760, 1.277), (77.251, 79.503, 76.633, 80.072)),
    2030: ((0.835, 1.283, 0.726, 1.400), (77.867, 81.509, 76.837, 82.470)),
    2035: ((0.827, 1.362, 0.687, 1.490), (78.292, 82.949, 77.057, 84.038)),
}


def test_sampled_paths_have_the_published_bounds(region, draw):
    """As wide so long after the last count as WPP's after theirs: TFR three years later than WPP,
    life expectancy by the growth of WPP's variance since 2024, a year later.
    """
    params = draw(region("000000"), 4000, 2040)
    tfr, e0 = (
        params[name].transpose("year", "draw") for name in ("fertility.tfr_error", "mortality.e0_path_error")
    )
    bounds = np.array([[[b[1] - b[0], b[3] - b[2]] for b in both] for both in WPP.values()])
    for tail, published in ((0.1, bounds[:, 0, 0]), (0.025, bounds[:, 0, 1])):
        low, high = np.quantile(tfr.sel(year=[y + 3 for y in WPP]).values[:, 1:], (tail, 1 - tail), axis=1)
        assert np.abs((high - low) / published - 1).max() < 0.08
    low, high = np.quantile(e0.sel(year=[y + 1 for y in WPP]).values[:, 1:], (0.1, 0.9), axis=1)
    assert high[0] == low[0] == 0
    grown = np.sqrt(bounds[1:, 1, 0] ** 2 - bounds[0, 1, 0] ** 2)
    assert np.abs((high - low)[1:] / grown - 1).max() < 0.06


@pytest.mark.parametrize("name", ["fertility.tfr_error", "mortality.e0_path_error"])
def test_what_is_counted_does_not_err(region, draw, name):
    paths = draw(region("410500"), 50)[name]
    assert not paths.sel(year=slice(2020, 2025)).any()
    assert paths.sel(year=2027).std() > 0


def test_paths_are_autocorrelated(region, draw):
    paths = draw(region("000000"), 2000, 2035)["fertility.tfr_error"].transpose("year", "draw")
    z = paths.sel(year=[2030, 2031, 2035]).values[:, 1:]
    assert np.corrcoef(z[0], z[1])[0, 1] == pytest.approx(0.97, abs=0.01)
    assert np.corrcoef(z[0], z[2])[0, 1] == pytest.approx(0.97**5, abs=0.04)
