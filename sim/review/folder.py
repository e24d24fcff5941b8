"""From a run folder and a table of counts to its review: run again with the counts, and decomposed.

The run's draws are computed again without the counts, with all of them, and with every combination of
what they say of people, use and supply; draws are paired, so that the differences are the counts'.
Each change is shared out by Shapley values, which add up to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.adequacy.case import Case
from sim.drivers.shapley import shapley
from sim.errors import ConfigError, fault
from sim.intact import added
from sim.known.words import PARTS
from sim.review.row import COLUMNS, PART_COLUMNS, part_rows, row_of
from sim.review.standings import QUANTITIES, Held, by_key, held_targets
from sim.run import blocks
from sim.run.again import setup_again
from sim.run.cases import cases
from sim.run.counted import Entry, tables_given
from sim.run.runner import plan_blocks, with_draws
from sim.run.setup import Setup
from sim.store import Run
from sim.writing import write_json, write_rows

MOST_DRAWS = 200  # of the run's own: enough for a probability that is said in per cent

Chosen = frozenset[str]


@dataclass(frozen=True)
class Reviewed:
    """What a review found, before it is written."""

    rows: list[dict[str, Any]]
    parts: list[dict[str, Any]]
    counts: tuple[Entry, ...]
    year: int
    draws: int


def review(run: Run, table: Path, *, year: int | None = None, scenario: str | None = None) -> Reviewed:
    """Review a run's plan with a table of local counts, and write it into the run's folder.

    year: as of; that of the newest count unless given.  scenario: the run's first unless given.
    Writes review.csv, review_parts.csv, review.json.
    Raises ConfigError for a run without a plan, a year before the first count or beyond the run, and what
    `set_up` raises for the table.
    """
    before, _ = setup_again(run)
    plan = before.plan
    if plan is None:
        raise ConfigError(fault(str(run.path), "tests no plan", "review a run whose experiment names one"))
    before = _narrowed(before, scenario)
    given = tables_given([f"{before.regions[0].code}={table}"], [before.regions[0].code])
    every = _with(before, run, given, PARTS)
    new = [e for e in every.counted if e.count.place.startswith(given[before.regions[0].code])]
    there = [part for part in PARTS if any(e.count.indicator.part == part for e in new)]
    chosen = _year(every, new, year)
    found = _cases(before, run, given, there)
    first, last = found[frozenset()], found[frozenset(there)]
    held = held_targets(last)
    figures = {subset: by_key(case, held) for subset, case in found.items()}
    shares = {one.key: _shares(figures, one, there) for one in held}
    rows = [row_of(first, last, one, chosen, shares[one.key], new) for one in held]
    parts = [line for one in held for line in part_rows(one, shares[one.key], there)]
    out = Reviewed(rows, parts, tuple(new), chosen, before.experiment.draws.n)
    content = {
        "year": chosen,
        "draws": out.draws,
        "scenario": before.scenarios[0],
        "region": before.regions[0].labels,
        "plan": plan.id,
        "parts": there,
        "counts": [entry.record for entry in new],
    }
    with added(run.path) as made:
        write_rows(made / "review.csv", COLUMNS, rows)
        write_rows(made / "review_parts.csv", PART_COLUMNS, parts)
        write_json(made / "review.json", content)
    return out


def _narrowed(setup: Setup, scenario: str | None) -> Setup:
    """The plan's region under one scenario, with as many draws as a review takes."""
    assert setup.plan is not None
    name = scenario or setup.scenarios[0]
    if name not in setup.scenarios:
        remedy = f"one of {', '.join(setup.scenarios)}"
        raise ConfigError(fault("--scenario", f"no scenario '{name}' in this run", remedy))
    region = next(r for r in setup.regions if r.code == setup.plan.region)
    experiment = setup.experiment.model_copy(update={"regions": (region.code,)})
    own = {(name, region.code): setup.parameters[name, region.code]}
    found = replace(setup, regions=(region,), scenarios=(name,), parameters=own, experiment=experiment)
    return with_draws(found, min(MOST_DRAWS, setup.experiment.draws.n))


def _with(setup: Setup, run: Run, given: Mapping[str, str], parts: Sequence[str]) -> Setup:
    """The set-up with the table's counts of some parts."""
    found, _ = setup_again(run, known=given, only=parts)
    return with_draws(_narrowed(found, setup.scenarios[0]), setup.experiment.draws.n)


def _cases(setup: Setup, run: Run, given: Mapping[str, str], there: Sequence[str]) -> dict[Chosen, Case]:
    """The plan's case under every combination of what the counts tell of."""
    found = {}
    for size in range(len(there) + 1):
        for parts in combinations(there, size):
            own = _with(setup, run, given, parts) if parts else setup
            found[frozenset(parts)] = _case(own)
    return found


def _case(setup: Setup) -> Case:
    """The plan's case on draws computed here."""
    block = plan_blocks(setup, setup.experiment.draws.n + 1)[0]
    kept = {n: a for n, a in blocks.compute(block).items() if "draw" in a.dims}
    place = {"scenario": [block.scenario], "region": [block.region]}
    results = xr.Dataset({n: a.expand_dims(place) for n, a in kept.items()})
    return next(iter(cases(setup, results)))


def _year(setup: Setup, new: Sequence[Entry], year: int | None) -> int:
    """The year that is looked at."""
    counted = sorted({e.count.year for e in new})
    if not counted:
        raise ConfigError(fault("--known", "no count of the run's region", "give counts of it"))
    chosen = counted[-1] if year is None else year
    if not setup.years[0] < chosen <= setup.years[-1]:
        remedy = f"a year from {setup.years[1]} to {setup.years[-1]}"
        raise ConfigError(fault("--year", f"{chosen} is outside the run", remedy))
    return chosen


def _shares(
    figures: Mapping[Chosen, Mapping[str, dict[str, float]]], held: Held, there: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Quantity -> what each part of the counts adds to it, beside `before` and `after`."""

    def value(chosen: Chosen) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array([figures[chosen][held.key][q] for q in QUANTITIES])

    parts = shapley(list(there), value)
    before, after = value(frozenset()), value(frozenset(there))
    out = {}
    for i, quantity in enumerate(QUANTITIES):
        if np.isfinite(before[i]) and np.isfinite(after[i]):
            own = {part: float(values[i]) for part, values in parts.items()}
            out[quantity] = {"before": float(before[i]), **own, "after": float(after[i])}
    return out
