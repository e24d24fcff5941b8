import os
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import CASES, read_rows

from sim.demography.ccmpp import project_cohorts
from sim.errors import ParameterError

SEX = ["female", "male"]
AGE = np.arange(101)
VALIDATION = "JPN DEU NGA IND BRA USA NER QAT KOR SWE ZAF IDN".split()


def array(values, *dims, **coords):
    known = {
        "sex": SEX,
        "age": AGE[: np.shape(values)[dims.index("age")]] if "age" in dims else AGE,
    }
    known |= coords
    return xr.DataArray(np.array(values, float), dims=dims, coords={d: known[d] for d in dims if d in known})


def inputs(years=3, seed=1, ages=101):
    """A made-up population of single ages with everything that moves it."""
    rng = np.random.default_rng(seed)
    year = np.arange(2021, 2021 + years)
    age = np.arange(ages)
    asfr = np.where((age >= 10) & (age < 55), 0.1 * np.exp(-(((age - 28) / 6.0) ** 2)), 0.0)
    mx = np.minimum(1e-3 + 5e-5 * np.exp(0.09 * age), 0.7) * rng.uniform(0.8, 1.2, (years, 2, 1))
    return {
        "population": array(1e4 * np.exp(-age / 70) * rng.uniform(0.9, 1.1, (2, ages)), "sex", "age"),
        "mx": array(mx, "year", "sex", "age", year=year),
        "asfr": array(asfr * np.ones((years, 1)), "year", "age", year=year),
        "srb": xr.DataArray(np.full(years, 1.07), dims="year", coords={"year": year}),
        "net_migration": array(rng.normal(0, 20, (years, 2, ages)), "year", "sex", "age", year=year),
    }


def run(**changes):
    given_inputs = inputs() | {k: v for k, v in changes.items() if k in inputs()}
    others = {k: v for k, v in changes.items() if k not in given_inputs}
    return project_cohorts(given_inputs.pop("population"), **given_inputs, **others)


# --- known answers ------------------------------------------------------------------------------


def test_swedish_textbook_projection_to_the_person():
    rows = read_rows(CASES / "sweden_1993.csv")
    c = {k: np.array([float(r[k]) for r in rows]) for k in rows[0]}
    both = [c["population"]] * 2
    age = c["age"].astype(int)
    result = project_cohorts(
        array(both, "sex", "age", age=age).assign_coords(year=1993),
        Lx=array([c["Lx"] / 1e5] * 2, "sex", "age", age=age),
        asfr=array(c["asfr"], "age", age=age),
        srb=1.05,
        net_migration=array([c["net_migration"]] * 2, "sex", "age", age=age),
        n=5,
        migration="split",
    )
    end = result["population"].sel(year=1998)
    np.testing.assert_array_equal(end.sel(sex="female").values.round(), c["female_1998"])
    np.testing.assert_array_equal(end.sel(sex="male").values.round(), c["male_1998"])
    np.testing.assert_array_equal(result["births_by_age"].values[0].round(), c["births"])


def test_three_ages_by_hand():
    """Ages 0, 1, 2+ cannot bear; survival from Lx; migrants at the end."""
    age = np.arange(3)
    result = project_cohorts(
        array([[100, 80, 60], [100, 80, 60]], "sex", "age", age=age),
        Lx=array([[0.9, 0.81, 0.54], [0.8, 0.6, 0.2]], "sex", "age", age=age),
        asfr=array([0, 0, 0], "age", age=age),
        srb=1.0,
        net_migration=array([[5, -10, 1], [0, 0, 0]], "sex", "age", age=age),
    )
    # women: 100 x 0.81/0.9 - 10; (80 + 60) x 0.54 / (0.54 + 0.81) + 1
    np.testing.assert_allclose(result["population"].values[1], [[5, 80, 57], [0, 75, 140 * 0.2 / 0.8]])
    np.testing.assert_allclose(result["deaths"].values[0], [[0, 10, 84], [0, 25, 105]])


def test_births_by_hand_on_the_mean_of_women():
    age = np.arange(0, 60, 10)
    women = [0.0, 100.0, 200.0, 0.0, 0.0, 0.0]
    asfr = array([0, 0.01, 0.02, 0, 0, 0], "age", age=age)
    lived = array([[10.0, 8.0, 6.0, 4.0, 2.0, 1.0]] * 2, "sex", "age", age=age)
    result = project_cohorts(array([women, women], "sex", "age", age=age), Lx=lived, asfr=asfr, srb=1.0, n=10)
    # women aged 10: (100 + 0)/2; aged 20: (200 + 100 x 6/8)/2; ten years
    births = 10 * (0.01 * 50 + 0.02 * 137.5)
    assert float(result["births"].sum()) == pytest.approx(births)
    assert float(result["population"].sel(sex="male", age=0)[1]) == pytest.approx(births / 2)


def wpp_errors(country, base, mx, asfr, srb, net_migration, published, out_migration="refuse"):
    """Relative error (%) of the mid-2050 total by country, and of 5-year cells below 85."""
    year = np.arange(2024, 2051)
    names = {"country": country, "year": year}
    result = project_cohorts(
        array(base, "country", "sex", "age", **names),
        mx=array(mx, "country", "year", "sex", "age", **names),
        asfr=array(asfr, "country", "year", "age", age=np.arange(10, 55), **names),
        srb=array(srb, "country", "year", **names),
        net_migration=array(net_migration, "country", "year", "sex", "age", **names),
        out_migration=out_migration,
    )
    middle = result["population"].sel(year=[2049, 2050]).mean("year")
    middle = middle.transpose("country", "sex", "age").values
    total = abs(middle.sum((1, 2)) / published.sum((1, 2)) - 1) * 100
    middle, published = (a[..., :85].reshape(len(country), 2, 17, 5).sum(-1) for a in (middle, published))
    return total, abs(middle / published - 1) * 100


def test_wpp_2024_is_reproduced_for_five_countries():
    case = np.load(CASES / "wpp2024_five.npz")
    names = ("country", "base", "mx", "asfr", "srb", "net_migration", "population_mid_2050")
    total, cells = wpp_errors(*(case[n] for n in names))
    assert total.max() < 0.05
    assert np.median(total) < 0.005
    assert total[list(case["country"]).index("CHN")] < 0.005
    assert np.percentile(cells, 95) < 0.05
    assert np.percentile(cells[0], 95) < 0.05  # China alone


@pytest.fixture(scope="module")
def world():
    folder = os.environ.get("HEALTHPLAN_WPP")
    file = Path(folder or ".") / "wpp2024_world.npz"
    if not folder or not file.exists():
        pytest.skip("HEALTHPLAN_WPP names no folder with wpp2024_world.npz: world not checked")
    z = np.load(file, allow_pickle=True)
    years = slice(0, 27)
    published = z["pop_mid"][:, list(z["year_pop"]).index(2050), ::-1]
    errors = wpp_errors(
        z["iso3"],
        np.maximum(z["jan1_2024"], 0)[:, ::-1],
        z["mx_derived"][:, years, ::-1],
        z["asfr_derived"][:, years],
        z["srb"][:, years],
        z["mig"][:, years, ::-1],
        published,
        out_migration="cap",
    )
    return list(z["iso3"]), published.sum((1, 2)), *errors


def test_wpp_2024_is_reproduced_for_the_validation_countries(world):
    names, _, total, cells = world
    some = [names.index(c) for c in ["CHN", *VALIDATION]]
    assert total[some].max() < 0.05
    assert np.median(total[some]) < 0.005
    assert np.percentile(cells[some], 95) < 0.05


def test_wpp_2024_is_reproduced_for_every_country_above_a_million(world):
    _, people, total, cells = world
    large = people > 1e6
    assert large.sum() > 145
    assert total[large].max() < 0.05
    assert np.median(total[large]) < 0.005
    assert np.median(np.percentile(cells[large].reshape(large.sum(), -1), 95, axis=1)) < 0.05


# --- laws ---------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["end", "split", "even"]), st.integers(0, 50))
def test_people_are_neither_lost_nor_made(migration, seed):
    given_inputs = inputs(seed=seed)
    r = project_cohorts(given_inputs.pop("population"), **given_inputs, migration=migration)
    change = np.diff(r["population"].sum("age").transpose("year", "sex").values, axis=0)
    flows = r["births"] - r["deaths"].sum("age") + r["net_migration"].sum("age")
    np.testing.assert_allclose(change, flows.transpose("interval", "sex"), atol=1e-7)
    assert float(r["deaths"].min()) >= 0
    np.testing.assert_allclose(
        r["births_by_age"].sum("age"), r["births"].sum("sex").transpose("interval"), rtol=1e-12
    )


@pytest.mark.parametrize("migration", ["end", "even"])
def test_balance_holds_in_every_cohort(migration):
    r = run(migration=migration)
    start, end = r["population"].values[:-1], r["population"].values[1:]
    aged = np.zeros_like(start)
    aged[..., 1:] = start[..., :-1]
    aged[..., -1] += start[..., -1]
    aged[..., 0] = r["births"].values
    np.testing.assert_allclose(end, aged - r["deaths"].values + r["net_migration"].values, atol=1e-8)


def test_zero_fertility_gives_zero_births():
    r = run(asfr=0 * inputs()["asfr"], net_migration=0 * inputs()["net_migration"])
    assert float(r["births"].sum()) == 0
    assert float(r["population"].isel(year=-1).sel(age=slice(0, 2)).sum()) == 0


def test_projection_is_linear_in_the_population():
    one, two = inputs(seed=1), inputs(seed=2)
    rates = {k: one[k] for k in ("mx", "asfr", "srb")}
    none = 0 * one["net_migration"]
    apart = [project_cohorts(p["population"], **rates, net_migration=none) for p in (one, two)]
    joint = project_cohorts(one["population"] + two["population"], **rates, net_migration=none)
    xr.testing.assert_allclose(joint["population"], apart[0]["population"] + apart[1]["population"])


def test_conventions_differ_and_lie_in_order():
    arrivals = 0 * inputs()["net_migration"] + 50.0
    births = {
        m: float(run(migration=m, net_migration=arrivals)["births"].sum()) for m in ("end", "split", "even")
    }
    assert births["end"] < births["even"]
    assert births["end"] < births["split"]
    deaths = {m: float(run(migration=m, net_migration=arrivals)["deaths"].sum()) for m in births}
    assert deaths["end"] < deaths["even"]


def test_further_dims_broadcast_and_order_does_not_matter():
    i = inputs()
    scale = xr.DataArray([1.0, 2.0], dims="draw")
    regions = xr.DataArray([1.0, 0.5, 0.1], dims="region", coords={"region": ["a", "b", "c"]})
    r = project_cohorts(
        (i["population"] * regions).transpose("age", ...).sortby("age", ascending=False),
        mx=i["mx"].transpose("age", "sex", "year"),
        asfr=i["asfr"] * scale,
        srb=1.07,
        net_migration=i["net_migration"] * regions,
    )
    assert r["population"].dims == ("year", "sex", "age", "region", "draw")
    assert list(r["region"].values) == ["a", "b", "c"]
    plain = project_cohorts(i.pop("population"), **i)
    xr.testing.assert_allclose(r["population"].sel(region="a", draw=0, drop=True), plain["population"])
    np.testing.assert_allclose(r["population"].sel(region="b", draw=0), 0.5 * plain["population"], rtol=1e-12)


def test_stocks_bear_the_year_that_they_end():
    r = run()
    assert list(r["year"].values) == [2020, 2021, 2022, 2023]
    assert list(r["interval"].values) == [2021, 2022, 2023]


def test_given_Lx_and_mx_agree():
    from sim.lifetable import life_table

    lived = life_table(inputs()["mx"])["Lx"]
    with_mx, with_Lx = run(), run(mx=None, Lx=lived)
    np.testing.assert_allclose(with_Lx["population"], with_mx["population"], rtol=1e-12)


# --- refusals -----------------------------------------------------------------------------------


def replaced(name, **where):
    value = where.pop("value")
    values = inputs()[name].copy()
    values.loc[where] = value
    return {name: values}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (replaced("mx", year=2022, sex="male", age=37, value=-1), "year=2022, sex=male, age=37"),
        (replaced("mx", year=2022, sex="male", age=37, value=np.nan), "age=37 .* not finite"),
        (replaced("asfr", year=2021, age=9, value=0.1), "asfr: year=2021, age=9 .* 10-54"),
        (replaced("asfr", year=2021, age=55, value=0.1), "asfr: year=2021, age=55"),
        (replaced("asfr", year=2021, age=30, value=-0.1), "asfr: year=2021, age=30 .* negative"),
        ({"srb": 106.0}, "srb .* 106 .*1.06 is meant"),
        ({"srb": 0.5}, "srb .* 0.5"),
        (replaced("population", sex="male", age=3, value=-1), "population: sex=male, age=3 .* -1"),
        (
            replaced("net_migration", year=2022, sex="male", age=40, value=-1e6),
            "net_migration: year=2022, sex=male, age=40 .* leave",
        ),
        ({"mx": inputs()["mx"].isel(age=slice(0, 90))}, "mx: age .* differ"),
        ({"population": inputs()["population"].isel(age=slice(0, 90))}, "mx: age .* differ"),
        ({"population": inputs()["population"].isel(age=slice(1, None))}, "age .* from 0"),
        ({"mx": inputs()["mx"].isel(sex=0, drop=True)}, "mx .* no labelled .*sex"),
        ({"migration": "middle"}, "migration .*'middle' unknown"),
        ({"mx": None}, "give mx or Lx"),
        ({"mx": None, "Lx": inputs()["mx"] * 0 + 5.0}, "Lx .* radix 1"),
        ({"asfr": inputs(years=2)["asfr"]}, "year .* differ"),
        ({"n": 5}, "not steps of n = 5"),
    ],
)
def test_bad_input_is_refused_by_name(changes, message):
    with pytest.raises(ParameterError, match=message):
        run(**changes)


def test_all_faults_at_once():
    changes = replaced("mx", year=2021, sex="female", age=5, value=-1.0)
    with pytest.raises(ParameterError) as caught:
        run(srb=106.0, **changes)
    assert len(str(caught.value).splitlines()) == 2


def test_capped_out_migration_says_what_really_moved():
    changes = replaced("net_migration", year=2022, sex="male", age=40, value=-1e6)
    r = run(out_migration="cap", **changes)
    assert float(r["population"].min()) >= 0
    assert -1e5 < float(r["net_migration"].sel(interval=2022, sex="male", age=40)) < 0
