"""Exact values where a direction alone would pass: branches and tables off the default path."""

import numpy as np
import pytest
import xarray as xr
from place import place
from stage_chain import filled, inputs, outputs, params, run

import sim.burden
from sim.burden import summary
from sim.demand import maternity
from sim.demography.calibrate import Fit, Observation, fit_region
from sim.demography.mortality import improvement_pattern
from sim.demography.policy import Policy, rate_factors
from sim.errors import ParameterError
from sim.lifetable import life_columns, life_expectancy, life_table, searched_expectancy, table_columns
from sim.params import central
from sim.schema import AGES, SEXES, person_years
from sim.supply.workforce import yearly_inflow


def _rates(level=5e-5):
    age = np.arange(101)
    return xr.DataArray(np.minimum(level * np.exp(0.09 * age) + 2e-4, 0.7), {"age": age}, ("age",))


# --- life tables: one table in several forms ------------------------------------------------------


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("rule", ["wpp", "andreev_kingkade", "coale_demeny", "midpoint"])
def test_every_form_of_the_life_table_gives_the_same_expectancy(sex, rule):
    mx = _rates()
    table = life_table(mx, sex=sex, ax=rule)
    e0 = float(table["ex"][0])
    assert float(life_expectancy(mx.values, sex, rule)) == pytest.approx(e0, rel=1e-12)
    assert searched_expectancy(mx.values[:, None], sex, rule).item() == pytest.approx(e0, rel=1e-12)
    assert float(table["Lx"].sum()) == pytest.approx(e0, rel=1e-12)


def test_lived_and_remaining_years_are_the_life_tables():
    mx = xr.concat([_rates(), _rates(7e-5)], xr.DataArray(list(SEXES), dims="sex"))
    mx = (mx * xr.DataArray([1.0, 1.1, 0.9], dims="draw")).transpose("draw", "sex", "age")
    lived, remaining = life_columns(mx)
    table = life_table(mx)
    xr.testing.assert_allclose(lived, table["Lx"].transpose(*mx.dims), rtol=1e-12)
    xr.testing.assert_allclose(remaining, table["ex"].transpose(*mx.dims), rtol=1e-12)


def test_the_width_of_groups_may_be_said_or_read():
    """n = 5 is the labels 0, 5, 10, ..; one width a group is the labels' steps."""
    rates = np.array([0.004, 0.0005, 0.001, 0.01, 0.2])
    plain, labelled = xr.DataArray(rates, dims="age"), xr.DataArray(rates, {"age": range(0, 25, 5)}, ("age",))
    want = life_table(labelled, sex="female")
    for given in (
        life_table(plain, sex="female", n=5),
        life_table(labelled, sex="female", n=5),
        life_table(plain, sex="female", n=[5, 5, 5, 5]),
        life_table(plain, sex="female", n=[5, 5, 5, 5, np.inf]),
    ):
        for column in ("qx", "lx", "Lx", "ex", "sx"):
            np.testing.assert_allclose(given[column], want[column], rtol=1e-15)
    # by hand: 5 x 0.004 / (1 + 2.5 x 0.004) of 1, and 2.5 years by those who die
    assert float(want["qx"][0]) == pytest.approx(0.02 / 1.01)
    assert float(want["Lx"][0]) == pytest.approx(5 - 2.5 * 0.02 / 1.01)


def test_a_table_from_65_on_knows_no_infants():
    """Single ages from 65: those who die live half of the year, whatever the rule for infants."""
    old = _rates().sel(age=slice(65, 100))
    whole, part = life_table(_rates(), sex="male"), life_table(old, sex="male")
    np.testing.assert_allclose(part["ex"], whole["ex"].sel(age=slice(65, 100)), rtol=1e-12)
    assert float(part["ax"][0]) == 0.5


def test_columns_of_three_ages_by_hand():
    mx, ax, width = np.array([0.1, 0.2, 0.5]), np.array([0.3, 0.5, 2.0]), np.array([1.0, 1.0, np.inf])
    found = table_columns(mx, ax, width)
    q0, q1 = 0.1 / 1.07, 0.2 / 1.1
    l1, l2 = 1 - q0, (1 - q0) * (1 - q1)
    lived = [l1 + 0.3 * q0, l2 + 0.5 * l1 * q1, l2 / 0.5]
    np.testing.assert_allclose(found["lx"], [1, l1, l2])
    np.testing.assert_allclose(found["Lx"], lived)
    np.testing.assert_allclose(found["ex"], [sum(lived), sum(lived[1:]) / l1, 2.0])
    np.testing.assert_allclose(found["sx"], [lived[0], lived[1] / lived[0], lived[2] / sum(lived[1:])])


# --- demography -----------------------------------------------------------------------------------


def test_the_pattern_of_improvement_asks_the_mean_over_ages():
    """Mortality that rises at age 0 and falls on the whole is a pattern; the other way it is none."""
    years = {"year": [2020, 2030]}
    before = xr.DataArray(np.full((2, 101), 0.01), {"sex": list(SEXES), "age": list(AGES)}, ("sex", "age"))
    better = before * 0.9
    better[:, 0] = 0.011
    pattern = improvement_pattern(xr.concat([before, better], "year").assign_coords(years))
    assert float(pattern[0]) < 0 < float(pattern[1])
    assert float(pattern.mean()) == pytest.approx(1.0)
    worse = before * 1.1
    worse[:, 0] = 0.009
    with pytest.raises(ParameterError, match="does not fall"):
        improvement_pattern(xr.concat([before, worse], "year").assign_coords(years))


def test_a_policy_cannot_take_more_births_than_there_are():
    """It takes a fifth of those who go on and catches up by as much again: hazards below 0."""
    curve = np.exp(-0.5 * ((np.arange(101) - 28) / 5.0) ** 2)
    rates = curve[:, None] * np.array([0.12, 0.15, 0.06, 0.08])
    years = np.arange(2020, 2041)

    def policy(bulge):
        quantum = np.array([-0.2])
        return Policy("back", 1, 2021, quantum, bulge, 2.0, 3.0, np.ones(101))

    assert rate_factors([policy(0.0)], rates, np.ones(1), years).min() > 0
    with pytest.raises(ParameterError, match=r"back.*takes more births than there are"):
        rate_factors([policy(3.0)], rates, np.ones(1), years)


@pytest.fixture(scope="module")
def small() -> dict[str, xr.DataArray]:
    """Anyang's central parameters to 2026, migration as known in 2020 held on."""
    sets = place("410500")
    names = sim.demography.PARAMETERS
    found = {n: a for n, a in central({n: sets[n] for n in names}, range(2020, 2027)).items()}
    for name in ("migration.level", "fertility.tfr_ratio"):
        if "year" in found[name].dims:
            found[name] = xr.full_like(found[name], float(found[name].sel(year=2020)))
    return found


@pytest.mark.parametrize(("spread", "published"), [(0.004, 0.0), (0.004, 0.012), (0.004, 0.1)])
def test_what_is_seen_weighs_by_its_variance_and_goes_back_to_what_lasts(small, spread, published):
    """Of three years: their mean varies by the autoregression, its error is the total's over three."""
    held = [Observation(2023, "population_total", _total(small, 2023) * 0.98)]
    small = small | {"migration.lasting": xr.DataArray(0.25), "migration.persistence": xr.DataArray(0.8)}
    plain: Fit = fit_region(small, held, 2023, trust_births=0.8, recent=3)
    fit: Fit = fit_region(small, held, 2023, trust_births=0.8, recent=3, errors=(spread, published))
    before = float(np.ravel(small["migration.level"])[0])
    mean = spread**2 * (3 + 4 * 0.8 + 2 * 0.8**2) / 9
    weight = mean / (mean + (published / 3) ** 2)
    seen = weight * plain.level[2023] + (1 - weight) * 0.25 * before
    assert fit.level[2020] == pytest.approx(before)
    assert fit.level[2021] == fit.level[2023] == pytest.approx(seen)
    for k in (1, 2, 5, 12):
        assert fit.level[2023 + k] == pytest.approx(0.25 * before + 0.8**k * (seen - 0.25 * before))


def _total(params, year):
    done = sim.demography.project(xr.Dataset(), params)
    return float(done["population"].sel(year=year).sum())


# --- burden ---------------------------------------------------------------------------------------


def test_disability_of_no_modelled_disease_is_that_of_the_others():
    none = run(
        "burden", disease__prevalence=filled("disease.prevalence", 0.0), disease__method="constant_prevalence"
    )
    mx, births = inputs("burden")["mx"], inputs("burden")["births"]
    lived, _ = life_columns(mx)
    by_sex = (lived * (1.0 - params()["disease.other_disability"])).sum("age")
    want = (by_sex * births).sum("sex") / births.sum("sex")
    xr.testing.assert_allclose(none["hale"], want.transpose("year", "draw"), rtol=1e-12)
    people = inputs("burden")["population"]
    yld = (people * params()["disease.other_disability"]).sum(("sex", "age"))
    xr.testing.assert_allclose(none["yld"], yld.transpose("year", "draw"), rtol=1e-12)
    xr.testing.assert_allclose(none["daly"], none["yll"] + none["yld"], rtol=1e-12)


def test_more_disease_never_means_more_healthy_years():
    worse = run("burden", disease__prevalence=params()["disease.prevalence"] * 1.2)
    assert bool((worse["hale"] < outputs("burden")["hale"]).all())
    assert bool((worse["yld"] > outputs("burden")["yld"]).all())


def test_healthy_life_expectancy_lies_below_life_expectancy_by_the_disability_lived():
    state, found = inputs("burden"), outputs("burden")
    remaining = life_columns(state["mx"])[1]
    births = state["births"]
    e0 = (remaining.sel(age=0) * births).sum("sex") / births.sum("sex")
    assert bool((found["hale"] < e0.transpose("year", "draw")).all())


def test_deaths_before_seventy_add_up_over_causes():
    """Sum over NCDs of deaths = person-years x rate x share, cause by cause."""
    state = inputs("burden")
    share = params()["disease.ncd_share"].sel(age=slice(30, 69))
    lived = person_years(state["population"]).sel(age=slice(30, 69))
    want = (lived * state["mx"].sel(age=slice(30, 69)) * share).sum(("sex", "age"))
    found = outputs("burden")["premature_ncd_deaths"]
    xr.testing.assert_allclose(found.isel(year=0), want.isel(year=0).transpose("ncd", "draw"), rtol=1e-12)


# --- demand and supply ----------------------------------------------------------------------------


def test_newborn_beds_of_older_mothers_by_hand():
    """Ratio 1.6, share of mothers of 35 and over from 10 to 20 %: beds x 1.12 / 1.06."""
    by_age = xr.DataArray(
        np.zeros((2, 101, 1)), {"year": [2020, 2021], "age": list(AGES)}, ("year", "age", "draw")
    )
    by_age.loc[{"age": 28}] = [[900.0], [800.0]]
    by_age.loc[{"age": 37}] = [[100.0], [200.0]]
    births = xr.DataArray(
        np.full((2, 2, 1), 500.0), {"year": [2020, 2021], "sex": list(SEXES)}, ("year", "sex", "draw")
    )
    own = {
        "maternity.older_mothers_age": xr.DataArray(35.0),
        "maternity.high_risk_bed_ratio": xr.DataArray(1.6),
        "maternity.newborn_beds": xr.DataArray(0.004),
    }
    beds = maternity.newborn_beds(births, by_age, own).squeeze()
    np.testing.assert_allclose(beds, [4.0, 4.0 * 1.12 / 1.06], rtol=1e-12)
    np.testing.assert_allclose(maternity.high_risk_births(by_age, own).squeeze(), [100.0, 200.0])


def test_a_third_of_the_open_group_reached_it():
    """Prevalence at 100+: that of those who were in it and of those who reach it, by their numbers."""
    people = inputs("burden")["population"].copy()
    people.loc[{"age": 99}], people.loc[{"age": 100}] = 100.0, 200.0
    state = inputs("burden").assign(population=people)
    own = {n: params()[n] for n in sim.burden.PARAMETERS}
    own["disease.prevalence"] = filled("disease.prevalence", 0.0)
    own["disease.prevalence"].loc[{"age": 99}] = 0.3
    for rate in ("incidence", "remission", "excess_mortality"):
        own[f"disease.{rate}"] = filled(f"disease.{rate}", 0.0)
    cases = sim.burden.project(state[list(sim.burden.READS)], own)["cases"].isel(year=1)
    np.testing.assert_allclose(cases, 0.3 / 3 * 200.0 * 2, rtol=1e-12)  # both sexes; nobody else is ill


@pytest.mark.parametrize(
    ("base", "target", "years", "leaving"), [(100, 150, 5, 0.04), (0, 60, 10, 0.0), (80, 80, 3, 0.1)]
)
def test_yearly_inflow_reaches_the_target(base, target, years, leaving):
    k = yearly_inflow(base, target, years, leaving)
    stock = float(base)
    for _ in range(years):
        stock = stock * (1 - leaving) + k
    assert stock == pytest.approx(target, rel=1e-12)
    if base > 0:
        growth = yearly_inflow(base, target, years, leaving, "multiplicative")
        assert base * (1 + growth) ** years == pytest.approx(target, rel=1e-12)


def test_thirty_q_seventy_of_a_constant_rate():
    rates = xr.DataArray(np.full(8, 0.01), dims="age_group")
    assert float(summary.premature_mortality(rates)) == pytest.approx(1 - (1 - 0.05 / 1.025) ** 8, rel=1e-12)
