"""The rows or columns of one place in a census table of several: those that bear its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.drafting.document import Cell
from sim.places.census_words import age_of, is_total, plain, sex_of
from sim.places.sheet import Grid

_PLACE = re.compile(r"全?[\u4e00-\u9fff]+[省市县区旗州盟]")
_HEAD = re.compile(r"(?:各)?(?:地区|区域|县区|市县|县市区?|行政区划?)(?:名称)?")
_FEWEST = 8  # ages in a line that make it no line of places
_FIGURE = re.compile(r"\d[\d,. ]*")


def is_place(text: str) -> bool:
    """Whether a label looks like the name of a place."""
    label = plain(text)
    return bool(_PLACE.fullmatch(label)) and not _HEAD.fullmatch(label) and sex_of(text) is None


def turned(grid: Grid) -> Grid:
    """A table with its rows as columns."""
    return [list(column) for column in zip(*grid, strict=True)]


def of_place(grid: Grid, names: Sequence[str]) -> tuple[Grid, tuple[Cell, ...]]:
    """The table with the lines of one place and those of no place; and the labels of the others left out.

    names: of the place.  Unchanged where no label is one of them; a line without a label belongs to the
    place above it (before it).
    """
    wanted = {plain(name) for name in names}
    rows, left = _lines(grid, wanted)
    columns, more = _lines(turned(rows), wanted)
    return turned(columns), (*left, *more)


def places_in(grid: Grid) -> tuple[Cell, ...]:
    """The labels of the places of a table of several, where its lines bear their names; else none."""
    for table in (grid, turned(grid)):
        for c in range(len(table[0]) if table else 0):
            labels = [row[c] for row in table if is_place(row[c].text) and _holds(row)]
            found = tuple({plain(label.text): label for label in labels}.values())
            if len(found) > 1:
                return found
    return ()


def _lines(table: Grid, wanted: set[str]) -> tuple[Grid, tuple[Cell, ...]]:
    for c in range(len(table[0]) if table else 0):
        labels = [row[c] for row in table]
        if not any(plain(label.text) in wanted for label in labels):
            continue
        if _holds(labels):
            continue  # counts of the place, or its name over a column of ages
        named = [plain(x.text) in wanted or is_place(x.text) or is_total(x.text) for x in labels]
        begun = next((r for r, row in enumerate(table) if named[r] and _holds(row)), len(table))
        kept, left, own = [], [], True
        for r, row in enumerate(table):
            if r >= begun and named[r]:
                own = plain(labels[r].text) in wanted
                left += [] if own else [labels[r]]
            if own or r < begun:
                kept.append(row)
        return kept, tuple({cell.text: cell for cell in left}.values())
    return table, ()


def _holds(line: Sequence[Cell]) -> bool:
    """Whether a line holds counts, or the ages of counts."""
    ages = sum(age_of(cell.text) is not None for cell in line)
    return ages >= _FEWEST or any(_FIGURE.fullmatch(cell.text) for cell in line)
