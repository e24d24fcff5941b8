"""Births, deaths and life expectancy of 2020 that the provinces published, read and held to their sums.

parameters/places/deaths_2020.csv   deaths and people by sex and age: 0, 1-4, 5-9, ... 95-99, 100 and over
parameters/places/births_2020.csv   births of the census's sample by order 1..5+, rates by age per 1000
parameters/places/e0_2020.csv       life expectancy of the nation, the provinces and a few cities
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.config import is_region_code
from sim.errors import ConfigError, fault, raise_all
from sim.params.alike import alike
from sim.params.once import once
from sim.places.region import NATION
from sim.schema import SEXES
from sim.textfile import read_csv

STARTS = (0, 1, *range(5, 101, 5))
ORDERS = (1, 2, 3, 4, 5)
RATES = tuple(range(15, 50, 5))
_FILES = ("deaths_2020.csv", "births_2020.csv", "e0_2020.csv")
_KINDS = ("deaths", "people")
_NEAR = 0.4  # years by which the mean of both sexes may miss life expectancy together


@dataclass(frozen=True)
class Vital:
    """By code of the province, the nation or (life expectancy) a city."""

    deaths: Mapping[str, Floats]
    """Census deaths of twelve months (sex, group of STARTS); not corrected for omission."""
    people: Mapping[str, Floats]
    """(sex, group of STARTS)."""
    births: Mapping[str, Floats]
    """Births of the sample by order 1..4, 5 and later (order,)."""
    rates: Mapping[str, Floats]
    """Births per 1000 women by five-year group 15-19 .. 45-49 (group,)."""
    e0: Mapping[str, float]
    """Both sexes, years."""
    e0_source: Mapping[str, str]
    """Source of each."""
    e0_by_sex: Mapping[str, Floats]
    """(sex,), where it was published."""


def read_vital(root: Path) -> Vital:
    """The tables of a working folder.

    Raises ConfigError with every fault: a figure that is none, a row twice or missing, provinces
    that do not add up to the nation, sexes that life expectancy of both does not lie between.
    """
    return once(("vital", root), partial(_as_it_stands, root))


def _as_it_stands(root: Path) -> Vital:
    return alike("vital", vital_tables(root), partial(_read, root / "parameters" / "places"))


def vital_tables(root: Path) -> list[Path]:
    """The files that `read_vital` reads."""
    return [root / "parameters" / "places" / name for name in _FILES]


def _read(folder: Path) -> Vital:
    faults: list[str] = []
    by_age = _by_age(folder / _FILES[0], faults)
    births = _births(folder / _FILES[1], faults)
    e0, e0_source, by_sex = _e0(folder / _FILES[2], faults)
    raise_all(ConfigError, faults)
    vital = Vital(
        {code: both["deaths"] for code, both in by_age.items()},
        {code: both["people"] for code, both in by_age.items()},
        {code: row[: len(ORDERS)] for code, row in births.items()},
        {code: row[len(ORDERS) :] for code, row in births.items()},
        e0,
        e0_source,
        by_sex,
    )
    for file, tables in ((_FILES[0], vital.deaths), (_FILES[0], vital.people), (_FILES[1], vital.births)):
        faults += _sum_faults(f"{folder / file}", tables)
    raise_all(ConfigError, faults)
    return vital


def _numbers(row: Mapping[str, str], columns: tuple[str, ...], line: str, faults: list[str]) -> Floats:
    found = np.full(len(columns), np.nan)
    for i, column in enumerate(columns):
        try:
            found[i] = float(row[column])
        except ValueError:
            faults.append(fault(f"{line}: {column}", f"'{row[column]}'", "a number is wanted"))
            continue
        if not 0 <= found[i] < np.inf:
            faults.append(fault(f"{line}: {column}", f"{row[column]}", "0 or more"))
    return found


def _code_faults(row: Mapping[str, str], line: str) -> list[str]:
    wrong = not is_region_code(row["code"])
    return [fault(f"{line}: code", f"'{row['code']}'", "write six digits")] if wrong else []


def _by_age(path: Path, faults: list[str]) -> dict[str, dict[str, Floats]]:
    columns = tuple(str(start) for start in STARTS)
    out: dict[str, dict[str, Floats]] = {}
    seen: set[tuple[str, str, str]] = set()
    for row in read_csv(path, ("code", "sex", "what", *columns)):
        line, key = f"{path}: line {row['_line']}", (row["code"], row["sex"], row["what"])
        wrong = [(c, known) for c, known in (("sex", SEXES), ("what", _KINDS)) if row[c] not in known]
        faults += [fault(f"{line}: {c}", f"'{row[c]}'", f"want {list(known)}") for c, known in wrong]
        faults += _code_faults(row, line)
        if wrong:
            continue
        if key in seen:
            faults.append(fault(line, f"{' '.join(key)} stands twice", "keep one of them"))
        seen.add(key)
        tables = out.setdefault(row["code"], {k: np.full((2, len(STARTS)), np.nan) for k in _KINDS})
        tables[row["what"]][SEXES.index(row["sex"])] = _numbers(row, columns, line, faults)
    faults += [
        fault(str(path), f"no row {code} {sex} {what}", "add it")
        for code in out
        for sex in SEXES
        for what in _KINDS
        if (code, sex, what) not in seen
    ]
    return out


def _births(path: Path, faults: list[str]) -> dict[str, Floats]:
    columns = (*(f"births_{k}" for k in ORDERS), *(f"rate_{age}" for age in RATES))
    out: dict[str, Floats] = {}
    for row in read_csv(path, ("code", *columns)):
        line = f"{path}: line {row['_line']}"
        faults += _code_faults(row, line)
        if row["code"] in out:
            faults.append(fault(line, f"{row['code']} stands twice", "keep one of them"))
        out[row["code"]] = _numbers(row, columns, line, faults)
    return out


def _e0(path: Path, faults: list[str]) -> tuple[dict[str, float], dict[str, str], dict[str, Floats]]:
    """Life expectancy, its source, and by sex where it was published, by code."""
    both: dict[str, float] = {}
    sources: dict[str, str] = {}
    by_sex: dict[str, Floats] = {}
    for row in read_csv(path, ("code", "both", "female", "male", "source")):
        line, code = f"{path}: line {row['_line']}", row["code"]
        faults += _code_faults(row, line)
        if code in both:
            faults.append(fault(line, f"{code} stands twice", "keep one of them"))
        both[code] = float(_numbers(row, ("both",), line, faults)[0])
        sources[code] = row["source"]
        if not row["female"] and not row["male"]:
            continue
        by_sex[code] = _numbers(row, SEXES, line, faults)
        if not abs(by_sex[code].mean() - both[code]) <= _NEAR:
            wrong = f"both sexes {both[code]:g}, women {by_sex[code][0]:g}, men {by_sex[code][1]:g}"
            faults.append(fault(line, wrong, f"about their mean; within {_NEAR:g} years"))
    return both, sources, by_sex


def _sum_faults(path: str, tables: Mapping[str, Floats]) -> list[str]:
    """Provinces that do not add up to the nation."""
    if NATION not in tables:
        return [fault(path, f"no row {NATION}", "add the nation's")]
    whole = np.sum([table for code, table in tables.items() if code != NATION], axis=0)
    if np.array_equal(whole, tables[NATION]):
        return []
    wrong = f"provinces add up to {whole.sum():.0f}, the nation has {tables[NATION].sum():.0f}"
    return [fault(path, wrong, "the printed figures, each cell")]
