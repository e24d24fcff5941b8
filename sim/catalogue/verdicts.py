"""The verdicts: what each is called in both languages, how it is drawn, how bad it is.

The only place that spells a verdict's word, mark or colour. A new verdict is a row here and a
name in `Verdict`; tables, legends, sorting, tallies and --fail-on follow. Fills are light (black
figures are read on them) and each verdict has a mark of its own, so that none rests on colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Verdict = Literal["surplus", "adequate", "tight", "short", "no_target", "national_pattern", "not_tested"]


@dataclass(frozen=True)
class VerdictRow:
    """One verdict.

    id: as in adequacy.csv.  zh, en: its word.  mark: before the word in texts and cells.
    marker: matplotlib's, of the same shape.  fill: cell or point, "#rrggbb".  terminal: colour of
    a terminal, "" for none.  severity: 0 is the worst; None says nothing about the plan: such rows
    are in no tally and no chart of verdicts.
    """

    id: Verdict
    zh: str
    en: str
    mark: str
    marker: str
    fill: str
    terminal: str
    severity: int | None

    def text(self, lang: str) -> str:
        """Its word in a language, "zh" or "en"."""
        return self.zh if lang == "zh" else self.en

    def both(self) -> str:
        """Id and Chinese word, as pages in both languages have it."""
        return f"{self.id} {self.zh}"


# In the order of legends and tallies: the worst first.
ROWS: Final[tuple[VerdictRow, ...]] = (
    VerdictRow("short", "不足", "short", "▼", "v", "#e8896b", "red", 0),
    VerdictRow("tight", "偏紧", "tight", "■", "s", "#f5d76e", "yellow", 1),
    VerdictRow("adequate", "够用", "adequate", "●", "o", "#7fc4ac", "green", 2),
    VerdictRow("surplus", "富余", "surplus", "▲", "^", "#8fb8de", "blue", 3),
    VerdictRow("no_target", "无目标", "no target", "○", "D", "#ffffff", "", None),
    VerdictRow("national_pattern", "全国模式", "national pattern", "◇", "d", "#f4f0fa", "", None),
    VerdictRow("not_tested", "未检验", "not tested", "·", ".", "#eeeeee", "", None),
)
VERDICTS: Final[dict[str, VerdictRow]] = {row.id: row for row in ROWS}
JUDGED: Final[tuple[Verdict, ...]] = tuple(row.id for row in ROWS if row.severity is not None)
BAD: Final[tuple[Verdict, ...]] = tuple(v for v in JUDGED if v not in ("adequate", "surplus"))


def is_judged(verdict: str) -> bool:
    """Whether the verdict says that a plan is enough or not; False for any other text."""
    return verdict in JUDGED


def severity(verdict: str) -> int:
    """How bad, 0 the worst; what is no judgement comes after all that are."""
    row = VERDICTS.get(verdict)
    return len(ROWS) if row is None or row.severity is None else row.severity


def as_bad_as(verdict: str) -> frozenset[str]:
    """The verdicts that are this bad or worse: `tight` is tight and short."""
    return frozenset(v for v in JUDGED if severity(v) <= severity(verdict))


def verdict_text(verdict: str, lang: str) -> str:
    """A verdict's word; a text that is none as it stands."""
    row = VERDICTS.get(verdict)
    return verdict.replace("_", " ") if row is None else row.text(lang)


def verdict_mark(verdict: str) -> str:
    """A verdict's mark; "" for a text that is none."""
    row = VERDICTS.get(verdict)
    return "" if row is None else row.mark
