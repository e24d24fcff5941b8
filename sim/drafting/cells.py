"""What cells of a table look like when nothing says that they are cells, and rows made equally long."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sim.drafting.document import Block, Cell, Paragraph, Row, Table

SHORT = 60  # characters: longer lines are sentences, no cells
HEAD = re.compile(
    r"(序号|指标(?:名称|类别|属性|性质|值|要求)?|主要指标|类别|分类|领域|单位|计量单位|属性|性质|"
    r".{0,8}(?:19|20)\d\d年?.{0,8}|目标值?|现状值?|基期值?|“?十[一二三四五六]五”?.{0,6}|备注)(?:[（(].{1,12}[）)])?"
)
BINDING = re.compile(r"(约束|预期|指导|引导)性?")
NO_VALUE = re.compile(r"[-—–－/／.…]{1,4}")
ENDS_CELLS = re.compile(r"^[（(][一二三四五六七八九十]+[）)]|^专栏|[。；]|：$")


def numeric(text: str) -> bool:
    """Whether a cell holds a figure, or the dash where there is none."""
    return (bool(re.search(r"\d", text)) and len(text) < 20) or bool(NO_VALUE.fullmatch(text))


def squared(rows: Sequence[Sequence[Cell]], width: int = 0, *, behind: bool = False) -> Table | None:
    """A table of rows of `width`, or of the most common length.

    A shorter row of the body is filled before (what is missing is a merged category) or `behind`; a head
    behind.  What a longer row has too much stands in its last cell; of a head, nothing stands below it.
    """
    lengths = Counter(len(r) for r in rows)
    width = width or max(lengths, key=lambda n: (lengths[n], n))
    if width < 2:
        return None
    full: list[Row] = []
    for row in rows:
        cells = list(row[:width])
        head = not full and any(HEAD.fullmatch(re.sub(r"\s", "", c.text)) for c in cells)
        rest = [c.text for c in row[width:] if c.text and not head]
        if rest:
            cells[-1] = Cell(" ".join([cells[-1].text, *rest]), cells[-1].line, cells[-1].place)
        gap = [Cell("", cells[0].line, cells[0].place)] * (width - len(cells))
        full.append(tuple([*cells, *gap] if head or behind else [*gap, *cells]))
    return Table(tuple(full))


def boxed(rows: list[list[Cell]]) -> list[Block]:
    """A table; or, where it is a frame around text (a box of one column), its text as paragraphs."""
    filled = [r for r in rows if any(c.text for c in r)]
    if not filled:
        return []
    broad = [sum(1 for c in r if c.text) for r in filled]
    table = squared(filled) if sum(n > 1 for n in broad) > 1 or max(broad) > 2 else None
    if table is not None:
        return [table]
    return [Paragraph(c.text, c.line, c.place) for r in filled for c in r if c.text]
