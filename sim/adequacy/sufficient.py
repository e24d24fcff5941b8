"""The target that just holds with a probability: exact on the draws, shown on the safe side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.adequacy import quantile_mcse
from sim.adequacy.poisson import RateMeets
from sim.arrays import Floats
from sim.draws import sampled

_BISECTIONS, _CLOSE = 60, 1e-9  # where the search of a rate ends: steps, share of the rate

Find = Callable[[float], tuple[float, float]]
"""Probability -> (the target that holds with it, its Monte-Carlo standard error)."""


def enough_with(needed: Floats, p: float, *, largest: bool = False) -> float:
    """The smallest target >= the needed one in at least a share p of the draws (exact, no mean).

    largest: the other way round, the largest target <= the needed one in a share p of the draws.
    """
    n = len(needed)
    k = int(np.ceil(p * n - 1e-9))
    ordered = np.sort(needed)
    return float(ordered[n - k] if largest else ordered[k - 1])


def quantile_of(needed: Floats, *, largest: bool) -> Find:
    """`enough_with` for the sampled draws; needed: by draw, draw 0 first."""
    values = sampled(needed)

    def find(p: float) -> tuple[float, float]:
        error = float(quantile_mcse(values, 1 - p if largest else p)) if len(values) > 1 else 0.0
        return enough_with(values, p, largest=largest), error

    return find


def rate_reached(sense: str, factor: float, outcome: Floats, births: Floats) -> Find:
    """The strictest deaths per live birth met with a probability, deaths Poisson, by bisection.

    sense: how the plan compares.  factor: model units in one of the plan's.  outcome, births:
    sampled draws of the rate (share of live births) and of live births.
    """
    lower = sense in ("<", "<=")
    # fewer than one death: every rate up to this one asks the same of the largest year
    least = 1.0 / (float(np.max(births)) * factor) if sense == "<" else 0.0

    meets = RateMeets(sense, outcome, births)

    def met(goal: float) -> float:
        return meets.share(goal * factor)

    def find(p: float) -> tuple[float, float]:
        solved = rate_with(met, p, start=float(np.max(outcome)) / factor, lower=lower)
        spread = float(np.std(meets.by_draw(solved * factor)) / np.sqrt(len(outcome)))
        around = [
            rate_with(met, float(np.clip(q, 1e-6, 1 - 1e-6)), start=solved, lower=lower)
            for q in (p - spread, p + spread)
        ]
        return max(solved, least), 0.5 * abs(around[1] - around[0])

    return find


def rate_with(met: Callable[[float], float], p: float, *, start: float, lower: bool) -> float:
    """The strictest rate that is met with probability p, by bisection.

    met: probability that the outcome meets a rate.  lower: less is better, so that the
    probability rises with the rate.  start: a rate of the right size.
    """
    low, high = 0.0, max(start, 1e-12)
    if lower and met(low) >= p:
        return low  # even no death at all is likely enough
    while lower and met(high) < p:
        high *= 2.0
    while not lower and met(high) >= p:
        high *= 2.0
    for _ in range(_BISECTIONS):
        if high - low <= _CLOSE * high:
            break
        middle = 0.5 * (low + high)
        if (met(middle) >= p) == lower:
            high = middle
        else:
            low = middle
    return high if lower else low


def rounded(value: float, places: int, *, upward: bool) -> float | None:
    """The value rounded to the safe side, to the decimals of the plan's own figure."""
    if not np.isfinite(value):
        return None
    scale = 10.0**places
    slack = 1e-6 * abs(value) * scale  # what a stored figure may be off
    steps = np.ceil(value * scale - slack) if upward else np.floor(value * scale + slack)
    return float(steps / scale)
