"""Whether the figures observed of a region can be: units, years twice, births, ages and totals.

parameters/observed_bounds.csv holds between which values a figure lies: per 1000 residents of the
year, or (step) as a ratio to the figure before it, per year between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from sim.cells import numbers
from sim.errors import ConfigError, fault, raise_all
from sim.magnitude import looks, shifts
from sim.params.units import PER_1000
from sim.textfile import did_you_mean, read_csv

BOUNDS = "observed_bounds.csv"
_TOTAL = "population_total"
_STEP = "step"
_INSIDE = (
    ("population_0-14", "population_0-15"),
    ("population_0-15", _TOTAL),
    ("population_16-59", "population_15-59"),
    ("population_15-59", _TOTAL),
    ("population_65+", "population_60+"),
    ("population_60+", _TOTAL),
)
"""(part, whole) of the same people."""
_WHOLES = (
    ("population_0-14", "population_15-59", "population_60+"),
    ("population_0-15", "population_16-59", "population_60+"),
)
_CHILDREN = (("population_0-14", 15), ("population_0-15", 16))
"""(group, its ages): those born in as many years."""
KNOWN = tuple(dict.fromkeys(("births", "deaths", _TOTAL, *(name for pair in _INSIDE for name in pair))))
"""Indicators that a region's yearly figures may be of."""
_MEASURED = (
    *(_STEP, "parts", "births_over_children", "residents_over_registered"),
    *("census_group", "men_per_woman_under_15", "men_per_woman_15-59", "men_per_woman_60+"),
    *("group_over_neighbours", "sexes_swapped", "sexes_like_prefecture", "sexes_like_province"),
    *("e0_beside_province", "net_migration_off"),
)
NAMES = (*KNOWN, *(f"{name}_{_STEP}" for name in KNOWN), *_MEASURED)
"""Rows that the table of bounds may have."""
_NEAR = 0.7, 1.4  # a figure in another unit, mended, over what is expected


class Row(NamedTuple):
    """A row of an observed.csv."""

    at: str
    """Where it stands in the file."""
    year: int
    indicator: str
    value: float
    grade: str = ""
    source: str = ""


def observed_faults(path: Path, rows: Sequence[Row], people: Mapping[int, float] | None = None) -> list[str]:
    """Rows that contradict each other: file, row | indicator, year and value | the bound it breaks.

    people: of the region's censuses by year.
    """
    people = people or {}
    bounds = bounds_beside(path)
    unknown = [r for r in rows if r.indicator not in KNOWN]
    faults = [
        fault(f"{path}: {r.at}", f"indicator '{r.indicator}'", did_you_mean(r.indicator, KNOWN))
        for r in unknown
    ]
    faults += _twice(path, rows)
    held = {(r.indicator, r.year): r for r in rows}
    steps, doubtful = _steps(path, rows, bounds)
    sure = [r for r in rows if r.year not in doubtful]  # figures by head would be wrong with a total
    return [
        *faults,
        *steps,
        *_beside_census(path, rows, people, bounds),
        *_by_head(path, sure, held, people, bounds),
        *_parts(path, sure, held, bounds),
        *_births(path, held, bounds),
    ]


def bounds_of(root: Path) -> dict[str, tuple[float, float]]:
    """Between which values observed figures lie, by name; root: the working folder."""
    return bounds_beside(root / "parameters" / BOUNDS)


def bounds_beside(path: Path) -> dict[str, tuple[float, float]]:
    """Bounds of observed figures by name; without their file (a folder of one's own), none."""
    folder = next((p for p in path.parents if (p / BOUNDS).is_file()), None)
    if folder is None:
        return {}
    path = folder / BOUNDS
    rows = read_csv(path, ("name", "low", "high", "why"))
    ends = numbers(path, rows, ("low", "high"))
    faults = [
        fault(f"{path}: line {row['_line']}: name", f"'{row['name']}'", did_you_mean(row["name"], NAMES))
        for row in rows
        if row["name"] not in NAMES
    ]
    faults += [
        fault(f"{path}: line {row['_line']}", f"low {low:g} above high {high:g}", "swap them")
        for row, (low, high) in zip(rows, ends, strict=True)
        if not low <= high
    ]
    raise_all(ConfigError, faults)
    return {row["name"]: (low, high) for row, (low, high) in zip(rows, ends, strict=True)}


def _said(path: Path, row: Row) -> str:
    return f"{path}: {row.at}: {row.indicator} of {row.year}"


def _twice(path: Path, rows: Sequence[Row]) -> list[str]:
    first: dict[tuple[str, int], Row] = {}
    faults = []
    for row in rows:
        before = first.setdefault((row.indicator, row.year), row)
        if before is not row:
            wrong = f"{row.value:.0f} stands beside {before.value:.0f} of {before.at}"
            faults.append(fault(_said(path, row), wrong, "keep one of them"))
    return faults


def _steps(
    path: Path, rows: Sequence[Row], bounds: Mapping[str, tuple[float, float]]
) -> tuple[list[str], set[int]]:
    """Figures too far from the year before; and the years of totals beyond what cohorts and moves allow."""
    if _STEP not in bounds:
        return [], set()
    doubtful: set[int] = set()
    faults = []
    for name, (least, most) in _step_bounds(bounds).items():
        own = sorted((r for r in rows if r.indicator == name), key=lambda r: r.year)
        found = _series_steps(path, own, least, most)
        faults += [told for told, _ in found]
        doubtful |= {year for _, years in found if name == _TOTAL for year in years}
    return faults, doubtful


def _step_bounds(bounds: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Least and most ratio of a year by indicator."""
    ending = f"_{_STEP}"
    own = {name.removesuffix(ending): ends for name, ends in bounds.items() if name.endswith(ending)}
    return {_TOTAL: bounds[_STEP], **own}


def _series_steps(
    path: Path, own: Sequence[Row], least: float, most: float
) -> list[tuple[str, tuple[int, int]]]:
    """Figures that part too far from the one before: what is said, and both years."""
    found = []
    for before, row in pairwise(own):
        years = row.year - before.year
        if years == 0 or before.value <= 0:
            continue
        ratio = row.value / before.value
        low, high = least**years, most**years
        if not low <= ratio <= high:
            wrong = f"{row.value:.0f} is {ratio:.3g} times the {before.value:.0f} of {before.year}"
            remedy = f"want {before.value * low:.0f} to {before.value * high:.0f}{_unit(ratio)}"
            found.append((fault(_said(path, row), wrong, remedy), (before.year, row.year)))
    return found


def _beside_census(
    path: Path, rows: Sequence[Row], people: Mapping[int, float], bounds: Mapping[str, tuple[float, float]]
) -> list[str]:
    """Totals in another unit than the censuses: further off than the years between them allow."""
    faults = []
    for row in rows:
        near = min(people, key=lambda year: abs(year - row.year), default=None)
        if row.indicator != _TOTAL or near is None or _STEP not in bounds or not people[near] > 0:
            continue
        least, most = (end ** max(abs(row.year - near), 1) for end in bounds[_STEP])
        low, high = people[near] * min(least, 1 / most), people[near] * max(most, 1 / least)
        if not low <= row.value <= high:
            ratio = row.value / people[near]
            wrong = f"{row.value:.0f} is {ratio:.3g} times the {people[near]:.0f} of the census of {near}"
            faults.append(fault(_said(path, row), wrong, f"want {low:.0f} to {high:.0f}{_unit(ratio)}"))
    return faults


def _unit(ratio: float) -> str:
    """What a ratio near a power of ten says of the unit."""
    return looks(shifts(ratio, *_NEAR))


def _by_head(
    path: Path,
    rows: Sequence[Row],
    held: Mapping[tuple[str, int], Row],
    people: Mapping[int, float],
    bounds: Mapping[str, tuple[float, float]],
) -> list[str]:
    """Figures by head of the nearest year's total; where the table has none, of the nearest census."""
    faults = []
    totals = {year: r.value for (name, year), r in held.items() if name == _TOTAL and r.value > 0} or people
    for row in rows:
        near = min(totals, key=lambda year: abs(year - row.year), default=None)
        if row.indicator not in bounds or near is None:
            continue
        low, high = bounds[row.indicator]
        rate = PER_1000 * row.value / totals[near]
        if not low <= rate <= high:
            wrong = f"{row.value:.0f} is {rate:.3g} per 1000 of {totals[near]:.0f} residents"
            middle = (low * high) ** 0.5
            remedy = f"want {low:g} to {high:g} per 1000{_unit(rate / middle)}"
            faults.append(fault(_said(path, row), wrong, remedy))
    return faults


def _parts(
    path: Path,
    rows: Sequence[Row],
    held: Mapping[tuple[str, int], Row],
    bounds: Mapping[str, tuple[float, float]],
) -> list[str]:
    faults = []
    years = sorted({r.year for r in rows})
    for year in years:
        for part, whole in _INSIDE:
            p, w = held.get((part, year)), held.get((whole, year))
            if p is not None and w is not None and p.value > w.value:
                wrong = f"{p.value:.0f} is more than {whole} of that year"
                faults.append(fault(_said(path, p), wrong, f"at most {w.value:.0f} ({w.at})"))
        for parts in _WHOLES:
            found = [held.get((name, year)) for name in (*parts, _TOTAL)]
            if "parts" not in bounds or any(r is None for r in found):
                continue
            *own, total = (r for r in found if r is not None)
            low, high = bounds["parts"]
            together = sum(r.value for r in own)
            if not low <= together / total.value <= high:
                wrong = f"{' + '.join(parts)} are {together:.0f}"
                remedy = f"want {total.value * low:.0f} to {total.value * high:.0f}"
                faults.append(fault(_said(path, total), f"{total.value:.0f}, but {wrong}", remedy))
    return faults


def _births(
    path: Path, held: Mapping[tuple[str, int], Row], bounds: Mapping[str, tuple[float, float]]
) -> list[str]:
    """Births of years whose children must be among those counted, over these children."""
    if "births_over_children" not in bounds:
        return []
    _, most = bounds["births_over_children"]
    groups, faults = dict(_CHILDREN), []
    for (group, year), children in held.items():
        ages = groups.get(group)
        if ages is None:
            continue
        born = [r for (n, y), r in held.items() if n == "births" and year - ages < y <= year]
        total = sum(r.value for r in born)
        if total > most * children.value:
            last = max(born, key=lambda r: r.value)
            wrong = (
                f"{last.value:.0f}: {total:.0f} births since {year - ages + 1}, {children.value:.0f} children"
            )
            remedy = f"at most {most:g} times {group} of {year} ({children.at})"
            faults.append(fault(_said(path, last), wrong, remedy))
    return faults
