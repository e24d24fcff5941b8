"""A workbook's sheets: how columns are typed, sized, headed and written."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from sim import saved
from sim.catalogue.columns import HEADS, Pair
from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import VERDICTS
from sim.catalogue.words import Titles
from sim.report.cells import cell_text
from sim.saved.probability_text import number_format
from sim.writing import OFFICE_DATE

WIDTHS = {
    "name_zh": 30,
    "name_en": 34,
    "reason": 140,
    "indicator_id": 34,
    "variable": 30,
    "plan": 30,
    "unit": 20,
    "status": 18,
    "on_the_line": 20,
    "scenario": 18,
    "population_basis": 18,
    "group": 18,
    "parameter": 34,
    "value": 40,
    "title_zh": 44,
    "title_en": 44,
    "publisher": 26,
    "publisher_zh": 26,
    "url": 30,
    "changed": 26,
    "made_zh": 60,
    "made_en": 60,
    "count_zh": 30,
    "count_en": 30,
    "message_zh": 90,
    "message_en": 90,
    "location": 30,
    "find_first": 30,
    "locator": 44,
    "item": 22,
    "finding": 22,
    "check_zh": 24,
    "check": 24,
    "indicator_ids": 34,
    "factor": 16,
    "resource": 22,
    "note": 60,
}
PROBABILITIES = ("p_enough", "p_enough_norm", "p_reached", "p_capacity", "p_now")
YEARS = ("year", "target_year", "base_year", "level_short_year", "first_short_year")
SHARES = tuple(
    f"share_{k}" for k in ("counted_here", "counted_elsewhere", "published", "derived", "judgement")
)
FORMATS = {"ratio_p50": "0.00", "p": "0%", **dict.fromkeys(YEARS, "0"), **dict.fromkeys(SHARES, "0%")}
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
        "indicator_ids",
    }
)
_NOTHING = 5e-7
_REPEATED = 50_000  # texts of cells whose lines are remembered: most stand in a workbook many times
A3, A4 = 8, 9  # of the spreadsheet format's papers
ACROSS = 315  # characters that an A3 page across takes at a size that can be read
WRAPPED = frozenset(
    {"name_zh", "name_en", "reason", "note", "title_zh", "title_en", "message_zh", "message_en", "special"}
    | {"scenario", "population_basis", "status", "on_the_line", "variable", "group", "resource"}
    | {
        "location",
        "find_first",
        "publisher",
        "publisher_zh",
        "locator",
        "changed",
        "made_zh",
        "made_en",
        "count_zh",
        "count_en",
        "value",
        "url",
        "parameter",
        "item",
        "plan",
        "check_zh",
        "check",
        "indicator_ids",
    }
)
UNBROKEN = frozenset(
    {"resource", "group", "variable", "factor", "item", "unit", "cost", "option", "basis", "bound", "target"}
    | {"verdict", "verdict_norm", "evidence", "figure_level", "basis_of_figure", "indicator_id"}
)
WIDEST, BROKEN_FROM = 44, 32  # characters of a column of these; of one whose texts may be broken
ASIDE = {"align": "left", "indent": 1}  # a text, clear of the figure before it
LINE, MOST_LINES = 15, 18  # points of a line of a row; lines that a row is given at most
NAMES = ("name_zh", "name_en")  # stand again on each page of a sheet that is several wide
HEADER = {"bold": True, "bg_color": "#D9E2EC", "text_wrap": True, "valign": "top"}


class Book:
    """A workbook in a language and its cell formats, each made once."""

    def __init__(self, target: io.BytesIO, lang: Lang, draws: int | None, titles: Titles) -> None:
        self.lang, self.titles = lang, titles
        self.draws = draws
        options = {
            "in_memory": True,
            "strings_to_urls": False,
            "default_format_properties": {"valign": "top"},
        }
        self.file = xlsxwriter.Workbook(target, options)
        self.file.set_properties({"author": "healthplan", "created": OFFICE_DATE})
        self._formats: dict[Any, Any] = {}
        self._words: dict[str, Any] = {}

    def head(self, column: str, own: Mapping[str, Pair]) -> str:
        """The head of a column; a year is its own."""
        return label(*own.get(column, HEADS.get(column, (column, column))), self.lang)

    def format(self, **properties: Any) -> Any:
        """The format with these properties."""
        key = tuple(properties.items())
        if key not in self._formats:
            self._formats[key] = self.file.add_format(properties)
        return self._formats[key]

    def shape(self, text: str) -> Any:
        """The format of a number."""
        if text not in self._formats:
            self._formats[text] = self.format(num_format=text)
        return self._formats[text]

    def shape_of(self, column: str, value: float) -> Any:
        """The format of a number in a column: its own, else as many decimals as three figures take."""
        if column in PROBABILITIES:
            return self.shape(number_format(self.draws, value))
        own = FORMATS.get(column) or _digits(value)
        if column in YEARS:  # one touches the text beside it
            return self.format(num_format=own, align="center")
        return self.shape(own)

    def words(self, column: str) -> Any:
        """The format of a text, clear of the figure before it: long ones broken into lines."""
        if column not in self._words:
            wrapped = {"text_wrap": True} if column in WRAPPED else {}
            self._words[column] = self.format(**wrapped, **ASIDE)
        return self._words[column]


def add_sheet(
    book: Book,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    freeze: int,
    heads: Mapping[str, Pair] | None = None,
) -> None:
    """Add a sheet of these columns; freeze: the first column that moves.  heads: beside the known ones.

    A column that says nothing in any row is left out.
    """
    sheet = book.file.add_worksheet(title)
    given = list(rows)
    kept = [i for i in range(len(columns)) if not given or any(row[i] for row in given)]
    freeze = sum(i < freeze - 1 for i in kept) + 1
    columns, body = [columns[i] for i in kept], [[row[i] for i in kept] for row in given]
    widths = [_width(book, name, {row[i] for row in body}) for i, name in enumerate(columns)]
    for i, name in enumerate(columns):
        sheet.set_column(i, i, widths[i])
        sheet.write_string(0, i, book.head(name, heads or {}), book.format(**HEADER))
    sheet.freeze_panes(1, freeze - 1)
    sheet.autofilter(0, 0, len(body), len(columns) - 1)
    codes = xl_rowcol_to_cell(max(len(body), 1), len(columns) - 1)  # as of regions: no warning at each
    sheet.ignore_errors({"number_stored_as_text": f"A1:{codes}"})
    pages = max(1, ceil(sum(widths) / ACROSS))
    set_pages(sheet, len(body), len(columns), pages)
    named = [i for i, name in enumerate(columns) if name in NAMES]
    if pages > 1 and named:
        sheet.repeat_columns(named[0])
    named_so = [book.head(name, heads or {}) for name in columns]
    tall = [broken(text, width) for width, text in zip(widths, named_so, strict=True)]
    sheet.set_row(0, LINE * max(2, *tall))
    writers = [_writer(book, sheet, name) for name in columns]
    for r, row in enumerate(body, 1):
        if (high := _lines(book, columns, row, widths)) > 1:
            sheet.set_row(r, LINE * high)
        for c, (write, text) in enumerate(zip(writers, row, strict=True)):
            if text:
                write(r, c, text)


def set_pages(sheet: Any, rows: int, columns: int, across: int) -> None:
    """Lay a table under a head of one row on A3 pages, so many across; head and number on each."""
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(across, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, max(rows, 1), columns - 1)
    sheet.set_footer("&C&P / &N")


def _width(book: Book, column: str, texts: set[str]) -> int:
    """The width of a column; of one whose words stand on one line, what the longest of them takes."""
    least = WIDTHS.get(column, 11)
    if column not in UNBROKEN:
        return least
    said = [cell_text(column, text, book.lang) for text in texts]
    if column.startswith("verdict"):  # a mark, a blank and its word
        said = [f"● {VERDICTS[text].text(book.lang)}" for text in texts if text in VERDICTS]
    most = BROKEN_FROM if column in WRAPPED else WIDEST
    return max(least, *(min(most, 2 + len(t) + sum(c > "\u2e80" for c in t)) for t in said), 0)


def _lines(book: Book, columns: Sequence[str], row: Sequence[str], widths: Sequence[int]) -> int:
    """Lines of the longest text of a row that is broken, as many as a program that does not count shows."""
    return max(
        (
            min(MOST_LINES, broken(cell_text(name, text, book.lang), width))
            for name, text, width in zip(columns, row, widths, strict=True)
            if name in WRAPPED and text
        ),
        default=1,
    )


@lru_cache(maxsize=_REPEATED)
def broken(text: str, width: float) -> int:
    """Lines that a text takes in a column, Chinese letters two places wide."""
    wide = 0 if text.isascii() else sum(c > "\u2e80" for c in text)
    return ceil(1.1 * (len(text) + wide) / width)


Write = Callable[[int, int, str], object]
"""Puts a text, of which there is some, into a row and a column of a sheet."""


def _writer(book: Book, sheet: Any, column: str) -> Write:
    """What writes the cells of a column: what is the same for all of them is looked up once."""
    if column in ("verdict", "verdict_norm"):
        return partial(_write_verdict, book, sheet)
    words, shown = book.words(column), dict[str, str]()

    def write_text(r: int, c: int, text: str) -> None:
        if text not in shown:
            shown[text] = _said(book, column, text)
        sheet.write_string(r, c, shown[text], words)

    if column == "scenario" or column in TEXTS:
        return write_text

    def write(r: int, c: int, text: str) -> None:
        value = _number(text)
        if isinstance(value, str):
            write_text(r, c, text)
        else:
            sheet.write_number(r, c, value, book.shape_of(column, value))

    return write


def _write_verdict(book: Book, sheet: Any, r: int, c: int, text: str) -> None:
    verdict = VERDICTS.get(text)
    if verdict is None:
        sheet.write_string(r, c, text)
    else:
        words = verdict.text(book.lang)
        fill = {"bg_color": verdict.fill} if verdict.severity is not None else {}
        sheet.write_string(r, c, f"{verdict.mark} {words}", book.format(**ASIDE, **fill))


def _said(book: Book, column: str, text: str) -> str:
    """A text of a cell in the book's language."""
    if column == "scenario" or (column == "against" and not text.isdigit()):
        return saved.scenario_name(text, book.lang, book.titles)
    return cell_text(column, text, book.lang)


def _digits(value: float) -> str:
    """Format of a number: whole ones and those from 1000 on without decimals, else three figures."""
    size = abs(value)
    if size < _NOTHING:  # of a difference: figures as stored
        return "0"
    if value == int(value) or size >= 1000:
        return "#,##0"
    return "0.0" if size >= 100 else "0.00" if size >= 1 else "0.000" if size >= 0.01 else "0.0000##"


def _number(text: str) -> float | int | str:
    try:
        value = float(text)
    except ValueError:
        return text
    if value != value or value in (float("inf"), float("-inf")):
        return text
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
