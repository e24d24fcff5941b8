"""Life expectancy and rates of a shifted schedule, compiled where numba is installed (the extra `fast`).

The same model as in `mortality` by "logit": rates are m' = v f / D with D = k / c + g of the schedule's rows
v, k, g, odds c of having died and a factor f on them.  Of those who reach an age, l, its person-years are
then l / (1 + (1 - a) m') = l D / (D + (1 - a) v f) and its deaths l v f / (D + (1 - a) v f): no rate is held,
and one division takes the place of two.  The numbers are those of `mortality` to 1e-12 of each; without
numba everything is computed there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats, compiled_all

HIGHEST_RATE = 2.0  # per person-year: no shift may give more
_HALF = 0.5  # years not lived by those who die, of closed single years but the first


class Compiled(NamedTuple):
    """What numba has compiled."""

    expected: Callable[..., bool]
    rates: Callable[..., bool]


def infants(rows: Floats, odds: Floats, by: Floats, pieces: Floats, late: Floats) -> None:
    """Fill late (draw,), the part of their first year that infants who die do not live.

    rows: (v, k, g) of age 0.  odds: 1 / c.  by: factor on the rates.  pieces: (cut, constant, slope) of the
    rule for infants, the last first.
    """
    for d in range(late.size):
        rate = by[d] * rows[0] / (rows[1] * odds[d] + rows[2])
        lived = pieces[0, 1]
        for k in range(1, pieces.shape[0]):
            lived = pieces[k, 1] + pieces[k, 2] * rate if rate < pieces[k, 0] else lived
        late[d] = 1.0 - lived


def aged(rows: Floats, odds: Floats, by: Floats, late: Floats, alive: Floats, e0: Floats) -> int:
    """Add an age's person-years to e0 and take its deaths off `alive`, all (draw,); whether a rate is none.

    rows: (v, k, g) of the age.  by: factor on the rates.  late: 1 - a.
    """
    lived, kept, gone = rows[0], rows[1], rows[2]
    wrong = 0
    for d in range(e0.size):
        below = kept * odds[d] + gone
        dying = lived * by[d]
        whole = below + late[d] * dying
        share = alive[d] / whole
        e0[d] += share * below
        alive[d] -= share * dying
        wrong |= (lived > HIGHEST_RATE * below) | (dying > whole) | (not dying >= 0.0)
    return wrong


def expected(schedule: Floats, odds: Floats, old: Floats, young: int, pieces: Floats, e0: Floats) -> bool:
    """Fill e0 (draw,), years, of a schedule (v, k, g) by age; whether its rates are any.

    odds: 1 / c by draw.  old: factor on the rates from age `young` on, by draw.  pieces: as of infants.
    """
    late, alive, one = np.empty(e0.size), np.ones(e0.size), np.ones(e0.size)
    infants(schedule[0], odds, one if young else old, pieces, late)
    e0[:] = 0.0
    last, wrong = schedule.shape[0] - 1, 0
    for age in range(last):
        wrong |= aged(schedule[age], odds, old if age >= young else one, late, alive, e0)
        if age == 0:
            late[:] = _HALF
    by = old if last >= young else one
    for d in range(e0.size):
        rate = schedule[last, 0] / (schedule[last, 1] * odds[d] + schedule[last, 2])
        wrong |= (rate > HIGHEST_RATE) | (not rate * by[d] > 0.0) | (not alive[d] > 0.0)
        e0[d] += alive[d] / (rate * by[d])
    return wrong == 0


def rates(schedule: Floats, odds: Floats, old: Floats, young: int, out: Floats) -> bool:
    """Fill `out` (age, draw) with the rates of a schedule, as of `expected`; whether none is too high."""
    wrong = 0
    for age in range(out.shape[0]):
        lived, kept, gone = schedule[age, 0], schedule[age, 1], schedule[age, 2]
        own = out[age]
        for d in range(own.size):
            rate = lived / (kept * odds[d] + gone)
            wrong |= rate > HIGHEST_RATE
            own[d] = rate * old[d] if age >= young else rate
    return wrong == 0


@functools.cache
def compiled() -> Compiled | None:
    """`expected` and `rates`, compiled; None where numba is not installed."""
    functions = compiled_all(expected, rates, parts=(infants, aged))
    return None if functions is None else Compiled(*functions)
