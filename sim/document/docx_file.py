"""A document as a Word file: numbered captions as SEQ fields, references to them as REF fields."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from sim.catalogue.language import label
from sim.document.blocks import REFERENCE, Document, Heading, Picture, Table, Text
from sim.document.official import TEXT, add_field, set_page
from sim.writing import OFFICE_DATE, whole

CELL_EDGE = 0.7  # mm between a cell's edge and its text
SHORT = 6  # rows of a table that stays on one page
TOGETHER = 3  # rows of a longer one that stand with its head, and with what is below it


def write_docx(document: Document, path: Path) -> Path:
    """Write the file, whole or not at all; same document, same bytes.

    Raises OSError where the disk does not take it.
    """
    file = docx.Document()
    set_page(file, document.lang)
    core = file.core_properties
    core.title = document.title.replace("\n", label("", " ", document.lang))
    core.author, core.last_modified_by = "healthplan", "healthplan"
    core.created = core.modified = OFFICE_DATE
    core.comments, core.language = "", "zh-CN" if document.lang == "zh" else "en-GB"
    file.add_paragraph(document.title, style="Title")
    if document.subtitle:
        file.add_paragraph(document.subtitle, style="Subtitle")
    writer = _Writer(file, document)
    for block in document.blocks:
        writer.write(block)
    buffer = io.BytesIO()
    file.save(buffer)
    with whole(path) as part:
        part.write_bytes(_same_dates(buffer.getvalue()))
    return path


def _same_dates(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, OFFICE_DATE.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()


class _Writer:
    """Puts blocks into the file one after another."""

    def __init__(self, file: Any, document: Document) -> None:
        self.file, self.numbers = file, document.numbers
        self._bookmarks = 0

    def write(self, block: Heading | Text | Table | Picture) -> None:
        """Add one block at the end."""
        if isinstance(block, Heading):
            self.file.add_paragraph(block.text, style=f"Heading {block.level}")
        elif isinstance(block, Text):
            paragraph = self.file.add_paragraph(style="Detail" if block.detail else "Normal")
            if block.lead:
                paragraph.add_run(block.lead).bold = True
            self._referring(paragraph, block.text)
        elif isinstance(block, Picture):
            paragraph = self.file.add_paragraph(style="Picture")
            shape = paragraph.add_run().add_picture(str(block.file), width=Mm(TEXT[0] * block.width))
            shape._inline.docPr.set("descr", block.said or block.caption)
            caption = self._caption(block.key, block.caption)
            caption.paragraph_format.keep_with_next = bool(block.note)
            if block.note:
                self.file.add_paragraph(block.note, style="Note")
        else:
            self._caption(block.key, block.caption)
            self._table(block)

    def _referring(self, paragraph: Any, text: str) -> None:
        at = 0
        for found in REFERENCE.finditer(text):
            paragraph.add_run(text[at : found.start()])
            word, number = self.numbers[found[1]]
            add_field(paragraph, f"REF {_bookmark(found[1])} \\h", f"{word}{number}")
            at = found.end()
        paragraph.add_run(text[at:])

    def _caption(self, key: str, text: str) -> Any:
        """Its word and number, bookmarked for references, then its text."""
        word, number = self.numbers[key]
        paragraph = self.file.add_paragraph(style="Caption")
        self._bookmarks += 1
        for kind in ("Start", "End"):
            mark = OxmlElement(f"w:bookmark{kind}")
            mark.set(qn("w:id"), str(self._bookmarks))
            if kind == "Start":
                mark.set(qn("w:name"), _bookmark(key))
            paragraph._p.append(mark)
            if kind == "Start":
                paragraph.add_run(word)
                add_field(paragraph, f"SEQ {word.strip()} \\* ARABIC", str(number))
        paragraph.add_run(f"\u3000{text}")
        return paragraph

    def _table(self, block: Table) -> None:
        table = self.file.add_table(rows=0, cols=len(block.heads))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _lines(table)
        whole_width = sum(block.widths)
        widths = [Mm(TEXT[0] * w / whole_width) for w in block.widths]
        count = len(block.rows)
        kept = {r for r in range(count + 1) if count <= SHORT or r < TOGETHER or r > count - TOGETHER}
        if not block.note:
            kept.discard(count)
        for r, cells in enumerate([block.heads, *block.rows]):
            row = table.add_row()
            _unbroken(row, head=r == 0)
            for c, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
                cell.width = widths[c]
                paragraph = cell.paragraphs[0]
                paragraph.style = self.file.styles["Cell head" if r == 0 else "Cell"]
                paragraph.add_run(text)
                if r in kept:
                    paragraph.paragraph_format.keep_with_next = True
                if r and c in block.right:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        if block.note:
            self.file.add_paragraph(block.note, style="Note")
        else:  # a little room below a table, which Word else joins to what follows
            self.file.add_paragraph(style="Below")


def _bookmark(key: str) -> str:
    return f"_Ref_{key}"


def _lines(table: Any) -> None:
    """Three lines: thick above and below, thin below the head and between rows."""
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", "12"), ("bottom", "12"), ("insideH", "4")):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    properties.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(round(CELL_EDGE / 25.4 * 1440)))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    properties.append(margins)


def _unbroken(row: Any, *, head: bool) -> None:
    """No row is parted by a page's end; the head stands again on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
