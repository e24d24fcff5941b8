"""The projection kernel in one pass, compiled where numba is installed (the extra `fast`).

The same equations as in `kernel`, for single years and migrants at the year's end: rates are looked at,
people made a year older and births counted while a row is in the first cache.  The numbers are those of
`kernel` to 1e-12 of each; without numba everything is computed there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.arrays import Floats, compiled_all

Bits: TypeAlias = npt.NDArray[np.uint64]


class Compiled(NamedTuple):
    """What numba has compiled."""

    survival: Callable[..., None]
    people: Callable[..., int]
    arrived: Callable[..., None]


def ratios(mx: Floats, younger: Floats, late: Floats, sx: Floats) -> None:
    """Fill sx (draw,) with the survival of a closed age from its rates and those of the age before.

    late: of the year before, the part that those who die then live, half of it but for infants.
    """
    for d in range(sx.size):
        sx[d] = (1.0 - late[d] * younger[d]) / (1.0 + 0.5 * mx[d])


def last_ratio(mx: Floats, younger: Floats, sx: Floats) -> None:
    """Fill sx (draw,) with the survival of the open group, as `ratios` does."""
    for d in range(sx.size):
        share = (1.0 - 0.5 * younger[d]) / mx[d]  # T(open) / L before it
        sx[d] = share / (1.0 + share)


def newborn(mx: Floats, pieces: Floats, lived: Floats, sx: Floats) -> None:
    """Fill `lived`, the part of the year that infants who die live, and their survival sx, both (draw,).

    pieces: (cut, constant, slope) of the rule for infants, the last first.
    """
    for d in range(sx.size):
        part = pieces[0, 1]
        for k in range(1, pieces.shape[0]):
            part = pieces[k, 1] + pieces[k, 2] * mx[d] if mx[d] < pieces[k, 0] else part
        lived[d] = part
        sx[d] = 1.0 / (1.0 + (1.0 - part) * mx[d])


def survival(mx: Floats, pieces: Floats, sx: Floats) -> None:
    """Fill sx with survival from death rates, both (sex, age, draw); pieces: of newborn, by sex."""
    last, lived = mx.shape[1] - 1, np.empty(sx.shape[2])
    for sex in range(mx.shape[0]):
        newborn(mx[sex, 0], pieces[sex], lived, sx[sex, 0])
        for age in range(1, last):
            ratios(mx[sex, age], mx[sex, age - 1], lived, sx[sex, age])
            lived[:] = 0.5
        last_ratio(mx[sex, last], mx[sex, last - 1], sx[sex, last])


def people(
    sx: Floats,
    asfr: Floats,
    girls: Floats,
    first: int,
    after: Floats,
    births: Floats,
    by_age: Floats,
    sx_bits: Bits,
    asfr_bits: Bits,
) -> int:
    """Fill the people of all years but the first, after (year+1, sex, age, draw), and the births.

    sx (year, sex, age, draw), asfr (year, age, draw) from age `first` on, girls (year, draw): their share;
    births (year, sex, draw), by_age as asfr.  sx_bits, asfr_bits: the same rates as unsigned bits, of which
    the highest is returned: numbers from 0 on are in their order, below all others.
    """
    last, top = after.shape[2] - 1, np.uint64(0)
    draws = range(after.shape[3])
    for t in range(births.shape[0]):
        births[t, 1, :] = 0.0
        for sex in range(after.shape[1]):
            for age in range(last):  # they reach the age behind it
                for d in draws:
                    after[t + 1, sex, age + 1, d] = after[t, sex, age, d] * sx[t, sex, age + 1, d]
                    top = max(top, sx_bits[t, sex, age + 1, d])
                if age == last - 1:  # who were in the open group stay there
                    for d in draws:
                        after[t + 1, sex, last, d] += after[t, sex, last, d] * sx[t, sex, last, d]
                row = age + 1 - first
                if sex == 0 and 0 <= row < asfr.shape[1]:
                    for d in draws:
                        women = 0.5 * (after[t, 0, age + 1, d] + after[t + 1, 0, age + 1, d])
                        by_age[t, row, d] = women * asfr[t, row, d]
                        births[t, 1, d] += by_age[t, row, d]
                        top = max(top, asfr_bits[t, row, d])
        for d in draws:
            births[t, 0, d] = births[t, 1, d] * girls[t, d]
            births[t, 1, d] -= births[t, 0, d]
        for sex in range(after.shape[1]):
            for d in draws:
                after[t + 1, sex, 0, d] = births[t, sex, d] * sx[t, sex, 0, d]
                top = max(top, sx_bits[t, sex, 0, d])
    return int(top)


def short(came: Floats, least: Floats, end: Floats, moved: Floats, missing: Floats, free: Floats) -> None:
    """Add migrants `came` of an age to `end`, and fill `moved` with them, all (draw,).

    missing, free: added to them is how many are then too few, and beyond what must stay: `least`, as far as
    they were there.
    """
    for d in range(end.size):
        there = end[d] + came[d]
        before = there - came[d]
        before = before if before > 0.0 else 0.0
        lack = (least[d] if least[d] < before else before) - there
        missing[d] += lack if lack > 0.0 else 0.0
        free[d] += -lack if lack < 0.0 else 0.0
        end[d], moved[d] = there, came[d]


def kept_back(share: Floats, came: Floats, least: Floats, end: Floats, moved: Floats) -> None:
    """Add to `end` and `moved` of an age who stay, and take off the share of others who leave for them."""
    for d in range(end.size):
        before = end[d] - came[d]
        before = before if before > 0.0 else 0.0
        lack = (least[d] if least[d] < before else before) - end[d]
        added = lack if lack > 0.0 else lack * share[d]
        end[d] += added
        moved[d] = came[d] + added


def arrived(came: Floats, least: Floats, after: Floats, moved: Floats) -> None:
    """Add a year's migrants to `after`, of whom enough stay, and fill `moved`, all (sex, age, draw)."""
    missing, free = np.zeros(came.shape[2]), np.zeros(came.shape[2])
    for sex in range(after.shape[0]):
        for age in range(after.shape[1]):
            short(came[sex, age], least[sex, age], after[sex, age], moved[sex, age], missing, free)
    if not missing.any():
        return
    for d in range(missing.size):
        share = missing[d] / free[d] if free[d] > missing[d] else 1.0
        missing[d] = share if missing[d] > 0.0 else 0.0
    for sex in range(after.shape[0]):
        for age in range(after.shape[1]):
            kept_back(missing, came[sex, age], least[sex, age], after[sex, age], moved[sex, age])


@functools.cache
def compiled() -> Compiled | None:
    """`survival`, `people` and `arrived`, compiled; None where numba is not installed."""
    functions = compiled_all(survival, people, arrived, parts=(ratios, last_ratio, newborn, short, kept_back))
    return None if functions is None else Compiled(*functions)
