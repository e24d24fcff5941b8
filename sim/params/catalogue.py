"""What is known of parameters in general: labels of each dim, plausible limits, patterns by age.

parameters/labels.yaml    dim -> {all: [labels], <parameter>: [its own labels]}
parameters/limits.csv     parameter, unit, low, high, adds_to, over, ages, why
parameters/roles.csv      parameter, role, why: what a counterfactual does with it
parameters/age_patterns.csv   unit, table, year, cohorts_to, why: by which single ages a count is split
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.catalogue import bed_groups, cadres
from sim.cells import whole
from sim.errors import ConfigError, collected, fault
from sim.params.units import UNITS, unit
from sim.schema import AGES, LEVELS, ORDERS, PARITIES, SEXES
from sim.strict import is_version
from sim.textfile import content_hash, did_you_mean, read_csv, read_table_rows, read_yaml, table_header

LABELS, LIMITS, PATTERNS, ROLES = "labels.yaml", "limits.csv", "age_patterns.csv", "roles.csv"
Role = str
"""`trend`, `lever`, `policy`, or `held:METHOD`: the method where everything is held at the base year."""
HELD = "held:"
AT_MOST = "<="
_ROLES = ("trend", "lever", "policy")
"""What a parameter is to a counterfactual.  trend: a yearly change, none where nothing moves.
lever: what health policy sets; moves with policy, not with rates of use.  policy: births that a
fertility policy adds, 0 without it."""
_ALL = "all"
_LIMITS = ("parameter", "unit", "low", "high", "adds_to", "over", "ages", "why")
_SCHEMA: Mapping[str, Sequence[str]] = {
    "sex": SEXES,
    "level": LEVELS,
    "order": ORDERS,
    "parity": PARITIES,
    "bed_group": (*LEVELS, *bed_groups.TYPES),
    "cadre": cadres.STRUCTURES,
}


@dataclass(frozen=True)
class Limits:
    """Between which values a parameter makes sense, in the model's unit, and what it adds up to."""

    low: float = -math.inf
    high: float = math.inf
    adds_to: float | None = None
    """What the cells add up to over the dims `over`, in the model's unit."""
    at_most: bool = False
    """They may add up to less: kinds that exclude each other, and none of them."""
    over: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None
    """The value is 0 outside these ages."""
    unit: str = ""
    why: str = ""


@dataclass(frozen=True)
class Pattern:
    """Persons (or events) by single age: by these a count of age groups is split."""

    file: Path
    year: int
    cohorts_to: int


@dataclass(frozen=True)
class Catalogue:
    """Labels, limits, patterns and roles of one folder `parameters`; empty where it has none."""

    labels: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    limits: Mapping[str, Limits] = field(default_factory=dict)
    patterns: Mapping[str, Pattern] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)

    @property
    def patterns_key(self) -> str:
        """Hashes of the files of the patterns as they are now."""
        files = sorted({pattern.file for pattern in self.patterns.values()})
        return " ".join(content_hash(file) if file.is_file() else "" for file in files)

    def known(self, dim: str, parameter: str) -> Sequence[str] | None:
        """Labels that a parameter has along a dim; None where any will do."""
        of_dim = self.labels.get(dim, {})
        return of_dim.get(parameter, of_dim.get(_ALL, _SCHEMA.get(dim)))


def read_catalogue(root: Path | None, faults: list[str]) -> Catalogue:
    """The catalogue of a folder `parameters`; what is wrong with it goes to `faults`."""
    if root is None:
        return Catalogue()
    found = collected(
        faults,
        lambda: Catalogue(
            _labels(root / LABELS, faults),
            _limits(root, faults),
            _patterns(root, faults),
            _roles(root / ROLES, faults),
        ),
    )
    return found or Catalogue()


def _labels(path: Path, faults: list[str]) -> dict[str, dict[str, list[str]]]:
    if not path.exists():
        return {}
    content = read_yaml(path)
    if (
        not isinstance(content, dict)
        or set(content) != {"schema", "labels"}
        or not is_version(content["schema"])
    ):
        faults.append(fault(str(path), "top level", "want schema: 1 and labels: {dim: {all: [...]}}"))
        return {}
    out: dict[str, dict[str, list[str]]] = {}
    for dim, named in content["labels"].items():
        out[dim] = {}
        for parameter, labels in named.items() if isinstance(named, dict) else ():
            texts = [str(label) for label in labels] if isinstance(labels, list) else []
            if not texts or len(set(texts)) < len(texts):
                faults.append(fault(f"{path}: {dim}.{parameter}", f"{labels!r:.60}", "list each label once"))
            out[dim][parameter] = texts
    return out


def _limits(root: Path, faults: list[str]) -> dict[str, Limits]:
    path = root / LIMITS
    if not path.exists():
        return {}
    dims = {"age", "year", *_SCHEMA, *_labels(root / LABELS, [])}
    out: dict[str, Limits] = {}
    for row in read_csv(path, _LIMITS):
        place = f"{path}: line {row['_line']}"
        if row["unit"] not in UNITS:
            faults.append(fault(f"{place}: unit", f"'{row['unit']}'", did_you_mean(row["unit"], list(UNITS))))
            continue
        factor = unit(row["unit"]).factor
        try:
            ends = row["low"], row["high"], row["adds_to"].removeprefix(AT_MOST)
            low, high, total = (_end(text, factor) for text in ends)
        except ValueError:
            wrong = f"'{row['low']}', '{row['high']}', '{row['adds_to']}'"
            faults.append(
                fault(place, wrong, "want numbers or nothing in low, high and adds_to (<=100: at most)")
            )
            continue
        if low is not None and high is not None and low > high:
            faults.append(fault(place, f"low {row['low']} above high {row['high']}", "swap them"))
        if row["parameter"] in out:
            faults.append(fault(place, f"'{row['parameter']}' stands twice", "keep one of them"))
        least = -math.inf if low is None else low
        most = math.inf if high is None else high
        over, at_most = tuple(row["over"].split()), row["adds_to"].startswith(AT_MOST)
        faults += [
            fault(f"{place}: over", f"'{dim}' is no dim", did_you_mean(dim, sorted(dims)))
            for dim in over
            if dim not in dims
        ]
        ages = re.fullmatch(r"([0-9]+) ([0-9]+)", row["ages"])
        if row["ages"] and ages is None:
            faults.append(fault(f"{place}: ages", f"'{row['ages']}'", "write the first and the last: 10 54"))
        span = (int(ages[1]), int(ages[2])) if ages else None
        out[row["parameter"]] = Limits(least, most, total, at_most, over, span, row["unit"], row["why"])
    return out


def _end(text: str, factor: float) -> float | None:
    value = float(text) * factor if text else None
    if value is not None and not math.isfinite(value):
        raise ValueError(text)
    return value


def _patterns(root: Path, faults: list[str]) -> dict[str, Pattern]:
    path = root / PATTERNS
    if not path.exists():
        return {}
    out: dict[str, Pattern] = {}
    for row in read_csv(path, ("unit", "table", "year", "cohorts_to", "why")):
        place = f"{path}: line {row['_line']}"
        if not UNITS.get(row["unit"], UNITS["ratio"]).counts:
            faults.append(fault(f"{place}: unit", f"'{row['unit']}' counts nothing", "such as person"))
        year, cohorts_to = whole(row["year"]), whole(row["cohorts_to"])
        if year is None or cohorts_to is None:
            wrong = f"year '{row['year']}', cohorts_to '{row['cohorts_to']}'"
            faults.append(fault(place, wrong, "whole numbers are wanted"))
            continue
        if not (root / row["table"]).is_file():
            faults.append(
                fault(f"{place}: table", f"'{row['table']}': no such file", "a table below this folder")
            )
            continue
        out[row["unit"]] = Pattern(root / row["table"], year, cohorts_to)
    return out


def _roles(path: Path, faults: list[str]) -> dict[str, Role]:
    if not path.exists():
        return {}
    out: dict[str, Role] = {}
    for row in read_csv(path, ("parameter", "role", "why")):
        place = f"{path}: line {row['_line']}"
        if row["role"] not in _ROLES and not row["role"].startswith(HELD):
            faults.append(
                fault(f"{place}: role", f"'{row['role']}'", did_you_mean(row["role"], list(_ROLES)))
            )
        elif row["parameter"] in out:
            faults.append(fault(place, f"'{row['parameter']}' stands twice", "keep one of them"))
        else:
            out[row["parameter"]] = row["role"]
    return out


def role_faults(root: Path, names: Collection[str]) -> list[str]:
    """Rows of roles.csv that no parameter answers to: a parameter that was renamed would lose its role.

    root: the folder `parameters`.  names: dotted names of all parameters of a run.
    """
    path = root / ROLES
    if not path.exists():
        remedy = (
            "a working folder of an older version lacks it (it says which parameters are trends, levers and "
            f"policies): `healthplan init NEW` and copy NEW/parameters/{ROLES} here; add a row for each "
            "trend of your own"
        )
        return [fault(str(path), "no such file", remedy)]
    return unknown_faults(path, read_csv(path, ("parameter", "role", "why")), "parameter", names)


def limit_faults(root: Path, names: Collection[str]) -> list[str]:
    """Rows of limits.csv that no parameter answers to: a parameter that was renamed would lose its limits.

    root: the folder `parameters`.  names: dotted names of all parameters of the folder.
    """
    rows = read_csv(root / LIMITS, _LIMITS)
    return unknown_faults(root / LIMITS, rows, "parameter", names)


def unknown_faults(
    path: Path, rows: Sequence[Mapping[str, str]], column: str, names: Collection[str]
) -> list[str]:
    """Cells of a column whose words, parted by blanks, name no parameter."""
    return [
        fault(
            f"{path}: line {row['_line']}: {column}",
            f"no parameter '{name}'",
            did_you_mean(name, list(names)),
        )
        for row in rows
        for name in row[column].split()
        if name not in names
    ]


def single_ages(file: Path, sex: str | None) -> Floats:
    """A pattern table by single age 0..100 (age,); of one sex, or of both together.

    Raises ConfigError where the file is no table of single ages.
    """
    return _single_ages(file, file.stat().st_mtime_ns if file.is_file() else 0)[sex or ""]


@lru_cache(maxsize=8)
def _single_ages(file: Path, _stamp: int) -> dict[str, Floats]:
    with_sex = "sex" in table_header(file)
    rows = read_table_rows(
        file, ("sex", "age", "value") if with_sex else ("age", "value"), optional=("note",)
    )
    remedy = "a pattern has one row for each single age 0..100 (100 means 100 and over) and sex"
    found: dict[tuple[str, int], float] = {}
    for row in rows:
        try:
            key, value = (row.get("sex", ""), int(row["age"])), float(row["value"])
        except ValueError:
            raise ConfigError(fault(f"{file}: {row['_at']}", "no number", remedy)) from None
        if key in found or key[1] not in AGES or not (math.isfinite(value) and value >= 0):
            wrong = f"{row['age']}, {row['value']}"
            raise ConfigError(fault(f"{file}: {row['_at']}", wrong, remedy))
        found[key] = value
    sexes = SEXES if with_sex else ("",)
    if set(found) != {(s, a) for s in sexes for a in AGES}:
        raise ConfigError(fault(str(file), f"{len(found)} rows", remedy))
    out: dict[str, Floats] = {s: np.array([found[s, a] for a in AGES]) for s in sexes}
    if not with_sex:
        return dict.fromkeys(("", *SEXES), out[""])
    return out | {"": np.asarray(sum(out.values()))}
