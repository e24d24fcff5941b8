"""National floors that no proposal goes below: parameters/standards/floors.csv.

What the nation asks of an indicator by a year, and with what force: a law, a guideline or building
standard, or a goal of a national plan.  A place may do better; a proposal is never laxer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.errors import PlanError, fault, raise_all
from sim.plan.vocabulary import Unit, Vocabulary, load_vocabulary
from sim.textfile import did_you_mean, read_csv

DIRECTIONS = ("at_least", "at_most")
STATUS = ("law", "guideline", "plan")
COLUMNS = (
    "indicator_id",
    "direction",
    "value",
    "unit",
    "year",
    "status",
    "source",
    "locator",
    "grade",
    "note_en",
    "note_zh",
)


@dataclass(frozen=True)
class Floor:
    """What the nation asks: `value` in `unit`, from `year` on until a newer one replaces it.

    status: `law` binds; `guideline` is a standard or guidance of ministries; `plan` is a goal of a
    national plan.  direction: `at_least`, or `at_most` where less is better.
    """

    indicator_id: str
    direction: str
    value: float
    unit: Unit
    year: int
    status: str
    source: str
    locator: str
    grade: str
    note_en: str
    note_zh: str

    @property
    def fraction(self) -> float:
        """The value in the model's unit."""
        return self.value * self.unit.factor

    def kept(self, value: float) -> float:
        """`value` (model's unit), or the floor where the value is laxer."""
        return max(value, self.fraction) if self.direction == "at_least" else min(value, self.fraction)


@cache
def load_floors(root: Path) -> dict[str, tuple[Floor, ...]]:
    """Floors by indicator in the order of their years; root: the folder `parameters`.

    Raises PlanError with every fault of the table.
    """
    path = root / "standards" / "floors.csv"
    words = load_vocabulary(root)
    faults: list[str] = []
    found: dict[str, list[Floor]] = {}
    for row in read_csv(path, COLUMNS):
        place = f"{path}:{row['_line']}"
        wrong = _faults(row, words)
        faults += [fault(place, *f) for f in wrong]
        if wrong:
            continue
        texts = {c: row[c] for c in COLUMNS if c not in ("value", "unit", "year")}
        floor = Floor(
            **texts, value=float(row["value"]), unit=words.units[row["unit"]], year=int(row["year"])
        )
        others = found.setdefault(floor.indicator_id, [])
        if floor.year in {f.year for f in others}:
            twice = f"two floors of '{floor.indicator_id}' from {floor.year}"
            faults.append(fault(place, twice, "keep the one in force"))
        others.append(floor)
    raise_all(PlanError, faults)
    return {name: tuple(sorted(floors, key=lambda f: f.year)) for name, floors in found.items()}


def in_force(floors: Sequence[Floor], year: int) -> Floor | None:
    """The floor that holds in a year: the newest by then, or None.  floors: in the order of their years."""
    return next((f for f in reversed(floors) if f.year <= year), None)


def _faults(row: Mapping[str, str], words: Vocabulary) -> list[tuple[str, str]]:
    found = []
    name = row["indicator_id"]
    choices: tuple[tuple[str, Collection[str]], ...] = (
        ("indicator_id", words.indicators),
        ("direction", DIRECTIONS),
        ("unit", words.units),
        ("status", STATUS),
        ("grade", "ABCD"),
    )
    for column, known in choices:
        if row[column] not in known:
            remedy = did_you_mean(row[column], list(known))
            found.append((f"{column} '{row[column]}' is unknown", remedy))
    for column, kind in (("value", float), ("year", int)):
        try:
            kind(row[column])
        except ValueError:
            found.append((f"{name}: {column} '{row[column]}'", "write a number"))
    for column in ("source", "locator", "note_en", "note_zh"):
        if not row[column]:
            found.append((f"{name}: no {column}", "say it"))
    better = words.indicators[name].better if name in words.indicators else ""
    if (better, row["direction"]) in (("higher", "at_most"), ("lower", "at_least")):
        remedy = "turn the direction, or mend the dictionary"
        found.append((f"{name}: {row['direction']} where {better} is better", remedy))
    return found
