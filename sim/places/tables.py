"""Observed tables of a place: its censuses by sex and five-year age, and what was published since."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.demography.calibrate import Observation
from sim.errors import ConfigError, fault, raise_all
from sim.places.observed_checks import Row, observed_faults
from sim.places.region import NATION, Region, province_set
from sim.schema import SEXES
from sim.textfile import read_csv

MOST_GROWN = "observation.census_growth"
"""The parameter that says from when on two censuses are of another area, or in another unit."""
_COUNTED = "person"  # unit of every observed figure, people and events


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
    """A census table, census_<year>.csv: sex, age_start, age_end, value.

    Raises ConfigError with every fault: a number that is none or below 0, a cell twice or missing,
    a group that does not begin where the one before ends.
    """
    faults: list[str] = []
    held: dict[tuple[str, int], float] = {}
    ends: dict[int, int] = {}
    for row in read_csv(path, ("sex", "age_start", "age_end", "value")):
        line = f"{path}: line {row['_line']}"
        try:
            start, end, value = int(row["age_start"]), int(row["age_end"]), float(row["value"])
        except ValueError as error:
            faults.append(fault(line, str(error), "whole ages and a number are wanted"))
            continue
        if row["sex"] not in SEXES:
            faults.append(fault(line, f"sex '{row['sex']}' is unknown", f"want {list(SEXES)}"))
        if not 0 <= value < np.inf:
            faults.append(fault(line, f"value {row['value']}", "a count of 0 or more"))
        if (row["sex"], start) in held:
            faults.append(fault(line, f"sex={row['sex']}, age {start} stands twice", "keep one of them"))
        held[row["sex"], start] = value
        ends[start] = end
    starts = sorted(ends)
    faults += [
        fault(str(path), f"no row for {(sex, age)}", "add it")
        for sex in SEXES
        for age in starts
        if (sex, age) not in held
    ]
    for age, following in pairwise(starts):
        if ends[age] != following - 1:
            wrong = f"group {age}-{ends[age]} is followed by {following}"
            faults.append(fault(str(path), wrong, "groups without gap or overlap"))
    raise_all(ConfigError, faults)
    year = int(path.stem.removeprefix("census_"))
    return Census(year, tuple(starts), np.array([[held[sex, age] for age in starts] for sex in SEXES]))


def read_censuses(parameters: Path, region: Region) -> dict[int, Census]:
    """The census tables of a region by year.

    parameters: the folder `parameters`.  They stand in the region's folder; those of the nation in
    `national`, those of a province in its folder of `provinces`, where every place in it finds them.
    """
    own = _censuses(parameters / region.folder)
    if not own and region.code == NATION:
        return national_censuses(parameters)
    if not own and region.code == region.province:
        return province_censuses(parameters, region)
    return own


def national_censuses(parameters: Path) -> dict[int, Census]:
    """The nation's census tables by year."""
    return _censuses(parameters / "national")


def province_censuses(parameters: Path, region: Region) -> dict[int, Census]:
    """The census tables of a region's province by year, none where it has no folder."""
    folders = province_set(parameters, region)
    return _censuses(parameters / folders[0]) if folders else {}


def _censuses(folder: Path) -> dict[int, Census]:
    found = (read_census(path) for path in sorted(folder.glob("census_*.csv")))
    return {census.year: census for census in found}


def read_observed(path: Path) -> list[Observation]:
    """What was observed of a region by year: its observed.csv.

    Raises ConfigError for figures that are none, and for rows that contradict each other: see
    observed_checks.
    """
    columns = ("year", "indicator", "unit", "value", "grade", "source")
    rows, faults = [], []
    for row in read_csv(path, columns):
        line = f"{path}: line {row['_line']}"
        try:
            year, value = int(row["year"]), float(row["value"])
        except ValueError as error:
            faults.append(fault(line, str(error), "a number is wanted"))
            continue
        if row["unit"] != _COUNTED:
            faults.append(
                fault(f"{line}: unit", f"'{row['unit']}'", f"write {_COUNTED}, and the count itself")
            )
        if 0 <= value < np.inf:
            rows.append(Row(int(row["_line"]), year, row["indicator"], value))
        else:
            faults.append(fault(line, f"value {row['value']}", "a count of 0 or more"))
    raise_all(ConfigError, faults)
    raise_all(ConfigError, observed_faults(path, rows))
    return [Observation(row.year, row.indicator, row.value) for row in rows]


def people_faults(census: Census, place: str) -> list[str]:
    """What is wrong with the people of a census: nobody of a sex."""
    counts = dict(zip(SEXES, census.counts, strict=True))
    empty = [sex for sex, groups in counts.items() if not groups.sum() > 0]
    return [fault(place, f"nobody is {sex}", "give the people of both sexes") for sex in empty]


def one_area(first: Census, second: Census, most_grown: float) -> bool:
    """Whether two censuses may be of one area, in one unit: grown or shrunk at most so many times."""
    ratio = second.counts.sum() / max(first.counts.sum(), 1.0)
    return bool(1 / most_grown <= ratio <= most_grown)


def same_groups(censuses: Sequence[Census], place: str) -> None:
    """Raises ConfigError where censuses to be compared have other age groups."""
    for census in censuses[1:]:
        if census.starts != censuses[0].starts:
            wrong = f"a census of {census.year} has first ages {list(census.starts)}"
            raise ConfigError(fault(place, wrong, f"want {list(censuses[0].starts)}, as beside it"))
