"""Paths by year: a parameter over the years of a run, and a change that acts on every one of them.

Between stated years a path is linear or a step; beyond them it is refused, held, or goes on as its
last stretch (`beyond: error | hold | trend`).  The product of two paths is neither, so that what
a change leads to is written down for every single year that either of them bends in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.errors import ParameterError, fault
from sim.labelled import made
from sim.params.record import Parameter

Operation = Literal["set", "multiply", "add"]
KNOWN_TO = "known_to"
"""Coordinate of a stock counted in several years (`at: known`): the year of the newest count."""


def resolve(parameter: Parameter, years: Sequence[int]) -> xr.DataArray:
    """Central values over exactly `years`; without dim year if the parameter does not move.

    Raises ParameterError for a year outside the stated ones, unless the file says how it goes on.
    """
    data = parameter.data
    if "year" not in data.dims:
        return data
    stated = data.year.values
    record = parameter.record
    if record.at == "known":
        counted = interpolated(data, np.asarray(years))
        return counted.assign_coords({KNOWN_TO: int(stated[-1])})
    outside = [y for y in years if y < stated[0] or y > stated[-1]]
    if outside and record.beyond == "error":
        wrong = f"{parameter.name}: no value for {outside[0]}; stated {stated[0]}..{stated[-1]}"
        remedy = "add the year, or state beyond: hold or trend"
        raise ParameterError(fault(str(parameter.file), wrong, remedy))
    wanted = np.asarray(years)
    if record.between == "step":
        index = np.clip(np.searchsorted(stated, wanted, side="right") - 1, 0, None)
        return data.isel(year=index).assign_coords(year=wanted)
    return interpolated(data, wanted, trend=record.beyond == "trend")


def interpolated(data: xr.DataArray, wanted: npt.NDArray[np.int_], *, trend: bool = False) -> xr.DataArray:
    """A path at other years: linear between its own, held beyond them or going on as it ends."""
    stated = data.year.values.astype(float)
    if len(stated) == 1:
        return data.isel(year=np.zeros(len(wanted), int)).assign_coords(year=wanted)
    at = wanted.astype(float) if trend else np.clip(wanted, stated[0], stated[-1])
    left = np.clip(np.searchsorted(stated, at, side="right") - 1, 0, len(stated) - 2)
    weight = (at - stated[left]) / (stated[left + 1] - stated[left])
    axis = data.dims.index("year")
    weight = weight.reshape([-1 if d == "year" else 1 for d in data.dims])
    lower, upper = (data.values.take(i, axis) for i in (left, left + 1))
    labels = {d: data[d].values for d in data.dims if d in data.coords}
    return made(lower * (1 - weight) + upper * weight, {**labels, "year": wanted}, data.dims)


def combined(old: Parameter, change: xr.DataArray, operation: Operation, mask: xr.DataArray) -> Parameter:
    """The parameter with `change` (a number, or a path held beyond its years) in the masked cells.

    mask: cells of the old data.  What is not masked, and a change that changes nothing, leave the
    old values as they are in every year, also in those that its file refuses.
    """
    data, record = old.data, old.record
    if "year" in change.dims:
        years = _every_year(old, change)
        if "year" in data.dims:
            data = resolve(old, years)
            mask = mask.isel(year=0, drop=True)
        else:
            data = data.expand_dims(year=years)
            record = record.model_copy(update={"beyond": "hold", "between": "linear"})
        change = interpolated(change, np.asarray(years))
    if operation == "multiply":
        moved = data * change
    else:
        moved = data + change if operation == "add" else xr.zeros_like(data) + change
    moved = moved.where(mask, data).transpose(*data.dims)
    return replace(old, data=moved, record=record)


def _every_year(old: Parameter, change: xr.DataArray) -> list[int]:
    """Every year in which the outcome may bend; where the old path goes on beyond, one year more.

    Of a parameter that refuses years outside its own, only those.
    """
    years = change.year.values
    if "year" not in old.data.dims:
        return list(range(int(years[0]), int(years[-1]) + 1))
    own = old.data.year.values
    if old.record.beyond == "error":
        return list(range(int(own[0]), int(own[-1]) + 1))
    more = 1 if old.record.beyond == "trend" else 0
    first, last = min(own[0], years[0]) - more, max(own[-1], years[-1]) + more
    return list(range(int(first), int(last) + 1))


def apart(data: xr.DataArray) -> bool:
    """Whether a path moves at all over its years."""
    return bool((data != data.isel(year=0)).any())
