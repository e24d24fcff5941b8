"""What moves the need: the change since the base year by population size, structure, rates, policy.

Burden and demand are evaluated on counterfactual inputs, all sixteen combinations of four factors,
and the Shapley value shares the change out exactly (sim.drivers.shapley). The factors:

size       residents, all ages alike: the base year's number or the year's.
structure  their shares by sex and age.
rates      what one person of an age and sex needs: rates of admission, visits, disease and
           dependence (mortality behind them), stays, births per woman, wishes, occupancy.
policy     the people and births that fertility policy adds to the projection with that policy off
           (as many at every size), and the levers of health policy (parameters/roles.csv).

What it means that a factor is held is in counterfactual.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import xarray as xr

from sim.adequacy import quantiles
from sim.arrays import Floats, exact_arithmetic
from sim.draws import sampled
from sim.drivers.counterfactual import (
    READ,
    Needs,
    demography,
    needs,
    policy_acts,
    without_policy,
)
from sim.drivers.shapley import shapley
from sim.known import conditioned, is_known
from sim.params import Parameter, Sampler
from sim.run.setup import Setup
from sim.schema import RESOURCES
from sim.writing import finite

COLUMNS = (
    "scenario",
    "region",
    "resource",
    "group",
    "year",
    "factor",
    "change",
    "p10",
    "p90",
    "unit",
    "against",
)
FACTORS: dict[str, tuple[str, str]] = {
    "size": ("人口规模", "number of residents"),
    "structure": ("年龄性别结构", "their shares by sex and age"),
    "rates": ("人均需要", "need per person: use, disease, stays, births per woman, wishes"),
    "policy": ("政策", "people and births added by fertility policy; levers of health policy"),
}
TOTAL = "total"
SCENARIO = "scenario"
DRAWS = 24
"""Sampled draws beside the central one: enough for a band around a part, in about a second."""


@dataclass(frozen=True)
class Change:
    """The change of one resource since the base year, by factor; arrays (year, group, draw)."""

    resource: str
    groups: tuple[str, ...]
    years: tuple[int, ...]
    whole: Floats
    parts: dict[str, Floats]


def decomposition_rows(setup: Setup, draws: int = DRAWS) -> Iterator[dict[str, Any]]:
    """Rows for the first scenario, every region, resource, group and tested year."""
    scenario = setup.scenarios[0]
    last = setup.years[-1]
    wanted = [y for y in (*setup.experiment.test_years, last) if setup.years[0] < y <= last]
    for region in setup.regions:
        parameters = setup.parameters[scenario, region.code]
        n = min(draws, setup.experiment.draws.n)
        seed = setup.experiment.draws.seed
        for change in decompose(parameters, setup.years, seed, range(n + 1)):
            head = {"scenario": scenario, "region": region.code, "against": str(setup.years[0])}
            yield from _rows(change, sorted(set(wanted)), head)


def decompose(
    parameters: Mapping[str, Parameter], years: Sequence[int], seed: int, draws: Sequence[int]
) -> list[Change]:
    """The change of every resource by factor, for one region and scenario.

    draws: numbers of draws, 0 (central) first.  Parts add up to the whole in every draw.
    """
    read = dict(parameters) if is_known(parameters) else {name: parameters[name] for name in READ}
    roles = {name: parameters[name].role for name in READ}
    params = conditioned(Sampler(read, years, seed).block(list(draws)), years, draws)
    with exact_arithmetic():
        people = demography(params, years, draws)
        plain = (
            demography(without_policy(params, roles), years, draws) if policy_acts(params, roles) else people
        )
        found: Needs = {}
        for moving in (False, True):
            more, groups = needs(people, plain, params, roles, moving=moving)
            found |= more
    return [_change(name, found, tuple(years), groups[name]) for name in found[frozenset()]]


def _change(name: str, found: Needs, years: tuple[int, ...], groups: tuple[str, ...]) -> Change:
    parts = shapley(list(FACTORS), lambda chosen: found[chosen][name])
    none, every = found[frozenset()][name], found[frozenset(FACTORS)][name]
    start = none[:1]
    parts["rates"] = parts["rates"] + (none - start)
    whole = every - start
    shape = (whole.shape[0], len(groups), whole.shape[-1])
    return Change(
        name,
        groups,
        years,
        whole.reshape(shape),
        {factor: part.reshape(shape) for factor, part in parts.items()},
    )


def _rows(change: Change, wanted: Sequence[int], head: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for year in wanted:
        at = change.years.index(year)
        for g, group in enumerate(change.groups):
            for factor, values in (*change.parts.items(), (TOTAL, change.whole)):
                yield _row(head, change.resource, group, year, factor, values[at, g])


def _row(
    head: Mapping[str, str], resource: str, group: str, year: int, factor: str, values: Floats
) -> dict[str, Any]:
    low, high = quantiles(sampled(values), (0.1, 0.9))
    return {
        **head,
        "resource": resource,
        "group": group,
        "year": year,
        "factor": factor,
        "change": finite(values[0]),
        "p10": finite(low),
        "p90": finite(high),
        "unit": RESOURCES[resource].units,
    }


def scenario_rows(results: xr.Dataset, wanted: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Need of each further scenario less that of the first, draw by draw, from a saved run."""
    scenarios = [str(s) for s in results.scenario.values]
    years = [y for y in wanted if y in results.year.values]
    for name, resource in RESOURCES.items():
        if f"{name}_required" not in results or len(scenarios) < 2:
            continue
        array = results[f"{name}_required"].sel(year=years)
        dim = resource.group_dim
        groups = [str(g) for g in array[dim].values] if dim else [TOTAL]
        need = array.values
        for s, r in product(range(1, len(scenarios)), range(need.shape[1])):
            difference = (need[s, r] - need[0, r]).astype(float).reshape(len(years), len(groups), -1)
            region = str(results.region.values[r])
            head = {"scenario": scenarios[s], "region": region, "against": scenarios[0]}
            for (y, year), (g, group) in product(enumerate(years), enumerate(groups)):
                yield _row(head, name, group, int(year), SCENARIO, difference[y, g])


def describe(setup: Setup, draws: int = DRAWS) -> dict[str, Any]:
    """What decomposition.csv of a run means: factors, levers, years and draws."""
    parameters = setup.parameters[setup.scenarios[0], setup.regions[0].code]
    return {
        "method": "Shapley over burden and demand; parts add up to the change in every draw",
        "factors": {name: {"zh": zh, "en": en} for name, (zh, en) in FACTORS.items()},
        "levers_of_policy": [n for n in READ if parameters[n].role == "lever"],
        "scenario": setup.scenarios[0],
        "base_year": setup.years[0],
        "draws": min(draws, setup.experiment.draws.n),
        "change": "parameters at central values; p10 and p90 over the draws",
        "factor_scenario": "need of a scenario less that of the first, paired by draw, all draws",
    }
