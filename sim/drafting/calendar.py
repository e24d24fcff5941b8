"""Years of a plan: five-year plans by their number, the document's period, years and spans in a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sim.drafting.numerals import chinese_number

_FIRST = 1951  # the first year of the n-th five-year plan is 1951 + 5 n (the 7th: 1986, the 15th: 2026)
_FIVE = r"[“\"]?(?P<five>十?[一二三四五六七八九]|二?十)五[”\"]?"
_FIVE_YEARS = re.compile(rf"{_FIVE}\s*(?P<part>期?末|初|期间|时期|以来|前[两三]年)?")
_SPAN = re.compile(
    r"(?P<a>(?:19|20)\d\d)\s*年?\s*(?:-{1,2}|—{1,2}|–|~|～|至|到)\s*(?P<b>(?:19|20)\d\d)\s*年?"
)
_YEAR = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*年(?!代)")
_PERIOD = re.compile(
    r"[（(]\s*((?:19|20)\d\d)\s*(?:年)?\s*[-—–~～至]{1,2}\s*((?:19|20)\d\d)\s*年?(?:\s*[，,；;、]?\s*(?:展望|远景|并?展望至?到?)[^）)]{0,12})?\s*[）)]"
    r"|^[^，。；]{0,16}?((?:19|20)\d\d)\s*年?\s*[-—–~～至]{1,2}\s*((?:19|20)\d\d)\s*年[^，。；]{0,30}(?:规划|方案|行动计划)$"
)
_ENGLISH_PERIOD = re.compile(
    r"(?:plan|outline|programme|program|strategy|development)\b[^.;]{0,60}?((?:19|20)\d\d)\s*(?:[-–—~]|to)\s*((?:19|20)\d\d)",
    re.IGNORECASE,
)
_ENGLISH_FIVE = re.compile(r"(?<!\d)(1\d)th Five-Year", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """The years of a plan; baselines are of `base`, targets of `target`."""

    first: int
    last: int

    @property
    def base(self) -> int:
        """The year before the plan begins."""
        return self.first - 1

    @property
    def target(self) -> int:
        """The last year of the plan."""
        return self.last


@dataclass(frozen=True)
class Mention:
    """Years that a text names: `year` as a plan writes it (2025 or 2021-2025), `start` in the text.

    span: a time over which something is done (期间), not the moment at its end (末).
    """

    year: str
    start: int
    end: int
    span: bool

    @property
    def last(self) -> int:
        """The last year."""
        return int(self.year[-4:])

    @property
    def first(self) -> int:
        """The first year."""
        return int(self.year[:4])


def five_years(number: int) -> Period:
    """The n-th five-year plan."""
    first = _FIRST + 5 * number
    return Period(first, first + 4)


def period_of(lines: Iterable[str]) -> Period | None:
    """The period that a document says it is for: in brackets or by its number, most often and first.

    The heading counts more than the text: a plan speaks of the one before it as well.
    """
    votes: Counter[Period] = Counter()
    for n, line in enumerate(line for line in lines if line.strip()):
        for match in _ENGLISH_FIVE.finditer(line):
            votes[five_years(int(match[1]))] += 1
        if n < 40:
            for match in _ENGLISH_PERIOD.finditer(line):
                first, last = int(match[1]), int(match[2])
                if 3 <= last - first <= 15:
                    votes[Period(first, last)] += 5 if len(line) < 80 else 1
            for match in _PERIOD.finditer(line):
                first, last = int(match[1] or match[3]), int(match[2] or match[4])
                if 3 <= last - first <= 15:
                    votes[Period(first, last)] += 5 if "规划" in line or len(line) < 30 else 1
        for match in _FIVE_YEARS.finditer(line):
            number = chinese_number(match["five"])
            if number is None or not 10 <= number <= 20:
                continue
            title = n < 40 and re.match(r".{0,4}[^，。]{0,20}(?:规划|发展|卫生|健康)", line[match.end() :])
            votes[five_years(number)] += 4 if title and len(line) < 60 else 1
    return max(votes, key=lambda p: (votes[p], p.first)) if votes else None


def mentions(text: str) -> list[Mention]:
    """Years that a text names, in order."""
    found = []
    for match in _SPAN.finditer(text):
        found.append(Mention(f"{match['a']}-{match['b']}", match.start(), match.end(), span=True))
    for match in _FIVE_YEARS.finditer(text):
        number = chinese_number(match["five"])
        if number is None or not 5 <= number <= 20:
            continue
        years, part = five_years(number), match["part"] or ""
        if part.endswith("末"):
            found.append(Mention(str(years.last), match.start(), match.end(), span=False))
        elif part in ("期间", "时期", "以来"):
            found.append(Mention(f"{years.first}-{years.last}", match.start(), match.end(), span=True))
    taken = [(m.start, m.end) for m in found]
    for match in _YEAR.finditer(text):
        if not any(a <= match.start() < b for a, b in taken):
            found.append(Mention(match["y"], match.start(), match.end(), span=False))
    return sorted(found, key=lambda m: m.start)
