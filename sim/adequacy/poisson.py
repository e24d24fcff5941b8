"""Rare deaths: a year's count is Poisson around its mean, so a place meets a rate partly by chance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from sim.arrays import Floats


def rate_met(sense: str, goal: float, rate: Floats, births: Floats) -> Floats:
    """P(deaths per live birth meet the goal) in each draw, deaths Poisson around rate x births."""
    return _met(sense, _most(sense, goal, births), rate * births)


def rate_meets(sense: str, rate: Floats, births: Floats) -> Callable[[float], Floats]:
    """`rate_met` by goal alone, for a search: goals that allow the same deaths are worked out once."""
    expected, known = rate * births, dict[bytes, Floats]()

    def met(goal: float) -> Floats:
        most = _most(sense, goal, births)
        key = most.tobytes()
        if key not in known:
            known[key] = _met(sense, most, expected)
        return known[key]

    return met


def _most(sense: str, goal: float, births: Floats) -> Floats:
    """The most deaths of each draw with which it meets the goal (misses it, where more is asked)."""
    limit = np.floor(goal * births + 1e-9)
    return np.asarray(limit - (limit >= goal * births) * (sense == "<"))


def _met(sense: str, most: Floats, expected: Floats) -> Floats:
    below = np.where(most < 0, 0.0, special.pdtr(np.maximum(most, 0.0), expected))
    return np.asarray(below if sense in ("<", "<=") else 1 - below)
