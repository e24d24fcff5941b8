"""Whether the figures observed of a region can be: units, years twice, births, ages and totals.

parameters/observed_bounds.csv holds between which values a figure lies: per 1000 residents of the
year, or (step) as a ratio to the figure before it, per year between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sim.cells import numbers
from sim.errors import ConfigError, fault, raise_all
from sim.places import series_checks
from sim.places.series_checks import Bound, Ends, Figure, apart, said
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
Bounds = Mapping[str, tuple[float, float]]
Held = Mapping[tuple[str, int], Figure]


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
    figures = [_figure(path, row) for row in rows]
    held = {(f.series[0], f.year): f for f in figures}
    steps = series_checks.steps(figures, _step_of(bounds))
    doubtful = {f.year for found in steps for f in found.figures if f.series == (_TOTAL,)}
    sure = [f for f in figures if f.year not in doubtful]  # figures by head would be wrong with a total
    return [
        *faults,
        *said(series_checks.twice(figures)),
        *said(steps),
        *_beside_census(figures, people, bounds),
        *said(series_checks.outside(sure, _by_head(held, people, bounds))),
        *said(series_checks.above(sure, _wholes_in(held))),
        *_sums(sure, held, bounds),
        *_births(held, bounds),
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


def _figure(path: Path, row: Row) -> Figure:
    return Figure(path, row.at, f"{row.indicator} of", (row.indicator,), row.year, row.value)


def _step_of(bounds: Bounds) -> Callable[[tuple[str, ...]], Ends | None]:
    """Least and most ratio of a year by indicator."""
    ending = f"_{_STEP}"
    own = {name.removesuffix(ending): ends for name, ends in bounds.items() if name.endswith(ending)}
    ends = {_TOTAL: bounds[_STEP], **own} if _STEP in bounds else {}
    return lambda series: ends.get(series[0])


def _beside_census(figures: Sequence[Figure], people: Mapping[int, float], bounds: Bounds) -> list[str]:
    """Totals in another unit than the censuses: further off than the years between them allow."""
    faults = []
    for figure in figures:
        near = min(people, key=lambda year: abs(year - figure.year), default=None)
        if figure.series != (_TOTAL,) or near is None or _STEP not in bounds or not people[near] > 0:
            continue
        least, most = (end ** max(abs(figure.year - near), 1) for end in bounds[_STEP])
        wanted = people[near] * min(least, 1 / most), people[near] * max(most, 1 / least)
        faults.append(apart(figure, people[near], f"the census of {near}", wanted))
    return list(filter(None, faults))


def _by_head(held: Held, people: Mapping[int, float], bounds: Bounds) -> Callable[[Figure], Bound | None]:
    """Bounds by head of the nearest year's total; where the table has none, of the nearest census."""
    totals = {year: f.value for (name, year), f in held.items() if name == _TOTAL and f.value > 0} or people

    def bound(figure: Figure) -> Bound | None:
        near = min(totals, key=lambda year: abs(year - figure.year), default=None)
        ends = bounds.get(figure.series[0])
        return None if near is None or ends is None else Bound(*ends, "", totals[near])

    return bound


def _wholes_in(held: Held) -> Callable[[Figure], list[tuple[str, Figure]]]:
    """The groups of the same people that hold a figure's, by name."""
    return lambda figure: [
        (whole, held[whole, figure.year])
        for part, whole in _INSIDE
        if figure.series == (part,) and (whole, figure.year) in held
    ]


def _sums(figures: Sequence[Figure], held: Held, bounds: Bounds) -> list[str]:
    """Totals that their age groups do not add up to."""
    faults = []
    for year in sorted({f.year for f in figures}) if "parts" in bounds else ():
        for parts in _WHOLES:
            found = [held.get((name, year)) for name in (*parts, _TOTAL)]
            if any(f is None for f in found):
                continue
            *own, total = (f for f in found if f is not None)
            low, high = bounds["parts"]
            together = sum(f.value for f in own)
            if not low <= together / total.value <= high:
                wrong = f"{total.value:.0f}, but {' + '.join(parts)} are {together:.0f}"
                remedy = f"want {total.value * low:.0f} to {total.value * high:.0f}"
                faults.append(fault(total.place, wrong, remedy))
    return faults


def _births(held: Held, bounds: Bounds) -> list[str]:
    """Births of years whose children must be among those counted, over these children."""
    if "births_over_children" not in bounds:
        return []
    _, most = bounds["births_over_children"]
    groups, faults = dict(_CHILDREN), []
    for (group, year), children in held.items():
        ages = groups.get(group)
        if ages is None:
            continue
        born = [f for (n, y), f in held.items() if n == "births" and year - ages < y <= year]
        total = sum(f.value for f in born)
        if total > most * children.value:
            last = max(born, key=lambda f: f.value)
            wrong = (
                f"{last.value:.0f}: {total:.0f} births since {year - ages + 1}, {children.value:.0f} children"
            )
            remedy = f"at most {most:g} times {group} of {year} ({children.at})"
            faults.append(fault(last.place, wrong, remedy))
    return faults
