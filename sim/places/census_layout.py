"""Where ages, sexes and counts stand in a census table: which cell counts whom.

Ages may stand in a column (also in several side by side) or in a row; sexes over the columns, in a
column of their own, or as rows between blocks of ages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sim.drafting.document import Cell
from sim.places.census_cells import FEWEST
from sim.places.census_heads import Head, head_of
from sim.places.census_places import is_place, of_place, turned
from sim.places.census_words import (
    BOTH,
    DATE,
    WHOLE,
    Span,
    age_of,
    is_age_head,
    is_sex_head,
    is_total,
    plain,
    sex_of,
)
from sim.places.sheet import Grid

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Count:
    """A cell that counts people."""

    sex: str
    """female, male or both."""
    ages: Span
    cell: Cell


@dataclass(frozen=True)
class Layout:
    """What of a table was understood."""

    counts: tuple[Count, ...]
    ages: str
    """Where the labels of ages begin and end."""
    sexes: str
    """columns, column or rows: where the sexes stand."""
    unread: tuple[Cell, ...]
    """Heads of columns with figures that are not counts of a sex; labels of other places."""
    odd: tuple[Cell, ...]
    """Labels beside figures that are no age group."""
    again: tuple[tuple[Cell, Cell], ...]
    """Heads of columns that name a sex once more, each with the one before; they are not read."""
    hidden: tuple[str, ...] = ()
    """Rows and columns that the sheet does not show; their counts are read."""
    split: tuple[Span, ...] = ()
    """Groups, youngest first, that were split by the shares of the place above."""


def lay_out(grid: Grid, year: int, names: Sequence[str] = ()) -> Layout | None:
    """Whom each cell of a table counts; None where no column or row holds ages.

    year: of the census; columns under a head of another are not read where one of this year stands.
    names: of the place; of a table of several, only what bears one of them is read.
    """
    own, others = of_place(grid, names)
    for table in (own, turned(own)):
        columns = _age_columns(table)
        if columns:
            found = _read(table, columns, year)
            return replace(found, unread=(*found.unread, *others), hidden=_hidden(found.counts))
    return None


def few_ages(grid: Grid) -> tuple[Cell, ...]:
    """The labels of ages of a table that has too few of them in every line; the longest line of these."""
    found: tuple[Cell, ...] = ()
    for line in (*turned(grid), *grid):
        found = max(found, tuple(cell for cell in line if _of_age(cell.text)), key=len)
    return found


def _hidden(counts: Sequence[Count]) -> tuple[str, ...]:
    """Rows and columns with counts that the sheet hides or filters out, by place."""
    return tuple(dict.fromkeys(part for c in counts for part in c.cell.hidden))


def _age_columns(table: Grid) -> list[int]:
    """The first column of ages, and those beside it under a head of ages."""
    width = len(table[0]) if table else 0
    many = [c for c in range(width) if sum(_of_age(row[c].text) for row in table) >= FEWEST]
    headed = [c for c in many if any(is_age_head(row[c].text) for row in table)]
    return headed or many[:1]


def _of_age(text: str) -> bool:
    return age_of(text) is not None


def _read(table: Grid, columns: list[int], year: int) -> Layout:
    first = min(r for r, row in enumerate(table) if any(_of_age(row[c].text) for c in columns))
    counts: list[Count] = []
    unread: list[Cell] = []
    odd: list[Cell] = []
    again: list[tuple[Cell, Cell]] = []
    sexes = ""
    for n, ages in enumerate(columns):
        end = columns[n + 1] if n + 1 < len(columns) else len(table[0])
        start = 0 if n == 0 else ages
        block = _Block(table, first, ages, [c for c in range(start, end) if c != ages], year)
        counts += block.counts(odd)
        unread += block.unread
        again += block.again
        sexes = sexes or block.sexes
    labelled = [row[c] for c in columns for row in table if _of_age(row[c].text)]
    where = f"{labelled[0].place} to {labelled[-1].place}"
    return Layout(tuple(counts), where, sexes, tuple(dict.fromkeys(unread)), tuple(odd), tuple(again))


class _Block:
    """A column of ages and the columns that belong to it."""

    def __init__(self, table: Grid, first: int, ages: int, others: list[int], year: int) -> None:
        self.table, self.ages, self.first = table, ages, first
        self.unread: list[Cell] = []
        self.again: list[tuple[Cell, Cell]] = []
        self.body = table[first:]
        self.sex_column = next((c for c in others if self._sexed(c) >= FEWEST), None)
        self.sections = self._spanned() if self.sex_column is None else {}
        self.sexes = "column" if self.sex_column is not None else "rows" if self.sections else "columns"
        self.columns = self._value_columns([c for c in others if c != self.sex_column], year)

    def _sexed(self, column: int) -> int:
        named = [sex_of(row[column].text) for row in self.body]
        if any(named) and any(is_sex_head(row[column].text) for row in self.table[: self.first]):
            return len(named)  # a sex is named once, blank cells below it
        return (
            sum(row[column].merged for row in self.body) + len(named) - named.count(None) if any(named) else 0
        )

    def _spanned(self) -> dict[int, str]:
        """Rows that name a sex in the column of ages, by number."""
        found = {}
        for r, row in enumerate(self.table):
            sex = sex_of(row[self.ages].text)
            beside = [sex_of(c.text) for i, c in enumerate(row) if i != self.ages]
            if sex in ("female", "male") and "female" not in beside and "male" not in beside:
                found[r] = sex
        return found

    def _value_columns(self, others: list[int], year: int) -> dict[int, str]:
        """Sex of each column of counts; columns with figures under another head go to `unread`."""
        rows = enumerate(self.table[: self.first])
        heads = [row for r, row in rows if r not in self.sections and not is_total(row[self.ages].text)]
        counted = [c for c in others if any(_DIGIT.search(row[c].text) for row in self.body)]
        said = {c: head_of(heads, c, self.ages, year) for c in counted}
        if self.sex_column is not None and len(said) == 1:
            said = {c: Head(BOTH, h.cell) if is_place(h.cell.text) else h for c, h in said.items()}
        found: dict[int, str] = {}
        before: dict[str, Cell] = {}
        for c, head in said.items():
            if head.sex is None:
                self.unread.append(head.cell)
            elif head.sex in before:
                self.again.append((head.cell, before[head.sex]))
            else:
                found[c], before[head.sex] = head.sex, head.cell
        return found

    def counts(self, odd: list[Cell]) -> Iterator[Count]:
        """The counts of the block; labels beside figures that are no age group go to `odd`."""
        below: str | None = None
        for r, row in enumerate(self.table):
            below = self.sections.get(r, below)
            sex = self._sex_of_row(r, row) or below
            filled = [c for c in self.columns if _DIGIT.search(row[c].text)]
            label = self._label(r)
            ages = age_of(label.text)
            if ages is None and (is_total(label.text) or r in self.sections) and filled:
                ages = WHOLE
            if ages is None:
                if filled and r >= self.first:
                    odd.append(label)
                continue
            for c, over in self.columns.items():
                if over == BOTH or sex is None:
                    yield Count(sex or over, ages, row[c])
                elif over == sex:
                    yield Count(sex, ages, row[c])

    def _label(self, r: int) -> Cell:
        """The label of ages of a row; of one that names a sex alone, that of the row above it."""
        while self.sex_column is not None and r > 0:
            if self.table[r][self.ages].text or sex_of(self.table[r][self.sex_column].text) is None:
                break
            r -= 1
        return self.table[r][self.ages]

    def _sex_of_row(self, r: int, row: list[Cell]) -> str | None:
        """What the column of sexes says in a row; an empty or merged one, what stands above it."""
        if self.sex_column is None:
            return None
        while r > self.first and not self.table[r][self.sex_column].text:
            r -= 1
        return sex_of(self.table[r][self.sex_column].text)


def is_date(cell: Cell) -> bool:
    """Whether a spreadsheet took a label for a date."""
    return bool(DATE.fullmatch(plain(cell.text)))
