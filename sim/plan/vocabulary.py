"""The words a plan may use: indicators, units, population bases, plausible ranges.

Read from the tables beside the plans (`parameters/plans/*.csv`), never from code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.errors import PlanError, fault, raise_all
from sim.textfile import did_you_mean, read_csv, read_yaml

KINDS = ("baseline", "target", "history", "standard")
OPERATORS = ("=", ">=", "<=", ">", "<", "change")
BINDING_ZH = {"": "", "binding": "约束性", "expected": "预期性", "guidance": "指导性"}
BINDING = tuple(BINDING_ZH)
QUANTITIES = (
    *("change", "count", "distance", "growth", "inverse", "money", "multiplier"),
    *("per_area", "per_facility", "ratio", "share", "time"),
)
"""What a unit measures."""
_YES_NO = ("yes", "no")
BETTER = ("higher", "lower", "range", "none")
ROLES = (
    "provision",
    "coverage",
    "use",
    "outcome",
    "planning_assumption",
    "process",
    "quality",
    "finance",
)


DICTIONARY = (
    "id",
    "name_en",
    "name_zh",
    "domain",
    "role",
    "better",
    "good_low",
    "good_high",
    "good_unit",
    "good_source",
)


@dataclass(frozen=True)
class Unit:
    """A unit as printed; value x factor gives the model's unit `base` (a fraction for shares)."""

    name: str
    quantity: str
    factor: float
    base: str
    name_zh: str

    @property
    def is_yearly_change(self) -> bool:
        """Whether it says by how much something changes in each year: % per year, points per year."""
        return self.quantity in ("growth", "change") and self.name.endswith(" per year")


@dataclass(frozen=True)
class Entry:
    """An indicator of the dictionary.

    role: what kind of thing it is (ROLES).  better: the direction of good: `higher`, `lower`, `range`
    (good from good_low to good_high, in the model's unit; worse on both sides), `none` (neither
    direction is good in itself).  good_source: where the bounds come from.
    """

    id: str
    name_en: str
    name_zh: str
    domain: str
    role: str
    better: str
    good_low: float | None = None
    good_high: float | None = None
    good_source: str = ""

    def outside(self, value: float) -> float:
        """How far a value (model's unit) lies outside the good range; 0 inside it."""
        low, high = self.good_low, self.good_high
        if low is None or high is None:
            return 0.0
        return max(low - value, value - high, 0.0)


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
    outputs: frozenset[str]
    """What rules of plans require, in words."""


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
    units = _units(folder / "units.csv", faults)
    entries = _entries(folder / "indicator_dictionary.csv", units, faults)
    bases = {}
    whole = set()
    for row in read_csv(folder / "population_bases.csv", ["basis", "whole_population", "name_zh"]):
        bases[row["basis"]] = row["name_zh"]
        if row["whole_population"] not in _YES_NO:
            place, remedy = (
                f"{folder / 'population_bases.csv'}:{row['_line']}",
                f"one of {', '.join(_YES_NO)}",
            )
            faults.append(fault(place, f"whole_population '{row['whole_population']}'", remedy))
        if row["whole_population"] == "yes":
            whole.add(row["basis"])
    ranges = _ranges(folder / "plausible_ranges.csv", entries, units, faults)
    sets: dict[str, tuple[str, ...]] = {}
    for row in read_csv(folder / "share_sets.csv", ["set", "indicator_id"]):
        if row["indicator_id"] not in entries:
            place, name = f"{folder / 'share_sets.csv'}:{row['_line']}", row["indicator_id"]
            faults.append(fault(place, f"no indicator '{name}'", did_you_mean(name, list(entries))))
        sets[row["set"]] = (*sets.get(row["set"], ()), row["indicator_id"])
    raise_all(PlanError, faults)
    rules = read_yaml(folder / "audit_rules.yaml")
    outputs = frozenset(row["output"] for row in read_csv(folder / "rule_outputs.csv", ["output"]))
    return Vocabulary(entries, units, bases, frozenset(whole), ranges, sets, rules, outputs)


def _units(path: Path, faults: list[str]) -> dict[str, Unit]:
    """Units of plans, by their word."""
    units = {}
    for row in read_csv(path, ["unit", "quantity", "factor", "base", "name_zh"]):
        factor = _number(row["factor"], path, row, faults)
        if row["quantity"] not in QUANTITIES:
            remedy = did_you_mean(row["quantity"], QUANTITIES)
            faults.append(fault(f"{path}:{row['_line']}", f"quantity '{row['quantity']}'", remedy))
        units[row["unit"]] = Unit(row["unit"], row["quantity"], factor, row["base"], row["name_zh"])
    return units


def _entries(path: Path, units: dict[str, Unit], faults: list[str]) -> dict[str, Entry]:
    """What each indicator is called, which way is good, and within which range."""
    entries: dict[str, Entry] = {}
    for row in read_csv(path, DICTIONARY):
        place = f"{path}:{row['_line']}"
        if row["id"] in entries:
            faults.append(fault(place, f"id '{row['id']}' stands twice", "keep one"))
        for name, known in (("better", BETTER), ("role", ROLES)):
            if row[name] not in known:
                faults.append(fault(place, f"{name} '{row[name]}' is unknown", f"one of {', '.join(known)}"))
        low, high = _good_range(row, units, place, faults)
        entries[row["id"]] = Entry(
            id=row["id"],
            name_en=row["name_en"],
            name_zh=row["name_zh"],
            domain=row["domain"],
            role=row["role"],
            better=row["better"],
            good_low=low,
            good_high=high,
            good_source=row["good_source"],
        )
    return entries


def _ranges(
    path: Path, entries: dict[str, Entry], units: dict[str, Unit], faults: list[str]
) -> dict[str, Range]:
    """Between which values a figure of an indicator is believed."""
    ranges = {}
    for row in read_csv(path, ["indicator_id", "unit", "low", "high", "why"]):
        place = f"{path}:{row['_line']}"
        if row["indicator_id"] not in entries:
            faults.append(fault(place, f"unknown indicator '{row['indicator_id']}'", ""))
        if row["unit"] not in units:
            faults.append(fault(place, f"unknown unit '{row['unit']}'", "add it to units.csv"))
        low, high = (_number(row[end], path, row, faults) for end in ("low", "high"))
        ranges[row["indicator_id"]] = Range(row["unit"], low, high, row["why"])
    return ranges


def _good_range(
    row: dict[str, str], units: dict[str, Unit], place: str, faults: list[str]
) -> tuple[float | None, float | None]:
    """Bounds of the good range in the model's unit; none for the other directions."""
    columns = ("good_low", "good_high", "good_unit", "good_source")
    given = [c for c in columns if row[c]]
    if row["better"] != "range":
        if given:
            wrong = f"{row['id']}: {', '.join(given)} with better '{row['better']}'"
            faults.append(fault(place, wrong, "leave them empty, or make it a range"))
        return None, None
    if len(given) < len(columns):
        missing = ", ".join(c for c in columns if not row[c])
        faults.append(
            fault(place, f"{row['id']}: a range without {missing}", "state bounds, unit and source")
        )
        return None, None
    if row["good_unit"] not in units:
        faults.append(fault(place, f"unknown unit '{row['good_unit']}'", "add it to units.csv"))
        return None, None
    try:
        low, high = float(row["good_low"]), float(row["good_high"])
    except ValueError:
        wrong = f"{row['id']}: good range '{row['good_low']}' to '{row['good_high']}'"
        faults.append(fault(place, wrong, "write two numbers"))
        return None, None
    if not low < high:
        wrong = f"{row['id']}: good_low {low:g} is not below good_high {high:g}"
        faults.append(fault(place, wrong, "turn them round"))
    factor = units[row["good_unit"]].factor
    return low * factor, high * factor


def _number(text: str, path: Path, row: dict[str, str], faults: list[str]) -> float:
    try:
        return float(text)
    except ValueError:
        place = f"{path}:{row['_line']}"
        faults.append(fault(place, f"'{text}' is not a number", "write a number"))
        return float("nan")
