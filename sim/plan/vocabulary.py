"""The words a plan may use: indicators, units, population bases, plausible ranges.

Read from the tables beside the plans (`parameters/plans/*.csv`), never from code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.errors import PlanError, fault, raise_all
from sim.textfile import read_csv, read_yaml

KINDS = ("baseline", "target", "history", "standard")
OPERATORS = ("=", ">=", "<=", ">", "<", "change")
BINDING = ("", "binding", "expected", "guidance")
BETTER = ("higher", "lower", "neutral")


@dataclass(frozen=True)
class Unit:
    """A unit as printed; value x factor gives the model's unit `base` (a fraction for shares)."""

    name: str
    quantity: str
    factor: float
    base: str
    name_zh: str


@dataclass(frozen=True)
class Entry:
    """An indicator of the dictionary; `better` says which direction is an improvement."""

    id: str
    name_en: str
    name_zh: str
    domain: str
    better: str
    role: str


@dataclass(frozen=True)
class Range:
    """Values of an indicator that can be true, in `unit`."""

    unit: str
    low: float
    high: float
    why: str


@dataclass(frozen=True)
class Vocabulary:
    """Everything that a plan's rows are checked against."""

    indicators: dict[str, Entry]
    units: dict[str, Unit]
    bases: dict[str, str]
    whole_population: frozenset[str]
    ranges: dict[str, Range]
    share_sets: dict[str, tuple[str, ...]]
    rules: dict[str, Any]


def plans_folder(root: Path) -> Path:
    """The folder of the plans, given it or the parameter folder above it."""
    return root / "plans" if (root / "plans").is_dir() else root


@cache
def load_vocabulary(root: Path) -> Vocabulary:
    """Vocabulary of the plan folder `root`.

    Raises ConfigError for damaged tables, PlanError for wrong rows, all faults at once.
    """
    folder = plans_folder(root)
    faults: list[str] = []
    units = {}
    path = folder / "units.csv"
    for row in read_csv(path, ["unit", "quantity", "factor", "base", "name_zh"]):
        factor = _number(row["factor"], path, row, faults)
        units[row["unit"]] = Unit(row["unit"], row["quantity"], factor, row["base"], row["name_zh"])
    path = folder / "indicator_dictionary.csv"
    entries: dict[str, Entry] = {}
    for row in read_csv(path, ["id", "name_en", "name_zh", "domain", "better", "role"]):
        line = int(row.pop("_line"))
        if row["id"] in entries:
            faults.append(fault(f"{path}:{line}", f"id '{row['id']}' stands twice", "keep one"))
        if row["better"] not in BETTER:
            wrong = f"better '{row['better']}' is unknown"
            faults.append(fault(f"{path}:{line}", wrong, f"one of {', '.join(BETTER)}"))
        entries[row["id"]] = Entry(**row)
    bases = {}
    whole = set()
    for row in read_csv(folder / "population_bases.csv", ["basis", "whole_population", "name_zh"]):
        bases[row["basis"]] = row["name_zh"]
        if row["whole_population"] == "yes":
            whole.add(row["basis"])
    ranges = {}
    path = folder / "plausible_ranges.csv"
    for row in read_csv(path, ["indicator_id", "unit", "low", "high", "why"]):
        place = f"{path}:{row['_line']}"
        if row["indicator_id"] not in entries:
            faults.append(fault(place, f"unknown indicator '{row['indicator_id']}'", ""))
        if row["unit"] not in units:
            faults.append(fault(place, f"unknown unit '{row['unit']}'", "add it to units.csv"))
        low, high = (_number(row[end], path, row, faults) for end in ("low", "high"))
        ranges[row["indicator_id"]] = Range(row["unit"], low, high, row["why"])
    sets: dict[str, tuple[str, ...]] = {}
    for row in read_csv(folder / "share_sets.csv", ["set", "indicator_id"]):
        sets[row["set"]] = (*sets.get(row["set"], ()), row["indicator_id"])
    raise_all(PlanError, faults)
    rules = read_yaml(folder / "audit_rules.yaml")
    return Vocabulary(entries, units, bases, frozenset(whole), ranges, sets, rules)


def _number(text: str, path: Path, row: dict[str, str], faults: list[str]) -> float:
    try:
        return float(text)
    except ValueError:
        place = f"{path}:{row['_line']}"
        faults.append(fault(place, f"'{text}' is not a number", "write a number"))
        return float("nan")
