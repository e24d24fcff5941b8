"""Observed tables of a place: its censuses by sex and five-year age, and what was published since."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.cells import age_remedy, grade_fault, number, number_remedy, whole
from sim.demography.calibrate import Observation
from sim.errors import ConfigError, fault, raise_all
from sim.magnitude import looks, shifts
from sim.places.census_checks import census_faults, fractions
from sim.places.copies import copied_tables
from sim.places.observed_checks import Row, bounds_beside, observed_faults
from sim.places.region import NATION, Region, province_set
from sim.schema import AGES, SEXES
from sim.textfile import read_table_rows, table_beside, tables_of

MOST_GROWN = "observation.census_growth"
"""The parameter that says from when on two censuses are of another area, or in another unit."""
_COUNTED = "person"  # unit of every observed figure, people and events
_NEAR = 2.0  # how far a place in another unit has grown or shrunk at most
# spellings of other hands, to say what is meant; a file states the sex in one way
_SEX_WORDS = {
    "female": ("女", "女性", "f", "w", "2", "female", "females", "woman", "women", "girls"),
    "male": ("男", "男性", "m", "1", "male", "males", "man", "men", "boys"),
}


@dataclass(frozen=True)
class Census:
    """People counted by sex and age group."""

    year: int
    starts: tuple[int, ...]
    """First age of each group; the last group is open."""
    counts: Floats
    """Persons (sex, group), female first."""

    @property
    def key(self) -> str:
        """Hash of what was counted, whatever file or order of rows it came from."""
        digest = hashlib.sha256(repr((self.year, self.starts)).encode())
        digest.update(np.ascontiguousarray(self.counts).tobytes())
        return digest.hexdigest()

    def women(self, first: int, last: int) -> Floats:
        """Women of the five-year groups from age `first` to that from age `last`, (group,)."""
        chosen = [i for i, start in enumerate(self.starts) if first <= start <= last]
        return np.asarray(self.counts[SEXES.index("female"), chosen])


def read_census(path: Path) -> Census:
    """A census table, census_<year>.csv or .xlsx: sex, age_start, age_end, value.

    Raises ConfigError with every fault: a number that is none or below 0, a cell twice or missing,
    a group that does not begin where the one before ends.
    """
    faults: list[str] = []
    held: dict[tuple[str, int], float] = {}
    ends: dict[int, int] = {}
    unknown: dict[str, list[str]] = {}
    lines: dict[tuple[str, int], str] = {}
    for row in read_table_rows(path, ("sex", "age_start", "age_end", "value")):
        line = f"{path}: {row['_at']}"
        cells = _census_cells(row, line, faults)
        start = whole(row["age_start"]) if cells is None else cells[0]
        if row["sex"] not in SEXES:
            unknown.setdefault(row["sex"], []).append(row["_at"])
        if start is not None and (row["sex"], start) in held:
            faults.append(fault(line, f"sex={row['sex']}, age {start} stands twice", "keep one of them"))
        if cells is not None:
            ends[cells[0]] = cells[1]
        if start is not None:
            lines[row["sex"], start] = row["_at"]
            held[row["sex"], start] = 0.0 if cells is None else cells[2]
    faults += [_unknown_sex(path, label, lines) for label, lines in unknown.items()]
    starts = sorted(ends)
    if not unknown:
        faults += _census_gaps(path, held, ends)
    year = whole(path.stem.removeprefix("census_"))
    if year is None:
        faults.insert(
            0, fault(str(path), f"'{path.stem}' names no year", "name it census_YEAR.csv, or move it")
        )
    raise_all(ConfigError, faults)
    counts = np.array([[held[sex, age] for age in starts] for sex in SEXES])
    beyond = census_faults(path, starts, counts, lines, bounds_beside(path))
    raise_all(ConfigError, [*fractions(path, held, lines), *beyond])
    return Census(int(year or 0), tuple(starts), counts)


def _census_cells(row: dict[str, str], line: str, faults: list[str]) -> tuple[int, int, float] | None:
    """First age, last age and count of a row; None, and `faults`, where one of them is none."""
    before = len(faults)
    for column in ("age_start", "age_end"):
        if whole(row[column]) is None:
            faults.append(fault(line, f"{column} '{row[column]:.40}'", age_remedy(column, row[column])))
    value = number(row["value"])
    if value is None:
        faults.append(fault(line, f"value '{row['value']:.40}'", number_remedy(row["value"])))
    elif not 0 <= value < np.inf:
        faults.append(fault(line, f"value {row['value']}", "a count of 0 or more"))
    if len(faults) > before or value is None:
        return None
    start, end = int(row["age_start"]), int(row["age_end"])
    if start > end:
        faults.append(fault(line, f"age_start {start} above age_end {end}", "swap them"))
    elif not 0 <= start <= end <= AGES[-1]:
        faults.append(fault(line, f"ages {start}..{end} are outside 0..100", "100 means 100 and over"))
    return (start, end, value) if len(faults) == before else None


def _unknown_sex(path: Path, label: str, lines: Sequence[str]) -> str:
    """A label that is no sex, told once with the number of its lines."""
    more = f" ({len(lines)} lines)" if len(lines) > 1 else ""
    meant = next((sex for sex, words in _SEX_WORDS.items() if label.strip().casefold() in words), "")
    remedy = f"write {meant}" if meant else f"want {list(SEXES)}"
    return fault(f"{path}: {lines[0]}", f"sex '{label}' is unknown{more}", remedy)


def _census_gaps(path: Path, held: Mapping[tuple[str, int], float], ends: Mapping[int, int]) -> list[str]:
    """Cells that are missing, and groups that leave ages out or overlap."""
    starts = sorted(ends)
    faults = []
    for sex in SEXES:
        missing = [age for age in starts if (sex, age) not in held]
        if missing == starts:
            faults.append(fault(str(path), f"no row for sex={sex}", "give the people of both sexes"))
            continue
        faults += [fault(str(path), f"no row for sex={sex}, age {age}", "add it") for age in missing]
    for age, following in pairwise(starts):
        if ends[age] != following - 1:
            wrong = f"group {age}-{ends[age]} is followed by {following}"
            faults.append(fault(str(path), wrong, "groups without gap or overlap"))
    if starts and starts[0] != 0:
        faults.append(fault(str(path), f"the first group begins at age {starts[0]}", "begin at age 0"))
    if starts and ends[starts[-1]] != AGES[-1]:
        wrong = f"the last group, {starts[-1]}-{ends[starts[-1]]}, is not open"
        faults.append(fault(str(path), wrong, f"write {AGES[-1]} as its age_end: {AGES[-1]} and over"))
    return faults


def read_censuses(parameters: Path, region: Region) -> dict[int, Census]:
    """The census tables of a region by year.

    parameters: the folder `parameters`.  They stand in the region's folder; those of the nation in
    `national`, those of a province in its folder of `provinces`, where every place in it finds them.
    """
    own = _censuses(parameters / region.folder)
    raise_all(ConfigError, _copied(parameters / region.folder, own))
    if not own and region.code == NATION:
        return national_censuses(parameters)
    if not own and region.code == region.province:
        return province_censuses(parameters, region)
    return own


def _copied(folder: Path, own: Mapping[int, Census]) -> list[str]:
    """Tables that are another one's copy: of the census before, or of another region."""
    faults = []
    for before, census in pairwise(own[year] for year in sorted(own)):
        if np.array_equal(before.counts, census.counts):
            place = str(census_file(folder, census.year))
            wrong = f"the people of {before.year} again, in every age group"
            faults.append(fault(place, wrong, f"give those counted in {census.year}"))
    return [*faults, *copied_tables(folder, [*own])]


def national_censuses(parameters: Path) -> dict[int, Census]:
    """The nation's census tables by year."""
    return _censuses(parameters / "national")


def province_censuses(parameters: Path, region: Region) -> dict[int, Census]:
    """The census tables of a region's province by year, none where it has no folder."""
    folders = province_set(parameters, region)
    return _censuses(parameters / folders[0]) if folders else {}


def _censuses(folder: Path) -> dict[int, Census]:
    found = (read_census(path) for path in tables_of(folder, "census_*"))
    return {census.year: census for census in found}


def census_file(folder: Path, year: int) -> Path:
    """The census table of a year in a folder, census_<year>.csv or .xlsx; the .csv where there is none."""
    return table_beside(folder / f"census_{year}.csv")


def observed_file(root: Path, region: Region) -> Path:
    """The region's observed.csv or .xlsx, what was published by year.  root: the working folder."""
    return table_beside(root / "parameters" / region.folder / "observed.csv")


def read_observed(path: Path) -> list[Observation]:
    """What was observed of a region by year, its observed.csv or .xlsx.

    Raises ConfigError as `observed_rows`.
    """
    return [Observation(row.year, row.indicator, row.value) for row in observed_rows(path)]


def observed_rows(path: Path) -> list[Row]:
    """The same with place in the file, grade and source of each figure.

    path: the observed.csv; where there is none the observed.xlsx beside it is read.
    Raises ConfigError for figures that are none, and for rows that contradict each other: see
    observed_checks.
    """
    columns = ("year", "indicator", "unit", "value", "grade", "source")
    rows, faults = [], []
    path = table_beside(path)
    for row in read_table_rows(path, columns):
        line = f"{path}: {row['_at']}"
        year, value = whole(row["year"]), number(row["value"])
        if year is None:
            faults.append(fault(line, f"year '{row['year']:.40}'", age_remedy("year", row["year"])))
        if value is None:
            faults.append(fault(line, f"value '{row['value']:.40}'", number_remedy(row["value"])))
        if year is None or value is None:
            continue
        faults += grade_fault(line, row["grade"]) if row["grade"] else []
        if row["unit"] != _COUNTED:
            faults.append(
                fault(f"{line}: unit", f"'{row['unit']}'", f"write {_COUNTED}, and the count itself")
            )
        if 0 <= value < np.inf:
            told = (row["grade"], row["source"])
            rows.append(Row(row["_at"], year, row["indicator"], value, *told))
        else:
            faults.append(fault(line, f"value {row['value']}", "a count of 0 or more"))
    raise_all(ConfigError, faults)
    raise_all(ConfigError, observed_faults(path, rows, _people(path.parent)))
    return rows


def _people(folder: Path) -> dict[int, float]:
    """People of the censuses in a folder by year; of none that is wrong, which is told when it is read."""
    try:
        return {year: float(census.counts.sum()) for year, census in _censuses(folder).items()}
    except ConfigError:
        return {}


def people_faults(census: Census, place: str) -> list[str]:
    """What is wrong with the people of a census: nobody of a sex."""
    counts = dict(zip(SEXES, census.counts, strict=True))
    empty = [sex for sex, groups in counts.items() if not groups.sum() > 0]
    return [fault(place, f"nobody is {sex}", "give the people of both sexes") for sex in empty]


def one_area(first: Census, second: Census, most_grown: float) -> bool:
    """Whether two censuses may be of one area, in one unit: grown or shrunk at most so many times."""
    ratio = second.counts.sum() / max(first.counts.sum(), 1.0)
    return bool(1 / most_grown <= ratio <= most_grown)


def unit_off(first: Census, second: Census) -> str:
    """By how much the later count seems to be off; empty where no unit would do."""
    return looks(shifts(float(second.counts.sum() / first.counts.sum()), 1 / _NEAR, _NEAR))


def same_groups(censuses: Sequence[Census], place: str) -> None:
    """Raises ConfigError where censuses to be compared have other age groups."""
    for census in censuses[1:]:
        if census.starts != censuses[0].starts:
            wrong = f"a census of {census.year} has first ages {list(census.starts)}"
            raise ConfigError(fault(place, wrong, f"want {list(censuses[0].starts)}, as beside it"))
