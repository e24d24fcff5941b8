"""Use and beds that places counted, read and checked: parameters/observed_use.csv.

parameters/observed_use_bounds.csv holds each indicator's unit and between which values it lies, itself or
per 1000 residents of the place's census, and as a ratio to the figure before it, per year between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from sim.cells import grade_fault, number, number_remedy, numbers, whole
from sim.config import is_region_code
from sim.errors import ConfigError, fault, raise_all
from sim.magnitude import looks, shifts
from sim.params.units import PER_1000
from sim.places.nation import list_places, place_censuses
from sim.textfile import did_you_mean, read_csv

FILE, BOUNDS = "observed_use.csv", "observed_use_bounds.csv"
SCOPES = ("all", "hospitals", "tertiary", "secondary", "primary")
_COLUMNS = ("region", "year", "scope", "indicator", "unit", "value", "grade", "source")
_BASE = 2020
INDICATORS = ("admissions", "visits", "beds", "bed_days", "alos", "bed_occupancy")
UNITS_OF = ("admission", "visit", "bed", "bed-day", "day", "percent")
_SUMMED = ("admissions", "visits", "beds", "bed_days")
_ROUNDED = 1.001  # figures are rounded to ten thousands


@dataclass(frozen=True)
class Used:
    """One count of use or beds."""

    line: int
    region: str
    year: int
    scope: str
    indicator: str
    value: float
    source: str
    grade: str


@dataclass(frozen=True)
class _Bound:
    unit: str
    per_head: bool
    low: float
    high: float
    step_low: float
    step_high: float


def read_use(root: Path) -> list[Used]:
    """The counts of a working folder.

    Raises ConfigError with every fault: a figure that is none, another unit, a row twice, a value or a
    step that cannot be, a part above its whole; each with file, line, value and the bound it breaks.
    """
    folder = root / "parameters"
    stamps = tuple(p.stat().st_mtime_ns if p.is_file() else 0 for p in (folder / FILE, folder / BOUNDS))
    return list(_read(root, stamps))


@lru_cache(maxsize=4)
def _read(root: Path, _stamps: tuple[int, ...]) -> tuple[Used, ...]:
    path, bounds = root / "parameters" / FILE, _bounds(root / "parameters" / BOUNDS)
    faults: list[str] = []
    rows: list[Used] = []
    for row in read_csv(path, _COLUMNS):
        found = _row(path, row, bounds, faults)
        rows += [] if found is None else [found]
    faults += _twice(path, rows)
    faults += _outside(root, path, rows, bounds)
    faults += _steps(path, rows, bounds)
    faults += _parts(path, rows)
    raise_all(ConfigError, faults)
    return tuple(rows)


def _bounds(path: Path) -> dict[str, _Bound]:
    ends = ("low", "high", "step_low", "step_high")
    rows = read_csv(path, ("indicator", "unit", "per", *ends, "why"))
    faults = [
        fault(f"{path}: line {row['_line']}: {column}", f"'{row[column]}'", did_you_mean(row[column], known))
        for row in rows
        for column, known in (("indicator", INDICATORS), ("unit", UNITS_OF), ("per", ("", "population")))
        if row[column] not in known
    ]
    raise_all(ConfigError, faults)
    return {
        row["indicator"]: _Bound(row["unit"], row["per"] == "population", *found)
        for row, found in zip(rows, numbers(path, rows, ends), strict=True)
    }


def _row(path: Path, row: Mapping[str, str], bounds: Mapping[str, _Bound], faults: list[str]) -> Used | None:
    line, before = f"{path}: line {row['_line']}", len(faults)
    year, value = whole(row["year"]), number(row["value"])
    if not is_region_code(row["region"]):
        faults.append(fault(f"{line}: region", f"'{row['region']}'", "write six digits"))
    if year is None:
        faults.append(fault(f"{line}: year", f"'{row['year']}'", "write a calendar year, such as 2023"))
    if row["scope"] not in SCOPES:
        faults.append(fault(f"{line}: scope", f"'{row['scope']}'", did_you_mean(row["scope"], SCOPES)))
    bound = bounds.get(row["indicator"])
    if bound is None:
        remedy = did_you_mean(row["indicator"], list(bounds))
        faults.append(fault(f"{line}: indicator", f"'{row['indicator']}'", remedy))
    elif row["unit"] != bound.unit:
        faults.append(fault(f"{line}: unit", f"'{row['unit']}'", f"write {bound.unit}, and the count itself"))
    faults += grade_fault(line, row["grade"])
    if value is None:
        faults.append(fault(f"{line}: value", f"'{row['value']:.40}'", number_remedy(row["value"])))
    elif value <= 0:
        faults.append(fault(f"{line}: value", f"{row['value']}", "a count above 0"))
    if len(faults) > before or year is None or value is None:
        return None
    own = (row["region"], year, row["scope"], row["indicator"], value, row["source"], row["grade"])
    return Used(int(row["_line"]), *own)


def _said(path: Path, row: Used) -> str:
    return f"{path}: line {row.line}: {row.indicator} ({row.scope}) of {row.region} in {row.year}"


def _twice(path: Path, rows: Sequence[Used]) -> list[str]:
    first: dict[tuple[str, int, str, str], Used] = {}
    faults = []
    for row in rows:
        before = first.setdefault((row.region, row.year, row.scope, row.indicator), row)
        if before is not row:
            wrong = f"{row.value:.10g} stands beside {before.value:.10g} of line {before.line}"
            faults.append(fault(_said(path, row), wrong, "keep one of them"))
    return faults


def _outside(root: Path, path: Path, rows: Sequence[Used], bounds: Mapping[str, _Bound]) -> list[str]:
    """Values out of their bounds; of all institutions, by head of the census."""
    faults, places = [], list_places(root)
    for row in rows:
        bound, by, said = bounds[row.indicator], 1.0, ""
        if bound.per_head:
            if row.scope != "all" or row.region not in places:
                continue
            by = float(place_censuses(root, row.region)[_BASE].counts.sum()) / PER_1000
            said = f" per 1000 residents of {_BASE}"
        shown = row.value / by
        if bound.low <= shown <= bound.high:
            continue
        wrong = f"{row.value:.10g}: {shown:.4g}{said or f' {bound.unit}'}"
        remedy = f"want {bound.low:g} to {bound.high:g}{said}{looks(shifts(shown, bound.low, bound.high))}"
        faults.append(fault(_said(path, row), wrong, remedy))
    return faults


def _steps(path: Path, rows: Sequence[Used], bounds: Mapping[str, _Bound]) -> list[str]:
    series: dict[tuple[str, str, str], list[Used]] = {}
    for row in rows:
        series.setdefault((row.region, row.scope, row.indicator), []).append(row)
    faults = []
    for own in series.values():
        for before, row in pairwise(sorted(own, key=lambda r: r.year)):
            years, bound = row.year - before.year, bounds[row.indicator]
            ratio = row.value / before.value
            if years and not bound.step_low**years <= ratio <= bound.step_high**years:
                wrong = f"{row.value:.10g} is {ratio:.3g} times the {before.value:.10g} of {before.year}"
                low, high = (before.value * step**years for step in (bound.step_low, bound.step_high))
                faults.append(fault(_said(path, row), wrong, f"want {low:.4g} to {high:.4g}"))
    return faults


def _parts(path: Path, rows: Sequence[Used]) -> list[str]:
    """A part of the institutions with more than all of them."""
    whole_of = {(r.region, r.year, r.indicator): r for r in rows if r.scope == "all"}
    faults = []
    for row in rows:
        above = whole_of.get((row.region, row.year, row.indicator))
        if row.indicator not in _SUMMED or above is None or row.value <= _ROUNDED * above.value:
            continue
        wrong = f"{row.value:.10g}, all institutions {above.value:.10g} (line {above.line})"
        faults.append(fault(_said(path, row), wrong, "a part is no more than the whole"))
    return faults
