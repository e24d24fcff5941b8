"""The review workbook: sure rows, unsure rows beside their sentence, figures not placed, rules, the text.

Behind each row a cell to mark: nothing enters a plan that is not marked.  The second line of a sheet is
hidden and holds the names that `accept` reads by, so that heads may be in either language.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from sim.catalogue.language import Lang, located
from sim.drafting.draft import Draft
from sim.drafting.flags import note_said, said
from sim.drafting.passed import WHY
from sim.drafting.proposal import Proposal
from sim.drafting.rules import rule_rows
from sim.plan import Standard
from sim.plan.document import INDICATOR_COLUMNS, STANDARD_COLUMNS
from sim.plan.vocabulary import BINDING, KINDS, OPERATORS, Vocabulary
from sim.writing import OFFICE_DATE, whole

HEAD, SURE, UNSURE, UNPLACED, RULES = "head", "sure", "unsure", "unplaced", "rules"
PASSED = "passed"
YES, NO = "yes", "no"
_TITLES = {
    HEAD: ("说明", "about"),
    SURE: ("确定", "sure"),
    UNSURE: ("待核", "unsure"),
    UNPLACED: ("未归", "not placed"),
    RULES: ("规则", "rules"),
    PASSED: ("略过的数", "passed over"),
    "text": ("原文", "text"),
    "words": ("词表", "words"),
}
_HEADS = {
    "accept": ("采纳", "accept", 8),
    "indicator_id": ("指标", "indicator", 28),
    "name": ("指标名称", "name", 26),
    "score": ("相似度", "score", 8),
    "others": ("其他可能", "may also be", 30),
    "kind": ("类别", "kind", 10),
    "year": ("年份", "year", 10),
    "operator": ("符号", "operator", 9),
    "value": ("数值", "value", 10),
    "unit": ("单位", "unit", 20),
    "population_basis": ("人口口径", "population basis", 16),
    "binding": ("属性", "obligation", 11),
    "scope": ("范围", "scope", 14),
    "location": ("位置", "location", 20),
    "line": ("行", "line", 7),
    "place": ("页、单元格", "page, cell", 12),
    "note": ("备注", "note", 22),
    "flags": ("提示", "look at", 36),
    "sentence": ("原文", "sentence", 90),
    "standard_id": ("规则", "rule", 28),
    "rule_type": ("规则类型", "type of rule", 16),
    "output": ("所要求的", "what is required", 22),
    "input": ("乘数", "input", 16),
    "scale": ("倍数", "scale", 8),
    "base_indicator": ("增长的指标", "indicator that grows", 18),
    "level": ("层级", "level", 10),
}
ROW = (
    "accept",
    INDICATOR_COLUMNS[0],
    "name",
    "score",
    "others",
    *INDICATOR_COLUMNS[1:-1],
    "place",
    INDICATOR_COLUMNS[-1],
    "flags",
    "sentence",
)
"""The columns of a plan's indicators in their order, with what a person needs to decide."""
RULE = ("accept", *STANDARD_COLUMNS, "sentence")
PLAN_HEAD = (
    ("name_zh", "规划名称", "title in Chinese"),
    ("name_en", "英文名称", "title in English"),
    ("region", "行政区划代码（六位）", "administrative code, six digits"),
    ("first_year", "规划期首年", "first year of the plan"),
    ("last_year", "规划期末年", "last year of the plan"),
    ("base_year", "基期年", "base year"),
    ("target_year", "目标年", "target year"),
    ("status", "状态（draft 征求意见、issued 已印发）", "status (draft, issued)"),
    ("source", "发布机构与时间", "who issued it, and when"),
)
_HOW = (
    (
        "逐行核对后，在“采纳”列选 yes；不选即不进入规划。可直接改各单元格；指标从“词表”中选。",
        "Look at each row and choose yes in its first cell; what is not marked stays out of the plan. "
        "Any cell may be corrected; indicators are those of the sheet of words.",
    ),
    ("“确定”：名称、年份、单位都清楚。", "Sure: name, year and unit are clear."),
    (
        "“待核”：请与原文句子对照，见“提示”。",
        "Unsure: compare with the sentence; what to look at stands beside.",
    ),
    ("“未归”：读到的数，未对应到指标。", "Not placed: figures that were read and are at no indicator."),
    (
        "“略过的数”：不是指标数值的数（年份、序号、文号、年龄等）及原因；原文的每个数都在某一张表中。",
        "Passed over: numbers that are no figures (years, headings, documents, ages) and why; every "
        "number of the document stands in one of the sheets.",
    ),
    ("“规则”：由句子得到的配置标准。", "Rules: standards that a sentence gives."),
)


class _Book:
    """The workbook, its formats and the ranges that its drop-downs take their words from."""

    def __init__(self, target: io.BytesIO, lang: str) -> None:
        self.lang = 0 if lang == "zh" else 1
        self.file = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False})
        self.file.set_properties({"author": "healthplan", "created": OFFICE_DATE})
        self.head = self.file.add_format(
            {"bold": True, "bg_color": "#D9E2EC", "text_wrap": True, "valign": "top"}
        )
        self.wrap = self.file.add_format({"text_wrap": True, "valign": "top"})
        self.top = self.file.add_format({"valign": "top", "num_format": "@"})
        self.open = self.file.add_format({"valign": "top", "bg_color": "#FFF7DB"})

    def sheet(self, key: str) -> Any:
        return self.file.add_worksheet(_TITLES[key][self.lang])


def write_review(
    path: Path, draft: Draft, words: Vocabulary, templates: Mapping[str, Standard], lang: Lang
) -> None:
    """Write the workbook of a draft; the same draft and language give the same bytes.

    templates: rules of other plans by indicator.
    """
    buffer = io.BytesIO()
    book = _Book(buffer, lang)
    _about(book, draft)
    for key, proposals in ((SURE, draft.sure), (UNSURE, draft.unsure), (UNPLACED, draft.unplaced)):
        _rows(book, key, ROW, [_cells(p, words, lang) for p in proposals], words)
    _rows(book, RULES, RULE, [_told(r, lang) for r in rule_rows(draft.proposals, templates)], words)
    _passed(book, draft)
    _text(book, draft)
    _words(book, words)
    book.file.close()
    with whole(path) as part:
        part.write_bytes(buffer.getvalue())


def _about(book: _Book, draft: Draft) -> None:
    sheet = book.sheet(HEAD)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 80)
    row = 0
    for zh, en in _HOW:
        sheet.merge_range(row, 0, row, 1, (zh, en)[book.lang], book.wrap)
        sheet.set_row(row, 32)
        row += 1
    counts = (
        (("文件", "document"), draft.document.name),
        (("确定", "sure"), len(draft.sure)),
        (("待核", "unsure"), len(draft.unsure)),
        (("未归", "not placed"), len(draft.unplaced)),
        (_TITLES[PASSED], len(draft.passed)),
    )
    for head, value in counts:
        sheet.write(row, 0, head[book.lang], book.head)
        sheet.write(row, 1, value, book.top)
        row += 1
    for place, zh, en in draft.document.unread:
        sheet.write(row, 0, place, book.head)
        sheet.write(row, 1, (zh, en)[book.lang], book.wrap)
        row += 1
    row += 1
    known = {
        "name_zh": draft.title,
        "first_year": draft.period.first,
        "last_year": draft.period.last,
        "base_year": draft.period.base,
        "target_year": draft.period.target,
        "status": "draft",
        "source": draft.document.name,
    }
    for key, *heads in PLAN_HEAD:
        sheet.write(row, 0, heads[book.lang], book.head)
        sheet.write(row, 1, known.get(key, ""), book.open)
        sheet.write(row, 2, key)
        row += 1
    sheet.set_column(2, 2, None, None, {"hidden": True})


def _told(row: Mapping[str, str], lang: Lang) -> dict[str, str]:
    """A row with its note and its place in the document in a language."""
    return {
        **row,
        "location": located(row["location"], lang),
        "note": note_said(row["note"], lang),
    }


def _cells(p: Proposal, words: Vocabulary, lang: Lang) -> dict[str, str | float]:
    def name(id_: str) -> str:
        entry = words.indicators[id_]
        return entry.name_zh if lang == "zh" else entry.name_en

    others = "; ".join(f"{m.id} {name(m.id)} {m.score:.2f}" for m in p.others)
    row: dict[str, str | float] = dict(_told(p.row(), lang))
    row |= {
        "name": name(p.indicator) if p.indicator else p.reading.phrases[0].text if p.reading.phrases else "",
        "score": round(p.score, 2),
        "others": others,
        "place": p.reading.place,
        "flags": said(p.flags, lang),
        "sentence": p.reading.sentence,
    }
    return row


def _rows(
    book: _Book, key: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], words: Vocabulary
) -> None:
    sheet = book.sheet(key)
    for n, column in enumerate(columns):
        zh, en, width = _HEADS[column]
        sheet.set_column(n, n, width)
        sheet.write(0, n, (zh, en)[book.lang], book.head)
        sheet.write(1, n, column)
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.freeze_panes(2, 3)
    for at, row in enumerate(rows, start=2):
        for n, column in enumerate(columns):
            value = row.get(column, "")
            form = (
                book.open
                if column == "accept"
                else book.wrap
                if column in ("sentence", "flags")
                else book.top
            )
            if isinstance(value, float):
                sheet.write_number(at, n, value, form)
            else:
                sheet.write_string(at, n, str(value), form)
    sheet.autofilter(0, 0, len(rows) + 1, len(columns) - 1)
    _drop_downs(sheet, columns, len(rows) + 1, words)


def _drop_downs(sheet: Any, columns: Sequence[str], last: int, words: Vocabulary) -> None:
    """What a cell may hold; indicators and units from the sheet of words, which is long."""
    lists: dict[str, Any] = {
        "accept": [YES, NO],
        "kind": list(KINDS),
        "operator": list(OPERATORS),
        "binding": [b for b in BINDING if b],
        "indicator_id": "=wordlist_indicators",
        "unit": "=wordlist_units",
        "population_basis": "=wordlist_bases",
    }
    for column, source in lists.items():
        if column in columns and last >= 2:
            n = columns.index(column)
            options = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(2, n, last, n, options)


def _passed(book: _Book, draft: Draft) -> None:
    """Numbers that are no figures; nothing of it is read back."""
    sheet = book.sheet(PASSED)
    heads = (("数", "number", 12), ("原因", "why", 34), *(_HEADS[c] for c in ("line", "place", "sentence")))
    for n, (zh, en, width) in enumerate(heads):
        sheet.set_column(n, n, width)
        sheet.write(0, n, (zh, en)[book.lang], book.head)
    for row, one in enumerate(draft.passed, start=1):
        for n, text in enumerate(
            (one.number, WHY[one.why][book.lang], str(one.line), one.place, one.sentence)
        ):
            sheet.write_string(row, n, text[:32000], book.wrap if n == 4 else book.top)


def _text(book: _Book, draft: Draft) -> None:
    sheet = book.sheet("text")
    sheet.set_column(0, 1, 10)
    sheet.set_column(2, 2, 140)
    for row, (line, place, text) in enumerate(draft.document.lines()):
        sheet.write_number(row, 0, line, book.top)
        sheet.write_string(row, 1, place, book.top)
        sheet.write_string(row, 2, text[:32000], book.wrap)


def _words(book: _Book, words: Vocabulary) -> None:
    sheet = book.sheet("words")
    title = _TITLES["words"][book.lang]
    sheet.set_column(0, 4, 34)
    entries = list(words.indicators.values())
    for row, entry in enumerate(entries):
        for n, value in enumerate((entry.id, entry.name_zh, entry.name_en)):
            sheet.write_string(row, n, value)
    for n, named in ((3, list(words.units)), (4, list(words.bases))):
        for row, value in enumerate(named):
            sheet.write_string(row, n, value)
    for name, column, count in (
        ("wordlist_indicators", "A", len(entries)),
        ("wordlist_units", "D", len(words.units)),
        ("wordlist_bases", "E", len(words.bases)),
    ):
        book.file.define_name(name, f"='{title}'!${column}$1:${column}${count}")


def sheet_key(title: str) -> str:
    """Which sheet a title names, in either language; empty for another."""
    return next((key for key, titles in _TITLES.items() if title in titles), "")


def sheet_title(key: str) -> str:
    """What a sheet is called, in both languages."""
    return " / ".join(f"'{title}'" for title in _TITLES[key])
