"""A workbook's sheets: how columns are typed, sized, headed and written."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from sim import saved
from sim.catalogue.columns import HEADS, Pair
from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import VERDICTS
from sim.catalogue.words import Titles
from sim.report.cells import cell_text
from sim.saved.probability_text import number_format

# Dates inside the file are fixed, so that the same run gives the same bytes.
DATE = datetime(2000, 1, 1)
WIDTHS = {
    "name_zh": 30,
    "name_en": 34,
    "reason": 48,
    "indicator_id": 26,
    "variable": 30,
    "plan": 14,
    "unit": 16,
    "scenario": 14,
    "group": 18,
    "parameter": 34,
    "value": 22,
    "title_zh": 44,
    "title_en": 44,
    "publisher": 26,
    "publisher_zh": 26,
    "url": 30,
    "changed": 26,
    "message_zh": 90,
    "message_en": 90,
    "location": 30,
    "find_first": 30,
    "factor": 16,
    "resource": 22,
    "note": 40,
}
PROBABILITIES = ("p_enough", "p_enough_norm", "p_reached", "p_capacity")
YEARS = ("year", "target_year", "base_year", "level_short_year", "first_short_year")
SHARES = tuple(
    f"share_{k}" for k in ("counted_here", "counted_elsewhere", "published", "derived", "judgement")
)
FORMATS = {"ratio_p50": "0.00", **dict.fromkeys(YEARS, "0"), **dict.fromkeys(SHARES, "0%")}
TEXTS = frozenset(
    {
        "region",
        "part",
        "plan",
        "scenario",
        "indicator_id",
        "group",
        "name_zh",
        "variable",
        "unit",
        "target",
        "p",
        "against",
        "status",
        "on_the_line",
        "special",
        "find_first",
        "location",
        "reason",
        "note",
        "name_en",
        "age",
        "sex",
        "scope",
        "parameter",
        "locator",
        "url",
        "changed",
        "message_zh",
        "message_en",
        "line",
        "indicator_ids",
    }
)
A3 = 8  # of the spreadsheet format's papers
HEADER = {"bold": True, "bg_color": "#D9E2EC", "text_wrap": True, "valign": "top"}


class Book:
    """A workbook in a language and its cell formats, each made once."""

    def __init__(self, target: io.BytesIO, lang: Lang, draws: int | None, titles: Titles) -> None:
        self.lang, self.titles = lang, titles
        self.shapes = {name: number_format(draws) for name in PROBABILITIES} | FORMATS
        self.file = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False})
        self.file.set_properties({"author": "healthplan", "created": DATE})
        self._formats: dict[str, Any] = {}

    def head(self, column: str, own: Mapping[str, Pair]) -> str:
        """The head of a column; a year is its own."""
        return label(*own.get(column, HEADS.get(column, (column, column))), self.lang)

    def format(self, **properties: Any) -> Any:
        """The format with these properties."""
        key = repr(properties)
        if key not in self._formats:
            self._formats[key] = self.file.add_format(properties)
        return self._formats[key]

    def shape(self, text: str) -> Any:
        """The format of a number."""
        if text not in self._formats:
            self._formats[text] = self.format(num_format=text)
        return self._formats[text]


def add_sheet(
    book: Book,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    freeze: int,
    heads: Mapping[str, Pair] | None = None,
) -> None:
    """Add a sheet of these columns; freeze: the first column that moves.  heads: beside the known ones."""
    sheet = book.file.add_worksheet(title)
    body = list(rows)
    for i, name in enumerate(columns):
        sheet.set_column(i, i, WIDTHS.get(name, 11))
        sheet.write_string(0, i, book.head(name, heads or {}), book.format(**HEADER))
    sheet.freeze_panes(1, freeze - 1)
    sheet.autofilter(0, 0, len(body), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, max(len(body), 1), len(columns) - 1)
    sheet.set_footer("&C&P / &N")
    for r, row in enumerate(body, 1):
        for c, (name, text) in enumerate(zip(columns, row, strict=False)):
            if text:
                _write(book, sheet, (r, c), name, text)


def _write(book: Book, sheet: Any, at: tuple[int, int], column: str, text: str) -> None:
    if column in ("verdict", "verdict_norm"):
        verdict = VERDICTS.get(text)
        if verdict is None:
            sheet.write_string(*at, text)
        else:
            words = f"{verdict.zh} {verdict.en}" if book.lang == "zh" else verdict.en
            fill = {"bg_color": verdict.fill} if verdict.severity is not None else {}
            sheet.write_string(*at, f"{verdict.mark} {words}", book.format(**fill))
        return
    if column == "scenario":
        sheet.write_string(*at, saved.scenario_name(text, book.lang, book.titles))
        return
    value = _value(column, text)
    if isinstance(value, str):
        sheet.write_string(*at, cell_text(column, value, book.lang))
    else:
        shape = book.shapes.get(column) or ("#,##0" if abs(value) >= 1000 else "0.00##")
        sheet.write_number(*at, value, book.shape(shape))


def _value(column: str, text: str) -> float | int | str:
    return text if column in TEXTS else _number(text)


def _number(text: str) -> float | int | str:
    try:
        value = float(text)
    except ValueError:
        return text
    if value != value or value in (float("inf"), float("-inf")):
        return text
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
