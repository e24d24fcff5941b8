"""Indicator tables: which column holds what, and a reading for each value of each row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sim.drafting.calendar import Period, five_years, mentions
from sim.drafting.document import Cell, Row, Table
from sim.drafting.figures import Figure, figures_in
from sim.drafting.numerals import chinese_number
from sim.drafting.reading import Phrase, Reading

_BINDING = {"约束": "binding", "预期": "expected", "指导": "guidance", "引导": "guidance"}
_NUMBER_HEAD = re.compile(r"^(序号|编号|序|NO\.?|№)$", re.IGNORECASE)
_CATEGORY_HEAD = re.compile(r"类别|分类|领域|维度|方面|一级指标|板块")
_NAME_HEAD = re.compile(r"指标名称|二级指标|三级指标|具体指标|主要指标|^指标|指标$|项目|名称|内容|指标[（(]")
_NO_NAME = re.compile(r"指标(?:类别|类型|值|属性|性质|要求|来源|说明)")
_UNIT_HEAD = re.compile(r"^(?:计量|指标|统计)?单位$")
_BINDING_HEAD = re.compile(r"属性|性质|指标要求|指标类型|^类型$")
_VALUE_HEAD = re.compile(r"目标|现状|基期|基础|基数|基准|实现|完成|实际|现值|规划|预期值|数值|指标值")
_PAST_HEAD = re.compile(r"现状|基期|基础|基数|基准|实现|完成|实际|现值|当前")
_FUTURE_HEAD = re.compile(r"目标|规划|预期")
_RATE_HEAD = re.compile(r"年均|增速|累计|增长|变化|幅")
_FIVE = re.compile(r"(十?[一二三四五六七八九]|十)五")
_DASH = re.compile(r"[-—–－一/／\s*.…]*|无|不详|缺")
_UNIT_TAIL = re.compile(r"[（(\[【]\s*([^（）()\[\]]{1,12}?)\s*[)）\]】]\s*$")
_UNIT_WORD = re.compile(
    r"(?:1|十万分之一|万分之一|千分之一|百分之一)?\s*[/／]?\s*(?:%|％|‰|百分比|百分点|10万|十万|万|千|岁|周岁|张|人|人次|名|个|家|所|天|日|次|元|亿元|万元|"
    r"分钟|小时|公里|平方米|辆|台|例|户|项|件|倍)?(?:[/／每]?(?:千|万|10万|十万)?(?:人口|常住人口|人|年|活产|户籍人口|平方公里)?)?(?:[/／]?年)?"
)
_ANY_OPERATOR = (
    (">=", re.compile(r"不低于|不少于|不小于|至少|≥|及?以上")),
    ("<=", re.compile(r"不高于|不超过|不大于|≤|以内|以下")),
)
_UNIT_SAID = {
    "百分比": "%",
    "％": "%",
    "百分之一": "%",
    "千分之一": "‰",
    "十万分之一": "/10万",
    "1/10万": "/10万",
    "10万": "/10万",
    "万分之一": "/万",
    "1/万": "/万",
    "周岁": "岁",
    "天/次": "天",
}


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


def read_rows(table: Table, head: Head, location: str) -> Iterator[Reading]:
    """A reading for each value of each row, in document order."""
    reader = _Rows(head, location)
    for number, row in enumerate(table.rows[head.rows :], start=1):
        yield from reader.read(row, number)


@dataclass
class _Rows:
    """What goes on from row to row: category, the row that others are parts of, obligation, merged cells."""

    head: Head
    location: str
    category: str = ""
    parent: str = ""
    in_parts: bool = False
    measure: str = ""
    bound: str = ""
    above: dict[int, Cell] = field(default_factory=dict)

    def read(self, row: Row, number: int) -> Iterator[Reading]:
        """The readings of a row; none of a row that is a category."""
        head = self.head
        if head.category >= 0 and row[head.category].text:
            self.category = row[head.category].text
        name = self._carried(row, head.name)
        values = [row[column.at] for column in head.values]
        if sum(bool(c.text) for c in row) < 2 or not any(c.text or c.merged for c in values):
            self.category = name or next((c.text for c in row if c.text), self.category)
            return
        if len(re.findall(r"[\u4e00-\u9fffA-Za-z]", name)) < 2 and not (self.parent and name):
            yield from _unnamed(row, head, self.location)
            return
        base, measure = self._named(row, name, number)
        for column in head.values:
            yield from _cell_readings(row, column, measure, base, self.above, head)
        self.above |= {n: cell for n, cell in enumerate(row) if cell.text or not cell.merged}

    def _carried(self, row: Row, at: int) -> str:
        """The text of a cell, or of the one above that it is merged with."""
        cell = row[at]
        return self.above[at].text if not cell.text and cell.merged and at in self.above else cell.text

    def _named(self, row: Row, name: str, number: int) -> tuple[Reading, str]:
        """A reading without its figure, and the unit that its figures are in."""
        head = self.head
        said = _bound(row[head.binding].text) if head.binding >= 0 else ""
        merged = head.binding >= 0 and not row[head.binding].text
        self.bound = said if not merged else self.bound
        text, tail = split_unit(name)
        measure = _measure((row[head.unit].text if head.unit >= 0 else "") or tail)
        own = re.sub(r"^(?:其中|#|—|-)+\s*[:：]?", "", text)
        part = own != text or len(own) <= 3
        goes_on = self.in_parts and measure == self.measure and "每" in self.parent and "每" not in own
        self.in_parts, self.measure = part or goes_on, measure
        phrases = [Phrase(per_people(measure) + own)]
        if self.in_parts and self.parent:
            phrases.append(Phrase(self.parent + own, 0.95))
        else:
            self.parent = text
        reading = Reading(
            figure=None,
            phrases=tuple(phrases),
            context=self.parent if self.in_parts else "",
            heading=self.category,
            kind="",
            year="",
            line=row[0].line,
            place=row[0].place,
            location=f"{self.location}, row {number}",
            sentence=" | ".join(c.text for c in row),
            in_table=True,
            binding=self.bound,
            flags=("merged attribute",) if merged and self.bound else (),
        )
        return reading, measure


def _unnamed(row: Row, head: Head, location: str) -> Iterator[Reading]:
    """The figures of a row without a name: read, at no indicator."""
    text = " | ".join(c.text for c in row)
    for column in head.values:
        cell = row[column.at]
        for figure in figures_in(cell.text):
            yield Reading(
                figure,
                (),
                "",
                "",
                column.kind,
                column.year,
                cell.line,
                cell.place,
                location,
                text,
                in_table=True,
            )


def split_unit(name: str) -> tuple[str, str]:
    """The name of a row and the unit in the brackets at its end, if they hold one."""
    match = _UNIT_TAIL.search(name)
    if match and _UNIT_WORD.fullmatch(match[1].replace(" ", "")):
        return name[: match.start()], match[1].replace(" ", "")
    return name, ""


def per_people(measure: str) -> str:
    """每千人口 for a unit such as 张/千人口, whose name does not say it."""
    match = re.search(r"/(10万|[千万])(?:常住|户籍|服务)?人", measure)
    return f"每{match[1]}人口" if match else ""


def _measure(unit: str) -> str:
    text = (
        unit.replace(" ", "").replace("／", "/").replace("％", "%").replace("每", "/").replace("十万", "10万")
    )
    return _UNIT_SAID.get(unit.strip(), _UNIT_SAID.get(text, text))


def _cell_readings(
    row: Row, column: ValueColumn, measure: str, base: Reading, above: dict[int, Cell], head: Head
) -> Iterator[Reading]:
    cell = row[column.at]
    flags = list(base.flags)
    text = cell.text
    carried = above.get(column.at)
    if not text and cell.merged and carried and not _DASH.fullmatch(carried.text):
        cell, text = above[column.at], above[column.at].text
        flags.append("merged value")
    if _DASH.fullmatch(text):
        return
    figures = _cell_figures(text, measure)
    if not head.found:
        flags.append("no head")
    if column.rate:
        flags.append("yearly column")
    if len(figures) > 1:
        flags.append("two values")
    yearly = "年均" in base.phrases[0].text or "年增" in base.phrases[0].text
    year = f"{head.first}-{column.year}" if yearly and column.kind == "target" else column.year
    common = replace(
        base, kind=column.kind, year=year, line=cell.line, place=cell.place, year_stated=column.stated
    )
    if not figures:
        yield replace(common, words=text, flags=(*flags, "no number"))
    for figure in figures:
        yield replace(common, figure=figure, flags=tuple(flags))


def _cell_figures(text: str, measure: str) -> list[Figure]:
    """Figures of a value cell: unit of the row unless it prints one, operator anywhere in the cell."""
    bare = re.sub(r"^[\[〔【](.+)[\]〕】]$", r"\1", text.strip())
    bare = re.sub(r"\s+", "", bare) if re.fullmatch(r"[\d.\s%％‰≥≤<>＞＜]+", bare) else bare
    found = []
    for figure in figures_in(bare):
        operator = figure.operator
        if operator == "=":
            operator = next((sign for sign, words in _ANY_OPERATOR if words.search(bare)), operator)
        printed = figure.measure
        if not printed or (printed == "比" and "比" in measure):
            printed = measure or printed
        elif measure and figure.operator != "change" and len(measure) > len(printed):
            printed = measure
        found.append(replace(figure, operator=operator, measure=printed))
    return found


def _is_head(row: Row) -> bool:
    texts = [re.sub(r"\s", "", c.text) for c in row]
    named = any(_NAME_HEAD.search(t) and not _NO_NAME.search(t) and len(t) < 16 for t in texts)
    other = any(
        _UNIT_HEAD.search(t)
        or _BINDING_HEAD.search(t)
        or _VALUE_HEAD.search(t)
        or re.search(r"(19|20)\d\d", t)
        for t in texts
    )
    return named and other and all(len(t) < 30 for t in texts)


def _more_head(row: Row) -> bool:
    """A second line of a head: years and words of heads only, much of it empty."""
    texts = [re.sub(r"\s", "", c.text) for c in row if c.text]
    words = all(
        re.search(r"(19|20)\d\d年?", t)
        or _VALUE_HEAD.search(t)
        or _BINDING_HEAD.search(t)
        or _UNIT_HEAD.search(t)
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
            left = text or (left if cell.merged and row is rows[0] and len(rows) > 1 else "")
            if left and left not in heads[n]:
                heads[n] += left
    return heads


def _name_column(heads: Sequence[str], body: Sequence[Row]) -> int:
    fit = [
        n
        for n, h in enumerate(heads)
        if _NAME_HEAD.search(h) and not _NO_NAME.search(h) and not _CATEGORY_HEAD.search(h)
    ]
    fit = fit or [n for n, h in enumerate(heads) if _NAME_HEAD.search(h)]
    if len(fit) < 2:
        return fit[0] if fit else -1
    different = {n: len({r[n].text for r in body if r[n].text}) for n in fit}
    return max(fit, key=lambda n: (different[n], -n))


def _binding_column(heads: Sequence[str], body: Sequence[Row]) -> int:
    counts = {n: sum(bool(_bound(r[n].text)) for r in body) for n in range(len(heads))}
    best = max(counts, key=lambda n: counts[n], default=-1)
    return best if best >= 0 and counts[best] >= max(1, len(body) // 4) else -1


def _bound(text: str) -> str:
    return next((word for zh, word in _BINDING.items() if zh in text and len(text) < 12), "")


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
