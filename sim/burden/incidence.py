"""Incidence that a survey's prevalence by age implies: how the table of incidence is made.

A survey gives prevalence by age, follow-up studies give remission and excess mortality; the incidence
that keeps this prevalence if nothing changes closes the illness-death model (DisMod's use).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.arguments import rate_faults, refuse, share_faults
from sim.arrays import Floats
from sim.burden.disease import step
from sim.errors import ParameterError, fault

BISECTIONS = 60
HIGHEST_RATE = 5.0  # per person-year: upper end of the search for a rate


def solve_incidence(prevalence: Floats, r: Floats, f: Floats) -> tuple[Floats, Floats, Floats]:
    """Incidence (and, where it would be negative, excess mortality) that leads P(a) to P(a + 1).

    prevalence: share 0..1; r, f: remission and excess mortality, 1/year; by single age, last axis, of
    one shape.  Returns incidence, excess mortality, and the misfit that is left, all of that shape;
    the open age group takes the rates of the age before it.
    Raises ParameterError for shapes that differ, shares outside 0..1 and rates below 0.
    """
    if not prevalence.shape == r.shape == f.shape:
        wrong = f"shapes {prevalence.shape}, {r.shape}, {f.shape}"
        raise ParameterError(fault("solve_incidence", wrong, "prevalence, r and f by the same ages"))
    refuse(share_faults("prevalence", prevalence), rate_faults("r", r), rate_faults("f", f))
    now, then = prevalence[..., :-1], prevalence[..., 1:]
    rr, ff = r[..., :-1], f[..., :-1]
    unreached = step(now, np.zeros_like(now), rr, ff)[0] > then
    i = _bisect(lambda x: step(now, x, rr, ff)[0] - then, now.shape)
    i = np.where(unreached, 0.0, i)
    higher = _bisect(lambda x: then - step(now, np.zeros_like(now), rr, x)[0], now.shape)
    ff = np.where(unreached, higher, ff)
    misfit = np.abs(step(now, i, rr, ff)[0] - then)
    return _open(i), _open(ff), _open(misfit)


def _bisect(gap: Callable[[Floats], Floats], shape: tuple[int, ...]) -> Floats:
    low, high = np.zeros(shape), np.full(shape, HIGHEST_RATE)
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        above = gap(middle) > 0.0
        high = np.where(above, middle, high)
        low = np.where(above, low, middle)
    found: Floats = 0.5 * (low + high)
    return found


def _open(values: Floats) -> Floats:
    return np.concatenate([values, values[..., -1:]], axis=-1)
