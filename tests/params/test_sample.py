"""Distributions at known quantiles, and the laws of named streams."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.errors import ParameterError
from sim.params import Parameter, Record, Sampler
from sim.params.sample import _ar1, _sd_by_year, stream

YEARS = (2020, 2021, 2022, 2023)


def parameter(
    spread: dict[str, Any] | None,
    value: float = 10.0,
    name: str = "topic.key",
    data: xr.DataArray | None = None,
    unit: str = "day",
    **more: Any,
) -> Parameter:
    record = Record.model_validate(
        {
            "name": {"en": "a", "zh": "甲"},
            "unit": unit,
            "value": value,
            "year": 2020,
            "source": "s",
            "basis": "measured",
            "quality": "A",
            "range": spread,
            **more,
        }
    )
    array = xr.DataArray(value) if data is None else data
    return Parameter(name, record, array, Path("p.yaml"), "hash")


def at(spread: dict[str, Any], *u: float, value: float = 10.0) -> np.ndarray:
    """Values at these probabilities."""
    one = parameter(spread, value)
    sampler = Sampler({one.name: one}, YEARS, 1)
    return sampler.steered({one.name: np.array(u)})[one.name].values


Z = stats.norm.ppf(0.975)


@pytest.mark.parametrize(
    ("spread", "u", "expected"),
    [
        ({"distribution": "normal", "low": 0.9, "high": 1.1}, (0.025, 0.5, 0.975), (9, 10, 11)),
        ({"distribution": "lognormal", "low": 0.5, "high": 2.0}, (0.025, 0.5, 0.975), (5, 10, 20)),
        ({"distribution": "uniform", "low": 0.8, "high": 1.2}, (0, 0.25, 1), (8, 9, 12)),
        # triangular 0, mode 1, 2 (times 10): F(0.5) = 0.125
        ({"distribution": "triangular", "low": 0, "high": 2}, (0.125, 0.5, 0.875), (5, 10, 15)),
        # PERT with the mode in the middle is a beta(3, 3): median in the middle
        (
            {"distribution": "pert", "low": 0, "high": 2},
            (0.5, 0.9),
            (10, 20 * stats.beta.ppf(0.9, 3, 3)),
        ),
        (
            {"distribution": "empirical", "values": [9, 10, 13], "scale": "value"},
            (0, 0.25, 0.5, 1),
            (9, 9.5, 10, 13),
        ),
        (
            {
                "distribution": "discrete",
                "values": [0.9, 1.0, 1.3],
                "weights": [1, 2, 1],
            },
            (0.1, 0.24, 0.26, 0.74, 0.76),
            (9, 9, 10, 10, 13),
        ),
        ({"distribution": "uniform", "low": -1, "high": 3, "scale": "absolute"}, (0, 1), (9, 13)),
        ({"distribution": "uniform", "low": 9, "high": 12, "scale": "value"}, (0, 0.5), (9, 10.5)),
        (
            {"distribution": "normal", "low": 0.9, "high": 1.1, "level": 0.8},
            (0.1, 0.9),
            (9, 11),
        ),
    ],
)
def test_known_quantiles(spread: dict[str, Any], u: tuple[float, ...], expected: tuple[float, ...]):
    # steering keeps 1e-12 away from both ends
    np.testing.assert_allclose(at(spread, *u), expected, rtol=1e-6)


def test_beta_has_the_stated_mean_and_spread():
    spread = {"distribution": "beta", "low": 0.2, "high": 0.4, "scale": "value"}
    one = parameter(spread, 0.3, unit="1")
    values = Sampler({one.name: one}, YEARS, 1).block(range(20001))[one.name].values[1:]
    assert values.mean() == pytest.approx(0.3, abs=0.002)
    assert values.std() == pytest.approx(0.2 / (2 * Z), rel=0.02)
    assert ((values > 0) & (values < 1)).all()


def test_units_are_converted_with_the_range():
    one = parameter(
        {"distribution": "uniform", "low": 70, "high": 90, "scale": "value"},
        80.0,
        data=xr.DataArray(0.8),
        unit="percent",
    )
    drawn = Sampler({one.name: one}, YEARS, 1).steered({one.name: np.array([0.5])})
    assert drawn[one.name].item() == pytest.approx(0.8)


def test_draw_0_is_the_central_value():
    one = parameter({"distribution": "lognormal", "low": 0.5, "high": 3})
    assert Sampler({one.name: one}, YEARS, 1).block([0, 1])[one.name].values[0] == 10.0


def test_a_parameter_without_range_has_no_draws():
    fixed = parameter(None)
    assert Sampler({fixed.name: fixed}, YEARS, 1).block(range(5))[fixed.name].dims == ()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 5000), min_size=1, max_size=30, unique=True),
    st.integers(0, 2**31),
)
def test_a_draw_depends_on_seed_name_and_number_alone(numbers: list[int], seed: int):
    own = parameter({"distribution": "normal", "low": 0.9, "high": 1.1}, name="a.b")
    other = parameter({"distribution": "uniform", "low": 0.9, "high": 1.1}, name="a.other")
    alone = Sampler({"a.b": own}, YEARS, seed).block(numbers)["a.b"].values
    beside = Sampler({"a.other": other, "a.b": own}, YEARS[:2], seed).block(numbers[::-1])
    np.testing.assert_array_equal(beside["a.b"].values[::-1], alone)


def test_names_and_seeds_have_streams_of_their_own():
    numbers = np.arange(2000)
    a, b = stream(1, "a.b", numbers, 1)[:, 0], stream(1, "a.c", numbers, 1)[:, 0]
    c = stream(2, "a.b", numbers, 1)[:, 0]
    for other in (b, c):
        assert abs(np.corrcoef(a, other)[0, 1]) < 0.08
    assert a.mean() == pytest.approx(0, abs=0.08)
    assert a.std() == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize("rho", [0.6, -0.6])
def test_groups_move_together(rho: float):
    def member(name: str, own: float) -> Parameter:
        spread = {"distribution": "normal", "low": 0.9, "high": 1.1, "correlate": {"group": "g", "rho": own}}
        return parameter(spread, name=name)

    both = {"a.x": member("a.x", 0.6), "a.y": member("a.y", rho)}
    block = Sampler(both, YEARS, 3).block(range(1, 8001))
    found = np.corrcoef(block["a.x"].values, block["a.y"].values)[0, 1]
    assert found == pytest.approx(rho, abs=0.03)
    assert block["a.y"].values.std() == pytest.approx(10 * 0.1 / Z, rel=0.03)


def test_yearly_deviations_are_autocorrelated_and_keep_their_spread():
    spread = {"distribution": "ar1", "rho": 0.8, "sd": {2020: 0.0, 2023: 0.3}, "scale": "absolute"}
    one = parameter(spread)
    sampler = Sampler({one.name: one}, YEARS, 5)
    values = sampler.block(range(6001))[one.name]
    assert values.dims == ("year", "draw")
    assert (values.sel(draw=0) == 10).all()
    assert (values.sel(year=2020) == 10).all()
    np.testing.assert_allclose(
        values.isel(draw=slice(1, None)).std("draw"), [0, 0.1, 0.2, 0.3], rtol=0.04, atol=1e-12
    )
    later = values.sel(year=[2022, 2023]).values[:, 1:]
    assert np.corrcoef(later)[0, 1] == pytest.approx(0.8, abs=0.02)
    short = Sampler({one.name: one}, YEARS[2:], 5).block(range(50))[one.name]
    np.testing.assert_array_equal(short.values, values.sel(year=[2022, 2023]).values[:, :50])


def test_scenarios_share_their_draws():
    base = parameter({"distribution": "normal", "low": 0.9, "high": 1.1})
    higher = parameter({"distribution": "normal", "low": 0.9, "high": 1.1}, 20.0)
    a = Sampler({base.name: base}, YEARS, 1).block(range(9))[base.name]
    b = Sampler({base.name: higher}, YEARS, 1).block(range(9))[base.name]
    np.testing.assert_allclose(b, 2 * a)


def test_steering_is_central_where_asked():
    one = parameter({"distribution": "uniform", "low": 0.5, "high": 3})
    sampler = Sampler({one.name: one}, YEARS, 1)
    moved = sampler.steered({one.name: np.array([np.nan, 0.0, 1.0])})[one.name]
    np.testing.assert_allclose(moved, [10, 5, 30], rtol=1e-9)
    assert list(moved.draw.values) == [0, 1, 2]


def test_deviation_is_on_the_range_s_own_scale():
    one = parameter({"distribution": "uniform", "low": 0.5, "high": 1.5})
    sampler = Sampler({one.name: one}, YEARS, 1)
    factor = sampler.deviation(one.name, range(4))
    np.testing.assert_allclose(sampler.block(range(4))[one.name], 10 * factor)


def test_a_beta_that_cannot_be_is_refused():
    spread = {"distribution": "beta", "low": 0, "high": 1, "scale": "value"}
    with pytest.raises(ParameterError, match=r"no beta has mean 0.001.*narrow the range"):
        at(spread, 0.5, value=0.001)


def test_years_outside_the_stated_ones():
    data = xr.DataArray([1.0, 3.0], {"year": [2020, 2022]}, ("year",))
    form = {"path": {2020: 1.0, 2022: 3.0}, "value": None}
    held = parameter(None, data=data, beyond="hold", **form)
    trend = parameter(None, data=data, beyond="trend", **form)
    step = parameter(None, data=data, beyond="hold", between="step", **form)
    found = {
        key: Sampler({"x": p}, YEARS, 1).block([0])["x"].values.tolist()
        for key, p in {"held": held, "trend": trend, "step": step}.items()
    }
    assert found == {"held": [1, 2, 3, 3], "trend": [1, 2, 3, 4], "step": [1, 1, 3, 3]}
    with pytest.raises(ParameterError, match=r"no value for 2023; stated 2020..2022.*beyond: hold"):
        Sampler({"x": parameter(None, data=data, **form)}, YEARS, 1)


AR1 = {"distribution": "ar1", "rho": 0.8, "sd": 0.3, "scale": "absolute"}


@given(st.integers(0, 2**31), st.lists(st.integers(1, 3000), min_size=1, max_size=5))
def test_a_path_is_the_autoregression_of_its_own_stream(seed: int, numbers: list[int]):
    """x(2000) = e(2000), x(t) = rho x(t-1) + sqrt(1 - rho^2) e(t): one shock for each of 2000-2150."""
    one = parameter(AR1)
    shocks = stream(seed, one.name, np.asarray(numbers), 151)
    want = shocks[:, 0]
    for t in range(1, YEARS[0] - 2000 + 1):
        want = 0.8 * want + 0.6 * shocks[:, t]
    drawn = Sampler({one.name: one}, YEARS, seed).block(numbers)[one.name]
    np.testing.assert_allclose(drawn.sel(year=YEARS[0]).values, 10 + 0.3 * want, rtol=1e-12)


@given(st.lists(st.floats(0.001, 0.999), min_size=2, max_size=9))
def test_a_steered_path_lies_at_its_quantile_in_every_year(u: list[float]):
    values = at(AR1, *u)
    np.testing.assert_allclose(values, np.broadcast_to(10 + 0.3 * stats.norm.ppf(u), values.shape), rtol=1e-9)


@pytest.mark.parametrize("spread", [AR1, {"distribution": "normal", "low": 9, "high": 11, "scale": "value"}])
def test_no_probability_is_farther_out_than_one_in_a_million_million(spread: dict[str, Any]):
    """Of 0 and 1 the values are those of 1e-12 from the end: finite, and where they are said to be."""
    ends = stats.norm.ppf(1e-12), stats.norm.isf(1e-12)
    sd = 0.3 if spread is AR1 else 1 / Z
    values = np.atleast_2d(at(spread, 0.0, 1e-13, 1.0))
    np.testing.assert_allclose(
        values, np.broadcast_to(10 + sd * np.array([*ends[:1], *ends]), values.shape), rtol=1e-5
    )


def test_ranges_taken_together_are_the_ranges_taken_alone():
    """Several PERT ranges at once, beside others, of draws of one chunk of a stream and of several."""
    pert = {"distribution": "pert", "low": 0.5, "high": 3.0}
    named = {n: parameter(pert, v, name=n) for n, v in (("a.x", 10.0), ("a.y", 3.0), ("a.z", 1.0))}
    named["a.n"] = parameter({"distribution": "normal", "low": 0.9, "high": 1.1}, name="a.n")
    for numbers in ([1], [0, 5, 9], [1023, 1024, 4000], []):
        together = Sampler(named, YEARS, 4).block(numbers)
        for name, one in named.items():
            alone = Sampler({name: one}, YEARS, 4).block(numbers)[name]
            np.testing.assert_array_equal(together[name], alone)
            assert together[name].shape == (len(numbers),)


# formulas of the draws, written out


def made(
    spread: dict[str, Any], data: xr.DataArray | None = None, unit: str = "day", **more: Any
) -> Parameter:
    return parameter(spread, 10.0, data=data, unit=unit, **more)


@pytest.mark.parametrize("scale", ["relative", "absolute"])
@pytest.mark.parametrize("dims", [(), ("age",), ("year",), ("age", "year"), ("year", "age")])
@pytest.mark.parametrize("moves", [False, True])
def test_a_draw_moves_each_cell_by_its_own_deviation(scale: str, dims: tuple[str, ...], moves: bool):
    """A factor or a term of each draw, or of each year and draw, whatever order the parameter's dims have."""
    spread: dict[str, Any] = {"distribution": "normal", "low": 0.8, "high": 1.2, "scale": scale}
    if moves:
        spread = {"distribution": "ar1", "sd": 0.1, "rho": 0.7, "scale": scale}
    coords = {"age": [0, 1, 2], "year": list(YEARS)}
    shape = tuple(len(coords[d]) for d in dims)
    data = xr.DataArray(
        np.arange(5.0, 5.0 + np.prod(shape, dtype=int)).reshape(shape), {d: coords[d] for d in dims}, dims
    )
    one = made(spread, data if dims else xr.DataArray(10.0))
    sampler = Sampler({one.name: one}, YEARS, 1)
    numbers = [0, 3, 1]
    by = sampler.deviation(one.name, numbers)
    found = sampler.block(numbers)[one.name]
    assert by.dims == (("year", "draw") if moves else ("draw",))
    want = data * by if scale == "relative" else data + by
    if not dims:
        want = 10.0 * by if scale == "relative" else 10.0 + by
    np.testing.assert_allclose(found.transpose(*want.dims), want, rtol=1e-12)
    assert list(found.draw.values) == numbers
    assert found.dims[-1] == "draw"
    assert "year" not in found.dims or found.dims[0] == "year"
    np.testing.assert_allclose(
        found.isel(draw=0, drop=True).transpose(*want.dims[:-1]), want.isel(draw=0, drop=True)
    )


def test_a_group_shares_its_part_and_keeps_its_sign():
    """Score = sign(rho) sqrt|rho| shared + sqrt(1 - |rho|) own."""
    numbers = np.arange(1, 9)
    for rho in (0.64, -0.36):
        one = made(
            {"distribution": "normal", "low": 0.9, "high": 1.1, "correlate": {"group": "g", "rho": rho}}
        )
        sampler = Sampler({one.name: one}, YEARS, 5)
        own, shared = (stream(5, name, numbers, 1)[:, 0] for name in (one.name, "group:g"))
        z = np.sign(rho) * np.sqrt(abs(rho)) * shared + np.sqrt(1 - abs(rho)) * own
        np.testing.assert_allclose(sampler._normals(one.name, numbers, None), z, rtol=1e-12)


def test_an_absolute_deviation_is_in_the_model_s_unit_and_a_spread_by_year_is_straight_between():
    percent = made(
        {"distribution": "ar1", "sd": {2020: 1.0, 2022: 3.0}, "rho": 0.5, "scale": "absolute"}, unit="percent"
    )
    years = (2019, 2020, 2021, 2022, 2023)
    assert percent.record.range is not None
    np.testing.assert_allclose(
        _sd_by_year(percent, percent.record.range, years), [0.01, 0.01, 0.02, 0.03, 0.03]
    )
    flat = made({"distribution": "ar1", "sd": 2.0, "rho": 0.5, "scale": "absolute"}, unit="percent")
    assert flat.record.range is not None
    np.testing.assert_allclose(_sd_by_year(flat, flat.record.range, years), 0.02)
    factor = made({"distribution": "ar1", "sd": 0.2, "rho": 0.5, "scale": "relative"}, unit="percent")
    assert factor.record.range is not None
    np.testing.assert_allclose(_sd_by_year(factor, factor.record.range, years), 0.2)


@given(st.floats(0.0, 0.95), st.integers(2000, 2040))
def test_a_path_starts_in_2000_and_forgets_by_rho(rho: float, year: int):
    shocks = np.random.default_rng(1).standard_normal((3, 45))
    z = shocks[:, 0]
    for t in range(1, year - 2000 + 1):
        z = rho * z + np.sqrt(1 - rho**2) * shocks[:, t]
    np.testing.assert_allclose(_ar1(shocks, rho, [2000, year])[1], z, rtol=1e-12)


def test_draws_of_several_chunks_stand_where_their_numbers_do():
    numbers = np.array([3000, 0, 1023, 1024, 5])
    found = stream(7, "x", numbers, 2)
    for i, n in enumerate(numbers):
        np.testing.assert_array_equal(found[i], stream(7, "x", np.array([n]), 2)[0])
    assert stream(7, "x", np.array([], int), 2).shape == (0, 2)


def test_a_run_of_a_sweep_is_central_only_where_it_is_asked_to_be():
    one = made({"distribution": "normal", "low": 0.9, "high": 1.1, "scale": "relative"})
    other = parameter({"distribution": "uniform", "low": 1.0, "high": 3.0, "scale": "relative"}, name="b.c")
    sampler = Sampler({p.name: p for p in (one, other)}, YEARS, 1)
    found = sampler.steered(
        {one.name: np.array([np.nan, 0.5, 0.975]), other.name: np.array([0.25, np.nan, 1.0])}
    )
    np.testing.assert_allclose(found[one.name], [10.0, 10.0, 11.0], rtol=1e-6)
    np.testing.assert_allclose(found[other.name], [15.0, 10.0, 30.0], rtol=1e-6)  # central is the value's own
    assert list(found[one.name].draw.values) == [0, 1, 2]
    assert sampler.steered({}).keys() == {one.name, other.name}
