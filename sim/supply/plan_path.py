"""The plan carried out: from the stock of the base year to each target, and what follows it.

Linear from the base-year stock to the target (on the target's own population basis); after the
target year by the named method: hold_ratio, hold_count or trend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from sim.arrays import Params
from sim.groups import stacked
from sim.plan.targets import AGE_BASES, PlanTarget
from sim.schema import RESOURCES


def carry_out(
    kept: Params,
    targets: Sequence[PlanTarget],
    after: str,
    unstated: str = "resident",
) -> dict[str, xr.DataArray]:
    """`<x>_available` for every resource whose trend is known or that the plan has a target for.

    after: what follows the target year.  unstated: the basis of ratios that state none.
    """
    out: dict[str, xr.DataArray] = {}
    for name, resource in RESOURCES.items():
        trend = kept.get(f"{name}_projected")
        own = [t for t in targets if t.variable == name]
        if trend is None and not own:
            continue
        if resource.group_dim is None:
            if trend is not None:
                out[f"{name}_available"] = trend
            continue
        required = kept.get(f"{name}_required")
        like = trend if trend is not None else required
        if like is None:
            continue
        groups: dict[str, xr.DataArray] = {}
        if trend is not None:
            names = [str(g) for g in trend[resource.group_dim].values]
            groups = {g: trend.sel({resource.group_dim: g}, drop=True) for g in names}
        for target in own:
            shape = like.isel({resource.group_dim: 0}, drop=True)
            basis = unstated if target.basis == "unstated" else target.basis
            read = replace(target, basis=basis)
            path = _path(groups.get(target.group), read, _people(kept, basis), shape, after)
            groups[target.group] = path
        out[f"{name}_available"] = stacked(resource.group_dim, groups)
    return out


def _people(kept: Params, basis: str) -> xr.DataArray:
    if basis in AGE_BASES:
        return kept["population_group"].sel(age_group=AGE_BASES[basis], drop=True)
    known = kept["population_basis"]
    return known.sel(basis=basis if basis in known.basis.values else "resident", drop=True)


def _path(
    trend: xr.DataArray | None,
    target: PlanTarget,
    people: xr.DataArray,
    like: xr.DataArray,
    after: str,
) -> xr.DataArray:
    years = like.year.values
    shape = (len(years), like.sizes["draw"])
    goal = np.full(shape, target.value)
    if target.is_ratio:
        goal = target.value * people.transpose("year", "draw").values
    own = None if trend is None else trend.transpose("year", "draw").values
    at = int(np.searchsorted(years, min(target.year, years[-1])))
    out = goal.copy()
    if target.year > years[0]:
        early = years < target.year
        weight = ((years[early] - years[0]) / (target.year - years[0]))[:, None]
        start = np.full(shape[1], np.nan) if own is None else own[0]
        out[early] = start * (1 - weight) + goal[at] * weight
    if target.year in years and after == "hold_count":
        out[at + 1 :] = goal[at]
    elif target.year in years and after == "trend" and own is not None:
        out[at + 1 :] = goal[at] + (own[at + 1 :] - own[at])
    return xr.DataArray(out, {d: like[d].values for d in ("year", "draw")}, ("year", "draw"))
