"""A table in a workbook: its one sheet as rows of text, as the same table in a .csv would give them.

The number that a cell holds is read, not what its format shows.  What a sheet does not say plainly is
refused with its cell: hidden or merged cells, dates, shares shown in per cent, formulas never computed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import ConfigError, PlanError, fault, raise_all
from sim.packed import load_book

NO_BOOK = "is no .xlsx file, or damaged", "save it again in Excel"
_OLD_BOOK, _PACKED = b"\xd0\xcf\x11\xe0", b"PK"
_BEGIN = 512  # bytes that tell what a file is
_WHOLE = 1e15  # up to which a float holds every whole number
_MOST_TOLD = 20  # faults of one workbook


@dataclass
class SheetReader:
    """The rows of a sheet in turn, as csv.reader gives those of a file."""

    title: str
    rows: Iterator[tuple[int, list[str]]]
    line_num: int = 0
    """Of the row given last, as the sheet counts them."""

    def __iter__(self) -> SheetReader:
        return self

    def __next__(self) -> list[str]:
        self.line_num, cells = next(self.rows)
        return cells


def read_sheet(path: Path) -> SheetReader:
    """The rows that hold something of the one sheet of a workbook that does, equally long; a head first.

    Raises ConfigError, with every cell that is refused, for a damaged workbook and one of several tables.
    """
    named_as_it_is(path, ".xlsx")
    try:
        book = load_book(path, *NO_BOOK, formulas=True)
        filled = {sheet.title: sheet for sheet in book.worksheets if any(_cells(sheet))}
        title = one_sheet(path, filled, "leave that of the table alone")
        computed = any(cell.data_type == "f" for cell in _cells(filled[title]))
        values = load_book(path, *NO_BOOK)[title] if computed else filled[title]
    except PlanError as error:
        raise ConfigError(str(error)) from None
    rows = _rows(filled[title], values)
    width = max((n for n, text in enumerate(rows[0][1], start=1) if text)) if rows else 0
    faults = [*_unseen(filled[title]), *_wrong(filled[title], values), *_beside(rows, width)]
    more = [f"{len(faults) - _MOST_TOLD} more cells"] if len(faults) > _MOST_TOLD else []
    raise_all(ConfigError, [f"{path}: sheet '{title}': {f}" for f in [*faults[:_MOST_TOLD], *more]])
    return SheetReader(title, iter([(number, cells[:width]) for number, cells in rows]))


def one_sheet(path: Path, filled: Mapping[str, object], remedy: str) -> str:
    """The name of the one sheet that holds something.  Raises ConfigError where none does, or several."""
    if not filled:
        raise ConfigError(fault(str(path), "no sheet holds anything", "give the workbook with the table"))
    if len(filled) > 1:
        wrong = f"{len(filled)} sheets hold something: {', '.join(filled)}"
        raise ConfigError(fault(str(path), wrong, remedy))
    return next(iter(filled))


def named_as_it_is(path: Path, ending: str) -> None:
    """Raises ConfigError for what offices' programs save under an ending that is another's."""
    with path.open("rb") as file:
        begin = file.read(_BEGIN)
    text = begin.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if begin.startswith(_OLD_BOOK):
        wrong = f"is an old .xls workbook, or has a password, under the name {ending}"
        raise ConfigError(
            fault(str(path), wrong, "open it in Excel and save it as .xlsx, without a password")
        )
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        wrong = f"is a web page under the name {ending}"
        raise ConfigError(fault(str(path), wrong, "open it in Excel and save it as .xlsx"))
    if ending == ".csv" and begin.startswith(_PACKED):
        raise ConfigError(fault(str(path), "is a workbook under the name .csv", "name it .xlsx"))
    if ending == ".xlsx" and begin and not begin.startswith(_PACKED) and b"\0" not in begin:
        raise ConfigError(fault(str(path), "is text under the name .xlsx", "name it .csv, if it is a table"))


def covered(sheet: Any) -> set[tuple[int, int]]:
    """Row and column of each cell that a merged one covers, its first left out."""
    return {
        (row, column)
        for box in sheet.merged_cells.ranges
        for row in range(box.min_row, box.max_row + 1)
        for column in range(box.min_col, box.max_col + 1)
        if (row, column) != (box.min_row, box.min_col)
    }


def hidden(sheet: Any) -> dict[tuple[str, int], str]:
    """Hidden rows (those filtered out too) and columns by number, as messages name them."""
    from openpyxl.utils import get_column_letter

    rows = {("row", n): f"row {n}" for n, held in sheet.row_dimensions.items() if held.hidden}
    spans = [(held.min, held.max) for held in sheet.column_dimensions.values() if held.hidden]
    columns = {n for first, last in spans for n in range(first, min(last, sheet.max_column) + 1)}
    return {**rows, **{("column", n): f"column {get_column_letter(n)}" for n in sorted(columns)}}


def share_shown(cell: Any) -> str:
    """A number formatted in per cent as the sheet shows it; "" for every other cell."""
    value = cell.value
    number = isinstance(value, float | int) and not isinstance(value, bool)
    return f"{round(value * 100, 6):g}%" if number and "%" in str(cell.number_format) else ""


def _cells(sheet: Any) -> Iterator[Any]:
    """The cells that hold something."""
    for row in sheet.iter_rows():
        yield from (cell for cell in row if cell.value is not None and str(cell.value).strip())


def _rows(sheet: Any, values: Any) -> list[tuple[int, list[str]]]:
    """Number and cells of each row that holds something."""
    found = []
    for row in sheet.iter_rows():
        texts = [_text(_valued(cell, values).value) for cell in row]
        if any(texts):
            found.append((row[0].row, texts))
    return found


def _valued(cell: Any, values: Any) -> Any:
    """The cell, or for a formula that which holds what Excel computed of it."""
    return values.cell(cell.row, cell.column) if cell.data_type == "f" else cell


def _text(value: object) -> str:
    """A cell as a .csv has it: 2020 for a whole number, every digit of another."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else repr(value)
    return str(value).strip()


def _wrong(sheet: Any, values: Any) -> Iterator[str]:
    """Cells that do not say plainly what they hold."""
    for told in _cells(sheet):
        cell, at = _valued(told, values), told.coordinate
        if cell.value is None:
            wrong = f"the formula '{getattr(told.value, 'text', told.value):.40}' was never computed"
            yield fault(at, wrong, "open it in Excel and save it, or write the value")
        elif isinstance(cell.value, datetime.date | datetime.time | datetime.timedelta):
            yield fault(at, f"'{cell.value}' is a date", "format the cell as text and write it anew")
        elif cell.data_type == "e":
            yield fault(at, f"'{cell.value}' could not be computed", "write the value")
        elif shown := share_shown(cell):
            wrong = f"'{shown}' is shown, {_text(cell.value)} is held"
            yield fault(at, wrong, "format the cell as a number in the record's unit")


def _unseen(sheet: Any) -> Iterator[str]:
    """Hidden rows and columns that hold something, merged cells, a hidden sheet."""
    if sheet.sheet_state != "visible":
        yield fault("the sheet is hidden", "show it, or give the table that is shown")
    away = hidden(sheet)
    held: dict[tuple[str, int], Any] = {}
    for cell in _cells(sheet):
        held.setdefault(("row", cell.row), cell)
        held.setdefault(("column", cell.column), cell)
    for key in (key for key in away if key in held):
        wrong = f"is hidden and holds '{held[key].value!s:.40}'"
        yield fault(away[key], wrong, "show it, or delete it")
    filled = {(cell.row, cell.column) for cell in _cells(sheet)}
    for box in sheet.merged_cells.ranges:
        if (box.min_row, box.min_col) in filled:
            wrong = f"is one merged cell with '{sheet.cell(box.min_row, box.min_col).value!s:.40}'"
            yield fault(box.coord, wrong, "unmerge it, and write the value into each cell")


def _beside(rows: Sequence[tuple[int, list[str]]], width: int) -> Iterator[str]:
    """Cells to the right of the head, and columns of it without a name."""
    from openpyxl.utils import get_column_letter

    if not rows:
        return
    head, *below = rows
    for column, text in enumerate(head[1][:width], start=1):
        if not text:
            yield fault(f"{get_column_letter(column)}{head[0]}", "''", "name the column, or delete it")
    for number, cells in below:
        for column, text in enumerate(cells[width:], start=width + 1):
            if text:
                wrong = f"'{text:.40}' stands outside the table"
                yield fault(f"{get_column_letter(column)}{number}", wrong, "name its column, or delete it")
