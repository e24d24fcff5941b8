"""A stock that was counted is what was counted; its growth starts at the newest count."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from place import place

from sim.params import Sampler, override
from sim.supply import facilities
from sim.supply.growth import Distance, growth_of, nation_growth, slowing, yearly_growth
from sim.supply.stocks import paced, projected
from sim.supply.workforce import counted_staff, staff_paths

YEARS = np.arange(2020, 2031)
YEAR = xr.DataArray(YEARS, {"year": YEARS}, ("year",))


def _people(growth: float = 0.01) -> xr.DataArray:
    size = 1000.0 * np.exp(growth * (YEARS - 2020))
    one = np.ones((1, 2, 101, 1)) * size[:, None, None, None]
    coords = {"year": YEARS, "sex": ["female", "male"], "age": np.arange(101), "draw": [0]}
    return xr.DataArray(one, coords, ("year", "sex", "age", "draw"))


def _known(**by_year: float) -> xr.DataArray:
    """A stock per resident by year, held beyond its newest count as the reader does."""
    years = sorted(int(y[1:]) for y in by_year)
    values = np.interp(YEARS, years, [by_year[f"y{y}"] for y in years])
    return xr.DataArray(values, {"year": YEARS}, ("year",)).assign_coords(known_to=years[-1])


def test_growth_starts_at_the_newest_count_and_earlier_years_are_the_counts():
    people = _people()
    everybody = people.sum(("sex", "age")).isel(draw=0)
    rate = yearly_growth(YEAR, xr.where(YEAR > 2022, 0.03, 0.9), xr.DataArray(0.01), xr.DataArray(0.0))
    stock = paced(people, _known(y2020=0.005, y2022=0.006), rate).isel(draw=0)
    np.testing.assert_allclose(stock[:3], everybody[:3] * [0.005, 0.0055, 0.006])
    np.testing.assert_allclose(np.diff(np.log(stock[2:])), 0.04)  # 0.9 lies before the count
    fading = projected(people, _known(y2020=0.005, y2022=0.006), xr.DataArray(0.1), xr.DataArray(2.0))
    np.testing.assert_allclose(fading.isel(draw=0)[:3], stock[:3])
    late = projected(people, xr.DataArray(0.005), xr.DataArray(0.1), xr.DataArray(2.0)).isel(draw=0)
    ratio = fading.isel(draw=0)[2:] / late[2:]
    np.testing.assert_allclose(ratio, ratio[0])  # the growth is dated at the base year still


def test_a_count_of_before_the_base_year_is_the_stock_of_the_base_year():
    people = _people()
    old = _known(y2017=0.005, y2019=0.006)
    growth = yearly_growth(YEAR, *(xr.DataArray(v) for v in (0.02, 0.0, 0.0)))
    stock = paced(people, old, growth).isel(draw=0)
    assert float(stock[0]) == pytest.approx(0.006 * 202e3)
    np.testing.assert_allclose(np.diff(np.log(stock)), 0.02)


@pytest.fixture(scope="module")
def anyang():
    return place("410500")


def _staff(parameters: object, people: xr.DataArray) -> dict[str, xr.DataArray]:
    params = Sampler(parameters, list(YEARS), 1).block([0])
    stocks = ["doctors", "pharmacists"]
    return staff_paths(counted_staff(people, params).sel(cadre=stocks), stocks, params)


@pytest.mark.parametrize("per_1000", [3.6, 1.5])
def test_headcounts_are_the_counts_be_they_more_or_fewer_and_flows_add_up(anyang, per_1000):
    """A count below those who would have stayed means that more have left."""
    people = _people(0.0)
    counts = override(anyang, "supply.doctors_base", {2020: 2.98, 2022: per_1000}, "here")
    paths = {name: p.squeeze() for name, p in _staff(counts, people).items()}
    doctors = paths["headcount"].sel(cadre="doctors")
    np.testing.assert_allclose(doctors[:3], 202.0 * np.array([2.98, (2.98 + per_1000) / 2, per_1000]))
    flow = (paths["entrants"] - paths["leavers"])[1:]
    np.testing.assert_allclose(paths["headcount"].diff("year"), flow, atol=1e-9)
    assert float(doctors[-1]) > float(doctors[2])


def test_one_number_is_the_count_of_the_base_year(anyang):
    people = _people(0.0)
    same = _staff(override(anyang, "supply.doctors_base", 2.98, "here"), people)["headcount"]
    path = _staff(override(anyang, "supply.doctors_base", {2020: 2.98}, "here"), people)["headcount"]
    np.testing.assert_allclose(same, path)


def test_the_spread_of_a_stock_begins_at_its_newest_count_and_widens(anyang):
    """Known years have no spread but that of the count; ahead it grows faster than by its root."""
    counts = {"value": {2020: 5.76, 2022: 6.2}, "exact": "for this test"}
    known = override(anyang, "supply.beds_base", counts, "here")
    params = Sampler(known, list(YEARS), 7).block(list(range(1, 401)))
    names = ("supply.beds_growth", "supply.beds_pace", "supply.beds_swing")
    people = _people().isel(draw=0, drop=True).expand_dims(draw=range(1, 401))
    growth = yearly_growth(YEAR, *(params[n] for n in names))
    spread = np.log(paced(people, params["supply.beds_base"], growth)).std("draw")
    np.testing.assert_allclose(spread[:3], 0.0, atol=1e-12)
    assert (np.diff(spread[2:]) > 0).all()
    assert float(spread[8] / spread[3]) > 6**0.5


def test_the_stage_reads_a_known_path(anyang, inputs):
    known = override(anyang, "supply.beds_base", {2020: 5.76, 2022: 6.5}, "here")
    own = Sampler(known, inputs.year.values.tolist(), 1).block([0])
    stock = facilities.beds(inputs.population, own)["total"]
    per_head = (stock / inputs.population.sum(("sex", "age"))).squeeze()
    assert float(per_head.sel(year=2022)) == pytest.approx(6.5e-3)
    assert float(per_head.sel(year=2021)) == pytest.approx(6.13e-3)


def test_a_growth_that_was_estimated_is_net_of_all_who_leave(anyang):
    """However young a growing stock becomes: with the retirement age held it grows as stated."""
    growth = {2020: 0.06, 2035: 0.06}
    known = override(anyang, "supply.doctors_growth", growth, "here")
    known = override(known, "supply.trend_form", "pace", "here")
    params = Sampler(known, list(YEARS), 1).block([0])
    held = params["workforce.retirement_age"]
    params["workforce.retirement_age"] = held.sel(year=2020, drop=True) + 0 * held
    params["supply.doctors_ceiling"] = params["supply.doctors_ceiling"] * 1e9
    pace = params["supply.doctors_pace"].values.item()
    people = _people(0.0)
    found = staff_paths(counted_staff(people, params).sel(cadre=["doctors"]), ["doctors"], params)
    rate = np.diff(np.log(found["headcount"].squeeze()))
    np.testing.assert_allclose(rate, 0.06 + pace, rtol=1e-4)  # who turns 75 leaves besides
    moving = params | {"workforce.retirement_age": held}
    later = staff_paths(counted_staff(people, moving).sel(cadre=["doctors"]), ["doctors"], moving)
    assert float(later["headcount"].squeeze()[-1]) > float(found["headcount"].squeeze()[-1])


def test_a_region_nears_the_nation_from_its_newest_count_on():
    """Of a distance a tenth is made good a year; growth of its people beside the nation's adds to it."""
    zero, tenth, since, far = xr.DataArray(0.0), xr.DataArray(0.1), 2022, xr.DataArray(9.0)
    still = xr.zeros_like(YEAR, float)
    away = Distance(tenth, xr.DataArray(0.5), since, still, far)
    rate = yearly_growth(YEAR, xr.DataArray(0.03), zero, zero, away)
    np.testing.assert_allclose(rate[:3], 0.03)  # counted years
    np.testing.assert_allclose(rate[3:], 0.03 - 0.1 * 0.5 * 0.9 ** np.arange(8))
    more = xr.where(YEAR == 2023, 0.2, 0.0)
    moved = yearly_growth(YEAR, xr.DataArray(0.03), zero, zero, Distance(tenth, zero, since, more, far))
    np.testing.assert_allclose(moved[:4], 0.03)
    np.testing.assert_allclose(moved[4:], 0.03 + 0.1 * 0.2 * 0.9 ** np.arange(7))
    capital = Distance(tenth, xr.DataArray(2.0), since, still, xr.DataArray(0.3))
    np.testing.assert_allclose(yearly_growth(YEAR, zero, zero, zero, capital)[3:], -0.03)


def test_a_lasting_difference_ends_where_the_pull_is_as_strong():
    years = np.arange(2020, 2220)
    long = xr.DataArray(years, {"year": years}, ("year",))
    still = xr.zeros_like(long, float)
    away = Distance(xr.DataArray(0.1), xr.DataArray(-1.0), 2020, still, xr.DataArray(0.4))
    rate = yearly_growth(long, xr.DataArray(0.0), xr.DataArray(0.02), xr.DataArray(0.0), away)
    assert float(rate[1:].sum()) - 1.0 == pytest.approx(0.02 / 0.1, abs=1e-6)


@pytest.mark.parametrize(("form", "differs"), [("pace", True), ("nation", True), ("nearing", False)])
def test_the_form_of_the_trend_is_chosen_by_name(anyang, form, differs):
    params = Sampler(override(anyang, "supply.trend_form", form, "here"), list(YEARS), 1).block([0])
    plain = Sampler(anyang, list(YEARS), 1).block([0])
    own, usual = (growth_of("doctors", YEAR, p).squeeze().values for p in (params, plain))
    assert (np.abs(own - usual).max() > 1e-6) == differs
    if form == "nation":
        np.testing.assert_allclose(own, nation_growth("doctors", YEAR, params).squeeze())


def test_growth_ends_at_the_ceiling_and_is_what_it_was_at_the_newest_count():
    """Logistic by hand: K 8, 4 now, 10 % a year there; half of the way is left."""
    years = np.arange(2020, 2120)
    long = xr.DataArray(years, {"year": years}, ("year",))
    still = xr.zeros_like(long, float)
    rate = slowing(still + 0.1, xr.DataArray(4.0), xr.DataArray(8.0), 2022, still)
    np.testing.assert_allclose(rate[:4], 0.1)  # counted years, and the first after them
    dense = 4.0 * np.exp(0.1)
    assert float(rate[4]) == pytest.approx(0.1 * (8.0 - dense) / 4.0)
    assert 4.0 * np.exp(float(rate[3:].sum())) == pytest.approx(8.0, rel=1e-3)
    above = slowing(still + 0.1, xr.DataArray(9.0), xr.DataArray(8.0), 2022, still)
    np.testing.assert_array_equal(above[3:], 0.0)
    fewer = slowing(still + 0.1, xr.DataArray(4.0), xr.DataArray(8.0), 2022, still - 0.01)
    assert float(fewer[4]) < float(rate[4])  # per resident it is denser where people leave


@pytest.mark.parametrize("resource", ["beds", "doctors", "nurses", "gps"])
def test_no_stock_of_the_nation_passes_its_ceiling_by_more_than_its_people_shrink(anyang, resource):
    """In every draw, to 2050: growth is 0 from the ceiling on, never below it."""
    years = list(range(2020, 2051))
    year = xr.DataArray(years, {"year": years}, ("year",))
    params = Sampler(anyang, years, 1).block(range(1, 41))
    rate = nation_growth(resource, year, params)
    people = np.log(params["supply.nation_people"])
    since = int(params[f"supply.{resource}_density_year"].item())
    start = params[f"supply.{resource}_density"]
    dense = start * np.exp(rate.where(year > since, 0.0).cumsum("year") - (people - people.sel(year=since)))
    top = params[f"supply.{resource}_ceiling"]
    shrunk = np.exp(people.sel(year=since) - people)
    assert (dense <= np.maximum(top, start) * shrunk * 1.1).all()
    at_the_top = (dense.shift(year=1) > top) & (year > since)
    assert (rate.where(at_the_top, 0.0) == 0.0).all()


@pytest.mark.parametrize("form", ["nearing", "pace", "nation"])
def test_people_move_as_the_nation_s_unless_they_are_given(anyang, form):
    params = Sampler(override(anyang, "supply.trend_form", form, "here"), list(YEARS), 1).block([0])
    nations = params["supply.nation_people"]
    plain, same, fewer = (
        growth_of("doctors", YEAR, params, people).squeeze().values
        for people in (None, nations * 0.01, nations * 0.99 ** (nations.year - 2020))
    )
    np.testing.assert_allclose(plain, same, atol=1e-14)
    assert np.allclose(plain, fewer) == (form != "nearing")
