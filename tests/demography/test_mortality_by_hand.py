"""Shifts of death rates by their definitions, the search's grids, and Arriaga's parts of a goal."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.demography.arriaga import e0_difference_by_age, e0_difference_by_cause, tables_difference_by_age
from sim.demography.goal import e0_goal, mx_meeting
from sim.demography.mortality import (
    METHODS,
    Schedule,
    Search,
    _invert,
    _reach,
    improvement_pattern,
    shift_to_e0,
    solve_shift,
)
from sim.errors import ParameterError
from sim.lifetable import life_expectancy, life_table, searched_expectancy

AGE = np.arange(101)
MX = np.minimum(5e-5 * np.exp(0.09 * AGE) + 2e-4, 0.7)
MX[0] = 0.006
ONES = np.ones(101)
SEX = ["female", "male"]


def brass(mx: np.ndarray, k: float) -> np.ndarray:
    """Logit l'(x) = logit l(x) - k/2 at every age, by the definition; those who die live half a year."""
    q = mx[:-1] / (1 + mx[:-1] / 2)
    alive = np.concatenate([[1.0], np.cumprod(1 - q)])
    odds = (1 - alive) * np.exp(k)
    moved = alive / (alive + odds)
    q = 1 - moved[1:] / moved[:-1]
    # the force in the open group moves as the logit's derivative at its first age
    return np.concatenate([q / (1 - q / 2), [mx[-1] * np.exp(k) / (alive[-1] + odds[-1])]])


@settings(max_examples=25, deadline=None)
@given(k=st.floats(-3, 3), level=st.floats(0.2, 3.0))
def test_logit_is_the_relational_model(k: float, level: float):
    mx = np.minimum(level * MX, 0.9)
    found = Schedule(mx, ONES, "logit").shifted(np.array([k, 0.0]))
    np.testing.assert_allclose(found[:, 0], brass(mx, k), rtol=1e-9)
    np.testing.assert_allclose(found[:, 1], mx, rtol=1e-9)


def test_nobody_dies_where_nobody_did_and_where_nobody_lives_rates_stay():
    mx = MX.copy()
    mx[30], mx[60] = 0.0, 2.0  # at 2 a year nobody sees 61
    found = Schedule(mx, ONES, "logit").shifted(np.array([-1.0, 1.0]))
    assert (found[30] == 0.0).all()
    np.testing.assert_allclose(found[61:100], np.repeat(mx[61:100, None], 2, axis=1))
    assert (found[10, 0] < mx[10] < found[10, 1]).all()


@given(k=st.floats(-2, 2))
def test_lee_carter_moves_logs_along_the_pattern(k: float):
    pattern = np.linspace(2.0, 0.0, 101)
    out = np.empty((101, 1))
    found = Schedule(MX, pattern, "lee_carter").shifted(np.array([k]), out=out)
    assert found is out
    np.testing.assert_allclose(found[:, 0], MX * np.exp(k * pattern), rtol=1e-12)


def test_the_search_reaches_four_in_log_odds_and_half_of_it_in_logs():
    for pattern, method, reach in (
        (ONES, "logit", 4.0),
        (9 * ONES, "logit", 4.0),
        (0.5 * ONES, "lee_carter", 2.0),
        (-4 * ONES, "lee_carter", 0.5),
    ):
        grid = _reach(pattern, method)
        assert (grid[0], grid[-1]) == (-reach, reach)
        np.testing.assert_allclose(np.diff(grid), 2 * reach / 256)


def test_the_fine_grid_is_cut_a_step_around_the_targets_and_within_the_coarse_one():
    search = Search(Schedule(MX, ONES, "logit"), "female", "wpp")
    step = 8.0 / 256
    for near, first, last in (
        ((-4.0 + 0.5 * step,), 0, 2),  # in the first cell
        ((-4.0 + 1.5 * step,), 0, 3),
        ((0.25 * step,), 127, 130),
        ((0.25 * step, 3.5 * step), 127, 133),
        ((4.0 - 0.5 * step,), 254, 256),  # in the last one
    ):
        cut = search._refined(np.array(near))
        assert (cut.start, cut.stop) == (first * 8, last * 8 + 1)
        points = -4.0 + np.arange(cut.start, cut.stop) * step / 8
        np.testing.assert_allclose(search._lattice[cut], points, atol=1e-12)
        want = searched_expectancy(search.schedule.shifted(points), "female", "wpp")
        np.testing.assert_allclose(search._fine[cut], want, rtol=1e-12)


def test_a_shift_lies_between_its_neighbours_and_the_ends_are_reached():
    e0, shift = np.array([80.0, 79.0, 77.0]), np.array([0.0, 1.0, 2.0])
    np.testing.assert_allclose(
        _invert(e0, shift, np.array([80.0, 79.5, 78.0, 77.0]), "male"), [0, 0.5, 1.5, 2]
    )
    for beyond in (80.01, 76.99, np.nan):
        with pytest.raises(ParameterError, match=r"e0: male \| .* years is not reached .* 77\.0\.\.80\.0"):
            _invert(e0, shift, np.array([78.0, beyond]), "male")
    flat = np.array([80.0, 80.0, 79.0, 79.5, 78.0])  # what does not fall further is passed over
    found = _invert(flat, np.arange(5.0), np.array([79.5, 78.5]), "male")
    np.testing.assert_allclose(found, [1.0, 3.0])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("by", [-8.0, -0.3, 0.0, 4.0])
def test_each_sex_reaches_its_own_life_expectancy(method: str, by: float):
    mx = np.stack([MX, 1.5 * MX])
    target = np.array(
        [[life_expectancy(m, s) + by, life_expectancy(m, s)] for m, s in zip(mx, SEX, strict=True)]
    )
    out = np.empty((2, 101, 2))
    found = solve_shift(mx, target, method, out=out)
    assert found is out
    for s, sex in enumerate(SEX):
        for d in range(2):
            assert float(life_expectancy(found[s, :, d], sex)) == pytest.approx(target[s, d], abs=1e-3)


def test_what_solve_shift_cannot_take_is_refused():
    mx, e0 = np.stack([MX, MX]), np.full((2, 1), 75.0)
    for changed, target, text in (
        (mx, np.full((3, 1), 75.0), r"shape \(3, 1\) for mx \(2, 101\)"),
        (MX[None], np.full((1, 1), 75.0), r"shape \(1, 1\) for mx \(1, 101\)"),
        (-mx, e0, "mx.* negative"),
        (mx, e0 * np.nan, "e0.* not finite"),
    ):
        with pytest.raises(ParameterError, match=text):
            solve_shift(changed, target)
    with pytest.raises(ParameterError, match="improvement"):
        solve_shift(mx, e0, improvement=ONES * np.nan)
    steep = np.stack([np.minimum(MX * 8, 1.2)] * 2)
    with pytest.raises(ParameterError, match="death rates above 2"):
        solve_shift(steep, np.full((2, 1), 45.0), "lee_carter", improvement=np.linspace(0, 2, 101))


def test_rates_of_exactly_two_are_borne():
    mx = np.stack([MX, MX])
    mx[:, 100] = 2.0
    own = np.array([[float(life_expectancy(m, s))] for m, s in zip(mx, SEX, strict=True)])
    found = solve_shift(mx, own + 0.2)
    assert found.max() < 2.0
    with pytest.raises(ParameterError, match="above 2"):
        solve_shift(mx, own - 5.0)


def labelled(mx: np.ndarray, *dims: str, **coords: object) -> xr.DataArray:
    known = {"sex": SEX, "age": AGE} | coords
    return xr.DataArray(mx, {d: known[d] for d in dims if d in known}, dims)


def test_labels_say_who_is_who_and_draws_come_last():
    mx = labelled(np.stack([[MX, 1.5 * MX], [0.9 * MX, 1.3 * MX]]), "year", "sex", "age", year=[2020, 2021])
    e0 = labelled(np.array([[78.0, 79.0, 79.5], [74.0, 75.0, 76.0]]), "sex", "draw", draw=[0, 1, 2])
    plain = shift_to_e0(mx, e0)
    assert plain.dims == ("year", "sex", "age", "draw")
    assert plain.attrs["units"] == "1/year"
    turned = shift_to_e0(mx.isel(sex=[1, 0]).transpose("age", "year", "sex"), e0.isel(sex=[1, 0]).T)
    xr.testing.assert_allclose(turned.sel(sex=SEX), plain)
    for s, sex in enumerate(SEX):
        for d in range(3):
            rates = plain.sel(year=2021, sex=sex, draw=d).values
            assert float(life_expectancy(rates, sex)) == pytest.approx(float(e0[s, d]), abs=1e-3)
    more = shift_to_e0(mx.isel(year=0, drop=True), e0.expand_dims(scenario=["a", "b"]).transpose("draw", ...))
    assert more.dims == ("scenario", "sex", "age", "draw")
    np.testing.assert_allclose(more.sel(scenario="b"), plain.sel(year=2020), rtol=1e-12)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (labelled(ONES * 0, "age"), r"improvement \| 0 in the mean .* fewer deaths"),
        (labelled(-ONES, "age"), r"improvement \| -1 in the mean"),
        (labelled(ONES[:90], "age", age=AGE[:90]), "improvement: age"),
        (labelled(ONES * np.nan, "age"), "improvement"),
    ],
)
def test_a_pattern_of_improvement_must_improve(pattern: xr.DataArray, text: str):
    mx = labelled(np.stack([MX, MX]), "sex", "age")
    e0 = labelled(np.array([75.0, 75.0]), "sex")
    with pytest.raises(ParameterError, match=text):
        shift_to_e0(mx, e0, "lee_carter", improvement=pattern)


def test_the_pattern_is_the_fall_from_the_first_year_to_the_last_of_both_sexes():
    fall = np.stack([np.linspace(0.1, 0.5, 101), np.linspace(0.3, 0.1, 101)])
    start = np.stack([MX, 1.2 * MX])
    logs = np.stack(
        [np.log(start), np.log(start) + 5, np.log(start) - fall]
    )  # the middle year is not looked at
    mx = labelled(np.exp(logs), "year", "sex", "age", year=[2020, 2025, 2030])
    want = fall.mean(axis=0) / fall.mean()
    for given_mx in (mx, mx.drop_vars("year"), mx.transpose("age", "year", "sex")):
        np.testing.assert_allclose(improvement_pattern(given_mx), want, rtol=1e-9)
    for bad in (mx.isel(year=[0]), mx.isel(year=0), mx.where(mx.age != 3, 0.0)):
        with pytest.raises(ParameterError, match="one year, or rates of 0"):
            improvement_pattern(bad)
    with pytest.raises(ParameterError, match="does not fall"):
        improvement_pattern(mx.isel(year=[0, 0]).assign_coords(year=[2020, 2021]))


# --- Arriaga ------------------------------------------------------------------------------------


def test_parts_by_age_as_the_formula_says():
    """Direct: l1 (L2/l2 - L1/l1); indirect: T2(x+n) (l1/l2 - l1(x+n)/l2(x+n)); open group direct alone."""
    one = xr.DataArray([0.02, 0.01, 0.05, 0.3], {"age": [0, 1, 2, 3]}, ("age",))
    two = one * np.array([0.5, 1.2, 0.8, 0.9])
    a, b = (life_table(m, sex="female") for m in (one, two))
    l1, L1, l2, L2, T2 = (t.values for t in (a["lx"], a["Lx"], b["lx"], b["Lx"], b["Tx"]))
    want = [
        (l1[x] * (L2[x] / l2[x] - L1[x] / l1[x]) + (T2[x + 1] * (l1[x] / l2[x] - l1[x + 1] / l2[x + 1])))
        / l1[0]
        for x in range(3)
    ]
    want.append(l1[3] * (L2[3] / l2[3] - L1[3] / l1[3]) / l1[0])
    found = e0_difference_by_age(one, two, sex="female")
    np.testing.assert_allclose(found, want, rtol=1e-12)
    assert float(found.sum()) == pytest.approx(float(b["ex"][0] - a["ex"][0]))
    thousand = [t.assign(lx=t["lx"] * 1e3, Lx=t["Lx"] * 1e3, Tx=t["Tx"] * 1e3) for t in (a, b)]
    np.testing.assert_allclose(tables_difference_by_age(*thousand), want, rtol=1e-12)
    with pytest.raises(ParameterError, match="radix 1 and 1000"):
        tables_difference_by_age(a, thousand[1])
    with pytest.raises(ParameterError, match="the ages of the two tables differ"):
        tables_difference_by_age(a, b.isel(age=[0, 1, 2]))


def by_age(*values: float) -> xr.DataArray:
    return xr.DataArray(list(values), {"age": list(range(len(values)))}, ("age",))


def test_causes_take_what_their_own_rates_changed_and_nothing_where_nothing_did():
    before, after, gain = by_age(0.1, 0.2, 0.3), by_age(0.08, 0.2, 0.4), by_age(1.0, 0.0, -0.5)
    shares = [xr.concat([s, 1 - s], "cause") for s in (by_age(0.5, 0.5, 0.2), by_age(0.25, 0.1, 0.4))]
    found = e0_difference_by_cause(gain, before, after, *shares)
    # rates of the first cause .05 -> .02 of a change of -.02; .06 -> .16 of +.10
    np.testing.assert_allclose(found.isel(cause=0), [1.5, 0.0, -0.5])
    np.testing.assert_allclose(found.sum("cause"), gain)
    for part in (0, 1):
        bad = [s if i != part else s * 1.1 for i, s in enumerate(shares)]
        with pytest.raises(ParameterError, match=r"off by 0\.1"):
            e0_difference_by_cause(gain, before, after, *bad)
    below = shares[0] + by_age(0.6, 0, 0) * xr.DataArray([1.0, -1.0], dims="cause")
    with pytest.raises(ParameterError, match="do not add up to 1"):
        e0_difference_by_cause(gain, before, after, below, shares[1])


def test_a_goal_shifts_both_sexes_by_as_many_years_to_the_mean_of_births():
    mx = labelled(np.stack([MX, 1.5 * MX]), "sex", "age")
    own = np.array([float(life_expectancy(m, s)) for m, s in zip(mx.values, SEX, strict=True)])
    found = mx_meeting(mx.isel(sex=[1, 0]), 77.0, 1.1)
    reached = np.array([float(life_expectancy(found.sel(sex=s).values, s)) for s in SEX])
    assert (reached[0] + 1.1 * reached[1]) / 2.1 == pytest.approx(77.0, abs=1e-3)
    assert reached[0] - own[0] == pytest.approx(reached[1] - own[1], abs=2e-3)


def test_the_rest_of_the_deaths_is_other_and_shares_may_be_all_but_no_more():
    before = labelled(np.stack([MX, 1.5 * MX]), "sex", "age")
    shares = xr.full_like(before, 1.0).expand_dims(cause=["cancer"])
    people = xr.full_like(before, 10.0)
    done = e0_goal(before, 0.95 * before, 78.0, people, shares, 1.06)
    assert not done.gain_cause.sel(cause="other").any()
    np.testing.assert_allclose(done.gain_cause.sel(cause="cancer"), done.gain)
    np.testing.assert_allclose(done.averted, (before - done.mx) * 10.0)
    for i, sex in enumerate(SEX):
        assert float(done.e0_before[i]) == pytest.approx(float(life_expectancy(before[i].values, sex)))
        own = float(life_expectancy(0.95 * before[i].values, sex))
        assert float(done.e0_expected[i]) == pytest.approx(own)
        assert float(done.gain[i].sum() + done.e0_before[i]) == pytest.approx(
            float(life_expectancy(done.mx[i].values, sex))
        )
    for bad in (shares * 1.01, shares * -0.1):
        with pytest.raises(ParameterError, match="causes add up to"):
            e0_goal(before, before, 78.0, people, bad, 1.06)
