"""A workbook of plain tables: a head, a row a line, texts, numbers and shares; same rows, same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format

from sim.catalogue.columns import Pair
from sim.catalogue.language import Lang, label
from sim.report.book import HEADER, set_pages
from sim.saved.probability_text import number_format
from sim.writing import OFFICE_DATE, whole

Columns = Sequence[tuple[str, Pair, int]]
"""Name in the rows, its word in both languages, width."""
ListedSheet = tuple[str, Columns, Sequence[Mapping[str, str]]]
"""Title, columns, rows."""
FORMATS: Mapping[str, Mapping[str, object]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "share": {"num_format": "0%", "valign": "top"},
    "chance": {"num_format": "0%", "valign": "top"},
    "number": {"num_format": "#,##0.##", "valign": "top"},
}


def write_listed(
    path: Path,
    sheets: Sequence[ListedSheet],
    lang: Lang,
    kind: Callable[[str], str],
    draws: int | None = None,
) -> Path:
    """Write sheets (title, columns, rows) to a workbook; returns its path.

    kind: of a column by its name, one of FORMATS; an empty cell is a text in any of them.  draws: those
    that a `chance` was counted from.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"author": "healthplan", "created": OFFICE_DATE})
    add_listed(book, sheets, lang, kind, draws)
    book.close()
    with whole(path) as part:
        part.write_bytes(buffer.getvalue())
    return path


def add_listed(
    book: xlsxwriter.Workbook,
    sheets: Sequence[ListedSheet],
    lang: Lang,
    kind: Callable[[str], str],
    draws: int | None = None,
) -> None:
    """Add sheets to a workbook, each on pages across that are as wide as the sheet, its head on each."""
    head = book.add_format(HEADER)
    formats = {name: book.add_format(dict(look)) for name, look in FORMATS.items()}

    @cache
    def chance(look: str) -> Format:
        return book.add_format({**FORMATS["chance"], "num_format": look})

    for title, columns, rows in sheets:
        sheet = book.add_worksheet(title)
        for c, (_, words, width) in enumerate(columns):
            sheet.set_column(c, c, width)
            sheet.write_string(0, c, label(*words, lang), head)
        for r, row in enumerate(rows, 1):
            for c, (name, _, _) in enumerate(columns):
                form = kind(name) if row[name] else "text"
                if form == "text":
                    sheet.write_string(r, c, row[name], formats[form])
                elif form == "chance":
                    value = float(row[name])
                    sheet.write_number(r, c, value, chance(number_format(draws, value)))
                else:
                    sheet.write_number(r, c, float(row[name]), formats[form])
        sheet.freeze_panes(1, [name for name, _, _ in columns].index("name") + 1)
        set_pages(sheet, len(rows), len(columns), 1)
