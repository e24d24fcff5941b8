"""Running text in English: figures with the words that name them and the years that they are for.

A number says how much unless it is a year, the base of a ratio (per 1,000), an age, a number of a
heading, table or document, or a part of a name; what is said of it stands on either side of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sim.drafting.calendar import Period
from sim.drafting.figures import Figure
from sim.drafting.numerals import PER_HEADS, PRINTED, joined, scaled
from sim.drafting.reading import Phrase, Reading
from sim.drafting.runs import LATIN, Run

_FIGURE = re.compile(
    rf"(?<![\w.,/–—-])(?P<low>{PRINTED})(?![.,]?\d)(?P<first>\s*%)?(?:\s*[-–—]\s*(?P<high>{PRINTED})(?![.,]?\d))?"
    r"(?P<unit>\s*(?:%|‰|percentage[ -]points?|per ?cent(?:age)?(?: points?)?|years?\b(?! (?:old|of age)))"
    r"|\s*(?P<times>thousand|million|billion)\b)?(?![\w])",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[;!?]|\.(?!\d)(?<!No\.)(?<!e\.g\.)(?<!i\.e\.)")
_YEAR = re.compile(r"(?P<a>(?:19|20)\d\d)(?:\s*[-–—]\s*(?P<b>(?:19|20)\d\d))?(?![\d,.]*\d)(?!\s*%)")
_PER = re.compile(
    r"(?:per|for every|for each|/)\s*"
    r"(?P<n>1[, ]?000|10[, ]?000|100[, ]?000|thousand|ten thousand|hundred thousand)"
    r"(?:\s+(?:permanent\s+|registered\s+|usual\s+)?"
    r"(?P<of>live births|births|people|persons|residents|inhabitants|population))?",
    re.IGNORECASE,
)
_BASE = {"thousand": "1000", "ten thousand": "10000", "hundred thousand": "100000"}
_BEFORE = (
    (">=", r"at least|(?:no|not) (?:less|lower|fewer) than|not below|a minimum of|≥|>="),
    ("<=", r"at most|(?:no|not) (?:more|higher|greater) than|not exceed(?:ing)?|up to|within|≤|<="),
    (">", r"more than|higher than|greater than|over|above|exceed(?:s|ing)?|>"),
    ("<", r"less than|lower than|fewer than|below|under|<"),
)
_AFTER = ((">=", r"or (?:more|above|higher|over)"), ("<=", r"or (?:less|below|lower|fewer|under)"))
_ABOUT = re.compile(r"(?:about|around|approximately|roughly|some|nearly|almost|close to)\s*$", re.IGNORECASE)
_RISE = (
    r"increas\w*|ris\w+|rose|rais\w+|grow\w*|grew|gain\w*|add\w*|improv\w+|expan\w+|up|lengthen\w*|extend\w*"
)
_FALL = r"reduc\w+|decreas\w+|fall\w*|fell|declin\w+|lower\w*|cut\w*|drop\w*|down|shorten\w*"
_BY = re.compile(
    rf"(?:(?P<up>\b(?:{_RISE})\b)|\b(?:{_FALL})\b)[^.;%\d]{{0,70}}\b(?:by|of)\s*$", re.IGNORECASE
)
_AGE = re.compile(
    r"(?:\bage[ds]?|\b(?:women|men|girls|boys)\s+of|\b(?:children|infants?|people|persons|adults|residents|older|elderly|those|population)\s+"
    r"(?:under|over|below|above))\s*(?:of|from|between)?\s*(?:\d+\s*(?:and|to|-|–)\s*)?$",
    re.IGNORECASE,
)
_AGE_AFTER = re.compile(
    r"\s*(?:years?[- ](?:olds?|of age)|-year-olds?|and (?:over|above|older)|or older|"
    r"years and (?:over|older)|"
    r"\+|(?:-|–|to|and)\s*\d+[- ]years?[- ](?:old|of age))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:\b(?:table|box|figure|chapter|section|part|article|annex|appendix|page|no\.?|level|grade|tier|type|phase|"
    r"category|step|item|version|document)|[+“\"#$]|per)\s*$",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\s*,?\s*(?:and\s*)?(?:at least|no more than|no less than)?\s*", re.IGNORECASE)
_WHEN = re.compile(
    r"(?:,\s*)?(?:\b(?:by|in|at|for|from|since|until|to|of|between|during|before|over|and|the|end|year|period|start)\s+)*"
    r"[(（]?(?:19|20)\d\d(?:\s*[-–—]\s*(?:19|20)\d\d)?[)）]?,?",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^(?:[\s,:()–—-]|(?:and|while|with|we|it|will|shall|should|must|the|a|an|to|of|that|is|are|be|raise|raising|"
    r"increase|increasing|lift|bring|bringing|expand|expanding|reduce|reducing|lower|lowering|cut|cutting|keep|keeping|"
    r"maintain|control|achieve|reach|ensure|ensuring|strive|number|numbers|total|level|there|city|county|province|our|its|in|"
    r"by|from|for|more|make|sure|have|has|had|provide|aim|target|set|at|also|further|meanwhile|respectively|"
    r"compared|then|average|national)\b)+",
    re.IGNORECASE,
)
_TAILS = re.compile(
    r"(?:[\s,:()–—-]|\b(?:will|shall|should|must|is|are|was|were|to|be|been|reach|reaches|reached|reaching|rise|rises|"
    r"risen|rose|rising|grow|grows|grew|grown|increase|increases|increased|increasing|fall|falls|fell|falling|drop|"
    r"drops|dropped|decline|declines|declined|decrease|decreased|reduced|lowered|raised|kept|held|remain|remains|"
    r"remained|stay|stays|stayed|stand|stands|stood|at|from|by|of|exceed|exceeds|exceeded|than|no|not|less|more|lower|higher|least|most|"
    r"about|around|nearly|some|over|above|below|under|within|up|down|further|controlled|maintained|improve|improved|"
    r"achieve|achieved|and|a|an|the|has|have|had|target|level|respectively|only|come|account|for|as|can|expand|expanded|"
    r"cut|brought|bring|total|totalled|number|numbered|in))+$",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"(?:compared (?:with|to)|relative to|against|over|than(?: in)?|from)"
    r"(?: the| that of| level of| levels? in| in)*\s*$",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|stood|reached|rose|fell|grew|totalled|numbered|increased|dropped)\b", re.I
)
_FUTURE = re.compile(r"\b(?:will|shall|should|must|to|target|raise|ensure|reach)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:will|shall|should|must|is|are|was|were|train|build|open|recruit|set)\b", re.IGNORECASE
)
_LIST_ON = re.compile(  # 7.2 beds, 3.9 doctors and 5.0 nurses per 1,000 people: the base is of all of them
    r"(?:(?:\s+[A-Za-z()/-]+){1,5}\s*(?:,\s*and|,|\s+and)\s+\d[\d.,]*)+(?:\s+[A-Za-z()/-]+){0,6}\s*"
)
_SHORT = 4  # words of a name in a list that the base of a ratio is carried over: 7.0, physicians 3.7


def read_english(run: Run, period: Period) -> Iterator[Reading]:
    """The readings of a run of English text, in order."""
    carried = ""
    start = 0
    for end in [*(m.end() for m in _ENDS.finditer(run.text)), len(run.text)]:
        if end < len(run.text) and not LATIN.search(run.text[start:end]):
            continue  # the number of a heading ends with a point too
        sentence = _Sentence(run.text[start:end], run, period, carried)
        for reading in sentence.readings():
            assert reading.figure is not None
            begin, stop = start + reading.figure.start, start + reading.figure.end
            yield run.placed(reading, begin, (begin, stop))
        carried = sentence.carried
        start = end


@dataclass(frozen=True)
class _Named:
    year: str
    start: int
    end: int


class _Sentence:
    def __init__(self, text: str, run: Run, period: Period, carried: str) -> None:
        self.text, self.run, self.period, self.before = text, run, period, carried
        self.years = [
            _Named(m["a"] + (f"-{m['b']}" if m["b"] else ""), m.start(), m.end())
            for m in _YEAR.finditer(text)
            if not (
                m.start()
                and text[m.start() - 1] in ".,-–—/"
                and text[m.start() - 2 : m.start() - 1].isdigit()
            )
        ]
        self.pers = list(_PER.finditer(text))
        self.figures = [f for f in map(self._figure, _FIGURE.finditer(text)) if f is not None]

    @property
    def carried(self) -> str:
        """The year that goes on into the next sentence."""
        own = [y.year for y in self.years if not self._is_compared(y)]
        return own[-1] if own else self.before

    def readings(self) -> Iterator[Reading]:
        groups = self._groups()
        begin = 0
        before: tuple[Phrase, ...] = ()
        per: re.Match[str] | None = None
        for n, group in enumerate(groups):
            stop = groups[n + 1][0].lead if n + 1 < len(groups) else len(self.text)
            left = self._between(begin, group[0].lead)
            right, ends = self._right(group[-1], stop, last=n + 1 == len(groups))
            per = self._per(group, begin, stop, per, left)
            begin = ends
            names = _members(left, len(group))
            for at, figure in enumerate(group):
                phrases = tuple(_phrases(figure, names[at], right if at + 1 == len(group) else "", per))
                phrases = before = phrases or before
                yield self.run.reading(self.text, _measured(figure, per), phrases, self._when(figure))

    def _figure(self, match: re.Match[str]) -> Figure | None:
        text, start, end = self.text, match.start(), match.end()
        inside = [*((y.start, y.end) for y in self.years), *(p.span() for p in self.pers)]
        if any(a <= start < b for a, b in inside) and not match["unit"]:
            return None
        before, after = text[:start], text[end:]
        aged = _AGE.search(before) or (_AGE_AFTER.match(after) and not match["unit"])
        aged = aged or (
            re.search(r"\bunder[- ]?$", before, re.IGNORECASE) and re.match(r"\s*(?:mortal|child)", after)
        )
        if aged or _NUMBERED.search(before) or re.match(r"\s*[”\"]|[+]", after):
            return None
        if not before.strip() and re.match(r"[.)]?\d*\s+[A-Z(]", after) and not match["unit"]:
            return None  # the number of a heading
        times = {"thousand": 1e3, "million": 1e6, "billion": 1e9}.get((match["times"] or "").lower(), 1.0)
        value = scaled(joined(match["low"]), times)
        value += f"-{scaled(joined(match['high']), times)}" if match["high"] else ""
        unit = (match["unit"] or match["first"] or "").strip().lower()
        points = "point" in unit
        measure = "个百分点" if points else "%" if unit.startswith(("%", "per")) else ""
        measure = "‰" if unit == "‰" else "年" if unit.startswith("year") else measure
        operator, lead, stated = self._sign(start)
        for sign, words in _AFTER:
            said = re.match(rf"\s*(?:{words})", after, re.IGNORECASE)
            if said and operator in ("=", sign):
                operator, end, stated = sign, end + said.end(), True
        about = _ABOUT.search(text[:lead])
        lead = about.start() if about else lead
        change = _BY.search(text[:lead])
        if change is not None or (points and operator == "="):
            sign = "-" if change is not None and not change["up"] else ""
            value, operator = sign + value, "change"
        yearly = operator == "change" and bool(
            re.match(r"\s*(?:a|per|each|every) year|\s*annually", text[end:])
        )
        return Figure(value, operator, measure, start, end, lead, bool(about), yearly, stated=stated)

    def _sign(self, start: int) -> tuple[str, int, bool]:
        for sign, words in _BEFORE:
            said = re.search(rf"(?:{words})\s*$", self.text[:start], re.IGNORECASE)
            if said:
                return sign, said.start(), True
        return "=", start, False

    def _groups(self) -> list[list[Figure]]:
        """Figures with nothing but commas and `and` between them: 3.7, 5.1 and 0.6 respectively."""
        groups: list[list[Figure]] = []
        for figure in self.figures:
            if groups and _TOGETHER.fullmatch(self.text[groups[-1][-1].end : figure.lead]):
                groups[-1].append(figure)
            else:
                groups.append([figure])
        return groups

    def _between(self, start: int, end: int) -> str:
        """Words between two figures without years; of the last clause where several stand there."""
        words = _WHEN.sub(" ", self.text[start:end])
        return _LEADS.sub("", re.sub(r"\s+", " ", words).strip())

    def _right(self, figure: Figure, stop: int, *, last: bool) -> tuple[str, int]:
        """Words right behind a figure, to the next comma, year or figure, and where they end."""
        words = self.text[figure.end : stop]
        cut = re.search(
            r"(?<!\d),|,(?!\d)|[;（]|\((?![\w ]+\) \w)|\.(?!\d)|"
            r"\b(?:from|up|down|compared|while|respectively|with|by|will|is|are|was)\b"
            + ("" if last else r"|\band\b"),
            words,
        )
        when = _WHEN.search(words)
        ends = min(m.start() for m in (cut, when) if m) if cut or when else len(words)
        said = words[:ends].strip()
        of_what = re.match(r"of\b", said, re.IGNORECASE)
        if figure.measure and not of_what:  # 80.5 years, 73 percent: the name stands before
            said = ""
        return said, figure.end + (ends if said else 0)

    def _per(
        self, group: Sequence[Figure], begin: int, stop: int, last: re.Match[str] | None, left: str
    ) -> re.Match[str] | None:
        """The base of a ratio that figures have: behind them, before them, or that of the list they go on."""
        behind = [p for p in self.pers if group[-1].end <= p.start()]
        if (
            behind
            and behind[0].start() < stop
            and not re.search(r",(?!\d)|\band\b", self.text[group[-1].end : behind[0].start()])
        ):
            return behind[0]
        if behind and _LIST_ON.fullmatch(self.text[group[-1].end : behind[0].start()]):
            return behind[0]
        before = [p for p in self.pers if begin <= p.start() and p.end() <= group[0].start]
        if before:
            return before[-1]
        return last if len(left.split()) <= _SHORT and not _VERB.search(left) else None

    def _when(self, figure: Figure) -> tuple[str, str, bool]:
        """Kind, year, and whether the year is printed."""
        after = next((f.lead for f in self.figures if f.start >= figure.end), len(self.text))
        years = [y for y in self.years if not self._is_compared(y)]
        near = [y for y in years if figure.end <= y.start < after and self._own(figure, y)]
        own = (
            near[:1]
            or [y for y in years if y.end <= figure.start][-1:]
            or (years[:1] if len(years) == 1 else [])
        )
        named = own[0].year if own else self.before
        if not own and named and int(named[-4:]) <= self.period.base and _FUTURE.search(self.text):
            named = ""  # what was is told no longer
        if self._comes_from(figure) and not near:
            return "baseline", str(self.period.base), False
        past = self.run.past or (bool(_PAST.search(self.text)) and not _FUTURE.search(self.text))
        year = named or str(self.period.base if past else self.period.target)
        last = int(year[-4:])
        if last > self.period.base:
            return "target", year, bool(named)
        return ("baseline" if last == self.period.base else "history"), year, bool(own)

    def _own(self, figure: Figure, year: _Named) -> bool:
        """Whether a year behind a figure is said of it: no clause begins between them."""
        between = self.text[figure.end : year.start]
        return not re.search(r"[,;:](?!\s*(?:by|in|up)\b)", between) and not re.search(r"\bfrom\b", between)

    def _is_compared(self, year: _Named) -> bool:
        """Whether something is only compared with a year: 10% less than in 2025."""
        said = _COMPARED.search(self.text[: year.start])
        return said is not None and not re.match(r"\s*to\s+(?:19|20)\d\d", self.text[year.end :])

    def _comes_from(self, figure: Figure) -> bool:
        """Whether a figure is what another one comes from: from 6.5 to 7.0."""
        return bool(re.search(r"\b(?:from|up from|down from)\s*$", self.text[: figure.lead], re.IGNORECASE))


def _phrases(figure: Figure, left: str, right: str, per: re.Match[str] | None) -> Iterator[Phrase]:
    """Words that may name a figure: behind it, before it, the last clause before it."""
    ratio = "" if per is None or figure.measure else f" per {_base(per)} {_of(per)}"
    name = _TAILS.sub("", _PER.sub("", left)).strip(" ,")
    thing = re.sub(r"^of\s+(?:the\s+|all\s+)?", "", _PER.sub("", right).strip(" ,"), flags=re.IGNORECASE)
    clause = re.split(r",\s*(?:and\s+)?|\band\b", name)[-1].strip()
    for words, weight in ((thing, 1.0), (name, 1.0), (clause, 0.98), (f"{thing} {name}".strip(), 0.9)):
        if len(LATIN.findall(words)) > 2:
            yield Phrase(_LEADS.sub("", words) + ratio, weight)


def _measured(figure: Figure, per: re.Match[str] | None) -> Figure:
    """A figure with the measure that the base of its ratio gives it."""
    if per is None or figure.measure:
        return figure
    births = "births" in _of(per)
    return replace(figure, measure=f"per {_base(per)} live births" if births else PER_HEADS[_base(per)])


def _base(per: re.Match[str]) -> str:
    said = re.sub(r"[, ](?=\d)", "", per["n"].lower())
    return _BASE.get(said, said)


def _of(per: re.Match[str]) -> str:
    said = (per["of"] or "").lower()
    return "live births" if "births" in said else "population"


def _members(left: str, count: int) -> list[str]:
    """The names of a row of figures: as many members of the list before it, else all of it for each."""
    if count == 1:
        return [left]
    bare = _TAILS.sub("", _PER.sub("", left))
    parts = [p.strip() for p in re.split(r",\s*(?:and\s+)?|\s+and\s+", bare) if p.strip()]
    if len(parts) < count:
        return [left] * count
    return parts[-count:]
