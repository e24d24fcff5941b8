"""The check that closes every stage, and the sums that a run keeps."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import SchemaError
from sim.schema import (
    AGE_GROUPS,
    AGES,
    LEVELS,
    RESOURCES,
    VARIABLES,
    age_groups,
    checked,
    person_years,
)


def tfr(values=((1.3, 1.4), (1.2, 1.3))) -> xr.DataArray:
    return xr.DataArray(np.array(values, float), {"year": [2020, 2021], "draw": [0, 1]}, ("year", "draw"))


def test_checked_sets_order_name_and_attributes():
    out = checked("tfr", tfr().transpose("draw", "year").rename("x"), "demography")
    assert out.dims == ("year", "draw")
    assert out.name == "tfr"
    assert out.attrs["units"] == "child per woman"
    assert out.attrs["long_name"] == "total fertility rate"
    assert float(out.sel(year=2020, draw=1)) == 1.4


def test_stocks_and_flows_say_when():
    when = {n: checked_attrs(n).get("cell_methods") for n in ("population", "deaths", "tfr")}
    assert when == {
        "population": "year: point (31 December)",
        "deaths": "year: sum",
        "tfr": None,
    }


def checked_attrs(name: str) -> dict[str, str]:
    variable = VARIABLES[name]
    array = xr.DataArray(np.ones([1] * len(variable.dims)), dims=variable.dims)
    return checked(name, array).attrs


def test_an_unknown_variable_is_refused():
    with pytest.raises(SchemaError, match=r"sim\.burden \| tfrr: no such variable .*\| add its"):
        checked("tfrr", tfr(), "burden")


@pytest.mark.parametrize(
    "array",
    [
        tfr().isel(draw=0, drop=True),
        tfr().expand_dims(sex=["female"]),
        tfr().rename(draw="drw"),
    ],
)
def test_missing_extra_and_misspelt_dims_are_refused(array: xr.DataArray):
    with pytest.raises(SchemaError, match=r"tfr: dims .*\| want \('year', 'draw'\)"):
        checked("tfr", array)


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        (np.nan, r"tfr: not finite at year=2021, draw=1"),
        (np.inf, r"tfr: not finite at year=2021, draw=1"),
        (-np.inf, r"tfr: not finite at year=2021, draw=1"),
        (-0.1, r"tfr: -0\.1 < 0 at year=2021, draw=1"),
        (12.5, r"tfr: 12\.5 > 12 at year=2021, draw=1"),
    ],
)
def test_values_out_of_bounds_are_refused_with_their_cell(value: float, wrong: str):
    array = tfr()
    array[{"year": 1, "draw": 1}] = value
    with pytest.raises(SchemaError, match=rf"sim\.demography \| {wrong}"):
        checked("tfr", array, "demography")


def test_both_bounds_are_told_at_once():
    with pytest.raises(SchemaError) as caught:
        checked("tfr", tfr(((-1, 1), (1, 13))))
    assert len(str(caught.value).splitlines()) == 2


def test_a_bound_itself_is_allowed():
    checked("tfr", tfr(((0, 12), (0, 12))))


def test_net_migration_may_be_negative_and_deaths_may_not():
    dims = VARIABLES["deaths"].dims
    minus = xr.DataArray(-np.ones((1, 1, 1, 1)), dims=dims)
    checked("net_migration", minus)
    with pytest.raises(SchemaError, match="deaths: -1 < 0 at year=0, sex=0, age=0, draw=0"):
        checked("deaths", minus)


def test_an_empty_array_is_refused():
    with pytest.raises(SchemaError, match="tfr: has no cells"):
        checked("tfr", tfr().isel(draw=slice(0, 0)))


def test_every_resource_has_its_three_sides():
    for name, resource in RESOURCES.items():
        for side in ("required", "available", "projected"):
            variable = VARIABLES[f"{name}_{side}"]
            assert variable.units == resource.units
            assert variable.dims[0] == "year"
            assert variable.dims[-1] == "draw"
            assert (resource.group_dim in variable.dims) == (resource.group_dim is not None)


def test_every_row_has_both_languages_and_draw_last():
    for variable in VARIABLES.values():
        assert variable.long_name
        assert any("\u4e00" <= c <= "\u9fff" for c in variable.long_name_zh), variable.name
        assert variable.dims[-1] == "draw" or variable.name == "population_central"


def test_person_years_by_hand():
    stock = xr.DataArray([[100.0], [110.0], [90.0]], dims=("year", "draw"))
    assert person_years(stock).values.ravel().tolist() == [100.0, 105.0, 100.0]


def test_age_groups_by_hand():
    """One person more at each age: 0..100 women, as many men; sums of arithmetic series."""
    ages = xr.DataArray(np.arange(101.0), {"age": list(AGES)}, ("age",))
    both = ages.expand_dims(sex=["female", "male"], draw=[0]).transpose("sex", "age", "draw")
    found = age_groups(both).sel(draw=0)
    assert found.dims == ("age_group",)
    want = {"total": 10100, "0-2": 6, "0-14": 210, "15-59": 3330, "60+": 6560, "65+": 5940}
    assert {g: float(found.sel(age_group=g)) for g in want} == want


@given(st.lists(st.floats(0, 1e6), min_size=101, max_size=101))
def test_age_groups_that_cover_all_ages_add_up(people: list[float]):
    array = xr.DataArray(np.array(people)[:, None], {"age": list(AGES)}, ("age", "draw"))
    group = dict(zip(AGE_GROUPS, age_groups(array).values[:, 0], strict=True))
    assert group["0-14"] + group["15-59"] + group["60+"] == pytest.approx(group["total"], rel=1e-9)
    assert group["0-15"] + group["16-59"] == pytest.approx(group["0-14"] + group["15-59"], rel=1e-9)
    assert group["80+"] <= group["65+"] <= group["60+"] <= group["total"]


def test_levels_are_the_three_of_the_health_system():
    assert LEVELS == ("tertiary", "secondary", "primary")
