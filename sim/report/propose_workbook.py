"""proposal.xlsx of a proposal's folder: the indicator table as offices write it, and all its figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sim.catalogue.columns import Pair
from sim.catalogue.language import Lang, label
from sim.catalogue.words import unit
from sim.intact import META, read_meta
from sim.report.listed_sheet import ListedSheet, write_listed
from sim.report.propose_table import BASES, read_proposal
from sim.saved.run import draws_of

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
    ("province_goal", ("省规划目标", "target of the province's plan"), 10),
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
_CHANCES = ("p", "p_trend")
_TEXTS = ("section", "name", "unit", "basis", "reason", "find_first", "note", "grade")


def write_proposal_workbook(folder: Path, lang: str = "zh") -> Path:
    """Write proposal.xlsx into a proposal's folder; returns its path. Same rows, same bytes.

    Raises ConfigError where the folder is of no `propose`.
    """
    language: Lang = "en" if lang == "en" else "zh"
    draws = draws_of(read_meta(folder / META))
    return write_listed(folder / "proposal.xlsx", proposal_sheets(folder, language), language, kind, draws)


def proposal_sheets(folder: Path, lang: Lang) -> list[ListedSheet]:
    """The proposed targets, a sheet a year, and the figures behind them.

    Raises ConfigError where the folder is of no `propose`.
    """
    rows = [_worded(row, lang) for row in read_proposal(folder)]
    sheets: list[ListedSheet] = []
    for year in dict.fromkeys(row["year"] for row in rows):
        title = label(f"{year}年建议指标", f"proposed {year}", lang)
        sheets.append((title, TABLE, [r for r in rows if r["year"] == year]))
    return [*sheets, (label("测算依据", "figures", lang), FIGURES, rows)]


def kind(name: str) -> str:
    """How the cells of a column are written: one of FORMATS of a listed sheet."""
    if name in _TEXTS:
        return "text"
    if name in _CHANCES:
        return "chance"
    return "share" if name.startswith("share_") else "number"


def _worded(row: Mapping[str, str], lang: Lang) -> dict[str, str]:
    own = {name: row[f"{name}_{lang}"] for name in ("section", "name", "reason")}
    basis = label(*BASES.get(row["basis"], ("", "")), lang)
    return {**row, **own, "basis": basis, "unit": unit(row["unit"], lang)}
