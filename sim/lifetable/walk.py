"""Person-years lived and remaining life of single-year tables, walked through age by age.

The columns are those of `table_columns`, to the bit, and the expectancy to the last digits; none is held
that the caller does not ask for, and what an age needs stays in the cache.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.errors import ParameterError, fault

_HALF = 0.5  # years lived by those who die, of closed single years but the first


def walked_expectancy(mx: Floats, a0: Floats) -> Floats:
    """Life expectancy at birth, years, dims of mx without age.

    mx: rates per person-year, 0 or more, age first, the last open.  a0: as of walk_ages.
    Raises ParameterError where more die at an age than live.
    """
    high = float(mx.max(initial=0.0)) > 1.0  # below, no more die than live
    alive, e0 = np.ones_like(a0), np.zeros_like(a0)
    lived = np.empty_like(a0)
    for age in range(len(mx) - 1):
        rate = mx[age, ...]
        late = _HALF if age else 1.0 - a0  # of a year, not lived by those who die
        np.multiply(late, rate, out=lived)
        lived += 1.0
        if high and (rate > lived).any():
            wrong = f"mx = {rate.max():g} gives qx > 1 at age {age}"
            raise ParameterError(fault("mx", wrong, "a lower rate"))
        np.divide(alive, lived, out=lived)  # L = l / (1 + (1 - a) m)
        e0 += lived
        lived *= rate  # who die
        alive -= lived
    with np.errstate(divide="ignore", invalid="ignore"):
        last = np.where(alive > 0, alive / mx[-1], 0.0)
    return np.asarray(e0 + last)


def walk_ages(mx: Floats, a0: Floats, lived: Floats, remaining: Floats) -> bool:
    """Fill `lived` (Lx) and `remaining` (ex) of radix 1, years; whether it could.

    mx: rates per person-year, age first, the last open.  a0: years lived by those who die at age 0, dims
    of mx without age.  It cannot where more die than live, or nobody reaches an age: `table_columns`
    then says where, or what stands for a remaining life.
    """
    alive = np.ones_like(a0)
    worst = np.zeros_like(a0)
    q, rest, dead = (np.empty_like(a0) for _ in range(3))
    last = len(mx) - 1
    for age in range(last):
        rate = mx[age, ...]
        late = _HALF if age else 1.0 - a0  # of a year, not lived by those who die
        np.multiply(late, rate, out=rest)
        rest += 1.0
        np.divide(rate, rest, out=q)
        np.maximum(worst, q, out=worst)
        remaining[age] = alive
        np.multiply(alive, q, out=dead)
        dead *= _HALF if age else a0
        np.subtract(1.0, q, out=rest)
        alive *= rest
        np.add(alive, dead, out=lived[age, ...])
    if float(worst.max(initial=0.0)) > 1.0 or float(alive.min(initial=1.0)) <= 0.0:
        return False
    np.divide(alive, mx[last], out=lived[last, ...])
    total = np.zeros_like(a0)
    remaining[last] = alive
    for age in range(last, -1, -1):
        total += lived[age]
        np.divide(total, remaining[age], out=remaining[age, ...])
    return True
