"""Rates of birth by single age and order: the nation's table, a province's fitted to what it published.

The nation's rates are the births of the census's sample by mother's age and order over the women
times the group's sampling fraction, at which the published rate of each five-year group is met. A
province publishes its rates by five-year group and its births by order; the nation's births by age
and order, raked to both (iterative proportional fitting: Deming and Stephan 1940, Annals of
Mathematical Statistics 11(4), 427-444), give its rates by group and order, and the nation's single
ages their shape inside the groups.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.demography.base_population import split_groups
from sim.errors import ParameterError, fault

FIRST, LAST, WIDTH = 15, 49, 5  # ages of mothers in the census tables, years
_PASSES = 1000
_EXACT = 1e-13  # share by which a margin may be missed
MOST = 0.5
"""Highest share of the women of a parity who may have their next child within a year of age."""


def national_rates(births: Floats, women: Floats, published: Floats) -> Floats:
    """Births per woman-year by single age and order (age, order), ages 15..49.

    births: of the sample (age, order).  women: mean number by age (age,).  published: births per
    woman-year of the five-year groups (group,).
    """
    edges = np.arange(0, len(women), WIDTH)
    fraction = np.add.reduceat(births.sum(axis=1), edges) / (np.add.reduceat(women, edges) * published)
    return np.asarray(births / (women * np.repeat(fraction, WIDTH))[:, None])


def province_rates(
    nation: Floats, births: Floats, women: Floats, published: Floats, orders: Floats
) -> Floats:
    """Births per woman-year by single age and order (age, order) of a province, ages 15..49.

    nation: national_rates (age, order).  births: the nation's sample (age, order).  women: the
    province's by five-year group (group,).  published: its births per woman-year (group,).
    orders: its births by order, any number of them (order,).
    """
    edges = np.arange(0, len(nation), WIDTH)
    by_age = published * women
    by_order = orders / orders.sum() * by_age.sum()
    raked = rake(np.add.reduceat(births, edges, axis=0), by_age, by_order) / women[:, None]
    return np.stack(
        [
            split_groups(raked[:, k] * WIDTH, (FIRST + edges).tolist(), LAST, nation[:, k])
            for k in range(raked.shape[1])
        ],
        axis=1,
    )


def rake(table: Floats, rows: Floats, columns: Floats) -> Floats:
    """A table scaled until its rows and columns add up to what is given (both with one total).

    Raises ParameterError where that cannot be met.
    """
    out = table.astype(float)
    for _ in range(_PASSES):
        out *= (rows / np.maximum(out.sum(axis=1), np.finfo(float).tiny))[:, None]
        found = out.sum(axis=0)
        if np.abs(found - columns).max() <= _EXACT * columns.sum():
            return out
        out *= columns / np.maximum(found, np.finfo(float).tiny)
    wrong = f"columns add up to {found.tolist()}, wanted {columns.tolist()}"
    raise ParameterError(fault("births by age and order", wrong, "margins that the table can meet"))


def all_ages(rates: Floats, ages: int) -> Floats:
    """Rates of ages 15..49 over ages 0..ages-1, 0 elsewhere (age, order)."""
    out = np.zeros((ages, rates.shape[1]))
    out[FIRST : LAST + 1] = rates
    return out


def feasible(rates: Floats, shares: Floats, fourth: float) -> Floats:
    """Rates by order that women of these parities can have: what is too much goes an order down.

    rates: births per woman-year (age, order 1, 2, 3+).  shares: women by parity at the year's start
    (age, parity 0, 1, 2, 3+).  fourth: share of fourth and later among the third and later.
    At most half of the women of a parity have their next child within a year; births beyond that
    are counted one order lower, so that the rate of each age stays.  First births beyond half of the
    childless can be counted nowhere: hardly any woman of that age is still childless there, and the
    other ages take them over, for the rates are scaled to the year's TFR.
    """
    exposed = shares.copy()
    exposed[1:] = (shares[1:] + shares[:-1]) / 2
    out = rates.copy()
    later = np.minimum(out[:, 2], MOST * exposed[:, 2] / (1 - fourth))
    if fourth > 0:
        later = np.minimum(later, MOST * exposed[:, 3] / fourth)
    out[:, 1] += out[:, 2] - later
    out[:, 2] = later
    second = np.minimum(out[:, 1], MOST * exposed[:, 1])
    out[:, 0] += out[:, 1] - second
    out[:, 1] = second
    out[:, 0] = np.minimum(out[:, 0], MOST * exposed[:, 0])
    return out
