from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from place import place

from sim.errors import ParameterError
from sim.params import Parameter, Record, conflicts, override, resolve

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


def test_labels_in_a_mapping_each_with_a_form_of_its_own(parameters: dict[str, Parameter]):
    found = changed(parameters, "inpatient.alos", {"tertiary": 10, "primary": {"multiply": 0.5}})
    assert found.values.tolist() == [10.0, 8.0, 3.0]
    by_year = changed(parameters, "inpatient.alos", {"secondary": {2020: 8, 2022: 6}, "primary": 5})
    assert by_year.transpose("level", "year").values.tolist() == [[9.0] * 3, [8.0, 7.0, 6.0], [5.0] * 3]


def test_years_may_be_text_as_a_saved_run_keeps_them(parameters: dict[str, Parameter]):
    for form in ({"2020": 80, "2030": 90}, {2020: 80, 2030: 90}):
        new = override(parameters, "inpatient.occupancy", form, "here")["inpatient.occupancy"]
        assert new.data.year.values.tolist() == [2020, 2030]
        assert (
            new.hash
            == override(parameters, "inpatient.occupancy", {2020: 80, 2030: 90}, "here")[
                "inpatient.occupancy"
            ].hash
        )


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
        ("inpatient.alos", float("inf"), "a finite number is wanted"),
        ("inpatient.alos", {2020: True}, r"inpatient.alos, 2020: True \| a number is wanted"),
        ("inpatient.alos", {2020: "8"}, r"inpatient.alos, 2020: '8' \| a number is wanted"),
        ("inpatient.alos", {2020.5: 8}, r"write a number, \{year: number\}"),
        ("inpatient.alos", {20200: 8}, r"write a number, \{year: number\}"),
        ("inpatient.alos", {True: 8}, r"write a number, \{year: number\}"),
        ("inpatient.alos", {"tertiary": 8, 2020: 7}, r"write a number, \{year: number\}"),
        ("inpatient.alos", {"tertiary": "yes"}, "= 'yes' .* a number or {year: number} is wanted"),
        ("inpatient.alos", "1e", "= '1e' .* a number or {year: number} is wanted"),
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


def test_a_label_of_a_table_by_year_is_never_a_year():
    """Death rates state their years as a dim: an age is found beside it, and a year is a path."""
    parameters = {"mortality.mx": place("410500")["mortality.mx"]}
    old = parameters["mortality.mx"].data
    new = override(parameters, "mortality.mx.60", {"multiply": 1.1}, "x")["mortality.mx"].data
    np.testing.assert_allclose(new.sel(age=60), 1.1 * old.sel(age=60))
    np.testing.assert_array_equal(new.sel(age=61), old.sel(age=61))
    settings = [("o", "mortality.mx.female", {"multiply": 1.1}), ("o", "mortality.mx.60", {"multiply": 1.1})]
    (fault,) = conflicts(parameters, settings, "x")
    assert "sets mortality.mx.female.60 twice" in fault
    with pytest.raises(ParameterError, match="has no '2020'"):
        override(parameters, "mortality.mx.2020", 0.1, "x")


@pytest.mark.parametrize(
    ("value", "wrong", "near"),
    [
        ({"tertary": 80}, "tertary", "tertiary"),
        ({"tertiary": 80, "secondry": 70}, "secondry", "secondary"),
        ({"tertiary": 80, "2": 70}, "2", "known:"),
    ],
)
def test_a_misspelt_label_in_a_mapping_is_told_with_the_nearest(
    value: dict[str, float], wrong: str, near: str
):
    with pytest.raises(ParameterError, match=rf"occupancy_target: no label '{wrong}' \| .*{near}"):
        override(place("000000"), "inpatient.occupancy_target", value, "--set")


def test_a_misspelt_form_is_no_label():
    with pytest.raises(ParameterError, match=r"write a number, \{year: number\}"):
        override(place("000000"), "inpatient.occupancy_target", {"multipl": 2}, "--set")
