"""A parameter's table: labels, ages and numbers checked row by row, then laid out as an array.

Ages are single (`age`) or by groups (`age_start`, `age_end`).  What is counted (persons, births) is
split among the ages of its group, totals kept; a rate, a share or a mean is that of each age in it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.agegroups import cohorts_at, split_evenly, split_groups
from sim.arrays import Floats
from sim.cells import age_remedy, number, number_remedy, whole
from sim.errors import ConfigError, ParameterError, collected, fault
from sim.params.catalogue import Catalogue, single_ages
from sim.params.checks import rows_fault
from sim.params.record import EVENLY, Record
from sim.params.units import unit
from sim.schema import AGES
from sim.textfile import did_you_mean, read_table_rows, table_header

Key = tuple[Any, ...]

_WHOLE = ("age", "year", "age_start", "age_end")
_OPEN = AGES[-1]
_ADDS_UP = 1e-9


@dataclass(frozen=True)
class _Row:
    """A row that is right by itself: labels of all dims but age, the ages, the number."""

    key: Key
    first: int
    last: int
    value: float
    line: int
    at: str
    """Where it stands in the file."""


def read_table(
    record: Record, name: str, path: Path, catalogue: Catalogue, faults: list[str]
) -> tuple[xr.DataArray | None, Path | None]:
    """The array of a table, in the unit of the file, and the pattern that split its age groups.

    name: the parameter's dotted name.  None where something is wrong; every fault goes to `faults`
    with file, line, column and value.
    """
    before = len(faults)
    try:
        header = table_header(path)
        grouped = "age" in record.dims and "age_start" in header
        dims = [*record.dims, *(["year"] if "year" in header and "year" not in record.dims else [])]
        columns = [d for d in dims if not (grouped and d == "age")]
        columns += ["age_start", "age_end"] if grouped else []
        raw = read_table_rows(path, [*columns, "value"], optional=("note", "low", "high"))
    except ConfigError as error:
        faults.append(str(error))
        return None, None
    unlabelled = _unknown_labels(raw, dims, name, path, catalogue, faults)
    others = [d for d in dims if d != "age"]
    rows = [r for r in (_row(r, others, columns, path, faults) for r in raw) if r is not None]
    if "age" not in dims:
        rows = [_Row(r.key, 0, 0, r.value, r.line, r.at) for r in rows]
    low, high = (record.ages or (0, _OPEN)) if "age" in dims else (0, 0)
    by_key: dict[Key, list[_Row]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    _overlaps(by_key, others, path, "age" in dims, faults)
    if not unlabelled and len(faults) == before:
        _gaps(by_key, others, path, name, catalogue, (low, high) if "age" in dims else None, faults)
    limits, summed = catalogue.limits.get(name), _adds_up(record, name, catalogue)
    own = [r for r in rows if not summed or r.first == r.last]
    if own:
        wrong = rows_fault(record.unit, [r.value for r in own], [r.at for r in own], str(path), limits)
        faults += [wrong] if wrong else []
    if len(faults) > before:
        return None, None
    coords = {d: _order(d, [k[i] for k in by_key], name, catalogue) for i, d in enumerate(others)}
    if "age" not in dims:
        array = np.array([by_key[key][0].value for key in product(*coords.values())])
        return xr.DataArray(array.reshape([len(c) for c in coords.values()]), coords, others), None
    return _by_age(record, name, path, catalogue, dims, coords, by_key, faults)


def _row(
    raw: dict[str, str], others: Sequence[str], columns: Sequence[str], path: Path, faults: list[str]
) -> _Row | None:
    line = f"{path}: {raw['_at']}"
    before = len(faults)
    for column in _WHOLE:
        if column in columns and whole(raw[column]) is None:
            faults.append(fault(line, f"{column} '{raw[column]:.40}'", age_remedy(column, raw[column])))
    value = number(raw["value"])
    if value is None:
        value = 0.0
        faults.append(fault(line, f"value '{raw['value']:.40}'", number_remedy(raw["value"])))
    if not math.isfinite(value):
        faults.append(fault(line, f"value {raw['value']}", "a finite number is wanted"))
    if len(faults) > before:
        return None
    key = tuple(int(raw[d]) if d == "year" else raw[d] for d in others)
    first = int(raw.get("age_start", raw.get("age", "0")))
    last = int(raw.get("age_end", raw.get("age", "0")))
    if not 0 <= first <= last <= _OPEN:
        for column, age in (("age_start", first), ("age_end", last)):
            if not 0 <= age <= _OPEN:
                shown = column if column in columns else "age"
                faults.append(fault(line, f"{shown} {age} is outside 0..100", "100 means 100 and over"))
                return None
        faults.append(fault(line, f"age_start {first} above age_end {last}", "swap them"))
        return None
    return _Row(key, first, last, value, int(raw["_line"]), raw["_at"])


def _unknown_labels(
    rows: Sequence[dict[str, str]],
    dims: Sequence[str],
    name: str,
    path: Path,
    catalogue: Catalogue,
    faults: list[str],
) -> bool:
    """Whether a label is not one of its dim's; each is named once, at its first line."""
    found = False
    for dim in dims:
        known = catalogue.known(dim, name)
        if known is None or dim in ("age", "year"):
            continue
        lines: dict[str, list[str]] = {}
        for row in rows:
            if row[dim] not in known:
                lines.setdefault(row[dim], []).append(row["_at"])
        for label, at in lines.items():
            more = f" ({len(at)} lines)" if len(at) > 1 else ""
            wrong = f"{dim} '{label}' is unknown{more}"
            faults.append(fault(f"{path}: {at[0]}", wrong, did_you_mean(label, list(known))))
            found = True
    return found


def _overlaps(
    by_key: dict[Key, list[_Row]], others: Sequence[str], path: Path, aged: bool, faults: list[str]
) -> None:
    """Ages or labels that stand twice."""
    for key, rows in by_key.items():
        rows.sort(key=lambda r: (r.first, r.last, r.line))
        for one, two in pairwise(rows):
            if two.first > one.last:
                continue
            named = [f"{d}={k}" for d, k in zip(others, key, strict=True)]
            if aged:
                named.append(f"age={_span(two.first, min(one.last, two.last))}")
            first, second = sorted((one, two), key=lambda r: r.line)
            wrong = f"{', '.join(named)} stands twice (also on {first.at})"
            faults.append(fault(f"{path}: {second.at}", wrong, "keep one of them"))


def _gaps(
    by_key: dict[Key, list[_Row]],
    others: Sequence[str],
    path: Path,
    name: str,
    catalogue: Catalogue,
    ages: tuple[int, int] | None,
    faults: list[str],
) -> None:
    """Labels, combinations of labels and ages for which there is no row."""
    wanted = []
    for i, dim in enumerate(others):
        found = list(dict.fromkeys(key[i] for key in by_key))
        known = catalogue.known(dim, name) if dim != "year" else None
        for label in known or ():
            if label not in found:
                wrong = f"{dim} '{label}' is missing"
                faults.append(fault(str(path), wrong, f"want {list(known or ())}"))
        wanted.append(found)
    for key in product(*wanted):
        label = ", ".join(f"{d}={k}" for d, k in zip(others, key, strict=True))
        if key not in by_key:
            faults.append(fault(str(path), f"no row for {label}", "give every combination"))
        elif ages is not None:
            _age_gaps(by_key[key], f" at {label}" if label else "", path, ages, faults)


def _age_gaps(rows: list[_Row], label: str, path: Path, ages: tuple[int, int], faults: list[str]) -> None:
    low, high = ages
    expected = low
    for row in [*rows, None]:
        first = row.first if row is not None else high + 1
        if first > expected and expected <= high:
            wrong = f"no value for age {_span(expected, min(first - 1, high))}{label}"
            faults.append(fault(str(path), wrong, f"cover ages {low} to {high} without a gap"))
        if row is not None:
            expected = row.last + 1
            if (row.first < low or row.last > high) and (row.value != 0 or row.last >= low > row.first):
                wrong = f"value {row.value:g} for age {_span(row.first, row.last)}{label}"
                remedy = f"the record says ages: [{low}, {high}], and 0 outside; leave the row out"
                faults.append(fault(f"{path}: {row.at}", wrong, remedy))


def _span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}..{last}"


def _order(dim: str, found: Sequence[Any], name: str, catalogue: Catalogue) -> list[Any]:
    """Labels in the order of the catalogue: shuffled rows give the same array."""
    known = catalogue.known(dim, name)
    if known is not None:
        return [label for label in known if label in found]
    unique = list(dict.fromkeys(found))
    return sorted(unique) if dim in ("sex", "year") else unique


def _adds_up(record: Record, name: str, catalogue: Catalogue) -> bool:
    """Whether the figure of an age group is the sum of its ages: a count, or parts of a whole."""
    limits = catalogue.limits.get(name)
    whole = limits is not None and "age" in limits.over
    return whole or record.split is not None or unit(record.unit).counts


def _by_age(
    record: Record,
    name: str,
    path: Path,
    catalogue: Catalogue,
    dims: Sequence[str],
    coords: dict[str, list[Any]],
    by_key: dict[Key, list[_Row]],
    faults: list[str],
) -> tuple[xr.DataArray | None, Path | None]:
    others = list(coords)
    array = np.zeros([*(len(c) for c in coords.values()), len(AGES)])
    used: Path | None = None
    summed = _adds_up(record, name, catalogue)
    for index in np.ndindex(*array.shape[:-1]):
        key = tuple(coords[d][i] for d, i in zip(others, index, strict=True))
        rows = [r for r in by_key[key] if r.last >= (record.ages or (0, _OPEN))[0]]
        if not summed or all(r.first == r.last for r in rows):
            for row in rows:
                array[index][row.first : row.last + 1] = row.value
            continue
        before = len(faults)
        sex = str(key[others.index("sex")]) if "sex" in others else None
        values, used = _split(record, path, catalogue, rows, sex, faults)
        if values is None or len(faults) > before:
            return None, None
        array[index][rows[0].first : rows[-1].last + 1] = values
    data = xr.DataArray(array, {**coords, "age": list(AGES)}, (*others, "age"))
    return data.transpose(*dims), used


def _split(
    record: Record, path: Path, catalogue: Catalogue, rows: list[_Row], sex: str | None, faults: list[str]
) -> tuple[Floats | None, Path | None]:
    """Single ages of groups whose figures are sums, by the method of the record or of its unit."""
    groups, starts, end = np.array([r.value for r in rows]), [r.first for r in rows], rows[-1].last
    if record.split == EVENLY:
        return split_evenly(groups, starts, end), None
    first = next(r for r in rows if r.last > r.first)
    line = f"{path}: {first.at}"
    known = catalogue.patterns.get(record.unit)
    if record.split is None and known is None:
        wrong = f"{first.value:g} {record.unit} for the age group {_span(first.first, first.last)}"
        remedy = (
            "it adds up over ages, and nothing says how to split it: state split: evenly, or split: a "
            "table beside the record with the pattern by single age, or give single ages"
        )
        faults.append(fault(line, wrong, remedy))
        return None, None
    file = known.file if record.split is None and known is not None else path.parent / str(record.split)

    def by_pattern() -> Floats:
        try:
            pattern = single_ages(file, sex)
            if record.split is None and known is not None and str(record.year).isdigit():
                pattern = cohorts_at(pattern, int(record.year) - known.year, known.cohorts_to)
            return split_groups(groups, starts, end, pattern[starts[0] : end + 1])
        except ParameterError as error:
            named = str(error).removeprefix("split_groups | ")
            raise ConfigError(fault(line, f"{named} ({file.name})")) from None

    values = collected(faults, by_pattern)
    if values is None:
        return None, None
    if abs(values.sum() - groups.sum()) > _ADDS_UP * max(1.0, abs(groups.sum())):
        faults.append(fault(line, f"{file.name} cannot split the groups", "state split: evenly"))
        return None, None
    return values, file
