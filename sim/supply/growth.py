"""Growth of a stock that was estimated by region: the nation's of each year, and the region's beside it.

The nation's growth, the region's lasting difference from it, what single years bring besides (partial
pooling: Gelman & Hill 2007, section 12.2), and the share of its distance from the nation's stock per
resident by which it nears it (conditional convergence: Barro & Sala-i-Martin 1992, Journal of Political
Economy 100(2), 223-251).  The nation's growth slows as its stock per resident comes to a ceiling (logistic:
Tsoularis & Wallace 2002, Mathematical Biosciences 179(1), 21-55, eq. 2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.arguments import choice_faults, refuse
from sim.arrays import Params
from sim.catalogue import cadres
from sim.labelled import each, like
from sim.supply.stocks import newest

FORMS = ("nearing", "pace", "nation")
PARAMETERS = (
    *(
        f"supply.{resource}_{part}"
        for resource in ("beds", *(cadre.id for cadre in cadres.PACED))
        for part in ("growth", "pace", "swing", "relative", "farthest", "density", "density_year", "ceiling")
    ),
    "supply.nearing",
    "supply.nation_people",
    "supply.trend_form",
)


@dataclass(frozen=True)
class Distance:
    """How far a region's stock per resident stands from the nation's, and how fast it nears it."""

    nearing: xr.DataArray
    """Share of the distance, a year."""
    relative: xr.DataArray
    """Log of its province's stock per resident over the nation's at the newest count."""
    since: int
    """Year of that count."""
    people: xr.DataArray
    """Log growth of the people served beside the nation's in each year, dims year (draw)."""
    farthest: xr.DataArray
    """Distance beyond which the nation pulls no more."""


def yearly_growth(
    year: xr.DataArray,
    nation: xr.DataArray,
    pace: xr.DataArray,
    swing: xr.DataArray,
    distance: Distance | None = None,
) -> xr.DataArray:
    """Log growth of a stock in each year, dims year and those of the parameters.

    nation: of the nation in each year.  pace: the region's lasting difference from it.  swing: what
    single years bring besides.  distance: from the nation's stock per resident, which the region nears;
    none unless given.
    """
    own = like(year, 0.0) + pace + swing
    if distance is not None:
        own = _nearing(own, distance)
    return own + nation


def _nearing(own: xr.DataArray, distance: Distance) -> xr.DataArray:
    """Growth beside the nation's of a region that nears it from its newest count on."""
    own = own + 0.0 * (distance.nearing + distance.relative + distance.people)  # the draws of all
    own = own.transpose(*(d for d in ("year", "draw") if d in own.dims))
    near, away, people = (
        (part + 0.0 * own).transpose(*own.dims).values
        for part in (distance.nearing, distance.relative, distance.people)
    )
    out, apart, far = own.values.copy(), away[0], float(distance.farthest)
    for i in np.flatnonzero(own.year.values > distance.since):
        out[i] -= near[i] * np.clip(apart, -far, far)
        apart = apart + out[i] - people[i]
    return own.copy(data=out)


def nation_growth(resource: str, year: xr.DataArray, params: Params) -> xr.DataArray:
    """The nation's log growth in each year: counted, then slowing towards its ceiling."""
    growth, dense, top = (params[f"supply.{resource}_{part}"] for part in ("growth", "density", "ceiling"))
    since = max(int(params[f"supply.{resource}_density_year"].item()), int(year[0]))
    people = steps(like(year, 0.0) + params["supply.nation_people"])
    return slowing(like(year, 0.0) + growth, dense, top, since, people)


def slowing(
    growth: xr.DataArray, density: xr.DataArray, top: xr.DataArray, since: int, people: xr.DataArray
) -> xr.DataArray:
    """Log growth that ends at a ceiling: of each year after `since` the share of the way that is left.

    growth: at the density of the year `since`, dims year (draw).  density: stock per resident then; top:
    the ceiling, at or below which there is no growth.  people: log growth of the residents, dims year.
    """
    growth = growth + 0.0 * (density + top + people)  # the draws of all
    growth = growth.transpose(*(d for d in ("year", "draw") if d in growth.dims))
    dense, most, served = (
        (part + 0.0 * growth).transpose(*growth.dims).values for part in (density, top, people)
    )
    out, now, most = growth.values.copy(), dense[0], most[0]
    way = most - now
    for i in np.flatnonzero(growth.year.values > since):
        left = np.divide(most - now, way, out=np.zeros_like(now), where=way > 0)
        out[i] = growth.values[i] * np.clip(left, 0.0, None)
        now = now * np.exp(out[i] - served[i])
    return growth.copy(data=out)


def growth_of(
    resource: str, year: xr.DataArray, params: Params, people: xr.DataArray | None = None
) -> xr.DataArray:
    """Log growth of a resource in each year by the method `supply.trend_form`.

    nearing: the nation's, the region's pace, and what it nears the nation by; pace: without the
    nearing, so that a difference lasts for ever; nation: the nation's alone.  people: residents, dims
    year (draw); they move as the nation's unless given.
    """
    form = str(params["supply.trend_form"].item())
    refuse(choice_faults("supply.trend_form", form, FORMS))
    pace, swing = (params[f"supply.{resource}_{part}"] for part in ("pace", "swing"))
    nation = nation_growth(resource, year, params)
    if form == "nation":
        return like(year, 0.0) + nation
    if form == "pace":
        return yearly_growth(year, nation, pace, swing)
    since, moved = newest(params[f"supply.{resource}_base"], year), like(year, 0.0)
    if people is not None:
        moved = steps(people) - steps(params["supply.nation_people"])
    relative, far = (params[f"supply.{resource}_{part}"] for part in ("relative", "farthest"))
    away = Distance(params["supply.nearing"], relative, since, moved, far)
    return yearly_growth(year, nation, pace, swing, away)


def steps(people: xr.DataArray) -> xr.DataArray:
    """Log growth to each year from the one before; 0 in the first."""
    logs = each(np.log, people)
    return (logs - logs.shift(year=1)).fillna(0.0)
