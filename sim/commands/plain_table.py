"""A plain table of texts, columns aligned; on a terminal too narrow for it, each row below its name.

In a pipe nothing is broken, so that a line stays a row.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence

_LEAST = 20  # places that a line is never narrower than


def width(text: str) -> int:
    """Columns of a terminal that a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table as text; no cell is cut."""
    everything = [tuple(columns), *map(tuple, rows)]
    sizes = [max(width(r[i]) for r in everything) for i in range(len(columns))]
    room = _columns()
    if room is not None and sum(sizes) + 2 * (len(sizes) - 1) > room:
        return "\n".join(line for row in rows for line in _record(columns, row, max(room, _LEAST)))
    lines = [
        "  ".join(c + " " * (n - width(c)) for c, n in zip(r, sizes, strict=True)).rstrip()
        for r in everything
    ]
    return "\n".join([lines[0], "  ".join("-" * n for n in sizes), *lines[1:]])


def _columns() -> int | None:
    """Those of the terminal, or what COLUMNS says; None in a pipe that nothing is said of."""
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS"):
        return None
    return shutil.get_terminal_size().columns


def _record(columns: Sequence[str], row: Sequence[str], room: int) -> Iterator[str]:
    """A row: its name, then its cells with their headings, as many to a line as fit."""
    yield from _fold(row[0], room, "")
    line = ""
    for head, cell in zip(columns[1:], row[1:], strict=True):
        if not cell:
            continue
        part = f"{head}: {cell}"
        if line and width(line) + 2 + width(part) > room:
            yield line
            line = ""
        if line:
            line += f"; {part}" if width(line) + 2 + width(part) <= room else ""
        elif width(part) + 2 <= room:
            line = f"  {part}"
        else:
            yield from _fold(part, room, "  ")
    if line:
        yield line


def _fold(text: str, room: int, indent: str) -> Iterator[str]:
    """A text in lines that fit: between words where it has any, else between letters."""
    line = indent
    for word in re.split(r"(?<=\s)", text):
        for piece in [word] if width(word) + len(indent) <= room else list(word):
            if width(line) + width(piece) > room:
                yield line.rstrip()
                line = indent
                piece = piece.lstrip()
            line += piece
    if line.strip():
        yield line.rstrip()
