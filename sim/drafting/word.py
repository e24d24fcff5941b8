"""Word documents: what the page shows, in reading order, with what hides in boxes and tracked changes.

Insertions that wait for approval are read and deletions are not, as the page shows them; so are content
controls, equations, symbols, text boxes and tables within tables. Pictures hold no text: they are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.drafting.cells import boxed
from sim.drafting.document import Block, Cell, Document, Paragraph, clean
from sim.packed import MOST_COLUMNS, opened

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = (f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback")
_WRAPS = (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}smartTag", f"{_W}customXml")
_SYMBOLS = {"F0B3": "≥", "F0A3": "≤", "F0B1": "±", "F0B4": "×", "F0A5": "∞"}
"""Signs of the font Symbol, which is how older files hold them."""
_PICTURE = ("本处为图片，其中文字未读", "a picture; what it says is not read")


def read_word(path: Path) -> Document:
    """The document at `path`.

    Raises PlanError for a damaged file.
    """
    with opened(path, "is no .docx file, or damaged", "save it again in Word"):
        import docx

        word = docx.Document(str(path))
        body = word.element.body
        _as_shown(body)
        reader = _Reader()
        blocks = tuple(reader.blocks(body, word))
    return Document(path.name, blocks, tuple(reader.unread))


def _as_shown(body: Any) -> None:
    """Make the tree hold what the page shows, in plain runs."""
    for row in body.xpath(".//w:tr[w:trPr/w:del]"):
        row.getparent().remove(row)
    for element in list(body.iter(*_GONE)):
        element.getparent().remove(element)
    for element in list(body.iter(*_WRAPS)):
        parent = element.getparent()
        at = parent.index(element)
        for n, child in enumerate(list(element)):
            parent.insert(at + n, child)
        parent.remove(element)
    for equation in list(body.iter(f"{_M}oMath")):
        _say(equation, "".join(t.text or "" for t in equation.iter(f"{_M}t")), run=True)
    for symbol in list(body.iter(f"{_W}sym")):
        _say(symbol, _SYMBOLS.get((symbol.get(f"{_W}char") or "").upper(), ""), run=False)


def _say(element: Any, text: str, *, run: bool) -> None:
    """Put a text in place of an element, in a run of its own if it stands outside one."""
    from docx.oxml import OxmlElement

    said: Any = OxmlElement("w:t")
    said.text = text
    whole: Any = said
    if run:
        whole = OxmlElement("w:r")
        whole.append(said)
    element.getparent().replace(element, whole)


class _Reader:
    """Lines counted over the body and all that lies within it; places of pictures."""

    def __init__(self) -> None:
        self.line = 0
        self.unread: list[tuple[str, str, str]] = []

    def blocks(self, container: Any, parent: Any) -> Iterator[Block]:
        """Paragraphs and tables of a body, a cell or a box; what a paragraph holds in boxes behind it."""
        from docx.table import Table as WordTable
        from docx.text.paragraph import Paragraph as WordParagraph

        for element in container.iterchildren(f"{_W}p", f"{_W}tbl"):
            if element.tag == f"{_W}tbl":
                yield from self._table(WordTable(element, parent), parent)
                continue
            for text in WordParagraph(element, parent).text.split("\n"):
                self.line += 1
                if text.strip():
                    yield Paragraph(clean(text).strip(), self.line)
            yield from self._within(element, parent)

    def _within(self, element: Any, parent: Any) -> Iterator[Block]:
        """Pictures and boxes of a paragraph."""
        if element.xpath(
            ".//pic:pic[not(ancestor::w:txbxContent)] | .//w:pict[.//*[local-name()='imagedata']]"
        ):
            self.unread.append((f"line {self.line}", *_PICTURE))
        for box in element.xpath(".//w:txbxContent[not(ancestor::w:txbxContent)]"):
            yield from self.blocks(box, parent)

    def _table(self, table: Any, parent: Any) -> Iterator[Block]:
        rows = []
        inner: list[Any] = []
        seen: set[Any] = set()
        for row in table.rows:
            self.line += 1
            rows.append(list(_cells(row, seen, self.line)))
            for cell in row._tr.tc_lst:
                inner += [e for e in cell.iterchildren(f"{_W}tbl", f"{_W}p") if _holds_more(e)]
        yield from boxed(rows)
        from docx.table import Table as WordTable

        for element in inner:
            if element.tag == f"{_W}tbl":
                yield from self._table(WordTable(element, parent), parent)
            else:
                yield from self._within(element, parent)


def _holds_more(element: Any) -> bool:
    """Whether an element of a cell holds what the cell's text does not."""
    return bool(element.tag == f"{_W}tbl" or element.xpath(".//w:txbxContent | .//pic:pic | .//w:pict"))


def _cells(row: Any, seen: set[Any], line: int) -> Iterator[Cell]:
    """Cells of a row of a Word table; a merged one holds its text where it begins, and is marked after."""
    width = row.grid_cols_before + sum(cell.grid_span for cell in row._tr.tc_lst)
    if width > MOST_COLUMNS:
        raise ValueError(f"a row of {width} columns")
    for _ in range(row.grid_cols_before):
        yield Cell("", line, merged=True)
    for cell in row.cells:
        merged = cell._tc in seen
        seen.add(cell._tc)
        yield Cell("" if merged else clean("".join(cell.text.split("\n"))).strip(), line, merged=merged)
