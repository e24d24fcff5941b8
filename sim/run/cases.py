"""The cases of a run, one for each scenario and region, with what their indicators are tested with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import xarray as xr

from sim.adequacy.case import Case, Swings
from sim.adequacy.series import Measures
from sim.params import Parameter
from sim.plan.needs import needs_of
from sim.run.setup import Setup, thresholds


def cases(setup: Setup, results: xr.Dataset, swings: Mapping[str, Swings] | None = None) -> Iterator[Case]:
    """One for each scenario and region of an experiment with a plan.

    swings: of each region; without them nothing is said of what a verdict rests on.
    """
    if setup.plan is None:
        return
    needs = needs_of(setup.root / "parameters", setup.plan.id)
    for s, scenario in enumerate(setup.scenarios):
        for r, region in enumerate(setup.regions):
            parameters = setup.parameters[scenario, region.code]
            yield Case(
                setup.plan,
                region.code,
                scenario,
                setup.rules,
                Measures.of(results, s, r),
                swings[region.code] if swings is not None else Swings(region.code, (), (), {}),
                thresholds(parameters),
                _value(parameters, "influence"),
                str(parameters["adequacy.after_target"].data.item()),
                str(parameters["adequacy.unstated_basis"].data.item()),
                _value(parameters, "norm_gap"),
                parameters,
                needs,
                setup.experiment.test_years,
            )


def _value(parameters: Mapping[str, Parameter], name: str) -> float:
    return float(parameters[f"adequacy.{name}"].data)
