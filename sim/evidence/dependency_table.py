"""`healthplan dependency-table`: dependence by severity, sex and single age from what a survey publishes.

Reads parameters/national/adl_published.csv (groups of both sexes, each sex at all ages) and the people of
the census (population_reference_2020.csv); writes adl_prevalence.csv, the table of the parameter
`dependency.prevalence`.  Run it again after a change of either.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.burden.shares_by_age import shares_by_age
from sim.cells import numbers, whole
from sim.errors import ConfigError, fault, raise_all
from sim.schema import SEXES
from sim.textfile import read_csv
from sim.writing import write_rows

PUBLISHED, PEOPLE, TABLE = "adl_published.csv", "population_reference_2020.csv", "adl_prevalence.csv"
COLUMNS = ("severity", "sex", "age", "value")
BOTH = "both"
KINDS = ["mild", "moderate", "severe"]
_SEXES = (*SEXES, BOTH)


def dependency_rows(folder: Path) -> list[dict[str, str]]:
    """Rows of the table, per cent, from the files of a folder national."""
    published = read_csv(folder / PUBLISHED, ("severity", "sex", "age_start", "age_end", "value"))
    numbers(folder / PUBLISHED, published, ("value",))
    faults = [
        fault(f"{folder / PUBLISHED}: line {row['_line']}: {c}", f"'{row[c]}'", "a whole number is wanted")
        for row in published
        for c in ("age_start", "age_end")
        if whole(row[c]) is None
    ]
    faults += [
        fault(
            f"{folder / PUBLISHED}: line {row['_line']}: sex",
            f"'{row['sex']}'",
            f"want {list(_SEXES)}",
        )
        for row in published
        if row["sex"] not in _SEXES
    ]
    faults += [
        fault(f"{folder / PUBLISHED}: line {row['_line']}: severity", f"'{row['severity']}'", f"want {KINDS}")
        for row in published
        if row["severity"] not in KINDS
    ]
    raise_all(ConfigError, faults)
    kinds = list(dict.fromkeys(row["severity"] for row in published))
    groups = [row for row in published if row["sex"] == BOTH]
    starts = sorted({int(row["age_start"]) for row in groups})
    last = max(int(row["age_end"]) for row in groups)
    ages = range(starts[0], last + 1)
    mean = {(row["severity"], int(row["age_start"])): float(row["value"]) / 100 for row in groups}
    of_sex = {(row["severity"], row["sex"]): float(row["value"]) for row in published if row["sex"] != BOTH}
    found = shares_by_age(
        np.array([[mean[kind, start] for start in starts] for kind in kinds]),
        starts,
        ages,
        _people(folder / PEOPLE, ages),
        np.array([of_sex[kind, SEXES[0]] / of_sex[kind, SEXES[1]] for kind in kinds]),
    )
    return [
        dict(zip(COLUMNS, (kind, sex, str(age), f"{100 * found[k, s, a]:.6g}"), strict=True))
        for k, kind in enumerate(kinds)
        for s, sex in enumerate(SEXES)
        for a, age in enumerate(ages)
    ]


def write_dependency_table(root: Path) -> Path:
    """Make the table below `root`/parameters/national; returns the file written."""
    folder = root / "parameters" / "national"
    write_rows(folder / TABLE, COLUMNS, dependency_rows(folder))
    return folder / TABLE


def _people(path: Path, ages: range) -> Floats:
    """Persons by sex and single age."""
    number = {(row["sex"], int(row["age"])): float(row["value"]) for row in read_csv(path, COLUMNS[1:])}
    return np.array([[number[sex, age] for age in ages] for sex in SEXES])
