"""An override that changes nothing changes nothing: no cell, no year, no draw, of any parameter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from laws.shipped import PLACES, own, parameters

from sim.errors import ParameterError
from sim.params import Parameter, Sampler, override, resolve
from sim.params.units import unit

FORMS: tuple[dict[str, Any], ...] = (
    {"multiply": 1},
    {"add": 0},
    {"multiply": {2020: 1, 2035: 1}},
    {"multiply": {2025: 1}},
    {"multiply": {1990: 1, 2012: 1, 2070: 1}},
    {"add": {2020: 0, 2030: 0}},
)
SPAN = range(1985, 2081)
WHOLE = ("national", "410100_zhengzhou", "410500_anyang")  # the others state the same kinds
LOCAL = (
    "fertility.tfr_ratio",
    "fertility.srb",
    "migration.level",
    "population.urban_share",
    "inpatient.alos",
)


def same(old: Parameter, new: Parameter) -> None:
    name = f"{old.name}: {new.changed}"
    if "year" not in old.data.dims:
        assert new.data.identical(old.data), name
    else:
        stated, refused = old.data.year.values, old.record.beyond == "error"
        years = range(stated[0], stated[-1] + 1) if refused else SPAN
        before, after = (resolve(p, years) for p in (old, new))
        np.testing.assert_array_equal(after.transpose(*before.dims).values, before.values, err_msg=name)
        for year in (years[0] - 1, years[-1] + 1) if refused else ():
            with pytest.raises(ParameterError, match=f"no value for {year}"):
                resolve(new, [year])
    if old.is_uncertain:
        u = np.array([0.1, 0.5, 0.9])
        years = range(2020, 2036)
        a, b = (Sampler({old.name: p}, years, 1).steered({old.name: u})[old.name] for p in (old, new))
        np.testing.assert_array_equal(b.transpose(*a.dims).values, a.values, err_msg=name)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("place", PLACES)
def test_factors_of_one_and_amounts_of_nothing(place: str, form: dict[str, Any]):
    for parameter in own(place):
        if place not in WHOLE and parameter.name not in LOCAL:
            continue
        new = override({parameter.name: parameter}, parameter.name, form, "here")[parameter.name]
        same(parameter, new)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_those_of_a_label_too(form: dict[str, Any]):
    for parameter in own("national"):
        for dim in parameter.record.dims:
            if dim == "year":
                continue  # a year is no label of a setting
            label = str(parameter.data[dim].values[-1])
            name = f"{parameter.name}.{label}"
            new = override({parameter.name: parameter}, name, form, "here")[parameter.name]
            same(parameter, new)
            spelt = override({parameter.name: parameter}, parameter.name, {label: form}, "here")
            same(parameter, spelt[parameter.name])


def test_the_number_that_stands_there_already():
    for parameter in own("national"):
        if parameter.data.ndim == 0:
            value = parameter.record.value
            new = override({parameter.name: parameter}, parameter.name, value, "here")[parameter.name]
            same(parameter, new)
        elif parameter.record.path is not None and parameter.record.beyond == "hold":
            given = dict(parameter.record.path)
            new = override({parameter.name: parameter}, parameter.name, given, "here")[parameter.name]
            same(parameter, new)


@pytest.mark.parametrize("place", ["national", "410500_anyang"])
def test_a_path_of_what_has_no_years_is_refused_by_name(place: str):
    """Rates of the base year, and what stands for all years: twice their number."""
    own = "at_year"  # a table of counted years has its own: a path gives some of them anew
    found = [
        p for p in parameters(place).values() if p.record.at in ("base", "always") and own not in p.data.dims
    ]
    assert {p.record.at for p in found} == {"base", "always"}
    for parameter in found:
        value = float(parameter.data.max()) / unit(parameter.record.unit).factor
        for form in (
            {2020: value, 2024: value / 2},
            {2024: value},
            {"multiply": {2020: 1, 2024: 0.5}} if value else {"add": {2020: 0, 2024: 0.01}},
            {"value": {2024: value}, "exact": "counted"},
        ):
            with pytest.raises(ParameterError, match=rf"{parameter.name} = .*(base year only|all years)"):
                override({parameter.name: parameter}, parameter.name, form, "--set")


@pytest.mark.parametrize("place", ["national", "410500_anyang"])
def test_a_stock_takes_its_counts_by_year_and_says_which_is_the_newest(place: str):
    found = {p.name: p for p in parameters(place).values() if p.record.at == "known"}
    assert set(found) >= {n for n in parameters(place) if n.endswith("_base")}
    for name, parameter in found.items():
        value = float(parameter.data.max()) / unit(parameter.record.unit).factor
        counts = {2020: value, 2024: 0.9 * value}
        path = resolve(override({name: parameter}, name, counts, "--set")[name], range(2020, 2031))
        assert int(path.known_to) == 2024
        assert path.sel(year=2024).item() == pytest.approx(0.9 * float(parameter.data.max()))
        assert path.sel(year=2022).item() == pytest.approx(0.95 * float(parameter.data.max()))
        assert resolve(parameter, range(2020, 2031)).equals(parameter.data)
