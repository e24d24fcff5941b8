"""Paragraphs put together to runs of text, each with where it stands: part, heading, box, what is past."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sim.drafting.document import Paragraph
from sim.drafting.figures import Figure
from sim.drafting.numerals import chinese_number
from sim.drafting.reading import Phrase, Reading

SENTENCE = re.compile(r"[。；;！!？]")
"""What ends a sentence."""
LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CLOSED = re.compile(r"[。；：:！？!?;）)”]\s*$")
_HEADINGS = (
    re.compile(
        r"(?:^|(?<=\s))(?:第(?P<part>[一二三四五六七八九十]{1,3})(?:章|部分)|(?P<number>[一二三四五六七八九十]{1,3})、)"
    ),
    re.compile(
        r"(?:^|(?<=\s))(?:第(?P<part>[一二三四五六七八九十]{1,3})节|[（(](?P<number>[一二三四五六七八九十]{1,3})[）)])"
    ),
    re.compile(r"^\s*(?P<part>)(?P<number>\d{1,3})\s*[.．、](?!\d)"),
)
_BOX = re.compile(r"^\s*专栏\s*(\d+|[一二三四五六七八九十]+)")
_ANY_HEADING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章节]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,3}\s*[.．、](?!\d)|专栏|——|表\s*\d|"
    r"(?:Chapter|Part|Section|Box|Table|Annex) \w)"
)
_PAST = re.compile(
    r"现状|基础$|(?:工作|发展|现实)基础|成就|成效|回顾|背景|进展|面临|形势|问题|机遇|挑战|发展环境"
)
_FUTURE = re.compile(r"目标|任务|措施|保障|总体要求|战略|指导思想|原则|展望|实施|重点(?:工作|领域|项目)")


@dataclass
class _Where:
    """Where the reader is: numbers and titles of sections, whether they tell of the past."""

    numbers: list[str]
    titles: list[str]
    past: list[bool | None]
    box: str = ""

    @property
    def is_past(self) -> bool:
        return next((p for p in reversed(self.past) if p is not None), False)

    def location(self) -> str:
        parts = [n for n in self.numbers[:2] if n]
        text = f"sec {'.'.join(parts)}" if parts else "before sec 1"
        if self.box:
            return f"{text} box {self.box}"
        return f"{text} item {self.numbers[2]}" if self.numbers[2] else text


@dataclass(frozen=True)
class Run:
    """Paragraphs that belong to one flow of sentences, with the line of each character."""

    text: str
    starts: tuple[tuple[int, int, str], ...]
    location: str
    heading: str
    past: bool

    def line_at(self, at: int) -> tuple[int, str]:
        """Line and place of the character `at`."""
        line, place = self.starts[0][1:]
        for start, number, where in self.starts:
            if start <= at:
                line, place = number, where
        return line, place

    def reading(
        self,
        sentence: str,
        figure: Figure,
        phrases: tuple[Phrase, ...],
        when: tuple[str, str, bool],
        *,
        each: bool = False,
    ) -> Reading:
        """What a sentence of it says by a figure.  when: kind, year, whether the year is stated.

        Line and place are those of the sentence's words: `placed` gives them.
        """
        kind, year, stated = when
        return Reading(
            figure,
            phrases,
            sentence,
            self.heading,
            kind,
            year,
            0,
            "",
            self.location,
            sentence.strip(),
            year_stated=stated,
            each=each,
        )

    def placed(self, reading: Reading, words: int, span: tuple[int, int]) -> Reading:
        """A reading where it stands: words, span: its first word, its figure, from the run's beginning."""
        line, place = self.line_at(words)
        return replace(reading, line=line, place=place, span=span)


def read_runs(paragraphs: Iterable[Paragraph]) -> Iterator[Run]:
    """Paragraphs put together where a line was broken within a sentence; sections followed."""
    where = _Where(["", "", ""], ["", "", ""], [None, None, None])
    texts: list[Paragraph] = []
    for paragraph in paragraphs:
        opens = bool(_ANY_HEADING.match(paragraph.text))
        other = bool(texts) and is_english(paragraph.text) != is_english(texts[-1].text)
        if texts and (opens or other or _is_closed(texts[-1].text)):
            yield _run(texts, where)
            texts = []
        _follow(where, paragraph.text)
        texts.append(paragraph)
    if texts:
        yield _run(texts, where)


def _is_closed(text: str) -> bool:
    """Whether a line does not go on in the next: its sentence ends, or it is short as headings are."""
    return bool(_CLOSED.search(text)) or len(text) < 20 or (is_english(text) and text.rstrip().endswith("."))


def is_english(text: str) -> bool:
    """Whether a text is in English: words of Latin letters, hardly a Chinese character."""
    return len(LATIN.findall(text)) > 8 * len(_HAN.findall(text)) + 8


def _run(texts: Sequence[Paragraph], where: _Where) -> Run:
    starts = []
    whole = ""
    for p in texts:
        if re.search(r"[A-Za-z,]$", whole) and re.match(r"[A-Za-z\d(]", p.text):
            whole += " "  # a line of English broken between two words
        elif re.search(r"[\d.;:)]$", whole) and re.match(r"[A-Za-z]", p.text):
            whole += " "
        starts.append((len(whole), p.line, p.place))
        whole += p.text
    return Run(whole, tuple(starts), where.location(), " ".join(where.titles), where.is_past)


def _follow(where: _Where, text: str) -> None:
    box = _BOX.match(text)
    if box:
        where.box = box[1]
        return
    for level, pattern in enumerate(_HEADINGS):
        for match in pattern.finditer(text):
            number = match["part"] or match["number"]
            where.box = ""
            title = SENTENCE.split(text[match.end() :])[0][:30]
            where.numbers[level] = _arabic(number)
            where.titles[level] = title
            past = _tells_past(title, level)
            where.past[level] = None if past and level == 1 and where.past[0] is False else past
            for deeper in range(level + 1, 3):
                where.numbers[deeper], where.titles[deeper], where.past[deeper] = "", "", None


def _tells_past(title: str, level: int) -> bool | None:
    if level > 1:
        return None
    if _FUTURE.search(title):
        return False
    return True if _PAST.search(title) else None


def _arabic(number: str) -> str:
    return number if number.isdigit() else str(chinese_number(number) or number)
