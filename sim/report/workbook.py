"""tables.xlsx of a run folder: verdicts, levels, needs, time series and what was run, for Excel.

What is judged has a sheet of its own; what is not (no target, national pattern, later years, not
tested) stands on others, without a verdict's colour.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from sim import saved
from sim.catalogue.columns import HEADS, Pair
from sim.catalogue.language import Lang, label, located
from sim.catalogue.verdicts import VERDICTS
from sim.catalogue.words import Titles
from sim.report.cells import cell_text
from sim.report.people_sheet import PEOPLE, five_year_rows
from sim.report.sheets import NOTES, SHEETS, status
from sim.saved.judgement import ON_LINE
from sim.saved.probability_text import number_format
from sim.saved.row import Row, printed
from sim.saved.run import draws_of, open_saved
from sim.writing import whole

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
TABLES = (  # file, sheet in both languages, first column that moves
    ("revise.csv", ("目标修订 revise", "revised targets"), 6),
    ("costs.csv", ("费用 costs", "costs"), 6),
    ("basis.csv", ("人口口径 basis", "population basis"), 6),
    ("decomposition.csv", ("需求变化 decomposition", "change of need"), 1),
)
PARAMETERS = ("参数与来源 parameters", "parameters, sources")
AUDIT = ("文本核查 audit", "audit of the text")
AGED = ("五岁组人口 people", "people by five years")
SERIES = ("时间序列 timeseries", "time series")
ABOUT = ("说明 about", "about")
STATISTICS = ("central", "p10", "p50", "p90")
PROBABILITIES = ("p_enough", "p_enough_norm", "p_reached", "p_capacity")
YEARS = ("year", "target_year", "base_year", "level_short_year", "first_short_year")
SHARES = tuple(
    f"share_{k}" for k in ("counted_here", "counted_elsewhere", "published", "derived", "judgement")
)
FORMATS = {"ratio_p50": "0.00", **dict.fromkeys(YEARS, "0"), **dict.fromkeys(SHARES, "0%")}
TEXTS = frozenset(
    {
        "region",
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


class _Book:
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


def write_workbook(run_dir: Path | str, lang: str = "zh", path: Path | None = None) -> Path:
    """Write tables.xlsx into a run folder; returns its path. Same run and language, same bytes.

    path: another place and name.  lang: of heads, units, scenarios and verdicts, "zh" or "en".
    Raises ConfigError if the folder is no run.
    """
    language: Lang = "en" if lang == "en" else "zh"
    run = open_saved(run_dir)
    buffer = io.BytesIO()
    book = _Book(buffer, language, draws_of(run.meta), saved.titles_of(run.meta))
    for sheet in SHEETS:
        kept = [row for row in run.adequacy if sheet.takes(row)]
        columns = [c for c in sheet.columns if language == "zh" or c != "name_zh"]
        body = [[_text(row, c, language) for c in columns] for row in kept]
        if kept or sheet is SHEETS[0]:
            title = label(sheet.zh, sheet.en, language)
            _sheet(book, title, columns, body, freeze=columns.index("year") + 1, heads=sheet.heads)
    for name, called, freeze in TABLES:
        if (run.folder / name).is_file():
            columns, rows = _read(run.folder / name)
            if language == "en" and "name_zh" in columns:
                at = columns.index("name_zh")
                columns, rows = columns[:at] + columns[at + 1 :], ([*r[:at], *r[at + 1 :]] for r in rows)
            _sheet(book, label(*called, language), columns, rows, freeze=freeze)
    if PEOPLE in run.results:
        _sheet(book, label(*AGED, language), *five_year_rows(run.results, language), freeze=5)
    _given(book, run.folder)
    series = label(*SERIES, language)
    _sheet(book, series, *_years_across(*_read(run.folder / "timeseries.csv")), freeze=7)
    _about(book, run)
    book.file.close()
    path = path or run.folder / "tables.xlsx"
    with whole(path) as part:
        part.write_bytes(buffer.getvalue())
    return path


def _given(book: _Book, folder: Path) -> None:
    """What the run was given: its parameters, and what the plan's text says against itself."""
    if (folder / "parameters.csv").is_file():
        columns, rows = _chosen(folder / "parameters.csv", _OF_PARAMETERS, book.lang)
        names = ["basis_of_figure" if c == "basis" else c for c in columns]
        _sheet(book, label(*PARAMETERS, book.lang), names, rows, freeze=4, heads=_PARAMETER)
    if (folder / "audit.csv").is_file():
        _sheet(book, label(*AUDIT, book.lang), *_chosen(folder / "audit.csv", _OF_AUDIT, book.lang), freeze=2)


_OF_PARAMETERS = (
    "scenario",
    "region",
    "name_zh|name_en",
    "value",
    "unit",
    "low",
    "high",
    "scale",
    "distribution",
    "year",
    "basis",
    "evidence",
    "quality",
    "title_zh|title_en",
    "publisher_zh|publisher",
    "url",
    "locator",
    "changed",
    "parameter",
)
_PARAMETER = {"name_zh": ("参数", "parameter (Chinese)"), "name_en": ("参数", "parameter")}
_OF_AUDIT = (
    "verdict_zh|verdict",
    "message_zh|message_en",
    "check_zh|check",
    "location",
    "line",
    "indicator_ids",
)


def _chosen(path: Path, columns: Sequence[str], lang: Lang) -> tuple[list[str], Iterator[Sequence[str]]]:
    """Some columns of a table; "a|b": the first in Chinese, the second in English or where it is empty."""
    pairs = [column.partition("|")[::2] for column in columns]
    names = [zh if lang == "zh" or not en else en for zh, en in pairs]
    found = list(csv_rows(path))
    body = (
        [row.get(n, "") or (row[en] if en else "") for n, (_, en) in zip(names, pairs, strict=True)]
        for row in found
    )
    return names, iter(body)


def csv_rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a table by column."""
    columns, rows = _read(path)
    return (dict(zip(columns, row, strict=True)) for row in rows)


def _text(row: Row, column: str, lang: Lang) -> str:
    """A cell of the sheets of verdicts, as text."""
    if column == "status":
        return label(*status(row), lang)
    if column == "on_the_line" and row.on_the_line:
        words = (VERDICTS[name].text(lang) for name in row.on_the_line.split())
        return f"{ON_LINE} " + label("、", ", ", lang).join(words)
    if column == "location":
        return located(row.location, lang)
    return str(printed(row)[column])


def _read(path: Path) -> tuple[list[str], Iterator[Sequence[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], iter(rows[1:])


def _years_across(
    columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> tuple[list[str], Iterator[Sequence[str]]]:
    """The tidy table with a column for each year and a row for each series and statistic."""
    body = list(rows)
    at = {name: i for i, name in enumerate(columns)}
    years = sorted({row[at["year"]] for row in body})
    names = ["scenario", "region", "variable", "group", "unit"]

    def wide() -> Iterator[Sequence[str]]:
        for key, own in groupby(body, key=lambda row: [row[at[name]] for name in names]):
            found = {row[at["year"]]: row for row in own}
            for statistic in STATISTICS:
                values = (found[y][at[statistic]] if y in found else "" for y in years)
                yield [*key, statistic, *values]

    return [*names, "statistic", *years], wide()


def _sheet(
    book: _Book,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    freeze: int,
    heads: Mapping[str, Pair] | None = None,
) -> None:
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


def _write(book: _Book, sheet: Any, at: tuple[int, int], column: str, text: str) -> None:
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


def _about(book: _Book, run: saved.SavedRun) -> None:
    lang = book.lang
    sheet = book.file.add_worksheet(label(*ABOUT, lang))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    names = [saved.scenario_name(name, lang, book.titles) for name in saved.scenarios(run.results)]
    facts: list[tuple[str, str, str]] = [
        ("运行编号", "run id", str(run.results.attrs["run_id"])),
        ("实验", "experiment", str(run.results.attrs["experiment"])),
        ("规划", "plan", str(run.results.attrs["plan"])),
        ("情景", "scenarios", label("、", ", ", lang).join(names)),
        ("地区", "regions", ", ".join(saved.regions(run.results))),
        ("抽样次数", "draws", str(max(int(run.results.sizes.get("draw", 1)) - 1, 0))),
        ("版本", "versions", _flat(run.meta.get("versions", ""))),
        ("代码版本", "commit", _flat(run.meta.get("model", {}).get("commit", ""))),
        *((zh, en, label(said_zh, said_en, lang)) for zh, en, said_zh, said_en in NOTES),
    ]
    for r, (zh, en, text) in enumerate(fact for fact in facts if fact[2]):
        sheet.write_string(r, 0, f"{zh} {en}" if lang == "zh" else en, book.format(bold=True))
        sheet.write_string(r, 1, text, book.format(text_wrap=True, valign="top"))


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {item}" for key, item in sorted(value.items()))
    return str(value or "")
