"""Whether a parameter's values and range can be: units, plausible limits, sums, labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.errors import fault
from sim.magnitude import looks, looks_per, shifts
from sim.params.catalogue import Catalogue, Limits
from sim.params.record import Parameter, Range, Record
from sim.params.units import unit
from sim.textfile import did_you_mean

_CLEARLY = 3  # a little above a bound is no other unit
_SLACK = 1e-9
_ADDS_UP = 0.01  # of a sum: printed shares are rounded


def value_fault(parameter: Parameter, data: xr.DataArray) -> str:
    """What is wrong with other values (model unit) of a parameter; empty if nothing is.

    The text is `what with the value | what would be right`, in the unit of the parameter's file.
    """
    limits = parameter.limits
    wrong = outside(parameter.record.unit, data, limits)
    if wrong or limits is None:
        return wrong
    return _age_fault(parameter.record, data, limits) or _sum_fault(parameter.record, data, limits)


def outside(
    unit_name: str, data: xr.DataArray, limits: Limits | None, *, guess: bool = True, named: bool = True
) -> str:
    """What is wrong with values (model unit) of a unit and within limits; empty if nothing is.

    guess: say which other unit the values may be in.  named: say at which labels the worst stands.
    """
    if not data.size:
        return ""
    own = unit(unit_name)
    least, most = _ends(data)
    low = max(own.low, limits.low) if limits else own.low
    high = min(own.high, limits.high) if limits else own.high
    if _within(least, most, low, high):
        return ""
    worst = least if least < low - _slack(low) else most
    written = "" if unit_name in ("1", "ratio") else f" {unit_name}"
    shown = f"{worst / own.factor:.10g}{written}{_at(data, worst) if named else ''}"
    wanted = f"want {_span(low / own.factor, high / own.factor)}"
    hint = _suspicion(data, low, high, own.factor) if guess and least >= 0 else ""
    return f"{shown} | {wanted}{hint}"


def _ends(data: xr.DataArray) -> tuple[float, float]:
    """Least and greatest value, those that are none left out."""
    values = data.values
    least, most = float(values.min()), float(values.max())
    return (least, most) if np.isfinite(least) else (float(data.min()), float(data.max()))


def _within(least: float, most: float, low: float, high: float) -> bool:
    return least >= low - _slack(low) and most <= high + _slack(high)


def _slack(end: float) -> float:
    return _SLACK * max(1.0, abs(end)) if np.isfinite(end) else 0.0


def _at(data: xr.DataArray, worst: float) -> str:
    if data.ndim == 0 or float(data.min()) == float(data.max()):
        return ""
    where = np.argwhere(data.values == worst)[0]
    named = [f"{d}={data[d].values[i]}" for d, i in zip(data.dims, where, strict=True)]
    return f" at {', '.join(named)}"


def _span(low: float, high: float) -> str:
    if not np.isfinite(high):
        return f"{low:.6g} or more"
    return f"{low:.6g} to {high:.6g}" if np.isfinite(low) else f"at most {high:.6g}"


def _suspicion(data: xr.DataArray, low: float, high: float, factor: float) -> str:
    """Whether all values (0 or more) would do, were they in another unit."""
    least, most = _ends(data)
    if high < most <= _CLEARLY * high:
        return ""
    ends = low - _slack(low), high + _slack(high)
    worst, other = (most, least) if most > high else (least, most)
    fits = [shift for shift in shifts(worst, *ends) if ends[0] <= shift.mended(other) <= ends[1]]
    hint = looks_per(fits) if most > high else looks(fits)
    if len(fits) == 1 and least == most:
        hint += f"; write {fits[0].mended(most) / factor:.6g}"
    return hint


def rows_fault(
    unit_name: str, values: Sequence[float], at: Sequence[str], path: str, limits: Limits | None
) -> str:
    """The fault of a table's own numbers (unit of the file) with where the worst stands; "" if none."""
    data = xr.DataArray(np.array(values) * unit(unit_name).factor)
    wrong = outside(unit_name, data, limits, named=False)
    if not wrong:
        return ""
    bad = [i for i in range(len(data)) if outside(unit_name, data[i], limits, guess=False)]
    worst = max(bad, key=lambda i: abs(values[i]))
    if min(values) < 0 and not wrong.startswith(f"{values[worst]:.10g}"):
        worst = int(np.argmin(values))
    more = f" ({len(bad)} lines)" if len(bad) > 1 else ""
    return fault(f"{path}: {at[worst]}", f"value {wrong}{more}")


def check(
    record: Record, name: str, data: xr.DataArray, place: str, catalogue: Catalogue, faults: list[str]
) -> None:
    """Everything that values read from a file must hold; what does not goes to `faults`."""
    limits = catalogue.limits.get(name)
    if limits is not None and unit(limits.unit).model_unit != unit(record.unit).model_unit:
        wrong = f"unit '{record.unit}'"
        faults.append(fault(f"{place}.unit", wrong, f"want '{limits.unit}' or what converts to it"))
        return
    wrong = outside(record.unit, data, limits)
    if wrong:
        faults.append(fault(place, f"a value is {wrong}"))
        return
    if limits is not None:
        found = _age_fault(record, data, limits), _sum_fault(record, data, limits)
        faults += [fault(place, wrong) for wrong in found if wrong]
    if record.range is not None:
        _check_range(record, record.range, data, limits, place, faults)


def _age_fault(record: Record, data: xr.DataArray, limits: Limits) -> str:
    """What is wrong with values at ages where there can be none; empty if nothing is."""
    if limits.ages is None or "age" not in data.dims:
        return ""
    first, last = limits.ages
    wrong = data.where((data.age < first) | (data.age > last), 0.0)
    worst = float(wrong.max())
    if worst <= 0:
        return ""
    shown = f"{worst / unit(record.unit).factor:.6g}{_at(wrong, worst)}"
    return f"{shown} | want 0 outside ages {first} to {last}"


def _sum_fault(record: Record, data: xr.DataArray, limits: Limits) -> str:
    """What is wrong with what cells add up to; empty if nothing is."""
    if limits.adds_to is None:
        return ""
    over = [d for d in limits.over if d in data.dims]
    total: xr.DataArray = data.sum(over)
    more = total.values - limits.adds_to
    off, slack = (more, _SLACK) if limits.at_most else (np.abs(more), _ADDS_UP)
    if not (off > slack * limits.adds_to).any():
        return ""
    worst = total.values.flat[int(off.argmax())]
    factor = unit(record.unit).factor
    shown = f"{worst / factor:.6g} over {' and '.join(over)}{_at(total, worst)}"
    return f"a sum of {shown} | want {'at most ' if limits.at_most else ''}{limits.adds_to / factor:g}"


def reach(spread: Range, data: xr.DataArray, factor: float) -> tuple[float, float] | None:
    """Least and greatest value (model unit) between the ends that a range states; None for ar1."""
    ends = spread.values if spread.values is not None else (spread.low, spread.high)
    if spread.distribution == "ar1" or None in ends:
        return None
    low, high = min(e for e in ends if e is not None), max(e for e in ends if e is not None)
    if spread.scale == "value":
        return low * factor, high * factor
    least, most = _ends(data)
    if spread.scale == "absolute":
        return least + low * factor, most + high * factor
    products = [a * b for a in (least, most) for b in (low, high)]
    return min(products), max(products)


def _check_range(
    record: Record, spread: Range, data: xr.DataArray, limits: Limits | None, place: str, faults: list[str]
) -> None:
    factor = unit(record.unit).factor
    moved = _inside_bounds(record, data) if data.ndim else data
    ends = reach(spread, moved, factor) if moved.size else None
    if ends is None:
        return
    centre = float(data) / factor if spread.scale == "value" and data.ndim == 0 else None
    if spread.scale != "value":
        centre = 1.0 if spread.scale == "relative" else 0.0
    stated = spread.values if spread.values is not None else (spread.low or 0.0, spread.high or 0.0)
    if centre is not None and not min(stated) <= centre <= max(stated):
        wrong = f"{min(stated):g}..{max(stated):g} ({spread.scale}) does not hold the centre {centre:g}"
        faults.append(fault(f"{place}.range", wrong, "widen or move it"))
    wrong = outside(record.unit, xr.DataArray(list(ends)), limits, guess=False, named=False)
    if wrong:
        faults.append(fault(f"{place}.range", f"reaches {wrong}"))


def _inside_bounds(record: Record, data: xr.DataArray) -> xr.DataArray:
    """The cells that do not lie on a bound of their unit: a share of 0 or 1 by definition stays there."""
    own = unit(record.unit)
    flat = data.values.ravel()
    return xr.DataArray(flat[(np.abs(flat - own.low) > _SLACK) & (np.abs(flat - own.high) > _SLACK)])


def check_labels(
    record: Record, name: str, data: xr.DataArray, place: str, catalogue: Catalogue, faults: list[str]
) -> xr.DataArray:
    """The array with labels in the order of the catalogue; unknown or missing ones go to `faults`."""
    for dim in record.dims:
        if catalogue.labels and dim not in catalogue.labels and dim not in ("age", "year"):
            known = [*catalogue.labels, "age", "year"]
            remedy = f"{did_you_mean(dim, known)} (dims and labels: labels.yaml)"
            faults.append(fault(f"{place}.dims", f"'{dim}' is unknown", remedy))
        labels = catalogue.known(dim, name)
        if labels is None or dim in ("age", "year") or dim not in data.dims:
            continue
        found = [str(v) for v in data[dim].values]
        for label in found:
            if label not in labels:
                faults.append(fault(place, f"{dim} '{label}' is unknown", did_you_mean(label, list(labels))))
        missing = [label for label in labels if label not in found]
        if missing and set(found) <= set(labels) and not record.partial:
            faults.append(fault(place, f"{dim} '{missing[0]}' is missing", f"want {list(labels)}"))
        if set(found) == set(labels) and found != list(labels):
            data = data.sel({dim: list(labels)})
    return data
