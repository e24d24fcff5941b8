"""The yearly step of `disease.step` on cohorts, in the form that needs no more than a share asks for.

The share P who are ill follows dP/da = (1 - P) i - P (r + f (1 - P)), a Riccati equation with constant
rates within a year.  Its solution is a ratio in which the common factor of the matrix exponential
(`disease.transition`) cancels:

    P(1) = [g P + M (i - (S - g) P / 2)] / [g + M ((S + g) / 2 - f P)],   S = i + r + f,   M = e^g - 1,
    g^2 = S^2 - 4 i f = (i - f + r)^2 + 4 r f.

One exponential takes the place of two.  Nobody recovers: g is i - f and both brackets are i - f P.  The
numbers are those of `disease.step` to some units in the last place.  Ages are taken so many at a time
that they stay in the cache.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.burden.compiled import Step, compiled

_CACHED = 131_072  # numbers of one array: five of them stay in the cache, and fewer cost more calls
_TINY = 1e-200  # M / g is 1 at g = 0: a number too small to count in its place
_FLAT = 600.0  # of g: beyond it nothing is left of where a cohort began, and e^g still is a number


def stepper(shape: tuple[int, ...]) -> Step:
    """The yearly step for blocks of one shape (sex, age, draw): compiled, or NumPy's.

    Called with prevalence now and later, both with one row more than ages, whose first and last row
    stay out, and between them the rates and factors of `Stepper`; behind them the age to begin at and
    a number that no sum of the three rates is above.
    """
    fast = compiled()
    if fast is not None:
        steps, rows = fast.steps, np.empty((3, shape[-1]))
        return lambda *given: steps(*given, rows)
    return Stepper(*shape)


class Stepper:
    """Prevalence a year later, for blocks of one shape (sex, age, draw)."""

    def __init__(self, sexes: int, ages: int, draws: int) -> None:
        self._ages = max(1, min(ages, _CACHED // max(sexes * draws, 1)))
        self._arrays = np.empty((4, sexes, self._ages, draws))

    def __call__(
        self,
        now: Floats,
        i: Floats,
        r: Floats,
        f: Floats,
        by_i: Floats,
        by_f: Floats,
        later: Floats,
        first: int = 0,
        steepest: float = np.inf,
    ) -> None:
        """Fill later[:, 1:] (sex, age, draw) with the share of each age a year after now[:, :-1].

        i, r, f: 1/year, of the shape of these or of length 1 along an axis.  by_i, by_f: factors on i and
        f, (draw,).  first: age to begin at.  steepest: no sum of the three rates is above it.
        """
        recovers = bool(r.any())
        for start in range(first, now.shape[1] - 1, self._ages):
            cut = slice(start, min(start + self._ages, now.shape[1] - 1))
            i_, r_, f_ = (rate if rate.shape[1] == 1 else rate[:, cut] for rate in (i, r, f))
            p, out = now[:, cut], later[:, 1:][:, cut]
            own = self._arrays[:, :, : p.shape[1]]
            ill, dying, apart = own[:3]
            np.multiply(i_, by_i, out=ill)
            np.multiply(f_, by_f, out=dying)
            np.subtract(ill, dying, out=apart)
            if recovers:
                _recovered(p, ill, r_, dying, apart, own[3], out, steepest)
            else:
                _solved(p, ill, dying, apart, out, steepest)


def _solved(p: Floats, i: Floats, f: Floats, g: Floats, later: Floats, steepest: float) -> None:
    """The formula of the module where nobody recovers; i, f and g are used up."""
    f *= p
    i -= f
    i *= _less_one(g, f, steepest)
    np.multiply(g, p, out=later)
    later += i
    g += i
    later /= g


def _recovered(
    p: Floats, i: Floats, r: Floats, f: Floats, g: Floats, s: Floats, later: Floats, steepest: float
) -> None:
    """The formula of the module; g is i - f, s an array to work in, both used up as i and f are."""
    np.add(i, f, out=s)
    s += r
    g += r
    np.square(g, out=g)
    np.multiply(4.0 * r, f, out=later)
    g += later
    np.sqrt(g, out=g)
    f *= p
    s += g
    s *= 0.5
    np.subtract(s, f, out=f)  # of the denominator
    s -= g
    s *= p
    i -= s  # of the numerator
    m = _less_one(g, s, steepest)
    f *= m
    f += g
    i *= m
    np.multiply(g, p, out=later)
    later += i
    later /= f


def _less_one(g: Floats, room: Floats, steepest: float) -> Floats:
    """M of the formula, in `room`; g is kept off 0, and within what has an exponential."""
    g += _TINY
    if steepest > _FLAT:
        np.minimum(g, _FLAT, out=g)
    return np.expm1(g, out=room)
