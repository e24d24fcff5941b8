import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import CASES, read_rows

from sim.errors import ParameterError
from sim.lifetable import (
    e0_variance,
    life_expectancy,
    life_table,
    lx_to_qx,
    mx_to_qx,
    qx_to_lx,
    qx_to_mx,
)


def columns(name):
    rows = read_rows(CASES / name)
    table = {k: np.array([float(r[k]) for r in rows]) for k in rows[0]}
    age = table.pop("age").astype(int)
    return {k: xr.DataArray(v, dims="age", coords={"age": age}) for k, v in table.items()}


def gompertz(level=5e-5, slope=0.09, ages=101):
    rates = np.minimum(level * np.exp(slope * np.arange(ages)), 0.8)
    return xr.DataArray(rates, dims="age", coords={"age": np.arange(ages)})


def test_austrian_males_1992_to_published_precision():
    case = columns("austria_1992_males.csv")
    table = life_table(case["deaths"] / case["population"], sex="male", ax=case["ax"], radix=1e5)
    assert np.abs(table["lx"] - case["lx"]).max() < 1.0
    assert np.abs(table["dx"] - case["dx"]).max() < 1.0
    assert np.abs(table["Lx"] - case["Lx"]).max() < 2.5  # the book multiplies rounded lx
    assert float(table["ex"][0]) == pytest.approx(72.889, abs=0.0005)
    assert float(table["ax"][-1]) == pytest.approx(5.247, abs=0.0005)


def test_greville_gives_the_united_nations_ax():
    case = columns("un_1982_latin_american_male.csv")
    table = life_table(case["mx"], sex="male", ax="greville")
    np.testing.assert_array_equal(table["ax"].values.round(3), case["ax"].values)


@pytest.mark.parametrize(("year", "e0", "e65"), [(1935, 63.32, 13.21), (1995, 79.00, 19.00)])
def test_us_women_to_published_precision(year, e0, e65):
    case = columns("us_females_1935_1995.csv")
    table = life_table(case[f"mx_{year}"], sex="female", ax="greville")
    assert float(table["ex"].sel(age=0)) == pytest.approx(e0, abs=0.005)
    assert float(table["ex"].sel(age=65)) == pytest.approx(e65, abs=0.011)
    assert np.abs(table["lx"] - case[f"lx_{year}"]).max() < 5e-4


def test_wpp_rule_gives_the_published_life_expectancy():
    case = np.load(CASES / "wpp2024_five.npz")
    for s, sex in enumerate(("female", "male")):
        mx = np.moveaxis(case["mx"][:, :, s].astype(float), -1, 0)
        assert np.abs(life_expectancy(mx, sex) - case["e0"][:, s]).max() < 0.005


def test_infant_rules_differ_as_published():
    mx = gompertz()
    mx[0] = 0.01
    a0 = {r: float(life_table(mx, sex="male", ax=r)["ax"][0]) for r in ("wpp", "andreev_kingkade")}
    assert a0["wpp"] == pytest.approx(0.1493 - 2.0367 * 0.01)
    assert a0["andreev_kingkade"] == pytest.approx(0.14929 - 1.99545 * 0.01)
    west = life_table(mx, sex="female", ax="coale_demeny")["ax"]
    assert float(west[0]) == pytest.approx(0.053 + 2.8 * 0.01)


def test_survival_ratio_of_the_open_group_and_births():
    table = life_table(gompertz(), sex="female")
    assert float(table["sx"][0]) == pytest.approx(float(table["Lx"][0]))
    assert float(table["sx"][-1]) == pytest.approx(float(table["Tx"][-1] / table["Tx"][-2]))
    assert float(table["sx"][50]) == pytest.approx(float(table["Lx"][50] / table["Lx"][49]))


def test_sexes_and_draws_go_through_by_name():
    mx = xr.concat([gompertz(), gompertz(6e-5)], dim=xr.DataArray(["female", "male"], dims="sex"))
    mx = mx * xr.DataArray([1.0, 1.1, 0.9], dims="draw")
    table = life_table(mx)
    assert table["ex"].dims == mx.dims
    one = life_table(mx.sel(sex="male").isel(draw=1), sex="male")
    xr.testing.assert_allclose(
        table["ex"].sel(sex="male").isel(draw=1, drop=True).drop_vars("sex"),
        one["ex"].drop_vars("sex"),
    )


def test_variance_of_e0_agrees_with_simulated_deaths():
    case = columns("austria_1992_males.csv")
    deaths, people = case["deaths"], case["population"]
    variance = e0_variance(life_table(deaths / people, sex="male", ax=case["ax"]), deaths)
    draws = np.random.default_rng(7).poisson(deaths.values[:, None], (19, 4000))
    simulated = xr.DataArray(draws, dims=("age", "draw"), coords={"age": deaths["age"]})
    e0 = life_table(simulated / people, sex="male", ax=case["ax"])["ex"].isel(age=0)
    assert float(variance) ** 0.5 == pytest.approx(float(e0.std()), rel=0.05)


@given(
    st.lists(st.floats(1e-7, 0.9), min_size=3, max_size=30),
    st.floats(0.0, 1.0),
)
def test_round_trip_mx_qx(rates, share):
    mx = xr.DataArray(rates, dims="age")
    ax = xr.full_like(mx, share)
    np.testing.assert_allclose(qx_to_mx(mx_to_qx(mx, ax), ax), mx, rtol=1e-12)


def test_round_trip_qx_lx():
    qx = life_table(gompertz(), sex="male")["qx"]
    np.testing.assert_allclose(lx_to_qx(qx_to_lx(qx)), qx, rtol=1e-12)


@settings(max_examples=25)
@given(st.integers(0, 100), st.floats(1.01, 2.0))
def test_e0_falls_when_any_rate_rises(age, factor):
    mx = gompertz()
    worse = mx.copy()
    worse[age] = min(float(mx[age]) * factor, 1.9)
    before, after = (float(life_table(m, sex="male")["ex"][0]) for m in (mx, worse))
    assert after < before


def test_refusals_name_the_cell():
    mx = gompertz()
    mx[37] = -0.001
    mx[40] = np.nan
    with pytest.raises(ParameterError, match=r"age=40(.|\n)*age=37"):
        life_table(mx, sex="female")
    with pytest.raises(ParameterError, match="'women' unknown"):
        life_table(gompertz(), sex="women")
    with pytest.raises(ParameterError, match="rule 'keyfitz' unknown"):
        life_table(gompertz(), sex="female", ax="keyfitz")
    with pytest.raises(ParameterError, match=r"age=50 \| gives qx > 1: 3"):
        life_table(gompertz().where(gompertz()["age"] != 50, 3.0), sex="female")
    with pytest.raises(ParameterError, match="open group"):
        life_table(gompertz().where(gompertz()["age"] < 100, 0.0), sex="female")
