"""What each sheet of tables.xlsx holds: its rows of the run's tables, its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim.catalogue.columns import Pair
from sim.catalogue.verdicts import VERDICTS
from sim.plan.needs import is_need
from sim.saved.row import Row

NOTES = (  # heads and texts in both languages; {adequate}, {tight}: probabilities of the run
    (
        "结论",
        "verdicts",
        "按使用：规划目标够本地使用需求的概率（没有需求数的指标、覆盖率按达标概率）；按标准：够国家标准需求的概率。"
        "概率≥{adequate}够用，{tight}–{adequate}偏紧，<{tight}不足，明显超过使用需求为富余。"
        "阈值见 parameters/standards/adequacy.yaml",
        "by use: probability that the target is enough for what is used here (of outcomes and coverage: "
        "that it is reached); by norm: that it is enough for the national norm. {adequate} or more adequate, "
        "{tight}-{adequate} tight, less short; far more than the need by use surplus. "
        "Thresholds: parameters/standards/adequacy.yaml",
    ),
    (
        "临界 ±",
        "on the line ±",
        "概率距所列阈值不到两个标准误，增加抽样可能改判",
        "the probability lies within two standard errors of the thresholds named: more draws may turn it",
    ),
    (
        "不判定的水平",
        "levels not judged",
        "现状、历史、规划假设，目标年之后各年，以及无本地数据（全国模式）的指标：并列需求与水平及该水平不足的起始年，"
        "不判定，不计数",
        "present levels, history, planning assumptions, years after the target year, and indicators "
        "without anything local (national pattern): need and level beside each other and the year from "
        "which the level is too little; not judged, in no tally",
    ),
    (
        "文字需求",
        "needs without a target",
        "规划只有文字的问题：按趋势供给判定，无供给数的为“无目标”；不是规划目标，不计数",
        "what the plan asks in words: the verdict is on the trend of supply, no target where none is "
        "counted; not the plan's targets, in no tally",
    ),
    (
        "数据等级",
        "grades",
        "A 实测表；B 公开汇总；C 假设；D 推算。表中为结论所依据数据的最低等级",
        "A observed table, B published summary, C assumed, D derived; the weakest of what a verdict rests on",
    ),
    (
        "存量与流量",
        "stocks, flows",
        "存量为12月31日数，流量为全年数",
        "stocks at 31 December, flows during the year",
    ),
    (
        "中心值与分位数",
        "central and quantiles",
        "中心值：所有参数取中心值；P10、P50、P90：抽样的分位数",
        "central: all parameters at their central values; P10, P50, P90: quantiles over the draws",
    ),
)
_WHAT = ("scenario", "region", "indicator_id", "name_zh", "name_en", "year", "unit", "population_basis")
_NEED = ("required_p10", "required_p50", "required_p90", "need_norm_p50")
_RESTS = (
    "grade",
    "share_counted_here",
    "share_counted_elsewhere",
    "share_published",
    "share_derived",
    "share_judgement",
    "find_first",
    "special",
    "location",
    "reason",
)


@dataclass(frozen=True)
class Sheet:
    """Rows of adequacy_detail.csv of one kind, with the columns that say something of them."""

    zh: str
    en: str
    takes: Callable[[Row], bool]
    columns: Sequence[str]
    heads: dict[str, Pair]
    """Heads that differ from those of the catalogue."""


def status(row: Row) -> Pair:
    """Why a row of the plan is not judged, in both languages."""
    if row.follows_nation:
        return "全国模式，无本地数据", "national pattern, nothing local"
    if row.held is not None and row.held.stated and row.year > row.target_year:
        return f"目标年{row.target_year}之后", f"after the target year {row.target_year}"
    return "不是目标", "no target"


SHEETS = (
    Sheet(
        "结论",
        "verdicts",
        lambda row: row.is_judged and not is_need(row.indicator_id),
        (
            *_WHAT,
            "baseline",
            "target",
            *_NEED,
            "available_p50",
            "ratio_p50",
            "verdict",
            "p_enough",
            "p_reached",
            "verdict_norm",
            "p_enough_norm",
            "on_the_line",
            "level_short_year",
            "first_short_year",
            "capacity_p50",
            "p_capacity",
            *_RESTS,
        ),
        {},
    ),
    Sheet(
        "不判定的水平",
        "levels not judged",
        lambda row: (row.follows_nation or not row.has_target) and not is_need(row.indicator_id),
        (
            *_WHAT,
            "status",
            "target_year",
            "baseline",
            "target",
            *_NEED,
            "available_p50",
            "ratio_p50",
            "level_short_year",
            "capacity_p50",
            "p_capacity",
            *_RESTS,
        ),
        {
            "available_p50": ("现有或目标水平P50", "level P50, present or planned"),
            "ratio_p50": ("水平/需求P50", "level / need P50"),
        },
    ),
    Sheet(
        "文字需求",
        "needs without a target",
        lambda row: is_need(row.indicator_id) and row.is_tested,
        (
            *_WHAT,
            *_NEED,
            "available_p50",
            "ratio_p50",
            "verdict",
            "p_enough",
            "on_the_line",
            *_RESTS,
        ),
        {
            "available_p50": ("趋势供给P50", "trend of supply P50"),
            "ratio_p50": ("供给/需求P50", "supply / need P50"),
            "verdict": ("结论（按趋势供给）", "verdict on the trend"),
        },
    ),
    Sheet(
        VERDICTS["not_tested"].zh,
        "not tested",
        lambda row: not row.is_tested,
        (
            "scenario",
            "region",
            "indicator_id",
            "name_zh",
            "name_en",
            "year",
            "unit",
            "target",
            "location",
            "reason",
        ),
        {},
    ),
)
