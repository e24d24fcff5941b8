"""A row that a document seems to state: a reading placed at an indicator, sure or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sim.drafting.lexicon import Lexicon, Match, pairs_of
from sim.drafting.reading import Reading

PLACED = 0.15  # score below which a figure is at no indicator
SURE_IN_TABLE, SURE_IN_TEXT = 0.5, 0.62
SURE_RIVAL = 0.8  # the next indicator's score, as a part of the first one's, above which neither is sure
_EVIDENT = 0.7  # score at which a target may take its year from the plan's period
_WORDS_PLACED = 0.4  # for 全部 and 全覆盖, which are no numbers
_SHARE = re.compile(
    r"率|比例|占|比重|水平|覆盖|增速|\brate|share|proportion|coverage|enrol|mortality|prevalence"
)
_EXACT, _RIVAL_IN_ENGLISH = 0.999, 0.93  # names in English share more letters than names in Chinese
_ADDED = re.compile(r"新增|净增|新建|增加|\bnew(?:ly)?\b|\badditional\b")
_ROW = re.compile(r"(?:约束|预期|指导)性")
_UNSURE = frozenset(
    "two values|merged value|no head|yearly column|words|year not printed|time span|another unit|"
    "close|weak|none|not read|not a figure|added up|of several|share unnamed|each|history|row|part|"
    "added".split("|")
)


@dataclass(frozen=True)
class Proposal:
    """A reading as a row of a plan.  indicator is empty where none fits; others: what else it may be."""

    reading: Reading
    indicator: str
    score: float
    others: tuple[Match, ...]
    kind: str
    year: str
    operator: str
    value: str
    unit: str
    basis: str
    binding: str
    scope: str
    note: str
    flags: tuple[str, ...]
    sure: bool

    def row(self) -> dict[str, str]:
        """The row as indicators.csv has it."""
        return {
            "indicator_id": self.indicator,
            "kind": self.kind,
            "year": self.year,
            "operator": self.operator,
            "value": self.value,
            "unit": self.unit,
            "population_basis": self.basis,
            "binding": self.binding,
            "scope": self.scope,
            "location": self.reading.location,
            "line": str(self.reading.line),
            "note": self.note,
        }


def propose(readings: Sequence[Reading], lexicon: Lexicon) -> list[Proposal]:
    """A proposal for each reading, in order; 全部 and 全覆盖 only where they are at an indicator."""
    found = []
    for reading in readings:
        matches = lexicon.matches(reading)
        words = reading.figure is not None and reading.figure.words
        if words and (not matches or matches[0].score < _WORDS_PLACED):
            continue
        found.append(_placed(reading, matches, lexicon))
    return found


def _placed(reading: Reading, matches: Sequence[Match], lexicon: Lexicon) -> Proposal:
    figure = reading.figure
    first = matches[0] if matches and matches[0].score >= PLACED else None
    operator = figure.operator if figure else ("change" if _CHANGES.search(reading.words) else "=")
    value = figure.value if figure else ""
    made = partial(
        Proposal,
        reading=reading,
        year=reading.year,
        operator=operator,
        value=value,
        binding=reading.binding,
        note=_note(reading),
    )
    if first is None:
        return made(
            indicator="",
            score=matches[0].score if matches else 0.0,
            others=tuple(matches),
            kind=reading.kind,
            unit=lexicon.printed_unit(reading),
            basis="",
            scope="",
            flags=(*reading.flags, "none"),
            sure=False,
        )
    unit, fits = lexicon.unit(first.id, reading, first.phrase)
    is_rule = reading.kind == "target" and not reading.in_table and lexicon.is_rule(first.id)
    kind = "standard" if is_rule else reading.kind
    name = first.phrase if not reading.in_table else reading.phrases[0].text
    part = _part(reading, first.id, lexicon)
    flags = [*reading.flags, *_doubts(reading, matches, kind, fits, bool(part), lexicon)]
    least = SURE_IN_TABLE if reading.in_table else SURE_IN_TEXT
    return made(
        indicator=first.id,
        score=first.score,
        others=tuple(matches[1:4]),
        kind=kind,
        unit=unit,
        basis=_basis(first.id, unit, name, lexicon),
        scope=part or lexicon.scope(first.id, name),
        flags=tuple(flags),
        sure=first.score >= least and not _UNSURE.intersection(flags),
    )


_CHANGES = re.compile(r"提[高升]|增[加长]|上升|下降|降低|减少|改善|优化|持续|逐[年步]|同步|同比例|相应")


def _part(reading: Reading, indicator: str, lexicon: Lexicon) -> str:
    """Whom a part of the row above is for (其中：城市), where the indicator's own name does not say it."""
    if not (reading.in_table and reading.context):
        return ""
    own = reading.phrases[0].text
    plain = lexicon.wording.plain
    named = pairs_of(plain(own)) & pairs_of(plain(lexicon.words.indicators[indicator].name_zh))
    return "" if named else lexicon.wording.scope(own)


def _doubts(
    reading: Reading, matches: Sequence[Match], kind: str, fits: bool, scoped: bool, lexicon: Lexicon
) -> list[str]:
    """What makes a placed reading unsure.  scoped: a part of the row above says whom it is for."""
    first, figure = matches[0], reading.figure
    found = []
    if len(matches) > 1 and _close(first, matches[1]):
        found.append("close")
    least = SURE_IN_TABLE if reading.in_table else SURE_IN_TEXT
    if first.score < least:
        found.append("weak")
    if not fits:
        found.append("another unit")
    if kind == "history":
        found.append("history")
    if reading.in_table and reading.context and not scoped and first.phrase != reading.phrases[0].text:
        found.append("part")
    if reading.in_table or figure is None:
        return found
    if not reading.year_stated and not (kind == "target" and first.score >= _EVIDENT):
        found.append("year not printed")
    if _ROW.search(reading.sentence):
        found.append("row")
    if "-" in reading.year:
        found.append("time span")
    if figure.words:
        found.append("words")
    if _ADDED.search(reading.phrases[0].text) and not _ADDED.search(
        lexicon.words.indicators[first.id].name_zh
    ):
        found.append("added")
    if "、" in first.phrase:
        found.append("of several")
    behind = re.search(rf"[%％](?:以上)?的{re.escape(first.phrase[:4])}", reading.sentence) or re.search(
        rf"(?:%|per ?cent) of (?:the |all )?{re.escape(first.phrase[:8])}", reading.sentence, re.IGNORECASE
    )
    if figure.measure == "%" and not _SHARE.search(first.phrase) and not behind:
        found.append("share unnamed")
    if kind != "baseline" and (reading.each or (figure.value == "1" and figure.measure in "个家所")):
        found.append("each")
    return found


def _close(first: Match, second: Match) -> bool:
    """Whether the second indicator is nearly as likely; beside a name in English that is exact none is."""
    if not first.phrase.isascii():
        return second.score > SURE_RIVAL * first.score
    exact = first.score >= _EXACT > second.score
    return not exact and second.score > _RIVAL_IN_ENGLISH * first.score


def _basis(indicator: str, unit: str, name: str, lexicon: Lexicon) -> str:
    """Population basis: as the name says; else unstated for a ratio to people, or as in other plans."""
    said = lexicon.wording.basis(name)
    if unit in ("per 1000", "per 10000", "per 100000"):
        return said or "unstated"
    common = lexicon.bases.get(indicator)
    return common.most_common(1)[0][0] if common else ""


def _note(reading: Reading) -> str:
    figure = reading.figure
    if figure is None:
        return f"no number: {reading.words}"
    if figure.words:
        return "words: all"
    return "approx" if figure.approx else ""
