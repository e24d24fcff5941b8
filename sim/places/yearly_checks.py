"""Whether yearly figures can be: bounds, units, steps from the year before, contradictions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sim.errors import fault
from sim.magnitude import looks, shifts
from sim.params.units import PER_1000

_ROUNDED = 0.011  # rates are printed with two digits
Cells = Mapping[tuple[str, str, int], float]
"""(indicator, region, year) -> figure as printed."""
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
    people = {key: value for key, value in cells.items() if key[0] == "population"}
    faults = _bound_faults(path, indicators, people, lines) + _step_faults(path, indicators, people, lines)
    wrong = {(region, year) for _, region, year in people if _named(faults, lines, region, year)}
    rest = {k: v for k, v in cells.items() if k[0] != "population" and k[1:] not in wrong}
    sure = rest | {k: v for k, v in people.items() if k[1:] not in wrong}
    return [
        *faults,
        *_bound_faults(path, indicators, sure, lines, rest),
        *_step_faults(path, indicators, rest, lines),
        *_contradictions(path, indicators, sure, lines),
    ]


def _named(faults: list[str], lines: Lines, region: str, year: int) -> bool:
    """Whether the people of a region and year are faulty: figures by head would all be wrong with them."""
    line = lines.get(("population", region))
    return any(f": line {line}: {year} |" in told for told in faults)


def _bound_faults(
    path: Path,
    indicators: Mapping[str, Indicator],
    cells: Cells,
    lines: Lines,
    chosen: Cells | None = None,
) -> list[str]:
    """Figures out of their bounds; chosen: of these alone, people by head from `cells`."""
    faults = []
    for (name, region, year), value in (cells if chosen is None else chosen).items():
        row = indicators[name]
        head = cells.get(("population", region, year), math.nan) / PER_1000
        if row.per_head and math.isnan(head):
            continue  # the nation's people are not among the rows
        by = head if row.per_head else 1.0
        shown, whole = value / by, " per 1000 residents" if row.per_head else f" {row.unit}"
        if row.low <= shown <= row.high:
            continue
        wrong = f"{name} of {region} is {value:,.10g}: {shown:,.5g}{whole}"
        place = f"{path}: line {lines[name, region]}: {year}"
        hint = looks(shifts(shown, row.low, row.high))
        faults.append(fault(place, wrong, f"want {row.low:,g} to {row.high:,g}{hint}"))
    return faults


def _step_faults(path: Path, indicators: Mapping[str, Indicator], cells: Cells, lines: Lines) -> list[str]:
    faults = []
    for (name, region), line in lines.items():
        row = indicators[name]
        if not math.isfinite(row.step_high):
            continue
        known = sorted(y for n, r, y in cells if (n, r) == (name, region))
        for before, year in pairwise(known):
            was, value = cells[name, region, before], cells[name, region, year]
            if was <= 0:
                continue
            low, high = row.step_low ** (year - before), row.step_high ** (year - before)
            if not low <= value / was <= high:
                wrong = (
                    f"{name} of {region} is {value:,.10g}, {value / was:.3g} times {was:,.10g} of {before}"
                )
                remedy = f"want {low:.3g} to {high:.3g} times, or a row in doubts.csv that says why"
                faults.append(fault(f"{path}: line {line}: {year}", wrong, remedy))
    return faults


def _contradictions(path: Path, indicators: Mapping[str, Indicator], cells: Cells, lines: Lines) -> list[str]:
    """Rates that do not add up, and parts larger than their whole."""
    faults = []
    for (name, region, year), value in cells.items():
        place = f"{path}: line {lines[name, region]}: {year}"
        if name == "natural_growth_rate" and ("birth_rate", region, year) in cells:
            births = cells["birth_rate", region, year]
            deaths = cells.get(("death_rate", region, year))
            if births - value < 0:
                wrong = f"natural growth {value:g} of {region} above its birth rate {births:g}"
                faults.append(fault(place, wrong, "births less deaths: deaths would be below 0"))
            elif deaths is not None and abs(births - deaths - value) > _ROUNDED:
                wrong = f"natural growth {value:g} of {region}, births {births:g} less deaths {deaths:g}"
                faults.append(fault(place, wrong, f"want {births - deaths:.2f}"))
        whole = indicators[name].part_of
        limit = cells.get((whole, region, year))
        if limit is not None and value > limit:
            wrong = f"{name} of {region} is {value:,.10g}, above {whole} {limit:,.10g}"
            faults.append(fault(place, wrong, "a part is no larger than its whole"))
    return faults
