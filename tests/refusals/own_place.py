"""Faults of a place: sexes exchanged with right totals; another place's figures, unit or sign; few deaths."""

from __future__ import annotations

import csv
import gzip
import io
import re
from functools import partial

from paths import PARAMETERS
from refusals.command import _table
from refusals.fault import Change, Fault, data, edit, experiment, text
from refusals.odd import _known, _rows

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


def _long(code: str) -> str:
    """Sexes in codes, exchanged."""
    rows = [
        f"{n},{age},{both[n - 1]}" for n in (1, 2) for age, both in zip(_AGES, _counts(code), strict=True)
    ]
    return "\n".join(["sex,age,persons", *rows]) + "\n"


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
    _table(
        "few-ages",
        "has three broad age groups",
        text("age,male,female\n0-14,9000,8800\n15-64,30000,29000\n65+,5000,6000\n"),
        "row 2, column A to row 4, column A",
        "3 age groups alone: 0-14, 15-64, 65+",
        "five-year groups",
    ),
    _table(
        "codes-swapped",
        "codes men as 2 and women as 1",
        text(_long("410522")),
        "more girls than boys",
        "swap female and male",
    ),
]

_FOLDER = "parameters/regions/410500_anyang"
_MX = "parameters/national/mortality_mx.csv"


def _folder(id_: str, did: str, name: str, change: Change, *says: str) -> Fault:
    return Fault(f"folder-{id_}", did, (f"{_FOLDER}/{name}", *says), {f"{_FOLDER}/{name}": change})


def _moved(by: float) -> Change:
    """Net migration of every year as many times."""

    def changed(content: str) -> str:
        path, brace, rest = content.partition("}\n    beyond")
        head, open_, figures = path.rpartition("path: {")
        times = re.sub(r": (-?\d+)", lambda m: f": {by * int(m[1]):.0f}", figures)
        return head + open_ + times + brace + rest

    return edit(changed)


def _exchanged(content: str) -> str:
    return content.replace("female", "#").replace("male", "female").replace("#", "male")


_LONGHU = "parameters/regions/440507_longhu/outcomes.yaml"
_CHILDREN = "parameters/national/outcomes.yaml"


def _both(content: str, by: float) -> str:
    """Infant and under-five mortality so many times."""
    rates = re.compile(r"((?:infant|u5)_mortality:.*?value: )([\d.]+)", re.DOTALL)
    return rates.sub(lambda m: f"{m[1]}{by * float(m[2]):g}", content, count=2)


def _per_100(content: str) -> str:
    head, key, rest = content.partition("  srb:")
    path, close, more = rest.partition("}\n    beyond")
    return head + key + re.sub(r": (1\.\d+)", lambda m: f": {100 * float(m[1]):g}", path) + close + more


def _changed(name: str, old: bytes, new: bytes) -> bytes:
    """A file of another place with one figure changed."""
    content = (PARAMETERS / "regions" / name).read_bytes()
    assert content.count(old) == 1
    return content.replace(old, new)


FOLDERS = [
    _folder(
        "copied",
        "has the supply of another city",
        "supply.yaml",
        data((PARAMETERS / "regions" / "410700_xinxiang" / "supply.yaml").read_bytes()),
        "the same records as 410700_xinxiang/supply.yaml, 5 of 5",
        "give this place's own",
    ),
    _folder(
        "copied-changed",
        "has the supply of another city, a figure of it changed",
        "supply.yaml",
        data(_changed("410700_xinxiang/supply.yaml", b"value: 6.614", b"value: 6.624")),
        "the same records as 410700_xinxiang/supply.yaml, 4 of 5",
        "give this place's own",
    ),
    _folder(
        "census-changed",
        "has the census of another city, a count of it changed",
        "census_2020.csv",
        data(_changed("410100_zhengzhou/census_2020.csv", b"female,0,0,56553", b"female,0,0,56653")),
        "the table of 410100_zhengzhou, 37 of 38 rows",
        "give the people of this place",
    ),
    _folder(
        "unread",
        "has a table beside its records that no record names",
        "beds_2024.csv",
        text("year,value\n2024,37398\n"),
        "nothing reads it",
        "table: beds_2024.csv",
    ),
    _folder(
        "moved-tens",
        "has ten times the net migration",
        "migration.yaml",
        _moved(10),
        "level | -259220 a year, by census survival 2010-2020 -25921.8",
        "check sign and unit",
    ),
    _folder(
        "moved-ten-thousands",
        "has net migration in a unit ten thousand times smaller",
        "migration.yaml",
        _moved(10_000),
        "level",
    ),
    _folder(
        "moved-sign",
        "has net migration with its sign exchanged",
        "migration.yaml",
        _moved(-1),
        "level | 25922 a year",
        "check sign and unit",
    ),
    _folder(
        "e0-gap",
        "lies ten years of life below the nation",
        "mortality.yaml",
        edit(lambda s: re.sub(r"(e0_gap:.*?value: )-?[\d.]+", r"\g<1>-10", s, count=1, flags=re.DOTALL)),
        "e0_gap | -10 years to the nation, 410000 around it",
        "not the life expectancy",
    ),
    _folder(
        "infants",
        "has ten times the infant mortality",
        "outcomes.yaml",
        edit(
            lambda s: re.sub(r"(infant_mortality:.*?value: )([\d.]+)", _tenfold, s, count=1, flags=re.DOTALL)
        ),
        "infant_mortality",
    ),
    Fault(
        "folder-children-ten",
        "of a district whose children seldom die has ten times both rates at which they do",
        (
            f"{_LONGHU}: infant_mortality | 20 per 1000",
            "u5_mortality | 28 per 1000",
            "looks 10 times too large",
        ),
        {**experiment(regions=["440507"], plan=None), _LONGHU: edit(partial(_both, by=10))},
    ),
    Fault(
        "folder-children-tenth",
        "has a tenth of both",
        (f"{_LONGHU}: infant_mortality | 0.2 per 1000", "u5_mortality | 0.28 per 1000", "want 0.864 to 21.6"),
        {**experiment(regions=["440507"], plan=None), _LONGHU: edit(partial(_both, by=0.1))},
    ),
    Fault(
        "folder-children-nation",
        "stands on ten times the nation's rates at which children die",
        (
            f"{_CHILDREN}: infant_mortality | 54 per 1000 of the nation",
            "u5_mortality | 75 per 1000",
            "want 1.4",
        ),
        {**experiment(regions=["410200"], plan=None), _CHILDREN: edit(partial(_both, by=10))},
    ),
    Fault(
        "folder-srb",
        "has boys per 100 girls",
        (
            f"{_FOLDER}/fertility.yaml: srb | a value is 106.7",
            "want 0.9 to 1.3",
            "looks like a figure per 100",
        ),
        {f"{_FOLDER}/fertility.yaml": edit(_per_100)},
    ),
    _folder(
        "e0-months",
        "has its life expectancy in months for the gap",
        "mortality.yaml",
        edit(lambda s: re.sub(r"(e0_gap:.*?value: )-?[\d.]+", r"\g<1>934", s, count=1, flags=re.DOTALL)),
        "e0_gap | a value is 934 year",
        "want -15 to 15",
    ),
    Fault(
        "folder-mx",
        "stands on death rates with men and women exchanged",
        (_MX.rpartition("/")[2].partition("_")[0], "mx", "men die less than women", "swap female and male"),
        {_MX: edit(_exchanged)},
    ),
]


def _tenfold(found: re.Match[str]) -> str:
    return f"{found[1]}{10 * float(found[2]):g}"


KNOWN = [
    _known(
        "few-tens",
        "has ten times the deaths of mothers",
        _rows("maternal_deaths,2023,50,death,yearbook,A"),
        "50 death/year of maternal_deaths in 2023",
        "10 times too large? write 5",
    ),
    _known(
        "few-infants",
        "has ten times the deaths of infants",
        _rows("infant_deaths,2023,800,death,yearbook,A"),
        "row 2, column C",
        "800 death/year of infant_deaths in 2023",
        "10 times too large? write 80",
    ),
    _known(
        "e0-months",
        "has life expectancy in months",
        _rows("life_expectancy,2023,936,year,yearbook,A"),
        "936 year of life_expectancy in 2023",
        "a figure within 1.08 times of it",
    ),
    _known(
        "few-fraction",
        "has half a death",
        _rows("maternal_deaths,2023,0.5,death,yearbook,A"),
        "row 2, column C",
        "0.5 deaths",
        "whole deaths of one year",
    ),
    _known(
        "year-value",
        "has year and value exchanged",
        _rows("beds,37398,2023,bed,yearbook,A"),
        "row 2, column B (year)",
        "the two look exchanged: write 2023 as the year",
    ),
    _known(
        "year-again",
        "has the year for a value",
        _rows("beds,2023,2023,bed,yearbook,A"),
        "row 2, column C",
        "is 2023 a year?",
    ),
]
