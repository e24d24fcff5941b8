"""Two settings of one cell: which of them wins would hang on their order, so neither does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import xarray as xr

from sim.errors import ParameterError, fault
from sim.params.override import cells, split_name
from sim.params.record import Parameter


def conflicts(
    parameters: Mapping[str, Parameter], settings: Sequence[tuple[str, str, Any]], place: str
) -> list[str]:
    """Faults of settings of equal rank that set the same cells, however each is spelt.

    settings: (who sets it, dotted name with or without labels, value), such as
    ("stays", "inpatient.alos.tertiary", 8) beside ("all", "inpatient.alos", {tertiary: 9}).
    A setting with an unknown name or label is left to `override`, which refuses it.
    """
    set_by: dict[str, list[tuple[str, str, xr.DataArray]]] = {}
    faults: list[str] = []
    for who, name, value in settings:
        try:
            key, labels = split_name(parameters, name, place)
            here = cells(parameters[key], labels, value, place)
        except ParameterError:
            continue
        for other, before, there in set_by.setdefault(key, []):
            both = here & there
            if not both.any():
                continue
            names = name if before == name else f"{before} and {name}"
            wrong = f"'{other}' and '{who}' both set {key}{_shown(both)}"
            wrong = f"'{who}' sets {key}{_shown(both)} twice" if who == other else wrong
            faults.append(fault(place, f"{wrong} ({names})", "leave each cell to one of them"))
        set_by[key].append((who, name, here))
    return faults


def _shown(both: xr.DataArray) -> str:
    """The labels that all cells in question share; empty if it is every cell."""
    if both.all():
        return ""
    few = []
    for dim in both.dims:
        along = both.any([d for d in both.dims if d != dim])
        labels = [str(label) for label in both[dim].values[along.values]]
        if len(labels) < both.sizes[dim]:
            few.append("|".join(labels))
    return "".join(f".{labels}" for labels in few)
