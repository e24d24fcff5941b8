"""tables.xlsx of a run folder: verdicts, levels, needs, time series and what was run, for Excel.

What is judged has a sheet of its own; what is not (no target, national pattern, later years, not
tested) stands on others, without a verdict's colour.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from sim import saved
from sim.catalogue.columns import Pair
from sim.catalogue.language import Lang, label, located
from sim.catalogue.verdicts import VERDICTS
from sim.report.audit_text import finding_text
from sim.report.book import A4, LINE, Book, add_sheet, broken
from sim.report.cells import parameter_names
from sim.report.listed_sheet import add_listed
from sim.report.people_sheet import PEOPLE, five_year_rows
from sim.report.propose_workbook import kind, proposal_sheets
from sim.report.sheets import NOTES, SHEETS, status
from sim.saved.judgement import ON_LINE
from sim.saved.row import Row
from sim.saved.row_table import printed
from sim.saved.rows import indicator_name
from sim.saved.run import draws_of, opened
from sim.saved.thresholds import thresholds
from sim.writing import whole

COSTS = "costs.csv"
TABLES = (  # file, sheet in both languages, first column that moves
    ("revise.csv", ("目标修订", "revised targets"), 6),
    (COSTS, ("费用", "costs"), 7),
    ("basis.csv", ("人口口径", "population basis"), 6),
    ("places.csv", ("各地并列", "places side by side"), 8),
    ("parts.csv", ("分县区", "parts"), 9),
    ("decomposition.csv", ("需求变化", "change of need"), 1),
)
PARAMETERS = ("参数与来源", "parameters, sources")
AUDIT = ("文本核查", "audit of the text")
AGED = ("五岁组人口", "people by five years")
SERIES = ("时间序列", "time series")
ABOUT = ("说明", "about")
STATISTICS = ("central", "p10", "p50", "p90")


def write_workbook(run_dir: Path | str, lang: str = "zh", path: Path | None = None) -> Path:
    """Write tables.xlsx into a run folder; returns its path. Same run and language, same bytes.

    path: another place and name.  lang: of heads, units, scenarios and verdicts, "zh" or "en".
    Raises ConfigError if the folder is no run.
    """
    language: Lang = "en" if lang == "en" else "zh"
    run = opened(run_dir)
    buffer = io.BytesIO()
    book = Book(buffer, language, draws_of(run.meta), saved.titles_of(run.meta))
    names = parameter_names(run.folder, language)
    plan = saved.plan_title(run.meta, language)
    proposed = (run.folder / "propose.csv").is_file()
    if proposed:
        add_listed(book.file, proposal_sheets(run.folder, language), language, kind, draws_of(run.meta))
    for sheet in SHEETS:
        taken = [row for row in run.adequacy if sheet.takes(row)]
        columns = [c for c in sheet.columns if c not in _foreign(language)]
        body = [_texts(row, columns, language, names) for row in taken]
        if taken or (sheet is SHEETS[0] and not proposed):
            title = label(sheet.zh, sheet.en, language)
            add_sheet(book, title, columns, body, freeze=columns.index("year") + 1, heads=sheet.heads)
    for name, called, freeze in TABLES:
        if (run.folder / name).is_file():
            columns, rows = _read(run.folder / name)
            if name == COSTS:
                columns, rows = _years_across(columns, rows, _COST, ("mean", "p10", "p90"))
            kept = [i for i, column in enumerate(columns) if column not in _foreign(language)]
            freeze -= sum(i < freeze - 1 for i in range(len(columns)) if i not in kept)
            own = (_told([row[i] for i in kept], columns[kept[0]], plan) for row in rows)
            add_sheet(book, label(*called, language), [columns[i] for i in kept], own, freeze=freeze)
    if PEOPLE in run.results:
        add_sheet(book, label(*AGED, language), *five_year_rows(run.results, language), freeze=5)
    _given(
        book,
        run.folder,
        {row.indicator_id: indicator_name(row.name(language), language) for row in run.adequacy},
    )
    series = label(*SERIES, language)
    past = {str(year): (f"{year} 历史", f"{year} history") for year in run.meta.get("history", ())}
    add_sheet(book, series, *_years_across(*_read(run.folder / "timeseries.csv")), freeze=7, heads=past)
    _about(book, run)
    book.file.close()
    path = path or run.folder / "tables.xlsx"
    with whole(path) as part:
        part.write_bytes(buffer.getvalue())
    return path


def _told(row: list[str], first: str, plan: str) -> list[str]:
    """A row with the plan's title for its id, where that stands first."""
    return [plan or row[0], *row[1:]] if first == "plan" else row


def _foreign(lang: Lang) -> tuple[str, ...]:
    """The columns of names in the other language, which a workbook leaves out."""
    return tuple(f"{of}_{'en' if lang == 'zh' else 'zh'}" for of in ("name", "region", "part"))


def _given(book: Book, folder: Path, indicators: Mapping[str, str]) -> None:
    """What the run was given: its parameters, and what the plan's text says against itself."""
    if (folder / "parameters.csv").is_file():
        columns, rows = _chosen(folder / "parameters.csv", _OF_PARAMETERS, book.lang)
        names = [_CALLED.get(c, c) for c in columns]
        add_sheet(book, label(*PARAMETERS, book.lang), names, rows, freeze=4, heads=_PARAMETER)
    if (folder / "audit.csv").is_file():
        columns, rows = _chosen(folder / "audit.csv", _OF_AUDIT, book.lang)
        at = columns.index(f"message_{book.lang}")
        found = zip(rows, csv_rows(folder / "audit.csv"), strict=True)
        body = ([*row[:at], finding_text(line, indicators, book.lang), *row[at + 1 :]] for row, line in found)
        named = ["finding", *columns[1:]]  # no verdict on need, as that column is headed elsewhere
        add_sheet(book, label(*AUDIT, book.lang), named, body, freeze=2, heads=_FINDING)


_COST = ("region", "scenario", "option", "item", "cost", "unit")
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
    "level",
    "made_zh|made_en",
    "count_zh|count_en",
    "quality",
    "title_zh|title_en",
    "publisher_zh|publisher",
    "url",
    "locator",
    "changed",
    "parameter",
)
_CALLED = {"basis": "basis_of_figure", "level": "figure_level"}
_PARAMETER = {
    "locator": ("所在位置（部分为英文）", "where"),
    "name_zh": ("参数", "parameter (Chinese)"),
    "name_en": ("参数", "parameter"),
}
_FINDING = {"finding": ("核查结论", "finding")}
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


def _texts(row: Row, columns: Sequence[str], lang: Lang, names: Mapping[str, str]) -> list[str]:
    """The cells of a row of the sheets of verdicts; names: of parameters."""
    cells = dict(printed(row))
    first, share, rest = str(cells["find_first"]).partition(" (")
    cells["find_first"] = names.get(first, first) + share + rest
    return [_text(row, column, cells, lang) for column in columns]


def _text(row: Row, column: str, cells: Mapping[str, str], lang: Lang) -> str:
    """A cell of the sheets of verdicts, as text.  cells: the row as the tables have it."""
    if column == "status":
        return label(*status(row), lang)
    if column == "on_the_line" and row.on_the_line:
        words = (VERDICTS[name].text(lang) for name in row.on_the_line.split())
        return f"{ON_LINE} " + label("、", ", ", lang).join(words)
    if column == "location":
        return located(row.location, lang)
    return str(cells[column])


def _read(path: Path) -> tuple[list[str], Iterator[Sequence[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0], iter(rows[1:])


def _years_across(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    names: Sequence[str] = ("scenario", "region", "variable", "group", "unit"),
    statistics: Sequence[str] = STATISTICS,
) -> tuple[list[str], Iterator[Sequence[str]]]:
    """A tidy table with a column for each year and a row for each series (names) and statistic."""
    body = list(rows)
    at = {name: i for i, name in enumerate(columns)}
    years = sorted({row[at["year"]] for row in body})

    def wide() -> Iterator[Sequence[str]]:
        for key, own in groupby(body, key=lambda row: [row[at[name]] for name in names]):
            found = {row[at["year"]]: row for row in own}
            for statistic in statistics:
                values = (found[y][at[statistic]] if y in found else "" for y in years)
                yield [*key, statistic, *values]

    return [*names, "statistic", *years], wide()


_TEXT = 90  # width of the column of texts about a run


def _about(book: Book, run: saved.SavedRun) -> None:
    lang = book.lang
    sheet = book.file.add_worksheet(label(*ABOUT, lang))
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, _TEXT)
    names = [saved.scenario_name(name, lang, book.titles) for name in saved.scenarios(run.results)]
    at = thresholds(run.folder)
    past = run.meta.get("history", ())
    facts: list[tuple[str, str, str]] = [
        ("运行编号", "run id", str(run.results.attrs["run_id"])),
        ("实验", "experiment", str(run.results.attrs["experiment"])),
        ("规划", "plan", saved.plan_title(run.meta, lang, draft=True) if run.results.attrs["plan"] else ""),
        ("情景", "scenarios", label("、", ", ", lang).join(names)),
        ("地区", "regions", label("、", ", ", lang).join(_places(run, lang))),
        ("历史年份", "history", label(*_past_said(past), lang) if past else ""),
        ("抽样次数", "draws", str(max(int(run.results.sizes.get("draw", 1)) - 1, 0))),
        ("版本", "versions", _flat(run.meta.get("versions", ""))),
        ("代码版本", "commit", _flat(run.meta.get("model", {}).get("commit", ""))),
        *((zh, en, label(said_zh, said_en, lang).format(**at)) for zh, en, said_zh, said_en in NOTES),
    ]
    for r, (zh, en, text) in enumerate(fact for fact in facts if fact[2]):
        sheet.write_string(r, 0, label(zh, en, lang), book.format(bold=True, valign="top"))
        sheet.write_string(r, 1, text, book.format(text_wrap=True, valign="top"))
        sheet.set_row(r, LINE * broken(text, _TEXT))


def _places(run: saved.SavedRun, lang: Lang) -> list[str]:
    """Name and code of each region."""
    codes = saved.regions(run.results)
    return [f"{saved.region_name(run.results, code, lang)} {code}" for code in codes]


def _past_said(years: Sequence[int]) -> Pair:
    """What the years of history are, in both languages."""
    span = f"{min(years)}–{max(years)}"
    return (
        f"{span}：由普查和此后的统计数推算，各情景相同；情景从{max(years) + 1}年起",
        f"{span}: led from the census through what was counted since, the same in every scenario; "
        f"scenarios begin in {max(years) + 1}",
    )


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {item}" for key, item in sorted(value.items()))
    return str(value or "")
