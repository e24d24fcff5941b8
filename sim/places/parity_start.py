"""Women by age and number of children at the start: the births of the past run over the cohorts.

1. Women of 30 and over: the nation's parities at the end of 2009, moved to the province's order mix,
   run on by the hazards of 2010, each year's TFR times the region's ratio, and the two-child policy
   of 2016 (sim.demography.past). Under 20: the place's own rates of 2020 by order, each year scaled
   to its TFR, run from no children on; between 20 and 30 a mean of the two, weighted by age.
2. Childlessness at the ages at which it was published: the log-odds are moved, the move linear in age
   between them and fading out below; above the last it goes down to that of the cohorts before.
3. Children ever born of women of 15-64 as the place's census counted them: the odds of going on from
   one child to two, and from two to three, are multiplied by one factor, alike at every age; those
   of a first child too where that alone cannot meet it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.demography.parity import PARITY_COUNT
from sim.demography.past import run_past
from sim.demography.policy import Policy
from sim.errors import ParameterError, fault
from sim.places.order_pattern import FIRST, MOST
from sim.roots import root

RATES_TO, COHORTS_FROM = 20, 30  # ages between which the two runs are mixed
ASKED = slice(15, 65)  # ages of the women asked how many children they bore
_NO_FACTOR = 1e-3  # odds factors that children ever born may ask for
_SMALL = 1e-12


@dataclass(frozen=True)
class Past:
    """What the nation's past holds.

    shares: women by parity at the end of the year before `first` (age, parity).  rates: births per
    woman-year by age and parity of the mother in `first` (age, parity).  tfr: children per woman of
    each year from `first` to the base year (year,).  policies: acting in those years.
    """

    first: int
    shares: Floats
    rates: Floats
    tfr: Floats
    policies: tuple[Policy, ...]


def parity_start(
    past: Past,
    ratio: float,
    relative: Floats,
    rates: Floats,
    childless: Mapping[int, float],
    children: float,
    women: Floats,
    fourth: float,
) -> Floats:
    """Women by parity 0, 1, 2, 3+ at the end of the base year (age, parity).

    ratio: the region's TFR over the nation's.  relative: the province's odds of going on over the
    nation's, by parity (parity,).  rates: the place's births per woman-year of the base year by age
    and order 1, 2, 3+ (age, order).  childless: share without a child by age, published.
    children: mean children ever born of women of 15-64.  women: by single age (age,).
    fourth: share of fourth and later births among the third and later.
    Raises ParameterError where no factor meets `children`.
    """
    tfr = past.tfr * ratio
    begun = shift_odds(past.shares, float(np.log(relative[1])), float(np.log(relative[2])))
    run = run_past(past.shares, past.rates, tfr, past.policies, past.first, relative, begun)
    cohorts = run.shares[-1, :, :, 0]
    young = run_rates(rates, tfr, fourth)
    weight = np.clip((np.arange(len(women)) - RATES_TO) / (COHORTS_FROM - RATES_TO), 0.0, 1.0)[:, None]
    shares = meet_childless(young * (1 - weight) + cohorts * weight, childless)
    return meet_children(shares, children, women, mean_of_many(fourth))


def relative_odds(orders: Floats, nation: Floats) -> Floats:
    """A province's odds of a next birth over the nation's, by parity of the mother (parity,).

    orders, nation: births by order 1, 2, 3 and later (order,).
    """
    own, other = orders[1:] / orders[:-1], nation[1:] / nation[:-1]
    second, later = own / other
    return np.array([1.0, second, later, later])


def run_rates(rates: Floats, tfr: Floats, fourth: float) -> Floats:
    """Parities of women who lived through rates of one shape, from no children on (age, parity).

    rates: births per woman-year by age and order 1, 2, 3+ (age, order).  tfr: of each year (year,).
    fourth: share of fourth and later births among the third and later.
    Births beyond half of the women of a parity are counted an order lower, first births beyond half
    of the childless not at all: what counts is who is childless, and that is met afterwards.
    """
    third = rates[:, 2] * (1 - fourth)
    by_parity = np.stack([rates[:, 0], rates[:, 1], third, rates[:, 2] - third], axis=1)
    pattern = by_parity / by_parity.sum()
    shares = np.zeros((len(rates), PARITY_COUNT))
    shares[:, 0] = 1.0
    for level in tfr:
        births = level * (pattern[:-1] + pattern[1:]) / 2
        for k in range(PARITY_COUNT - 1, 0, -1):
            beyond = np.maximum(births[:, k] - MOST * shares[:-1, k], 0.0)
            births[:, k] -= beyond
            births[:, k - 1] += beyond
        births[:, 0] = np.minimum(births[:, 0], MOST * shares[:-1, 0])
        births[:, -1] = 0.0
        older = np.zeros_like(shares)
        older[0, 0] = 1.0
        older[1:] = shares[:-1] - births
        older[1:, 1:] += births[:, :-1]
        shares = older
    return shares


def shift_odds(shares: Floats, second: float, later: float) -> Floats:
    """Parities (age, parity) with other odds of going on; the childless stay.

    second, later: added to the log-odds of having two or more among mothers, and of three or more
    among those.
    """
    mothers = 1 - shares[:, 0]
    two = _share(shares[:, 2] + shares[:, 3], mothers)
    three = _share(shares[:, 3], shares[:, 2] + shares[:, 3])
    two, three = _moved(two, second), _moved(three, later)
    return np.stack(
        [shares[:, 0], mothers * (1 - two), mothers * two * (1 - three), mothers * two * three], axis=1
    )


def meet_childless(shares: Floats, childless: Mapping[int, float]) -> Floats:
    """Parities (age, parity) whose childless are as published; mothers keep their own mix.

    childless: share without a child by age; the last age's holds from there on, and between the last
    two the share itself is linear.  Below the first the move of the log-odds fades out over fifteen
    years, the ages of first births.
    """
    *ages, last = sorted(childless)
    start = max(ages[0] - FIRST, 0)
    move = [_logit(childless[a]) - _logit(float(shares[a, 0])) for a in ages]
    age = np.arange(len(shares))
    none = shares[:, 0].copy()
    held = (age > start) & (age <= ages[-1]) & (none > _SMALL) & (none < 1 - _SMALL)
    odds = np.interp(age, [start, *ages], [0.0, *move])
    none[held] = _moved(none[held], odds[held])
    above = age > ages[-1]
    none[above] = np.interp(age[above], [ages[-1], last], [childless[ages[-1]], childless[last]])
    factor = _share(1 - none, 1 - shares[:, 0])
    out = shares * factor[:, None]
    out[:, 0] = none
    out[:, 1] += np.where(shares[:, 0] >= 1 - _SMALL, 1 - none, 0.0)  # mothers of no known mix
    return out


def meet_children(shares: Floats, children: float, women: Floats, many: float) -> Floats:
    """Parities (age, parity) at which women of 15-64 bore as many children as counted.

    children: mean per woman.  women: by single age (age,).  many: mean children of those with three
    or more.  Where fewer were counted than if no mother had gone on, or more than if all had, the odds
    of a first child are moved too: more or fewer women than in the nation stayed childless there.
    Raises ParameterError where no odds give that mean.
    """
    born = np.array([0.0, 1.0, 2.0, many])
    weight = women[ASKED] / women[ASKED].sum()

    def misfit(log: float) -> float:
        return float(weight @ (shift_odds(shares, log, log)[ASKED] @ born)) - children

    low, high = float(np.log(_NO_FACTOR)), -float(np.log(_NO_FACTOR))
    if misfit(low) > 0 or misfit(high) < 0:
        return _all_odds(shares, children, weight, born)
    log = root(misfit, low, high)
    return shift_odds(shares, log, log)


def _all_odds(shares: Floats, children: float, weight: Floats, born: Floats) -> Floats:
    """Parities at which one factor on the odds of every next child, the first too, meets `children`."""

    def moved(log: float) -> Floats:
        mothers = _moved(1 - shares[:, 0], log)
        own = shift_odds(shares, log, log)
        out = own * _share(mothers, 1 - shares[:, 0])[:, None]
        out[:, 0] = 1 - mothers
        return np.asarray(out)

    def misfit(log: float) -> float:
        return float(weight @ (moved(log)[ASKED] @ born)) - children

    low, high = float(np.log(_NO_FACTOR)), -float(np.log(_NO_FACTOR))
    if misfit(low) > 0 or misfit(high) < 0:
        least, most = (misfit(end) + children for end in (low, high))
        wrong = f"{children:g} per woman, though {least:.2f} to {most:.2f} can be"
        raise ParameterError(fault("fertility.children_ever_born", wrong, "the census's mean"))
    return moved(root(misfit, low, high))


def mean_of_many(fourth: float) -> float:
    """Mean children of women with three or more, if every further one comes with one chance.

    fourth: share of fourth and later births among the third and later.
    """
    return 3.0 + fourth / (1 - fourth)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > _SMALL)


def _logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def _moved(p: Floats, log: float | Floats) -> Floats:
    odds = p * np.exp(log)
    return np.asarray(odds / (1 - p + odds))
