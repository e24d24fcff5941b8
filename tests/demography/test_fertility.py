"""Fertility of a region: order mix observed, methods by name, births added by a policy."""

import numpy as np
import pytest
import xarray as xr

from sim.demography import project
from sim.demography.fertility import project_fertility, reference_tfr, tfr_path
from sim.errors import ParameterError
from sim.params import override


def births(parameters, draw, draws=0, **changes):
    for name, value in changes.items():
        parameters = override(parameters, name.replace("__", "."), value, "test")
    return project(xr.Dataset(), draw(parameters, draws))


def test_henan_order_mix_is_the_observed_one(region, draw):
    """Third and later births: 15.14 % in 2020, 15.62 % in 2021 (provincial report)."""
    done = births(region("410000"), draw)
    share = (done.births_by_order / done.births_by_order.sum("order")).sel(order="3+").isel(draw=0)
    assert float(share.sel(year=2020)) == pytest.approx(0.1514, abs=0.004)
    assert float(share.sel(year=2021)) == pytest.approx(0.1562, abs=0.006)
    np.testing.assert_allclose(done.births_by_order.sum("order"), done.births.sum("sex"), rtol=1e-12)
    np.testing.assert_allclose(done.births_by_age.sum("age"), done.births.sum("sex"), rtol=1e-12)
    np.testing.assert_allclose(done.tfr_by_order.sum("order"), done.tfr, rtol=1e-12)


@pytest.mark.parametrize("code", ["410000", "440000", "410500", "410100", "440507"])
def test_initial_parity_meets_the_census(region, code):
    """Childlessness of China's women at 35, 40 and 49 in 2020 (published), by age and parity."""
    shares = region(code)["fertility.parity_initial"].data
    for age, childless in ((35, 0.1091), (40, 0.0785), (49, 0.0516)):
        assert float(shares.sel(age=age, parity="0")) == pytest.approx(childless, abs=1e-4)


MEAN_CHILDREN = {
    "410000": 1.46,
    "440000": 1.42,
    "410500": 1.55,
    "410100": 1.19,
    "411300": 1.50,
    "410700": 1.52,
    "440500": 1.57,
    "440507": 1.29,
}


@pytest.mark.parametrize(("code", "published"), MEAN_CHILDREN.items())
def test_initial_parity_meets_children_ever_born(region, code, published):
    """Mean children ever born of women 15-64, census 2020 (table 6-11 and by county)."""
    found = region(code)
    women = found["population.base"].data.sel(sex="female", age=slice(15, 64))
    fourth = float(found["fertility.fourth_share"].data)
    shares = found["fertility.parity_initial"].data.sel(age=slice(15, 64))
    children = shares.sel(parity="1") + 2 * shares.sel(parity="2")
    children = children + (2 + 1 / (1 - fourth)) * shares.sel(parity="3+")
    assert float((children * women).sum() / women.sum()) == pytest.approx(published, abs=0.005)


def test_tfr_is_on_the_path_in_every_draw(anyang, draw):
    params = draw(anyang, 20)
    years = params["mortality.mx"].year.values
    done = project_fertility(params, years, 21)
    np.testing.assert_allclose(done.tfr, tfr_path(params, years, 21), rtol=1e-12)


def test_asfr_method_is_the_same_tfr_on_a_fixed_pattern(anyang, draw):
    parity = births(anyang, draw)
    plain = births(anyang, draw, fertility__method="asfr")
    np.testing.assert_allclose(plain.tfr, parity.tfr, rtol=1e-12)
    pattern = plain.births_by_age / plain.births_by_age.sum("age")
    assert float(abs(pattern.isel(year=0) - pattern.isel(year=-1)).max()) < 0.05
    gap = float((plain.births.sum() / parity.births.sum()) - 1)
    assert abs(gap) < 0.05


def test_three_child_policy_adds_third_births_only_after_its_start(anyang, draw):
    reference = births(anyang, draw, 5)
    policy = births(anyang, draw, 5, fertility__three_child_quantum=0.05)
    added = (policy.births_by_order - reference.births_by_order).isel(draw=0)
    assert float(added.sel(year=2020).sum()) == 0
    assert (added.sel(order="3+", year=slice(2021, None)) > 0).all()
    assert float(abs(added.sel(order=["1"], year=slice(2021, 2030))).max()) < 5
    third = added.sel(order="3+").sum() / reference.births_by_order.sel(order="3+").isel(draw=0).sum()
    assert 0.1 < float(third) < 1.5


def test_birth_support_adds_its_share_of_births(anyang, draw):
    reference = births(anyang, draw)
    more = births(anyang, draw, fertility__birth_support={2020: 0.0, 2025: 0.0, 2026: 0.1})
    ratio = (more.births.sum("sex") / reference.births.sum("sex")).isel(draw=0)
    assert float(ratio.sel(year=2025)) == pytest.approx(1.0)
    assert float(ratio.sel(year=2026)) == pytest.approx(1.1, abs=0.01)  # on the hazard
    assert 1.0 < float(ratio.sel(year=2035)) < 1.1  # women have their births earlier


def test_refusals(anyang, draw):
    with pytest.raises(ParameterError, match=r"fertility\.tfr"):
        births(anyang, draw, fertility__tfr_change=-2.0)
    params = draw(anyang)
    shares = params["fertility.parity_initial"] * 1.1
    with pytest.raises(ParameterError, match=r"fertility\.parity_initial .* add up to 1\.1"):
        project(xr.Dataset(), {**params, "fertility.parity_initial": shares})


def test_counted_path_meets_the_births_then_follows_marriages_then_returns(region, draw):
    """0.9743 in 2025, times (6.763 / 6.106)^0.68; then 0.97 of the distance from WPP's path."""
    params = draw(region("000000"))
    years = np.arange(2020, 2036)
    path = reference_tfr(params, years, 1)[:, 0]
    assert path[:6] == pytest.approx([1.2962, 1.1648, 1.0781, 1.0468, 1.1395, 0.9743])
    assert path[6] == pytest.approx(0.9743 * (6.763 / 6.106) ** 0.68)
    wpp = params["fertility.tfr"].values
    assert path[8] - wpp[8] == pytest.approx(0.97**2 * (path[6] - wpp[6]))
    params["fertility.reference_path"] = xr.DataArray("wpp")
    np.testing.assert_array_equal(reference_tfr(params, years, 1)[:, 0], wpp)


@pytest.mark.parametrize(
    ("year", "births_published"), [(2021, 10.62), (2022, 9.56), (2023, 9.02), (2024, 9.54), (2025, 7.92)]
)
def test_the_nation_has_the_births_that_were_published(region, draw, year, births_published):
    born = births(region("000000"), draw).births.sum("sex").isel(draw=0)
    assert float(born.sel(year=year)) / 1e6 == pytest.approx(births_published, rel=3e-3)


@pytest.mark.parametrize("method", ["asfr", "parity"])
def test_support_adds_its_share_of_births(anyang, draw, method):
    """A support of .1 from 2026 on: with a fixed pattern exactly a tenth more, by parity as many or fewer."""
    chosen = override(anyang, "fertility.method", method, "test")
    params, years = draw(chosen), np.arange(2020, 2036)
    plain = project_fertility(params, years, 1).tfr
    given = np.where(years < 2026, 0.0, 0.1)
    support = xr.DataArray(given, {"year": years}, ("year",))
    more = project_fertility(params | {"fertility.birth_support": support}, years, 1).tfr / plain
    np.testing.assert_allclose(more[:6], 1.0)
    if method == "asfr":
        np.testing.assert_allclose(more[6:], 1.1)
    else:
        assert ((more[6:] > 1.05) & (more[6:] <= 1.1 + 1e-9)).all()
