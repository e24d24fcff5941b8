"""`parameters/` described as a Frictionless data package: each table with its columns and sources.

Data Package specification, https://datapackage.org/standard/data-package/ : a resource for each CSV file and
each workbook that holds a table, a field with its type for each column, title, unit and source of the record
that a table belongs to.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from sim.catalogue.columns import HEADS
from sim.config import find_root
from sim.errors import ConfigError, raise_all
from sim.params import read_sources
from sim.params.sources import Source
from sim.sheets import read_sheet
from sim.writing import whole

FILE: Final = "datapackage.json"
_CODE = re.compile(r"0[0-9]+")  # what a number would lose its beginning of
_WHOLE = re.compile(r"-?[0-9]+")
_NUMBER = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_CODES = ("region", "code", "province", "prefecture")
_BOOK = ".xlsx"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LICENCES = [{"name": "Apache-2.0", "path": "https://www.apache.org/licenses/LICENSE-2.0"}]


def write_data_package(start: Path) -> Path:
    """Write parameters/datapackage.json of the working folder at or above `start`.

    Raises ConfigError where there is none, or where its list of sources is wrong.
    """
    root = find_root(start) / "parameters"
    path = root / FILE
    with whole(path) as part:
        part.write_text(_text(data_package(root)), encoding="utf-8")
    return path


def _text(package: Mapping[str, Any]) -> str:
    """JSON with a resource a line, so that a changed table changes a line."""
    resources = ",\n".join(json.dumps(r, ensure_ascii=False) for r in package["resources"])
    head = json.dumps({**package, "resources": []}, ensure_ascii=False, indent=1)
    return head.replace('"resources": []', f'"resources": [\n{resources}\n ]') + "\n"


def data_package(root: Path) -> dict[str, Any]:
    """The package of a folder `parameters`, the same for the same files."""
    faults: list[str] = []
    sources = read_sources(root, faults)
    raise_all(ConfigError, faults)
    records = dict(_tables(root))
    files = {p for p in root.rglob("*.csv*") if p.suffix in (".csv", ".gz")}
    named = {p for p in records if p.suffix.lower() == _BOOK and p.is_file()}
    files |= named | set(root.rglob(f"observed{_BOOK}"))
    return {
        "name": "healthplan-parameters",
        "title": "healthplan: parameters, censuses and plans of Chinese places",
        "description": "Each figure's unit, year, basis, quality and range stand in the YAML file beside "
        "its table; NOTICE names the licences of others.",
        "licenses": _LICENCES,
        "resources": [_resource(path, root, records.get(path, ()), sources) for path in sorted(files)],
    }


def _tables(root: Path) -> Iterator[tuple[Path, list[Mapping[str, Any]]]]:
    """Each table that records name, with these records."""
    found: dict[Path, list[Mapping[str, Any]]] = {}
    for path in sorted(root.rglob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        parameters = content.get("parameters") if isinstance(content, dict) else None
        for record in parameters.values() if isinstance(parameters, dict) else ():
            if isinstance(record, dict) and record.get("table"):
                found.setdefault(path.parent / str(record["table"]), []).append(record)
    yield from found.items()


def _resource(
    path: Path, root: Path, records: Iterable[Mapping[str, Any]], sources: Mapping[str, Source]
) -> dict[str, Any]:
    place = path.relative_to(root).as_posix()
    packed = path.suffix == ".gz"
    resource: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9]+", "-", place.removesuffix(".gz").removesuffix(".csv").lower()),
        "path": place,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
    }
    if path.suffix.lower() == _BOOK:
        resource |= {"format": "xlsx", "mediatype": _BOOK_TYPE}
        # by its text, as the model reads it: a year or a code may be a number or a text
        resource["dialect"] = {"excel": {"sheet": read_sheet(path).title, "stringified": True}}
    if packed:
        resource["compression"] = "gz"
    for record in records:
        names = record["name"]
        resource["title"] = f"{names['en']} / {names['zh']}"
        notes = (f"unit: {record['unit']}", f"quality {record['quality']}", record.get("note", ""))
        resource["description"] = "; ".join(note for note in notes if note)
        resource["sources"] = [_source(sources[record["source"]])]
    resource["schema"] = {"fields": _fields(path, packed)}
    return resource


def _source(source: Source) -> dict[str, str]:
    said = {"title": f"{source.title.en} / {source.title.zh}"}
    return {**said, "path": source.url} if source.url else said


def _fields(path: Path, packed: bool) -> list[dict[str, str]]:
    """A field for each column: name, type, title where tables call it something."""
    if path.suffix.lower() == _BOOK:
        head, *rows = read_sheet(path)
    else:
        data = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
        head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    fields = []
    for column, name in enumerate(head):
        cells = {row[column] for row in rows if column < len(row)} - {""}
        field = {"name": name, "type": "string" if name in _CODES else _type(cells)}
        if name in HEADS:
            field["title"] = " / ".join(reversed(HEADS[name]))
        fields.append(field)
    return fields


def _type(cells: Iterable[str]) -> str:
    """The narrowest type that holds every cell; a code that begins with 0 is text."""
    kinds = {
        "string"
        if _CODE.fullmatch(cell)
        else "integer"
        if _WHOLE.fullmatch(cell)
        else "number"
        if _NUMBER.fullmatch(cell)
        else "string"
        for cell in cells
    }
    return next((kind for kind in ("string", "number", "integer") if kind in kinds), "string")
