"""How well plan documents are read: each against the rows that people read, with what the others teach.

A row is found where a proposal has its indicator, kind, year, operator, value and unit.  Recall is over
rows of target tables, and over targets with a number in running text; precision over the rows that the
draft is sure of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.drafting.draft import Draft, draft
from sim.drafting.learn import Example, lexicon_of, phrases_of
from sim.drafting.proposal import Proposal
from sim.drafting.wording import Wording
from sim.plan.figure import parse_number
from sim.plan.indicator import Indicator
from sim.plan.vocabulary import Vocabulary


@dataclass(frozen=True)
class Score:
    """A document's counts: rows of tables, targets in text, sure rows, and how many were found or right."""

    plan: str
    table: int
    table_found: int
    text: int
    text_found: int
    sure: int
    sure_right: int
    unsure: int
    unplaced: int
    missed: tuple[Indicator, ...] = ()
    wrong: tuple[Proposal, ...] = ()


def score(examples: Sequence[Example], words: Vocabulary, wording: Wording) -> list[Score]:
    """The score of each document, read with the phrases, units and scopes of the other plans alone."""
    learnt = [phrases_of(e, words, wording) for e in examples]
    found = []
    for n, example in enumerate(examples):
        others = [i for i in range(len(examples)) if i != n]
        rows = [r for i in others for r in examples[i].plan.indicators]
        lexicon = lexicon_of(words, wording, rows, [p for i in others for p in learnt[i]])
        found.append(_score(example, draft(example.document, lexicon)))
    return found


def _score(example: Example, found: Draft) -> Score:
    rows = example.plan.indicators
    table = [r for r in rows if "table" in r.location and ", row " in r.location]
    text = [r for r in rows if r not in table and r.kind == "target" and r.value is not None]
    missed = [r for r in (*table, *text) if not any(_same(p, r) for p in found.proposals)]
    wrong = [p for p in found.sure if not any(_same(p, r) for r in rows)]
    return Score(
        plan=example.plan.id,
        table=len(table),
        table_found=len([r for r in table if r not in missed]),
        text=len(text),
        text_found=len([r for r in text if r not in missed]),
        sure=len(found.sure),
        sure_right=len(found.sure) - len(wrong),
        unsure=len(found.unsure),
        unplaced=len(found.unplaced),
        missed=tuple(missed),
        wrong=tuple(wrong),
    )


def _same(p: Proposal, row: Indicator) -> bool:
    return (p.indicator, p.kind, p.year, p.operator, p.unit) == (
        row.id,
        row.kind,
        row.year,
        row.operator,
        row.unit.name,
    ) and parse_number(p.value) == parse_number(row.text)


def score_text(found: Sequence[Score], *, misses: bool, lang: str) -> str:
    """The scores as a table of Markdown, all documents together; misses: and what was missed or wrong."""
    heads = (
        ("规划", "目标表行", "召回", "正文目标", "召回", "确定行", "精度", "待核", "未归")
        if lang == "zh"
        else (
            "plan",
            "table rows",
            "recall",
            "targets in text",
            "recall",
            "sure rows",
            "precision",
            "unsure",
            "not placed",
        )
    )
    every = Score(
        "合计" if lang == "zh" else "all",
        *(sum(getattr(s, f) for s in found) for f in list(Score.__dataclass_fields__)[1:9]),
    )
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for s in (*found, every):
        cells = (
            s.plan,
            str(s.table),
            _part(s.table_found, s.table),
            str(s.text),
            _part(s.text_found, s.text),
            str(s.sure),
            _part(s.sure_right, s.sure),
            str(s.unsure),
            str(s.unplaced),
        )
        lines.append("| " + " | ".join(cells) + " |")
    for s in found if misses else ():
        lines += [
            f"{s.plan}: missed {r.id} {r.kind} {r.year} {r.operator} {r.text} (line {r.line})"
            for r in s.missed
        ]
        lines += [
            f"{s.plan}: wrong {p.indicator} {p.kind} {p.year} {p.operator} {p.value} (line {p.reading.line})"
            for p in s.wrong
        ]
    return "\n".join(lines)


def _part(part: int, of: int) -> str:
    return f"{part / of:.3f}" if of else "-"
