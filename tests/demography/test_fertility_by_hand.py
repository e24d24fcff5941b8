"""Parity, policies and paths of fertility written out by hand, on few ages and made parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from sim.demography.fertility import (
    Fertility,
    _mix,
    over_years,
    policies,
    project_fertility,
    reference_tfr,
    tfr_path,
)
from sim.demography.parity import (
    ParityPath,
    cohort_parity,
    conditional_hazards,
    progression_ratios,
    project_parity,
)
from sim.demography.past import order_shares, past_policies, run_past
from sim.demography.policy import Policy, rate_factors, strength, tempo
from sim.errors import ParameterError

AGES = 8
CURVE = np.array([0, 0, 0.2, 0.6, 0.5, 0.3, 0, 0.0])
HAZARDS = CURVE[:, None] * np.array([0.5, 0.4, 0.3, 0.2])
SHARES = np.array([[1, 0, 0, 0]] * 3 + [[0.6, 0.3, 0.08, 0.02]] * 2 + [[0.3, 0.4, 0.2, 0.1]] * 3, float)


def exposed(shares: np.ndarray) -> np.ndarray:
    """Women of each age in the year ahead: of that age or the one before at its start."""
    return np.stack([shares[a] if a == 0 else (shares[a] + shares[a - 1]) / 2 for a in range(AGES)])


def up(shares: np.ndarray, p: np.ndarray) -> np.ndarray:
    """A year on, age by age and parity by parity."""
    later = np.zeros_like(shares)
    later[0, 0] = 1.0
    for a in range(AGES - 1):
        for k in range(4):
            gone = (p[a, k] + p[a + 1, k]) / 2 * shares[a, k] if k < 3 else 0.0
            come = (p[a, k - 1] + p[a + 1, k - 1]) / 2 * shares[a, k - 1] if k else 0.0
            later[a + 1, k] = shares[a, k] - gone + come
    return later


def multiplier(h: np.ndarray, women: np.ndarray, goal: float) -> float:
    return brentq(lambda m: ((1 - np.exp(-m * h)) * women).sum() - goal, 0, 50, xtol=1e-14)


def by_women(
    tfr: list[float], factor: Any, on_top: bool, mix: Any
) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """(births by age and order, shares, multiplier) of each year; the base year's shares do not move."""
    plain, acting, found = SHARES, SHARES, []
    for t, goal in enumerate(tfr):
        h = HAZARDS * mix[t]
        inside = h if on_top else h * factor[t]
        m = multiplier(inside, exposed(plain), goal)
        p = 1 - np.exp(-m * inside)
        q = 1 - np.exp(-m * h * factor[t]) if on_top else p
        births = q * exposed(acting)
        if t:
            plain, acting = up(plain, p), up(acting, q)
        found.append((np.stack([births[:, 0], births[:, 1], births[:, 2] + births[:, 3]], axis=1), acting, m))
    return found


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 999), on_top=st.booleans())
def test_every_year_is_what_its_women_do(seed: int, on_top: bool):
    rng = np.random.default_rng(seed)
    tfr = rng.uniform(0.3, 0.7, (4, 2))
    factor = rng.uniform(0.8, 1.3, (4, AGES, 4, 2))
    mix = np.ones((4, 4, 2))
    mix[:, 2:] = rng.uniform(0.7, 1.4, (4, 1, 2))
    done = project_parity(SHARES, HAZARDS, tfr, factor, mix=mix, policy_in_tfr=not on_top)
    for d in range(2):
        want = by_women(list(tfr[:, d]), factor[..., d], on_top, mix[:, None, :, d])
        for t, (births, shares, m) in enumerate(want):
            np.testing.assert_allclose(done.asfr[t, ..., d], births, atol=1e-11)
            np.testing.assert_allclose(done.shares[t, ..., d], shares, atol=1e-11)
            assert done.multiplier[t, d] == pytest.approx(m, rel=1e-9)


def test_without_policy_or_mix_both_are_one():
    tfr = np.full((3, 1), 0.6)
    plain = project_parity(SHARES, HAZARDS, tfr)
    ones = project_parity(SHARES, HAZARDS, tfr, np.ones((3, AGES, 4, 1)), mix=np.ones((3, 4, 1)))
    for name in ("asfr", "shares", "multiplier"):
        np.testing.assert_allclose(getattr(plain, name), getattr(ones, name), rtol=1e-12)


def test_a_tfr_that_nearly_every_woman_would_have_to_reach_is_reached_and_beyond_it_refused():
    most = (exposed(SHARES) * (HAZARDS > 0)).sum()
    done = project_parity(SHARES, HAZARDS, np.array([[0.98 * most]]))
    assert done.asfr.sum() == pytest.approx(0.98 * most, abs=1e-9)
    for tfr in (most, most + 0.1):
        with pytest.raises(
            ParameterError, match=rf"TFR {tfr:.3f}, though .* can have {most:.3f} .*\(draw 1\)"
        ):
            project_parity(SHARES, HAZARDS, np.array([[0.5, tfr]]))


def test_hazards_give_the_rates_back_and_refuse_what_nobody_can_have():
    rates = (1 - np.exp(-HAZARDS)) * exposed(SHARES)
    h = conditional_hazards(rates, SHARES)
    np.testing.assert_allclose((1 - np.exp(-h)) * exposed(SHARES), rates, atol=1e-14)
    assert not h[exposed(SHARES) == 0].any()
    tiny = rates.copy()
    tiny[0, 1] = 1e-10  # rounding of a file: nobody there, and none meant
    assert conditional_hazards(tiny, SHARES)[0, 1] == 0.0
    for at, value, text in (
        ((0, 1), 0.01, "births to women of parity 1 at age 0"),
        ((4, 0), exposed(SHARES)[4, 0], "1 births per woman of parity 0 and age 4"),
        ((4, 2), 0.5, r"6\.25 births per woman of parity 2 and age 4"),
    ):
        wrong = rates.copy()
        wrong[at] = value
        with pytest.raises(ParameterError, match=text):
            conditional_hazards(wrong, SHARES)
    with pytest.raises(ParameterError, match=r"both \(age, 4 parities\)"):
        conditional_hazards(rates[:, :3], SHARES[:, :3])
    with pytest.raises(ParameterError, match=r"both \(age, 4 parities\)"):
        conditional_hazards(rates[1:], SHARES)
    with pytest.raises(ParameterError, match="shares"):
        conditional_hazards(rates, SHARES * 2)
    with pytest.raises(ParameterError, match="asfr_by_parity"):
        conditional_hazards(-rates, SHARES)


def test_a_cohort_lives_through_the_hazards_at_any_multiplier():
    want = np.array([1.0, 0, 0, 0])
    p = 1 - np.exp(-1.7 * HAZARDS)
    for a in range(AGES - 1):
        gone = np.append(((p[a] + p[a + 1]) / 2 * want)[:3], 0)
        want = want - gone + np.append(0, gone[:3])
    np.testing.assert_allclose(cohort_parity(HAZARDS, 1.7), want, rtol=1e-12)
    ratios = [want[1:].sum(), want[2:].sum() / want[1:].sum(), want[3] / want[2:].sum()]
    np.testing.assert_allclose(progression_ratios(HAZARDS, 1.7), ratios, rtol=1e-12)
    assert not progression_ratios(HAZARDS * 0).any()
    with pytest.raises(ParameterError, match="hazards"):
        progression_ratios(-HAZARDS)
    late = np.zeros((3, 4))
    late[2, 0] = -np.log(0.5)  # half at the last age alone: half a year of it is lived
    late[1, 1] = 1.0  # no second child before the first
    np.testing.assert_allclose(cohort_parity(late), [0.75, 0.25, 0, 0])


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"shares": SHARES * 1.1}, "shares"),
        ({"hazards": -HAZARDS}, "hazards"),
        ({"tfr": np.full((2, 1), -0.1)}, "tfr"),
        ({"policy": np.full((2, AGES, 4, 1), -1.0)}, "policy"),
        ({"mix": np.full((2, 4, 1), np.nan)}, "mix"),
    ],
)
def test_what_is_no_share_rate_or_factor_is_refused(changes: dict[str, Any], text: str):
    good = {"shares": SHARES, "hazards": HAZARDS, "tfr": np.full((2, 1), 0.5)}
    with pytest.raises(ParameterError, match=text):
        project_parity(**(good | changes))


# --- policies -----------------------------------------------------------------------------------

UPTAKE = np.array([0, 0.2, 1.0, 1.0, 0.5, 0.5, 0, 0])
YEARS = np.arange(2020, 2027)


def policy(**changes: Any) -> Policy:
    own: dict[str, Any] = {"name": "one", "parity": 1, "start": 2022, "quantum": np.array([0.05])}
    own |= {"bulge": 0.4, "peak": 2.5, "ramp": 3.0, "uptake": UPTAKE}
    return Policy(**(own | changes))


def test_the_tempo_is_its_formula_from_the_start_on():
    def g(s: float) -> float:
        return 1 - np.exp(-(s + 0.5) / 3) + 0.4 * s / 2.5 * np.exp(1 - s / 2.5) if s >= 0 else 0.0

    np.testing.assert_allclose(tempo(policy(), YEARS), [g(y - 2022) for y in YEARS], rtol=1e-12)


@settings(max_examples=15, deadline=None)
@given(quantum=st.floats(-0.15, 0.15), level=st.floats(0.5, 2.0), parity=st.integers(0, 2))
def test_the_strength_adds_the_quantum_to_those_who_go_on(quantum: float, level: float, parity: int):
    def ratio(kappa: float) -> float:
        h = HAZARDS.copy()
        h[:, parity] *= 1 + UPTAKE * kappa
        return float(progression_ratios(h, level)[parity])

    goal = ratio(0.0) + quantum
    (found,) = strength(policy(parity=parity, quantum=np.array([quantum])), HAZARDS, np.array([level]))
    if found > -1:  # hazards may not turn negative
        assert ratio(found) == pytest.approx(goal, abs=1e-9)
    if abs(quantum) > 0.01:
        assert np.sign(found) == np.sign(quantum)


def test_each_draw_has_its_own_strength():
    one = policy(quantum=np.array([0.05, 0.0, -0.05]))
    found = strength(one, HAZARDS, np.ones(3))
    for d, quantum in enumerate((0.05, 0.0, -0.05)):
        alone = strength(policy(quantum=np.array([quantum])), HAZARDS, np.ones(1))
        assert found[d] == pytest.approx(alone[0], abs=1e-12)
    for quantum in (0.999, -0.999):
        with pytest.raises(ParameterError, match=r"out of 0..1"):
            strength(policy(quantum=np.array([quantum])), HAZARDS, np.ones(1))


def test_factors_of_policies_on_one_parity_multiply():
    one, other = policy(), policy(name="other", start=2024, quantum=np.array([0.02, -0.02]))
    found = rate_factors([one, policy(name="idle", quantum=np.zeros(1)), other], HAZARDS, np.ones(1), YEARS)
    assert found is not None
    assert found.shape == (len(YEARS), AGES, 4, 2)
    for d in range(2):
        want = np.ones((len(YEARS), AGES))
        for p in (one, other):
            kappa = strength(p, HAZARDS, np.ones(2))[d]
            want *= 1 + kappa * np.outer(tempo(p, YEARS), UPTAKE)
        np.testing.assert_allclose(found[:, :, 1, d], want, rtol=1e-10)
    assert (found[:, :, [0, 2, 3]] == 1).all()
    assert rate_factors([], HAZARDS, np.ones(1), YEARS) is None


def test_a_policy_may_not_take_more_births_than_there_are():
    with pytest.raises(ParameterError, match=r"policy one .* takes more births than there are"):
        rate_factors([policy(quantum=np.array([-0.1]), bulge=6.0)], HAZARDS, np.ones(1), YEARS)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"parity": -1}, "parity -1"),
        ({"parity": 3}, "parity 3"),
        ({"quantum": np.array([0.1, 1.0])}, "quantum 1 "),
        ({"quantum": np.array([-1.0])}, "quantum 1 "),
        ({"quantum": np.array([np.nan])}, "quantum nan"),
        ({"uptake": -UPTAKE}, "uptake"),
        ({"peak": 0.0}, "peak 0, ramp 3, bulge 0.4"),
        ({"ramp": 0.0}, "ramp 0"),
        ({"bulge": -0.1}, "bulge -0.1"),
    ],
)
def test_what_is_no_policy_is_refused(changes: dict[str, Any], text: str):
    with pytest.raises(ParameterError, match=text):
        policy(**changes)


def test_the_ends_of_what_a_policy_may_be_are_policies():
    assert policy(parity=0, bulge=0.0, quantum=np.array([0.999])).parity == 0
    assert policy(parity=2).parity == 2
    assert policy(quantum=np.zeros(2)).is_idle
    assert not policy(quantum=np.array([0.0, 0.1])).is_idle


# --- paths --------------------------------------------------------------------------------------


def yearly(values: Any, *dims: str) -> xr.DataArray:
    coords = {"year": YEARS, "at_year": [2021, 2022]}
    array = np.array(values, float)
    return xr.DataArray(array, {d: coords[d] for d in dims if d in coords}, dims)


def params(**changes: Any) -> dict[str, xr.DataArray]:
    """A made-up region: eight ages, seven years."""
    age, parities = range(AGES), ["0", "1", "2", "3+"]
    rates = (1 - np.exp(-HAZARDS)) * exposed(SHARES)
    by_order = np.stack([rates[:, 0], rates[:, 1], rates[:, 2] + rates[:, 3]], axis=1)
    later = rates[:, 3].sum() / (rates[:, 2] + rates[:, 3]).sum()
    found = {
        "method": xr.DataArray("parity"),
        "reference_path": xr.DataArray("wpp"),
        "tfr": yearly(np.linspace(0.6, 0.54, 7), "year"),
        "tfr_counted": yearly([0.5, 0.48], "at_year"),
        "marriages": xr.DataArray([10.0, 8.0, 9.0], {"at_year": [2021, 2022, 2023]}, ("at_year",)),
        "marriage_effect": xr.DataArray(0.5),
        "return": xr.DataArray(0.9),
        "tfr_ratio": xr.DataArray(1.1),
        "tfr_error": xr.DataArray([0.0, 0.05, -9.0], {"draw": [0, 1, 2]}, ("draw",)),
        "tfr_floor": xr.DataArray(0.2),
        "tfr_change": xr.DataArray(0.02),
        "asfr_by_order": xr.DataArray(by_order, {"age": age, "order": ["1", "2", "3+"]}, ("age", "order")),
        "fourth_share": xr.DataArray(later),
        "parity_initial": xr.DataArray(SHARES, {"age": age, "parity": parities}, ("age", "parity")),
        "birth_support": xr.DataArray(0.0),
        "later_births": xr.DataArray(0.0),
        "policy_strength": xr.DataArray(1.0),
    }
    for name, start in (("two_child", 2016), ("three_child", 2021)):
        figures = {"start": start, "quantum": 0.0, "bulge": 0.3, "peak": 2.0, "ramp": 3.0}
        found |= {f"{name}_{k}": xr.DataArray(float(v)) for k, v in figures.items()}
        found[f"{name}_uptake"] = xr.DataArray(UPTAKE, {"age": age}, ("age",))
    found |= {k: v if isinstance(v, xr.DataArray) else xr.DataArray(v) for k, v in changes.items()}
    return {f"fertility.{k}": v for k, v in found.items()}


def test_the_path_is_reference_and_error_times_ratio_plus_change_down_to_the_floor():
    wpp = np.linspace(0.6, 0.54, 7)
    found = tfr_path(params(), YEARS, 3)
    np.testing.assert_allclose(found[:, 0], wpp * 1.1 + 0.02)
    np.testing.assert_allclose(found[:, 1], (wpp + 0.05) * 1.1 + 0.02)
    assert (found[:, 2] == 0.2).all()
    lowest = 0.54 * 1.1 + 0.02
    assert tfr_path(params(tfr_floor=lowest - 1e-9), YEARS, 3).min() >= lowest - 1e-9
    with pytest.raises(ParameterError, match=r"0\.614 in 2026, below fertility\.tfr_floor 0\.615"):
        tfr_path(params(tfr_floor=0.615), YEARS, 3)
    with pytest.raises(ParameterError, match=r"fertility\.tfr: year=0, draw=0"):
        tfr_path(params(tfr_change=np.nan), YEARS, 3)


def test_a_counted_path_is_counted_then_marriages_then_back_to_the_reference():
    wpp = np.linspace(0.6, 0.54, 7)
    counted = params(reference_path="counted", marriage_effect=xr.DataArray([0.5, 1.0], dims="draw"))
    found = reference_tfr(counted, YEARS, 2)
    for d, effect in enumerate((0.5, 1.0)):
        want = [wpp[0], 0.5, 0.48]  # the base year lies before any count
        want.append(want[-1] * (8 / 10) ** effect)  # 2023 by marriages of 2022 over 2021
        want.append(want[-1] * (9 / 8) ** effect)
        for t in (5, 6):  # marriages of 2024 are not known
            want.append(wpp[t] + 0.9 * (want[-1] - wpp[t - 1]))
        np.testing.assert_allclose(found[:, d], want, rtol=1e-12)
    none = params(reference_path="counted")
    none["fertility.tfr_counted"] = xr.DataArray(np.empty(0), {"at_year": np.empty(0, int)}, ("at_year",))
    np.testing.assert_array_equal(reference_tfr(none, YEARS, 1)[:, 0], wpp)
    gap = params(reference_path="counted")
    gap["fertility.marriages"] = gap["fertility.marriages"].isel(at_year=[0, 2])  # 2022 is missing
    np.testing.assert_allclose(reference_tfr(gap, YEARS, 1)[3, 0], wpp[3] + 0.9 * (0.48 - wpp[2]))
    early = params(reference_path="counted")  # counted before the run alone: it starts on the reference
    for name, years in (("tfr_counted", [2018, 2019]), ("marriages", [2018, 2019, 2020])):
        early[f"fertility.{name}"] = early[f"fertility.{name}"].assign_coords(at_year=years)
    assert reference_tfr(early, YEARS, 1)[0, 0] == wpp[0]
    with pytest.raises(ParameterError, match="reference_path"):
        reference_tfr(params(reference_path="guessed"), YEARS, 1)
    with pytest.raises(ParameterError, match="marriages"):
        reference_tfr(
            params(reference_path="counted") | {"fertility.marriages": gap["fertility.marriages"] * 0},
            YEARS,
            1,
        )


def test_by_parity_the_path_is_met_and_policy_support_and_mix_act_as_they_say():
    plain = project_fertility(params(), YEARS, 3)
    path = tfr_path(params(), YEARS, 3)
    np.testing.assert_allclose(plain.tfr, path, rtol=1e-10)
    later = float(params()["fertility.fourth_share"])
    rates = params()["fertility.asfr_by_order"].values
    by_parity = np.stack([*rates.T[:2], rates[:, 2] * (1 - later), rates[:, 2] * later], axis=1)
    hazards = conditional_hazards(by_parity, SHARES)
    assert 0 < later < 1
    for name, changed in (
        ("support", params(birth_support=0.1)),
        (
            "policy",
            params(three_child_quantum=0.05, policy_strength=xr.DataArray([1.0, 2.0, 0.5], dims="draw")),
        ),
        ("both", params(birth_support=0.1, two_child_quantum=0.03)),
    ):
        support = 0.1 if name != "policy" else 0.0
        p = changed["fertility.two_child_quantum"], changed["fertility.three_child_quantum"]
        strengths = np.atleast_1d(changed["fertility.policy_strength"].values)
        named = [
            policy(name=n, parity=k + 1, start=s, quantum=float(q) * strengths, bulge=0.3, peak=2.0)
            for k, (n, s, q) in enumerate(zip(("two_child", "three_child"), (2016, 2021), p, strict=True))
        ]
        factors = rate_factors(named, hazards, np.ones(1), YEARS)
        factors = (np.ones((7, AGES, 4, 1)) if factors is None else factors) * (1 + support)
        want = project_parity(SHARES, hazards, path, factors)
        found = project_fertility(changed, YEARS, 3)
        np.testing.assert_allclose(found.asfr, want.asfr, rtol=1e-8)
        np.testing.assert_allclose(found.shares, want.shares, rtol=1e-8)
        np.testing.assert_allclose(found.tfr, want.asfr.sum(axis=(1, 2)), rtol=1e-10)


def test_later_births_move_third_and_later_ones_alone():
    assert _mix(params(), YEARS, 2) is None
    found = _mix(params(later_births=xr.DataArray([0.0, 0.5], dims="draw")), YEARS, 2)
    assert found is not None
    assert found.shape == (7, 4, 2)
    np.testing.assert_allclose(found[:, :2], 1.0)
    np.testing.assert_allclose(found[:, 2:, 0], 1.0)
    np.testing.assert_allclose(found[:, 2:, 1], np.exp(0.5))


def test_by_pattern_the_path_times_support_falls_on_fixed_ages_and_orders():
    done: Fertility = project_fertility(params(method="asfr", birth_support=0.1), YEARS, 3)
    path = tfr_path(params(), YEARS, 3) * 1.1
    np.testing.assert_allclose(done.tfr, path)
    order = params()["fertility.asfr_by_order"].values
    pattern = order / order.sum()
    np.testing.assert_allclose(done.asfr, pattern[None, :, :, None] * path[:, None, None])
    np.testing.assert_allclose(done.shares, np.broadcast_to(SHARES[None, ..., None], (7, AGES, 4, 3)))
    with pytest.raises(ParameterError, match="no method 'age'"):
        project_fertility(params(method="age"), YEARS, 3)


def test_initial_shares_may_be_off_by_rounding_and_no_more():
    near = params()
    near["fertility.parity_initial"] = near["fertility.parity_initial"] * (1 + 9e-7)
    np.testing.assert_allclose(project_fertility(near, YEARS, 3).shares.sum(axis=2), 1.0, rtol=1e-12)
    off = params()
    off["fertility.parity_initial"] = off["fertility.parity_initial"] * (1 + 2e-6)
    with pytest.raises(ParameterError, match=r"parity_initial .* at age"):
        project_fertility(off, YEARS, 3)
    uneven = params()
    uneven["fertility.parity_initial"] = uneven["fertility.parity_initial"].copy()
    uneven["fertility.parity_initial"][5] *= 0.9
    uneven["fertility.parity_initial"][6] *= 1.01
    with pytest.raises(ParameterError, match=r"shares at age 5 add up to 0\.9"):
        project_fertility(uneven, YEARS, 3)
    below = params()
    moved = below["fertility.parity_initial"].copy()
    moved[3] = [1.1, -0.1, 0.0, 0.0]
    below["fertility.parity_initial"] = moved
    with pytest.raises(ParameterError, match=r"lowest -0\.1"):
        project_fertility(below, YEARS, 3)


def test_the_named_policies_reach_women_with_one_and_with_two():
    changed = params(two_child_quantum=0.03, three_child_quantum=0.05, policy_strength=0.5)
    two, three = policies(changed)
    assert (two.name, two.parity, two.start, float(two.quantum[0])) == ("two_child", 1, 2016, 0.015)
    assert (three.name, three.parity, three.start, float(three.quantum[0])) == ("three_child", 2, 2021, 0.025)
    assert (two.bulge, two.peak, two.ramp) == (0.3, 2.0, 3.0)


def test_a_parameter_stands_over_years_and_draws():
    one = xr.DataArray(3.0)
    by_year = yearly(range(7), "year")
    by_draw = xr.DataArray([1.0, 2.0], dims="draw")
    np.testing.assert_array_equal(over_years(one, YEARS, 2), np.full((7, 2), 3.0))
    np.testing.assert_array_equal(
        over_years(by_year, YEARS, 2), np.repeat(np.arange(7.0)[:, None], 2, axis=1)
    )
    np.testing.assert_array_equal(over_years(by_draw, YEARS, 2), np.repeat([[1.0, 2.0]], 7, axis=0))
    both = (by_year * by_draw).transpose("draw", "year")
    np.testing.assert_array_equal(over_years(both, YEARS, 2), np.outer(range(7), [1.0, 2.0]))
    with pytest.raises(ParameterError, match="year and draw"):
        over_years(yearly(np.ones((7, 2)), "year", "sex"), YEARS, 2)
    with pytest.raises(ParameterError, match=r"years 2020\.\.2026 \| 2021\.\.2027"):
        over_years(by_year, YEARS + 1, 2)


# --- the past -----------------------------------------------------------------------------------


def test_the_past_runs_the_policies_of_the_nation_on_a_place_s_own_women():
    rates = (1 - np.exp(-HAZARDS)) * exposed(SHARES)
    tfr = np.array([0.6, 0.55, 0.5])
    acting = [policy(start=2021)]
    relative = np.array([1.0, 1.2, 0.8, 1.1])
    begun = np.roll(SHARES, 0, axis=0) * 0.5 + 0.5 * np.eye(4)[0]
    done = run_past(SHARES, rates, tfr, acting, 2020, relative, begun)
    hazards = conditional_hazards(rates, SHARES)
    factors = rate_factors(acting, hazards, np.ones(1), np.arange(2020, 2023))
    want = project_parity(begun, hazards * relative, tfr[:, None], factors, policy_in_tfr=True)
    np.testing.assert_allclose(done.asfr, want.asfr, rtol=1e-12)
    np.testing.assert_allclose(done.asfr.sum(axis=(1, 2))[:, 0], tfr)
    plain = run_past(SHARES, rates, tfr, [], 2020)
    same = project_parity(SHARES, hazards, tfr[:, None])
    np.testing.assert_allclose(plain.shares, same.shares)
    with pytest.raises(ParameterError, match="relative"):
        run_past(SHARES, rates, tfr, [], 2020, -relative)


def test_shares_of_orders_are_of_all_ages_together():
    asfr = np.arange(24.0).reshape(2, 4, 3)[..., None]
    path = ParityPath(asfr, np.ones((2, 4, 4, 1)), np.ones((2, 1)))
    want = asfr[..., 0].sum(axis=1)
    np.testing.assert_allclose(order_shares(path), want / want.sum(axis=1, keepdims=True))


def test_the_two_child_policy_of_the_past_is_read_from_its_own_parameters():
    figures = {"start": 2016.0, "bulge": 0.7, "peak": 1.5, "ramp": 2.5}
    given_ = {f"fertility.two_child_{k}": xr.DataArray(v) for k, v in figures.items()}
    given_ |= {"fertility.two_child_uptake": xr.DataArray(UPTAKE, dims="age")}
    past = {"two_child_quantum": 0.11, "later_quantum": 0.04, "later_ramp": 6.0}
    given_ |= {f"fertility_past.{k}": xr.DataArray(v) for k, v in past.items()}
    two, later = past_policies(given_)
    assert (two.parity, two.start, two.bulge, two.peak, two.ramp, two.quantum[0]) == (
        1,
        2016,
        0.7,
        1.5,
        2.5,
        0.11,
    )
    assert (later.parity, later.start, later.bulge, later.ramp, later.quantum[0]) == (2, 2016, 0.0, 6.0, 0.04)
