"""Tables of a PDF page that no lines are drawn around: columns found by the gaps in their lines of text.

A line that reads as a table's head opens one.  The lines below belong to it as long as none of their pieces
reaches over two columns; a line without a figure goes on with a cell of the row above, or, where the lines
of a row stand closer together than the rows do, with the row it stands close to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sim.drafting.cells import HEAD, numeric

_GAP = 0.6  # of the size of a letter: a wider blank parts two cells
_LEAST = 3  # columns, and rows, of a table
_NEXT_LINE, _FAR = 1.6, 5.0  # of the size of a letter: steps of one line, and what ends a table
_CLOSER = 1.25  # rows stand apart where the widest step between lines is so many times the narrowest


@dataclass(frozen=True)
class _Piece:
    """Text of a line without a wide blank in it, from `x0` to `x1`."""

    text: str
    x0: float
    x1: float


def unruled_tables(lines: Sequence[dict[str, Any]]) -> list[tuple[float, list[list[str]], int, int]]:
    """Tables among the lines of a page (pdfplumber's text lines): top, rows of cells, first and last line."""
    found = []
    at = 0
    while at < len(lines):
        rows, after = _table(lines, at)
        if len(rows) > _LEAST:
            found.append((float(lines[at]["top"]), rows, at, after - 1))
            at = after
        else:
            at += 1
    return found


def _table(lines: Sequence[dict[str, Any]], at: int) -> tuple[list[list[str]], int]:
    head = _pieces(lines[at])
    named = sum(bool(HEAD.fullmatch(re.sub(r"\s", "", p.text))) for p in head)
    if len(head) < _LEAST or named < len(head) - 1:
        return [], at
    columns = [(p.x0, p.x1) for p in head]
    placed = [[(n, p.text) for n, p in enumerate(head)]]
    after = at + 1
    while after < len(lines):
        cells = _placed(_pieces(lines[after]), columns)
        if cells is None or lines[after]["top"] - lines[after - 1]["top"] > _FAR * _size(lines[after]):
            break
        placed.append(cells)
        after += 1
    while len(placed[-1]) == 1 and _stands_off(lines, after - 1) and not numeric(placed[-1][0][1]):
        placed.pop()  # a line of text below the table
        after -= 1
    return _rows(placed, [float(line["top"]) for line in lines[at:after]], len(columns)), after


def _rows(placed: Sequence[list[tuple[int, str]]], tops: Sequence[float], width: int) -> list[list[str]]:
    steps = [b - a for a, b in pairwise(tops)]
    apart = bool(steps) and max(steps) > _CLOSER * min(steps)
    middle = (max(steps) + min(steps)) / 2 if steps else 0.0
    rows: list[list[str]] = []
    for n, cells in enumerate(placed):
        values = len(cells) >= _LEAST and any(numeric(text) for _, text in cells)
        goes_on = steps[n - 1] < middle if n and apart else not values
        if n < 2 or not goes_on:
            rows.append([""] * width)
        for at, text in cells:
            rows[-1][at] += text
    return rows


def _placed(pieces: Sequence[_Piece], columns: list[tuple[float, float]]) -> list[tuple[int, str]] | None:
    """Each piece with its column, which grows to hold it; None where one reaches over two columns."""
    cells = []
    for piece in pieces:
        over = [n for n, (x0, x1) in enumerate(columns) if piece.x0 < x1 and x0 < piece.x1]
        if len(over) > 1:
            return None
        nearest = min(
            range(len(columns)), key=lambda n: max(columns[n][0] - piece.x1, piece.x0 - columns[n][1])
        )
        at = over[0] if over else nearest
        columns[at] = (min(columns[at][0], piece.x0), max(columns[at][1], piece.x1))
        cells.append((at, piece.text))
    return cells or None


def _pieces(line: dict[str, Any]) -> list[_Piece]:
    found: list[_Piece] = []
    for char in line["chars"]:
        if not str(char["text"]).strip():
            continue
        last = found[-1] if found else None
        if last is not None and char["x0"] - last.x1 < _GAP * char["size"]:
            found[-1] = _Piece(last.text + char["text"], last.x0, char["x1"])
        else:
            found.append(_Piece(char["text"], char["x0"], char["x1"]))
    return found


def _stands_off(lines: Sequence[dict[str, Any]], at: int) -> bool:
    return float(lines[at]["top"] - lines[at - 1]["top"]) >= _NEXT_LINE * _size(lines[at])


def _size(line: dict[str, Any]) -> float:
    return float(line["chars"][-1]["size"])
