"""The demography stage beside the kernel, on made parameters: gaps, flows, migrants, expectancies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from sim.demography.fertility import Fertility
from sim.demography.kernel import deaths_by_age
from sim.demography.migration import (
    FAMILIES,
    STANDARD,
    net_migrants,
    profile,
    regressed_migrants,
    rogers_castro,
)
from sim.demography.mortality import solve_shift
from sim.demography.stage import (
    _counting_error,
    _draws,
    _fertility_outputs,
    _flows,
    _gap,
    every_age,
    expectancies,
    least_retained,
    migrants,
    mortality,
    reference_path,
)
from sim.errors import ParameterError
from sim.lifetable import life_expectancy

YEARS = np.arange(2020, 2024)
AGE = np.arange(101)
SEX = ["female", "male"]
MX = np.minimum(5e-5 * np.exp(0.09 * AGE) + 2e-4, 0.7)
BOTH = np.stack([MX, 1.5 * MX])


def number(value: Any) -> xr.DataArray:
    return value if isinstance(value, xr.DataArray) else xr.DataArray(value)


def by_draw(*values: float) -> xr.DataArray:
    return xr.DataArray(list(values), {"draw": list(range(len(values)))}, ("draw",))


def by_year(*values: float) -> xr.DataArray:
    return xr.DataArray(list(values), {"year": YEARS}, ("year",))


def by_age(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values, {"sex": SEX, "age": AGE}, ("sex", "age"))


def deaths(**changes: Any) -> dict[str, xr.DataArray]:
    fall = np.exp(-0.01 * np.arange(4))[:, None, None] * np.ones((4, 2, 101))
    fall[:, :, 50:] **= 1.5
    rates = BOTH[None] * fall
    found = {
        "mx": xr.DataArray(rates, {"year": YEARS, "sex": SEX, "age": AGE}, ("year", "sex", "age")),
        "method": "logit",
        "reference_path": "wpp",
        "e0_smoothed": by_year(76.0, 76.5, 77.0, 77.5),
        "e0_gap": 0.0,
        "e0_path_error": 0.0,
        "e0_own_error": 0.0,
        "e0_closing": 0.0,
        "e0_gap_year": 2020.0,
        "e0_change": 0.0,
        "old_age_factor": 1.0,
        "old_age_start": 80.0,
    } | changes
    srb = {"fertility.srb": number(1.1)}
    return {f"mortality.{k}": number(v) for k, v in found.items()} | srb


def own_e0(mx: np.ndarray) -> np.ndarray:
    """(year, sex, draw) of rates (year, sex, age, draw)."""
    return np.array(
        [
            [
                [float(life_expectancy(mx[t, s, :, d], sex)) for d in range(mx.shape[-1])]
                for s, sex in enumerate(SEX)
            ]
            for t in range(len(mx))
        ]
    )


def test_the_gap_closes_from_the_year_that_it_is_of():
    params = deaths(e0_gap=by_draw(-2.0, 1.0), e0_closing=by_draw(0.1, 0.0), e0_gap_year=2021.0)
    found = _gap(params, YEARS, 2)
    np.testing.assert_allclose(found[:, 0], -2 * np.exp(-0.1 * (YEARS - 2021)))
    np.testing.assert_allclose(found[:, 1], 1.0)


def test_the_smoothed_path_moves_both_sexes_alike_to_the_mean_of_births():
    own = np.array([[80.0, 75.0], [80.5, 75.5], [81.0, 76.0], [81.5, 76.5]])
    plain = reference_path(deaths(), own, YEARS, 2)
    np.testing.assert_array_equal(plain, np.repeat(own[..., None], 2, axis=-1))
    found = reference_path(deaths(reference_path="smoothed"), own, YEARS, 2)
    np.testing.assert_allclose(
        (found[:, 0] + 1.1 * found[:, 1]) / 2.1, np.array([[76, 76.5, 77, 77.5]] * 2).T
    )
    np.testing.assert_allclose(found[:, 0] - found[:, 1], 5.0)
    with pytest.raises(ParameterError, match="no method 'who'"):
        reference_path(deaths(reference_path="who"), own, YEARS, 2)


@pytest.mark.parametrize("method", ["logit", "lee_carter"])
def test_rates_reach_reference_gap_errors_and_change_together(method: str):
    params = deaths(
        method=method,
        e0_gap=-1.0,
        e0_closing=0.2,
        e0_own_error=by_draw(0.0, 0.5),
        e0_path_error=by_year(0.0, 0.1, 0.2, 0.3),
        e0_change=by_year(0.0, 0.0, 1.0, 1.0),
    )
    found = mortality(params, YEARS, 2)
    base = own_e0(params["mortality.mx"].values[..., None])
    more = -np.exp(-0.2 * (YEARS - 2020)) + [0, 0.1, 1.2, 1.3]
    want = base + more[:, None, None] + np.array([0.0, 0.5])
    np.testing.assert_allclose(own_e0(found), want, atol=2e-3)
    logs = np.log(found[3, 0, :, 0] / params["mortality.mx"].values[3, 0])
    if method == "lee_carter":  # twice as much at 50 and over, as the reference itself
        assert logs[60] / logs[40] == pytest.approx(1.5, rel=1e-6)
    else:
        assert abs(logs[100]) < abs(logs[40])


def test_old_ages_have_their_own_factor_from_their_age_on_and_life_expectancy_stays():
    plain = mortality(deaths(), YEARS, 1)
    one = mortality(deaths(old_age_factor=0.8), YEARS, 1)
    reference = deaths()["mortality.mx"].values.copy()
    reference[..., 80:] *= 0.8
    target = own_e0(plain)
    np.testing.assert_allclose(own_e0(one), target, atol=1e-3)
    np.testing.assert_allclose(one, solve_shift(reference, target), rtol=1e-3)
    ratio = one[0, 0, :, 0] / plain[0, 0, :, 0]
    assert ratio[79] > 1.0 > ratio[80]
    by = mortality(deaths(old_age_factor=by_draw(1.0, 0.8)), YEARS, 2)
    np.testing.assert_allclose(own_e0(by), np.repeat(target, 2, axis=-1), atol=2e-3)
    np.testing.assert_allclose(by[..., 0], plain[..., 0], rtol=1e-3)
    np.testing.assert_allclose(by[..., 1], one[..., 0], rtol=0.02)
    step = by[0, 0, 80, 1] / by[0, 0, 79, 1] / (by[0, 0, 80, 0] / by[0, 0, 79, 0])
    assert step == pytest.approx(0.8, rel=5e-3)


def test_life_expectancy_of_both_sexes_is_that_of_a_mixed_cohort_of_births():
    mx = np.broadcast_to(BOTH[None, ..., None], (2, 2, 101, 2))
    found = expectancies(mx, np.array([[1.1, 1.0], [1.1, 1.2]]))
    e = [float(life_expectancy(BOTH[s], x)) for s, x in enumerate(SEX)]
    np.testing.assert_allclose(found[:, 1:], np.broadcast_to(np.array(e)[None, :, None], (2, 2, 2)))
    for (t, d), srb in {(0, 0): 1.1, (0, 1): 1.0, (1, 1): 1.2}.items():
        assert found[t, 0, d] == pytest.approx((e[0] + srb * e[1]) / (1 + srb))


def test_a_count_errs_by_groups_of_age():
    params = {
        f"population.base_error_{g}": by_draw(0.0, e)
        for g, e in zip(("children", "adults"), (0.1, -0.2), strict=True)
    }
    params["population.base_error_old"] = number(0.05)
    factor = _counting_error(params, 2)
    assert factor.shape == (1, 101, 2)
    np.testing.assert_allclose(factor[0, [0, 14, 15, 59, 60, 100], 1], [1.1, 1.1, 0.8, 0.8, 1.05, 1.05])
    np.testing.assert_allclose(factor[0, [0, 14, 15, 59, 60, 100], 0], [1, 1, 1, 1, 1.05, 1.05])


# --- migration ----------------------------------------------------------------------------------

INWARD = by_age(np.stack([np.exp(-0.5 * ((AGE - 55) / 9) ** 2)] * 2) / 1.0)
OUTWARD = by_age(np.stack([np.exp(-0.5 * ((AGE - 22) / 6) ** 2)] * 2) / 1.0)


def moving(**changes: Any) -> dict[str, xr.DataArray]:
    cohorts = [0, 5, 20, 60]
    found = {
        "method": "regressed",
        "level": by_year(-50.0, -20.0, 10.0, -80.0),
        "level_error": by_draw(0.0, 0.001),
        "inflow": 30.0,
        "outflow": 60.0,
        "profile_in": INWARD / INWARD.sum(),
        "profile_out": OUTWARD / OUTWARD.sum(),
        "retained": xr.DataArray([1.0, 0.5, 0.0, 0.8], {"at_age": cohorts}, ("at_age",)),
        "change": xr.DataArray(
            [[1.0, 2.0, 3.0, 0.5], [2.0, 2.0, 4.0, 1.0]], {"sex": SEX, "at_age": cohorts}, ("sex", "at_age")
        ),
        "old_shape": xr.DataArray([0.0, 0.0, 0.001, 0.004], {"at_age": cohorts}, ("at_age",)),
        "old_error": 0.0,
        "least_retained": 0.6,
    } | changes
    return {f"migration.{k}": number(v) for k, v in found.items()} | {
        "population.base": by_age(1000 - 8 * BOTH * 0 - AGE)
    }


def closed() -> np.ndarray:
    """People without migration (year, sex, age, draw), of whom each year has others."""
    rng = np.random.default_rng(4)
    return rng.uniform(500, 1500, (4, 2, 101, 2))


def test_a_figure_of_cohorts_is_straight_between_their_middles_and_level_beyond():
    row = every_age(moving()["migration.retained"])
    assert row.shape == (1, 101)
    np.testing.assert_allclose(
        row[0, [0, 1, 2]], 1.0 - 0.5 * np.maximum(np.array([0.5, 1.5, 2.5]) - 2.5, 0) / 5
    )
    assert row[0, 7] == pytest.approx(0.5 - 0.5 * (7.5 - 7.5) / 15)
    assert row[0, 12] == pytest.approx(0.5 - 0.5 * 5 / 15)
    np.testing.assert_allclose(row[0, 62:], 0.8)
    two = every_age(moving()["migration.change"].isel(sex=[1, 0]).T)
    np.testing.assert_allclose(two[:, [0, 100]], [[1.0, 0.5], [2.0, 1.0]])


@pytest.mark.parametrize("with_people", [True, False])
@pytest.mark.parametrize("old_error", [0.0, 0.5])
def test_regressed_migrants_are_what_is_retained_and_a_change_of_the_level(
    with_people: bool, old_error: float
):
    params = moving(old_error=old_error)
    people = params["population.base"].values[..., None]
    after = closed() if with_people else None
    start = (
        np.broadcast_to(people[None], (4, 2, 101, 1))
        if after is None
        else np.concatenate([after[:1], after[:-1]])
    )
    first = start[:1]
    arriving, leaving = (params[f"migration.profile_{w}"].values[None, ..., None] for w in ("in", "out"))
    decade = 30 * arriving - 60 * leaving * start / first
    level = params["migration.level"].values[:, None] + np.array([0.0, 0.001]) * people.sum()
    retained, change, old = (every_age(params[f"migration.{k}"]) for k in ("retained", "change", "old_shape"))
    kept = decade * retained[0][None, None, :, None] + start * old[0][None, None, :, None] * old_error
    spread = start * change[None, :, :, None]
    want = kept + spread * ((level - kept.sum(axis=(1, 2))) / spread.sum(axis=(1, 2)))[:, None, None]
    found = migrants(params, YEARS, 2, after)
    np.testing.assert_allclose(found, want, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=(1, 2)), level, rtol=1e-9)


def test_by_profile_both_flows_shrink_or_one_grows_and_those_who_leave_are_those_there():
    params = moving(method="profile")
    people, after = params["population.base"].values[..., None], closed()
    start = np.concatenate([after[:1], after[:-1]])
    leaving = params["migration.profile_out"].values[None, ..., None] * start / after[:1]
    leaving = leaving / leaving.sum(axis=(1, 2), keepdims=True)
    level = params["migration.level"].values[:, None] + np.array([0.0, 0.001]) * people.sum()
    flow = np.ones((4, 2))
    want = net_migrants(
        level, 30 * flow, 60 * flow, params["migration.profile_in"].values[None, ..., None], leaving
    )
    np.testing.assert_allclose(migrants(params, YEARS, 2, after), want, rtol=1e-9)
    still = migrants(moving(method="none"), YEARS, 2, after)
    assert still.shape == (4, 2, 101, 2)
    assert not still.any()
    with pytest.raises(ParameterError, match=r"migration\.method"):
        migrants(moving(method="some"), YEARS, 2)


def test_profiles_are_of_one_sign_and_add_up_to_one():
    flat = by_age(np.full((2, 101), 1 / 202))
    for wrong, text in (
        (flat * 1.00001, "sum 1.00001"),
        (flat - flat.where(flat.age == 3, 0) * 3, "lowest share -"),
    ):
        with pytest.raises(ParameterError, match=rf"migration\.profile_in \| .*{text}"):
            migrants(moving(profile_in=wrong), YEARS, 2)
    near = migrants(moving(profile_in=flat * (1 + 5e-7)), YEARS, 2)
    np.testing.assert_allclose(near, migrants(moving(profile_in=flat), YEARS, 2), rtol=1e-9)


def test_a_decade_leaves_a_share_of_each_cohort_and_longer_times_its_power():
    years = np.array([2020, 2021, 2030, 2031, 2040])
    people = np.arange(1.0, 6.0)[:, None, None, None] * np.full((5, 2, 3, 1), 100.0)
    found = least_retained({"migration.least_retained": number(0.6)}, years, people)
    want = [200 * 0.6, 300 * 0.6, 400 * 0.6**1.1, 500 * 0.36]
    np.testing.assert_allclose(found[:, 0, 0, 0], want)


@settings(max_examples=examples(40), deadline=None)
@given(level=st.floats(-200, 200), inflow=st.floats(0, 60), outflow=st.floats(0, 60))
def test_a_net_level_shrinks_both_flows_or_adds_to_one(level: float, inflow: float, outflow: float):
    one, a, b = np.ones((1, 1)), np.full((1, 1, 2, 1), 0.5), np.array([0.2, 0.8]).reshape(1, 1, 2, 1)
    found = net_migrants(level * one, inflow * one, outflow * one, a, b)[0, 0, :, 0]
    net = inflow - outflow
    share = min(max(level / net, 0.0), 1.0) if net else 1.0
    extra = level - share * net
    come, go = share * inflow + max(extra, 0), share * outflow + max(-extra, 0)
    np.testing.assert_allclose(found, come * a[0, 0, :, 0] - go * b[0, 0, :, 0], atol=1e-9)
    assert found.sum() == pytest.approx(level, abs=1e-9)


def test_those_who_come_for_reasons_of_their_own_come_within_the_level():
    decade, people = np.zeros((1, 1, 2, 1)), np.full((1, 1, 2, 1), 10.0)
    apart = np.array([3.0, 0.0]).reshape(1, 1, 2, 1)
    found = regressed_migrants(np.array([[4.0]]), decade, np.ones(2), np.ones((1, 2)), people, apart)
    np.testing.assert_allclose(found[0, 0, :, 0], [3.5, 0.5])


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_of_schedules_is_its_formula(family: int):
    more = {"a3": 0.01, "alpha3": 0.15, "mu3": 62.0, "lambda3": 0.2, "a4": 1e-4, "lambda4": 0.04}
    p = {k: (STANDARD | more)[k] for k in FAMILIES[family]}
    for x in (0.0, 20.0, 62.0, 90.0):
        want = p["a1"] * np.exp(-p["alpha1"] * x) + p["c"]
        want += p["a2"] * np.exp(-p["alpha2"] * (x - p["mu2"]) - np.exp(-p["lambda2"] * (x - p["mu2"])))
        if family in (11, 13):
            want += p["a3"] * np.exp(-p["alpha3"] * (x - p["mu3"]) - np.exp(-p["lambda3"] * (x - p["mu3"])))
        if family in (9, 13):
            want += p["a4"] * np.exp(p["lambda4"] * x)
        assert rogers_castro(np.array([x]), p)[0] == pytest.approx(want, rel=1e-12)
    assert np.isfinite(rogers_castro(np.array([0.0]), {**STANDARD, "mu2": 2000.0})).all()  # e^800 is not met


def test_a_profile_is_schedule_times_people():
    rates, people = np.array([[1.0, 2.0], [0.0, 4.0]]), np.array([[10.0, 20.0], [30.0, 0.0]])
    np.testing.assert_allclose(profile(rates, people), [[0.2, 0.8], [0, 0]])
    for bad_rates, bad_people in (
        (rates * 0, people),
        (rates, people * 0),
        (-rates, people),
        (rates, -people),
    ):
        with pytest.raises(ParameterError):
            profile(bad_rates, bad_people)
    with pytest.raises(ParameterError, match="one rate for each group"):
        profile(rates, people[:1])


# --- flows --------------------------------------------------------------------------------------


def test_flows_follow_from_two_stocks_cell_by_cell():
    rng = np.random.default_rng(5)
    stock, moved = rng.uniform(50, 90, (3, 2, 6, 2)), rng.uniform(-3, 3, (3, 2, 6, 2))
    mx, asfr, srb = (
        rng.uniform(0.01, 0.1, (3, 2, 6, 2)),
        rng.uniform(0, 0.2, (3, 6, 2)),
        rng.uniform(1, 1.2, (3, 2)),
    )
    found = _flows(stock, mx, asfr, srb, moved)
    for t in range(3):
        before = stock[max(t - 1, 0)]
        after = before if t == 0 else stock[t] - moved[t]
        women = (before[0] + after[0]) / 2
        np.testing.assert_allclose(found["exposure"][t], women)
        np.testing.assert_allclose(found["births_by_age"][t], asfr[t] * women)
        born = (asfr[t] * women).sum(axis=0)
        np.testing.assert_allclose(found["births"][t], [born / (1 + srb[t]), born * srb[t] / (1 + srb[t])])
        if t == 0:
            np.testing.assert_allclose(found["deaths"][0], mx[0] * stock[0])
            continue
        lost = np.empty_like(before)
        for x in range(1, 5):
            lost[:, x] = before[:, x - 1] - after[:, x]
        lost[:, 5] = before[:, 4] + before[:, 5] - after[:, 5]
        lost[:, 0] = found["births"][t] - after[:, 0]
        np.testing.assert_allclose(found["deaths"][t], deaths_by_age(mx[t], before, after, lost))


def test_what_fertility_says_beside_births():
    rng = np.random.default_rng(6)
    stock, asfr, shares = rng.random((2, 2, 5, 3)), rng.random((2, 5, 3, 3)), rng.random((2, 5, 4, 3))
    exposure, tfr = rng.random((2, 5, 3)), rng.random((2, 3))
    made = {k: f() for k, f in _fertility_outputs(stock, Fertility(asfr, shares, tfr), exposure).items()}
    np.testing.assert_allclose(made["women_by_parity"], stock[:, 0][:, :, None] * shares)
    np.testing.assert_allclose(made["births_by_order"], (asfr * exposure[:, :, None]).sum(axis=1))
    np.testing.assert_allclose(made["tfr_by_order"], asfr.sum(axis=1))
    np.testing.assert_array_equal(made["tfr"], tfr)


def test_draws_are_those_asked_for_or_those_of_the_parameters_or_the_central_one():
    from sim.demography.stage import PARAMETERS

    plain = {name: number(1.0) for name in PARAMETERS}
    np.testing.assert_array_equal(_draws(xr.Dataset(), plain), [0])
    plain["fertility.srb"] = xr.DataArray([1.0, 1.1], {"draw": [4, 5]}, ("draw",))
    np.testing.assert_array_equal(_draws(xr.Dataset(), plain), [4, 5])
    np.testing.assert_array_equal(_draws(xr.Dataset(coords={"draw": [7]}), plain), [7])
