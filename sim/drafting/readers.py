"""Documents of offices: .txt, .docx, .xlsx, .pdf with text, each read into the same paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.drafting.cells import boxed
from sim.drafting.document import Block, Cell, Document, Paragraph, Table, clean
from sim.drafting.grid import blocks_of
from sim.drafting.unruled import unruled_tables
from sim.drafting.word import read_word
from sim.errors import PlanError, fault
from sim.packed import load_book, opened
from sim.sheets import NO_BOOK, covered, hidden, share_shown

_MOST_BYTES = 100_000_000
_ENCODINGS = ("utf-8-sig", "gb18030")
_PAGE_NUMBER = re.compile(r"[\s\-—–·第页/共]*\d{1,4}[\s\-—–·第页/共\d]*")
_ENDS = re.compile(r"[。；：！？]$")


def read_document(path: Path) -> Document:
    """The document at `path`, by its ending.

    Raises PlanError for a missing, empty, damaged or unknown file, and for one without any number.
    """
    reader = _READERS.get(path.suffix.lower())
    if not path.is_file():
        raise PlanError(fault(str(path), "is no file", "give a .docx, .pdf, .xlsx or .txt"))
    if reader is None:
        known = ", ".join(_READERS)
        wrong = f"ends with '{path.suffix}'"
        raise PlanError(fault(str(path), wrong, f"one of {known}; save a .doc as .docx, an .xls as .xlsx"))
    size = path.stat().st_size
    if size == 0 or size > _MOST_BYTES:
        raise PlanError(fault(str(path), f"holds {size} bytes", "give the document itself"))
    document = reader(path)
    document.must_hold_numbers()
    return document


def _text(path: Path) -> Document:
    raw = path.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    elif raw[:400].count(b"\0") > 40:
        encodings = ("utf-16-le" if raw[1:2] == b"\0" else "utf-16-be",)
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            lines = raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        except UnicodeDecodeError:
            continue
        return Document(path.name, tuple(blocks_of(lines)))
    raise PlanError(fault(str(path), "is not text in UTF-8, UTF-16 or GBK", "save it as UTF-8"))


def _xlsx(path: Path) -> Document:
    blocks: list[Block] = []
    for _, rows in read_sheets(path):
        blocks += boxed(rows)
    return Document(path.name, tuple(blocks))


def read_sheets(path: Path) -> Iterator[tuple[str, list[list[Cell]]]]:
    """Title and rows of each sheet of a workbook, as they stand: empty cells too.

    Raises PlanError for a damaged file.
    """
    book = load_book(path, *NO_BOOK)
    line = 0
    for sheet in book.worksheets:
        inside, unseen = covered(sheet), hidden(sheet)
        rows = []
        for row in sheet.iter_rows():
            line += 1
            rows.append(
                [
                    Cell(
                        clean(_shown(cell)).strip(),
                        line,
                        f"{sheet.title}!{cell.coordinate}",
                        (cell.row, cell.column) in inside,
                        tuple(
                            unseen[key]
                            for key in (("row", cell.row), ("column", cell.column))
                            if key in unseen
                        ),
                    )
                    for cell in row
                ]
            )
        yield sheet.title, rows


def _shown(cell: Any) -> str:
    """A cell as the sheet shows it: a share formatted in per cent is one."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float | int) and not isinstance(value, bool):
        if share := share_shown(cell):
            return share
        digits = re.fullmatch(r"0\.(0+)_?\s?", str(cell.number_format))
        if digits:
            return f"{value:.{len(digits[1])}f}"
        return f"{round(value, 9):.10g}"
    return "".join(str(value).split("\n"))


def _pdf(path: Path) -> Document:
    import logging

    import pdfplumber
    from pdfplumber.utils.exceptions import PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # what it repairs of a font moves no text
    blocks: list[Block] = []
    unread: list[tuple[str, str, str]] = []
    line = 0
    with opened(path, "is no PDF file, or damaged", "save it again", (PdfminerException,)):
        with pdfplumber.open(path) as pdf:
            for number, page in enumerate(pdf.pages, start=1):
                place = f"p.{number}"
                if not page.chars:
                    unread.append(
                        (place, "本页无文字（扫描件或图片），未读", "no text on this page (a scan), not read")
                    )
                    continue
                line = _page(page, place, line, blocks)
    return Document(path.name, tuple(blocks), tuple(unread))


def _page(page: Any, place: str, line: int, blocks: list[Block]) -> int:
    """Add a page's paragraphs and tables in reading order; returns the last line."""
    found = [
        t for t in page.find_tables() if max(len(r.cells) for r in t.rows) > (1 if len(t.rows) > 1 else 2)
    ]
    rest = page
    for table in found:
        rest = rest.outside_bbox(_inside(table.bbox, page.bbox))
    lines = rest.extract_text_lines()
    pieces: list[tuple[float, Any]] = [(t.bbox[1], t.extract()) for t in found]
    for top, cells, first, last in reversed(unruled_tables(lines)):
        pieces.append((top, cells))
        del lines[first : last + 1]
    pieces += [(words["top"], words) for words in lines]
    width = max((p["x1"] for _, p in pieces if isinstance(p, dict)), default=0.0)
    wrapped = False
    for _, piece in sorted(pieces, key=lambda p: p[0]):
        if isinstance(piece, dict):
            text = clean(piece["text"]).strip()
            if not text or _PAGE_NUMBER.fullmatch(text):
                continue
            before = blocks[-1] if blocks else None
            if wrapped and isinstance(before, Paragraph):
                blocks[-1] = Paragraph(before.text + text, before.line, before.place)
            else:
                line += 1
                blocks.append(Paragraph(text, line, place))
            size = piece["chars"][-1]["size"]
            wrapped = piece["x1"] > width - 2 * size and not _ENDS.search(text)
            continue
        wrapped = False
        rows = []
        for cells in piece:
            line += 1
            rows.append(
                [Cell(clean("".join((c or "").split("\n"))).strip(), line, place, c is None) for c in cells]
            )
        for block in boxed(rows):
            before = blocks[-1] if blocks else None
            if isinstance(block, Table) and isinstance(before, Table) and _goes_on(before, block):
                blocks[-1] = _joined(before, block)
            else:
                blocks.append(block)
    return line


def _goes_on(before: Table, table: Table) -> bool:
    """Whether a table is the one before it, cut by the end of a page: as many columns, another page."""
    return len(before.rows[0]) == len(table.rows[0]) and before.rows[-1][0].place != table.rows[0][0].place


def _joined(before: Table, table: Table) -> Table:
    """The two parts as one; a row that the page cut in two is put together."""
    last, first = before.rows[-1], table.rows[0]
    rest = [c for c in first if c.text]
    cut = len(rest) < len([c for c in last if c.text]) and not any(
        c.text and not last[n].text for n, c in enumerate(first)
    )
    whole = not any(re.fullmatch(r"[\d.≥≤<>＜＞%‰]+", c.text) for c in rest)
    if not (cut and whole):
        return Table((*before.rows, *table.rows))
    row = tuple(replace(a, text=a.text + b.text) for a, b in zip(last, first, strict=True))
    return Table((*before.rows[:-1], row, *table.rows[1:]))


def _inside(box: tuple[float, ...], page: tuple[float, ...]) -> tuple[float, ...]:
    return max(box[0], page[0]), max(box[1], page[1]), min(box[2], page[2]), min(box[3], page[3])


_READERS: dict[str, Callable[[Path], Document]] = {
    ".txt": _text,
    ".docx": read_word,
    ".xlsx": _xlsx,
    ".pdf": _pdf,
}
