"""Migrants by age, and births and deaths of the years, compiled where numba is installed (the extra `fast`).

The same equations as in `migration.regressed_migrants` and `stage`, but each number is read and written
once and not once for each operation.  The numbers are those of these to 1e-12 of each; without numba
everything is computed there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats, compiled_all


class Compiled(NamedTuple):
    """What numba has compiled."""

    migrants: Callable[..., bool]
    flows: Callable[..., None]


def foretold(
    flows: Floats, profiles: Floats, error: Floats, start: Floats, base: Floats, out: Floats, sums: Floats
) -> None:
    """Fill `out` with net migrants of an age by its past, and add them to sums[0], all (draw,).

    flows: in and out of the region, (2, draw).  profiles of the age: of both flows, share that goes on,
    change, deviation; error: of the deviation.  start, base: people at the year's start, in the first year.
    To sums[1] are added the people times their change.
    """
    arriving, leaving, retained, change, apart = profiles
    for d in range(out.size):
        present = start[d] / base[d] * leaving if base[d] > 0.0 else leaving
        decade = flows[0, d] * arriving - flows[1, d] * present
        own = decade * retained + start[d] * (apart * error[d])
        out[d] = own
        sums[0, d] += own
        sums[1, d] += start[d] * change


def migrants(
    level: Floats, flows: Floats, profiles: Floats, error: Floats, closed: Floats, moved: Floats
) -> bool:
    """Fill moved (year, sex, age, draw) as `migration.regressed_migrants` does; whether ages change.

    level: net, (year, draw); flows: in and out, (year, 2, draw), persons a year.  profiles: as of foretold,
    (sex, age, 5); error (draw,).  closed: people without migration at a year's end, (year, sex, age, draw).
    """
    for t in range(moved.shape[0]):
        start, sums = closed[max(t - 1, 0)], np.zeros((2, moved.shape[3]))
        for sex in range(moved.shape[1]):
            for age in range(moved.shape[2]):
                own, out = profiles[sex, age], moved[t, sex, age]
                foretold(flows[t], own, error, start[sex, age], closed[0, sex, age], out, sums)
        for d in range(moved.shape[3]):
            if not sums[1, d] > 0.0:
                return False
            sums[0, d] = (level[t, d] - sums[0, d]) / sums[1, d]
        for sex in range(moved.shape[1]):
            for age in range(moved.shape[2]):
                change = profiles[sex, age, 3]
                for d in range(moved.shape[3]):
                    moved[t, sex, age, d] += start[sex, age, d] * change * sums[0, d]
    return True


def born(women: Floats, later: Floats, came: Floats, asfr: Floats, exposure: Floats, births: Floats) -> None:
    """Fill exposure and births of women (age, draw) at a year's start and, with migrants, at its end."""
    for age in range(women.shape[0]):
        for d in range(women.shape[1]):
            exposure[age, d] = (women[age, d] + (later[age, d] - came[age, d])) / 2.0
            births[age, d] = asfr[age, d] * exposure[age, d]


def died(
    mx: Floats, births: Floats, before: Floats, later: Floats, came: Floats, lived: Floats, deaths: Floats
) -> None:
    """Fill deaths by age at death, (age, draw), of those before and born, and later with migrants `came`.

    lived: by infants who die, (draw,).  In the open group they are those of all cohorts less the others.
    """
    last = mx.shape[0] - 1
    cohorts, others = np.zeros(births.size), np.zeros(births.size)
    for age in range(last + 1):
        for d in range(births.size):
            after = later[age, d] - came[age, d]
            lost = (before[age - 1, d] if age else births[d]) - after
            if age == last:
                cohorts[d] += lost + before[age, d]
                deaths[age, d] = cohorts[d] - others[d]
            else:
                part = lived[d] if age == 0 else 0.5
                own = mx[age, d] * (part * before[age, d] + (1.0 - part) * after)
                deaths[age, d] = own
                cohorts[d] += lost
                others[d] += own


def flows(
    population: Floats,
    mx: Floats,
    asfr: Floats,
    boys: Floats,
    moved: Floats,
    lived: Floats,
    by_age: Floats,
    births: Floats,
    deaths: Floats,
    exposure: Floats,
) -> None:
    """Fill by_age and exposure (year, age, draw), births (year, sex, draw), deaths (year, sex, age, draw).

    population, mx, moved: (year, sex, age, draw), stocks at year's end.  asfr (year, age, draw).  boys: per
    girl, (year, draw).  lived: part of their year that infants who die live, (year, sex, draw).  The first
    year's are its rates applied to its stock.
    """
    none = np.zeros(moved.shape[2:])
    for t in range(mx.shape[0]):
        before, came = population[max(t - 1, 0)], moved[t]
        born(before[0], population[t, 0], came[0] if t else none, asfr[t], exposure[t], by_age[t])
        births[t, 0, :] = 0.0
        for age in range(by_age.shape[1]):
            for d in range(by_age.shape[2]):
                births[t, 0, d] += by_age[t, age, d]
        for d in range(by_age.shape[2]):
            births[t, 1, d] = births[t, 0, d] * boys[t, d] / (1.0 + boys[t, d])
            births[t, 0, d] /= 1.0 + boys[t, d]
        for sex in range(mx.shape[1]):
            if t:
                there = population[t, sex]
                died(mx[t, sex], births[t, sex], before[sex], there, came[sex], lived[t, sex], deaths[t, sex])
                continue
            for age in range(mx.shape[2]):
                for d in range(mx.shape[3]):
                    deaths[0, sex, age, d] = mx[0, sex, age, d] * population[0, sex, age, d]


@functools.cache
def compiled() -> Compiled | None:
    """`migrants` and `flows`, compiled; None where numba is not installed."""
    functions = compiled_all(migrants, flows, parts=(foretold, born, died))
    return None if functions is None else Compiled(*functions)
