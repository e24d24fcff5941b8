"""The cases of a run, one for each scenario and region, with what their indicators are tested with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import xarray as xr

from sim.adequacy.case import Case, Reading, Swings
from sim.adequacy.series import Measures
from sim.params import Parameter
from sim.places import Region
from sim.plan import Plan
from sim.plan.floors import load_floors
from sim.plan.needs import needs_of
from sim.plan.verdict_rules import VerdictRule, load_verdict_rules
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
                Reading.of(Measures.of(results, s, r), parameters),
                swings[region.code] if swings is not None else Swings(region.code, (), (), {}),
                thresholds(parameters),
                _value(parameters, "influence"),
                _value(parameters, "norm_gap"),
                _value(parameters, "same_within"),
                parameters,
                _special(setup, setup.plan, region, parameters),
                load_floors(setup.root / "parameters"),
                needs,
                local(setup, region, parameters),
                setup.experiment.test_years,
            )


def _special(
    setup: Setup, plan: Plan, region: Region, parameters: Mapping[str, Parameter]
) -> dict[str, tuple[VerdictRule, ...]]:
    """Rules by indicator, but for those that what is known of the region itself lifts."""
    own = local(setup, region, parameters)
    known = {name for name in own if parameters[name].record.basis in ("measured", "derived")}
    printed = {i.id for i in plan.indicators if i.kind == "baseline" and i.value is not None}
    found = load_verdict_rules(setup.root / "parameters")
    return {name: tuple(r for r in rules if not r.falls(known, printed)) for name, rules in found.items()}


def local(setup: Setup, region: Region, parameters: Mapping[str, Parameter]) -> frozenset[str]:
    """Parameters that the region's own files give."""
    folder = (setup.root / "parameters" / region.folder).resolve()
    return frozenset(n for n, p in parameters.items() if p.file.resolve().is_relative_to(folder))


def _value(parameters: Mapping[str, Parameter], name: str) -> float:
    return float(parameters[f"adequacy.{name}"].data)
