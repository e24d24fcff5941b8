"""Tables as workbooks: what stands in a .csv, written by openpyxl with numbers as numbers."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
Sheet = Any
"""A worksheet of openpyxl."""


def book_of(text: str, path: Path, change: Callable[[Sheet], object] | None = None) -> Path:
    """The table of a .csv text as a workbook; `change` is done to its sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    for row in csv.reader(text.splitlines()):
        sheet.append([_cell(cell) for cell in row])
    if change is not None:
        change(sheet)
    path.unlink(missing_ok=True)
    book.save(path)
    return path


def _cell(text: str) -> str | float | int | None:
    """A number where the text is one that Excel would take for one, with every digit kept."""
    if not _NUMBER.fullmatch(text):
        return text or None
    return int(text) if text.lstrip("-").isdigit() else float(text)
