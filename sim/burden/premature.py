"""Deaths by the four NCDs at ages 30-69, compiled where numba is installed (the extra `fast`).

The same sums as in `summary.ncd_rates` and `summary.premature_ncd_deaths`, with shares that are within all,
but people, rates and shares of an age are read once for both.  The numbers are those of these to 1e-12 of
each; without numba everything is computed there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
import xarray as xr

from sim.arrays import Floats, compact, compiled_all
from sim.burden.summary import WIDTH
from sim.labelled import made

Pass = Callable[..., None]


def by_age(
    people: Floats,
    lived: Floats,
    mx: Floats,
    shares: Floats,
    risk: Floats,
    width: int,
    groups: Floats,
    deaths: Floats,
) -> None:
    """Fill groups (people or deaths, group, year, draw) and deaths (cause, year, draw), persons.

    people, lived (person-years), mx (1/year): (year, sex, age, draw), `width` ages a group.  shares: of
    deaths, (cause, sex, age, year or 1, draw), cut where they are more than all; risk (cause, year, draw).
    """
    groups[:] = 0.0
    deaths[:] = 0.0
    whole, part = np.empty(people.shape[3]), np.empty(people.shape[3])
    draws = range(people.shape[3])
    for t in range(people.shape[0]):
        at = min(t, shares.shape[3] - 1)
        for sex in range(people.shape[1]):
            for age in range(people.shape[2]):
                whole[:] = part[:] = 0.0
                for c in range(shares.shape[0]):
                    for d in draws:
                        whole[d] += shares[c, sex, age, at, d]
                for d in draws:
                    whole[d] = mx[t, sex, age, d] / (whole[d] if whole[d] > 1.0 else 1.0)
                for c in range(shares.shape[0]):
                    for d in draws:
                        own = shares[c, sex, age, at, d] * whole[d]
                        part[d] += own * risk[c, t, d]
                        deaths[c, t, d] += lived[t, sex, age, d] * own
                group = age // width
                for d in draws:
                    rate = part[d] if part[d] < mx[t, sex, age, d] else mx[t, sex, age, d]
                    groups[0, group, t, d] += people[t, sex, age, d]
                    groups[1, group, t, d] += people[t, sex, age, d] * (rate if rate > 0.0 else 0.0)
        for c in range(shares.shape[0]):
            for d in draws:
                deaths[c, t, d] *= risk[c, t, d]


def rates_and_deaths(
    run: Pass,
    people: xr.DataArray,
    lived: xr.DataArray,
    mx: xr.DataArray,
    shares: xr.DataArray,
    risk: xr.DataArray,
) -> tuple[xr.DataArray, xr.DataArray] | None:
    """(rates as of `summary.ncd_rates`, deaths as of `summary.premature_ncd_deaths`) by what is compiled.

    run: of `compiled`.  people, lived, mx: as there, of the ages of `summary.AGES`; shares: of deaths, before
    they are cut to be within all, dims ncd, sex, age and more; risk: dims among ncd, year, draw.
    None where nobody lives in a group.
    """
    coords = {name: people[name].values for name in ("year", "draw")} | {"ncd": shares["ncd"].values}
    years, draws, causes = len(coords["year"]), len(coords["draw"]), len(coords["ncd"])
    cells = [compact(array.transpose("year", "sex", "age", "draw").values) for array in (people, lived, mx)]
    own = _with(shares, ("ncd", "sex", "age", "year", "draw"))
    if own.shape[-1] != draws:
        own = np.repeat(own, draws, axis=-1)
    by_cause = np.empty((causes, years, draws))
    by_cause[:] = _with(risk, ("ncd", "year", "draw"))
    groups = np.empty((2, cells[0].shape[2] // WIDTH, years, draws))
    deaths = np.empty_like(by_cause)
    run(*cells, compact(own), by_cause, WIDTH, groups, deaths)
    if not (groups[0] > 0).all():
        return None
    rates = made(groups[1] / groups[0], coords, ("age_group", "year", "draw"))
    return rates, made(deaths, coords, ("ncd", "year", "draw")).transpose("year", "ncd", "draw")


def _with(array: xr.DataArray, dims: tuple[str, ...]) -> Floats:
    """Values by `dims`, of one cell along those that the array lacks."""
    lacking = [d for d in dims if d not in array.dims]
    array = array.drop_vars(list(array.coords)).expand_dims(lacking) if lacking else array
    return np.asarray(array.transpose(*dims).values)


@functools.cache
def compiled() -> Pass | None:
    """`by_age`, compiled; None where numba is not installed."""
    functions = compiled_all(by_age)
    return None if functions is None else functions[0]
