"""Epidemic beds: the norm by hand, its laws, and the wave by named severity."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import sim.burden
import sim.demand
from sim.demand import epidemic_beds


def people(number: float) -> xr.DataArray:
    return xr.DataArray([[[number]]], {"year": [2025], "sex": ["male"], "age": [30]}, ("year", "sex", "age"))


def by_norm(params, number: float, share: float, county: float, cities: float = 1.0) -> float:
    own = dict(params)
    own["emergency.city_district_share"] = xr.DataArray(share)
    own["emergency.residents_per_county"] = xr.DataArray(county)
    own["emergency.cities"] = xr.DataArray(cities)
    return float(epidemic_beds.infectious_beds_by_norm(people(number), own).item())


@pytest.mark.parametrize(
    ("number", "share", "county", "beds"),
    [
        (500_000, 1.0, 420_000, 80),  # half way from 60 to 100
        (3_000_000, 1.0, 420_000, 350),  # half way from 100 to 600
        (9_000_000, 1.0, 420_000, 600),
        (2_000_000, 0.0, 400_000, 60 + 5 * 50),
        (5_477_614, 0.3, 766_866, 180.41 + 5 * 80),  # 1.643 million in districts, five counties
    ],
)
def test_the_norm_by_hand(params, number, share, county, beds):
    assert by_norm(params, number, share, county) == pytest.approx(beds, rel=1e-4)


@pytest.mark.parametrize(
    ("county", "beds"),
    [(299_999, 20), (300_000, 50), (499_999, 50), (500_000, 80), (999_999, 80), (1_000_000, 100)],
)
def test_classes_of_counties(params, county, beds):
    assert float(epidemic_beds.county_beds(xr.DataArray(float(county)), params)) == beds


@given(st.floats(2e5, 2e7), st.floats(1.01, 3.0))
def test_more_people_never_fewer_beds(params, number, factor):
    assert by_norm(params, number * factor, 0.3, 420_000) >= by_norm(params, number, 0.3, 420_000)


def test_two_cities_of_the_same_size_need_twice_the_beds_of_one(params):
    one, two = by_norm(params, 2e6, 0.5, 420_000), by_norm(params, 4e6, 0.5, 420_000, 2.0)
    assert two == pytest.approx(2 * one)


def test_the_drawn_severity_is_the_winter_and_the_named_ones_are_in_order(params, inputs):
    sick = sim.burden.project(inputs, {n: params[n] for n in sim.burden.PARAMETERS})
    state = xr.merge([inputs, sick], join="exact")
    found = sim.demand.project(state[list(sim.demand.READS)], {n: params[n] for n in sim.demand.PARAMETERS})
    stress, drawn = found.beds_stress, found.beds_required
    assert float(params["emergency.severity_scale"]) == 0.4
    for kind in ("infectious", "icu"):
        by_name = [stress.sel(stress_group=f"{kind}_{n}") for n in ("mild", "winter_2022", "severe")]
        usual = drawn.sel(bed_group=f"{kind}_normal")
        np.testing.assert_allclose(by_name[1], drawn.sel(bed_group=kind))
        assert (usual <= by_name[0]).all()
        assert (by_name[0] < by_name[1]).all()
        assert (by_name[1] < by_name[2]).all()


def test_a_norm_that_is_drawn_moves_each_draw_alone(params):
    """Known figures and drawn ones give the same beds, draw by draw."""
    own = dict(params)
    factor = xr.DataArray([0.9, 1.0, 1.2], {"draw": [0, 1, 2]}, ("draw",))
    own["norm.city_infectious_beds"] = params["norm.city_infectious_beds"] * factor
    own["emergency.city_district_share"] = xr.DataArray(1.0)
    found = epidemic_beds.infectious_beds_by_norm(people(3e6), own)
    np.testing.assert_allclose(found.squeeze("year"), [315, 350, 420])
