"""The demography stage: balance, base year, plausible cities, plan targets, time."""

import time

import numpy as np
import pytest
import xarray as xr

from sim.demography import PARAMETERS, WRITES, fertility, project
from sim.demography.stage import _check_leaving
from sim.errors import BalanceError, ParameterError
from sim.params import override
from sim.schema import SEXES, age_groups


@pytest.fixture(scope="module")
def done(anyang, draw):
    return project(xr.Dataset(), draw(anyang, 30))


def test_writes_what_it_promises(done, anyang):
    assert set(done.data_vars) == set(WRITES)
    assert set(PARAMETERS) <= set(anyang)
    assert done.population.dims == ("year", "sex", "age", "draw")


def test_population_balances(done):
    before = done.population.sum(("sex", "age")).shift(year=1)
    change = done.births.sum("sex") - done.deaths.sum(("sex", "age")) + done.net_migration.sum(("sex", "age"))
    after = done.population.sum(("sex", "age"))
    gap = (before + change - after).isel(year=slice(1, None))
    assert float(abs(gap).max()) < 1e-5


def test_cohorts_balance_by_age(done):
    """Nobody appears in a cohort but by migration: survivors never exceed those before."""
    stayed = done.population - done.net_migration
    before = done.population.isel(year=slice(0, -1), age=slice(0, 99)).values
    after = stayed.isel(year=slice(1, None), age=slice(1, 100)).values
    assert (after <= before * (1 + 1e-12)).all()


def test_base_year_flows_are_its_rates_on_its_stock(done):
    base = done.isel(year=0)
    np.testing.assert_allclose(base.deaths, base.mx * base.population, rtol=1e-12)
    women = base.population.sel(sex="female")
    rate = base.births_by_age.sum("age") / women.sel(age=slice(15, 49)).sum("age")
    assert 0.02 < float(rate.isel(draw=0)) < 0.06


def test_women_by_parity_are_the_women(done):
    np.testing.assert_allclose(
        done.women_by_parity.sum("parity"), done.population.sel(sex="female"), rtol=1e-9
    )


def test_e0_of_anyang_is_the_plans(done):
    """77.83 years in 2020 (14th five-year plan), on the nation's official path."""
    assert float(done.e0.sel(sex_total="both", year=2020).isel(draw=0)) == pytest.approx(77.83, abs=0.002)


def test_reference_path_has_no_dip_unless_asked_for(anyang, draw):
    """WPP falls in 2023-24, the official series (78.2, 78.6, 79.0, 79.25) does not."""
    wpp = override(anyang, "mortality.reference_path", "wpp", "test")
    smooth, dipped = (
        project(xr.Dataset(), draw(p)).e0.sel(sex_total="both").isel(draw=0) for p in (anyang, wpp)
    )
    assert bool((smooth.diff("year") > 0).all())
    assert float(dipped.sel(year=2023) - dipped.sel(year=2022)) < -0.2
    official = {2021: 78.2, 2023: 78.6, 2024: 79.0, 2025: 79.25}
    for year, value in official.items():
        gap = -0.1 * np.exp(-float(anyang["mortality.e0_closing"].data) * (year - 2020))
        assert float(smooth.sel(year=year)) == pytest.approx(value + gap, abs=0.002)
    assert abs(float(smooth.sel(year=2035) - dipped.sel(year=2035))) < 0.1
    bad = draw(anyang) | {"mortality.reference_path": xr.DataArray("who")}
    with pytest.raises(ParameterError, match=r"reference_path \| no method 'who'"):
        project(xr.Dataset(), bad)


def test_pooled_rates_are_the_plain_model(anyang, draw, monkeypatch):
    """The same hazard for women of every parity: births and people are those of plain rates."""
    params = draw(anyang, 6)
    params["fertility.later_births"] = xr.DataArray(0.0)
    rate = params["fertility.asfr_by_order"].sum("order").transpose("age").values

    def pooled(by_parity, shares):
        return np.repeat(-np.log1p(-rate)[:, None], 4, axis=1)

    monkeypatch.setattr(fertility, "conditional_hazards", pooled)
    by_parity = project(xr.Dataset(), params)
    tfr = by_parity.tfr.values

    def plain(params_, years, draws):
        m = solved(rate, tfr)  # the same multiplier on the hazard of all women
        asfr = 1 - np.exp(-m[:, None] * -np.log1p(-rate)[:, None])
        one = np.zeros((len(years), len(rate), 3, draws))
        one[:, :, 0] = asfr
        shares = np.zeros((len(years), len(rate), 4, draws))
        shares[:, :, 0] = 1.0
        return fertility.Fertility(one, shares, tfr)

    monkeypatch.setattr(fertility, "project_fertility", plain)
    without = project(xr.Dataset(), params)
    np.testing.assert_allclose(by_parity.births, without.births, rtol=1e-10)
    np.testing.assert_allclose(by_parity.population, without.population, rtol=1e-10)


def solved(rate, tfr):
    """The factor on one hazard at which the rates add up to the TFR, by bisection."""
    hazard = -np.log1p(-rate)[:, None, None]
    low, high = np.zeros(tfr.shape), np.full(tfr.shape, 20.0)
    for _ in range(80):
        middle = (low + high) / 2
        over = (1 - np.exp(-middle * hazard)).sum(axis=0) > tfr
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return (low + high) / 2


def test_anyang_is_plausible(done):
    groups = age_groups(done.population).isel(draw=0)
    total = groups.sel(age_group="total")
    assert float(total.sel(year=2020)) == pytest.approx(5.478e6, rel=0.002)
    assert 5.2e6 < float(total.sel(year=2025)) < 5.5e6
    assert 4.7e6 < float(total.sel(year=2035)) < 5.4e6
    share = groups.sel(age_group="65+") / total
    assert float(share.sel(year=2020)) == pytest.approx(0.133, abs=0.003)
    assert (share.diff("year") > 0).all()
    births = done.births.sum("sex").isel(draw=0)
    assert float(births.sel(year=2021)) == pytest.approx(41_000, rel=0.03)
    assert float(births.sel(year=2022)) == pytest.approx(40_000, rel=0.05)
    later = done.births.sum("sex").isel(draw=slice(1, None)).sel(year=2035)
    assert float(later.std() / later.mean()) > 0.1  # fertility is the uncertain thing


def test_a_year_of_life_more(anyang, draw):
    target = override(anyang, "mortality.e0_change", {2020: 0.0, 2025: 1.0}, "test")
    plan, reference = (project(xr.Dataset(), draw(p)) for p in (target, anyang))
    gain = (plan.e0 - reference.e0).sel(year=2025, sex_total="both")
    assert float(gain.squeeze()) == pytest.approx(1.0, abs=1e-3)
    assert float(plan.deaths.sel(year=2025).sum()) < float(reference.deaths.sel(year=2025).sum())


def test_old_age_factor_keeps_e0_in_every_draw(anyang, draw):
    params = draw(anyang, 20)
    without = {**params, "mortality.old_age_factor": xr.DataArray(1.0)}
    a, b = project(xr.Dataset(), params), project(xr.Dataset(), without)
    np.testing.assert_allclose(a.e0, b.e0, atol=2e-3)
    old = (a.mx / b.mx).sel(year=2030, age=85)
    assert float(old.isel(draw=0).mean()) < 0.97


def test_no_migration(anyang, draw):
    still = project(xr.Dataset(), draw(override(anyang, "migration.method", "none", "test")))
    assert not still.net_migration.any()
    moving = project(xr.Dataset(), draw(anyang))
    total = moving.net_migration.sum(("sex", "age")).sel(year=2022)
    assert float(total.squeeze()) == pytest.approx(-17_000, abs=1_000)


@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    ["000000", "410000", "440000", "440500", "440507", *(f"41{i:02d}00" for i in range(1, 18))],
)
def test_every_region_runs_to_2050(region, draw, code):
    done = project(xr.Dataset(), draw(region(code), 3, 2050))
    total = done.population.sum(("sex", "age")).isel(draw=0)
    assert (done.population > -1e-6).all()
    assert 0.5 < float(total.isel(year=-1) / total.isel(year=0)) < 1.4


def test_refusals(anyang, draw):
    params = draw(anyang)
    young = params["population.base"].isel(age=slice(0, 90))
    with pytest.raises(ParameterError, match=r"population.base \| ages 0\.\.89"):
        project(xr.Dataset(), {**params, "population.base": young})
    with pytest.raises(ParameterError, match="negative"):
        project(xr.Dataset(), {**params, "population.base": -params["population.base"]})
    bad = params["migration.profile_in"] * 2
    with pytest.raises(ParameterError, match=r"migration.profile_in \| lowest share .* sum 2"):
        project(xr.Dataset(), {**params, "migration.profile_in": bad})
    emptying = params["migration.level"] - 1e6
    with pytest.raises(BalanceError, match=r"migration\.level .* more people leave"):
        project(xr.Dataset(), {**params, "migration.level": emptying})


def test_a_block_is_fast(anyang, draw):
    params = draw(anyang, 199)
    project(xr.Dataset(), params)
    start = time.perf_counter()
    project(xr.Dataset(), params)
    assert time.perf_counter() - start < 2.0  # about 0.25 s alone on one core


@pytest.mark.parametrize(("sex", "age"), [(1, 30), (0, 100)])
def test_who_leaves_beyond_the_people_there_is_named(sex, age):
    """Of 100 at each age 500 would leave at one of them: year, number, sex and age are those."""
    asked = np.full((3, 2, 101), -50.0)
    asked[1, sex, age] = -500.0
    possible = np.maximum(asked, -100.0)
    years = np.array([2020, 2021, 2022, 2023])
    who = f"first {SEXES[sex]}, age {age}"
    with pytest.raises(BalanceError, match=f"400 more people leave in 2022 than live at their ages .* {who}"):
        _check_leaving(asked, possible, years, 0.01)
    _check_leaving(asked, possible, years, 400 / np.abs(asked[1]).sum())  # as many as may be
    with pytest.raises(BalanceError):
        _check_leaving(asked, possible, years, 399 / np.abs(asked[1]).sum())
    few = np.zeros_like(asked)
    few[0, sex, age] = -0.5
    _check_leaving(few, np.zeros_like(few), years, 0.5)  # half a person: of one at least
    with pytest.raises(BalanceError):
        _check_leaving(few, np.zeros_like(few), years, 0.4)
