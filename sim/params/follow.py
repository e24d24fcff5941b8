"""How a range follows its centre: an override moves the distribution, not the central line alone.

A range of scale `relative` or `absolute` is a factor on, or an addition to, whatever the centre
is, so it follows by itself.  One of scale `value` is stated around the record's own number; when
the centre is moved from c0 to c, each draw x goes

    shift      to x + c - c0                          the same width: rates of change
    relative   to x c / c0                            the same width in percent: what is positive
    odds       to the share whose odds are those of x times odds(c) / odds(c0)
                                                      a share stays between 0 and 1

All three keep the order of the draws, leave them as they are at c = c0, and depend on c alone, not
on the steps that led there.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Literal

import numpy as np
import xarray as xr
from scipy import special

from sim.arrays import Floats
from sim.errors import ParameterError, fault
from sim.params.checks import outside
from sim.params.record import Parameter, Range, Record
from sim.params.units import unit

Rule = Literal["shift", "relative", "odds"]

OWN_RANGE = (
    "give it a range of its own: {value: ..., range: {distribution: ..., low: ..., high: ...}}, "
    "or none: {value: ..., exact: why}"
)
UNDATED = {  # what is wrong with a path by year, and what would be right, by when the model reads it
    "base": (
        "it is read in the base year only, and goes on from there by itself",
        "write one number, that of the base year, and set its growth",
    ),
    "always": ("one value stands for all years", "write one number"),
}


def rule(record: Record) -> Rule:
    """How a range of scale value follows its centre: as it says itself, else by its unit.

    Shares (units within 0..1) by their odds, rates of change (per year) and what may be negative
    by the same amount, everything else in proportion.
    """
    spread = record.range
    assert spread is not None
    if spread.moves is not None:
        return spread.moves
    if np.isfinite(unit(record.unit).high):
        return "odds"
    low, _ = ends(spread)
    positive = low >= 0.0 and isinstance(record.value, float) and record.value > 0.0
    return "relative" if positive and record.unit != "per year" else "shift"


def ends(spread: Range) -> tuple[float, float]:
    """Least and greatest value that a range states, on its own scale, in the unit of its file.

    They are quantiles where the distribution has no ends; two standard deviations for ar1, which
    has none at all.
    """
    if spread.values is not None:
        return min(spread.values), max(spread.values)
    if spread.distribution == "ar1":
        assert spread.sd is not None
        sd = max(spread.sd.values()) if isinstance(spread.sd, dict) else spread.sd
        middle = 1.0 if spread.scale == "relative" else 0.0
        return middle - 2.0 * sd, middle + 2.0 * sd
    assert spread.low is not None
    assert spread.high is not None
    return spread.low, spread.high


def stated(parameter: Parameter) -> float:
    """The centre around which a range of scale value was stated, in the model's unit."""
    if parameter.stated is not None:
        return parameter.stated
    assert isinstance(parameter.record.value, float)
    return parameter.record.value * unit(parameter.record.unit).factor


def follow(parameter: Parameter, values: Floats, centre: Floats) -> Floats:
    """Values drawn around the stated centre, moved with it to `centre`; the two broadcast."""
    by, origin = rule(parameter.record), stated(parameter)
    if by == "shift":
        return values + (centre - origin)
    if by == "relative":
        return values * (centre / origin)
    inside = np.clip(values, 0.0, 1.0)  # the tail of a normal may lie beyond
    with np.errstate(divide="ignore"):
        moved = special.expit(special.logit(inside) + (special.logit(centre) - special.logit(origin)))
    return np.where(centre == origin, values, moved)


def reach(parameter: Parameter, data: xr.DataArray) -> tuple[float, float]:
    """From where to where the stated range reaches if the centre were `data`, model unit."""
    spread = parameter.record.range
    assert spread is not None
    factor = unit(parameter.record.unit).factor
    span = np.array(ends(spread))
    values = data.values[..., None]
    if spread.scale == "value":
        found = follow(parameter, span * factor, values)
    else:
        found = values * span if spread.scale == "relative" else values + span * factor
    return float(found.min()), float(found.max())


def taken_over(new: Parameter, old: Parameter) -> Parameter:
    """A record that takes the place of another, with what it does not say itself.

    That is when the model reads it (`at`) and, unless it states a range or why it has none
    (`exact`), the old range, which follows to the new values.
    Raises ParameterError where that range cannot lie around them.
    """
    record = new.record
    if record.at is None and old.record.at is not None:
        record = record.model_copy(update={"at": old.record.at})
    if record.at in UNDATED and "year" in new.data.dims:
        wrong, remedy = UNDATED[record.at]
        raise ParameterError(fault(str(new.file), f"{new.name} states years: {wrong}", remedy))
    spread = old.record.range
    if new.is_method or spread is None or record.range is not None or record.exact is not None:
        return replace(new, record=record)
    if spread.scale == "value" and (new.data.dims != old.data.dims or not isinstance(record.value, float)):
        wrong = f"{new.name} has no range, and that of {old.file} is one of a single number"
        raise ParameterError(fault(str(new.file), wrong, "state `range`, or `exact` with the reason"))
    known, was = unit(record.unit), unit(old.record.unit)
    if spread.scale != "relative" and known.factor != was.factor:
        spread = _in_unit(spread, was.factor / known.factor)
    if spread.scale == "value":
        spread = spread.model_copy(update={"moves": rule(old.record)})
        new = replace(new, stated=stated(old))
    digest = sha256(f"{new.hash}{old.hash}".encode()).hexdigest()
    new = replace(new, record=record.model_copy(update={"range": spread}), hash=digest)
    check(new, old, str(new.file))
    return new


def _in_unit(spread: Range, factor: float) -> Range:
    """The range with its numbers in another unit."""
    changed: dict[str, object] = {
        key: None if getattr(spread, key) is None else getattr(spread, key) * factor
        for key in ("low", "high")
    }
    if spread.values is not None:
        changed["values"] = tuple(v * factor for v in spread.values)
    if spread.sd is not None:
        sd = spread.sd
        changed["sd"] = {y: v * factor for y, v in sd.items()} if isinstance(sd, dict) else sd * factor
    return spread.model_copy(update=changed)


def check(new: Parameter, old: Parameter, place: str) -> None:
    """The range of `old` can lie around the values of `new`, whose record it is.

    Raises ParameterError with the name, the value and the remedy where it cannot: a range that
    is to be scaled from 0 or through it, a share of 0 or 1 by its odds, or ends that leave the
    bounds of the unit or the parameter (limits.csv) further than they did.
    """
    spread, known = new.record.range, unit(new.record.unit)
    assert spread is not None
    if new.data.equals(old.data):
        return
    shown = f"{new.name} = {float(new.data.min()) / known.factor:g}"
    if new.data.size > 1 and float(new.data.max()) > float(new.data.min()):
        shown += f"..{float(new.data.max()) / known.factor:g}"
    if spread.scale == "value":
        origin, by = stated(new), rule(new.record)
        down = origin == 0.0 or bool((new.data / origin < 0.0).any())  # through 0 no proportion leads
        odd = origin in (0.0, 1.0) or bool(((new.data < 0.0) | (new.data > 1.0)).any())
        if {"relative": down, "odds": odd, "shift": False}[by]:
            wrong = f"{shown}: its range is stated around {origin / known.factor:g} and cannot follow"
            raise ParameterError(fault(place, wrong, OWN_RANGE))
    if spread.distribution == "ar1":
        return
    was = reach(old, old.data)
    for end, before, worse in zip(reach(new, new.data), was, (np.less, np.greater), strict=True):
        wrong = outside(new.record.unit, xr.DataArray(end), new.limits, guess=False)
        if wrong and worse(end, before):
            raise ParameterError(fault(place, f"{shown}: its range reaches {wrong}; or {OWN_RANGE}"))
