"""Staff as a stock-flow by age: entrants, attrition, retirement on the legal path.

Entrants replace those who left in the base year and add the observed growth, which fades; a cadre
that shrinks is replaced at its present size, so that it does not come back by itself. The rising
retirement age keeps people longer; nothing assumes that a plan is met.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.arguments import (
    choice_faults,
    count_faults,
    positive_faults,
    refuse,
    share_faults,
)
from sim.arrays import Floats, Integers, Params
from sim.catalogue import cadres
from sim.errors import ParameterError, fault
from sim.labelled import concat, each, made
from sim.schema import AGE_GROUPS
from sim.supply.growth import growth_of
from sim.supply.stock_flow import run_stock_flow
from sim.supply.stocks import counted

FORMS = ("additive", "multiplicative")
NEVER = 1e6  # years in which a growth that does not fade halves
DECADE = 10.0  # years: a tilt is per ten years of age
PARAMETERS = (
    *(f"supply.{cadre.id}_base" for cadre in cadres.STOCKS),
    *(f"supply.{cadre.id}_growth" for cadre in cadres.STOCKS if cadre not in cadres.PACED),
    *dict.fromkeys(cadre.half_life for cadre in cadres.ROWS),
    "supply.staff_growth_form",
    "supply.slots_per_carer",
    "workforce.practising_share",
    "childcare.other_staff",
    "population.urban_share",
    "workforce.age_share",
    "workforce.age_tilt",
    "workforce.female_share",
    "workforce.female_entrants",
    "workforce.attrition",
    "workforce.stay_after_retirement",
    "workforce.leave_after_retirement",
    "workforce.retirement_age",
    "workforce.entry_age",
    "workforce.entry_width",
)


def staff(population: xr.DataArray, slots: xr.DataArray, params: Params) -> dict[str, xr.DataArray]:
    """Headcount, entrants and leavers of every cadre, dims year, cadre, draw.

    population: persons, dims year, sex, age, draw.  slots: childcare slots, dims year, draw: their
    carers and other staff follow them.
    """
    carers = slots / params["supply.slots_per_carer"]
    following = {"childcare_staff": carers * (1.0 + params["childcare.other_staff"])}
    stocks = [cadre.id for cadre in cadres.STOCKS]
    people = population.sum(("sex", "age"), skipna=False)
    paths = staff_paths(counted_staff(population, params), stocks, params, following, people)
    parts = {cadre.id: cadre.part_of for cadre in cadres.ROWS if cadre.part_of}
    for part, whole in parts.items():
        paths = _with_part(paths, part, whole, params["workforce.practising_share"].clip(0.0, 1.0))
    return {name: path.sel(cadre=list(cadres.IDS)) for name, path in paths.items()}


def _with_part(
    paths: dict[str, xr.DataArray], part: str, whole: str, share: xr.DataArray
) -> dict[str, xr.DataArray]:
    """The paths with a cadre that is a share of another: it leaves as the whole does, the rest enters.

    share: 0..1, dims year or none, draw or none.  Who turns from the rest into the part (an
    assistant who is licensed in full) is an entrant of the part.
    """
    own = {name: path.sel(cadre=whole, drop=True) * share for name, path in paths.items()}
    before = own["headcount"].shift(year=1)
    change = (own["headcount"] - before).fillna(0.0)
    own["entrants"] = (change + own["leavers"]).clip(0.0)
    own["leavers"] = own["entrants"] - change
    return {
        name: concat([path, own[name].expand_dims(cadre=[part])], "cadre").transpose(*path.dims)
        for name, path in paths.items()
    }


def counted_staff(population: xr.DataArray, params: Params) -> xr.DataArray:
    """Headcount up to the newest count, NaN after it, dims year, cadre, draw.

    population: persons, dims year, sex, age, draw.  A stock is stated per head of whom it serves.
    """
    people = population.sum("sex", skipna=False)
    everybody = people.sum("age", skipna=False)
    first, last = AGE_GROUPS["60+"]
    served = {
        "residents": everybody,
        "rural": everybody * (1.0 - params["population.urban_share"]),
        "60+": people.sel(age=slice(first, last)).sum("age", skipna=False),
    }
    parts = [counted(served[cadre.served], params[f"supply.{cadre.id}_base"]) for cadre in cadres.STOCKS]
    names = [cadre.id for cadre in cadres.STOCKS]
    return concat(parts, "cadre", names)


def staff_paths(
    stock: xr.DataArray,
    cadres: Sequence[str],
    params: Params,
    following: Params | None = None,
    people: xr.DataArray | None = None,
) -> dict[str, xr.DataArray]:
    """Headcount, entrants and leavers, dims year, cadre, draw.

    stock: headcount up to the newest count, NaN after it, dims year, cadre, draw.  following: further
    cadres whose headcount follows a path, dims year, draw (staff of slots).  people: residents, dims
    year, draw, whose number moves as the nation's unless given.  A cadre whose growth
    was estimated by region adds that share of last year's stock.  Of the others
    `supply.staff_growth_form`: additive adds as many every year as in the base year, multiplicative
    a share of the stock; both fade by `supply.staff_half_life`.  All stay at zero from zero.
    """
    years, draws = stock.year, stock.sizes["draw"]
    followed = [a.transpose("year", "draw").values for a in (following or {}).values()]
    counts = stock.sel(cadre=list(cadres)).transpose("year", "cadre", "draw").values
    goal = np.concatenate([counts, *(f[:, None] for f in followed)], axis=1)
    every = (*cadres, *(following or {}))
    trends = [_trend(c, years, draws, params, people) for c in every]
    growth, half_life = (np.stack(part, axis=1) for part in zip(*trends, strict=True))
    form = str(params["supply.staff_growth_form"].item())
    refuse(choice_faults("supply.staff_growth_form", form, FORMS))
    path = run_stock_flow(
        age_profile(params, every, draws) * goal[0][:, None, None, :],
        growth,
        half_life,
        np.stack([_draws(_of(params["workforce.attrition"], c), draws) for c in every]),
        np.stack([_draws(_of(params["workforce.stay_after_retirement"], c), draws) for c in every]),
        _draws(params["workforce.leave_after_retirement"], draws),
        _retirement(params, years.values),
        entry_profile(params, every),
        working_ages(params),
        multiplicative=np.array([form == "multiplicative" or _is_paced(c) for c in every]),
        goal=goal,
        net=np.array([_is_paced(c) for c in every]),
        exact=np.array([c not in (following or {}) for c in every]),
    )
    coords = {"year": years.values, "cadre": list(every), "draw": stock.draw.values}
    named: dict[str, Floats] = {
        "headcount": path.headcount,
        "entrants": path.entrants,
        "leavers": path.leavers,
    }
    return {k: made(v, coords, ("year", "cadre", "draw")) for k, v in named.items()}


def _trend(
    cadre: str, years: xr.DataArray, draws: int, params: Params, people: xr.DataArray | None
) -> tuple[Floats, Floats]:
    """Growth and half-life of a cadre, both (year, draw)."""
    if _is_paced(cadre):
        grown = each(np.expm1, growth_of(cadre, years, params, people))
        return _by_year(grown, years.size, draws), np.full((years.size, draws), NEVER)
    follows = cadres.CADRES[cadre].trend == "follows"
    growth = made(0.0, {}, ()) if follows else params[f"supply.{cadre}_growth"]
    half_life = params[half_life_of(cadre)]
    return _by_year(growth, years.size, draws), _by_year(half_life, years.size, draws)


def _is_paced(cadre: str) -> bool:
    return cadres.CADRES[cadre].trend == "paced"


def half_life_of(cadre: str) -> str:
    """Name of the parameter that says how fast the trend of a cadre fades."""
    return cadres.CADRES[cadre].half_life


def yearly_inflow(
    base: float, target: float, years: int, leaving_rate: float, form: str = "additive"
) -> float:
    """Entrants a year (additive), or growth of the stock a year (multiplicative), up to a target.

    base, target: headcount now and after `years`.  leaving_rate: share that leaves every year.
    additive: the same number k every year, N(t+1) = N(t) (1 - leaving_rate) + k, valid from zero.
    Raises ParameterError for multiplicative growth from zero, which reaches nothing, for another
    form, headcounts below 0, less than one year or a share outside 0..1.
    """
    refuse(choice_faults("yearly_inflow: form", form, FORMS))
    refuse(count_faults("base", base), count_faults("target", target))
    refuse(positive_faults("years", years), share_faults("leaving_rate", leaving_rate))
    if form == "multiplicative":
        if base <= 0:
            wrong = f"multiplicative growth from a stock of {base:g}"
            raise ParameterError(fault("yearly_inflow", wrong, "use additive"))
        return float((target / base) ** (1.0 / years) - 1.0)
    left = (1.0 - leaving_rate) ** years
    weight = years if leaving_rate == 0 else (1.0 - left) / leaving_rate
    return float((target - base * left) / weight)


def working_ages(params: Params) -> Integers:
    """The ages that the table of ages has staff at: nobody is counted beyond the last."""
    share = params["workforce.age_share"]
    known = share.age.values[(share > 0).any("cadre").values]
    return np.arange(known[0], known[-1] + 1)


def age_profile(params: Params, cadres: Sequence[str], draws: int) -> Floats:
    """Shares of staff by sex and age that add up to one: (cadre, sex, age, draw)."""
    ages = working_ages(params)
    tilt = np.exp(_draws(params["workforce.age_tilt"], draws) * (ages - ages[0])[:, None] / DECADE)
    out = []
    for cadre in cadres:
        share = _of(params["workforce.age_share"], cadre).sel(age=ages).values
        women = float(_of(params["workforce.female_share"], cadre))
        by_age = share[:, None] * tilt
        by_age = by_age / by_age.sum(axis=0)
        out.append(np.stack([women * by_age, (1.0 - women) * by_age]))
    return np.stack(out)


def entry_profile(params: Params, cadres: Sequence[str]) -> Floats:
    """Shares of entrants by sex and age that add up to one: (cadre, sex, age)."""
    ages, width = working_ages(params), float(params["workforce.entry_width"])
    out = []
    for cadre in cadres:
        middle = float(_of(params["workforce.entry_age"], cadre))
        share = (np.abs(ages - middle) <= width).astype(float)
        women = float(_of(params["workforce.female_entrants"], cadre))
        out.append(np.stack([women * share, (1.0 - women) * share]) / share.sum())
    return np.stack(out)


def _retirement(params: Params, years: Sequence[int]) -> Floats:
    age = params["workforce.retirement_age"].sel(sex=["female", "male"])
    full: Floats = age.sel(year=list(years)).transpose("year", "sex").values
    return full


def _of(array: xr.DataArray, cadre: str) -> xr.DataArray:
    """The row of a cadre, or of the cadre that stands for it."""
    return array.sel(cadre=cadres.CADRES[cadre].structure, drop=True)


def _draws(array: xr.DataArray, draws: int) -> Floats:
    values: Floats = np.broadcast_to(np.asarray(array.values, float), (draws,))
    return values


def _by_year(array: xr.DataArray, years: int, draws: int) -> Floats:
    """A number, or one for each year, as (year, draw)."""
    dims = [d for d in ("year", "draw") if d in array.dims]
    values = np.asarray(array.transpose(*dims).values, float)
    shape = [years if "year" in dims else 1, draws if "draw" in dims else 1]
    return np.broadcast_to(values.reshape(shape), (years, draws))
