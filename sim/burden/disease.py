"""Disease as cohorts: healthy, ill, dead, with exact yearly steps.

dP/da = (1 - P) i - P (r + f (1 - P)) along a cohort: i incidence, r remission, f excess mortality.
Other mortality strikes both states alike and drops out of the prevalence. Standard identity of
the illness-death model (DisMod).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from sim.arguments import choice_faults, rate_faults, refuse, same_label_faults
from sim.arrays import Floats, Params
from sim.burden.compiled import compiled
from sim.burden.illness_death import stepper
from sim.burden.summary import combined_weight
from sim.guard import people_faults
from sim.labelled import concat, dot, like, made
from sim.lanes import at_central
from sim.trend import fading_growth

METHODS = ("constant_prevalence", "illness_death")
_CELLS = ("cause", "sex", "age", "draw")
_NEVER = 1e-15  # 1/year: what a search leaves of "nobody falls ill"
MANAGED = {"stroke": "hypertension", "ischaemic_heart_disease": "hypertension"}
PATIENTS = {"hypertension": "hypertension", "diabetes": "diabetes"}  # whose own deaths it cuts
PARAMETERS = (
    "disease.method",
    "disease.prevalence",
    "disease.incidence",
    "disease.remission",
    "disease.excess_mortality",
    "disease.incidence_trend",
    "disease.excess_trend",
    "disease.trend_half_life",
    "disease.managed_share",
    "disease.management_effect",
    "disease.attributable_share",
    "disease.disability_weight",
)


def transition(i: Floats, r: Floats, f: Floats, years: float = 1.0) -> tuple[Floats, ...]:
    """Matrix exponential of [[-i, r], [i, -(r + f)]] x years, in closed form.

    i, r, f: incidence, remission, excess mortality, 1/year, NumPy of one shape.  years: > 0.
    Returns (healthy to healthy, healthy to ill, ill to healthy, ill to ill): shares of the living,
    other mortality left out, of the same shape. Eigenvalues are real: ((i + r - f)^2 + 4 r f) / 4 >= 0.
    The yearly step of a run: rates are looked at by `project`, not here.
    """
    apart = years * np.sqrt((i + r - f) ** 2 + 4.0 * r * f)  # between the two eigenvalues
    slow = np.exp(0.5 * (apart - (i + r + f) * years))  # of the larger one; both are <= 0
    fallen = -np.expm1(-apart)  # 1 - exp(smaller) / exp(larger): exact where they nearly meet
    ratio = slow * np.divide(fallen, apart, out=np.ones_like(apart), where=apart > 0.0) * years
    even = slow * (1.0 - 0.5 * fallen)
    difference = 0.5 * (r + f - i) * ratio
    return even + difference, ratio * i, ratio * r, even - difference


def step(prevalence: Floats, i: Floats, r: Floats, f: Floats) -> tuple[Floats, Floats]:
    """(prevalence a year later among survivors, share of the living that the disease kills).

    prevalence: share 0..1.  i, r, f: 1/year, as of transition.  NumPy of one shape, as the results.
    """
    hh, hi, ih, ii = transition(i, r, f)
    ill = (1.0 - prevalence) * hi + prevalence * ii
    healthy = (1.0 - prevalence) * hh + prevalence * ih
    alive = ill + healthy
    return ill / alive, 1.0 - alive


def prevalence_by_year(
    start: xr.DataArray,
    rates: tuple[xr.DataArray, xr.DataArray, xr.DataArray],
    trends: tuple[xr.DataArray, xr.DataArray],
    stay: Floats,
) -> Iterator[Floats]:
    """Prevalence along cohorts (cause, sex, age, draw), of one year after another.

    start: prevalence of the base year.  rates: (incidence, remission, excess mortality).  trends:
    indices of incidence and excess mortality by year, 1 in the base year.  stay: of the open age
    group the share who were in it a year before, the others reach it (year less one, sex, draw).
    The array that is given has a row more than ages, and is overwritten by the next year's.
    """
    causes = start.cause.values
    index_i, index_f = (
        np.ascontiguousarray(_plain(t.sel(cause=causes)).transpose("year", "cause", "draw").values)
        for t in trends
    )
    i, r, f = (np.ascontiguousarray(_cells(rate.sel(cause=causes))) for rate in rates)
    begun = np.repeat(_cells(start), 1 if "draw" in start.dims else index_i.shape[-1], axis=-1)
    first = [_first_ill(*own) for own in zip(begun, i, strict=True)]
    steepest = [
        _highest(i[c], index_i[:, c]) + r[c].max() + _highest(f[c], index_f[:, c]) for c in range(len(i))
    ]
    # one row more than ages: those who were in the open age group land behind those who reach it
    now, later = (np.pad(begun, ((0, 0), (0, 0), (0, 1), (0, 0))) for _ in range(2))
    a_year_on = stepper(begun.shape[1:])
    yield now
    for by_i, by_f, before in zip(index_i[1:], index_f[1:], stay, strict=True):
        for c, age in enumerate(first):  # a cause at a time
            a_year_on(now[c], i[c], r[c], f[c], by_i[c], by_f[c], later[c], age, steepest[c])
            if age:
                later[c, :, age] = 0.0  # those a year younger were not ill and did not fall ill
            reach, stayed = later[c, :, -2], later[c, :, -1]
            reach += before * (stayed - reach)
        now, later = later, now
        yield now


def _first_ill(prevalence: Floats, incidence: Floats) -> int:
    """The first age at which anybody is or falls ill; below it nobody is, in any year."""
    highest = np.maximum(prevalence.max(axis=(0, 2)), incidence.max(axis=(0, 2)))  # of length 1: of every age
    return int(np.argmax(highest > 0))


def _highest(rate: Floats, index: Floats) -> float:
    """More than the rate has in any year."""
    return float(rate.max()) * float(index.max())


def project(
    population: xr.DataArray, params: Params, *, disability: bool = True
) -> tuple[xr.DataArray, xr.DataArray]:
    """(cases by year, cause, draw; disability of the causes together by year, sex, age, draw).

    `disease.method`: constant_prevalence holds prevalence by age; illness_death moves it along
    cohorts with the trends of incidence and excess mortality and the coverage of management.
    disability: without it the second is 0 throughout, where only cases are asked for.
    """
    start, weight = params["disease.prevalence"], params["disease.disability_weight"]
    method = str(params["disease.method"].item())
    refuse(choice_faults("disease.method", method, METHODS), people_faults("population", population))
    refuse(same_label_faults("disease.disability_weight", weight, start, "cause"))
    for name in ("incidence", "remission", "excess_mortality"):
        rate = params[f"disease.{name}"]
        refuse(rate_faults(f"disease.{name}", rate))
        refuse(same_label_faults(f"disease.{name}", rate, start, "cause"))
    if method == "constant_prevalence":
        as_before = dot(population, start, dim=["sex", "age"])
        return as_before, combined_weight(start, weight)
    year = population.year
    scale, half_life = _one(population), params["disease.trend_half_life"]
    incidence = fading_growth(year, params["disease.incidence_trend"], half_life) * scale
    excess = fading_growth(year, params["disease.excess_trend"], half_life) * scale
    incidence = incidence * managed_factor(year, incidence.cause, MANAGED, params)
    excess = excess * managed_factor(year, excess.cause, PATIENTS, params, among="patients")
    spread = start / at_central(start) if "draw" in start.dims else made(1.0, {}, ())
    spread = spread.where(np.isfinite(spread), 1.0)
    incidence_by_age = params["disease.incidence"]
    rates = (
        incidence_by_age.where(incidence_by_age > _NEVER, 0.0) * spread,
        params["disease.remission"],
        params["disease.excess_mortality"],
    )
    people = np.ascontiguousarray(population.transpose("year", *_CELLS[1:]).values)
    old, reach = people[:-1, :, -1], people[:-1, :, -2]
    stay = np.divide(old, old + reach, out=np.zeros_like(old), where=old + reach > 0)
    by_year = prevalence_by_year(start, rates, (incidence, excess), stay)
    weights = _weights(weight.sel(cause=start.cause), people.shape[-1]) if disability else None
    cases, able = _cases_and_able(people, by_year, start.sizes["cause"], weights)
    coords = {name: population[name].values for name in ("year", "sex", "age", "draw")}
    by_cause = {"year": coords["year"], "cause": start.cause.values, "draw": coords["draw"]}
    return (
        made(cases, by_cause, ("year", "cause", "draw")),
        made(1.0 - able, coords, ("year", *_CELLS[1:])),
    )


def _cases_and_able(
    people: Floats, by_year: Iterator[Floats], causes: int, weights: Floats | None
) -> tuple[Floats, Floats]:
    """Cases (year, cause, draw), and the share of each age that no cause disables (year, sex, age, draw).

    people: (year, sex, age, draw).  by_year: of prevalence_by_year.  weights: disability (cause, draw);
    without them nobody is disabled.
    """
    cases = np.empty((len(people), causes, people.shape[-1]))
    able = np.ones_like(people)
    well = np.empty_like(people[0])
    fast = compiled()
    for t, now in enumerate(by_year):
        for c, own in enumerate(now):
            if fast is not None and weights is not None:
                fast.counted(people[t], own, weights[c], cases[t, c], able[t])
                continue
            ill = own[:, :-1]
            np.einsum("sad,sad->d", people[t], ill, out=cases[t, c])
            if weights is not None:
                np.multiply(ill, weights[c], out=well)
                np.subtract(1.0, well, out=well)
                able[t] *= well
    return cases, able


def managed_factor(
    year: xr.DataArray,
    cause: xr.DataArray,
    programmes: Mapping[str, str],
    params: Params,
    among: str = "everybody",
) -> xr.DataArray:
    """Rate by cause relative to the base year's coverage of management; 1 for other causes.

    programmes: cause -> managed disease whose coverage counts.  among: see relative_risk.
    """
    by_programme = relative_risk(year, params, among)
    parts = []
    for name in cause.values:
        programme = programmes.get(str(name))
        one = like(by_programme.isel(programme_cause=0, drop=True), 1.0)
        parts.append(one if programme is None else by_programme.sel(programme_cause=programme, drop=True))
    return concat(parts, "cause", cause.values)


def relative_risk(year: xr.DataArray, params: Params, among: str = "everybody") -> xr.DataArray:
    """Deaths and first events relative to the coverage of the base year, by managed disease.

    Risk is 1 - attributable share x effect x coverage, over the same of the base year; among
    "patients" every death counts, so the attributable share is left out.
    """
    coverage = params["disease.managed_share"].clip(0.0, 1.0)
    if "year" not in coverage.dims:
        coverage = coverage.expand_dims(year=year.values)
    cut = params["disease.management_effect"]
    if among == "everybody":
        cut = cut * params["disease.attributable_share"]
    risk = 1.0 - (cut * coverage).clip(0.0, 1.0)
    return risk / risk.isel(year=0, drop=True)


def _plain(array: xr.DataArray) -> xr.DataArray:
    return array.drop_vars(list(array.coords))


def _cells(array: xr.DataArray) -> Floats:
    """Values (cause, sex, age, draw), of one cell along a dimension that the array lacks."""
    array = _plain(array)
    array = array.expand_dims([d for d in _CELLS if d not in array.dims])
    return np.asarray(array.transpose(*_CELLS).values)


def _weights(weight: xr.DataArray, draws: int) -> Floats:
    """Disability weights (cause, draw)."""
    weight = weight if "draw" in weight.dims else weight.expand_dims("draw")
    own = weight.transpose("cause", "draw").values
    return np.ascontiguousarray(np.broadcast_to(own, (len(own), draws)))


def _one(population: xr.DataArray) -> xr.DataArray:
    return like(population.isel(year=0, sex=0, age=0, drop=True), 1.0)
