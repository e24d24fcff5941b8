"""Steps and sums of `disease` in one pass each, compiled where numba is installed (the extra `fast`).

The same formula as in `illness_death`, in the form P(1) = [(k - s) P + i] / [k + s - f P] with s = S / 2,
h = g / 2 and k = h coth h, which is a ratio of two short polynomials in y = h^2 (a convergent of Gauss's
continued fraction of the hyperbolic tangent)

    k = 1 + y / (3 + y / (5 + y / (7 + ..)))

for y up to 1 (rates up to about 2 a year): no root and no exponential, so that a processor takes several
draws at once.  The numbers are those of `illness_death` to 1e-12 of each; without numba everything is
computed there.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

from sim.arrays import Floats, compiled_all

_HIGHEST = 1.0  # y up to which the ratio is k to the last digits: it is off by less than 3e-17

Step = Callable[..., None]


class Compiled(NamedTuple):
    """What numba has compiled."""

    steps: Step
    counted: Step


def step(p: Floats, i: Floats, r: Floats, f: Floats, by_i: Floats, by_f: Floats, after: Floats) -> None:
    """Fill `after` (draw,) with the prevalence a year after p, by the ratio of polynomials."""
    for d in range(after.size):
        ill = i[d] * by_i[d]
        dying = f[d] * by_f[d]
        half = 0.5 * (ill - dying + r[d])
        s = 0.5 * (ill + dying + r[d])
        y = half * half + r[d] * dying
        above = 34459425.0 + y * (16216200.0 + y * (945945.0 + y * (13860.0 + y * 45.0)))
        below = 34459425.0 + y * (4729725.0 + y * (135135.0 + y * (990.0 + y)))
        s *= below
        after[d] = ((above - s) * p[d] + ill * below) / (above + s - dying * below * p[d])


def beyond(p: Floats, i: Floats, r: Floats, f: Floats, by_i: Floats, by_f: Floats, after: Floats) -> None:
    """Fill those of `after` anew that the polynomials are not for, by the hyperbolic tangent."""
    for d in range(after.size):
        ill = i[d] * by_i[d]
        dying = f[d] * by_f[d]
        half = 0.5 * (ill - dying + r[d])
        y = half * half + r[d] * dying
        if y > _HIGHEST:
            s = 0.5 * (ill + dying + r[d])
            h = math.sqrt(y)
            k = h / math.tanh(h)
            after[d] = ((k - s) * p[d] + ill) / (k + s - dying * p[d])


def steps(
    now: Floats,
    i: Floats,
    r: Floats,
    f: Floats,
    by_i: Floats,
    by_f: Floats,
    later: Floats,
    first: int,
    steepest: float,
    rows: Floats,
) -> None:
    """Fill later[:, 1:] (sex, age, draw) from age `first` on with the prevalence a year after now[:, :-1].

    i, r, f: 1/year, of length 1 or that of an age or sex less one or draw.  by_i, by_f: factors on i and
    f, (draw,).  steepest: no sum of the three rates is above it.  rows: (3, draw) to work in.
    """
    own_i, own_r, own_f = rows[0], rows[1], rows[2]
    draws = now.shape[2]
    for sex in range(now.shape[0]):
        for age in range(first, now.shape[1] - 1):
            ill = i[min(sex, i.shape[0] - 1), min(age, i.shape[1] - 1)]
            heals = r[min(sex, r.shape[0] - 1), min(age, r.shape[1] - 1)]
            dying = f[min(sex, f.shape[0] - 1), min(age, f.shape[1] - 1)]
            if ill.size < draws:
                own_i[:] = ill
                ill = own_i
            if heals.size < draws:
                own_r[:] = heals
                heals = own_r
            if dying.size < draws:
                own_f[:] = dying
                dying = own_f
            before, after = now[sex, age], later[sex, age + 1]
            step(before, ill, heals, dying, by_i, by_f, after)
            if steepest > 2.0:  # h is at most half of it
                beyond(before, ill, heals, dying, by_i, by_f, after)


def counted(people: Floats, ill: Floats, weight: Floats, cases: Floats, able: Floats) -> None:
    """Fill cases (draw,) with the sum of people (sex, age, draw) times the share who are ill, and multiply
    `able` by the share whom it does not disable.  ill: with a row more than ages.  weight: (draw,).
    """
    cases[:] = 0.0
    for sex in range(people.shape[0]):
        for age in range(people.shape[1]):
            there, share, left = people[sex, age], ill[sex, age], able[sex, age]
            for d in range(cases.size):
                cases[d] += there[d] * share[d]
                left[d] *= 1.0 - share[d] * weight[d]


@functools.cache
def compiled() -> Compiled | None:
    """`steps` and `counted`, compiled; None where numba is not installed."""
    functions = compiled_all(steps, counted, parts=(step, beyond))
    return None if functions is None else Compiled(*functions)
