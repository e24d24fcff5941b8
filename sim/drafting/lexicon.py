"""The indicators of the dictionary under all the names they are known by, and which of them a text means.

A name is compared by its pairs of characters, each weighed by how few indicators have it (tf-idf): the
share of the name's weight that the words hold, and of the words' weight that the name holds. Words that
must not be mixed up (婴儿 and 5岁以下, 中医, 每千人口) lower the score where only one side has them, and so
does a unit that the indicator is never given in.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.drafting.reading import Reading
from sim.drafting.wording import Wording
from sim.plan.figure import parse_number
from sim.plan.vocabulary import Vocabulary

_IN_SENTENCE, _IN_HEADING = 0.55, 0.3  # worth of a pair that stands beside the name, or above it
_UNKNOWN_PAIR = 0.35  # weight of a pair of the words that no indicator has, against the rarest that one has
_OTHER_UNIT, _UNLIKELY_UNIT, _OTHER_PART = 0.35, 0.6, 0.5
_RULE_TOLD, _NO_RULE_TOLD = 0.8, 0.7  # an indicator that is none where 每个县 stands; a rule where not
_ON_ONE_SIDE, _NEAR_BY = 0.7, 0.4  # exponents of a mark that the words alone hold, that stands beside them
_NAME_SHARE = 0.62  # exponent of the name's share; the rest goes to the words' share


@dataclass(frozen=True)
class Known:
    """A name that an indicator is known by, plain."""

    id: str
    name: str
    pairs: frozenset[str]
    needs: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Match:
    """An indicator that the words may mean, with the score and the phrase that gave it."""

    id: str
    score: float
    phrase: str


@dataclass
class Lexicon:
    """Names, units, scopes and bases of indicators.

    learnt: (indicator, phrase) of plans that were read before.  units, scopes, bases: how often the
    rows of plans give an indicator so.
    """

    words: Vocabulary
    wording: Wording
    learnt: Sequence[tuple[str, str]] = ()
    units: Mapping[str, Counter[str]] = field(default_factory=dict)
    scopes: Mapping[str, Counter[str]] = field(default_factory=dict)
    bases: Mapping[str, Counter[str]] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.names: list[Known] = []
        self.by_pair: dict[str, list[int]] = defaultdict(list)
        holders: dict[str, set[str]] = defaultdict(set)
        own = [(id_, name) for id_, e in self.words.indicators.items() for name in (e.name_zh, e.name_en)]
        whole = {(i, self.wording.plain(n)) for i, n in (*own, *self.wording.names)}
        for id_, name in dict.fromkeys(
            (*sorted(whole), *((i, self.wording.plain(n)) for i, n in self.learnt))
        ):
            if not name or id_ not in self.words.indicators:
                continue
            full = "" if (id_, name) in whole else self.wording.plain(self.words.indicators[id_].name_zh)
            needs = tuple((w, f) for w, f in self.wording.distinct if w in full and w not in name)
            known = Known(id_, name, pairs_of(name), needs)
            for pair in known.pairs:
                self.by_pair[pair].append(len(self.names))
                holders[pair].add(id_)
            self.names.append(known)
        count = len(self.words.indicators)
        self.weight = {p: math.log(1 + count / len(ids)) for p, ids in holders.items()}
        self.rarest = math.log(1 + count)
        self.marks = [(w, f) for w, f in self.wording.distinct]

    def matches(self, reading: Reading, most: int = 5) -> list[Match]:
        """Indicators that a reading may mean, the likeliest first."""
        context = pairs_of(self.wording.plain(reading.context))
        heading = pairs_of(self.wording.plain(reading.heading))
        beside = self.wording.plain(reading.context + reading.heading)
        best: dict[str, Match] = {}
        for phrase in reading.phrases:
            plain = self.wording.plain(phrase.text)
            must = pairs_of(self.wording.plain(phrase.must))
            for id_, score in self._scores(plain, context, heading, beside, must).items():
                full = (
                    score
                    * phrase.weight
                    * self._unit_factor(id_, reading, plain)
                    * self._rule_factor(id_, reading)
                )
                if id_ not in best or full > best[id_].score:
                    best[id_] = Match(id_, full, phrase.text)
        return sorted(best.values(), key=lambda m: (-m.score, m.id))[:most]

    def similarity(self, text: str, indicator: str) -> float:
        """How well a phrase alone names an indicator, 0..1."""
        plain = self.wording.plain(text)
        return self._scores(plain, frozenset(), frozenset(), "").get(indicator, 0.0)

    def _scores(
        self,
        plain: str,
        context: frozenset[str],
        heading: frozenset[str],
        beside: str,
        must: frozenset[str] = frozenset(),
    ) -> dict[str, float]:
        pairs = pairs_of(plain)
        unknown = _UNKNOWN_PAIR * self.rarest
        whole = sum(self.weight.get(p, unknown) for p in pairs)
        marked = [(w, f) for w, f in self.marks if w in plain]
        found: dict[str, float] = {}
        for n in {n for p in pairs for n in self.by_pair.get(p, ())}:
            known = self.names[n]
            lacking = [f for w, f in known.needs if w not in plain and w not in beside]
            if known.name == plain and (not must or must & known.pairs):
                near_by = 0.02 if known.needs and not lacking else 0.0
                found[known.id] = max(found.get(known.id, 0.0), math.prod(lacking, start=1.0 + near_by))
                continue
            weights = self.weight
            core = sum(weights[p] for p in known.pairs if p in pairs)
            near = sum(weights[p] for p in known.pairs if p not in pairs and p in context)
            far = sum(weights[p] for p in known.pairs if p not in pairs and p not in context and p in heading)
            total = sum(weights[p] for p in known.pairs)
            name_share = (core + _IN_SENTENCE * near + _IN_HEADING * far) / total
            word_share = core / whole
            score = name_share**_NAME_SHARE * word_share ** (1 - _NAME_SHARE) * math.prod(lacking)
            for word, factor in marked:
                if word not in known.name:
                    score *= factor**_ON_ONE_SIDE
            for word, factor in self.marks:
                if word in known.name and word not in plain:
                    score *= factor**_NEAR_BY if word in beside else factor
            if must and not must & known.pairs:
                score *= _OTHER_PART
            if score > found.get(known.id, 0.0):
                found[known.id] = score
        return found

    def unit(self, indicator: str, reading: Reading, phrase: str) -> tuple[str, bool]:
        """The unit of a reading as a row writes it, and whether it is one the indicator is given in."""
        figure = reading.figure
        known = self.units.get(indicator, Counter())
        if figure is None:
            return (known.most_common(1)[0][0] if known else self._guess(indicator)), True
        text = self.wording.plain(phrase) + (reading.sentence if figure.yearly or reading.each else "")
        fits = [m for m in self.wording.measures if m.printed == figure.measure]
        allowed = {m.unit for m in fits if not m.with_.startswith("每") or m.with_ in text}
        named = [m for m in fits if m.with_ and m.with_ in text]
        unnamed = [m for m in fits if not m.with_]
        per = next((m.unit for m in named if m.unit.startswith("per 1")), "")
        if per:
            return per, not known or per in known
        both = [u for u, _ in known.most_common() if u in allowed and not u.startswith("per 1")]
        exact = [u for u, _ in known.most_common() if u in allowed]
        if figure.operator == "change" and (named or unnamed):
            first = named[0] if named and figure.yearly else (unnamed or named)[0]
            return first.unit, True
        if exact:
            return (both or exact)[0] if not figure.measure.startswith(("/", "‰")) else exact[0], True
        if not figure.measure and known:
            return known.most_common(1)[0][0], True
        own = self._guess(indicator)
        if own in allowed:
            return own, True
        if not fits:
            return own, False
        likely = (named or unnamed or fits)[0]
        return likely.unit, not known and self._same_kind(likely.unit, own)

    def printed_unit(self, reading: Reading) -> str:
        """The unit of a figure that is at no indicator."""
        figure = reading.figure
        text = self.wording.plain("".join(p.text for p in reading.phrases[:1]))
        fits = [m for m in self.wording.measures if figure and m.printed == figure.measure]
        return next((m.unit for m in fits if m.with_ in text), "")

    def is_rule(self, indicator: str) -> bool:
        """Whether plans give an indicator as a rule, not as a target."""
        return indicator in self.rules or indicator.startswith("std_")

    def scope(self, indicator: str, name: str) -> str:
        """Whom a row is for: as in other plans; else as its own name or the words say it; else all."""
        known = self.scopes.get(indicator)
        said = self.wording.scope(name)
        if known is None:
            own = self.words.indicators[indicator].name_zh
            return said or self.wording.scope(own) or "all"
        if said in known:
            return said
        return "all" if "all" in known else known.most_common(1)[0][0]

    def _guess(self, indicator: str) -> str:
        """The unit that an indicator's own name asks for."""
        name = self.wording.plain(self.words.indicators[indicator].name_zh)
        return next(m.unit for m in self.wording.measures if m.printed == "" and m.with_ in name)

    def _rule_factor(self, indicator: str, reading: Reading) -> float:
        """A figure for each county is a rule, and a rule is seldom told without."""
        rule = self.is_rule(indicator)
        if reading.in_table or rule == reading.each:
            return 1.0
        return _RULE_TOLD if reading.each else _NO_RULE_TOLD

    def _possible(self, indicator: str, unit: str, value: str) -> bool:
        """Whether a value can be true of an indicator, where a range is known."""
        limit = self.words.ranges.get(indicator)
        ends = parse_number(value)
        if limit is None or ends is None or self.words.units[unit].base != self.words.units[limit.unit].base:
            return True
        factor = self.words.units[unit].factor / self.words.units[limit.unit].factor
        return limit.low <= ends[0] * factor * (1 + 1e-9) and ends[1] * factor <= limit.high * (1 + 1e-9)

    def _same_kind(self, a: str, b: str) -> bool:
        units = self.words.units
        return units[a].quantity == units[b].quantity

    def _unit_factor(self, indicator: str, reading: Reading, phrase: str) -> float:
        if reading.figure is None or reading.figure.operator == "change":
            return 1.0
        unit, fits = self.unit(indicator, reading, phrase)
        if fits and not self._possible(indicator, unit, reading.figure.value):
            return _UNLIKELY_UNIT
        if fits:
            fraction = "." in reading.figure.value and self.words.units[unit].quantity == "count"
            return _UNLIKELY_UNIT if fraction else 1.0
        known = self.units.get(indicator)
        own = known.most_common(1)[0][0] if known else self._guess(indicator)
        return _UNLIKELY_UNIT if self._same_kind(unit, own) else _OTHER_UNIT


def pairs_of(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, and the characters themselves where there is one alone."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset({text} if text else ())
