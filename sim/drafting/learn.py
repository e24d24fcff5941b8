"""Learning from plans whose documents were read by people: phrases, units, scopes and bases of indicators."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.drafting.document import Document
from sim.drafting.lexicon import Lexicon
from sim.drafting.reader import read_all
from sim.drafting.reading import Reading
from sim.drafting.wording import Wording
from sim.plan import Plan
from sim.plan.figure import parse_number
from sim.plan.indicator import Indicator
from sim.plan.vocabulary import Vocabulary

_PLACE = re.compile(r"^(?:[\u4e00-\u9fff]{2,3}省)?([\u4e00-\u9fff]{2,4}?[市区县州盟旗])")
_LEAST = 0.12  # likeness to the indicator's own name below which a phrase says nothing of it
_LEAST_OF_ANOTHER = 0.2  # the same for a phrase that is another indicator's whole name
_LONGEST = 30  # characters of a phrase that is worth keeping


def lexicon_of(
    words: Vocabulary,
    wording: Wording,
    rows: Iterable[Indicator],
    phrases: Sequence[tuple[str, str]] = (),
) -> Lexicon:
    """A lexicon with the units, scopes and bases that rows of plans give, and phrases learnt before."""
    units: dict[str, Counter[str]] = defaultdict(Counter)
    scopes: dict[str, Counter[str]] = defaultdict(Counter)
    bases: dict[str, Counter[str]] = defaultdict(Counter)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.operator != "change":
            units[row.id][row.unit.name] += 1
        kinds[row.id][row.kind] += 1
        scopes[row.id][row.scope] += 1
        bases[row.id][row.population_basis] += 1
    rules = frozenset(id_ for id_, found in kinds.items() if set(found) == {"standard"})
    return Lexicon(words, wording, phrases, units, scopes, bases, rules)


@dataclass(frozen=True)
class Example:
    """A plan that people read, and its document."""

    plan: Plan
    document: Document


def phrases_of(example: Example, words: Vocabulary, wording: Wording) -> list[tuple[str, str]]:
    """(indicator, phrase) for each row whose figure is found on its line.

    The names of the plan's place are left out: they teach nothing.
    """
    plain = Lexicon(words, wording)
    places = _PLACE.findall(example.plan.name_zh)
    owners = {wording.plain(entry.name_zh): id_ for id_, entry in words.indicators.items()}
    on_line: dict[int, list[Reading]] = defaultdict(list)
    for reading in read_all(example.document):
        on_line[reading.line].append(reading)
    found = []
    for row in example.plan.indicators:
        phrases = [p.text for r in on_line.get(row.line, ()) if _same(r, row) for p in r.phrases]
        if not phrases:
            continue
        text = wording.plain(max(phrases, key=lambda p: plain.similarity(p, row.id)))
        for name in places:
            text = text.replace(name, "").replace(name[:-1], "")
        least = _LEAST if owners.get(text, row.id) == row.id else _LEAST_OF_ANOTHER
        if 2 < len(text) <= _LONGEST and plain.similarity(text, row.id) > least:
            found.append((row.id, text))
    return _unambiguous(found, plain)


def _same(reading: Reading, row: Indicator) -> bool:
    if reading.figure is None or row.value is None:
        return reading.figure is None and row.value is None
    return parse_number(reading.figure.value) == parse_number(row.text)


def _unambiguous(found: Sequence[tuple[str, str]], plain: Lexicon) -> list[tuple[str, str]]:
    """Each phrase with one indicator: where several shared a line and a value, the one that it names best."""
    by_phrase: dict[str, Counter[str]] = defaultdict(Counter)
    for id_, phrase in found:
        by_phrase[phrase][id_] += 1
    kept = []
    for phrase, ids in by_phrase.items():
        best = max(ids, key=lambda i: (plain.similarity(phrase, i), ids[i]))
        if len(ids) == 1 or plain.similarity(phrase, best) > 0.25:
            kept.append((best, phrase))
    return sorted(kept)
