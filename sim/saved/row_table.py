"""The rows of adequacy.csv and adequacy_detail.csv as text: columns, one writer, one reader."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ConfigError, fault, raise_all
from sim.plan.targets import Target
from sim.saved.row import SAID, Row
from sim.writing import listed, number

# field of a target: the column that only a row with a target has
_HELD = {
    "sense": "sense",
    "goal": "goal_model",
    "step": "step",
    "basis": "basis_read",
    "growth": "growth",
    "counted": "counted",
    "stated": "stated",
    "low": "good_low",
    "high": "good_high",
    "since": "plan_base_year",
}
_OF_TARGET = {f.name: f for f in fields(Target)}
_OF_ROW = {f.name: f for f in fields(Row) if f.metadata.get("column", True)}
DETAIL_COLUMNS = tuple(c for name in _OF_ROW for c in (_HELD.values() if name == "held" else (name,)))
COLUMNS = DETAIL_COLUMNS[: DETAIL_COLUMNS.index("reason") + 1]
IDENTITY = ("plan", "region", "scenario", "indicator_id", "name_zh", "name_en", "scope", "year", "unit")
"""Columns that begin the other tables of the plan's rows: basis.csv, revise.csv."""
KEY = ("region", "scenario", "indicator_id", "scope", "year", "location", "unit")
"""What tells a row apart from all others, in those tables too."""
DETAIL = "adequacy_detail.csv"
_EXACT = frozenset(("unit_factor", "goal_model", "step", "good_low", "good_high", "baseline_value", "floor"))


def write(folder: Path, rows: Iterable[Row]) -> None:
    """adequacy.csv and adequacy_detail.csv, the same rows with fewer and with all columns."""
    write_printed(folder, [printed(row) for row in rows])


def write_printed(folder: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    """The same of rows that were `printed` already."""
    for name, columns in (("adequacy.csv", COLUMNS), (DETAIL, DETAIL_COLUMNS)):
        with listed(folder / name, columns) as put:
            for line in lines:
                put([line[c] for c in columns])


def read(folder: Path) -> list[Row]:
    """Rows of a saved run's adequacy_detail.csv.

    Raises ConfigError where the file is not there, or is of an older version.
    """
    path = folder / DETAIL
    if not path.is_file():
        raise ConfigError(fault(str(path), "is not there", "run the experiment again"))
    lines = _lines(path)
    missing = [c for c in DETAIL_COLUMNS if lines and c not in lines[0]]
    if missing:
        raise ConfigError(fault(str(path), f"has no column {missing[0]}", "run the experiment again"))
    return _rows(path, lines)


def read_known(folder: Path) -> list[Row]:
    """The same rows for a picture or a table of any run: what an older version did not write is empty."""
    detail = folder / DETAIL
    path = detail if detail.is_file() else folder / "adequacy.csv"
    if not path.is_file():
        raise ConfigError(fault(str(path), "is not there: the run is not whole", "run the experiment again"))
    return _rows(path, _lines(path))


def _rows(path: Path, lines: Sequence[dict[str, str]]) -> list[Row]:
    """A row of each line; ConfigError with every cell that is no number where one must stand."""
    rows, faults = [], []
    for at, line in enumerate(lines, 2):
        try:
            rows.append(row_of(line))
        except ValueError as error:
            faults.append(fault(f"{path}: line {at}", str(error), "a number: run the experiment again"))
    raise_all(ConfigError, faults)
    return rows


def row_of(line: Mapping[str, str]) -> Row:
    """A row from the text of its columns; columns that are not there are empty.

    Raises ValueError, with column and value, for what is no number where one must stand.
    """
    found = {name: _value(name, f, line.get(name, "")) for name, f in _OF_ROW.items() if name != "held"}
    row = Row(**found, notes=[found["reason"]] if found["reason"] else [])
    if line.get(_HELD["goal"]) and row.unit_factor is not None:
        own = {name: _value(column, _OF_TARGET[name], line.get(column, "")) for name, column in _HELD.items()}
        row.held = Target(**own, **{name: getattr(row, column) for name, column in SAID.items()})
    return row


def as_read(lines: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The rows that a reader of these `printed` ones gets: numbers with the digits that are written."""
    return [row_of({column: str(cell) for column, cell in line.items()}) for line in lines]


def _lines(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (csv.Error, UnicodeDecodeError) as error:
        remedy = "it was changed after the run: run the experiment again"
        raise ConfigError(fault(str(path), f"cannot be read: {error}", remedy)) from error


def printed(row: Row) -> dict[str, Any]:
    """All columns of a row as the tables have them."""
    out = {name: _text(name, getattr(row, name)) for name in _OF_ROW if name != "held"}
    for name, column in _HELD.items():
        out[column] = "" if row.held is None else _text(column, getattr(row.held, name))
    return out


def _text(name: str, value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if not isinstance(value, float):
        return value
    if not np.isfinite(value):
        return ""
    if name in _EXACT:
        return repr(value)
    return number(round(value, 6) if abs(value) < 1e6 else value)


def _value(column: str, field_: Field[Any], text: str) -> Any:
    """A cell as its field has it; empty: its default, or none."""
    kind = str(field_.type)
    if kind == "bool":
        return text == "yes"
    if kind == "str":
        return text
    if not text:
        return None if kind == "Number" else 0 if field_.default is MISSING else field_.default
    try:
        return int(text) if kind == "int" else float(text)
    except ValueError:
        raise ValueError(f"{column} '{text:.40}'") from None
