"""Two settings of one cell are refused, however they are spelt; of different cells they are not."""

from __future__ import annotations

from typing import Any

import pytest
import xarray as xr
from params.test_override import LEVELS, made

from sim.params import conflicts

PARAMETERS = {
    "inpatient.alos": made(
        "inpatient.alos",
        xr.DataArray([9.0, 8.0, 6.0], {"level": LEVELS}, ("level",)),
        dims=("level",),
        values={"tertiary": 9.0},
        value=None,
    ),
    "a.table": made(
        "a.table",
        xr.DataArray(
            [[1.0, 2.0], [3.0, 4.0]], {"sex": ["female", "male"], "kind": ["x", "y"]}, ("sex", "kind")
        ),
        dims=("sex", "kind"),
        values={"female": {}},
        value=None,
    ),
    "a.b": made("a.b", xr.DataArray(1.0)),
    "a.way": made("a.way", xr.DataArray("x"), kind="method", choices=("x", "y"), value="x"),
}


def found(*settings: tuple[str, str, Any]) -> list[str]:
    return conflicts(PARAMETERS, settings, "here")


@pytest.mark.parametrize(
    ("first", "second", "cells"),
    [
        (("inpatient.alos", 8), ("inpatient.alos.tertiary", 9), "inpatient.alos.tertiary"),
        (("inpatient.alos.tertiary", 9), ("inpatient.alos", {2020: 8, 2030: 7}), "inpatient.alos.tertiary"),
        (("inpatient.alos.tertiary", 9), ("inpatient.alos", {"tertiary": 8}), "inpatient.alos.tertiary"),
        (
            ("inpatient.alos", {"tertiary": 9, "primary": 6}),
            ("inpatient.alos", {"primary": 7, "secondary": 8}),
            "inpatient.alos.primary",
        ),
        (("inpatient.alos", {"multiply": 2}), ("inpatient.alos", {"add": 1}), "inpatient.alos"),
        (("inpatient.alos", {"value": 9, "exact": "so"}), ("inpatient.alos", 9), "inpatient.alos"),
        (("a.table.female", 1), ("a.table.x", 1), "a.table.female.x"),
        (("a.table.female.x", 1), ("a.table.x.female", 1), "a.table.female.x"),
        (("a.table", {"female": {"x": 1}}), ("a.table.x", 1), "a.table.female.x"),
        (("a.b", 1), ("a.b", {"value": 2}), "a.b"),
        (("a.way", "x"), ("a.way", "y"), "a.way"),
    ],
)
def test_one_cell_is_set_once(first: tuple[str, Any], second: tuple[str, Any], cells: str):
    for one, two in ((first, second), (second, first)):
        (fault,) = found(("p", *one), ("q", *two))
        assert fault.startswith(f"here | 'p' and 'q' both set {cells} (")
        assert fault.endswith("leave each cell to one of them")
        (again,) = found(("--set", *one), ("--set", *two))
        assert again.startswith(f"here | '--set' sets {cells} twice")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("inpatient.alos.tertiary", 8), ("inpatient.alos.primary", 9)),
        (("inpatient.alos.tertiary", 8), ("inpatient.alos", {"primary": 9, "secondary": 8})),
        (("a.table.female", 8), ("a.table.male.x", 8)),
        (("a.b", 1), ("a.way", "x")),
        (("a.c", 1), ("a.c", 1)),  # no such parameter: refused elsewhere
        (("inpatient.alos.tertary", 1), ("inpatient.alos.tertary", 1)),
    ],
)
def test_different_cells_may_be_set_by_different_ones(first: tuple[str, Any], second: tuple[str, Any]):
    assert found(("p", *first), ("q", *second)) == []
