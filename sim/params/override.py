"""Overrides: a scenario or `--set` gives a parameter other values; old -> new is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from sim.errors import ParameterError, fault
from sim.params.checks import value_fault
from sim.params.record import Parameter
from sim.params.units import unit
from sim.textfile import did_you_mean

_OPERATIONS = ("multiply", "add")
_FORMS = "write a number, {year: number}, or one of {multiply: ...} and {add: ...}"


def override(parameters: Mapping[str, Parameter], name: str, value: Any, place: str) -> dict[str, Parameter]:
    """A copy of `parameters` with one of them changed; values are in its file's unit.

    name: dotted name, optionally followed by coordinate labels (`inpatient.alos.tertiary`).
    value: a number, a method's name, {year: number}, or {multiply|add: number or {year: number}}.
    Raises ParameterError for an unknown name, label or method and for a value of the wrong form.
    """
    key, labels = _split(parameters, name, place)
    old = parameters[key]
    if old.is_method:
        data: xr.DataArray = _method(old, value, place)
    else:
        data = _numbers(old, labels, value, place)
        if not np.isfinite(data.values).all():
            raise ParameterError(fault(place, f"{name} = {value}", "a finite number is wanted"))
        wrong = value_fault(old, data)
        if wrong:
            raise ParameterError(fault(place, f"{name} = {json.dumps(value)} gives {wrong}"))
    digest = hashlib.sha256(f"{old.hash}{name}{json.dumps(value, sort_keys=True)}".encode())
    changed = f"{name}: {_show(old.data, old)} -> {json.dumps(value)} ({place})"
    record = old.record
    if "year" in data.dims and "year" not in old.data.dims:
        record = record.model_copy(update={"beyond": "hold"})
    new = replace(old, data=data, hash=digest.hexdigest(), changed=changed, record=record)
    return {**parameters, key: new}


def _split(parameters: Mapping[str, Parameter], name: str, place: str) -> tuple[str, list[str]]:
    parts = name.split(".")
    for cut in range(len(parts), 1, -1):
        key = ".".join(parts[:cut])
        if key in parameters:
            return key, parts[cut:]
    remedy = did_you_mean(name, list(parameters))
    raise ParameterError(fault(place, f"no parameter '{name}'", remedy))


def _method(old: Parameter, value: Any, place: str) -> xr.DataArray:
    choices = old.record.choices or ()
    if value not in choices:
        wrong = f"{old.name}: no method '{value}'"
        raise ParameterError(fault(place, wrong, did_you_mean(str(value), choices)))
    return xr.DataArray(str(value))


def _numbers(old: Parameter, labels: list[str], value: Any, place: str) -> xr.DataArray:
    factor = unit(old.record.unit).factor
    if isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in _OPERATIONS:
        operation, amount = next(iter(value.items()))
        change = _as_array(amount, f"{old.name} {operation}", place)
        data = _on_years(old.data, change)
        change = change if operation == "multiply" else change * factor
        mask = _mask(old, data, labels, place)
        moved = data * change if operation == "multiply" else data + change
        return moved.where(mask, data).transpose(*data.dims)
    new = _as_array(value, old.name, place) * factor
    data = _on_years(old.data, new, keep=bool(labels))
    mask = _mask(old, data, labels, place)
    return (xr.zeros_like(data) + new).where(mask, data).transpose(*data.dims)


def _as_array(value: Any, name: str, place: str) -> xr.DataArray:
    if isinstance(value, bool) or not isinstance(value, int | float | Mapping):
        wrong = f"{name} = {value!r}"
        raise ParameterError(fault(place, wrong, "a number or {year: number} is wanted"))
    if not isinstance(value, Mapping):
        return xr.DataArray(float(value))
    if not value:
        raise ParameterError(fault(place, f"{name} = {{}}", "give a number or {year: number}"))
    try:
        points = {int(year): float(v) for year, v in value.items()}
    except (TypeError, ValueError):
        wrong = f"{name} = {value!r}"
        raise ParameterError(fault(place, wrong, _FORMS)) from None
    years = sorted(points)
    return xr.DataArray([points[y] for y in years], {"year": years}, ("year",))


def _on_years(data: xr.DataArray, change: xr.DataArray, *, keep: bool = True) -> xr.DataArray:
    """`data` on the years of `change` too, so that a path can act on it."""
    if "year" not in change.dims:
        return data
    if "year" not in data.dims:
        return data.expand_dims(year=change.year.values).copy()
    if not keep:
        return data.isel(year=[0] * change.sizes["year"]).assign_coords(year=change.year.values)
    return data.interp(year=change.year.values, kwargs={"fill_value": "extrapolate"})


def _mask(old: Parameter, data: xr.DataArray, labels: list[str], place: str) -> xr.DataArray:
    mask = xr.ones_like(data, dtype=bool)
    free = [d for d in old.record.dims]
    for label in labels:
        for dim in free:
            known = [str(v) for v in data[dim].values]
            if label in known:
                index = data[dim].values[known.index(label)]
                mask = mask & (data[dim] == index)
                free.remove(dim)
                break
        else:
            every = [str(v) for d in old.record.dims for v in data[d].values]
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
