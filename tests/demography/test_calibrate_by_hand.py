"""Fits and scores step by step on figures that one can work out on paper; censuses made whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy.special import ndtri

from sim.demography.base_population import move_forward, spread_open, years_lived
from sim.demography.calibrate import (
    Observation,
    Score,
    _fit_births,
    _fit_total,
    _hold,
    _levels,
    _line,
    _misfit,
    _published,
    _weighted,
    _with,
    fit_region,
    indicators,
    score,
    summary,
)
from sim.demography.census_base import (
    births_since,
    census_base,
    child_woman_ratio,
    children_factor,
    later,
    single_ages,
)
from sim.errors import ParameterError
from sim.lifetable import infant_ax_by_sex

AGE = np.arange(101)
MX = np.minimum(5e-5 * np.exp(0.09 * AGE) + 2e-4, 0.7)


def model(**values: dict[int, float]) -> dict[str, xr.DataArray]:
    return {
        name: xr.DataArray([[v] for v in of.values()], {"year": list(of), "draw": [0]}, ("year", "draw"))
        for name, of in values.items()
    }


def figures(**changes: float) -> dict[str, xr.DataArray]:
    """A level of 100 in the base year, of which a quarter lasts; the rest fades by .8 a year."""
    own = {"level": 100.0, "lasting": 0.25, "persistence": 0.8} | changes
    return {f"migration.{k}": xr.DataArray(v) for k, v in own.items()}


def test_births_move_the_ratio_of_their_year_and_the_last_ones_hold_on():
    """Model 100 at ratio 1.0 and 120 at 1.2: births of 90, 108 and 130 ask for ratios .9, 1.08, 1.3."""
    ratio = {2020: 1.0, 2022: 1.2}
    found = model(births={2020: 90.0, 2021: 110.0, 2022: 120.0, 2023: 120.0})
    seen = [Observation(y, "births", v) for y, v in ((2022, 108.0), (2021, 90.0), (2023, 130.0))]
    used = [*seen, Observation(2023, "deaths", 7.0)]
    fitted = _fit_births(found, used, ratio, 2020, 1.0, 2)
    want = {2020: 1.0, 2021: 90 / (110 / 1.1), 2022: 108 / 100, 2023: 130 / 100}
    assert fitted == pytest.approx(want | {2024: (want[2022] + want[2023]) / 2})
    doubted = _fit_births(found, used, ratio, 2020, 0.5, 1)
    assert doubted[2023] == pytest.approx(1.3**0.5)
    assert doubted[2024] == doubted[2023]
    assert _fit_births(found, used[3:], ratio, 2020, 1.0, 2) == {2020: 1.0}
    assert _fit_births(found, seen[:1], {2020: 1.4}, 2020, 0.0, 2)[2022] == 1.4


def test_the_last_total_says_by_how_much_the_level_is_off():
    """1000 in the model, 970 published, three years: ten a year fewer than the mean of 5, 10 and 15."""
    level = {2020: 99.0, 2021: 5.0, 2023: 15.0}
    found = model(population_total={2021: 1.0, 2023: 1000.0})
    used = [Observation(2023, "population_total", 970.0), Observation(2021, "population_total", 5.0)]
    assert _fit_total(found, used, level, 2020) == (2023, pytest.approx(10.0 - 10.0))
    assert _fit_total(found, [Observation(2023, "births", 5.0)], level, 2020) is None


def test_the_level_seen_is_weighted_by_what_a_year_and_a_total_may_be_off():
    rho, n = 0.8, 3
    mean = (n + 4 * rho + 2 * rho**2) / n**2
    weight = 0.01**2 * mean / (0.01**2 * mean + (0.02 / n) ** 2)
    year, level = _weighted(figures(), 2020, (2023, -40.0), (0.01, 0.02))
    assert (year, level) == (2023, pytest.approx(weight * -40 + (1 - weight) * 25))
    assert _weighted(figures(), 2020, (2023, -40.0), (0.0, 0.0))[1] == 25.0
    assert _weighted(figures(), 2020, (2023, -40.0), (0.01, 0.0))[1] == -40.0


def test_levels_go_back_to_what_lasts_by_persistence():
    assert _levels(figures(), 2020, None) == {2020: 100.0, 2021: 25.0}
    found = _levels(figures(), 2020, (2023, 65.0))
    after = {2023 + k: 25 + 40 * 0.8**k for k in (1, 2, 3, 5, 8, 12, 18, 25)}
    assert found == pytest.approx({2020: 100.0, 2021: 65.0, 2023: 65.0} | after)
    by_year = xr.DataArray([7.0, 8.0], {"year": [2020, 2021]}, ("year",))
    assert _levels(figures() | {"migration.level": by_year}, 2021, None)[2021] == 8.0


def test_paths_are_straight_between_points_and_level_beyond():
    points = {2024: 3.0, 2020: 1.0}
    years = [2019, 2020, 2021, 2024, 2030]
    assert [_hold(points, y) for y in years] == [1.0, 1.0, 1.5, 3.0, 3.0]
    changed = _with({"x": xr.DataArray(1.0)}, years, points, {2020: 10.0})
    np.testing.assert_allclose(changed["fertility.tfr_ratio"], [1, 1, 1.5, 3, 3])
    np.testing.assert_allclose(changed["migration.level"], 10.0)
    assert float(changed["x"]) == 1.0


def test_misfit_is_model_over_what_was_seen():
    used = [Observation(2021, "births", 80.0), Observation(2021, "housing", 3.0)]
    assert _misfit(model(births={2021: 100.0}), used) == {(2021, "births"): 0.25}


def test_indicators_add_up_over_sex_and_the_ages_they_name():
    rng = np.random.default_rng(1)
    coords = {"year": [2020], "sex": ["female", "male"], "age": AGE, "draw": [0]}
    people, dead, net = (xr.DataArray(rng.random((1, 2, 101, 1)), coords, tuple(coords)) for _ in range(3))
    born = people.isel(age=0, drop=True)
    found = indicators(
        xr.Dataset({"population": people, "births": born, "deaths": dead, "net_migration": net})
    )
    for name, (first, last) in {
        "population_total": (0, 101),
        "population_60+": (60, 101),
        "population_0-15": (0, 16),
    }.items():
        assert float(found[name].squeeze()) == pytest.approx(people.values[0, :, first:last].sum())
    for name, array in {"births": born, "deaths": dead, "net_migration": net}.items():
        assert float(found[name].squeeze()) == pytest.approx(float(array.sum()))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"trust_births": -0.1}, "trust_births"),
        ({"trust_births": 1.1}, "trust_births"),
        ({"errors": (-0.1, 0.1)}, "errors"),
        ({"recent": 0}, "recent .* one year or more"),
    ],
)
def test_a_fit_refuses_weights_that_are_none(changes: dict[str, Any], text: str):
    with pytest.raises(ParameterError, match=text):
        fit_region({}, [], 2020, **({"trust_births": 1.0, "recent": 1} | changes))
    with pytest.raises(ParameterError, match="'huts' unknown"):
        fit_region({}, [Observation(2021, "huts", 3.0)], 2020, trust_births=1.0, recent=1)


def test_only_migration_may_be_below_nobody():
    assert Observation(2021, "net_migration", -5.0).value == -5.0
    assert Observation(2021, "births", 0.0).value == 0.0
    for name, value, remedy in (
        ("births", -1.0, "a count of 0 or more"),
        ("net_migration", np.nan, "a number"),
    ):
        with pytest.raises(ParameterError, match=rf"{name} of 2021 \| .* \| {remedy}$"):
            Observation(2021, name, value)


# --- scores -------------------------------------------------------------------------------------


def made(values: list[list[float]], years: list[int]) -> xr.Dataset:
    """A projection in which all people are women of 30: by year and draw, draw 0 central."""
    people = np.zeros((len(years), 2, 101, len(values[0])))
    people[:, 0, 30] = values
    coords = {"year": years, "sex": ["female", "male"], "age": AGE, "draw": range(len(values[0]))}
    population = xr.DataArray(people, coords, tuple(coords))
    none = xr.zeros_like(population)
    moves = {"deaths": none, "net_migration": none, "births": none.isel(age=0, drop=True)}
    return xr.Dataset({"population": population, **moves})


def test_a_score_is_of_the_years_after_the_fit_with_bands_of_what_is_published():
    drawn = np.linspace(90, 110, 41)
    projection = made([[100.0, *drawn], [120.0, *(drawn * 1.2)]], [2021, 2022])
    held = [
        Observation(y, "population_total", v)
        for y, v in ((2020, 95.0), (2021, 98.0), (2022, 115.0), (2023, 1.0))
    ]
    rows = score(projection, held, 2020, 2022, level=0.5)
    assert [r.year for r in rows] == [2021, 2022]  # 2020 is fitted, 2023 lies beyond
    row = rows[0]
    assert (row.projected, row.observed, row.last_value, row.trend) == (100.0, 98.0, 95.0, None)
    assert (row.low, row.high) == (pytest.approx(95.0), pytest.approx(105.0))
    assert (row.seen_low, row.seen_high) == (pytest.approx(95.0), pytest.approx(105.0))
    assert row.pit == pytest.approx(np.mean(np.repeat(drawn, 41) < 98.0))
    want = np.abs(drawn - 98).mean() - np.abs(drawn[:, None] - drawn).mean() / 2
    assert row.crps == pytest.approx(want / 98)
    more = score(
        projection, held, 2020, 2021, 0.5, {"population_total": np.array([0.3])}, {"population_total": 2.0}
    )
    z = ndtri((np.arange(41) + 0.5) / 41)
    shown = (2 * drawn[:, None] * (1 + 0.3 * z)).ravel()
    assert (more[0].low, more[0].high) == (pytest.approx(95.0), pytest.approx(105.0))
    assert more[0].seen_low == pytest.approx(np.quantile(shown, 0.25))
    assert more[0].pit == pytest.approx(np.mean(shown < 98.0))
    by_draw = np.concatenate([[9.0], np.full(41, 0.3)])  # the central draw's own error is left out
    np.testing.assert_allclose(_published(2 * drawn, by_draw), shown)
    for level in (0.0, 1.2):
        with pytest.raises(ParameterError, match="level"):
            score(projection, held, 2020, 2022, level=level)
    assert score(projection, held, 2020, 2022, level=1.0)[0].low == 90.0
    with pytest.raises(
        ParameterError, match=r"nothing observed in 2023\.\.2024 .* \[2020, 2021, 2022, 2023\]"
    ):
        score(projection, held, 2022, 2024)


def test_the_line_goes_through_the_last_two():
    past = [(2015, 50.0), (2018, 100.0), (2020, 110.0)]
    assert _line(past, 2023) == 125.0
    assert _line(past[:1], 2023) is None
    assert _line([], 2023) is None


def scored(**changes: Any) -> Score:
    own: dict[str, Any] = {"year": 2021, "indicator": "births", "observed": 100.0, "projected": 110.0}
    own |= {"low": 90.0, "high": 100.0, "seen_low": 100.0, "seen_high": 120.0, "pit": 0.5, "crps": 0.1}
    return Score(**(own | {"last_value": 95.0, "trend": None} | changes))


def test_bands_hold_their_ends():
    assert scored().covered
    assert scored().covered_seen
    assert scored(low=100.0, high=101.0).covered
    assert not scored(high=99.9).covered
    assert not scored(low=100.1, high=200.0).covered
    assert not scored(seen_low=100.1).covered_seen
    assert not scored(seen_low=80.0, seen_high=99.9).covered_seen
    assert scored(seen_low=80.0, seen_high=100.0).covered_seen
    assert scored().error == pytest.approx(0.1)


def test_a_summary_takes_each_indicator_by_itself():
    rows = [
        scored(),
        scored(projected=70.0, high=80.0, last_value=None),
        scored(indicator="deaths", trend=130.0),
    ]
    found = summary(rows)
    births = found["births"]
    assert births == pytest.approx(
        {"n": 2, "error": 0.2, "bias": -0.1, "coverage": 0.5, "coverage_seen": 1.0, "last_value_error": 0.05}
    )
    assert found["deaths"]["trend_error"] == pytest.approx(0.3)


# --- censuses -----------------------------------------------------------------------------------


def test_people_a_part_of_a_year_on_by_hand():
    people, mx, moved = np.array([10.0, 20, 30]), np.array([0.1, 0.2, 0.3]), np.array([1.0, -1, 2])
    s = np.exp(-mx * 0.4)
    want = [
        0.6 * 10 * s[0] + 5 * np.exp(-0.1 * 0.2),
        0.6 * 20 * s[1] + 0.4 * 10 * s[0],
        30 * s[2] + 0.4 * 20 * s[1],
    ]
    np.testing.assert_allclose(move_forward(people, mx, 0.4, 5.0), want)
    np.testing.assert_allclose(move_forward(people, mx, 0.4, 5.0, moved), want + moved)
    np.testing.assert_allclose(move_forward(people, mx, 0.0, 0.0), people)
    whole = move_forward(people, mx, 1.0, 0.0)
    np.testing.assert_allclose(whole, [0, 10 * np.exp(-0.1), 20 * np.exp(-0.2) + 30 * np.exp(-0.3)])
    for bad in (
        (-people, mx, 0.4, 5.0),
        (people, -mx, 0.4, 5.0),
        (people, mx, 1.01, 5.0),
        (people, mx, -0.01, 5.0),
    ):
        with pytest.raises(ParameterError):
            move_forward(*bad)
    for bad in ((people, mx, 0.4, -5.0), (people[:2], mx, 0.4, 5.0)):
        with pytest.raises(ParameterError):
            move_forward(*bad)
    both = later(
        np.stack([people, people]), np.stack([mx, mx]), 0.4, np.array([5.0, 0]), np.stack([moved, moved])
    )
    np.testing.assert_allclose(both[0], want + moved)
    np.testing.assert_allclose(both[1][1:], (want + moved)[1:])


def test_years_lived_are_those_of_an_even_force_in_each_age():
    mx = np.array([0.1, 0.0, 0.5, 0.25])
    left = np.exp(-0.1)
    want = [(1 - left) / 0.1, left, left * (1 - np.exp(-0.5)) / 0.5, left * np.exp(-0.5) / 0.25]
    np.testing.assert_allclose(years_lived(mx), want)


def test_the_open_group_grows_as_the_group_below_says():
    Lx = np.exp(-0.05 * np.arange(12))
    for r in (-0.1, 0.0, 0.03):
        stable = 7 * Lx * np.exp(-r * np.arange(12))
        found = spread_open(stable[8:].sum(), stable[5:8].sum(), Lx, 8, 3)
        np.testing.assert_allclose(found, stable[8:], rtol=1e-8)
    lone = spread_open(60.0, 0.0, Lx, 8, 3)  # nobody below: no rate of growth says so; stationary
    np.testing.assert_allclose(lone, 60 * Lx[8:] / Lx[8:].sum())
    np.testing.assert_array_equal(spread_open(0.0, 5.0, Lx, 8, 3), np.zeros(4))
    assert len(spread_open(6.0, 5.0, Lx, 3, 3)) == 9  # the group below may begin at 0
    assert len(spread_open(6.0, 5.0, Lx, 11, 1)) == 1
    for start, width in ((2, 3), (12, 3), (8, 0)):
        with pytest.raises(ParameterError, match=f"start {start}, width {width}, 12 ages"):
            spread_open(6.0, 5.0, Lx, start, width)
    for bad in ((-1.0, 5.0, Lx, 8, 3), (1.0, -5.0, Lx, 8, 3), (1.0, 5.0, Lx * 0, 8, 3)):
        with pytest.raises(ParameterError):
            spread_open(*bad)


def test_what_a_census_missed_is_a_factor_below_an_age():
    reference = np.arange(1.0, 11.0)
    found = children_factor(reference, np.array([1.0, 5.0, 40.0]), [0, 1, 3], 3)
    np.testing.assert_allclose(found, [1.0, 1.0, 1.0])
    found = children_factor(reference, np.array([0.5, 10.0, 40.0]), [0, 1, 3], 4)
    np.testing.assert_allclose(found, [2.0, 0.5, 49 / 40])
    for starts, national in (([0, 1], [1.0, 2, 3]), ([0, 3, 3], [1.0, 2, 3]), ([0, 1, 10], [1.0, 2, 3])):
        with pytest.raises(ParameterError, match="one rising first age for each group"):
            children_factor(reference, np.array(national), starts, 3)
    assert len(children_factor(reference, np.ones(3), [0, 1, 9], 3)) == 3
    with pytest.raises(ParameterError, match="national"):
        children_factor(reference, np.zeros(3), [0, 1, 3], 3)


STARTS = [0, 1, *range(5, 90, 5)]


def test_a_census_by_single_age_keeps_groups_and_opens_the_last_by_its_life_table():
    mx = np.stack([MX, 1.4 * MX])
    reference = np.stack([1e4 * years_lived(m) for m in mx])
    groups = 0.1 * np.add.reduceat(reference, STARTS, axis=1) * np.array([[1.0], [2.0]])
    single = single_ages(groups, STARTS, reference, mx)
    np.testing.assert_allclose(np.add.reduceat(single, STARTS, axis=1), groups, rtol=1e-9)
    np.testing.assert_allclose(single[0], 0.1 * reference[0], rtol=1e-6)
    np.testing.assert_allclose(single[1], 0.2 * reference[1], rtol=1e-6)
    for i in range(2):
        tail = spread_open(groups[i, -1], groups[i, -2], years_lived(mx[i]), 85, 5)
        np.testing.assert_allclose(single[i, 85:], tail)
    done = census_base(groups, STARTS, reference, mx, 0.25)
    np.testing.assert_allclose(done, later(single, mx, 0.25, groups[:, 0] * 0.25))


def test_births_since_a_census_follow_its_infants_and_the_nation_s_turn():
    mx = np.stack([MX, 1.4 * MX])
    mx[:, 0] = [0.01, 0.02]
    born = {2019: 1000.0, 2020: 900.0, 2021: 600.0}
    infants = np.array([90.0, 110.0])
    found = births_since(infants, mx, 0.25, born, 2020)
    alive = []
    for i in range(2):
        a = float(infant_ax_by_sex(mx[:, :1], "wpp")[i, 0])
        q = mx[i, 0] / (1 + (1 - a) * mx[i, 0])
        alive.append(infants[i] / (1 - (1 - a) * q))
    total = sum(alive) * 0.25 * ((900 + 600) / 2) / (0.25 * 1000 + 0.75 * 900)
    np.testing.assert_allclose(found, total * infants / 200)
    np.testing.assert_array_equal(births_since(infants * 0, mx, 0.25, born, 2020), np.zeros(2))


def test_children_per_woman_beside_the_nation():
    groups, nation = np.array([[3.0, 9], [5.0, 9]]), np.array([[30.0, 1], [10.0, 1]])
    asfr, women, other = np.array([0, 0.5, 1.0]), np.array([9.0, 4, 6]), np.array([9.0, 40, 60])
    assert child_woman_ratio(groups, women, nation, other, asfr) == pytest.approx((8 / 8) / (40 / 80))
    for bad in (
        (groups, women * 0, nation, other, asfr),
        (groups, women, nation * 0, other, asfr),
        (groups, women, nation, -other, asfr),
        (-groups, women, nation, other, asfr),
        (groups, women, nation, other, -asfr),
    ):
        with pytest.raises(ParameterError):
            child_woman_ratio(*bad)
    none = groups * 0
    assert child_woman_ratio(none, women, nation, other, asfr) == 0.0
