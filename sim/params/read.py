"""Read parameter sets strictly: every record checked, every fault of every file at once."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.errors import ConfigError, ParameterError, fault, raise_all
from sim.params.above import unlike_above
from sim.params.catalogue import Catalogue, read_catalogue
from sim.params.checks import check, check_labels
from sim.params.follow import taken_over
from sim.params.kept import kept_file
from sim.params.once import once
from sim.params.record import Parameter, Record
from sim.params.sources import Source, read_sources
from sim.params.table import read_table
from sim.params.units import unit
from sim.schema import AGES
from sim.strict import version_fault
from sim.textfile import did_you_mean, known_by, read_yaml
from sim.validated import Texts, validated

_NEARLY_YAML = re.compile(r"^[^.~].*\.ya?ml(\.txt)?$", re.IGNORECASE)
_NOT_PARAMETERS = ("region.yaml",)
_TEXTS = Texts(
    missing="every parameter states it",
    remedies={
        "year": "write a year such as 2020, years such as 2015-2020, or all",
        "value": "write one number, or of a method its name",
    },
)
_FOLDERS_KEPT = 64  # in memory; the sets that all places share and those of a province's


def read_sets(root: Path, sets: Sequence[str], log: list[str] | None = None) -> dict[str, Parameter]:
    """Parameters of several sets by dotted name; later sets win, each replacement is logged.

    root: the folder `parameters`.  sets: folder names below it, in order.
    Raises ParameterError with every fault of every file.
    """
    merged, replaced = once(("sets", root, *sets), partial(_merged, root, sets))
    if log is not None:
        log += replaced
    return dict(merged)


def _merged(root: Path, sets: Sequence[str]) -> tuple[dict[str, Parameter], list[str]]:
    """Parameters of several sets, and each replacement."""
    faults: list[str] = list(_shared(root, content(root, root / "sources"))[2])
    merged: dict[str, Parameter] = {}
    log: list[str] = []
    for name in sets:
        folder = root / name
        if not folder.is_dir():
            known = [str(p.relative_to(root)) for p in root.glob("**/") if any(p.glob("*.yaml"))]
            faults.append(fault(str(folder), "no such parameter set", did_you_mean(name, known)))
            continue
        for parameter in _folder(folder, root, faults):
            old = merged.get(parameter.name)
            if parameter.record.partial:
                parameter = _completed(parameter, old, faults)
            merged[parameter.name] = parameter
            if old is None:
                continue
            if wrong := unlike_above(parameter, old, merged):
                faults.append(wrong)
            if not old.is_computed:
                log.append(f"{parameter.name}: {_short(old)} -> {_short(parameter)} ({name})")
            try:
                merged[parameter.name] = taken_over(parameter, old)
            except ParameterError as error:
                faults.append(str(error))
    raise_all(ParameterError, faults)
    return merged, log


def _completed(parameter: Parameter, below: Parameter | None, faults: list[str]) -> Parameter:
    """A partial record with the labels it does not give taken from the set below."""
    place = f"{parameter.file}: {parameter.name.partition('.')[2]}"
    if below is None or set(below.data.dims) != set(parameter.data.dims) or not parameter.data.dims:
        wrong = "partial, but no set below gives it" if below is None else "other dims than the set below"
        faults.append(fault(place, wrong, "give every label, and leave `partial` out"))
        return parameter
    before = len(faults)
    for dim in parameter.data.dims:
        known = [str(v) for v in below.data[dim].values]
        for label in (str(v) for v in parameter.data[dim].values if str(v) not in known):
            faults.append(fault(f"{place}.{dim}", f"'{label}' is unknown", did_you_mean(label, known)))
    if len(faults) > before:
        return parameter
    data = parameter.data.combine_first(below.data).sel(below.data.coords).transpose(*below.data.dims)
    digest = hashlib.sha256(f"{below.hash}{parameter.hash}".encode()).hexdigest()
    return replace(parameter, data=data, hash=digest)


def read_set(folder: Path, root: Path | None = None) -> dict[str, Parameter]:
    """Parameters of one folder by dotted name.

    Raises ParameterError with every fault of every file in it.
    """
    faults: list[str] = [] if root is None else list(_shared(root, content(root, root / "sources"))[2])
    found = {p.name: p for p in _folder(folder, root, faults)}
    raise_all(ParameterError, faults)
    return found


def read_file(path: Path, root: Path | None = None) -> dict[str, Parameter]:
    """Parameters of one file by dotted name.

    Raises ParameterError with every fault of the file.
    """
    beside = None if root is None else _shared(root, content(root, root / "sources"))
    sources, catalogue, wrong = (None, Catalogue(), ()) if beside is None else beside
    faults = list(wrong)
    found = {p.name: p for p in _read_file(path, sources, catalogue, faults)}
    raise_all(ParameterError, faults)
    return found


def content(*folders: Path) -> str:
    """Hash of the files in some folders (not below them), names and bytes."""
    return once(("content", *folders), partial(_content, folders))


def _content(folders: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        with os.scandir(folder) if folder.is_dir() else nullcontext(()) as entries:
            files = [(entry.name, entry.stat().st_size) for entry in entries if entry.is_file()]
        for name, size in sorted(file for file in files if "." in file[0]):
            digest.update(f"{name}{size}\n".encode())
            digest.update(known_by(folder / name))
    return digest.hexdigest()


def _folder(folder: Path, root: Path | None, faults: list[str]) -> list[Parameter]:
    """Parameters of a folder, read once while its files and those shared by all are the same."""
    shared = [] if root is None else [root, root / "sources", root / "national"]
    found, wrong = _kept_folder(folder, root, content(folder, *shared))
    faults += wrong
    return list(found)


@lru_cache(maxsize=_FOLDERS_KEPT)
def _kept_folder(
    folder: Path, root: Path | None, files: str
) -> tuple[tuple[Parameter, ...], tuple[str, ...]]:
    alike = _alike(files, root is None)
    if alike:
        return tuple(replace(p, file=folder / p.file.name) for p in alike[0]), ()
    beside = "" if root is None else content(root, root / "sources")
    sources, catalogue, _ = (None, Catalogue(), ()) if root is None else _shared(root, beside)
    faults: list[str] = []
    found = tuple(_read_folder(folder, sources, catalogue, f"{beside}{catalogue.patterns_key}", faults))
    if not faults:
        alike.append(found)
    return found, tuple(faults)


@lru_cache(maxsize=_FOLDERS_KEPT)
def _alike(files: str, alone: bool) -> list[tuple[Parameter, ...]]:
    """What was read without a fault of a folder with these files, wherever it lies; nothing at first.

    Working folders of one process are mostly copies, which differ in few files.
    """
    return []


@lru_cache(maxsize=_FOLDERS_KEPT)
def _shared(root: Path, _content: str) -> tuple[dict[str, Source], Catalogue, tuple[str, ...]]:
    """Sources and catalogue of a folder `parameters`, and what is wrong with them."""
    faults: list[str] = []
    return read_sources(root, faults), read_catalogue(root, faults), tuple(faults)


def _read_folder(
    folder: Path, sources: dict[str, Source] | None, catalogue: Catalogue, shared: str, faults: list[str]
) -> list[Parameter]:
    found: list[Parameter] = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".yaml" and path.name not in _NOT_PARAMETERS:
            found += kept_file(path, shared, partial(_read_file, path, sources, catalogue), faults)
        elif path.suffix != ".yaml" and _NEARLY_YAML.search(path.name):
            faults.append(fault(str(path), "would not be read", "its name must end in .yaml"))
    return found


def _read_file(
    path: Path, sources: dict[str, Source] | None, catalogue: Catalogue, faults: list[str]
) -> list[Parameter]:
    try:
        content = read_yaml(path)
    except ConfigError as error:
        faults.append(str(error))
        return []
    if not isinstance(content, dict) or set(content) != {"schema", "parameters"}:
        keys = sorted(map(str, content)) if isinstance(content, dict) else content
        faults.append(fault(str(path), f"top level is {keys}", "want 'schema' and 'parameters'"))
        return []
    faults += version_fault(content["schema"], path)
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
        record = validated(Record, raw, str(path), faults, (key,), _TEXTS)
        if record is None:
            continue
        if sources is not None and record.source not in sources:
            remedy = did_you_mean(record.source, list(sources))
            faults.append(fault(f"{place}.source", f"'{record.source}' is not listed", remedy))
        before = len(faults)
        data, digest = _values(record, path, key, catalogue, faults)
        if len(faults) == before and data is not None:
            name = f"{path.stem}.{key}"
            limits, role = catalogue.limits.get(name), catalogue.roles.get(name)
            if catalogue.limits and limits is None and record.kind != "method":
                faults.append(no_parameter(place, name, catalogue.limits))
            found.append(Parameter(name, record, data, path, digest, limits=limits, role=role))
    return found


def no_parameter(place: str, name: str, known: Collection[str]) -> str:
    """A record that nothing reads: a name misspelt, or a file copied under another name."""
    near = did_you_mean(name, list(known))
    if not near.startswith("did you mean"):
        near = "one that your own code reads gets its row in limits.csv"
    return fault(place, f"no parameter '{name}': nothing reads it", near)


def _values(
    record: Record, path: Path, key: str, catalogue: Catalogue, faults: list[str]
) -> tuple[xr.DataArray | None, str]:
    place, name = f"{path}: {key}", f"{path.stem}.{key}"
    digest = hashlib.sha256(record.model_dump_json().encode())
    if record.kind == "method":
        return xr.DataArray(str(record.value)), digest.hexdigest()
    if record.computed is not None:
        return xr.DataArray(np.nan), digest.hexdigest()
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
        place = f"{table} ({key})"
        data, pattern = read_table(record, name, table, catalogue, faults)
        for file in (table, pattern):
            if file is not None and file.is_file():
                digest.update(known_by(file).replace(b"\r\n", b"\n"))  # as a checkout on Windows ends lines
    if data is None:
        return None, ""
    if not np.isfinite(data.values).all():
        faults.append(fault(place, "holds a value that is not a finite number", "state it"))
        return None, ""
    if record.table is None:
        data = check_labels(record, name, data, place, catalogue, faults)
    data = data.copy(data=data.values.astype(float) * unit(record.unit).factor)
    check(record, name, data, f"{path}: {key}" if record.table is None else place, catalogue, faults)
    return data, digest.hexdigest()


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


def _short(parameter: Parameter) -> str:
    data = parameter.data
    if data.size == 1:
        return str(data.values.item())
    return json.dumps([round(float(data.min()), 6), round(float(data.max()), 6)])
