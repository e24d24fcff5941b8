"""Overrides: a scenario or `--set` gives a parameter other values; old -> new is kept.

The range goes with the values (see follow.py), unless the override states one of its own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import xarray as xr

from sim.errors import ParameterError, fault, raise_all
from sim.params import follow
from sim.params.checks import outside, value_fault
from sim.params.paths import apart, combined
from sim.params.record import Parameter, Range
from sim.params.units import unit
from sim.textfile import did_you_mean
from sim.validated import validated

_OPERATIONS = ("multiply", "add")
_PER_1000, _PEOPLE = "add_per_1000", "population.base"
_FORMS = "write a number, {year: number}, or one of {multiply: ...}, {add: ...} and {label: ...}"
_OWN = ("range", "exact")


def override(
    parameters: Mapping[str, Parameter], name: str, value: Any, place: str, *, by: str = ""
) -> dict[str, Parameter]:
    """A copy of `parameters` with one of them changed; values are in its file's unit.

    name: dotted name, optionally followed by coordinate labels (`inpatient.alos.tertiary`).
    value: a number, a method's name, {year: number}, {multiply|add: number or {year: number}},
    {label: any of these}; or {value|multiply|add: one of these, range: as in a parameter file}
    with a range of its own, or `exact: reason` for none; or {add_per_1000: number or {year: number}}, for
    every thousand residents of the base year.  Without either the old range follows.
    place: where it stands, for messages; by: the same as `changed` tells it, without the folder of a file,
    so that a copied experiment makes the same tables.
    Raises ParameterError for an unknown name, label or method, for a value of the wrong form, for
    one around which the range cannot lie, and for a path of what is read in the base year only.
    """
    key, labels = split_name(parameters, name, place)
    old = parameters[key]
    value = _of_people(parameters, value, place)
    if old.is_method:
        new = replace(old, data=_method(old, value, place))
    else:
        given, own = _own_range(old, labels, value, place)
        new = _with_values(old, labels, given, place)
        if "year" in new.data.dims and "year" not in old.data.dims and not apart(new.data):
            new = replace(new, data=new.data.isel(year=0, drop=True), record=old.record)
        _check_values(old, new, name, value, place)
        if own:
            new = _with_range(new, own, place)
        elif new.record.range is not None:
            follow.check(new, old, place)
    digest = hashlib.sha256(f"{old.hash}{name}{json.dumps(value, sort_keys=True)}".encode())
    changed = f"{name}: {_show(old.data, old)} -> {json.dumps(value)} ({by or place})"
    return {**parameters, key: replace(new, hash=digest.hexdigest(), changed=changed)}


def _of_people(parameters: Mapping[str, Parameter], value: Any, place: str) -> Any:
    """{add_per_1000: ...} as {add: ...} times the thousands of residents of the base year."""
    if not isinstance(value, Mapping) or _PER_1000 not in value:
        return value
    if _PEOPLE not in parameters:
        raise ParameterError(fault(place, f"{_PER_1000} without a base population", "write add"))
    if beside := sorted({*_OPERATIONS, "value"} & set(value)):
        wrong = f"{_PER_1000} beside {', '.join(beside)}"
        raise ParameterError(fault(place, wrong, "write one of them"))
    thousands = float(parameters[_PEOPLE].data.sum()) / 1000.0
    rate = value[_PER_1000]
    rates = rate.values() if isinstance(rate, Mapping) else (rate,)
    if not all(isinstance(r, int | float) and not isinstance(r, bool) for r in rates):
        raise ParameterError(fault(place, f"{_PER_1000}: {rate!r}", "write a number or {year: number}"))
    if isinstance(rate, Mapping):
        scaled: Any = {year: r * thousands for year, r in rate.items()}
    else:
        scaled = rate * thousands
    return {"add": scaled} | {key: v for key, v in value.items() if key != _PER_1000}


def split_name(parameters: Mapping[str, Parameter], name: str, place: str) -> tuple[str, list[str]]:
    """The parameter that a dotted name means, and the coordinate labels behind it.

    Raises ParameterError for an unknown one, with the nearest.
    """
    parts = name.split(".")
    for cut in range(len(parts), 1, -1):
        key = ".".join(parts[:cut])
        if key in parameters:
            return key, parts[cut:]
    remedy = did_you_mean(name, list(parameters))
    raise ParameterError(fault(place, f"no parameter '{name}'", remedy))


def by_label(old: Parameter, value: Any) -> bool:
    """Whether a value is {label: ...}: its keys are labels of the parameter, none is a year."""
    if not isinstance(value, Mapping) or not value:
        return False
    dims = _labelled(old)
    known = {str(label) for dim in dims for label in old.data[dim].values}
    return all(str(key) in known for key in value)


def _check_labels(old: Parameter, value: Any, place: str) -> None:
    """Refuse {label: ...} with a key that is nearly a label, or stands beside one."""
    if not isinstance(value, Mapping):
        return
    known = [str(label) for dim in _labelled(old) for label in old.data[dim].values]
    keys = [str(key) for key in value if not _is_year(key) and str(key) not in _OPERATIONS]
    among = any(key in known for key in keys)
    for key in keys:
        remedy = did_you_mean(key, known) if known else ""
        if key not in known and (among or remedy.startswith("did you mean")):
            raise ParameterError(fault(place, f"{old.name}: no label '{key}'", remedy))


def _labelled(old: Parameter) -> list[str]:
    """Dims whose labels a setting may name: not the year, and none before a place makes its numbers."""
    return [dim for dim in old.record.dims if dim != "year" and dim in old.data.dims]


def cells(old: Parameter, labels: list[str], value: Any, place: str) -> xr.DataArray:
    """Which cells of a parameter a setting of these labels and this value sets.

    Raises ParameterError for a label that the parameter has not.
    """
    if isinstance(value, Mapping) and "value" in value:
        value = value["value"]
    data = old.data.isel(year=0, drop=True) if "year" in old.data.dims else old.data
    if not by_label(old, value):
        return _mask(old, data, labels, place)
    found = xr.zeros_like(data, dtype=bool)
    for label, part in value.items():
        found = found | cells(old, [*labels, str(label)], part, place)
    return found


def _method(old: Parameter, value: Any, place: str) -> xr.DataArray:
    choices = old.record.choices or ()
    if value not in choices:
        wrong = f"{old.name}: no method '{value}'"
        raise ParameterError(fault(place, wrong, did_you_mean(str(value), choices)))
    return xr.DataArray(str(value))


def _own_range(old: Parameter, labels: list[str], value: Any, place: str) -> tuple[Any, dict[str, Any]]:
    """The value without `range` or `exact`, and these."""
    if not isinstance(value, Mapping) or not ({"value", *_OWN} & set(value)) or by_label(old, value):
        return value, {}
    own = {k: v for k, v in value.items() if k in _OWN}
    rest = {k: v for k, v in value.items() if k not in _OWN}
    if len(own) > 1 or len(rest) != 1 or next(iter(rest)) not in ("value", *_OPERATIONS):
        wrong = f"{old.name} = {dict(value)!r}"
        remedy = "write one of value, multiply, add and at most one of range, exact"
        raise ParameterError(fault(place, wrong, remedy))
    if own and labels:
        wrong = f"{old.name}.{'.'.join(labels)}: a range belongs to all cells"
        raise ParameterError(fault(place, wrong, f"state it with {old.name}"))
    return (rest["value"] if "value" in rest else rest), own


def _with_values(old: Parameter, labels: list[str], value: Any, place: str) -> Parameter:
    """The parameter with other values in the cells of these labels."""
    if by_label(old, value):
        for label, part in value.items():
            old = _with_values(old, [*labels, str(label)], part, place)
        return old
    _check_labels(old, value, place)
    factor = unit(old.record.unit).factor
    operation: Literal["set", "multiply", "add"] = "set"
    amount = value
    if isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in _OPERATIONS:
        operation, amount = next(iter(value.items()))
    change = _as_array(amount, old.name if operation == "set" else f"{old.name} {operation}", place)
    if not np.isfinite(change.values).all():  # before arithmetic makes another of it
        wrong = f"{'.'.join([old.name, *labels])} = {value}"
        raise ParameterError(fault(place, wrong, "a finite number is wanted"))
    change = change if operation == "multiply" else change * factor
    mask = _mask(old, old.data, labels, place)
    if operation == "set" and not labels and "year" in change.dims:  # nothing of the old path is left
        data = (
            xr.zeros_like(old.data.isel(year=0, drop=True) if "year" in old.data.dims else old.data)
        ) + change
        record = old.record.model_copy(update={"beyond": "hold", "between": "linear"})
        return replace(old, data=data.transpose("year", ...), record=record)
    return combined(old, change, operation, mask)


def _check_values(old: Parameter, new: Parameter, name: str, value: Any, place: str) -> None:
    shown = f"{name} = {json.dumps(value)}"
    if not np.isfinite(new.data.values).all():
        raise ParameterError(fault(place, f"{name} = {value}", "a finite number is wanted"))
    if old.record.at in follow.UNDATED and ("year" in new.data.dims or _dated(old, value)):
        wrong, remedy = follow.UNDATED[old.record.at]
        raise ParameterError(fault(place, f"{shown}: {wrong}", remedy))
    wrong = value_fault(old, new.data)
    if wrong:
        raise ParameterError(fault(place, f"{shown} gives {wrong}"))


def _dated(old: Parameter, value: Any) -> bool:
    """Whether a value states figures of years, be it of one label."""
    if not isinstance(value, Mapping):
        return False
    if by_label(old, value):
        return any(_dated(old, part) for part in value.values())
    return _dated(old, value["value"]) if "value" in value else all(_is_year(key) for key in value)


def _with_range(new: Parameter, own: Mapping[str, Any], place: str) -> Parameter:
    """The parameter with a range of its own, stated around its new values, or with none."""
    if "exact" in own:
        if not isinstance(own["exact"], str) or not own["exact"].strip():
            raise ParameterError(fault(place, f"{new.name}: exact: {own['exact']!r}", "write the reason"))
        record = new.record.model_copy(update={"range": None, "exact": own["exact"]})
        return replace(new, record=record, stated=None)
    faults: list[str] = []
    spread = validated(Range, own["range"], place, faults, (new.name, "range"))
    raise_all(ParameterError, faults)
    assert spread is not None
    try:
        if spread.scale == "value":
            if new.data.ndim:
                raise ValueError("a range with scale value, but no single number | write relative")
            spread.check_centre(float(new.data) / unit(new.record.unit).factor)
        else:
            spread.check_centre(1.0 if spread.scale == "relative" else 0.0)
    except ValueError as error:
        raise ParameterError(fault(f"{place}: {new.name}.range", str(error))) from None
    new = replace(new, record=new.record.model_copy(update={"range": spread, "exact": None}))
    new = replace(new, stated=float(new.data) if spread.scale == "value" else None)
    ends = xr.DataArray(list(follow.reach(new, new.data)))
    wrong = outside(new.record.unit, ends, new.limits, guess=False, named=False)
    if wrong:
        raise ParameterError(fault(place, f"{new.name}: its range reaches {wrong}"))
    return new


def _as_array(value: Any, name: str, place: str) -> xr.DataArray:
    if not _is_number(value) and not isinstance(value, Mapping):
        wrong = f"{name} = {value!r}"
        raise ParameterError(fault(place, wrong, "a number or {year: number} is wanted"))
    if not isinstance(value, Mapping):
        return xr.DataArray(float(value))
    if not value:
        raise ParameterError(fault(place, f"{name} = {{}}", "give a number or {year: number}"))
    points: dict[int, float] = {}
    if len({type(year) for year in value}) > 1 and all(map(_is_year, value)):
        raise ParameterError(fault(place, f"{name} = {value!r}", "write all years without quotes"))
    for year, number in value.items():
        if not _is_year(year):
            raise ParameterError(fault(place, f"{name} = {value!r}", _FORMS))
        if not _is_number(number):
            raise ParameterError(fault(place, f"{name}, {year}: {number!r}", "a number is wanted"))
        points[int(year)] = float(number)
    years = sorted(points)
    return xr.DataArray([points[y] for y in years], {"year": years}, ("year",))


def _is_year(key: Any) -> bool:
    """A whole number of four digits; as text too, which is how run.json keeps the keys of a path."""
    return not isinstance(key, bool) and re.fullmatch("(19|20|21)[0-9]{2}", str(key)) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _mask(old: Parameter, data: xr.DataArray, labels: list[str], place: str) -> xr.DataArray:
    mask = xr.ones_like(data, dtype=bool)
    free = _labelled(old)
    for label in labels:
        for dim in free:
            known = [str(v) for v in data[dim].values]
            if label in known:
                index = data[dim].values[known.index(label)]
                mask = mask & (data[dim] == index)
                free.remove(dim)
                break
        else:
            every = [str(v) for d in _labelled(old) for v in data[d].values]
            wrong = f"{old.name} has no '{label}'"
            raise ParameterError(fault(place, wrong, did_you_mean(label, every)))
    return mask


def _show(data: xr.DataArray, parameter: Parameter) -> str:
    if parameter.is_method:
        return str(data.item())
    shown = data / unit(parameter.record.unit).factor
    if shown.size == 1:
        return f"{float(shown.item()):g}"
    return f"{float(shown.min()):g}..{float(shown.max()):g}"
