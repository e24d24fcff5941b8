"""What the heads over a column of a census table say: the sex counted, or why it is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.drafting.document import Cell
from sim.places.census_words import BOTH, is_share, plain, sex_of, some_of, years_in

_FIGURE = re.compile(r"[-\d,. ]+")


@dataclass(frozen=True)
class Head:
    """The sex that a column counts, None where it counts none; and the head that says so."""

    sex: str | None
    cell: Cell


def head_of(heads: Sequence[Sequence[Cell]], column: int, ages: int, year: int) -> Head:
    """What the rows above the counts say of a column.

    heads: these rows, the highest first.  ages: the column of ages.  year: that of the census.
    A head stands over the empty cells to its right.  The lowest names the sex; where it says people or a
    total alone, a higher one may.  Shares, others than all residents and another year are not read.
    """
    own = [row[column] for row in reversed(heads) if _is_label(row[column])]
    nearest = own[0] if own else heads[0][column] if heads else Cell("", 0)
    aside = next(_aside(heads, column, ages, year), None)
    if aside is not None or not own:
        return Head(None, nearest if aside is None or is_share(aside.text) else aside)
    sex = sex_of(nearest.text)
    if sex != BOTH:
        return Head(sex, nearest)
    over = (_over(row, column, ages) for row in reversed(heads))
    found = next((c for c in over if c is not None and sex_of(c.text) in ("female", "male")), nearest)
    return Head(sex_of(found.text), found)


def _is_label(cell: Cell) -> bool:
    return bool(plain(cell.text)) and not _FIGURE.fullmatch(cell.text)


def _aside(heads: Sequence[Sequence[Cell]], column: int, ages: int, year: int) -> Iterator[Cell]:
    """Heads by which a column is put aside; a title, alone in its row, stands over all of them."""
    for row in heads:
        cell = _over(row, column, ages)
        if cell is None or sum(bool(c.text) for c in row) < 2:
            continue
        others = {y for c in row for y in years_in(c.text)} - years_in(cell.text)
        elsewhere = year in others and bool(years_in(cell.text)) and year not in years_in(cell.text)
        if is_share(cell.text) or elsewhere or (some_of(cell.text) and _beside(row, cell)):
            yield cell


def _beside(row: Sequence[Cell], cell: Cell) -> bool:
    """Whether a head of people or a total stands in the row too: that over a part is then one of several."""
    return any(c is not cell and c.text and not some_of(c.text) and _of_all(c.text) for c in row)


def _of_all(text: str) -> bool:
    return sex_of(text) is not None or bool(re.fullmatch(r"全[省市县区旗州国]|总人口|常住人口", plain(text)))


def _over(row: Sequence[Cell], column: int, ages: int) -> Cell | None:
    """The head of a row over a column: its cell, else the nearest filled one before it, which spans it.

    One over the column of ages itself spans the counts beside it where it names a sex.
    """
    found = next((row[c] for c in range(column, ages, -1) if row[c].text), None)
    if found is None and sex_of(row[ages].text) in ("female", "male"):
        return row[ages]
    return found
