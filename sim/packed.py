"""Word files, workbooks and PDFs as their libraries open them: damaged and swollen ones refused by name."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import PlanError, fault

MOST_UNPACKED = 500_000_000  # bytes of all parts: a plan of a thousand pages with its pictures holds fewer
MOST_XML = 100_000_000  # bytes of what is text in it, which takes many times as much once it is read
MOST_CELLS = 2_000_000  # of a sheet, from its first to its last
MOST_COLUMNS = 1000  # of a Word table
# what libraries raise where a part of a file is not what its format says
_DAMAGED = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    EOFError,
    SyntaxError,  # of XML
    RuntimeError,  # a password, a method of packing
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
)


@contextmanager
def opened(path: Path, wrong: str, remedy: str, also: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """While a library reads a file.

    also: what else the library raises of a damaged one.
    Raises PlanError, `wrong` and `remedy`, where it is damaged or locked by a password; and before
    anything is unpacked where it would fill the memory.
    """
    from docx.opc.exceptions import PackageNotFoundError
    from openpyxl.utils.exceptions import InvalidFileException

    if path.suffix.lower() != ".pdf":
        _refuse_swollen(path)
    try:
        yield
    except (*_DAMAGED, *also, PackageNotFoundError, InvalidFileException):
        raise PlanError(fault(str(path), wrong, remedy)) from None


def load_book(path: Path, wrong: str, remedy: str, *, formulas: bool = False) -> Any:
    """A workbook with its values, or with the formulas that stand for some.

    Raises PlanError where it is damaged, or where a sheet reaches so far that it would fill the memory.
    """
    import openpyxl

    with opened(path, wrong, remedy):
        book = openpyxl.load_workbook(path, data_only=not formulas)
    for sheet in book.worksheets:
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            reach = f"reaches to row {sheet.max_row}, column {sheet.max_column}"
            raise PlanError(
                fault(f"{path}: {sheet.title}", reach, "delete the empty rows and columns behind the table")
            )
    return book


def _refuse_swollen(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as file:
            parts = file.infolist()
            size = sum(part.file_size for part in parts)
            text = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    except (zipfile.BadZipFile, OSError, ValueError, struct.error):
        return  # told by its library
    for held, most in ((size, MOST_UNPACKED), (text, MOST_XML)):
        if held > most:
            wrong = f"unpacks to {held / 1e6:,.0f} MB"
            raise PlanError(fault(str(path), wrong, f"want {most / 1e6:.0f} MB at most: is it the document?"))
