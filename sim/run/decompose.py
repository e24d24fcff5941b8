"""What moves the need: the change since the base year by population size, structure, rates, policy.

Burden and demand are evaluated on counterfactual inputs, all sixteen combinations of four factors,
and the Shapley value shares the change out exactly (sim.adequacy.decompose). The factors:

size       residents, all ages alike: the base year's number or the year's.
structure  their shares by sex and age.
rates      what one person of an age and sex needs: rates of admission, visits, disease and
           dependence (mortality behind them), stays, births per woman, wishes, occupancy.
policy     the people and births that fertility policy adds to the projection with that policy off
           (as many at every size), and the levers of health policy in LEVERS that move.

Frozen means: the base year's value for what is stated by year, no growth for what has a trend, and
prevalence by age held. What would still move with everything frozen counts as rates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

import sim.burden
import sim.demand
import sim.demography
from sim.adequacy import quantiles, shapley
from sim.params import Parameter, Sampler
from sim.run.measures import sampled
from sim.run.setup import Setup
from sim.schema import RESOURCES, person_years
from sim.store import number

Floats = npt.NDArray[np.float64]
Arrays = Mapping[str, xr.DataArray]

COLUMNS = (
    "scenario", "region", "resource", "group", "year", "factor", "change", "p10", "p90", "unit",
    "against",
)  # fmt: skip
FACTORS: dict[str, tuple[str, str]] = {
    "size": ("人口规模", "number of residents"),
    "structure": ("年龄性别结构", "their shares by sex and age"),
    "rates": ("人均需要", "need per person: use, disease, stays, births per woman, wishes"),
    "policy": ("政策", "people and births added by fertility policy; levers of health policy"),
}
TOTAL = "total"
SCENARIO = "scenario"
LEVERS = (
    "disease.managed_share", "inpatient.primary_share", "inpatient.tertiary_share_of_hospital",
    "inpatient.private_share", "inpatient.occupancy_target", "occupancy_by_size.bed_group",
    "outpatient.primary_share", "outpatient.tertiary_share_of_hospital",
    "elderly_care.institution_share", "elderly_care.home_share", "elderly_care.community_bed_share",
    "elderly_care.residents_per_worker", "childcare.slots_per_resident",
    "childcare.children_per_carer", "workforce.residents_per_gp", "workforce.nurses_per_bed",
    "workforce.staff_per_bed", "emergency.population_per_ambulance",
)  # fmt: skip
LEVER_PREFIX = "norm."
TRENDS = ("_growth", "_trend", "_change")  # ends of the names of yearly trends: none when frozen
FERTILITY_DIALS = ("fertility.policy_strength", "fertility.birth_support")
DRAWS = 24
"""Sampled draws beside the central one: enough for a band around a part, in about a second."""

_STAGES = (sim.burden, sim.demand)
_BY_COUNTER = ("size", "structure", "policy")  # run side by side along dim draw
_HELD = {"disease.method": "constant_prevalence"}


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
    sampler = Sampler(parameters, years, seed)
    params = sampler.block(list(draws))
    options = xr.set_options(arithmetic_join="exact", keep_attrs=False)  # type: ignore[no-untyped-call]
    with options:
        people = _demography(params, years, draws)
        plain = _demography(_without_policy(params), years, draws) if _acts(params) else people
        needs: dict[frozenset[str], dict[str, xr.DataArray]] = {}
        for moving in (False, True):
            needs |= _needs(people, plain, params, moving=moving)
    none, every = needs[frozenset()], needs[frozenset(FACTORS)]
    return [_change(name, needs, none[name], every[name]) for name in none]


def _change(
    name: str, needs: Mapping[frozenset[str], Mapping[str, xr.DataArray]], none: xr.DataArray,
    every: xr.DataArray,
) -> Change:  # fmt: skip
    parts = shapley(list(FACTORS), lambda chosen: np.asarray(needs[chosen][name].values))
    start = none.values[:1]
    parts["rates"] = parts["rates"] + (none.values - start)
    dim = RESOURCES[name].group_dim
    groups = tuple(str(g) for g in every[dim].values) if dim else (TOTAL,)
    whole = every.values - start
    shape = (whole.shape[0], len(groups), whole.shape[-1])
    return Change(
        name, groups, tuple(int(y) for y in every.year.values), whole.reshape(shape),
        {factor: part.reshape(shape) for factor, part in parts.items()},
    )  # fmt: skip


def _needs(
    people: xr.Dataset, plain: xr.Dataset, params: Arrays, *, moving: bool
) -> dict[frozenset[str], dict[str, xr.DataArray]]:
    """Need of every resource under each combination of size, structure and policy.

    people, plain: demography with and without fertility policy.  moving: whether rates move.
    The combinations stand side by side along dim draw, so that the stages run once.
    """
    chosen = [
        frozenset(f for f, on in zip(_BY_COUNTER, flags, strict=True) if on)
        for flags in product((False, True), repeat=len(_BY_COUNTER))
    ]
    n = people.sizes["draw"]
    worlds = [_world(people, plain, c, moving=moving) for c in chosen]
    state = _side_by_side(worlds)
    own = {name: _parameter(name, params[name], chosen, n, moving=moving)
           for stage in _STAGES for name in stage.PARAMETERS}  # fmt: skip
    for stage in _STAGES:
        inputs = state[list(stage.READS)].assign_coords(state.coords)
        out = stage.project(inputs, {name: own[name] for name in stage.PARAMETERS})
        state = state.assign({name: out[name] for name in stage.WRITES})
    rates = frozenset({"rates"}) if moving else frozenset()
    return {
        c | rates: {
            name: state[f"{name}_required"].isel(draw=slice(i * n, (i + 1) * n))
            for name in RESOURCES
            if f"{name}_required" in state
        }
        for i, c in enumerate(chosen)
    }


def _world(
    people: xr.Dataset, plain: xr.Dataset, chosen: frozenset[str], *, moving: bool
) -> xr.Dataset:
    """What burden and demand read of demography, with the chosen factors at each year's state."""
    out = people.copy()
    stock = plain["population"]
    size = stock.sum(("sex", "age"))
    share = stock / size
    size = size if "size" in chosen else _held(size)
    share = share if "structure" in chosen else _held(share)
    population = size * share
    women = person_years(population.sel(sex="female", drop=True))
    lived = person_years(stock.sel(sex="female", drop=True))
    rate = (plain["births_by_age"] / lived).where(lived > 0, 0.0)
    by_sex = plain["births"] / plain["births"].sum("sex")
    if not moving:
        rate, by_sex, out["mx"] = _held(rate), _held(by_sex), _held(people["mx"])
    by_age = women * rate
    births = by_age.sum("age") * by_sex
    if "policy" in chosen and plain is not people:
        # fewer people than policy took away would be none: intermediate steps stay possible
        population = (population + people["population"] - stock).clip(min=0.0)
        by_age = (by_age + people["births_by_age"] - plain["births_by_age"]).clip(min=0.0)
        births = (births + people["births"] - plain["births"]).clip(min=0.0)
    for name, array in (("population", population), ("births_by_age", by_age), ("births", births)):
        out[name] = array.transpose(*people[name].dims)
    return out


def _held(array: xr.DataArray) -> xr.DataArray:
    """The first year's values in every year."""
    first = array.isel(year=np.zeros(array.sizes["year"], int))
    return first.assign_coords(year=array.year.values)


def _side_by_side(worlds: Sequence[xr.Dataset]) -> xr.Dataset:
    first = worlds[0]
    read = {name for stage in _STAGES for name in stage.READS if name in first}
    arrays = {}
    for name in sorted(read):
        values = np.concatenate([w[name].values for w in worlds], axis=-1)
        coords = {str(d): first[d].values for d in first[name].dims if d != "draw"}
        coords["draw"] = np.arange(values.shape[-1])
        arrays[name] = xr.DataArray(values, coords, first[name].dims)
    return xr.Dataset(arrays)


def _parameter(
    name: str, array: xr.DataArray, chosen: Sequence[frozenset[str]], n: int, *, moving: bool
) -> xr.DataArray:
    """One parameter for all combinations side by side, frozen where its factor is not chosen."""
    lever = name in LEVERS or name.startswith(LEVER_PREFIX)
    if not moving and not lever:
        array = _frozen(name, array)
    apart = lever and "year" in array.dims
    if "draw" not in array.dims:
        if not apart:
            return array
        array = array.expand_dims(draw=np.arange(n)).transpose(..., "draw")
    held = _held(array) if apart else array
    parts = [(array if "policy" in c else held).values for c in chosen]
    values = np.concatenate(parts, axis=-1)
    coords = {str(d): array[d].values for d in array.dims if d != "draw"}
    return xr.DataArray(values, {**coords, "draw": np.arange(values.shape[-1])}, array.dims)


def _frozen(name: str, array: xr.DataArray) -> xr.DataArray:
    if name in _HELD:
        return xr.DataArray(_HELD[name])
    if name.endswith(TRENDS):
        return xr.zeros_like(array)
    return _held(array) if "year" in array.dims else array


def _demography(params: Arrays, years: Sequence[int], draws: Sequence[int]) -> xr.Dataset:
    blank = xr.Dataset(coords={"year": list(years), "draw": list(draws)})
    own = {name: params[name] for name in sim.demography.PARAMETERS}
    return sim.demography.project(blank, own)


def _without_policy(params: Arrays) -> dict[str, xr.DataArray]:
    off = {name: xr.zeros_like(params[name]) for name in FERTILITY_DIALS if name in params}
    return {**params, **off}


def _acts(params: Arrays) -> bool:
    """Whether any fertility policy changes anything."""
    dials = [n for n in params if n.startswith("fertility.") and n.endswith("_quantum")]
    return any(bool(np.any(params[n].values)) for n in (*dials, "fertility.birth_support")
               if n in params)  # fmt: skip


def _rows(
    change: Change, wanted: Sequence[int], head: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
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
        "change": _text(values[0]),
        "p10": _text(low),
        "p90": _text(high),
        "unit": RESOURCES[resource].units,
    }


def _text(value: float) -> str:
    return number(float(value)) if np.isfinite(value) else ""


def scenario_rows(results: xr.Dataset, wanted: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Need of each further scenario less that of the first, draw by draw, from a saved run."""
    scenarios = [str(s) for s in results.scenario.values]
    years = [y for y in wanted if y in results.year.values]
    for name, resource in RESOURCES.items():
        if f"{name}_required" not in results or len(scenarios) < 2:
            continue
        need = results[f"{name}_required"].sel(year=years).load()
        for s, r in product(range(1, len(scenarios)), range(need.sizes["region"])):
            difference = (need[s, r] - need[0, r]).values.astype(float)
            dim = resource.group_dim
            groups = [str(g) for g in need[dim].values] if dim else [TOTAL]
            difference = difference.reshape(len(years), len(groups), -1)
            region = str(results.region.values[r])
            head = {"scenario": scenarios[s], "region": region, "against": scenarios[0]}
            for (y, year), (g, group) in product(enumerate(years), enumerate(groups)):
                yield _row(head, name, group, int(year), SCENARIO, difference[y, g])


def describe(setup: Setup, draws: int = DRAWS) -> dict[str, Any]:
    """What decomposition.csv of a run means: factors, levers, years and draws."""
    return {
        "method": "Shapley over burden and demand; parts add up to the change in every draw",
        "factors": {name: {"zh": zh, "en": en} for name, (zh, en) in FACTORS.items()},
        "levers_of_policy": [*LEVERS, f"{LEVER_PREFIX}*"],
        "scenario": setup.scenarios[0],
        "base_year": setup.years[0],
        "draws": min(draws, setup.experiment.draws.n),
        "change": "parameters at central values; p10 and p90 over the draws",
        "factor_scenario": "need of a scenario less that of the first, paired by draw, all draws",
    }
