"""Tables inside a text file, where nothing says that they are tables.

They come about when a document is saved or copied as text: a cell a line, each behind a tab (rows parted
by an empty line); cells of a row parted by tabs, bars or blanks; bare cells, one a line (`stacked.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sim.drafting.cells import BINDING, ENDS_CELLS, HEAD, SHORT, numeric, squared
from sim.drafting.document import Block, Cell, Paragraph, Table, clean
from sim.drafting.stacked import stacked_cells

_PARTS = re.compile(r"\t+|\s*[|｜]\s*|\s{2,}|\u3000+")
_RULED = re.compile(r"[|\-:+=\s]+")
_SENTENCE = re.compile(r"[。；！]")


def blocks_of(lines: Sequence[str]) -> list[Block]:
    """Paragraphs and tables of the lines of a text file."""
    found: list[Block] = []
    at = 0
    while at < len(lines):
        for finder in (_tabbed_cells, _parted_rows, stacked_cells):
            table, after = finder(lines, at)
            if table is not None:
                found.append(table)
                at = after
                break
        else:
            text = clean(lines[at]).strip()
            if text:
                found.append(Paragraph(text, at + 1))
            at += 1
    return found


def _tabbed_cells(lines: Sequence[str], at: int) -> tuple[Table | None, int]:
    """A cell a line: each begins with a tab and holds no other; an empty line parts rows."""
    if not _one_cell(lines[at]):
        return None, at
    rows: list[list[Cell]] = [[]]
    texts: list[list[str]] = [[]]
    last, width, n = at, 0, at
    while n < len(lines):
        line = lines[n]
        if _one_cell(line):
            parted = n > at and not lines[n - 1].strip() and lines[n - 1] != "\t"
            if parted and rows[-1] and (len(rows[-1]) >= width or _is_head(texts[-1])):
                width = width or _width_ahead(lines, at)
                rows.append([])
                texts.append([])
            rows[-1].append(Cell(clean(line).strip(), n + 1, merged=not line.strip()))
            texts[-1].append(line.strip())
            last = n
        elif line.strip():
            if ENDS_CELLS.search(line.strip()) and not lines[n - 1].strip():
                break
            if len(line.strip()) > SHORT or (n - last > 2):
                break
            if rows[-1]:
                cell = rows[-1][-1]
                rows[-1][-1] = Cell(cell.text + clean(line).strip(), cell.line)
                last = n
        n += 1
    cells = [r for r in rows if r]
    if len(cells) < 3 or max(len(r) for r in cells) < 3:
        return None, at
    return squared(cells), last + 1


def _width_ahead(lines: Sequence[str], at: int) -> int:
    """Most common number of cells between empty lines, from `at` on."""
    sizes: Counter[int] = Counter()
    size = 0
    for n in range(at, min(at + 400, len(lines))):
        if _one_cell(lines[n]):
            size += 1
        elif not lines[n].strip() and size:
            sizes[size] += 1
            size = 0
        elif lines[n].strip() and len(lines[n]) > SHORT:
            break
    return max((n for n in sizes if n > 2), key=lambda n: (sizes[n], n), default=0)


def _one_cell(line: str) -> bool:
    text = line.rstrip("\r\n")
    return text.startswith("\t") and "\t" not in text[1:] and len(text.strip()) <= SHORT * 2


def _is_head(texts: Sequence[str]) -> bool:
    return any(HEAD.fullmatch(t.replace(" ", "")) for t in texts if t)


def _parted_rows(lines: Sequence[str], at: int) -> tuple[Table | None, int]:
    """Rows of at least three cells, parted by tabs, bars or wide blanks."""
    rows: list[list[Cell]] = []
    last, n = at, at
    while n < len(lines):
        cells = _cells(lines[n])
        if len(cells) >= 3 or (rows and len(cells) == 2 and "\t" in lines[n]):
            rows.append([Cell(clean(c).strip(), n + 1, merged=not c.strip()) for c in cells])
            last = n
        elif (lines[n].strip() and not _RULED.fullmatch(lines[n].strip())) or n - last > 2:
            break
        n += 1
    numbered = sum(any(numeric(c.text) for c in r) for r in rows)
    if len(rows) < 3 or numbered < len(rows) / 2:
        return None, at
    tabs = sum("\t" in lines[r[0].line - 1] for r in rows) > len(rows) / 2
    return squared(rows, behind=tabs), last + 1


def _cells(line: str) -> list[str]:
    text = line.rstrip("\r\n")
    if _SENTENCE.search(text) or not text.strip() or _RULED.fullmatch(text.strip()):
        return []
    if "|" in text:
        return _PARTS.split(text.strip().strip("|"))
    if "\t" in text.strip():
        return text.split("\t")
    wide = [c for c in _PARTS.split(text.strip()) if c]
    return wide if len(wide) >= 3 else _narrow(text)


def _narrow(text: str) -> list[str]:
    """Cells parted by single blanks: a row that ends with the binding kind, a head of known words."""
    joined = re.sub(
        r"(?<=\d)\s+(?=[岁年天])|(?<=[（(/])\s+|\s+(?=[）)/])|(?<=[≥≤<>＞＜])\s+", "", text.strip()
    )
    cells = joined.split()
    row = len(cells) >= 4 and bool(BINDING.fullmatch(cells[-1]))
    head = len(cells) >= 4 and all(HEAD.fullmatch(c) for c in cells)
    return cells if row or head else []
