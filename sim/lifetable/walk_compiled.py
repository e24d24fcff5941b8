"""Life tables walked through age by age, compiled where numba is installed (the extra `fast`).

The same columns as in `walk`, a table of some draws after the other: what an age needs is in the cache, and a
rate is read once.  The numbers are those of `walk` to 1e-12 of each; without numba everything is computed
there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats, compiled_all


class Compiled(NamedTuple):
    """What numba has compiled."""

    expected: Callable[..., bool]
    columns: Callable[..., bool]


def expected(mx: Floats, a0: Floats, e0: Floats) -> bool:
    """Fill e0 (table, draw), years, from rates mx (table, age, draw), the last open; whether it could.

    a0: years lived by those who die at age 0, (table, draw).  It cannot where more die than live, or nobody
    reaches the open group.
    """
    alive, last, wrong = np.empty(mx.shape[2]), mx.shape[1] - 1, 0
    for table in range(mx.shape[0]):
        alive[:] = 1.0
        e0[table, :] = 0.0
        for age in range(last):
            for d in range(alive.size):
                late = 0.5 if age else 1.0 - a0[table, d]
                whole = 1.0 + late * mx[table, age, d]
                lived = alive[d] / whole
                e0[table, d] += lived
                alive[d] -= lived * mx[table, age, d]
                wrong |= not mx[table, age, d] <= whole
        for d in range(alive.size):
            wrong |= not alive[d] > 0.0
            e0[table, d] += alive[d] / mx[table, last, d]
    return wrong == 0


def columns(mx: Floats, a0: Floats, lived: Floats, remaining: Floats) -> bool:
    """Fill lived (Lx) and remaining (ex), years, both (table, age, draw), as `expected`; whether it could."""
    alive, last, wrong = np.empty(mx.shape[2]), mx.shape[1] - 1, 0
    for table in range(mx.shape[0]):
        alive[:] = 1.0
        for age in range(last):
            for d in range(alive.size):
                late = 0.5 if age else 1.0 - a0[table, d]
                whole = 1.0 + late * mx[table, age, d]
                years = alive[d] / whole
                remaining[table, age, d] = alive[d]
                lived[table, age, d] = years
                alive[d] -= years * mx[table, age, d]
                wrong |= not mx[table, age, d] <= whole
        for d in range(alive.size):
            wrong |= not alive[d] > 0.0
            remaining[table, last, d] = alive[d]
            lived[table, last, d] = alive[d] / mx[table, last, d]
            alive[d] = 0.0  # from here on: years lived at this age and later
        for age in range(last + 1):
            for d in range(alive.size):
                alive[d] += lived[table, last - age, d]
                remaining[table, last - age, d] = alive[d] / remaining[table, last - age, d]
    return wrong == 0


@functools.cache
def compiled() -> Compiled | None:
    """`expected` and `columns`, compiled; None where numba is not installed."""
    functions = compiled_all(expected, columns)
    return None if functions is None else Compiled(*functions)
