"""Use and beds that places counted, read and checked: parameters/observed_use.csv.

parameters/observed_use_bounds.csv holds each indicator's unit and between which values it lies, itself or
per 1000 residents of the place's census, and as a ratio to the figure before it, per year between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sim.cells import grade_fault, number, number_remedy, numbers, whole
from sim.config import is_region_code
from sim.errors import ConfigError, fault, raise_all
from sim.places import series_checks
from sim.places.nation import list_places, place_censuses
from sim.places.series_checks import Bound, Ends, Figure, said
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

    @property
    def step(self) -> Ends:
        """Least and most ratio of a year."""
        return self.step_low, self.step_high


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
    figures = [_figure(path, row) for row in rows]
    faults += said(series_checks.twice(figures))
    faults += said(series_checks.outside(figures, _bound_of(root, bounds)))
    faults += said(series_checks.steps(figures, lambda series: bounds[series[-1]].step))
    faults += said(series_checks.above(figures, _all_of(figures), _ROUNDED))
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


def _figure(path: Path, row: Used) -> Figure:
    called = f"{row.indicator} ({row.scope}) of {row.region} in"
    series = row.region, row.scope, row.indicator
    return Figure(path, f"line {row.line}", called, series, row.year, row.value)


def _bound_of(root: Path, bounds: Mapping[str, _Bound]) -> Callable[[Figure], Bound | None]:
    """Bounds of figures; of all institutions by head of the census, where it is a place's."""
    places = list_places(root)

    def bound(figure: Figure) -> Bound | None:
        region, scope, indicator = figure.series
        known = bounds[indicator]
        if not known.per_head:
            return Bound(known.low, known.high, known.unit)
        if scope != "all" or region not in places:
            return None
        people = float(place_censuses(root, region)[_BASE].counts.sum())
        return Bound(known.low, known.high, known.unit, people)

    return bound


def _all_of(figures: Sequence[Figure]) -> Callable[[Figure], list[tuple[str, Figure]]]:
    """The figure of all institutions that one of a part of them lies in."""
    held = {(f.series, f.year): f for f in figures}

    def wholes(figure: Figure) -> list[tuple[str, Figure]]:
        region, scope, indicator = figure.series
        whole = held.get(((region, "all", indicator), figure.year))
        found = indicator in _SUMMED and scope != "all" and whole is not None
        return [(f"{indicator} (all)", whole)] if found and whole else []

    return wholes
