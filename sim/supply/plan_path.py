"""The plan carried out: from the stock of its base year to each target, and what follows it.

The trend up to the plan's base year (the run's, where that is later); linear from that stock to the
target (on the target's own population basis); after the target year by the named method: hold_ratio,
hold_count or trend. A plan for all beds is one for their parts too: what is part of a planned total and
has no target of its own keeps its share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import numpy as np
import xarray as xr

from sim.arrays import Floats, Params
from sim.catalogue.bases import basis_named
from sim.catalogue.bed_groups import LEVELS, OWNERS
from sim.groups import stacked
from sim.labelled import made
from sim.plan.targets import PlanTarget, built_on
from sim.schema import RESOURCES

WHOLE = "total"
PARTS = {"beds": (*LEVELS, *OWNERS), "care_beds": ("nursing_type",)}
"""Groups that are part of all: their trend is a share of the trend of all."""
DIVIDED = {"beds": OWNERS}
"""Groups that together are all."""


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
            read = target.on(unstated)
            people = _people(kept, read.basis) if read.is_ratio else shape
            path = _path(groups.get(target.group), read, people, shape, after)
            groups[target.group] = path
        groups = as_one(name, groups, trend, {t.group for t in own})
        out[f"{name}_available"] = stacked(resource.group_dim, groups)
    return out


def as_one(
    name: str, groups: dict[str, xr.DataArray], trend: xr.DataArray | None, stated: Set[str]
) -> dict[str, xr.DataArray]:
    """Groups of a resource that agree with one another, dims year, draw.

    A part without a target keeps its share of the trend, of what the plan has in all.  Of groups
    that together are all, the plan's total comes first: those without a target share what the
    others leave, and figures that do not add up to it are taken in proportion.  Where the plan
    states such parts but no total, all is their sum.
    """
    dim = RESOURCES[name].group_dim
    if trend is None or WHOLE not in groups:
        return groups
    out = dict(groups)
    if WHOLE in stated:
        before = trend.sel({dim: WHOLE}, drop=True)
        for part in (p for p in PARTS.get(name, ()) if p in groups and p not in stated):
            out[part] = groups[WHOLE] * (groups[part] / before)
    divided = [p for p in DIVIDED.get(name, ()) if p in groups]
    fixed = [p for p in divided if p in stated]
    if not fixed:
        return out
    if WHOLE not in stated:
        out[WHOLE] = _sum(out, divided)
        return out
    left = (out[WHOLE] - _sum(out, fixed)).clip(min=0.0)
    return out | _shared(out, [p for p in divided if p not in stated], left, out[WHOLE], fixed)


def _shared(
    groups: Mapping[str, xr.DataArray],
    free: Sequence[str],
    left: xr.DataArray,
    whole: xr.DataArray,
    fixed: Sequence[str],
) -> dict[str, xr.DataArray]:
    """All divided: what is `left` among those that are free, the rest among those that are fixed."""
    taken = whole - left if free else whole
    found = {}
    for names, all_of_them in ((fixed, taken), (free, left)):
        together = _sum(groups, names) if names else whole
        for name in names:
            share = (groups[name] / together).where(together > 0, 1.0 / len(names))
            found[name] = all_of_them * share
    return found


def _sum(groups: Mapping[str, xr.DataArray], names: Sequence[str]) -> xr.DataArray:
    found = groups[names[0]]
    for name in names[1:]:
        found = found + groups[name]
    return found


def _people(kept: Params, basis: str) -> xr.DataArray:
    series, group = basis_named(basis, "plan").at
    (dim,) = (d for d in kept[series].dims if d not in ("year", "draw"))
    return kept[series].sel({dim: group}, drop=True)


def _path(
    trend: xr.DataArray | None,
    target: PlanTarget,
    people: xr.DataArray,
    like: xr.DataArray,
    after: str,
) -> xr.DataArray:
    years = like.year.values
    goal = np.full((len(years), like.sizes["draw"]), target.value)
    if target.is_ratio:
        goal = target.value * people.transpose("year", "draw").values
    own = None if trend is None else trend.transpose("year", "draw").values
    path = plan_path(years, goal, target.year, own, after, target.since)
    return made(path, {d: like[d].values for d in ("year", "draw")}, ("year", "draw"))


def plan_path(
    years: Floats, goal: Floats, target_year: int, trend: Floats | None, after: str, since: int = 0
) -> Floats:
    """The stock that a plan brings, every year: the straight line to its target, and what follows.

    years: of the run, the base year first.  goal: what the target means in each year, (year, draw).
    trend: the stock without the plan, (year, draw), whose first year is the present stock; None
    where none is known: the way to the target is then unknown too (NaN).  after: what follows the
    target year: hold_ratio, hold_count or trend (which without a known trend holds the ratio).
    since: the year whose stock the plan builds on, the trend up to it; the base year if it is later.
    """
    out = goal.copy()
    at = int(np.searchsorted(years, min(target_year, years[-1])))
    if target_year > years[0]:
        early = years < target_year
        known = np.full_like(goal, np.nan) if trend is None else trend
        first = int(np.searchsorted(years, built_on(years, target_year, since)))
        weight = ((years[early] - years[first]) / (target_year - years[first]))[:, None]
        out[early] = known[first] * (1 - weight) + goal[at] * weight
        out[:first] = known[:first]
    if target_year <= years[-1] and after == "hold_count":
        out[at + 1 :] = goal[at]
    elif target_year <= years[-1] and after == "trend" and trend is not None:
        out[at + 1 :] = goal[at] + (trend[at + 1 :] - trend[at])
    return out
