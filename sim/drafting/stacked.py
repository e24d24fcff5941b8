"""Tables that were copied as bare cells, one a line, under the words of a head.

How long a row is follows from the head; where cells are missing, from the number or the binding kind
that a row begins or ends with, or from where its figures stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sim.drafting.cells import BINDING, ENDS_CELLS, HEAD, SHORT, numeric, squared
from sim.drafting.document import Cell, Table, clean

_Line = tuple[str, int]


def stacked_cells(lines: Sequence[str], at: int) -> tuple[Table | None, int]:
    """The table whose head begins at `at`, and the line after it; none where no such head stands."""
    head, n = _head_lines(lines, at)
    titles = [t for t, _ in head]
    named = any("指标" in t or "名称" in t for t in titles)
    if len(head) < 3 or not named or not any(re.search(r"\d{4}|目标|现状|五", t) for t in titles):
        return None, at
    body: list[_Line] = []
    while n < len(lines):
        text = clean(lines[n]).strip()
        if text and (len(text) > SHORT or ENDS_CELLS.search(text) or _new_section(text, body)):
            break
        if text:
            body.append((text, n + 1))
        n += 1
    rows = list(_with_categories(_rows(body, titles), len(head)))
    if len(rows) < 2:
        return None, at
    return squared([[Cell(t, k) for t, k in head], *rows], len(head)), n


def _new_section(text: str, body: Sequence[_Line]) -> bool:
    """三、重点任务 behind a row is a heading; 一、健康水平 at the beginning of one is a category."""
    return (
        bool(re.match(r"[一二三四五六七八九十]+、", text))
        and bool(re.search(r"任务|措施|保障|目标|总体|要求|重点|建设|体系|加强|实施", text))
        and bool(body)
    )


def _head_lines(lines: Sequence[str], at: int) -> tuple[list[_Line], int]:
    head: list[_Line] = []
    n = at
    while n < len(lines):
        text = clean(lines[n]).strip()
        if text and not (len(text) <= 20 and HEAD.fullmatch(text.replace(" ", ""))):
            break
        if text:
            head.append((text, n + 1))
        n += 1
    return head, n


def _rows(body: Sequence[_Line], head: Sequence[str]) -> list[list[Cell]]:
    if any("序号" in t for t in head):
        return _by_number(body)
    if any(re.search(r"属性|性质", t) for t in head[-2:]):
        return _by_end(body)
    return _by_length(body, head)


def _by_number(body: Sequence[_Line]) -> list[list[Cell]]:
    """A row begins with the next number."""
    rows: list[list[Cell]] = [[]]
    number = 1
    for text, line in body:
        if text == str(number):
            rows.append([])
            number += 1
        elif rows[-1] and BINDING.fullmatch(rows[-1][-1].text):
            rows.append([])
        rows[-1].append(Cell(text, line))
    return [r for r in rows if r]


def _by_end(body: Sequence[_Line]) -> list[list[Cell]]:
    """A row ends with the binding kind."""
    rows: list[list[Cell]] = [[]]
    for text, line in body:
        rows[-1].append(Cell(text, line))
        if BINDING.fullmatch(text):
            rows.append([])
    return [r for r in rows if r]


def _by_length(body: Sequence[_Line], head: Sequence[str]) -> list[list[Cell]]:
    """A row is as long as the head, but for the category, which only the first row under it has.

    It is there where a name follows: where the second cell is neither a figure nor the unit.
    """
    first = next((n for n, t in enumerate(head) if re.search(r"类别|分类|领域", t)), -1)
    unit = any("单位" in t for t in head)
    rows: list[list[Cell]] = []
    at = 0
    while at < len(body):
        width = len(head)
        second = body[at + 1][0] if at + 1 < len(body) else ""
        third = body[at + 2][0] if at + 2 < len(body) else ""
        without = numeric(third) if unit else numeric(second)
        if first >= 0 and without:
            width -= 1
        rows.append([Cell(text, line) for text, line in body[at : at + width]])
        at += width
    return rows


def _with_categories(rows: Sequence[list[Cell]], width: int) -> Iterator[list[Cell]]:
    """Rows; what one has too much at its beginning is a category and a row of its own."""
    for cells in rows:
        extra = max(len(cells) - width, 0)
        yield from ([c] for c in cells[:extra])
        yield cells[extra:]
