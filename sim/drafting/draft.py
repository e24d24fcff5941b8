"""A document's rows as proposed: read, placed, checked, in three heaps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sim.drafting.calendar import Period
from sim.drafting.document import Document
from sim.drafting.flags import flagged
from sim.drafting.learn import lexicon_of
from sim.drafting.lexicon import Lexicon
from sim.drafting.passed import Passed
from sim.drafting.proposal import Proposal, propose
from sim.drafting.reader import numbers, period
from sim.drafting.wording import load_wording
from sim.errors import PlanError, fault, raise_all
from sim.plan import list_plans, load_plan
from sim.plan.vocabulary import load_vocabulary, plans_folder
from sim.textfile import read_csv

SYNONYMS = "synonyms.csv"
SYNONYM_COLUMNS = ["indicator_id", "phrase"]
_TITLE = re.compile(r"规划|方案|纲要|行动计划")
_SUBJECT = re.compile(r"卫生|健康|医疗|托育|养老")


@dataclass(frozen=True)
class Draft:
    """What a document proposes.

    title: its name as printed, as far as it can be told.  passed: its numbers that are no figures, and why.
    """

    document: Document
    period: Period
    title: str
    proposals: tuple[Proposal, ...]
    passed: tuple[Passed, ...]

    @property
    def sure(self) -> list[Proposal]:
        """Rows that need a look, no search."""
        return [p for p in self.proposals if p.sure]

    @property
    def unsure(self) -> list[Proposal]:
        """Rows to compare with their sentence."""
        return [p for p in self.proposals if p.indicator and not p.sure]

    @property
    def unplaced(self) -> list[Proposal]:
        """Figures that are at no indicator."""
        return [p for p in self.proposals if not p.indicator]


def load_lexicon(root: Path) -> Lexicon:
    """The lexicon of the parameter folder `root`: its dictionary, its plans, the phrases learnt before.

    Raises PlanError with every fault of synonyms.csv.
    """
    words = load_vocabulary(root)
    path = plans_folder(root) / "reading" / SYNONYMS
    phrases, faults = [], []
    for row in read_csv(path, SYNONYM_COLUMNS):
        if row["indicator_id"] not in words.indicators:
            wrong = f"unknown indicator '{row['indicator_id']}'"
            faults.append(fault(f"{path}:{row['_line']}", wrong, "an id of indicator_dictionary.csv"))
        phrases.append((row["indicator_id"], row["phrase"]))
    raise_all(PlanError, faults)
    rows = [i for name in list_plans(root) for i in load_plan(root, name).indicators]
    return lexicon_of(words, load_wording(root), rows, phrases)


def draft(document: Document, lexicon: Lexicon, years: Period | None = None) -> Draft:
    """The rows that a document seems to state.

    years: the plan's period where the document says none.
    Raises PlanError where neither does.
    """
    years = years or period(document)
    found = numbers(document, years)
    readings = [r for r in found if not isinstance(r, Passed)]
    proposals = flagged(propose(readings, lexicon), lexicon.words)
    passed = tuple(p for p in found if isinstance(p, Passed))
    return Draft(document, years, _title(document), tuple(proposals), passed)


def _title(document: Document) -> str:
    """The first short line that names a plan."""
    lines = [re.sub(r"\s", "", p.text) for p in list(document.paragraphs())[:60]]
    for text, after in zip(lines, [*lines[1:], ""], strict=False):
        if len(text) <= 60 and _SUBJECT.search(text) and not re.search(r"[。；，：]$", text):
            whole = text if _TITLE.search(text) else text + after
            inner = re.search(r"《([^》]+)》|关于印发(.+?)的通知", whole)
            if _TITLE.search(whole) and len(whole) <= 70:
                return (inner[1] or inner[2]).strip("《》") if inner else whole
    return Path(document.name).stem
