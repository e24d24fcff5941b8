"""Tables inside a text file, where nothing says that they are tables.

Four forms come about when a document is saved or copied as text: a cell a line, each behind a tab (rows
parted by an empty line); cells of a row parted by tabs, bars or wide blanks; and bare cells, one a line,
under a head whose words are known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sim.drafting.document import Block, Cell, Paragraph, Row, Table, clean

_SHORT = 60  # characters: longer lines are sentences, no cells
_PARTS = re.compile(r"\t+|\s*[|｜]\s*|\s{2,}|\u3000+")
_HEAD = re.compile(
    r"(序号|指标(?:名称|类别|属性|性质|值|要求)?|主要指标|类别|分类|领域|单位|计量单位|属性|性质|"
    r".{0,8}(?:19|20)\d\d年?.{0,8}|目标值?|现状值?|基期值?|“?十[一二三四五六]五”?.{0,6}|备注)(?:[（(].{1,12}[）)])?"
)
_BINDING = re.compile(r"(约束|预期|指导|引导)性?")
_SENTENCE = re.compile(r"[。；！]")
_ENDS_CELLS = re.compile(r"^[（(][一二三四五六七八九十]+[）)]|^专栏|[。；]|：$")


def blocks_of(lines: Sequence[str]) -> list[Block]:
    """Paragraphs and tables of the lines of a text file."""
    found: list[Block] = []
    at = 0
    while at < len(lines):
        for finder in (_tabbed_cells, _parted_rows, _stacked_cells):
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


def squared(rows: Sequence[Sequence[Cell]], width: int = 0) -> Table | None:
    """A table of rows of `width`, or of the most common length; shorter ones are filled.

    A head is filled behind, a row of the body before: what is missing there is a merged category.
    """
    lengths = Counter(len(r) for r in rows)
    width = width or max(lengths, key=lambda n: (lengths[n], n))
    if width < 2:
        return None
    full: list[Row] = []
    for row in rows:
        cells = list(row[:width])
        missing = width - len(cells)
        if missing:
            gap = Cell("", cells[0].line, cells[0].place, merged=True)
            head = not any(_numeric(c.text) for c in cells)
            cells = [*cells, *[gap] * missing] if head and not full else [*[gap] * missing, *cells]
        full.append(tuple(cells))
    return Table(tuple(full))


def _numeric(text: str) -> bool:
    return bool(re.search(r"\d", text)) and len(text) < 20


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
            if _ENDS_CELLS.search(line.strip()) and not lines[n - 1].strip():
                break
            if len(line.strip()) > _SHORT or (n - last > 2):
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
        elif lines[n].strip() and len(lines[n]) > _SHORT:
            break
    return max((n for n in sizes if n > 2), key=lambda n: (sizes[n], n), default=0)


def _one_cell(line: str) -> bool:
    text = line.rstrip("\r\n")
    return text.startswith("\t") and "\t" not in text[1:] and len(text.strip()) <= _SHORT * 2


def _is_head(texts: Sequence[str]) -> bool:
    return any(_HEAD.fullmatch(t.replace(" ", "")) for t in texts if t)


def _parted_rows(lines: Sequence[str], at: int) -> tuple[Table | None, int]:
    """Rows of at least three cells, parted by tabs, bars or wide blanks."""
    rows: list[list[Cell]] = []
    last, n = at, at
    while n < len(lines):
        cells = _cells(lines[n])
        if len(cells) >= 3:
            rows.append([Cell(clean(c).strip(), n + 1, merged=not c.strip()) for c in cells])
            last = n
        elif lines[n].strip() or n - last > 2:
            break
        n += 1
    numbered = sum(any(_numeric(c.text) for c in r) for r in rows)
    if len(rows) < 3 or numbered < len(rows) / 2:
        return None, at
    return squared(rows), last + 1


def _cells(line: str) -> list[str]:
    text = line.rstrip("\r\n")
    if _SENTENCE.search(text) or not text.strip() or re.fullmatch(r"[|\-:\s]+", text):
        return []
    if "|" in text:
        return _PARTS.split(text.strip().strip("|"))
    if "\t" in text.strip():
        return text.rstrip("\t").split("\t")
    return [c for c in _PARTS.split(text.strip()) if c]


def _stacked_cells(lines: Sequence[str], at: int) -> tuple[Table | None, int]:
    """Bare cells, one a line, under at least three lines that are words of a head."""
    head, n = _head_lines(lines, at)
    if len(head) < 3 or not any("指标" in t or "名称" in t for t, _ in head):
        return None, at
    if not any(re.search(r"\d{4}|目标|现状|五", t) for t, _ in head):
        return None, at
    body: list[tuple[str, int]] = []
    last = n
    while n < len(lines):
        text = clean(lines[n]).strip()
        if text and (len(text) > _SHORT or _ENDS_CELLS.search(text)):
            break
        if text:
            body.append((text, n + 1))
            last = n
        n += 1
    rows = _rows_of(body, [t for t, _ in head])
    if len(rows) < 2:
        return None, at
    return squared([[Cell(t, k) for t, k in head], *rows], len(head)), last + 1


def _head_lines(lines: Sequence[str], at: int) -> tuple[list[tuple[str, int]], int]:
    head: list[tuple[str, int]] = []
    n = at
    while n < len(lines):
        text = clean(lines[n]).strip()
        if text and not (len(text) <= 20 and _HEAD.fullmatch(text.replace(" ", ""))):
            break
        if text:
            head.append((text, n + 1))
        n += 1
    return head, n


def _rows_of(body: Sequence[tuple[str, int]], head: Sequence[str]) -> list[list[Cell]]:
    """Rows of stacked cells: each begins with its number, or ends with the binding kind, or is full.

    What stands before a row's number, or is too much at its beginning, is a row of its own: a category.
    """
    width = len(head)
    ends = any(re.search(r"属性|性质", t) for t in head[-2:])
    counted = any("序号" in t for t in head)
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    number = 1
    for text, line in body:
        if counted and text == str(number):
            rows += [row] if row else []
            row = []
            number += 1
        row.append(Cell(text, line))
        full = len(row) == width and not ends and not counted
        if (ends and _BINDING.fullmatch(text)) or full:
            rows.append(row)
            row = []
    rows += [row] if row else []
    parted: list[list[Cell]] = []
    for cells in rows:
        extra = max(len(cells) - width, 0) if len(cells) > 1 else 0
        parted += [[c] for c in cells[:extra]] + [cells[extra:]]
    return parted
