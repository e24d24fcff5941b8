"""proposal.xlsx of a proposal's folder: the indicator table as offices write it, and all its figures."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from sim.catalogue.columns import Pair
from sim.catalogue.language import Lang, label
from sim.catalogue.words import unit
from sim.report.book import DATE, HEADER
from sim.report.propose_table import BASES, read_proposal

_NAME: tuple[str, Pair, int] = ("name", ("指标", "indicator"), 34)
TABLE: tuple[tuple[str, Pair, int], ...] = (
    ("section", ("类别", "section"), 14),
    _NAME,
    ("unit", ("单位", "unit"), 14),
    ("now_p50", ("现状（模型P50）", "today, model P50"), 10),
    ("nation", ("全国最新统计", "nation, newest count"), 10),
    ("province", ("全省最新统计", "province, newest count"), 10),
    ("recommended", ("建议值", "proposed"), 10),
    ("basis", ("依据", "decided by"), 10),
    ("p", ("够用（达到）概率", "P enough (reached)"), 10),
    ("p_trend", ("按趋势达到概率", "P that the trend reaches it"), 10),
    ("floor", ("国家目标或底线", "national goal or floor"), 10),
    ("per_year", ("每年新增", "more every year"), 10),
    ("reason", ("理由", "reason"), 90),
)
FIGURES: tuple[tuple[str, Pair, int], ...] = (
    _NAME,
    ("year", ("年份", "year"), 7),
    *((f"now_{p}", (f"现状{p.upper()}", f"today {p.upper()}"), 10) for p in ("p10", "p50", "p90")),
    *((f"need_{p}", (f"使用需求{p.upper()}", f"need by use {p.upper()}"), 10) for p in ("p10", "p50", "p90")),
    ("norm", ("按国家标准需求", "need by norm"), 10),
    *((f"trend_{p}", (f"趋势{p.upper()}", f"trend {p.upper()}"), 10) for p in ("p10", "p50", "p90")),
    *((f"enough_{p}", (f"{p}%够用（达到）值", f"enough (reached) {p} %"), 11) for p in (80, 90, 95)),
    ("carried", ("现有能力可承担", "can be carried"), 10),
    ("reach", ("最快增速可达", "reach of fastest growth"), 10),
    ("count", ("建议值对应数量", "count it means"), 12),
    ("stock_now", ("现有数量", "stock today"), 12),
    ("net_per_year", ("年净增", "net a year"), 10),
    ("replacement_per_year", ("年补充离职", "replacement a year"), 10),
    ("grade", ("数据等级", "grade"), 8),
    ("share_counted_here", ("本地统计", "counted here"), 9),
    ("share_counted_elsewhere", ("外地统计", "counted elsewhere"), 9),
    ("share_published", ("公开汇总", "published"), 9),
    ("share_derived", ("推算", "derived"), 9),
    ("share_judgement", ("判断", "judgement"), 9),
    ("find_first", ("先补数据", "count first"), 34),
    ("note", ("说明", "note"), 60),
)
_SHARES = ("p", "p_trend")
_TEXTS = ("section", "name", "unit", "basis", "reason", "find_first", "note", "grade")


def write_proposal_workbook(folder: Path, lang: str = "zh") -> Path:
    """Write proposal.xlsx into a proposal's folder; returns its path. Same rows, same bytes.

    Raises ConfigError where the folder is of no `propose`.
    """
    language: Lang = "en" if lang == "en" else "zh"
    rows = [_worded(row, language) for row in read_proposal(folder)]
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"author": "healthplan", "created": DATE})
    head = book.add_format(HEADER)
    formats = {
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "share": book.add_format({"num_format": "0%", "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.##", "valign": "top"}),
    }
    for year in dict.fromkeys(row["year"] for row in rows):
        title = label(f"{year}年建议指标", f"proposed {year}", language)
        _sheet(book, title, TABLE, [r for r in rows if r["year"] == year], language, head, formats)
    _sheet(book, label("测算依据", "figures", language), FIGURES, rows, language, head, formats)
    book.close()
    path = folder / "proposal.xlsx"
    path.write_bytes(buffer.getvalue())
    return path


def _worded(row: Mapping[str, str], lang: Lang) -> dict[str, str]:
    own = {name: row[f"{name}_{lang}"] for name in ("section", "name", "reason")}
    basis = label(*BASES.get(row["basis"], ("", "")), lang)
    return {**row, **own, "basis": basis, "unit": unit(row["unit"], lang)}


def _sheet(
    book: Any,
    title: str,
    columns: Sequence[tuple[str, Pair, int]],
    rows: Sequence[Mapping[str, str]],
    lang: Lang,
    head: Any,
    formats: Mapping[str, Any],
) -> None:
    sheet = book.add_worksheet(title)
    for c, (_, words, width) in enumerate(columns):
        sheet.set_column(c, c, width)
        sheet.write_string(0, c, label(*words, lang), head)
    for r, row in enumerate(rows, 1):
        for c, (name, _, _) in enumerate(columns):
            _cell(sheet, r, c, name, row[name], formats)
    sheet.freeze_panes(1, [name for name, _, _ in columns].index("name") + 1)


def _cell(sheet: Any, r: int, c: int, name: str, text: str, formats: Mapping[str, Any]) -> None:
    if name in _TEXTS or not text:
        sheet.write_string(r, c, text, formats["text"])
        return
    kind = "share" if name in _SHARES or name.startswith("share_") else "number"
    sheet.write_number(r, c, float(text), formats[kind])
