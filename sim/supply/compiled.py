"""A year of the staff by age in two passes, compiled where numba is installed (the extra `fast`).

The same operations in the same order as in `stock_flow`, but each number is read and written once and
not once for each of them; without numba everything is computed there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

from sim.arrays import Floats, compiled_all


class Compiled(NamedTuple):
    """What numba has compiled."""

    stayed: Callable[..., None]
    moved: Callable[..., None]


def stayed(stay: Floats, kept: Floats, beyond: Floats, below: Floats, last: Floats, stays: Floats) -> None:
    """Fill stays (cadre, sex, age, draw) with the share that stays, and `last` with W of the year.

    stay, kept: of those at the retirement age and of all, (cadre, draw).  beyond, below: of the year's
    law, (sex, age, draw) and (sex, age).  last: W of the year before, (cadre, sex, age, draw), with an
    age in front of those of `stays`.
    """
    for cadre in range(last.shape[0]):
        at_age, remains = stay[cadre], kept[cadre]
        for sex in range(last.shape[1]):
            for age in range(last.shape[2] - 1, -1, -1):  # from the oldest: who is younger is still as then
                now, going, works = last[cadre, sex, age], beyond[sex, age], below[sex, age]
                for d in range(now.size):
                    now[d] = at_age[d] * going[d] + works
                if age == 0:
                    break
                then, out = last[cadre, sex, age - 1], stays[cadre, sex, age - 1]
                for d in range(now.size):
                    share = now[d] / then[d] if then[d] > 0.0 else 0.0  # nobody at work, nobody stays
                    out[d] = (1.0 if share > 1.0 else share) * remains[d]


def moved(people: Floats, kept: Floats, staying: Floats, old: int, later: Floats, total: Floats) -> None:
    """Fill `later` with everybody a year older (cadre, sex, age, draw), and `total` with their sum.

    kept: share that stays at ages below `old`, (cadre, draw).  staying: from there on, (cadre, sex, age,
    draw).  total: (cadre, draw).
    """
    total[:] = 0.0
    for cadre in range(people.shape[0]):
        everybody = total[cadre]
        for sex in range(people.shape[1]):
            later[cadre, sex, 0, :] = 0.0
            for age in range(1, people.shape[2]):
                share = kept[cadre] if age < old else staying[cadre, sex, age - old]
                before, after = people[cadre, sex, age - 1], later[cadre, sex, age]
                for d in range(after.size):
                    after[d] = before[d] * share[d]
                    everybody[d] += after[d]


@functools.cache
def compiled() -> Compiled | None:
    """`stayed` and `moved`, compiled; None where numba is not installed."""
    functions = compiled_all(stayed, moved)
    return None if functions is None else Compiled(*functions)
