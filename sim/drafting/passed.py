"""Numbers of a document that are no figure of a row, each with why; what nothing explains is read as one.

Every number in digits stands in exactly one place: in a row (sure, unsure, not placed) or here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sim.drafting.document import Table
from sim.drafting.figures import Figure, figures_in
from sim.drafting.heads import Head, is_numbering
from sim.drafting.reading import Reading
from sim.drafting.runs import Run

_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)*")
_SPAN = 24  # characters on either side that say what a number is
WHY: dict[str, tuple[str, str]] = {
    "year": ("年份", "a year"),
    "date": ("日期、时刻", "a date or time of day"),
    "heading": ("标题、条目的序号", "number of a heading or item"),
    "document": ("文号、章节、图表、条款的编号", "number of a document, chapter, table or article"),
    "age": ("年龄，属于名称", "an age, part of a name"),
    "base": ("比率的基数（每千、每万）", "the base of a ratio"),
    "name": ("名称、等级、代码的一部分", "part of a name, grade or code"),
    "table": ("表头、指标名称、单位或序号", "head of a table, name, unit or number of its row"),
}
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED = re.compile(r"\s*[张人名个家所例台辆元万余多处件项床%％]")
_BEFORE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("document", re.compile(r"(?:第|专栏|表|图|附件|附表|〔|\[|№|No\.?|Nos\.?|条|文号)\s*$", re.IGNORECASE)),
    (
        "document",
        re.compile(
            r"\b(?:table|box|figure|chapter|section|part|article|annex|appendix|page|document)\s+(?:no\.?\s*)?$",
            re.I,
        ),
    ),
    ("base", re.compile(r"(?:每|[/／]|\bper|\bfor (?:each|every))\s*$", re.IGNORECASE)),
    ("year", re.compile(r"(?:19|20)\d\d\s*年?\s*[-—–~～至/、]{1,2}\s*$")),
    ("date", re.compile(r"(?:[年月]|\d[:：])\s*$")),
    ("age", re.compile(r"\d\s*(?:[-—–~～至和]{1,2}|and|to)\s*$(?=)")),
    ("name", re.compile(r"(?:[A-Za-z＋+]-?|[“\"]|\d\.)$")),
)
_AFTER: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("date", re.compile(r"\s*(?:年|月|日|号(?!文)|时|[:：]\d)")),
    ("document", re.compile(r"\s*(?:号|条|款|届|期|版|章|节|页|批|〕|\])")),
    ("age", re.compile(r"\s*(?:周?岁|[-—–~～至]{1,2}\s*\d+\s*周?岁|-?\s*years?[- ](?:olds?|of age))")),
    ("base", re.compile(r"\s*[:：∶]\s*\d")),
    ("name", re.compile(r"\s*(?:级|甲|等|型|代|站式|急救|热线)|[A-Za-z＋+”\"]")),
)
_AGE_BEFORE = re.compile(r"\b(?:aged?|ages|under|over)(?:\s+\d+\s*(?:-|–|to|and))?\s*$", re.IGNORECASE)
_LISTED = re.compile(r"[（(]?\s*$")
_LISTED_AFTER = re.compile(r"(?:\.\d+)*\s*(?:[.．、)）]|\s\S|$)")


@dataclass(frozen=True)
class Passed:
    """A number that was passed over, where it stands, and a key of WHY."""

    number: str
    why: str
    line: int
    place: str
    sentence: str


def in_run(run: Run, readings: Sequence[Reading]) -> Iterator[Passed | Reading]:
    """The numbers of a run of text that no reading holds."""
    spans = [r.span for r in readings]
    starts = {start for start, *_ in run.starts}
    for token in _TOKEN.finditer(run.text):
        if any(a <= token.start() < b for a, b in spans):
            continue
        line, place = run.line_at(token.start())
        sentence = _around(run.text, token)
        why = _why(run.text, token, starts)
        if why:
            yield Passed(token[0], why, line, place, sentence)
        else:
            yield _left_over(token[0], line, place, run.location, sentence, run.heading)


def in_table(
    table: Table, head: Head, location: str, readings: Sequence[Reading]
) -> Iterator[Passed | Reading]:
    """The numbers of a table that no reading holds."""
    read: dict[tuple[int, int], list[Reading]] = {}
    for reading in readings:
        read.setdefault(reading.span, []).append(reading)
    words = {head.name, head.unit, head.binding, head.category}
    numbered = {n for n in range(head.width) if is_numbering(table, head, n)}
    for at, row in enumerate(table.rows):
        number = at - head.rows + 1
        line = " | ".join(c.text for c in row)
        for n, cell in enumerate(row):
            tokens = list(_TOKEN.finditer(cell.text))
            if (number, n) in read:
                tokens = _beside(cell.text, tokens, read[number, n])
            for token in tokens:
                why = "table" if number < 1 or n in words | numbered else _why(cell.text, token, set())
                if why:
                    yield Passed(token[0], why, cell.line, cell.place, line)
                else:
                    where = f"{location}, row {max(number, 0)}"
                    yield _left_over(token[0], cell.line, cell.place, where, line, "", in_table=True)


def _beside(text: str, tokens: Sequence[re.Match[str]], readings: Sequence[Reading]) -> list[re.Match[str]]:
    """The numbers of a cell that was read which are in none of its readings: a year in brackets."""
    if any(r.words for r in readings) or len(readings) >= len(tokens):
        return []  # the row holds the cell as it stands, or a figure for each number
    spans = [(f.start, f.end) for f in figures_in(text)]
    return [t for t in tokens if not any(a <= t.start() < b for a, b in spans)]


def _left_over(
    number: str, line: int, place: str, location: str, sentence: str, heading: str, *, in_table: bool = False
) -> Reading:
    figure = Figure(number.replace(",", ""), "=", "", 0, 0, 0)
    return Reading(
        figure,
        (),
        sentence,
        heading,
        "target",
        "",
        line,
        place,
        location,
        sentence,
        in_table=in_table,
        flags=("not a figure",),
    )


def _why(text: str, token: re.Match[str], starts: Collection[int]) -> str:
    """Why a number is no figure; empty where nothing says it."""
    before, after = (
        text[max(0, token.start() - _SPAN) : token.start()],
        text[token.end() : token.end() + _SPAN],
    )
    if _YEAR.fullmatch(token[0]) and not _COUNTED.match(after):
        return "year"
    opens = max((s for s in starts if s <= token.start()), default=-1)
    if opens >= 0 and _LISTED.fullmatch(text[opens : token.start()]) and _LISTED_AFTER.match(after):
        return "heading"
    if _AGE_BEFORE.search(before):
        return "age"
    for why, words in _BEFORE:
        if words.search(before) and (why != "age" or re.match(r"\s*(?:周?岁|years?[- ]old)", after)):
            return why
    return next((why for why, words in _AFTER if words.match(after)), "")


def _around(text: str, token: re.Match[str]) -> str:
    """The sentence around a number."""
    start = max(text.rfind(mark, 0, token.start()) for mark in "。；;！!？") + 1
    ends = [at for mark in "。；;！!？" if (at := text.find(mark, token.end())) >= 0]
    return text[start : min(ends, default=len(text)) + 1].strip()
