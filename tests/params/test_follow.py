"""How a range goes with its centre, over random ranges, units and values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from params.test_override import made
from sampling import examples

from sim.errors import ParameterError
from sim.params import Parameter, Sampler, override
from sim.params.follow import rule, taken_over

U = np.array([0.01, 0.2, 0.5, 0.8, 0.99])
FORMS = ("uniform", "triangular", "pert", "normal", "empirical", "discrete")


def spread_around(form: str, low: float, centre: float, high: float, **more: Any) -> dict[str, Any]:
    if form == "empirical":
        return {"distribution": form, "values": [low, centre, high], "scale": "value", **more}
    if form == "discrete":
        numbers = {"values": [low, centre, high], "weights": [1, 2, 1]}
        return {"distribution": form, **numbers, "scale": "value", **more}
    return {"distribution": form, "low": low, "high": high, "scale": "value", **more}


def one(centre: float, spread: dict[str, Any], unit: str = "1", factor: float = 1.0) -> Parameter:
    return made("a.b", xr.DataArray(centre * factor), unit=unit, value=centre, range=spread)


def drawn(parameter: Parameter, u: np.ndarray = U) -> np.ndarray:
    sampler = Sampler({"a.b": parameter}, (2020, 2030), 1)
    return np.asarray(sampler.steered({"a.b": u})["a.b"].values)


def to(parameter: Parameter, value: Any) -> Parameter:
    return override({"a.b": parameter}, "a.b", value, "here")["a.b"]


sizes = st.floats(0.05, 0.9)


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(FORMS), st.sampled_from(["shift", "relative", "odds"]), sizes, sizes, sizes, sizes)
def test_any_range_follows_its_centre(form: str, moves: str, a: float, b: float, c: float, new: float):
    low, centre, high = sorted((a, b, c))
    assume(high - low > 0.02)
    parameter = one(centre, spread_around(form, low, centre, high, moves=moves))
    found, before = drawn(to(parameter, new)), drawn(parameter)
    by = {
        "shift": lambda x: x + new - centre,
        "relative": lambda x: x * new / centre,
        "odds": lambda x: (o := x / (1 - x) * new / (1 - new) * (1 - centre) / centre) / (1 + o),
    }[moves]
    inside = (before > 0) & (before < 1)
    np.testing.assert_allclose(found[inside], by(before)[inside], rtol=1e-9)
    assert by(np.array(centre)) == pytest.approx(new)  # the centre's own place in its draws stays
    assert (np.diff(found) >= 0).all()
    if moves == "odds":
        assert ((found >= 0) & (found <= 1)).all()
    through = to(to(parameter, {"multiply": 0.5}), new)  # by whatever way it came there
    np.testing.assert_allclose(drawn(through), found, rtol=1e-9)
    np.testing.assert_array_equal(drawn(to(to(parameter, new), centre)), before)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(["relative", "absolute"]), st.floats(0.1, 5), st.floats(0.1, 5))
def test_relative_and_absolute_ranges_follow_by_themselves(scale: str, centre: float, new: float):
    middle = 1.0 if scale == "relative" else 0.0
    spread = {"distribution": "uniform", "low": middle - 0.3, "high": middle + 0.5, "scale": scale}
    found = drawn(to(one(centre, spread), new))
    deviation = middle - 0.3 + 0.8 * U
    expected = new * deviation if scale == "relative" else new + deviation
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_draws_follow_a_path_year_by_year():
    parameter = one(0.0, spread_around("uniform", -0.1, 0.0, 0.3), "per year")
    found = drawn(to(parameter, {2020: 0.0, 2040: 0.2}))
    np.testing.assert_allclose(found, [-0.1 + 0.4 * U, 0.1 - 0.1 + 0.4 * U], atol=1e-12)
    assert drawn(parameter).shape == (len(U),)


def test_draw_0_is_central_after_a_move_too():
    parameter = to(one(0.4, spread_around("uniform", 0.3, 0.4, 0.9), "per year"), {2020: 1.0, 2030: 2.0})
    block = Sampler({"a.b": parameter}, (2020, 2030), 1).block([0, 1, 2])["a.b"]
    assert block.sel(draw=0).values.tolist() == [1.0, 2.0]
    assert (block.sel(draw=1) != block.sel(draw=0)).all()


@pytest.mark.parametrize(
    ("unit", "centre", "low", "wanted"),
    [
        ("percent", 40, 30, "odds"),
        ("per 1000", 6, 5, "odds"),
        ("per year", 0.05, 0.02, "shift"),
        ("per year", -0.05, -0.08, "shift"),
        ("day", 8, 7, "relative"),
        ("ratio", 1.0, 0.8, "relative"),
        ("ratio", 0.4, 0.0, "relative"),
        ("ratio", 0.0, -0.1, "shift"),
        ("1", 0.0, 0.0, "shift"),
    ],
)
def test_the_unit_says_how_a_range_moves(unit: str, centre: float, low: float, wanted: str):
    spread = spread_around("uniform", low, centre, centre + 1)
    assert rule(one(centre, spread, unit).record) == wanted


@pytest.mark.parametrize(
    ("centre", "spread", "new", "text"),
    [
        (
            1.0,
            spread_around("uniform", 0.8, 1, 1.2),
            -1,
            r"a.b = -1: its range is stated around 1 and cannot",
        ),
        (0.0, spread_around("uniform", 0, 0, 1, moves="relative"), 1, "around 0 and cannot follow"),
        (1.0, spread_around("uniform", 0.5, 1, 1, moves="odds"), 0.5, "around 1 and cannot follow"),
        (0.5, spread_around("uniform", 0.2, 0.5, 0.7, moves="odds"), 1.5, "around 0.5 and cannot follow"),
    ],
)
def test_where_it_cannot_follow_the_remedy_is_a_range_of_its_own(centre, spread, new, text):
    with pytest.raises(ParameterError, match=rf"here \| .*{text}.*give it a range of its own.*exact: why"):
        to(one(centre, spread), new)
    own = {"distribution": "uniform", "low": new - 1, "high": new + 1, "scale": "value"}
    np.testing.assert_allclose(drawn(to(one(centre, spread), {"value": new, "range": own})), new - 1 + 2 * U)
    assert not to(one(centre, spread), {"value": new, "exact": "why"}).is_uncertain


def test_a_record_takes_over_the_range_in_its_own_unit():
    nation = one(40.0, spread_around("uniform", 30, 40, 50), "percent", 0.01)
    city = made("a.b", xr.DataArray(0.5), unit="per 1000", value=500.0)
    there = taken_over(city, nation)
    assert there.hash not in (city.hash, nation.hash)

    def odds(p: Any) -> Any:
        return p / (1 - p)

    before, after = drawn(nation), drawn(there)
    np.testing.assert_allclose(odds(after), odds(before) * odds(0.5) / odds(0.4), rtol=1e-9)
    sure = made("a.b", xr.DataArray(0.5), unit="percent", value=50.0, exact="counted")
    assert not taken_over(sure, nation).is_uncertain
    own = made(
        "a.b", xr.DataArray(0.5), unit="percent", value=50.0, range=spread_around("uniform", 45, 50, 55)
    )
    np.testing.assert_allclose(drawn(taken_over(own, nation)), 0.45 + 0.1 * U)
    by_year = made(
        "a.b",
        xr.DataArray([0.4, 0.5], {"year": [2020, 2025]}, ("year",)),
        unit="percent",
        path={2020: 40.0, 2025: 50.0},
    )
    with pytest.raises(
        ParameterError, match=r"a.b has no range, and that of p.yaml is one of a single number \| state"
    ):
        taken_over(by_year, nation)


def test_a_record_takes_over_when_it_is_read():
    stock = made("a.b", xr.DataArray(6.0), at="base")
    later = made(
        "a.b", xr.DataArray([6.0, 7.0], {"year": [2020, 2024]}, ("year",)), path={2020: 6.0, 2024: 7.0}
    )
    with pytest.raises(ParameterError, match=r"p.yaml \| a.b states years: it is read in the base year only"):
        taken_over(later, stock)
    assert taken_over(made("a.b", xr.DataArray(7.0)), stock).record.at == "base"
