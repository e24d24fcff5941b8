"""What a run keeps of the stages' output: totals and groups for every draw, ages for draw 0."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import xarray as xr

from sim.catalogue import bases
from sim.labelled import concat
from sim.plan.targets import PlanTarget
from sim.schema import LABELS, NOT_KEPT, SUMMED, age_groups
from sim.supply.plan_path import carry_out

Kept = dict[str, xr.DataArray]

ALWAYS = ("population_group", "population_central", "births")
"""Series that every run keeps: tables and charts begin with people."""

PARAMETERS = (
    *bases.PARAMETERS.values(),
    "emergency.city_district_share",
    "emergency.county_multiplier",
    "adequacy.after_target",
    "adequacy.unstated_basis",
)


def reduce(
    state: xr.Dataset,
    params: Mapping[str, xr.DataArray],
    targets: Sequence[PlanTarget] = (),
) -> Kept:
    """Series to keep, each with dims (year, [group], draw), and `population_central` by age.

    What the supply stage expects without the plan is kept as `<x>_projected`; `<x>_available` is
    the plan carried out.  Of a state that was walked for some series (`variables`), those.
    """
    kept: Kept = {}
    kept["population_group"] = age_groups(state["population"])
    kept["population_basis"] = population_basis(kept["population_group"], params)
    if "births" in state:
        kept["births"] = births_by_sex(state["births"])
    for name in SUMMED:
        if name in state:
            kept[name] = state[name].sum(("sex", "age"), skipna=False)
    for key in state.data_vars:
        if str(key) not in (*NOT_KEPT, *kept):
            name = str(key)
            if name.endswith("_available"):
                name = name.removesuffix("_available") + "_projected"
            kept[name] = state[str(key)]
    after = str(params["adequacy.after_target"].item())
    unstated = str(params["adequacy.unstated_basis"].item())
    kept.update(carry_out(kept, targets, after, unstated))
    if 0 in state["draw"].values:
        kept["population_central"] = state["population"].sel(draw=0, drop=True)
    return kept


def variables(series: Collection[str]) -> frozenset[str]:
    """What a state must hold that `reduce` gives some series of it: variables that the stages write."""
    found = {"population", "births"}  # of groups, population bases, and what plans count per head of
    for name in series:
        stem = name.removesuffix("_available").removesuffix("_projected")
        if stem != name:
            found |= {f"{stem}_available", f"{stem}_required"}
        elif not name.startswith("population_"):
            found.add(name)
    return frozenset(found)


def births_by_sex(births: xr.DataArray) -> xr.DataArray:
    """Births of both sexes together and of each, dims (year, newborn_sex, draw).

    births: person, dims year, sex, draw.
    """
    whole = births.sum("sex", skipna=False).expand_dims(sex=["total"])
    together = concat([whole, births], "sex").rename(sex="newborn_sex")
    return together.transpose("year", "newborn_sex", "draw").sel(newborn_sex=list(LABELS["newborn_sex"]))


def population_basis(groups: xr.DataArray, params: Mapping[str, xr.DataArray]) -> xr.DataArray:
    """Persons on each population basis that a plan's ratio may stand on, dims (year, basis, draw).

    resident: living in the region; registered: with household registration there; served:
    residents and outside patients; urban, agricultural: shares of the residents; county:
    outside the city districts; county x3: base of the ambulance rule, county people times its
    multiplier.
    """
    resident = groups.sel(age_group="total", drop=True)
    counties = resident * (1.0 - params["emergency.city_district_share"])
    own = {
        "resident": resident,
        "county": counties,
        "county x3": counties * params["emergency.county_multiplier"],
    }
    parts = []
    for row in bases.OF_RESIDENTS:
        if not row.parameter:
            parts.append(own[row.id])
            continue
        share = params[row.parameter]
        parts.append(resident * (share.clip(0.0, 1.0) if row.within else share))  # a normal's tails leave it
    together = concat(parts, "basis", [row.id for row in bases.OF_RESIDENTS])
    return together.transpose("year", "basis", "draw")
