"""Faults of a place's table by sex: heads exchanged with right totals, several places in one table."""

from __future__ import annotations

import csv
import gzip
import io

from paths import PARAMETERS
from refusals.command import _table
from refusals.fault import text

_AGES = ("0", "1-4", *(f"{s}-{s + 4}" for s in range(5, 85, 5)), "85+")


def _counts(code: str) -> list[tuple[str, str]]:
    """(women, men) of 2020 by group of a place."""
    content = gzip.decompress((PARAMETERS / "places" / "census_2020.csv.gz").read_bytes()).decode()
    (row,) = [row for row in csv.reader(io.StringIO(content)) if row[0] == code]
    return list(zip(row[1 : 1 + len(_AGES)], row[1 + len(_AGES) :], strict=True))


def _sheet(code: str, head: str) -> str:
    rows = (f"{age},{women},{men}" for age, (women, men) in zip(_AGES, _counts(code), strict=True))
    return "\n".join([head, *rows]) + "\n"


def _row(name: str, code: str) -> str:
    return ",".join([name, *(n for pair in _counts(code) for n in pair)])


def _places() -> str:
    ages = ",".join(["地区", *(f"{age}," for age in _AGES)])
    return "\n".join(
        [ages, "," + ",".join(["女,男"] * len(_AGES)), _row("甲县", "410522"), _row("乙县", "410523")]
    )


TABLES = [
    _table(
        "swapped",
        "has the heads of men and women exchanged, with right totals",
        text(_sheet("410522", "age,male,female")),
        "more girls than boys",
        "swap female and male",
    ),
    _table(
        "swapped-within",
        "has them exchanged where old men are many: only the prefecture around tells",
        text(_sheet("411322", "age,male,female")),
        "women from row 2, column C, men from row 2, column B",
        "in 411300 南阳市",
        "swap female and male",
        args=("--parent", "411300"),
    ),
    _table(
        "places",
        "has two counties in rows, of which none bears the name said",
        text(_places()),
        "the counts of 2 places: 甲县, 乙县",
        "say --name as the table does",
    ),
]
