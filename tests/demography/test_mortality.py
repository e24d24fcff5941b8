import numpy as np
import pytest
import xarray as xr
from paths import CASES

from sim.demography.mortality import improvement_pattern, shift_to_e0, solve_shift
from sim.errors import ParameterError
from sim.lifetable import life_table

SEX = ("female", "male")


def reference():
    case = np.load(CASES / "wpp2024_five.npz")
    coords = {"year": case["year"], "sex": list(SEX), "age": np.arange(101)}
    return xr.DataArray(case["mx"][0].astype(float), dims=("year", "sex", "age"), coords=coords)


def e0_of(mx):
    return life_table(mx)["ex"].sel(age=0, drop=True)


@pytest.mark.parametrize("method", ["logit", "lee_carter"])
def test_e0_is_hit_for_years_sexes_and_draws(method):
    mx = reference().isel(year=slice(0, 4))
    draws = xr.DataArray(np.random.default_rng(3).normal(0, 2, 50), dims="draw")
    target = e0_of(mx) + draws
    pattern = improvement_pattern(reference().isel(year=[0, -1]))
    shifted = shift_to_e0(mx, target, method, improvement=pattern)
    assert shifted.dims == ("year", "sex", "age", "draw")
    assert np.abs(e0_of(shifted) - target).max() < 0.001


@pytest.mark.parametrize("method", ["logit", "lee_carter"])
def test_its_own_e0_gives_the_reference_back(method):
    mx = reference().isel(year=0, drop=True)
    np.testing.assert_allclose(shift_to_e0(mx, e0_of(mx), method), mx, rtol=1e-4)


def test_one_reference_serves_a_path_of_targets():
    mx = reference().isel(year=0, drop=True)
    path = e0_of(mx) + xr.DataArray([0.0, 0.5, 1.0], dims="year", coords={"year": [2020, 2021, 2022]})
    shifted = shift_to_e0(mx, path)
    assert shifted.dims == ("year", "sex", "age")
    assert np.abs(e0_of(shifted) - path).max() < 0.001


def test_logit_shifts_the_odds_of_having_died_by_one_factor():
    mx = reference().isel(year=0, drop=True)
    shifted = shift_to_e0(mx, e0_of(mx) + 1.0)
    odds = [
        (1 - t) / t
        for t in (life_table(m, ax="midpoint")["lx"].sel(age=slice(1, 100)) for m in (mx, shifted))
    ]
    ratio = odds[1] / odds[0]
    assert float((ratio.max("age") / ratio.min("age")).max()) == pytest.approx(1.0, abs=1e-9)
    change = shifted / mx  # hardly any change at the highest ages, falling everywhere
    assert bool((change < 1).all())
    assert bool((change.sel(age=100) > change.sel(age=60)).all())


def test_lee_carter_moves_along_the_shared_pattern():
    mx = reference().isel(year=0, drop=True)
    pattern = improvement_pattern(reference().isel(year=[0, -1]))
    assert float(pattern.mean()) == pytest.approx(1.0)
    change = np.log(shift_to_e0(mx, e0_of(mx) + 1.0, "lee_carter", improvement=pattern) / mx)
    k = (change / pattern).mean("age")
    np.testing.assert_allclose(change, (k * pattern).transpose(*change.dims), atol=1e-9)
    assert bool((k < 0).all())


def test_draws_do_not_depend_on_their_company():
    mx = reference().isel(year=0).values
    target = e0_of(reference().isel(year=0)).values[:, None] + np.linspace(-1, 1, 5)
    whole = solve_shift(mx, target)
    part = solve_shift(mx, target[:, 1:2])
    np.testing.assert_array_equal(whole[..., 1:2], part)


def test_refusals():
    mx = reference().isel(year=0, drop=True)
    with pytest.raises(ParameterError, match="'brass' unknown"):
        shift_to_e0(mx, e0_of(mx), "brass")
    with pytest.raises(ParameterError, match="150 years is not reached"):
        shift_to_e0(mx, xr.full_like(e0_of(mx), 150.0))
    with pytest.raises(ParameterError, match="no dim"):
        shift_to_e0(mx, xr.DataArray(80.0))
    bad = mx.copy()
    bad[0, 12] = np.nan
    with pytest.raises(ParameterError, match="age=12"):
        shift_to_e0(bad, e0_of(mx))
    with pytest.raises(ParameterError, match="does not fall"):
        improvement_pattern(reference().isel(year=[-1, 0]).assign_coords(year=[2024, 2050]))
    with pytest.raises(ParameterError, match="2024 follows 2050"):
        improvement_pattern(reference().isel(year=[-1, 0]))
