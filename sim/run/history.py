"""Scenarios begin after the base: what one changes acts from the year after history on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import xarray as xr

from sim.errors import fault
from sim.params import Parameter, resolve

UNDATED = ("base", "always", "known")
"""When a figure is read that has no year (`at` of a record)."""


def after_history(old: Parameter, new: Parameter, last: int, years: Sequence[int]) -> Parameter:
    """`new` in the years after `last`, `old` up to it.

    old, new: a parameter without and with a change.  years: of the model.  What is read once for all
    years, and a named method, are returned as changed: see `history_faults`.
    Raises ParameterError for years that the parameter does not state.
    """
    if new.is_method or old.record.at in UNDATED:
        return new
    year = xr.DataArray(list(years), {"year": list(years)}, ("year",))
    before, later = (resolve(p, years) + xr.zeros_like(year, dtype=float) for p in (old, new))
    joined = later.where(year > last, before).transpose("year", ...)
    if bool((joined == later).all()):
        return new
    record = new.record.model_copy(update={"beyond": "hold", "between": "linear"})
    return replace(new, data=joined, record=record)


def history_faults(old: Parameter, new: Parameter, last: int, place: str) -> list[str]:
    """A scenario that changes what history is made of and has no year: a count, a rate of all years."""
    if new.is_method or old.record.at not in UNDATED or new.data.equals(old.data):
        return []
    when = "one value of all years" if old.record.at == "always" else "the base year's"
    wrong = f"{new.name} is {when}, and years to {last} are history, the same in all scenarios"
    remedy = "give it to every scenario, with --set, or as a local count (known.csv)"
    return [fault(place, wrong, remedy)]
