"""Indicator tables: which column holds what, and a reading for each value of each row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sim.drafting.document import Cell, Row, Table
from sim.drafting.figures import Figure, figures_in
from sim.drafting.heads import Head, ValueColumn, binding_of
from sim.drafting.numerals import PER_HEADS, scaled_range
from sim.drafting.reading import Phrase, Reading

_DASH = re.compile(r"[-—–－一/／\s*.…]*|无|不详|缺")
# 〔1〕: how plans print what is to be added over their years, beside levels that stand without
_ADDED_UP = re.compile(r"\s*[\[〔【［](.+)[\]〕】］]\s*")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_UNIT_TAIL = re.compile(r"[（(\[【]\s*([^（）()\[\]]{1,12}?)\s*[)）\]】]\s*$")
_UNIT_WORD = re.compile(
    r"(?:1|十万分之一|万分之一|千分之一|百分之一)?\s*[/／]?\s*(?:%|％|‰|百分比|百分点|10万|十万|万|千|岁|周岁|张|人|人次|名|个|家|所|天|日|次|元|亿元|万元|"
    r"分钟|小时|公里|平方米|辆|台|例|户|项|件|倍)?(?:[/／每]?(?:千|万|10万|十万)?(?:人口|常住人口|人|年|活产|户籍人口|平方公里)?)?(?:[/／]?年)?"
)
_ANY_OPERATOR = (
    (">=", re.compile(r"不低于|不少于|不小于|至少|≥|及?以上")),
    ("<=", re.compile(r"不高于|不超过|不大于|≤|以内|以下")),
)
_ENGLISH_OPERATOR = (
    ("≥", re.compile(r"(?:at least|no[t ]+(?:less|lower|fewer) than)\s*", re.IGNORECASE)),
    ("≤", re.compile(r"(?:at most|no[t ]+(?:more|higher|greater) than|not exceeding)\s*", re.IGNORECASE)),
)
_ENGLISH_UNIT = re.compile(r"per(1000|10000|100000)(livebirths)?(?:people|population|persons|residents)?")
_SLASHED = re.compile(r"(?<=[\d%％‰])\s*[/／]\s*(?=[≥≤<>＞＜]?\s*\d+(?:\.\d+)?\s*(?:[%％‰]|$))")
_AGED = re.compile(
    r"([^\d]{0,6}\d+(?:\.\d+)?(?:[-—–~～至]{1,2}\d+(?:\.\d+)?)?)周?岁([左右及或以上下内]{0,3})"
)
_MYRIADS = re.compile(r"(百万|万|亿)(人次|人|张|名|个|户|例)")
_TIMES = {"万": 1e4, "百万": 1e6, "亿": 1e8}
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
            yield from _unnamed(row, head, self.location, number)
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
        said = binding_of(row[head.binding].text) if head.binding >= 0 else ""
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
            span=(number, -1),
        )
        return reading, measure


def _unnamed(row: Row, head: Head, location: str, number: int) -> Iterator[Reading]:
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
                span=(number, column.at),
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
    english = _ENGLISH_UNIT.fullmatch(text.lower().replace(",", ""))
    if english:
        return f"per {english[1]} live births" if english[2] else PER_HEADS[english[1]]
    return _UNIT_SAID.get(unit.strip(), _UNIT_SAID.get(text, text if not text.isascii() else text.lower()))


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
    added_up = column.kind == "target" and _ADDED_UP.fullmatch(text) is not None
    if added_up:
        figures = [replace(f, operator="change") if f.operator == "=" else f for f in figures]
    if not head.found:
        flags.append("no head")
    if column.rate:
        flags.append("yearly column")
    if len(figures) > 1:
        flags.append("two values")
    if added_up and not _below_level(figures, row, head):
        flags.append("added up")
    yearly = "年均" in base.phrases[0].text or "年增" in base.phrases[0].text
    year = f"{head.first}-{column.year}" if yearly and column.kind == "target" else column.year
    common = replace(
        base,
        kind=column.kind,
        year=year,
        line=cell.line,
        place=cell.place,
        year_stated=column.stated,
        span=(base.span[0], column.at),
    )
    if not figures:
        unread = "not read" if re.search(r"\d", text) else "no number"
        yield replace(common, words=text, flags=(*flags, unread))
    for figure in figures:
        yield replace(common, figure=figure, flags=tuple(flags))


def _below_level(figures: list[Figure], row: Row, head: Head) -> bool:
    """Whether the row has a level so much above what is added (twice at least) that this can be no level."""
    levels = [
        float(level.value)
        for column in head.values
        if not _ADDED_UP.fullmatch(row[column.at].text)
        for level in _cell_figures(row[column.at].text, "")
        if _PLAIN.fullmatch(level.value)
    ]
    added = [abs(float(f.value)) for f in figures if _PLAIN.fullmatch(f.value)]
    return bool(levels) and bool(added) and 2 * max(added) <= max(levels)


def _cell_figures(text: str, measure: str) -> list[Figure]:
    """Figures of a value cell: unit of the row unless it prints one, operator anywhere in the cell."""
    inside = _ADDED_UP.fullmatch(text)
    bare = inside[1] if inside else text.strip()
    for sign, words in _ENGLISH_OPERATOR:
        bare = words.sub(sign, bare)
    bare = re.sub(r"\s+", "", bare) if re.fullmatch(r"[\d.\s%％‰≥≤<>＞＜]+", bare) else bare
    aged = _AGED.fullmatch(bare)
    bare, measure = (aged[1] + (aged[2] or ""), measure or "岁") if aged else (bare, measure)
    found = []
    sides = _SLASHED.split(bare) if _SLASHED.search(bare) else [bare]
    for figure in (f for side in sides for f in figures_in(side)):
        operator = figure.operator
        if operator == "=":
            operator = next((sign for sign, words in _ANY_OPERATOR if words.search(bare)), operator)
        printed = figure.measure
        if not printed or (printed == "比" and "比" in measure):
            printed = measure or printed
        elif measure and figure.operator != "change" and len(measure) > len(printed):
            printed = measure
        many = _MYRIADS.fullmatch(printed)
        value = (
            scaled_range(figure.value, _TIMES[many[1]])
            if many and figure.operator != "change"
            else figure.value
        )
        printed = many[2] if many else printed
        found.append(replace(figure, operator=operator, measure=printed, value=value))
    return found
