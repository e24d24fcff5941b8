"""review.xlsx of a reviewed run: the table as an office hands it on, what moved each figure, the counts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.catalogue.columns import Pair
from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import verdict_text
from sim.catalogue.words import COUNTED_PARTS as PARTS
from sim.catalogue.words import PACES, unit
from sim.report.listed_sheet import write_listed
from sim.report.review_text import QUANTITIES, read_review, why
from sim.saved.rows import target_text

_BY: tuple[tuple[str, Pair, int], ...] = tuple((f"by_{p}", PARTS[p], 11) for p in ("people", "use", "supply"))
TABLE: tuple[tuple[str, Pair, int], ...] = (
    ("name", ("指标", "indicator"), 34),
    ("unit", ("单位", "unit"), 14),
    ("year", ("评估年份", "year"), 9),
    ("path", ("应达", "path"), 10),
    ("stands", ("实际（P50）", "stands, P50"), 10),
    ("stands_p10", ("实际P10", "stands, P10"), 10),
    ("stands_p90", ("实际P90", "stands, P90"), 10),
    ("stands_before", ("不用统计数时", "without the counts"), 10),
    ("counted", ("当年统计数", "counted that year"), 14),
    ("pace", ("进度", "pace"), 9),
    ("target_year", ("目标年份", "target year"), 9),
    ("target", ("目标", "target"), 12),
    ("p_reached_before", ("原达标概率", "P reached before"), 10),
    ("p_reached", ("达标概率", "P reached"), 10),
    ("p_enough_before", ("原够用概率", "P enough before"), 10),
    ("p_enough", ("够用概率", "P enough"), 10),
    ("verdict_before", ("原判定", "verdict before"), 12),
    ("verdict", ("判定", "verdict"), 12),
    ("why", ("变化主因", "moved by"), 30),
)
CHANGES: tuple[tuple[str, Pair, int], ...] = (
    ("name", ("指标", "indicator"), 34),
    ("unit", ("单位", "unit"), 14),
    ("target_year", ("目标年份", "target year"), 9),
    ("quantity", ("量", "figure"), 14),
    ("before", ("不用统计数", "without the counts"), 12),
    *_BY,
    ("after", ("采用后", "with them"), 12),
)
COUNTS: tuple[tuple[str, Pair, int], ...] = (
    ("name", ("统计指标", "count"), 40),
    ("year", ("年份", "year"), 8),
    ("value", ("统计数", "value"), 14),
    ("unit", ("单位", "unit"), 14),
    ("quality", ("质量", "quality"), 8),
    ("source", ("来源", "source"), 40),
    ("before", ("不用时推算值", "projected without"), 14),
    ("after", ("采用后", "projected with"), 14),
)
_TEXTS = ("name", "unit", "pace", "target", "why", "counted", "quantity", "verdict", "quality", "source")


def write_review_workbook(folder: Path, lang: str = "zh") -> Path:
    """Write review.xlsx into a reviewed run's folder; returns its path. Same rows, same bytes.

    Raises ConfigError where the run was not reviewed.
    """
    language: Lang = "en" if lang == "en" else "zh"
    rows, parts, meta = read_review(folder)
    named = {(r["indicator_id"], r["target_year"]): r[f"name_{language}"] for r in rows}
    sheets = (
        (("评估", "review"), TABLE, [_row(row, language) for row in rows]),
        (("变化分解", "what moved"), CHANGES, [_part(row, named, language) for row in parts]),
        (("统计数", "counts"), COUNTS, [_count(row, language) for row in meta["counts"]]),
    )
    named_sheets = [(label(*title, language), columns, content) for title, columns, content in sheets]
    return write_listed(folder / "review.xlsx", named_sheets, language, _kind, meta["draws"])


def _kind(name: str) -> str:
    if name.startswith(_TEXTS):
        return "text"
    return "chance" if name.startswith("p_") else "number"


def _row(row: Mapping[str, str], lang: Lang) -> dict[str, str]:
    sides = ("verdict", "verdict_before")
    verdicts = {side: verdict_text(row[side], lang) if row[side] else "" for side in sides}
    pace = label(*PACES[row["pace"]], lang)
    own = {"name": row[f"name_{lang}"], "unit": unit(row["unit"], lang), "pace": pace, "why": why(row, lang)}
    return {**row, **verdicts, **own, "target": target_text(row["target"], lang)}


def _part(row: Mapping[str, str], named: Mapping[tuple[str, str], str], lang: Lang) -> dict[str, str]:
    name = named.get((row["indicator_id"], row["target_year"]), row["indicator_id"])
    quantity = label(*QUANTITIES[row["quantity"]], lang)
    return {**row, "name": name, "unit": unit(row["unit"], lang), "quantity": quantity}


def _count(record: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    own = {"name": record[lang], "unit": record["unit_zh" if lang == "zh" else "unit"]}
    return {**{k: str(v) for k, v in record.items()}, **own}
