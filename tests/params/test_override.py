from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ParameterError
from sim.params import Parameter, Record, override, resolve

LEVELS = ["tertiary", "secondary", "primary"]


def made(name: str, data: xr.DataArray, **fields: Any) -> Parameter:
    given_form = {"value": 1.0} if not {"value", "values", "path"} & set(fields) else {}
    record = Record.model_validate(
        {
            "name": {"en": "a", "zh": "甲"},
            "unit": "day",
            "year": 2020,
            "source": "s",
            "basis": "measured",
            "quality": "A",
            **given_form,
            **fields,
        }
    )
    return Parameter(name, record, data, Path("p.yaml"), "hash")


@pytest.fixture
def parameters() -> dict[str, Parameter]:
    alos = xr.DataArray([9.0, 8.0, 6.0], {"level": LEVELS}, ("level",))
    share = xr.DataArray(0.8)
    way = xr.DataArray("logit")
    return {
        "inpatient.alos": made("inpatient.alos", alos, dims=("level",), values={"tertiary": 9.0}, value=None),
        "inpatient.occupancy": made("inpatient.occupancy", share, unit="percent", value=80.0),
        "mortality.method": made(
            "mortality.method", way, kind="method", choices=("logit", "lee_carter"), value="logit"
        ),
    }


def changed(parameters: dict[str, Parameter], name: str, value: Any) -> xr.DataArray:
    key = ".".join(name.split(".")[:2])
    return override(parameters, name, value, "here")[key].data


def test_a_number_is_in_the_file_s_unit(parameters: dict[str, Parameter]):
    assert changed(parameters, "inpatient.occupancy", 75).item() == pytest.approx(0.75)
    moved = changed(parameters, "inpatient.occupancy", {"add": 5})
    assert moved.item() == pytest.approx(0.85)


def test_a_label_changes_its_cell_only(parameters: dict[str, Parameter]):
    found = changed(parameters, "inpatient.alos.secondary", {"multiply": 0.5})
    assert found.values.tolist() == [9.0, 4.0, 6.0]
    assert changed(parameters, "inpatient.alos", 7).values.tolist() == [7.0, 7.0, 7.0]


def test_a_path_holds_after_its_last_year(parameters: dict[str, Parameter]):
    given_path = {2020: 80, 2030: 90}
    new = override(parameters, "inpatient.occupancy", given_path, "here")["inpatient.occupancy"]
    values = resolve(new, (2020, 2025, 2030, 2035)).values
    assert values == pytest.approx([0.8, 0.85, 0.9, 0.9])


def test_the_change_is_kept_and_hashed(parameters: dict[str, Parameter]):
    old = parameters["inpatient.occupancy"]
    new = override(parameters, "inpatient.occupancy", 75, "exp.yaml")["inpatient.occupancy"]
    assert new.changed == "inpatient.occupancy: 80 -> 75 (exp.yaml)"
    assert new.hash != old.hash
    assert parameters["inpatient.occupancy"] is old  # a copy was changed


def test_a_method_by_name(parameters: dict[str, Parameter]):
    assert changed(parameters, "mortality.method", "lee_carter").item() == "lee_carter"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("inpatient.also", 1, r"here \| no parameter 'inpatient.also' \| did you mean"),
        ("inpatient.alos.tertary", 1, "has no 'tertary'.*did you mean 'tertiary'"),
        ("mortality.method", "logi", "no method 'logi'.*did you mean 'logit'"),
        ("inpatient.alos", "long", "a number or {year: number} is wanted"),
        ("inpatient.alos", True, "a number or {year: number} is wanted"),
        ("inpatient.alos", {"soon": 3}, r"write a number, \{year: number\}"),
        ("inpatient.alos", float("nan"), "a finite number is wanted"),
    ],
)
def test_refusals(parameters: dict[str, Parameter], name: str, value: Any, text: str):
    with pytest.raises(ParameterError, match=text):
        override(parameters, name, value, "here")


@given(st.floats(0.1, 10), st.floats(0.1, 10))
def test_factors_multiply(a: float, b: float):
    one = {"a.b": made("a.b", xr.DataArray(3.0))}
    twice = override(override(one, "a.b", {"multiply": a}, "x"), "a.b", {"multiply": b}, "x")
    assert twice["a.b"].data.item() == pytest.approx(3.0 * a * b)
