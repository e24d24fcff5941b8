"""What a place may have counted: the rows of parameters/known.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sim.errors import ConfigError, fault, raise_all
from sim.textfile import did_you_mean, read_csv

COLUMNS = ("id", "zh", "en", "unit", "unit_zh", "part", "of", "within", "tells_of")
PARTS = ("people", "use", "supply")
UNITS_OF: Mapping[str, tuple[str, ...]] = {
    "person": ("人",),
    "slot": ("个",),
    "bed": ("张",),
    "percent": ("%",),
    "day": ("日", "天"),
    "year": ("岁", "年"),
    "birth/year": ("人",),
    "death/year": ("人",),
    "admission/year": ("人次",),
    "visit/year": ("人次",),
}
"""Unit of an indicator -> how Chinese tables write it."""
OBSERVED = {
    "population": "population_total",
    "population_60": "population_60+",
    "population_65": "population_65+",
    "births": "births",
    "deaths": "deaths",
}
"""Indicator -> that of observation.error, which has the error of its published figures."""


@dataclass(frozen=True)
class Indicator:
    """One thing that is counted."""

    id: str
    zh: str
    en: str
    unit: str
    unit_zh: str
    part: str
    """What it says something of: people, use or supply."""
    of: str
    """The parameter whose level it gives, "" for people."""
    within: str = ""
    """The indicator that it is part of, or can never be more than."""

    tells_of: str = ""
    """Parameters whose doubt a count of a year narrows, with blanks between."""

    @property
    def names(self) -> tuple[str, ...]:
        """What a table may call it."""
        return (self.id, self.zh, self.en, self.zh.removeprefix("年末").removeprefix("年"))

    @property
    def units(self) -> dict[str, float]:
        """Unit that a table may state -> what its numbers are multiplied by."""
        if self.unit in ("percent", "year", "day"):
            return {self.unit: 1.0, self.unit_zh: 1.0, f"{self.unit}s": 1.0, "天": 1.0}
        plain = self.unit.removesuffix("/year")
        own = {self.unit: 1.0, plain: 1.0, f"{plain}s": 1.0, self.unit_zh: 1.0}
        if plain in ("birth", "death"):
            own |= {"person": 1.0, "persons": 1.0}
        return own | {f"万{self.unit_zh}": 1e4, f"千{self.unit_zh}": 1e3}


def read_indicators(root: Path) -> dict[str, Indicator]:
    """The indicators by id.  root: the working folder."""
    path = root / "parameters" / "known.csv"
    return _read(path, path.stat().st_mtime_ns)


def told_by(root: Path) -> dict[str, tuple[Indicator, ...]]:
    """Parameters whose doubt a local count narrows -> what is to be counted.  root: the working folder."""
    found: dict[str, tuple[Indicator, ...]] = {}
    for indicator in read_indicators(root).values():
        for name in indicator.tells_of.split():
            found[name] = (*found.get(name, ()), indicator)
    return found


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: int) -> dict[str, Indicator]:
    rows = read_csv(path, COLUMNS)
    names = [row["id"] for row in rows]
    faults = []
    for row in rows:
        line = f"{path}: line {row['_line']}"
        if names.count(row["id"]) > 1:
            faults.append(fault(f"{line}: id", f"'{row['id']}' stands twice", "keep one of them"))
        faults += [fault(f"{line}: {c}", "''", "write it") for c in ("id", "zh", "en") if not row[c]]
        checked = (("unit", UNITS_OF), ("unit_zh", UNITS_OF.get(row["unit"], ())), ("part", PARTS))
        for column, known in checked:
            if row[column] not in known and (column != "unit_zh" or known):
                remedy = did_you_mean(row[column], list(known))
                faults.append(fault(f"{line}: {column}", f"'{row[column]}'", remedy))
        if row["within"] and row["within"] not in names:
            remedy = did_you_mean(row["within"], names)
            faults.append(fault(f"{line}: within", f"'{row['within']}' is no indicator", remedy))
    raise_all(ConfigError, faults)
    return {row["id"]: Indicator(*(row[c] for c in COLUMNS)) for row in rows}
