"""What a public function refuses: checks of arguments that name dimension, label and value.

Each `.._faults` returns the faults as text, at most one of a kind, and an empty list where there is
none; `refuse` raises them together. Values are looked at twice (least, greatest) and cell by cell
only where something is wrong, so that a check costs little beside the sum it guards.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.arrays import Floats, all_within
from sim.errors import ParameterError, fault, raise_all

Values: TypeAlias = xr.DataArray | Floats | float

_TOTAL = 1e-6  # how far shares may be from adding up to 1
_NAMED = ("scenario", "region", "year", "sex", "age", "cause", "cadre", "draw")  # scalars worth naming


def refuse(*faults: Iterable[str]) -> None:
    """Raise ParameterError with all the faults, one a line; nothing if there is none."""
    raise_all(ParameterError, [line for lines in faults for line in lines])


def value_faults(
    name: str,
    values: Values,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    remedy: str = "",
    axes: Sequence[str] = (),
    open_low: bool = False,
) -> list[str]:
    """A fault that names the first cell that is not finite or not in low..high.

    axes: names of the axes of a NumPy array.  open_low: `low` itself is refused too.
    """
    array = np.asarray(values.values if isinstance(values, xr.DataArray) else values)
    if array.size == 0:
        return [fault(name, "has no values", remedy)]
    if array.dtype.kind not in "fiub":
        return [fault(name, f"{array.ravel()[0]!r} is no number", remedy or "numbers")]
    if all_within(array, low, high) and not (open_low and float(array.min()) == low):
        return []
    if not np.isfinite(array).all():
        return [cell_fault(name, values, ~np.isfinite(array), "not finite", remedy, axes)]
    below = array <= low if open_low else array < low
    if below.any():
        word = "not above 0" if open_low and low == 0 else "negative" if low == 0 else f"below {low:g}"
        return [cell_fault(name, values, below, word, remedy, axes)]
    return [cell_fault(name, values, array > high, f"above {high:g}", remedy, axes)]


def count_faults(name: str, values: Values, axes: Sequence[str] = ()) -> list[str]:
    """Persons, beds, events: 0 or more."""
    return value_faults(name, values, 0.0, remedy="0 or more", axes=axes)


def whole_faults(name: str, value: int, least: int) -> list[str]:
    """A number of things that is below the least there may be."""
    return (
        [fault(name, f"{value} is below {least}", f"a whole number, {least} or more")]
        if value < least
        else []
    )


def positive_faults(
    name: str, values: Values, remedy: str = "above 0", axes: Sequence[str] = ()
) -> list[str]:
    """Widths, stays, half-lives: above 0."""
    return value_faults(name, values, 0.0, remedy=remedy, axes=axes, open_low=True)


def share_faults(name: str, values: Values, axes: Sequence[str] = (), *, open_low: bool = False) -> list[str]:
    """Shares and probabilities: 0..1 (above 0 with open_low); says so where per cent is meant."""
    faults = value_faults(name, values, 0.0, 1.0, remedy="a share, 0..1", axes=axes, open_low=open_low)
    return [f"{f} (not per cent)" if "above 1" in f else f for f in faults]


def rate_faults(name: str, values: Values, axes: Sequence[str] = (), *, high: float = math.inf) -> list[str]:
    """Rates per person-year: 0..high; says so where a rate per 1000 is meant."""
    faults = value_faults(name, values, 0.0, high, remedy="a rate of 0 or more", axes=axes)
    return [
        f.replace("a rate of 0 or more", "per person-year, not per 1000") if "above" in f else f
        for f in faults
    ]


def dim_faults(name: str, array: xr.DataArray, *needed: str) -> list[str]:
    """Dims that are missing or empty, and labels that stand twice."""
    faults = []
    if missing := [d for d in needed if d not in array.dims]:
        faults.append(fault(name, f"dims {array.dims} without {missing}", f"the dims {list(needed)}"))
    empty = [d for d in needed if array.sizes.get(d) == 0]
    faults += [fault(f"{name}: {d}", "is empty", "one label or more") for d in empty]
    for dim in array.dims:
        if dim in array.coords:
            labels, times = np.unique(np.asarray(array[dim].values), return_counts=True)
            if (times > 1).any():
                label = labels[times > 1][0]
                faults.append(
                    fault(f"{name}: {dim}", f"{label} stands {times.max()} times", "each label once")
                )
    return faults


def only_dim_faults(name: str, array: xr.DataArray, *known: str) -> list[str]:
    """Dims that are none of those known."""
    more = [str(d) for d in array.dims if d not in known]
    return [fault(name, f"dims {array.dims} with {more} besides", f"the dims {list(known)}")] if more else []


def same_label_faults(name: str, array: xr.DataArray, other: xr.DataArray, *dims: Hashable) -> list[str]:
    """Labels along `dims` (None given: those both have) that only one of two arrays has."""
    faults = []
    for dim in dims or [d for d in array.dims if d in other.dims]:
        if dim not in array.coords or dim not in other.coords:
            if array.sizes.get(dim) != other.sizes.get(dim):
                wrong = f"{array.sizes.get(dim)} cells beside {other.sizes.get(dim)}"
                faults.append(fault(f"{name}: {dim}", wrong, "as many"))
            continue
        mine, theirs = (set(np.atleast_1d(a[dim].values).tolist()) for a in (array, other))
        if mine == theirs:
            continue
        lacking, more = (sorted(s, key=str)[:3] for s in (theirs - mine, mine - theirs))
        wrong = " and ".join(
            part
            for part in (f"without {lacking}" * bool(lacking), f"with {more} besides" * bool(more))
            if part
        )
        faults.append(fault(f"{name}: {dim}", wrong, "the same labels"))
    return faults


def label_faults(name: str, array: xr.DataArray, dim: str, known: Sequence[str]) -> list[str]:
    """Labels of `dim` that are none of those known, or none at all."""
    if dim not in array.coords:
        return [fault(f"{name}: {dim}", "has no labels", f"label it with {' and '.join(known)}")]
    unknown = [str(v) for v in array[dim].values if v not in known]
    wrong = f"{', '.join(map(repr, unknown[:3]))} unknown"
    return [fault(f"{name}: {dim}", wrong, f"one of {', '.join(known)}")] if unknown else []


def rising_faults(name: str, array: xr.DataArray, dim: str = "age") -> list[str]:
    """Labels of `dim` that are no numbers, stand twice or do not rise."""
    if faults := number_label_faults(name, array, dim):
        return faults
    labels = np.asarray(array[dim].values)
    step = np.diff(labels)
    if (step > 0).all():
        return []
    at = int(np.argmax(step <= 0))
    wrong = f"{labels[at + 1]:g} follows {labels[at]:g}"
    return [fault(f"{name}: {dim}", wrong, f"rising labels, each {dim} once")]


def number_label_faults(name: str, array: xr.DataArray, dim: str = "age") -> list[str]:
    """Labels of `dim` that are no numbers."""
    labels = np.asarray(array[dim].values)
    if labels.dtype.kind in "fiu" and np.isfinite(labels).all():
        return []
    bad = next((v for v in labels.tolist() if not _is_number(v)), labels[0])
    return [fault(f"{name}: {dim}", f"label {bad!r}", "numbers: the first year of age of each group")]


def single_age_faults(name: str, array: xr.DataArray, first: int | None = 0) -> list[str]:
    """Ages that are not single years without a gap, from `first` on if given."""
    if "age" not in array.coords:
        return [fault(f"{name}: age", "has no labels", "label the single ages")]
    if faults := rising_faults(name, array):
        return faults
    ages = np.asarray(array["age"].values, dtype=float)
    want = np.arange(ages.size) + (ages[0] if first is None else first)
    if np.array_equal(ages, want):
        return []
    at = int(np.argmax(ages != want))
    wrong = f"{ages[at]:g} where {want[at]:g} is due"
    return [fault(f"{name}: age", wrong, "single years of age without a gap, not age groups")]


def cell_fault(
    name: str,
    values: Values,
    bad: npt.NDArray[np.bool_] | xr.DataArray,
    wrong: str,
    remedy: str,
    axes: Sequence[str] = (),
) -> str:
    """A fault that names the first cell where `bad` holds, by label, and its value."""
    if isinstance(values, xr.DataArray):
        if isinstance(bad, xr.DataArray):
            bad = bad.broadcast_like(values).transpose(*values.dims).values
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        place = [
            f"{d}={values[d].values[i] if d in values.coords else i}"
            for d, i in zip(values.dims, where, strict=True)
        ]
        place += [f"{d}={values[d].item()}" for d in _NAMED if d in values.coords and not values[d].dims]
        value = values.values[where]
    else:
        array = np.asarray(values)
        where = tuple(int(i) for i in np.argwhere(np.broadcast_to(np.asarray(bad), array.shape))[0])
        named = axes if len(axes) == array.ndim else [f"axis {i}" for i in range(array.ndim)]
        place = [f"{d}={i}" for d, i in zip(named, where, strict=True)]
        value = array[where]
    return fault(f"{name}: {', '.join(place)}" if place else name, f"{wrong}: {value:g}", remedy)


def choice_faults(name: str, value: Any, choices: Sequence[str]) -> list[str]:
    """A name that is none of the choices."""
    return [] if value in choices else [fault(name, f"{value!r} unknown", "one of " + ", ".join(choices))]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
