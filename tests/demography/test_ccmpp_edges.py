"""The labelled projection at its edges: labels of years, fertile ages, what is refused and what is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from sim.demography.ccmpp import _fertile, _year_labels, project_cohorts
from sim.demography.kernel import project_block
from sim.errors import ParameterError
from sim.lifetable import life_table

SEX = ["female", "male"]
AGE = np.arange(101)


def labelled(values: Any, *dims: str, **coords: Any) -> xr.DataArray:
    known = {"sex": SEX, "age": AGE, "year": [2021, 2022]} | coords
    return xr.DataArray(np.array(values, float), {d: known[d] for d in dims if d in known}, dims)


def inputs(**changes: Any) -> dict[str, Any]:
    rng = np.random.default_rng(3)
    asfr = np.where((AGE >= 12) & (AGE < 52), 0.1 * np.exp(-(((AGE - 28) / 6.0) ** 2)), 0.0)
    mx = np.minimum(1e-3 + 5e-5 * np.exp(0.09 * AGE), 0.7) * np.ones((2, 2, 1))
    return {
        "population": labelled(rng.uniform(90, 110, (2, 101)), "sex", "age"),
        "mx": labelled(mx, "year", "sex", "age"),
        "asfr": labelled(asfr, "age"),
        "srb": 1.06,
    } | changes


def run(**changes: Any) -> xr.Dataset:
    given = inputs(**changes)
    return project_cohorts(given.pop("population"), **given)


def at(name: str, value: float, **where: Any) -> dict[str, Any]:
    array = inputs()[name].copy()
    array.loc[where] = value
    return {name: array}


# --- labels -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "years", "n", "flows", "stocks"),
    [
        (2020, [2030, 2031], 1, [2030, 2031], [2020, 2021, 2022]),
        (None, [2030, 2031], 1, [2030, 2031], [2029, 2030, 2031]),
        (None, [2030, 2035], 5, [2030, 2035], [2030, 2035, 2040]),
        (2020, None, 1, [2021], [2020, 2021]),
        (2020, None, 5, [2020], [2020, 2025]),
        (None, None, 1, [1], [0, 1]),
        (None, None, 5, [0], [0, 5]),
    ],
)
def test_flows_and_stocks_bear_their_years(base, years, n, flows, stocks):
    population = inputs()["population"]
    if base is not None:
        population = population.assign_coords(year=base)
    found = _year_labels(population, None if years is None else np.array(years), n)
    assert [list(v) for v in found] == [flows, stocks]


def test_fertile_ages_are_ten_to_fifty_four_or_all_closed_ones():
    assert _fertile(AGE) == slice(10, 55)
    assert _fertile(np.arange(0, 101, 5)) == slice(2, 11)
    assert _fertile(np.arange(0, 60)) == slice(10, 55)
    assert _fertile(np.arange(0, 55)) == slice(1, 54)  # 54 is the open group
    assert _fertile(np.arange(0, 56)) == slice(10, 55)
    assert _fertile(np.arange(3)) == slice(1, 2)


def test_it_is_the_kernel_with_labels_and_nobody_moves_where_none_is_said_to():
    i = inputs()
    done = run()
    assert not done.net_migration.any()
    fertile = slice(10, 55)
    block = project_block(
        i["population"].values[..., None],
        mx=i["mx"].values[..., None],
        asfr=i["asfr"].values[None, fertile, None],
        srb=np.full((1, 1), 1.06),
    )
    np.testing.assert_allclose(done.population, block.population[..., 0], rtol=1e-12)
    np.testing.assert_allclose(done.deaths, block.deaths[..., 0], rtol=1e-12)
    np.testing.assert_allclose(
        done.births_by_age.sel(age=AGE[fertile]), block.births_by_age[..., 0], rtol=1e-12
    )
    assert not done.births_by_age.sel(age=[9, 55]).any()
    np.testing.assert_allclose(done.births_by_age.sum("age"), done.births.sum("sex"))
    assert {v.attrs["units"] for v in done.data_vars.values()} == {"person"}
    assert done.deaths.attrs["long_name"] == "deaths by age at the end of the interval"
    lived = life_table(i["mx"])["Lx"]
    of_years = run(mx=None, Lx=lived)
    np.testing.assert_allclose(of_years.population, done.population, rtol=1e-10)
    one = run(population=i["population"].expand_dims(year=[2020]))
    np.testing.assert_allclose(one.population, done.population)
    with pytest.raises(ParameterError, match=r"population \| 2 years .* the base"):
        run(population=i["population"].expand_dims(year=[2020, 2021]))


def test_ages_that_a_schedule_leaves_out_have_no_births():
    i = inputs()
    some = i["asfr"].sel(age=slice(12, 51)).sortby("age", ascending=False)
    xr.testing.assert_allclose(run(asfr=some), run())


def test_regions_and_draws_are_each_their_own():
    i = inputs()
    scale = xr.DataArray([1.0, 2.0], {"region": ["a", "b"]}, ("region",))
    less = xr.DataArray([1.0, 0.5, 0.9], {"draw": [0, 1, 2]}, ("draw",))
    moved = labelled(np.ones((2, 2, 101)), "year", "sex", "age")
    done = run(population=i["population"] * scale, asfr=i["asfr"] * less, net_migration=moved)
    assert done.population.dims == ("year", "sex", "age", "region", "draw")
    alone = run(population=i["population"] * 2, asfr=i["asfr"] * 0.5, net_migration=moved)
    for name in done.data_vars:
        found = done[name].sel(region="b", draw=1, drop=True) if "region" in done[name].dims else done[name]
        np.testing.assert_allclose(found, alone[name], rtol=1e-12, err_msg=str(name))
    with pytest.raises(ParameterError, match=r"asfr: region \| .* differ from the population's"):
        run(population=i["population"] * scale, asfr=i["asfr"] * scale.assign_coords(region=["a", "c"]))
    other = less.assign_coords(draw=[0, 1, 3])
    with pytest.raises(ParameterError, match=r"mx: draw \| labels differ between inputs"):
        run(asfr=i["asfr"] * less, mx=i["mx"] * other)


# --- what is refused, and what just is not --------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        at("mx", 2.0, year=2021, sex="male", age=40),  # everybody of that age
        at("mx", 10.0, year=2021, sex="male", age=100),
        at("mx", 0.0, year=2021, sex="male", age=40),
        at("asfr", 1.0, age=30),
        at("asfr", 0.1, age=10),
        at("asfr", 0.1, age=54),
        {"srb": 0.8},
        {"srb": 1.5},
        {"asfr": inputs()["asfr"].sel(age=slice(15, 49))},
    ],
)
def test_at_the_bound_it_runs(changes: dict[str, Any]):
    assert np.isfinite(run(**changes).population).all()


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            at("mx", 2.01, year=2021, sex="male", age=40),
            "mx: year=2021, sex=male, age=40 .* more die than live",
        ),
        (at("mx", 10.1, year=2021, sex="male", age=100), "age=100 .* more die than live"),
        (
            at("mx", 0.0, year=2022, sex="male", age=100),
            "mx: year=2022, sex=male, age=100 .* zero in the open",
        ),
        (at("asfr", 1.01, age=30), "asfr: age=30"),
        (at("asfr", 0.1, age=9), "asfr: age=9 .* 0 outside ages 10-54"),
        (at("asfr", 0.1, age=55), "asfr: age=55 .* 0 outside ages 10-54"),
        ({"srb": 0.79}, r"srb .* outside 0\.8\.\.1\.5"),
        ({"srb": 1.51}, r"srb .* outside"),
        ({"srb": np.nan}, r"srb .* outside"),
        ({"srb": 150.0}, r"1\.5 is meant\?"),
        ({"asfr": inputs()["asfr"].sel(age=slice(16, 49))}, "asfr: age .* no rate at 15 "),
        ({"asfr": inputs()["asfr"].sel(age=slice(15, 48))}, "asfr: age .* no rate at 49 "),
        ({"asfr": inputs()["asfr"].drop_sel(age=[30, 31])}, "no rate at 30, 31 "),
        ({"asfr": inputs()["asfr"].drop_sel(age=[13])}, "no rate at 13 "),  # a hole in what is given
        ({"n": 0}, r"n \| 0 "),
        ({"n": 1.5}, r"n \| 1\.5 "),
        ({"ax": "guess"}, "ax .*'guess' unknown"),
        ({"out_migration": "lose"}, "out_migration .*'lose' unknown"),
        ({"Lx": inputs()["mx"]}, "give mx or Lx"),
        ({"population": inputs()["population"].drop_vars("sex")}, "population .* no labelled dim 'sex'"),
        ({"population": inputs()["population"].rename(age="years")}, "no labelled dim 'age'"),
        (
            {"population": inputs()["population"].assign_coords(sex=["f", "m"])},
            r"population: sex .*\['f', 'm'\]",
        ),
        ({"population": inputs()["population"].isel(age=slice(0, 2))}, "population: age .* 2 labels"),
        ({"asfr": inputs()["asfr"].expand_dims(sex=SEX)}, "asfr .* has a dim 'sex'"),
        ({"srb": labelled([1.0, 1.1], "sex")}, "srb .* has a dim 'sex'"),
        ({"mx": inputs()["mx"].assign_coords(sex=["female", "men"])}, "mx: sex .* labels .* differ"),
        ({"asfr": inputs()["asfr"].assign_coords(age=AGE + 60)}, "asfr: age .* differ"),
        ({"mx": None, "Lx": inputs()["mx"] * 0}, "Lx"),
        ({"mx": None, "Lx": inputs()["mx"] * 0 + 1.001}, r"Lx .* 1\.001 person-years at age 0 > n = 1"),
        (
            {"mx": None, "Lx": labelled(0.5 + 0.001 * AGE * np.ones((2, 1)), "sex", "age")},
            "Lx .* rises with age",
        ),
    ],
)
def test_beyond_the_bound_it_is_refused_by_name(changes: dict[str, Any], text: str):
    with pytest.raises(ParameterError, match=text):
        run(**changes)


def test_a_life_table_s_open_group_may_hold_more_than_the_age_before():
    flat = np.ones((2, 101))
    flat[:, 100] = 5.0
    assert np.isfinite(run(mx=None, Lx=labelled(flat, "sex", "age")).population).all()


def test_more_leave_than_live_is_said_with_their_number_in_every_shape():
    gone = labelled(np.zeros((2, 2, 101)), "year", "sex", "age")
    gone.loc[{"year": 2022, "sex": "male", "age": 40}] = -1e4
    free = run()
    there = float(free.population.sel(year=2022, sex="male", age=40))
    text = rf"net_migration: year=2022, sex=male, age=40 .* than the {there:.6g} who are there"
    with pytest.raises(ParameterError, match=text):
        run(net_migration=gone)
    always = gone.sel(year=2022, drop=True)
    with pytest.raises(ParameterError, match=r"net_migration: .*sex=male, age=40 .* leave"):
        run(net_migration=always, mx=inputs()["mx"].isel(year=0, drop=True))
    region = xr.DataArray([0.0, 1.0], {"region": ["a", "b"]}, ("region",))
    with pytest.raises(ParameterError, match=r"region=b"):
        run(net_migration=gone * region)


def test_wider_groups_take_wider_rates():
    ages = np.arange(0, 101, 5)
    five = {name: inputs()[name] for name in ("population", "mx", "asfr")}
    five = {k: v.sel(age=ages) for k, v in five.items()}
    bound = five["mx"].copy()
    bound.loc[{"age": 40}] = 0.4  # 2 / n
    assert np.isfinite(run(**(five | {"mx": bound}), n=5).population).all()
    bound.loc[{"age": 40}] = 0.401
    with pytest.raises(ParameterError, match="more die than live"):
        run(**(five | {"mx": bound}), n=5)
