"""Parameters by year: between and beyond what is stated, and changes that act on every year."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from params.test_override import made
from sampling import examples

from sim.errors import ParameterError
from sim.params import Parameter, override, resolve

AROUND = range(2016, 2027)


def path(points: dict[int, float], **fields: Any) -> Parameter:
    years = sorted(points)
    data = xr.DataArray([points[y] for y in years], {"year": years}, ("year",))
    return made("a.b", data, unit="1", path=points, **fields)


def to(parameter: Parameter, value: Any) -> Parameter:
    return override({"a.b": parameter}, "a.b", value, "here")["a.b"]


def at(parameter: Parameter, years: Any = AROUND) -> list[float]:
    return [round(v, 12) for v in resolve(parameter, years).values.tolist()]


@pytest.mark.parametrize(
    ("between", "inside"), [("linear", [1.0, 2.0, 3.0, 4.0, 5.0]), ("step", [1.0, 1.0, 1.0, 1.0, 5.0])]
)
def test_hold_holds_on_both_sides(between: str, inside: list[float]):
    parameter = path({2019: 1.0, 2023: 5.0}, between=between, beyond="hold")
    assert at(parameter) == [1.0] * 3 + inside + [5.0] * 3
    single = path({2019: 3.0}, between=between, beyond="hold")
    assert at(single) == [3.0] * len(AROUND)


def test_trend_goes_on_on_both_sides():
    assert at(path({2019: 1.0, 2023: 5.0}, beyond="trend")) == [float(y - 2018) for y in AROUND]


@pytest.mark.parametrize("between", ["linear", "step"])
def test_error_refuses_both_sides(between: str):
    parameter = path({2019: 1.0, 2023: 5.0}, between=between)
    for year in (2018, 2024):
        with pytest.raises(ParameterError, match=rf"no value for {year}; stated 2019..2023 \| add the year"):
            resolve(parameter, [2020, year])


@settings(max_examples=examples(60), deadline=None)
@given(
    st.dictionaries(st.integers(2018, 2024), st.floats(0.5, 2), min_size=1, max_size=4),
    st.dictionaries(st.integers(2014, 2028), st.floats(0.5, 2), min_size=1, max_size=4),
    st.sampled_from(["linear", "step"]),
    st.sampled_from(["hold", "trend", "error"]),
    st.sampled_from(["multiply", "add"]),
)
def test_a_path_of_changes_acts_on_every_year(points, change, between, beyond, operation):
    if between == "step" and beyond == "trend":
        return
    parameter = path(points, between=between, beyond=beyond)
    years = range(min(points), max(points) + 1) if beyond == "error" else range(2010, 2033)
    before = resolve(parameter, years).values
    ends = sorted(change)
    by = np.interp(list(years), ends, [change[y] for y in ends])
    expected = before * by if operation == "multiply" else before + by
    found = resolve(to(parameter, {operation: change}), years).values
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_whole_path_takes_the_place_of_the_old_one():
    """Linear between its years, held outside, whatever the old one did."""
    for fields in ({"beyond": "trend"}, {"between": "step", "beyond": "hold"}, {}):
        new = to(path({2018: 1.0, 2030: 9.0}, **fields), {2020: 2.0, 2022: 4.0})
        assert at(new) == [2.0] * 5 + [3.0] + [4.0] * 5


def test_a_path_for_one_label_leaves_the_others():
    data = xr.DataArray(
        [[1.0, 2.0], [3.0, 6.0]], {"sex": ["female", "male"], "year": [2018, 2022]}, ("sex", "year")
    )
    parameter = made("a.b", data, unit="1", dims=("sex",), table="t.csv", value=None, beyond="hold")
    new = override({"a.b": parameter}, "a.b.male", {2020: 8.0, 2024: 0.0}, "here")["a.b"]
    found = resolve(new, range(2017, 2026)).transpose("sex", "year").values
    assert found.tolist() == [
        [1.0, 1.0, 1.25, 1.5, 1.75, 2.0, 2.0, 2.0, 2.0],
        [8.0, 8.0, 8.0, 8.0, 6.0, 4.0, 2.0, 0.0, 0.0],
    ]


def test_a_step_has_no_trend():
    with pytest.raises(ValueError, match=r"between: step with beyond: trend \| a step has none: write hold"):
        path({2019: 1.0}, between="step", beyond="trend")
