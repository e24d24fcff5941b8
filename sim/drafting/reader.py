"""A document's figures in order, from its tables and its text, before they are placed."""

from __future__ import annotations

from sim.drafting.calendar import Period, period_of
from sim.drafting.document import Document, Paragraph, Table
from sim.drafting.english import read_english
from sim.drafting.heads import Head, read_head
from sim.drafting.passed import Passed, in_run, in_table
from sim.drafting.reading import Reading
from sim.drafting.runs import is_english, read_runs
from sim.drafting.sentences import read_run
from sim.drafting.tables import read_rows
from sim.errors import PlanError, fault


def period(document: Document) -> Period:
    """The period that the document is for.

    Raises PlanError where it says none.
    """
    found = period_of(text for _, _, text in document.lines())
    if found is None:
        wrong = "says no period (“十四五”, 2021-2025)"
        raise PlanError(fault(document.name, wrong, "give it: --period 2026-2030"))
    return found


def read_all(document: Document, years: Period | None = None) -> list[Reading]:
    """Every reading of a document, in document order."""
    return [r for r in numbers(document, years) if isinstance(r, Reading)]


def numbers(document: Document, years: Period | None = None) -> list[Reading | Passed]:
    """Every number of a document in its order: read as a figure, or passed over and why."""
    years = years or period(document)
    found: list[Reading | Passed] = []
    text: list[Paragraph] = []
    head: Head | None = None
    number = 0
    title = ""
    for block in document.blocks:
        if isinstance(block, Table):
            read = read_head(block, title, years, head)
            if read is not None:
                head, number = read, number + read.found
                location = f"table {max(number, 1)}"
                rows = list(read_rows(block, read, location))
                found += [*rows, *in_table(block, read, location, rows)]
                continue
            for row in block.rows:
                line = " ".join(c.text for c in row if c.text)
                text.append(Paragraph(line, row[0].line, row[0].place))
            continue
        title = block.text if len(block.text) < 60 else ""
        text.append(block)
    for run in read_runs(text):
        said = list(read_english(run, years) if is_english(run.text) else read_run(run, years))
        found += [*said, *in_run(run, said)]
    return sorted(found, key=lambda r: r.line)
