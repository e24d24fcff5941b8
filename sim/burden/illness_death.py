"""The yearly step of `disease.step` on cohorts, in the form that needs no more than a share asks for.

The share P who are ill follows dP/da = (1 - P) i - P (r + f (1 - P)), a Riccati equation with constant
rates within a year.  Its solution is a ratio in which the common factor of the matrix exponential
(`disease.transition`) cancels:

    P(1) = [(k - s) P + i] / [k + s - f P],   s = (i + r + f) / 2,   k = h coth h,
    h^2 = (i + f + r)^2 / 4 - i f = (i - f + r)^2 / 4 + r f.

One hyperbolic tangent takes the place of two exponentials.  The numbers are those of `disease.step` to
some units in the last place.  Ages are taken so many at a time that they stay in the cache.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.burden.compiled import Step, compiled

_CACHED = 32_768  # numbers of one array that stay in the cache beside four others; fewer cost more calls
_TINY = 1e-300  # h coth h is 1 at h = 0: a number too small to count in its place


def stepper(shape: tuple[int, ...]) -> Step:
    """The yearly step for blocks of one shape (sex, age, draw): compiled, or NumPy's.

    Called with prevalence now and later, both with one row more than ages, whose first and last row
    stay out, and between them the rates and factors of `Stepper`.
    """
    fast = compiled()
    if fast is not None:
        rows = np.empty((4, shape[-1]))
        return lambda now, i, r, f, by_i, by_f, later: fast(now, i, r, f, by_i, by_f, later, rows)
    plain = Stepper(*shape)
    return lambda now, i, r, f, by_i, by_f, later: plain(now[:, :-1], i, r, f, by_i, by_f, later[:, 1:])


class Stepper:
    """Prevalence a year later, for blocks of one shape (sex, age, draw)."""

    def __init__(self, sexes: int, ages: int, draws: int) -> None:
        self._ages = max(1, min(ages, _CACHED // max(sexes * draws, 1)))
        self._arrays = np.empty((4, sexes, self._ages, draws))

    def __call__(
        self, p: Floats, i: Floats, r: Floats, f: Floats, by_i: Floats, by_f: Floats, later: Floats
    ) -> None:
        """Fill `later`, of the shape of p (sex, age, draw), with the share of each age a year on.

        i, r, f: 1/year, of that shape or of length 1 along an axis.  by_i, by_f: factors on i and f, (draw,).
        """
        recovers = bool(r.any())
        for first in range(0, p.shape[1], self._ages):
            cut = slice(first, first + self._ages)
            i_, r_, f_ = (rate if rate.shape[1] == 1 else rate[:, cut] for rate in (i, r, f))
            own = self._arrays[:, :, : p[:, cut].shape[1]]
            ill, dying, half, total = own
            np.multiply(i_, by_i, out=ill)
            np.multiply(f_, by_f, out=dying)
            np.subtract(ill, dying, out=half)
            np.add(ill, dying, out=total)
            if recovers:
                self._recovered(r_, dying, half, total, later[:, cut])
            else:
                half *= 0.5
            total *= 0.5
            _solved(p[:, cut], ill, dying, half, total, later[:, cut])

    @staticmethod
    def _recovered(r: Floats, f: Floats, half: Floats, total: Floats, room: Floats) -> None:
        """`half` (i - f) becomes h, `total` (i + f) takes r in; room: an array to work in."""
        total += r
        half += r
        half *= 0.5
        np.square(half, out=half)
        np.multiply(r, f, out=room)
        half += room
        np.sqrt(half, out=half)


def _solved(p: Floats, i: Floats, f: Floats, h: Floats, s: Floats, later: Floats) -> None:
    """The formula of the module; i, f, h and s are used up."""
    h += _TINY
    np.tanh(h, out=later)
    h /= later  # k
    f *= p
    np.subtract(h, f, out=f)
    f += s
    h -= s
    h *= p
    h += i
    np.divide(h, f, out=later)
