"""Need with some causes at each year's state and the others held at the base year's.

Burden and demand are evaluated on counterfactual inputs: size (all residents), structure (their
shares by sex and age), rates (what one person of an age and sex needs), policy (the people and
births that fertility policy adds, and the levers of health policy that move).

Held means: the base year's value for what is stated by year, no growth for what has a trend, and
prevalence by age held. What would still move with everything held counts as rates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import xarray as xr

import sim.burden
import sim.demand
import sim.demography
from sim.arrays import Floats
from sim.labelled import concat, labelled_set
from sim.params.catalogue import HELD
from sim.run import pipeline
from sim.schema import RESOURCES, person_years

Arrays = Mapping[str, xr.DataArray]
Needs = dict[frozenset[str], dict[str, Floats]]
"""Factors that move -> need by resource."""

Roles = Mapping[str, str | None]
"""Parameter -> what it is to a counterfactual: `trend`, `lever`, `policy`, `held:METHOD` or nothing."""
READ = tuple(
    sorted({name for stage in (sim.demography, sim.burden, sim.demand) for name in stage.PARAMETERS})
)
"""Names of the parameters that the need depends on."""
_STAGES = (sim.burden, sim.demand)
_READ = tuple(sorted({name for stage in _STAGES for name in stage.READS}))
_BY_COUNTER = ("size", "structure", "policy")  # run side by side along dim draw


def needs(
    people: xr.Dataset, plain: xr.Dataset, params: Arrays, roles: Roles, *, moving: bool
) -> tuple[Needs, dict[str, tuple[str, ...]]]:
    """Need of every resource under each combination of size, structure and policy.

    people, plain: demography with and without fertility policy.  roles: of the parameters.
    moving: whether rates move.
    Returns the needs, (year, [group], draw), and each resource's groups ("total" without any).
    The combinations stand side by side along dim draw, so that the stages run once.
    """
    chosen = [
        frozenset(f for f, on in zip(_BY_COUNTER, flags, strict=True) if on)
        for flags in product((False, True), repeat=len(_BY_COUNTER))
    ]
    n = people.sizes["draw"]
    state = _side_by_side(_worlds(people, plain, chosen, moving=moving))
    own = {
        name: _parameter(name, params[name], roles.get(name), chosen, n, moving=moving)
        for stage in _STAGES
        for name in stage.PARAMETERS
    }
    state = pipeline.walk(state, own, _STAGES)
    rates = frozenset({"rates"}) if moving else frozenset()
    found = {r: state[f"{r}_required"] for r in RESOURCES if f"{r}_required" in state}
    out = {
        factors | rates: {name: array.values[..., i * n : (i + 1) * n] for name, array in found.items()}
        for i, factors in enumerate(chosen)
    }
    return out, {name: _groups(name, array) for name, array in found.items()}


def _groups(name: str, need: xr.DataArray) -> tuple[str, ...]:
    dim = RESOURCES[name].group_dim
    return tuple(str(g) for g in need[dim].values) if dim else ("total",)


def _worlds(
    people: xr.Dataset, plain: xr.Dataset, chosen: Sequence[frozenset[str]], *, moving: bool
) -> list[dict[str, xr.DataArray]]:
    """What burden and demand read of demography, with the chosen factors at each year's state."""
    stock = plain["population"]
    size = stock.sum(("sex", "age"))
    share = stock / size
    sizes, shares = {True: size, False: _held(size)}, {True: share, False: _held(share)}
    lived = person_years(stock.sel(sex="female", drop=True))
    rate = (plain["births_by_age"] / lived).where(lived > 0, 0.0)
    born = plain["births"].sum("sex")
    by_sex = (plain["births"] / born).where(born > 0, 0.0)
    mx = people["mx"]
    if not moving:
        rate, by_sex, mx = _held(rate), _held(by_sex), _held(mx)
    known: dict[tuple[bool, bool], dict[str, xr.DataArray]] = {}
    out = []
    for factors in chosen:
        key = "size" in factors, "structure" in factors
        if key not in known:
            population = sizes[key[0]] * shares[key[1]]
            by_age = person_years(population.sel(sex="female", drop=True)) * rate
            births = by_age.sum("age") * by_sex
            known[key] = {"population": population, "births_by_age": by_age, "births": births}
        world = {name: people[name] for name in _READ if name in people} | {"mx": mx}
        for name, array in known[key].items():
            if "policy" in factors and plain is not people:
                # fewer people than policy took away would be none: all steps stay possible
                array = (array + people[name] - plain[name]).clip(min=0.0)
            world[name] = array.transpose(*people[name].dims)
        out.append(world)
    return out


def _held(array: xr.DataArray) -> xr.DataArray:
    """The first year's values in every year."""
    first = array.isel(year=np.zeros(array.sizes["year"], int))
    return first.assign_coords(year=array.year.values)


def _side_by_side(worlds: Sequence[Arrays]) -> xr.Dataset:
    return labelled_set({name: _beside([world[name] for world in worlds]) for name in worlds[0]})


def _beside(arrays: Sequence[xr.DataArray]) -> xr.DataArray:
    """Arrays that differ along dim draw, their last, one after the other."""
    return concat(arrays, "draw", range(sum(array.sizes["draw"] for array in arrays)))


def _parameter(
    name: str,
    array: xr.DataArray,
    role: str | None,
    chosen: Sequence[frozenset[str]],
    n: int,
    *,
    moving: bool,
) -> xr.DataArray:
    """One parameter for all combinations side by side, frozen where its factor is not chosen."""
    lever = role == "lever"
    if not moving and not lever:
        array = _frozen(array, role)
    apart = lever and "year" in array.dims
    if "draw" not in array.dims:
        if not apart:
            return array
        array = array.expand_dims(draw=np.arange(n)).transpose(..., "draw")
    held = _held(array) if apart else array
    return _beside([array if "policy" in factors else held for factors in chosen])


def _frozen(array: xr.DataArray, role: str | None) -> xr.DataArray:
    if role is not None and role.startswith(HELD):
        return xr.DataArray(role.removeprefix(HELD))
    if role == "trend":
        return xr.zeros_like(array)
    return _held(array) if "year" in array.dims else array


def demography(params: Arrays, years: Sequence[int], draws: Sequence[int]) -> xr.Dataset:
    """What demography writes, for some draws."""
    blank = xr.Dataset(coords={"year": list(years), "draw": list(draws)})
    return pipeline.step(sim.demography, blank, params)


def without_policy(params: Arrays, roles: Roles) -> dict[str, xr.DataArray]:
    """The parameters with fertility policy and birth support off."""
    off = {name: xr.zeros_like(array) for name, array in params.items() if roles.get(name) == "policy"}
    return {**params, **off}


def policy_acts(params: Arrays, roles: Roles) -> bool:
    """Whether any fertility policy changes anything."""
    return any(bool(np.any(array.values)) for name, array in params.items() if roles.get(name) == "policy")
