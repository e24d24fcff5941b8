"""costs.csv of a run folder: unit costs drawn beside the run's draws, times the stocks of each option."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.adequacy.case import Case
from sim.adequacy.cost import COLUMNS, Paths, cost_rows, costs, paths, revised_targets
from sim.arrays import Floats
from sim.params import Sampler
from sim.plan.targets import built_on
from sim.run.setup import Setup
from sim.saved.row import Row
from sim.writing import write_rows

UNIT_COSTS = {"build": ("cost.build", "built"), "yearly": ("cost.yearly", "run")}
REVISED_AT = 0.9  # of the probabilities of revise.csv, the one that `adequate` asks for
Options = Callable[[Case], Mapping[str, Paths]]
"""Case -> option -> its stocks."""


def of_run(rows: Iterable[Row]) -> Options:
    """The trend; with a plan, the plan carried out and its revised targets as well."""
    assessed = list(rows)

    def options(case: Case) -> dict[str, Paths]:
        mine = [r for r in assessed if (r.region, r.scenario) == (case.region, case.scenario)]
        revised = revised_targets(case.reading, mine, REVISED_AT)
        return {
            "trend": paths(case.reading, "projected"),
            "plan": paths(case.reading, "available"),
            "revised": paths(case.reading, "projected", revised),
        }

    return options


def write_costs(setup: Setup, folder: Path, cases: Iterable[Case], options: Options) -> Path:
    """costs.csv: capital and yearly cost of each option by item and year, hundred million yuan.

    Its first year is the one that the plan builds on.
    """
    years, plan = list(setup.years), setup.plan
    first = 0 if plan is None else years.index(built_on(years, plan.target_year, plan.base_year))
    rows: list[dict[str, Any]] = []
    for case in cases:
        units = unit_costs(setup, case)
        for name, stocks in options(case).items():
            found = costs(stocks, **units, since=first)
            made = cost_rows(case.region, case.scenario, name, case.measures.years(), found)
            rows += [row for row in made if row["year"] >= years[first]]
    path = folder / "costs.csv"
    write_rows(path, COLUMNS, rows)
    return path


def unit_costs(setup: Setup, case: Case) -> dict[str, dict[str, Floats]]:
    """Yuan for one unit by item and draw, draw 0 first: `build` and `yearly`."""
    mine = {name: case.parameters[name] for name, _ in UNIT_COSTS.values()}
    draws = range(setup.experiment.draws.n + 1)
    block = Sampler(mine, setup.years, setup.experiment.draws.seed).block(draws)
    return {
        kind: {
            str(item): _by_draw(block[name].sel({dim: item}), len(draws)) for item in block[name][dim].values
        }
        for kind, (name, dim) in UNIT_COSTS.items()
    }


def _by_draw(array: xr.DataArray, draws: int) -> Floats:
    return np.asarray(np.broadcast_to(np.asarray(array.values, float), (draws,)))
