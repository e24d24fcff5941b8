"""The counts of a census table checked against each other and brought to the model's age groups.

Every sum that the table prints is held against its parts: groups of ages against the ages in them,
both sexes against female and male. What is wrong is told cell by cell; nothing is repaired.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.cells import plain_width
from sim.drafting.document import Cell
from sim.errors import fault
from sim.places.census_layout import Count
from sim.places.census_split import filled, whole_parts
from sim.places.census_words import BOTH, OPEN, UNITS, WHOLE, Span, shown
from sim.schema import SEXES

_THOUSANDS = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")
_NONE = "NaN"  # what is no count holds its place, so that its sums are not told beside it
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,12})?")  # more digits are no count of people


@dataclass(frozen=True)
class Entry:
    """A count in persons, and by how much rounding may have moved it."""

    people: Decimal
    slack: Decimal
    cell: Cell


Held = Mapping[tuple[str, Span], Entry]


def read_counts(
    path: Path, counts: Sequence[Count], unit: str, thousands: bool, faults: list[str]
) -> dict[tuple[str, Span], Entry]:
    """The counts of a table by sex and ages; what is no count, or stands twice, goes to `faults`.

    unit: of UNITS.  thousands: whether separators of thousands are taken out.
    """
    held: dict[tuple[str, Span], Entry] = {}
    parted: list[Cell] = []
    for count in counts:
        where, text = f"{path}: {count.cell.place}", plain_width(count.cell.text)
        said = f"{count.sex}, {shown(count.ages)}"
        if _THOUSANDS.fullmatch(text):
            if not thousands:
                parted.append(count.cell)
            text = re.sub("[, ]", "", text)
        if not _NUMBER.fullmatch(text):
            wrong = f"{said}: '{count.cell.text}' is no count" if text else f"{said}: empty"
            faults.append(fault(where, wrong, "write the persons counted; 0 where nobody was"))
            text = _NONE
        entry = _entry(text, unit, count.cell)
        if not entry.people.is_nan() and (entry.people < 0 or (unit == "人" and entry.people % 1)):
            remedy = "whole persons of 0 or more; if the table is in 万人, say --unit 万人"
            faults.append(fault(where, f"{said}: {count.cell.text} persons", remedy))
            entry = _entry(_NONE, unit, count.cell)
        before = held.setdefault((count.sex, count.ages), entry)
        if before is not entry:
            wrong = f"{said} stands twice: {before.cell.text} in {before.cell.place} too"
            faults.append(fault(where, wrong, "keep one; of several places or years, leave one"))
    if parted:
        wrong = f"'{parted[0].text}' and {len(parted) - 1} more cells have separators of thousands"
        faults.append(fault(f"{path}: {parted[0].place}", wrong, "say --thousands to have them taken out"))
    return held


def _entry(text: str, unit: str, cell: Cell) -> Entry:
    digits = len(text.partition(".")[2])
    slack = Decimal(0) if unit == "人" else Decimal(UNITS[unit]) / 2 / 10**digits
    return Entry(Decimal(text) * UNITS[unit], slack, cell)


def sum_faults(path: Path, held: Held, unread: Sequence[Cell] = ()) -> list[str]:
    """Groups that are missing or overlap, sums other than their parts, sexes that do not add up.

    unread: heads of columns of figures that were taken for no sex.
    """
    heads = ", ".join(f"'{cell.text}' ({cell.place})" for cell in unread)
    remedy = "give the counts of both sexes by age"
    if heads:
        remedy = f"{remedy}, each under 男 or 女 alone; these heads are neither: {heads}"
    faults: list[str] = []
    for sex in (*SEXES, BOTH):
        spans = sorted(ages for s, ages in held if s == sex)
        if sex != BOTH and not any(span != WHOLE for span in spans):
            faults.append(fault(str(path), f"no ages for {sex}", remedy))
            continue
        leaves = leaves_of(spans)
        if sex != BOTH:
            faults += _gaps(path, sex, leaves, held)
        faults += _part_faults(path, sex, spans, leaves, held)
    return [*faults, *_sex_faults(path, held)]


def leaves_of(spans: Sequence[Span]) -> list[Span]:
    """The groups that hold no other, by age."""
    return [a for a in spans if not any(b != a and a[0] <= b[0] and b[1] <= a[1] for b in spans)]


def _gaps(path: Path, sex: str, leaves: Sequence[Span], held: Held) -> Iterator[str]:
    """Ages that no group holds, or two do."""
    expected, last = 0, None
    for span in leaves:
        where = f"{path}: {held[sex, span].cell.place}"
        if span[0] > expected:
            missing = shown((expected, span[0] - 1))
            yield fault(where, f"{sex}: no group {missing} before {shown(span)}", "add the missing rows")
        elif last is not None and span[0] < expected:
            yield fault(where, f"{sex}: {shown(span)} overlaps {shown(last)}", "groups without overlap")
        expected, last = span[1] + 1, span
    if last is not None and last[1] != OPEN:
        where = f"{path}: {held[sex, last].cell.place}"
        yield fault(where, f"{sex}: no open group after {shown(last)}", "add it, e.g. 85 and over")


def _part_faults(
    path: Path, sex: str, spans: Sequence[Span], leaves: Sequence[Span], held: Held
) -> Iterator[str]:
    """Printed sums of ages that are not those of the groups in them, where these fill them."""
    for span in spans:
        parts = [leaf for leaf in leaves if span[0] <= leaf[0] and leaf[1] <= span[1]]
        if span in leaves or parts[0][0] != span[0] or parts[-1][1] != span[1]:
            continue
        entries = [held[sex, leaf] for leaf in parts]
        yield from _differs(path, held[sex, span], f"{sex}, {shown(span)}", entries, f"{len(parts)} groups")


def _sex_faults(path: Path, held: Held) -> Iterator[str]:
    for (sex, span), whole in held.items():
        parts = [held[s, span] for s in SEXES if (s, span) in held]
        if sex == BOTH and len(parts) == len(SEXES):
            yield from _differs(path, whole, f"both sexes, {shown(span)}", parts, "female and male")


def _differs(path: Path, whole: Entry, said: str, parts: Sequence[Entry], of: str) -> Iterator[str]:
    total = sum((p.people for p in parts), Decimal(0))
    if (total - whole.people).is_nan():
        return
    if abs(total - whole.people) > whole.slack + sum((p.slack for p in parts), Decimal(0)):
        wrong = f"{said}: {whole.people:,f} printed, {of} sum to {total:,f} ({total - whole.people:+,f})"
        span = f"{parts[0].cell.place} to {parts[-1].cell.place}"
        yield fault(f"{path}: {whole.cell.place}", wrong, f"mend one of {span}, or the sum")


def in_groups(
    path: Path, held: Held, starts: Sequence[int], faults: list[str], above: Floats | None = None
) -> tuple[Floats, set[Span]]:
    """Persons (sex, group) in the model's groups, and which groups of the table were split for that.

    starts: first age of each group, the last open.  above: persons of the place above in these, (sex,
    group), by whose shares the youngest and the oldest group are split; a group that lies in two of them
    otherwise goes to `faults`.
    """
    split: set[Span] = set()
    ends = [*(start - 1 for start in starts[1:]), OPEN]
    out = np.zeros((len(SEXES), len(starts)))
    for i, sex in enumerate(SEXES):
        for span in leaves_of(sorted(ages for s, ages in held if s == sex)):
            group = max(g for g, start in enumerate(starts) if start <= span[0])
            people = held[sex, span].people
            inside = filled(span, starts)
            if inside is not None and above is not None and above[i, inside].sum() > 0:
                out[i, inside] += 0 if people.is_nan() else whole_parts(round(people), above[i, inside])
                split.add(span)
                continue
            if span[1] > ends[group]:
                wrong = f"{sex}: {shown(span)} is wider than the model's groups"
                remedy = f"give {shown((starts[group], ends[group]))} apart, as the full census table does"
                faults.append(fault(f"{path}: {held[sex, span].cell.place}", wrong, remedy))
            out[i, group] += 0 if people.is_nan() else round(people)
    return out, split
