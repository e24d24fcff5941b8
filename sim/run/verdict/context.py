"""What every indicator of one region and scenario is tested with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import xarray as xr

from sim.adequacy import Thresholds
from sim.params import Parameter
from sim.plan import Plan, load_plan
from sim.run.setup import Setup, thresholds
from sim.run.verdict.influence import Swings
from sim.run.verdict.measures import Measures
from sim.run.verdict.testrule import TestRule, load_rules


@dataclass(frozen=True)
class Context:
    """What every indicator of one region and scenario is tested with."""

    plan: Plan
    region: str
    scenario: str
    rules: Mapping[tuple[str, str], TestRule]
    measures: Measures
    swings: Swings
    thresholds: Thresholds
    influence: float
    after_target: str
    unstated_basis: str = "resident"
    """The population that a ratio without a stated basis is read on."""
    norm_gap: float = 0.25
    """Relative distance of need by use from the norm beyond which the reason says so."""
    swung: Measures = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "swung", Measures(dict(self.swings.series)))


def contexts(setup: Setup, results: xr.Dataset, swings: Mapping[str, Swings]) -> Iterator[Context]:
    """One for each scenario and region of an experiment with a plan."""
    if setup.experiment.plan is None:
        return
    plan = load_plan(setup.root / "parameters", setup.experiment.plan)
    rules = load_rules(setup.root)
    for s, scenario in enumerate(setup.scenarios):
        for r, region in enumerate(setup.regions):
            parameters = setup.parameters[scenario, region.code]
            yield Context(
                plan,
                region.code,
                scenario,
                rules,
                Measures.of(results, s, r),
                swings[region.code],
                thresholds(parameters),
                _value(parameters, "influence"),
                str(parameters["adequacy.after_target"].data.item()),
                str(parameters["adequacy.unstated_basis"].data.item()),
                _value(parameters, "norm_gap"),
            )


def _value(parameters: Mapping[str, Parameter], name: str) -> float:
    return float(parameters[f"adequacy.{name}"].data)
