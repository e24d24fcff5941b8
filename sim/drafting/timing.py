"""Years of a sentence's figures: carried on, compared with, dealt out to several, in brackets behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.drafting.calendar import Mention, Period
from sim.drafting.figures import Figure
from sim.drafting.reading import Phrase

_COMPARED = re.compile(r"(?:(?<![别护占床])比|较|与|从|由|相比|在)\s*$")
_YEARS_CONNECT = re.compile(r"^[底末]?\s*(?:[、,，和及与]|以及)\s*(?:到)?\s*$")
_OPENS = re.compile(r"\s*[（(]\s*(?:到|至)?")


@dataclass
class Times:
    """A sentence with its figures and the years that it names.

    past: its section tells of what was.  before: the years that the sentence before carries on.
    """

    text: str
    figures: list[Figure]
    named: list[Mention]
    period: Period
    past: bool
    before: tuple[Mention, ...]

    def carried(self) -> tuple[Mention, ...]:
        """The year that goes on into the next sentence; several that stand in a row (2027年和2030年)."""
        own = [
            m
            for m in self.named
            if not self._is_compared(m)
            and not self._stands_behind(m)
            and not re.match(r"(?:年?底)?(?:之?前)", self.text[m.end :])
        ]
        return self._in_a_row(own) if own else self.before

    def _in_a_row(self, own: Sequence[Mention]) -> tuple[Mention, ...]:
        """The last of the years and those that stand before it with nothing but 、 and 和 between."""
        row = [own[-1]]
        for mention in reversed(own[:-1]):
            if mention.span or not _YEARS_CONNECT.match(self.text[mention.end : row[0].start]):
                break
            row.insert(0, mention)
        return tuple(row)

    def dealt(
        self, group: list[Figure], named: Sequence[tuple[Figure, tuple[Phrase, ...]]]
    ) -> Iterator[tuple[Figure, tuple[Phrase, ...], Mention | None]]:
        """Each named figure with its year where several are dealt out.

        到2027年和2030年，素养水平分别达到33%和36%: one each; 保持在95%以上: the figure is of both.
        """
        own = self._before(group[0])
        years = self._in_a_row(own) if own else self.before
        one_name = len({phrases[0].text for _, phrases in named if phrases}) == 1
        if len(years) > 1 and len(years) == len(group) == len(named) and one_name:
            yield from ((f, phrases, year) for (f, phrases), year in zip(named, years, strict=True))
        elif len(years) > 1 and own and len(group) == 1 and group[0].operator != "change":
            yield from ((f, phrases, year) for f, phrases in named for year in years)
        else:
            yield from ((f, phrases, None) for f, phrases in named)

    def _is_compared(self, mention: Mention) -> bool:
        before = self.text[: mention.start]
        after = self.text[mention.end : mention.end + 6]
        return bool(_COMPARED.search(before) or re.match(r"\s*(?:相比|基础上)", after))

    def of(self, figure: Figure, dealt: Mention | None = None) -> tuple[str, str, bool]:
        """Kind, year and whether the year is printed, of a figure; dealt: its own of several years."""
        mention = dealt or self._mention(figure)
        base, past = self.period.base, self.past
        year = str(base if past else self.period.target)
        if mention:
            year = mention.year if mention.span else str(mention.last)
        last = int(year[-4:])
        past = past and not (mention and last >= self.period.target)
        change = figure.operator == "change"
        other = self._compared(figure)
        if other and not (change and last > base and not past):
            if change:
                return "history", f"{other.first}-{last}" if other.first < last else str(last), True
            return ("history" if other.last < base else "baseline"), str(other.last), True
        if past or last <= base:
            if mention and mention.span and last <= base:
                reached = re.search(r"[达升增提降]\S{0,2}[到至]|达", self.text[figure.lead : figure.start])
                return ("baseline", str(last), True) if reached and last == base else ("history", year, True)
            if change or self._from(figure):
                return "history", year, False
            return ("history" if last < base else "baseline"), year, mention is not None
        if self._from(figure) and not change:  # what the target rises from is no target
            return "baseline", str(base), False
        return "target", year, mention is not None

    def _mention(self, figure: Figure) -> Mention | None:
        """The year that a figure is of: the last before it, or in brackets right behind it."""
        behind = [m for m in self.named if m.start >= figure.end and self._stands_behind(m)]
        if behind and _OPENS.fullmatch(self.text[figure.end : behind[0].start]):
            return behind[0]
        own = self._before(figure)
        return own[-1] if own else (self.before[-1] if self.before else None)

    def _before(self, figure: Figure) -> list[Mention]:
        """The years named before a figure; one in brackets holds within them only."""
        return [
            m
            for m in self.named
            if not self._is_compared(m)
            and m.end <= figure.start
            and self._bracket(m.start) in (-1, self._bracket(figure.start))
        ]

    def _stands_behind(self, mention: Mention) -> bool:
        """Whether a year stands alone in brackets behind a figure: 40%（2028年）."""
        opens = any(_OPENS.fullmatch(self.text[f.end : mention.start]) for f in self.figures)
        return opens and bool(re.match(r"\s*[底末]?\s*[）)]", self.text[mention.end :]))

    def _bracket(self, at: int) -> int:
        """Where the bracket opens that a place lies in; -1 outside any."""
        opened = max(self.text.rfind("（", 0, at), self.text.rfind("(", 0, at))
        closed = max(self.text.rfind("）", 0, at), self.text.rfind(")", 0, at))
        return opened if opened > closed else -1

    def _compared(self, figure: Figure) -> Mention | None:
        """The year that a change is counted from, or that a figure to compare with is of."""
        start = max((f.end for f in self.figures if f.end <= figure.start), default=0)
        far = figure.operator == "change" or self._from(figure)
        compared = [
            m for m in self.named if self._is_compared(m) and (0 if far else start) <= m.start < figure.start
        ]
        return compared[-1] if compared else None

    def _from(self, figure: Figure) -> bool:
        """Whether a figure is what another rose or fell from: 由4.6‰下降到3.08‰."""
        after = self.text[figure.end : figure.end + 8]
        return bool(re.search(r"[由从]\s*$", self.text[: figure.lead])) and bool(
            re.match(r"\s*(?:提高|增加|增长|上升|提升|下降|降低|减少|升|降|增)(?:到|至)", after)
        )
