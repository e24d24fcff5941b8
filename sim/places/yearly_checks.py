"""Whether yearly figures can be: bounds, units, steps from the year before, contradictions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.errors import fault
from sim.places.series_checks import Bound, Ends, Figure, above, outside, said, steps

_PEOPLE = "population"
_DOUBT = "; or a row in doubts.csv that says why"
_ROUNDED = 0.011  # rates are printed with two digits
Cells = Mapping[tuple[str, str, int], float]
"""(indicator, region, year) -> figure as printed."""
Figures = Mapping[tuple[str, str, int], Figure]
"""The same with where each stands."""
Lines = dict[tuple[str, str], int]
"""(indicator, region) -> line of its row."""


@dataclass(frozen=True)
class Indicator:
    """What a yearly figure is, and between which values it lies."""

    name: str
    unit: str
    grade: str
    source: str
    per_head: bool
    """Whether `low` and `high` are per 1000 residents of the year."""
    low: float
    high: float
    step_low: float
    """Least ratio to the year before."""
    step_high: float
    part_of: str
    """The indicator that is its whole; empty where it is none's part."""


def faults_of(path: Path, indicators: Mapping[str, Indicator], cells: Cells, lines: Lines) -> list[str]:
    """What is wrong with the trusted figures of a file: file, line, year | value | the bound it breaks."""
    figures = _figures(path, cells, lines)
    people = {key: f for key, f in figures.items() if key[0] == _PEOPLE}
    bound, step = _bound_of(indicators, people), _step_of(indicators)
    known = [*outside(people.values(), bound), *steps(people.values(), step, _DOUBT)]
    # figures by head would all be wrong with the people
    wrong = {(found.figures[-1].series[1], found.figures[-1].year) for found in known}
    sure = {key: f for key, f in figures.items() if key[1:] not in wrong}
    rest = [f for key, f in sure.items() if key[0] != _PEOPLE]
    return [
        *said(known),
        *said(outside(rest, bound)),
        *said(steps(rest, step, _DOUBT)),
        *_growth(sure),
        *said(above(sure.values(), _wholes_in(indicators, sure))),
    ]


def _figures(path: Path, cells: Cells, lines: Lines) -> dict[tuple[str, str, int], Figure]:
    named = {
        (name, region): (f"line {line}", f"{name} of {region} in", (name, region))
        for (name, region), line in lines.items()
    }
    return {
        (name, region, year): Figure(path, *named[name, region], year, value)
        for (name, region, year), value in cells.items()
    }


def _bound_of(indicators: Mapping[str, Indicator], people: Figures) -> Callable[[Figure], Bound | None]:
    """Bounds of figures; by head where the people of the region and year are among the rows."""

    def bound(figure: Figure) -> Bound | None:
        name, region = figure.series
        row, residents = indicators[name], people.get((_PEOPLE, region, figure.year))
        if not row.per_head:
            return Bound(row.low, row.high, row.unit)
        return None if residents is None else Bound(row.low, row.high, row.unit, residents.value)

    return bound


def _step_of(indicators: Mapping[str, Indicator]) -> Callable[[tuple[str, ...]], Ends | None]:
    def ends(series: tuple[str, ...]) -> Ends | None:
        row = indicators[series[0]]
        return (row.step_low, row.step_high) if math.isfinite(row.step_high) else None

    return ends


def _wholes_in(
    indicators: Mapping[str, Indicator], figures: Figures
) -> Callable[[Figure], list[tuple[str, Figure]]]:
    """The figure that one is a part of."""

    def wholes(figure: Figure) -> list[tuple[str, Figure]]:
        name, region = figure.series
        whole = indicators[name].part_of
        found = figures.get((whole, region, figure.year))
        return [] if found is None else [(whole, found)]

    return wholes


def _growth(figures: Figures) -> list[str]:
    """Natural growth that is not births less deaths."""
    faults = []
    for (name, region, year), growth in figures.items():
        births = figures.get(("birth_rate", region, year))
        if name != "natural_growth_rate" or births is None:
            continue
        deaths = figures.get(("death_rate", region, year))
        if births.value - growth.value < 0:
            wrong = f"natural growth {growth.value:g} of {region} above its birth rate {births.value:g}"
            faults.append(fault(growth.place, wrong, "births less deaths: deaths would be below 0"))
        elif deaths is not None and abs(births.value - deaths.value - growth.value) > _ROUNDED:
            less = f"births {births.value:g} less deaths {deaths.value:g}"
            wrong = f"natural growth {growth.value:g} of {region}, {less}"
            faults.append(fault(growth.place, wrong, f"want {births.value - deaths.value:.2f}"))
    return faults
