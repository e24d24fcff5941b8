"""The yearly step of `disease.step` on rows of cells, without an array that is not needed twice.

Formulas and symbols are those of `disease.transition`; the numbers are the same to the bit.  Rows (cells of
sex and age, by draw) are taken so many at a time that they stay in the cache.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats

_CACHED = 16_384  # numbers of one array that stay in the cache beside six others


class Stepper:
    """Prevalence a year later, for blocks of one shape (row, draw)."""

    def __init__(self, rows: int, draws: int) -> None:
        self._rows = max(1, min(rows, _CACHED // max(draws, 1)))
        self._arrays = np.empty((6, self._rows, draws))

    def __call__(self, prevalence: Floats, i: Floats, r: Floats, f: Floats, later: Floats) -> None:
        """Fill `later` (row, draw); i, r, f: 1/year, of that shape or one row or draw for all."""
        recovers = bool(r.any())
        for first in range(0, len(prevalence), self._rows):
            cut = slice(first, first + self._rows)
            rates = [rate if len(rate) == 1 else rate[cut] for rate in (i, r, f)]
            own = self._arrays[:, : len(prevalence[cut])]
            if recovers:
                self._with_remission(prevalence[cut], rates[0], rates[1], rates[2], own, later[cut])
            else:
                self._without(prevalence[cut], rates[0], rates[2], own, later[cut])

    def _without(self, p: Floats, i: Floats, f: Floats, own: Floats, later: Floats) -> None:
        """Nobody recovers: the eigenvalues are -i and -f."""
        apart, slow, fallen, ratio, difference, well = own
        np.subtract(i, f, out=difference)
        np.abs(difference, out=apart)
        np.add(i, f, out=slow)
        _eigen(apart, slow, fallen, ratio)
        difference *= -0.5
        _parts(slow, fallen, ratio, difference)
        ratio *= i
        np.subtract(1.0, p, out=well)
        np.add(slow, difference, out=fallen)  # healthy to healthy
        fallen *= well
        _share_ill(p, slow, difference, ratio, well, fallen, later)

    def _with_remission(self, p: Floats, i: Floats, r: Floats, f: Floats, own: Floats, later: Floats) -> None:
        apart, slow, fallen, ratio, difference, well = own
        np.add(i, r, out=slow)
        np.subtract(slow, f, out=apart)
        np.square(apart, out=apart)
        np.multiply(4.0 * r, f, out=difference)
        apart += difference
        np.sqrt(apart, out=apart)
        slow += f
        _eigen(apart, slow, fallen, ratio)
        np.add(r, f, out=difference)
        difference -= i
        difference *= 0.5
        _parts(slow, fallen, ratio, difference)
        np.subtract(1.0, p, out=well)
        np.add(slow, difference, out=fallen)
        fallen *= well
        np.multiply(ratio, r, out=apart)  # ill to healthy
        apart *= p
        fallen += apart
        ratio *= i
        _share_ill(p, slow, difference, ratio, well, fallen, later)


def _eigen(apart: Floats, slow: Floats, fallen: Floats, ratio: Floats) -> None:
    """What the two eigenvalues give.

    slow: the sum of rates; becomes the exponential of the larger eigenvalue.  fallen: what the smaller one
    lacks of it.  ratio: both over their distance `apart`.
    """
    np.subtract(apart, slow, out=slow)
    slow *= 0.5
    np.exp(slow, out=slow)
    np.negative(apart, out=fallen)
    np.expm1(fallen, out=fallen)
    np.negative(fallen, out=fallen)
    with np.errstate(invalid="ignore"):
        np.divide(fallen, apart, out=ratio)
    if not apart.all():
        ratio[apart == 0.0] = 1.0  # both eigenvalues are one
    ratio *= slow


def _parts(slow: Floats, fallen: Floats, ratio: Floats, difference: Floats) -> None:
    """`slow` becomes the even part of the two diagonal elements, `difference` the odd one."""
    fallen *= 0.5
    np.subtract(1.0, fallen, out=fallen)
    slow *= fallen
    difference *= ratio


def _share_ill(
    p: Floats, even: Floats, difference: Floats, to_ill: Floats, well: Floats, healthy: Floats, later: Floats
) -> None:
    np.subtract(even, difference, out=even)  # ill to ill
    even *= p
    to_ill *= well
    to_ill += even
    np.add(to_ill, healthy, out=healthy)  # alive
    np.divide(to_ill, healthy, out=later)
