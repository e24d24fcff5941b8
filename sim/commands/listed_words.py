"""The tables of `healthplan list` in the language asked for: their heads, and the words in their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sim.catalogue.cell_words import WORDS
from sim.catalogue.columns import HEADS, Pair
from sim.catalogue.language import Lang, label
from sim.catalogue.verdicts import VERDICTS
from sim.commands.plain_table import table

# heads that a run's tables do not have, or mean something else by
_OWN: Final[Mapping[str, Pair]] = {
    "code": ("代码", "code"),
    "name_zh": ("中文名", "name_zh"),
    "name_en": ("英文名", "name_en"),
    "level": ("层级", "level"),
    "people_2020": ("2020年人口", "people_2020"),
    "within": ("所属", "within"),
    "people_2010": ("2010年人口", "people_2010"),
    "area_2010": ("2010年地域", "area_2010"),
    "folder": ("文件夹", "folder"),
    "plan": ("规划", "plan"),
    "region": ("地区", "region"),
    "regions": ("地区", "regions"),
    "years": ("年份", "years"),
    "rows": ("行数", "rows"),
    "standards": ("标准", "standards"),
    "indicators": ("指标数", "indicators"),
    "tested": ("已检验", "tested"),
    "declined": (VERDICTS["not_tested"].zh, "declined"),
    "needs": ("文字需求", "needs"),
    "questions": ("规划问题", "questions"),
    "name": ("名称", "name"),
    "indicator": ("指标代码", "indicator"),
    "kind": ("类别", "kind"),
    "year": ("年份", "year"),
    "value": ("取值", "value"),
    "unit": ("单位", "unit"),
    "test": ("检验", "test"),
    "parameter": ("参数代码", "parameter"),
    "grade": ("等级", "grade"),
    "basis": ("依据", "basis"),
    "range": ("分布", "range"),
    "source": ("来源代码", "source"),
    "made": ("如何得出", "made"),
    "scenario": ("情景代码", "scenario"),
    "family": ("类", "family"),
    "sets": ("改变的参数", "sets"),
    "file": ("文件", "file"),
    "scenarios": ("情景", "scenarios"),
    "n": ("个数", "n"),
    "part": ("部分", "part"),
    "estimates": ("估计什么", "estimates"),
    "from": ("所用数据表", "from"),
    "after": ("在其后", "after"),
    "record": ("记录", "record"),
    "old": ("原值", "old"),
    "new": ("新值", "new"),
    "error_%": ("平均误差%", "error_%"),
    "bias_%": ("偏差%", "bias_%"),
    "coverage": ("区间覆盖", "coverage"),
    "with_error": ("含观测误差", "with_error"),
    "last_value_%": ("沿用末值的误差%", "last_value_%"),
    "trend_%": ("线性外推的误差%", "trend_%"),
}
_CELLS: Final[Mapping[str, Mapping[str, Pair]]] = {
    "level": {
        "country": ("全国", "country"),
        "nation": ("全国", "nation"),
        "province": ("省级", "province"),
        "prefecture": ("地级", "prefecture"),
        "county": ("县级", "county"),
        "district": ("县级", "district"),
        "direct_county": ("省直辖县级", "direct_county"),
        "zone": ("功能区", "zone"),
        "place": ("本地", "place"),
    },
    "kind": {
        "target": ("目标", "target"),
        "baseline": ("基期", "baseline"),
        "history": ("历史", "history"),
        "standard": ("标准", "standard"),
    },
    "family": {
        "fertility": ("生育", "fertility"),
        "migration": ("迁移", "migration"),
        "healthy_ageing": ("健康老龄化", "healthy_ageing"),
        "use": ("使用", "use"),
        "staff": ("人员", "staff"),
        "mixture": ("组合", "mixture"),
    },
    "basis": WORDS["basis_of_figure"],
    "range": WORDS["distribution"],
    "area_2010": {
        "same code and name": ("代码名称相同", "same code and name"),
        "same area": ("同一地域", "same area"),
        "same code": ("代码相同", "same code"),
        "area differs": ("地域不同", "area differs"),
        "area not checked": ("地域未核对", "area not checked"),
    },
}


def worded(
    columns: Sequence[str], rows: Sequence[Sequence[str]], lang: str
) -> tuple[list[str], list[list[str]]]:
    """A table with heads and cells in the language; ids and figures stay as they are."""
    speech: Lang = "en" if lang == "en" else "zh"
    heads = [c if lang == "en" else _OWN.get(c, HEADS.get(c, (c, c)))[0] for c in columns]
    return heads, [[_cell(c, cell, speech) for c, cell in zip(columns, row, strict=True)] for row in rows]


def _cell(column: str, cell: str, lang: Lang) -> str:
    return label(*_CELLS.get(column, {}).get(cell, (cell, cell)), lang)


def worded_table(columns: Sequence[str], rows: Sequence[Sequence[str]], lang: str) -> str:
    """A table for the terminal in a language."""
    return table(*worded(columns, rows, lang))
