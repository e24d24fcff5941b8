"""Oracle: any three of incidence, remission, excess mortality, prevalence and cause-specific mortality.

Two identities bind the five along age a: P' = (1 - P) i - P (r + f (1 - P)) and CSMR = f P
(deaths from the disease over the whole population). Three give the other two; what is given beyond
three is compared and its misfit reported. Standard identities of the illness-death model (DisMod).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats

NAMES = ("incidence", "remission", "excess_mortality", "prevalence", "cause_mortality")
STEPS_PER_YEAR = 20
TINY = 1e-12


@dataclass(frozen=True)
class Consistent:
    """The five rates by single age, and the largest relative misfit of what was given twice."""

    rates: dict[str, Floats]
    misfit: dict[str, float]


def solve(given: Mapping[str, Floats]) -> Consistent:
    """All five rates by single age from three of them (1/year; prevalence as share).

    given: arrays of the same length by single age from 0.  Where more than three are given the
    first three in the order of NAMES are used, but prevalence comes first of all.
    """
    order = ["prevalence", *[n for n in NAMES if n != "prevalence"]]
    used = [n for n in order if n in given][:3]
    rates = _from_three({n: np.asarray(given[n], float) for n in used})
    misfit = {
        n: float(np.max(np.abs(rates[n] - given[n])) / max(float(np.max(given[n])), TINY))
        for n in given
        if n not in used
    }
    return Consistent(rates, misfit)


def _from_three(g: dict[str, Floats]) -> dict[str, Floats]:
    i, r, f = g.get("incidence"), g.get("remission"), g.get("excess_mortality")
    p, c = g.get("prevalence"), g.get("cause_mortality")
    if p is None and f is not None and c is not None:
        p = np.divide(c, f, out=np.zeros_like(c), where=f > 0)
    if p is None:
        assert i is not None
        assert r is not None
        p = _integrate(i, r, f, c)
    if f is None and c is not None:
        f = np.divide(c, p, out=np.zeros_like(c), where=p > TINY)
    slope = np.gradient(p)
    if i is None:
        assert r is not None
        assert f is not None
        i = (slope + p * (r + f * (1.0 - p))) / (1.0 - p)
    elif r is None:
        assert f is not None
        r = _over((1.0 - p) * i - slope - p * (1.0 - p) * f, p)
    elif f is None:
        f = _over((1.0 - p) * i - slope - p * r, p * (1.0 - p))
    assert r is not None
    assert f is not None
    return dict(zip(NAMES, (i, r, f, p, f * p if c is None else c), strict=True))


def _integrate(i: Floats, r: Floats, f: Floats | None, c: Floats | None) -> Floats:
    """Prevalence by age from nobody ill at birth, by fourth-order Runge-Kutta steps."""
    ages = np.arange(len(i), dtype=float)
    p = np.zeros(len(i))
    h = 1.0 / STEPS_PER_YEAR

    def slope(x: float, share: float) -> float:
        now_i, now_r = np.interp(x, ages, i), np.interp(x, ages, r)
        if f is not None:
            dying = share * (1.0 - share) * np.interp(x, ages, f)
        else:
            assert c is not None
            dying = (1.0 - share) * np.interp(x, ages, c)
        return float((1.0 - share) * now_i - share * now_r - dying)

    for a in range(1, len(i)):
        share = p[a - 1]
        for k in range(STEPS_PER_YEAR):
            x = a - 1 + k * h
            k1 = slope(x, share)
            k2 = slope(x + h / 2, share + h / 2 * k1)
            k3 = slope(x + h / 2, share + h / 2 * k2)
            k4 = slope(x + h, share + h * k3)
            share = min(max(share + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), 0.0), 1.0)
        p[a] = share
    return p


def _over(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > TINY)
