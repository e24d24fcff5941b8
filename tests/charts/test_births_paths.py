"""Births by WPP's fertility and at constant rates, from a saved run: laws, and both beside a projection."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
import xarray as xr
from paths import ROOT

import sim.demography
from sim.charts.draw import charts_of
from sim.charts.style import use
from sim.params import central, override
from sim.places import read_place
from sim.saved import open_saved
from sim.saved.fertility_paths import has_paths, last_count, other_births, other_fertility

PLACE = ("reference", "410500")


@pytest.fixture(scope="module")
def run(small_run):
    return open_saved(small_run).results


def test_counted_years_are_those_of_the_run_and_later_rates_stay(run):
    assert has_paths(run)
    last = last_count(run, *PLACE)
    own = run["tfr"].sel(scenario=PLACE[0], region=PLACE[1]).isel(draw=0)
    constant = other_fertility(run, *PLACE).sel(path="constant")
    known = [int(y) for y in run.year.values if y <= last]
    np.testing.assert_allclose(constant.sel(year=known), own.sel(year=known))
    np.testing.assert_allclose(constant.sel(year=slice(known[-1], None)), float(own.sel(year=known[-1])))


def test_births_of_a_path_are_those_of_a_projection_with_it(run):
    years = [int(y) for y in run.year.values]
    parameters = read_place(ROOT, PLACE[1])
    own = {n: parameters[n] for n in sim.demography.PARAMETERS}
    wpp = override(own, "fertility.reference_path", "wpp", "test")
    with xr.set_options(arithmetic_join="exact"):
        found = sim.demography.project(xr.Dataset(), central(wpp, years))
    births = found["births"].sum("sex").isel(draw=0)
    path = other_births(run, *PLACE).sel(path="wpp")
    np.testing.assert_allclose(path.values, births.sel(year=years).values, rtol=0.01)
    fertility = other_fertility(run, *PLACE).sel(path="wpp")
    np.testing.assert_allclose(fertility.values, found["tfr"].isel(draw=0).values, rtol=1e-3)


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ("生育率不变", "联合国")), ("en", ("constant rates", "WPP"))]
)
def test_the_chart_names_its_lines(small_run, lang, words):
    held = open_saved(small_run)
    with use(lang):
        chart = charts_of(held.results)["births_paths"]
        fig = chart(held.results, held.adequacy, scenario=PLACE[0], region=PLACE[1], lang=lang)
        text = " ".join(t.get_text() for t in fig.findobj(matplotlib.text.Text))
    assert all(word in text for word in words)


def test_a_run_that_does_not_say_its_fertility_has_no_such_chart(run):
    assert not has_paths(run.drop_vars("tfr"))
    assert not has_paths(run.assign_attrs(folder="/nowhere"))
