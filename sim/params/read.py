"""Read parameter sets strictly: every record checked, every fault of every file at once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from pydantic import ValidationError

from sim.errors import ConfigError, ParameterError, fault, raise_all
from sim.params.record import Parameter, Record
from sim.params.units import unit
from sim.schema import AGES, LEVELS, ORDERS, PARITIES, SEXES
from sim.textfile import csv_header, did_you_mean, read_csv, read_yaml

_NOT_PARAMETERS = ("region.yaml",)
_LABELS = {"sex": SEXES, "level": LEVELS, "order": ORDERS, "parity": PARITIES}


def read_sets(root: Path, sets: Sequence[str], log: list[str] | None = None) -> dict[str, Parameter]:
    """Parameters of several sets by dotted name; later sets win, each replacement is logged.

    root: the folder `parameters`.  sets: folder names below it, in order.
    Raises ParameterError with every fault of every file.
    """
    faults: list[str] = []
    sources = read_sources(root, faults)
    merged: dict[str, Parameter] = {}
    for name in sets:
        folder = root / name
        if not folder.is_dir():
            known = [str(p.relative_to(root)) for p in root.glob("**/") if any(p.glob("*.yaml"))]
            faults.append(fault(str(folder), "no such parameter set", did_you_mean(name, known)))
            continue
        for parameter in _read_folder(folder, sources, faults):
            old = merged.get(parameter.name)
            if old is not None and log is not None:
                log.append(f"{parameter.name}: {_short(old)} -> {_short(parameter)} ({name})")
            merged[parameter.name] = parameter
    raise_all(ParameterError, faults)
    return merged


def read_set(folder: Path, root: Path | None = None) -> dict[str, Parameter]:
    """Parameters of one folder by dotted name.

    Raises ParameterError with every fault of every file in it.
    """
    faults: list[str] = []
    sources = read_sources(root, faults) if root is not None else None
    found = {p.name: p for p in _read_folder(folder, sources, faults)}
    raise_all(ParameterError, faults)
    return found


def read_file(path: Path, root: Path | None = None) -> dict[str, Parameter]:
    """Parameters of one file by dotted name.

    Raises ParameterError with every fault of the file.
    """
    faults: list[str] = []
    sources = read_sources(root, faults) if root is not None else None
    found = {p.name: p for p in _read_file(path, sources, faults)}
    raise_all(ParameterError, faults)
    return found


def read_sources(root: Path, faults: list[str]) -> dict[str, dict[str, Any]]:
    """The source list: sources.yaml and every file of sources/, merged; ids are unique."""
    merged: dict[str, dict[str, Any]] = {}
    allowed = {"title", "publisher", "url", "doi", "year", "licence", "note", "attribution"}
    single = root / "sources.yaml"
    files = ([single] if single.is_file() else []) + sorted((root / "sources").glob("*.yaml"))
    for path in files:
        try:
            content = read_yaml(path)
        except ConfigError as error:
            faults.append(str(error))
            continue
        for key, entry in content.items() if isinstance(content, dict) else ():
            if key in merged:
                faults.append(fault(f"{path}: {key}", "source id stands twice", "rename one"))
            if not isinstance(entry, dict) or "title" not in entry:
                faults.append(fault(f"{path}: {key}", "a source wants a title", "add title: ..."))
                continue
            for field in sorted(set(entry) - allowed):
                remedy = did_you_mean(field, sorted(allowed))
                faults.append(fault(f"{path}: {key}.{field}", "unknown key", remedy))
            merged[key] = entry
    return merged


def _read_folder(
    folder: Path, sources: dict[str, dict[str, Any]] | None, faults: list[str]
) -> list[Parameter]:
    found: list[Parameter] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name not in _NOT_PARAMETERS:
            found += _read_file(path, sources, faults)
    return found


def _read_file(path: Path, sources: dict[str, dict[str, Any]] | None, faults: list[str]) -> list[Parameter]:
    try:
        content = read_yaml(path)
    except ConfigError as error:
        faults.append(str(error))
        return []
    if not isinstance(content, dict) or set(content) != {"schema", "parameters"}:
        keys = sorted(map(str, content)) if isinstance(content, dict) else content
        faults.append(fault(str(path), f"top level is {keys}", "want 'schema' and 'parameters'"))
        return []
    if content["schema"] != 1:
        faults.append(fault(f"{path}: schema", f"{content['schema']} unknown", "write 1"))
    if not isinstance(content["parameters"], dict) or not content["parameters"]:
        wrong = f"{content['parameters']!r:.60} is no mapping"
        faults.append(fault(f"{path}: parameters", wrong, "write name: {unit: ..., value: ...}"))
        return []
    found = []
    for key, raw in content["parameters"].items():
        place = f"{path}: {key}"
        if not (isinstance(key, str) and re.fullmatch(r"[a-z][a-z0-9_]*", key)):
            remedy = "a name is small letters, digits and _, a letter first"
            faults.append(fault(place, "is no name of a parameter", remedy))
            continue
        if not isinstance(raw, dict):
            faults.append(fault(place, f"{raw!r}", "write a mapping: name, unit, value, source"))
            continue
        try:
            record = Record.model_validate(raw)
        except ValidationError as error:
            faults += [_pydantic_fault(place, e) for e in error.errors()]
            continue
        if sources is not None and record.source not in sources:
            remedy = did_you_mean(record.source, list(sources))
            faults.append(fault(f"{place}.source", f"'{record.source}' is not listed", remedy))
        before = len(faults)
        data, digest = _values(record, path, place, faults)
        if len(faults) == before and data is not None:
            found.append(Parameter(f"{path.stem}.{key}", record, data, path, digest))
    return found


def _pydantic_fault(place: str, error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    kind = error["type"]
    if kind == "extra_forbidden":
        remedy = did_you_mean(str(error["loc"][-1]), list(Record.model_fields))
        return fault(f"{place}.{where}", "unknown key", remedy)
    if kind == "missing":
        return fault(f"{place}.{where}", "is missing", "every parameter states it")
    at = f"{place}.{where}".rstrip(".")
    if kind == "value_error":
        return fault(at, error["msg"].removeprefix("Value error, "))
    return fault(at.removesuffix(".[key]"), f"{error['input']!r}", error["msg"])


def _values(record: Record, path: Path, place: str, faults: list[str]) -> tuple[xr.DataArray | None, str]:
    digest = hashlib.sha256(record.model_dump_json().encode())
    if record.kind == "method":
        return xr.DataArray(str(record.value)), digest.hexdigest()
    factor = unit(record.unit).factor
    data: xr.DataArray | None
    if record.value is not None:
        data = xr.DataArray(float(record.value))
    elif record.path is not None:
        years = sorted(record.path)
        data = xr.DataArray([record.path[y] for y in years], {"year": years}, ("year",))
    elif record.values is not None:
        data = _nested(record, place, faults)
    else:
        table = path.parent / str(record.table)
        data = _table(record, table, faults)
        if table.is_file():
            digest.update(table.read_bytes())
    if data is None:
        return None, ""
    if not np.isfinite(data.values).all():
        faults.append(fault(place, "holds a value that is not a finite number", "state it"))
        return None, ""
    data = data.astype(float) * factor
    wrong = unit(record.unit).outside(float(data.min()), float(data.max())) if data.size else ""
    if wrong:
        faults.append(fault(place, f"a value is {wrong}"))
    _check_labels(data, record, path, place, faults)
    return data, digest.hexdigest()


def _check_labels(data: xr.DataArray, record: Record, path: Path, place: str, faults: list[str]) -> None:
    """Labels of dims that schema.py knows: a misspelt sex would be lost without a word."""
    where = str(path.parent / record.table) if record.table else place
    for dim, known in _LABELS.items():
        found = [str(v) for v in data[dim].values] if dim in data.dims else list(known)
        for label in found:
            if label not in known:
                remedy = did_you_mean(label, known)
                faults.append(fault(where, f"{dim} '{label}' is unknown", remedy))
        missing = [label for label in known if label not in found]
        if missing and set(found) <= set(known):
            faults.append(fault(where, f"{dim} '{missing[0]}' is missing", f"want {list(known)}"))


def _nested(record: Record, place: str, faults: list[str]) -> xr.DataArray | None:
    labels: list[list[Any]] = []
    level: list[Any] = [record.values]
    for dim in record.dims:
        if not all(isinstance(node, dict) for node in level):
            faults.append(fault(place, f"values do not reach dim '{dim}'", "nest them by dims"))
            return None
        keys = list(level[0])
        for node in level:
            if list(node) != keys:
                wrong = f"dim '{dim}': {list(node)} beside {keys}"
                faults.append(fault(place, wrong, "give the same keys in the same order"))
                return None
        labels.append([k if dim == "age" else str(k) for k in keys])
        level = [node[k] for node in level for k in keys]
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in level):
        faults.append(fault(place, f"values {level} are not all numbers", "one number a cell"))
        return None
    if "age" in record.dims and labels[record.dims.index("age")] != list(AGES):
        faults.append(fault(place, "ages are not 0..100", "give every single age, or a table"))
        return None
    shape = [len(keys) for keys in labels]
    coords = dict(zip(record.dims, labels, strict=True))
    return xr.DataArray(np.reshape(np.array(level, float), shape), coords, record.dims)


def _table(record: Record, path: Path, faults: list[str]) -> xr.DataArray | None:
    dims = list(record.dims)
    try:
        header = csv_header(path)
        grouped = "age" in dims and "age_start" in header
        columns = [d for d in dims if not (grouped and d == "age")]
        if "year" in header and "year" not in dims:
            columns.append("year")
        if grouped:
            columns += ["age_start", "age_end"]
        rows = read_csv(path, [*columns, "value"], optional=("note", "low", "high"))
    except ConfigError as error:
        faults.append(str(error))
        return None
    dims += ["year"] if "year" in columns and "year" not in dims else []
    cells: dict[tuple[Any, ...], float] = {}
    before = len(faults)
    for row in rows:
        line = f"{path}: line {row['_line']}"
        wholes = [d for d in ("age", "year", "age_start", "age_end") if d in columns]
        wrong = [d for d in wholes if not re.fullmatch(r"-?[0-9]+", row[d])]
        if wrong:
            value_and_name = f"{wrong[0]} '{row[wrong[0]]}'"
            faults.append(fault(line, value_and_name, "a whole number is wanted"))
            continue
        try:
            value = float(row["value"])
        except ValueError:
            faults.append(fault(line, f"value '{row['value']}'", "a number is wanted"))
            continue
        keys = [_label(d, row) for d in dims if d != "age" or not grouped]
        ages = range(int(row["age_start"]), int(row["age_end"]) + 1) if grouped else None
        if ages is not None and not ages:
            span = f"age_start {row['age_start']} above age_end {row['age_end']}"
            faults.append(fault(line, span, "swap them"))
        if not np.isfinite(value):
            faults.append(fault(line, f"value {row['value']}", "a finite number is wanted"))
        for age in ages if ages is not None else (None,):
            full = list(keys)
            if age is not None:
                full.insert(dims.index("age"), age)
            if tuple(full) in cells:
                named = ", ".join(f"{d}={k}" for d, k in zip(dims, full, strict=True))
                faults.append(fault(line, f"{named} stands twice", "keep one of them"))
            cells[tuple(full)] = value
    if len(faults) > before:
        return None
    return _fill(record, path, dims, cells, faults)


def _label(dim: str, row: dict[str, str]) -> Any:
    return int(row[dim]) if dim in ("age", "year") else row[dim]


def _fill(
    record: Record,
    path: Path,
    dims: list[str],
    cells: dict[tuple[Any, ...], float],
    faults: list[str],
) -> xr.DataArray | None:
    coords: dict[str, list[Any]] = {}
    for position, dim in enumerate(dims):
        found = list(dict.fromkeys(key[position] for key in cells))
        coords[dim] = sorted(found) if dim in ("age", "sex", "year") else found
    if "age" in dims:
        low, high = record.ages or (AGES[0], AGES[-1])
        missing = sorted(set(range(low, high + 1)) - set(coords["age"]))
        if missing:
            wrong = f"no value for age {_spans(missing)}"
            faults.append(fault(str(path), wrong, f"cover ages {low} to {high} without a gap"))
            return None
        coords["age"] = list(AGES)
    array = np.full([len(c) for c in coords.values()], np.nan)
    index = [{label: i for i, label in enumerate(c)} for c in coords.values()]
    for key, value in cells.items():
        if any(label not in at for label, at in zip(key, index, strict=True)):
            faults.append(fault(str(path), f"age {key} outside 0..100", "100 means 100 and over"))
            return None
        array[tuple(at[label] for label, at in zip(key, index, strict=True))] = value
    data = xr.DataArray(array, coords, dims)
    if record.ages is not None:
        outside = (data.age < record.ages[0]) | (data.age > record.ages[1])
        data = data.where(~outside, 0.0)
    if np.isnan(data.values).any():
        first = np.argwhere(np.isnan(data.values))[0]
        named = ", ".join(f"{d}={coords[d][i]}" for d, i in zip(dims, first, strict=True))
        faults.append(fault(str(path), f"no row for {named}", "give every combination"))
        return None
    return data


def _spans(numbers: list[int]) -> str:
    return f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]}..{numbers[-1]}"


def _short(parameter: Parameter) -> str:
    data = parameter.data
    if data.size == 1:
        return str(data.values.item())
    return json.dumps([round(float(data.min()), 6), round(float(data.max()), 6)])
