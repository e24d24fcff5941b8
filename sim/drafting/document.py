"""A document as it lies on the desk: paragraphs and tables, each with its line and place.

Whatever the format, a reader gives the same two things, so that nothing later asks where they come
from.  `line` counts the lines of a text file; of other formats the paragraphs and the rows of tables
in reading order, as the sheet with the document's text in the review workbook shows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sim.errors import PlanError, fault

_LATEX = (
    (r"\\geqslant|\\geq|\\ge\b", "≥"),
    (r"\\leqslant|\\leq|\\le\b", "≤"),
    (r"\\textperthousand|\\permil", "‰"),
    (r"\\times", "×"),
    (r"\\%", "%"),
    (r"\\sim", "~"),
    (r"\$", ""),
)
_WIDE = {ord("０") + n: str(n) for n in range(10)} | {ord("％"): "%"}
_HALF = ((",", "，"), (";", "；"), (r"(?<!\d):(?!\d)", "："), (r"\(", "（"), (r"\)", "）"))


@dataclass(frozen=True)
class Paragraph:
    """A line of running text, and where it stands if a line number does not say it (a page)."""

    text: str
    line: int
    place: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table.  `merged`: it lies in a cell that is merged with the one above or before it.

    `hidden`: the row or column by which its sheet does not show it.
    """

    text: str
    line: int
    place: str = ""
    merged: bool = False
    hidden: tuple[str, ...] = ()


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Rows of one table, all of the same number of cells."""

    rows: tuple[Row, ...]

    @property
    def line(self) -> int:
        """Where the table begins."""
        return self.rows[0][0].line


Block = Paragraph | Table


@dataclass(frozen=True)
class Document:
    """What a document holds, in reading order, and what of it could not be read (`unread`: place, zh, en)."""

    name: str
    blocks: tuple[Block, ...]
    unread: tuple[tuple[str, str, str], ...] = ()

    def paragraphs(self) -> Iterator[Paragraph]:
        """The running text."""
        return (b for b in self.blocks if isinstance(b, Paragraph))

    def tables(self) -> Iterator[Table]:
        """The tables."""
        return (b for b in self.blocks if isinstance(b, Table))

    def lines(self) -> Iterator[tuple[int, str, str]]:
        """Line, place and text of all that was read, a row of a table as one line."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield block.line, block.place, block.text
            else:
                for row in block.rows:
                    yield row[0].line, row[0].place, " | ".join(c.text for c in row)

    def must_hold_numbers(self) -> None:
        """Raises PlanError for a document that holds no text or no number: nothing could be proposed."""
        text = "".join(text for _, _, text in self.lines())
        scans = [place for place, _, _ in self.unread]
        if not text.strip():
            wrong = "holds no text" + (f" ({', '.join(scans[:5])}: pictures)" if scans else "")
            raise PlanError(fault(self.name, wrong, "a scan must be read by OCR first; give text"))
        if not re.search(r"\d|[一二三四五六七八九十百]+(?:张|人|名|个|所|家|项)|百分之", text):
            raise PlanError(
                fault(self.name, "holds no number", "a plan has indicators; give the document with them")
            )


def clean(text: str) -> str:
    """Text without typesetting commands (LaTeX as OCR writes it), bookmarks and odd blanks."""
    if "\\" in text or "$" in text:
        for pattern, meant in _LATEX:
            text = re.sub(pattern, meant, text)
    text = re.sub(r"\[bookmark: [^\]]*\]", "", text).translate(_WIDE)
    text = re.sub(r"(?<=\d)．(?=\d)", ".", re.sub(r"(?<=\d)[－﹣](?=\d)", "-", text))
    for half, full in _HALF:
        text = re.sub(rf"(?<=[\u4e00-\u9fff”%％‰）]){half}|{half}(?=[\u4e00-\u9fff“])", full, text)
    return re.sub(r"[\u00a0\u2002\u2003\u2009\u200b\ufeff]", " ", text)
