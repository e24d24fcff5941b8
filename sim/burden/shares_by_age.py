"""Shares of kinds that exclude each other, published by age group, as shares by single age and sex.

Multinomial logit: the log-odds of each kind against none of them run straight between the middles of
the groups, so that the kinds never add up to more than all, however steep a group is.  The knots are
found by raking: each group keeps its published mean on the people it is held against.
Fienberg (1970), doi:10.1214/aoms/1177696968 (iterative proportional fitting).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from sim.arguments import refuse
from sim.arrays import Floats
from sim.errors import ParameterError, fault

ROUNDS, CLOSE = 2000, 1e-10


def shares_by_age(
    means: Floats, starts: Sequence[int], ages: Sequence[int], people: Floats, ratio: Floats
) -> Floats:
    """Shares 0..1 by kind, sex and single age, dims (kind, sex, age).

    means: published shares of both sexes, 0..1, (kind, group).  starts: first age of each group; the last
    one is open and as wide as the one before it, beyond which shares stay level.  ages: single ages from
    starts[0] on.  people: persons they hold for, (sex, age), two sexes.  ratio: first sex over second,
    (kind,), at all ages together.
    Raises ParameterError where kinds of a group add up to all or more, a share or ratio is not above 0, a
    group has nobody, or no such shares are found.
    """
    _check(means, starts, ages, people, ratio)
    group = np.searchsorted(starts, ages, side="right") - 1
    middles = _middles(starts)
    knots = np.log(means / (1 - means.sum(axis=0)))
    sexes = np.zeros(len(ratio))
    for _ in range(ROUNDS):
        found = _shares(knots, sexes, middles, ages)
        cases = found * people
        mean = np.stack([cases[:, :, group == g].sum((1, 2)) for g in range(len(starts))], axis=1)
        mean /= [people[:, group == g].sum() for g in range(len(starts))]
        of_sex = cases.sum(2) / people.sum(1)
        move, tilt = np.log(means / mean), np.log(ratio * of_sex[:, 1] / of_sex[:, 0])
        if max(np.abs(move).max(), np.abs(tilt).max()) < CLOSE:
            return found
        knots, sexes = knots + move, sexes + tilt
    raise ParameterError(
        fault("shares_by_age", f"no fit in {ROUNDS} rounds", "means that one curve can hold")
    )


def within_all(shares: xr.DataArray, kind: str) -> xr.DataArray:
    """Shares whose kinds (a dim) add up to at most 1: where a draw has more, all are cut alike."""
    return shares / shares.sum(kind, skipna=False).clip(min=1.0)


def _middles(starts: Sequence[int]) -> Floats:
    """Middle ages of the groups, the open one as wide as the one before it."""
    widths = np.diff(starts)
    return np.asarray(np.array(starts) + np.append(widths, widths[-1]) / 2)


def _shares(knots: Floats, sexes: Floats, middles: Floats, ages: Sequence[int]) -> Floats:
    """Shares (kind, sex, age) of log-odds at the middles (kind, group), straight between and beyond."""
    end = middles[-1] + (middles[-1] - middles[-2]) / 2
    at = np.minimum(np.asarray(ages, dtype=float), end)
    low = np.clip(np.searchsorted(middles, at, side="right") - 1, 0, len(middles) - 2)
    part = (at - middles[low]) / (middles[low + 1] - middles[low])
    log_odds = knots[:, low] * (1 - part) + knots[:, low + 1] * part
    odds = np.exp(log_odds[:, None, :] + np.stack([sexes, -sexes], axis=1)[:, :, None] / 2)
    return np.asarray(odds / (1 + odds.sum(axis=0)))


def _check(means: Floats, starts: Sequence[int], ages: Sequence[int], people: Floats, ratio: Floats) -> None:
    faults = []
    if not (means > 0).all() or not (ratio > 0).all():
        faults.append(fault("shares_by_age", "a mean or ratio of 0 or less", "above 0"))
    for start, total in zip(starts, means.sum(axis=0), strict=True):
        if total >= 1:
            faults.append(fault(f"shares_by_age: from age {start}", f"kinds add up to {total:g}", "below 1"))
    group = np.searchsorted(starts, ages, side="right") - 1
    empty = [s for g, s in enumerate(starts) if not people[:, group == g].sum() > 0]
    faults += [fault(f"shares_by_age: from age {s}", "nobody", "people in every group") for s in empty]
    refuse(faults)
