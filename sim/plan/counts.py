"""What was counted of the nation since 2021, in the words of plans: parameters/standards/counts.csv.

Beside a place's own figures they say where the nation stands; nothing is computed from them. The
yearly figures of the provinces stand in parameters/series.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.catalogue.words import SCOPES
from sim.cells import GRADES
from sim.errors import PlanError, fault, raise_all
from sim.plan.vocabulary import Unit, Vocabulary, load_vocabulary
from sim.textfile import did_you_mean, read_csv

WHOLE = "all"
COLUMNS = ("indicator_id", "year", "value", "unit", "scope", "source", "grade", "note")


@dataclass(frozen=True)
class Count:
    """A figure of the nation in a year, in its printed unit.  scope: all, urban or rural."""

    indicator_id: str
    year: int
    value: float
    unit: Unit
    scope: str
    source: str
    grade: str
    note: str


@cache
def load_counts(root: Path) -> tuple[Count, ...]:
    """All counts, in the order of the table; root: the folder `parameters`.

    Raises PlanError with every fault of the table.
    """
    path = root / "standards" / "counts.csv"
    words = load_vocabulary(root)
    faults: list[str] = []
    found: dict[tuple[str, int, str], Count] = {}
    for row in read_csv(path, COLUMNS):
        place = f"{path}:{row['_line']}"
        wrong = [fault(place, *f) for f in _faults(row, words)]
        faults += wrong
        if wrong:
            continue
        count = Count(
            row["indicator_id"],
            int(row["year"]),
            float(row["value"]),
            words.units[row["unit"]],
            row["scope"],
            row["source"],
            row["grade"],
            row["note"],
        )
        key = (count.indicator_id, count.year, count.scope)
        if key in found:
            faults.append(fault(place, f"{' '.join(map(str, key))} stands twice", "keep one of them"))
        found[key] = count
    raise_all(PlanError, faults)
    return tuple(found.values())


def newest(root: Path, indicator_id: str) -> Count | None:
    """The newest count of the nation as a whole; None where there is none."""
    same = [c for c in load_counts(root) if (c.indicator_id, c.scope) == (indicator_id, WHOLE)]
    return max(same, key=lambda c: c.year, default=None)


def _faults(row: Mapping[str, str], words: Vocabulary) -> list[tuple[str, str]]:
    found = []
    for column, known in (
        ("indicator_id", list(words.indicators)),
        ("unit", list(words.units)),
        ("grade", GRADES),
        ("scope", (WHOLE, *SCOPES)),
    ):
        if row[column] not in known:
            found.append((f"{column} '{row[column]}' is unknown", did_you_mean(row[column], known)))
    for column, kind in (("value", float), ("year", int)):
        try:
            kind(row[column])
        except ValueError:
            found.append((f"{row['indicator_id']}: {column} '{row[column]}'", "write a number"))
    return found
