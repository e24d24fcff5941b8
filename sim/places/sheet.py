"""A table file as a grid of cells, each with its row and column: .xlsx, or .csv in a named encoding."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

from sim.drafting.document import Cell
from sim.drafting.readers import read_sheets
from sim.errors import ConfigError, fault
from sim.sheets import named_as_it_is, one_sheet
from sim.textfile import did_you_mean, read_text

Grid = list[list[Cell]]
ENCODINGS = {"utf-8": "utf-8-sig", "gbk": "gb18030", "gb18030": "gb18030", "utf-16": "utf-16"}
_LETTERS = 26
_OTHER_MARKS = (";", "\t", "，")
"""What stands between cells where it is not a comma."""


def read_grid(path: Path, encoding: str = "utf-8", sheet: str | None = None, *, said: bool = True) -> Grid:
    """Cells of the table at `path`, all rows equally long; `place` of each is 'row 3, column B'.

    encoding: of a .csv, one of ENCODINGS.  sheet: of a workbook with several that hold something.
    said: whether the command has an option for the encoding.
    Raises ConfigError for another ending, encoding or sheet, PlanError for a damaged workbook.
    """
    ending = path.suffix.lower()
    if path.is_file():
        named_as_it_is(path, ending)
    if ending == ".csv":
        also = ", or say --encoding gb18030 (utf-16)" if encoding == "utf-8" and said else ""
        reader = csv.reader(io.StringIO(read_text(path, ENCODINGS[encoding], also), newline=""), strict=True)
        try:
            rows = [[Cell(text.strip(), n) for text in row] for n, row in enumerate(reader, start=1)]
        except csv.Error as error:
            wrong = f"line {reader.line_num}: {error}"
            raise ConfigError(fault(str(path), wrong, "check commas and quotes")) from None
        _commas(path, rows)
    elif ending == ".xlsx":
        if not path.is_file():
            raise ConfigError(fault(str(path), "no such file", "check the path"))
        rows = _sheet(path, sheet)
    else:
        wrong = f"ends with '{path.suffix}'"
        raise ConfigError(fault(str(path), wrong, "save the table as .xlsx or .csv"))
    width = max((len(row) for row in rows), default=0)
    full = [[*row, *[Cell("", n)] * (width - len(row))] for n, row in enumerate(rows, start=1)]
    return [
        [replace(cell, place=f"row {r}, column {letter(c)}") for c, cell in enumerate(row)]
        for r, row in enumerate(full, start=1)
    ]


def _commas(path: Path, rows: Grid) -> None:
    """Raises ConfigError for a table of one column whose cells hold another mark between figures."""
    for mark in _OTHER_MARKS:
        if rows and all(len(row) <= 1 for row in rows) and sum(mark in c.text for r in rows for c in r) > 1:
            wrong = f"the cells are parted by '{mark}', not by commas"
            raise ConfigError(fault(str(path), wrong, "save it with commas between the cells"))


def _sheet(path: Path, name: str | None) -> Grid:
    filled = {
        title: rows for title, rows in read_sheets(path) if any(cell.text for row in rows for cell in row)
    }
    if name is None or not filled:
        return filled[one_sheet(path, filled, "say which with --sheet")]
    if name not in filled:
        raise ConfigError(fault(str(path), f"no sheet '{name}' with cells", did_you_mean(name, [*filled])))
    return filled[name]


def letter(column: int) -> str:
    """Name of a column counted from 0, as spreadsheets have it."""
    high, low = divmod(column, _LETTERS)
    return (letter(high - 1) if high else "") + chr(ord("A") + low)
