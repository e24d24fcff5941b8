"""Rows of the plan as outputs of a sweep: by name, with what can be asked of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import xarray as xr

from sim.adequacy.planrows import PlanRow, Read, named, rows_of
from sim.adequacy.series import Measures
from sim.params import Parameter
from sim.run.setup import Setup


@dataclass(frozen=True)
class Asked:
    """A row of the plan by name, and what can be asked of it."""

    row: PlanRow
    years: tuple[int, ...]
    """Those of the run in which it can be tested."""
    known: tuple[str, ...]


def asked_of(
    setup: Setup, parameters: Mapping[str, Parameter], kept: Mapping[str, xr.DataArray]
) -> dict[str, Asked]:
    """Rows of the experiment's plan by name, as far as the model holds them; {} without a plan.

    kept: the series of any run, which say what is modelled.
    """
    if setup.plan is None:
        return {}
    reading, measures = Read.of(parameters), Measures(kept)
    rows = list(rows_of(setup.plan, setup.rules, setup.experiment.test_years))
    found: dict[str, Asked] = {}
    for name, row in named(rows).items():
        years = tuple(y for y in setup.years if y >= row.target_year)
        held = row.held(measures, reading, years[-1]) if years else None
        if held is not None:
            found[name] = Asked(row, years, row.known(held))
    return found
