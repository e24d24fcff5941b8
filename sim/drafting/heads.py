"""The head of an indicator table: which column holds names, units, kinds and which years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.drafting.calendar import Period, five_years, mentions
from sim.drafting.document import Row, Table
from sim.drafting.figures import figures_in
from sim.drafting.numerals import chinese_number

_BINDING = {"约束": "binding", "预期": "expected", "指导": "guidance", "引导": "guidance"}
_BINDING |= {word: word for word in _BINDING.values()}
_NUMBER_HEAD = re.compile(r"^(序号|编号|序|NO\.?|№|number)$", re.IGNORECASE)
_CATEGORY_HEAD = re.compile(r"类别|分类|领域|维度|方面|一级指标|指标一级|板块|category|domain", re.IGNORECASE)
_NAME_HEAD = re.compile(
    r"指标名称|二级指标|三级指标|具体指标|主要指标|^指标|指标$|项目|名称|内容|指标[（(]|indicator",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"指标(?:类别|类型|值|属性|性质|要求|来源|说明)|indicatortype", re.IGNORECASE)
_UNIT_HEAD = re.compile(r"^(?:计量|指标|统计)?单位$|^units?$", re.IGNORECASE)
_BINDING_HEAD = re.compile(r"属性|性质|指标要求|指标类型|^类型$|^type$|^nature$", re.IGNORECASE)
_VALUE_HEAD = re.compile(
    r"目标|现状|基期|基础|基数|基准|实现|完成|实际|现值|规划|预期值|数值|指标值|target|goal|baseline|actual",
    re.IGNORECASE,
)
_PAST_HEAD = re.compile(r"现状|基期|基础|基数|基准|实现|完成|实际|现值|当前|baseline|actual", re.IGNORECASE)
_FUTURE_HEAD = re.compile(r"目标|规划|预期|target|goal", re.IGNORECASE)
_RATE_HEAD = re.compile(r"年均|增速|累计|增长|变化|幅|growth|change", re.IGNORECASE)
_FIVE = re.compile(r"(十?[一二三四五六七八九]|十)五")
_LEVEL_HEAD = re.compile(r"[一二三]级(?:指标)?")


@dataclass(frozen=True)
class ValueColumn:
    """A column of values: its place, year, kind, and whether it holds yearly changes."""

    at: int
    year: str
    kind: str
    stated: bool
    rate: bool


@dataclass(frozen=True)
class Head:
    """Which column of a table holds what; -1 where none does."""

    width: int
    rows: int
    name: int
    unit: int
    binding: int
    category: int
    values: tuple[ValueColumn, ...]
    first: int
    found: bool


def read_head(table: Table, title: str, period: Period, before: Head | None) -> Head | None:
    """The head of a table; the one before where a table goes on over a page; None for no indicators."""
    start = next((n for n, r in enumerate(table.rows[:5]) if _is_head(r)), None)
    if start is None:
        goes_on = before is not None and before.width == len(table.rows[0])
        return replace(before, rows=0, found=False) if before is not None and goes_on else None
    stop = start + 1
    while stop < len(table.rows) - 1 and stop - start < 3 and _more_head(table.rows[stop]):
        stop += 1
    heads = _column_heads(table.rows[start:stop])
    body = table.rows[stop:]
    name = _name_column(heads, body)
    binding = _binding_column(heads, body)
    unit = next((n for n, h in enumerate(heads) if _UNIT_HEAD.search(h)), -1)
    category = next((n for n, h in enumerate(heads) if n != name and _CATEGORY_HEAD.search(h)), -1)
    if category < 0 < name and heads[name - 1] == heads[name]:  # one head above categories and names
        category = name - 1
    taken = {name, binding, unit, category}
    values = tuple(
        column
        for n, h in enumerate(heads)
        if n not in taken and not _NUMBER_HEAD.search(h)
        for column in [_value_column(n, h, body, title, period)]
        if column is not None
    )
    if name < 0 or not values:
        return None
    return Head(len(heads), stop, name, unit, binding, category, values, period.first, found=True)


def is_numbering(table: Table, head: Head, at: int) -> bool:
    """Whether a column numbers the rows: its head says so, or it counts 1, 2, 3 beside their names."""
    above = "".join(r[at].text for r in table.rows[: head.rows]).strip()
    below = [r[at].text.strip() for r in table.rows[head.rows :] if r[at].text.strip()]
    if at in {v.at for v in head.values}:
        return False
    counts = below == [str(n) for n in range(1, len(below) + 1)]
    return bool(_NUMBER_HEAD.search(re.sub(r"\s", "", above))) or (bool(below) and counts)


def _is_head(row: Row) -> bool:
    texts = [re.sub(r"\s", "", c.text) for c in row]
    named = any(_names(t) and len(t) < 16 for t in texts)
    other = any(
        _UNIT_HEAD.search(t)
        or _BINDING_HEAD.search(t)
        or _VALUE_HEAD.search(t)
        or re.search(r"(19|20)\d\d", t)
        for t in texts
    )
    several = sum(bool(t) for t in texts) > 1  # a title over all columns is no head
    return several and named and other and all(len(t) < 30 for t in texts)


def _more_head(row: Row) -> bool:
    """A second line of a head: years and words of heads only, much of it empty."""
    texts = [re.sub(r"\s", "", c.text) for c in row if c.text]
    words = all(
        re.search(r"(19|20)\d\d年?", t)
        or _VALUE_HEAD.search(t)
        or _BINDING_HEAD.search(t)
        or _UNIT_HEAD.search(t)
        or _LEVEL_HEAD.fullmatch(t)
        for t in texts
    )
    return bool(texts) and words and not any(figures_in(t) for t in texts)


def _column_heads(rows: Sequence[Row]) -> list[str]:
    """The words above each column; a head that spans columns stands above each of them."""
    heads = [""] * len(rows[0])
    for row in rows:
        left = ""
        for n, cell in enumerate(row):
            text = re.sub(r"\s", "", cell.text)
            spans = cell.merged and row is rows[0] and (len(rows) > 1 or _names(left))
            left = text or (left if spans else "")
            if left and left not in heads[n]:
                heads[n] += left
    return heads


def _names(head: str) -> bool:
    """Whether a head says that names of indicators stand below."""
    return bool(_NAME_HEAD.search(head)) and not _NO_NAME.search(head)


def _name_column(heads: Sequence[str], body: Sequence[Row]) -> int:
    fit = [n for n, h in enumerate(heads) if _names(h) and not _CATEGORY_HEAD.search(h)]
    fit = fit or [n for n, h in enumerate(heads) if _NAME_HEAD.search(h)]
    if len(fit) < 2:
        return fit[0] if fit else -1
    different = {n: len({r[n].text for r in body if r[n].text}) for n in fit}
    return max(fit, key=lambda n: (different[n], -n))


def _binding_column(heads: Sequence[str], body: Sequence[Row]) -> int:
    counts = {n: sum(bool(binding_of(r[n].text)) for r in body) for n in range(len(heads))}
    best = max(counts, key=lambda n: counts[n], default=-1)
    return best if best >= 0 and counts[best] >= max(1, len(body) // 4) else -1


def _value_column(at: int, head: str, body: Sequence[Row], title: str, period: Period) -> ValueColumn | None:
    texts = [r[at].text for r in body if r[at].text]
    numbers = sum(bool(re.search(r"\d", t)) and len(t) < 30 for t in texts)
    named = mentions(head) or mentions(re.sub(r"((?:19|20)\d\d)(?!年|\d)", r"\1年", head))
    if not numbers or (not named and not _VALUE_HEAD.search(head) and not _FIVE.search(head)):
        return None
    rate = bool(_RATE_HEAD.search(head))
    stated = True
    if named:
        year = named[-1].year if named[-1].span and rate else str(named[-1].last)
    elif _FIVE.search(head):
        number = chinese_number(_FIVE.findall(head)[-1])
        year = str(five_years(number or 0).last)
    else:
        titled = [m for m in mentions(title) if not m.span and m.last > period.base]
        past = bool(_PAST_HEAD.search(head)) and not _FUTURE_HEAD.search(head)
        year = str(period.base if past else titled[-1].last if titled else period.target)
        stated = bool(titled) or not past
    last = int(year[-4:])
    kind = "target" if last > period.base else "baseline" if last == period.base else "history"
    if _PAST_HEAD.search(head) and not _FUTURE_HEAD.search(head) and kind == "target":
        kind = "baseline"
    return ValueColumn(at, year, kind, stated, rate)


def binding_of(text: str) -> str:
    """How binding a short cell says that a target is; "" where it says nothing of it."""
    return next((word for zh, word in _BINDING.items() if zh in text.lower() and len(text) < 12), "")
