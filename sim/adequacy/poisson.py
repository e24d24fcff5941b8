"""Rare deaths: a year's count is Poisson around its mean, so a place meets a rate partly by chance."""

from __future__ import annotations

import numpy as np
from scipy import special

from sim.arrays import Floats


def rate_met(sense: str, goal: float, rate: Floats, births: Floats) -> Floats:
    """P(deaths per live birth meet the goal) in each draw, deaths Poisson around rate x births."""
    return _met(sense, _most(sense, goal, births), rate * births)


class RateMeets:
    """`rate_met` by goal alone, for a search: goals that allow the same deaths are worked out once."""

    def __init__(self, sense: str, rate: Floats, births: Floats) -> None:
        self._sense, self._births, self._expected = sense, births, rate * births
        self._known: dict[bytes, tuple[Floats, float]] = {}
        self._last = np.full(np.shape(births), np.nan), np.zeros(np.shape(births))  # most deaths, chance

    def by_draw(self, goal: float) -> Floats:
        """In each draw."""
        return self._at(goal)[0]

    def share(self, goal: float) -> float:
        """Over all draws."""
        return self._at(goal)[1]

    def _at(self, goal: float) -> tuple[Floats, float]:
        most = _most(self._sense, goal, self._births)
        key = most.tobytes()
        if key not in self._known:
            before, found = self._last
            other = most != before  # as a search closes in, few draws allow another death
            found = found.copy()
            found[other] = _met(self._sense, most[other], self._expected[other])
            self._last = most, found
            self._known[key] = found, float(np.mean(found))
        return self._known[key]


def _most(sense: str, goal: float, births: Floats) -> Floats:
    """The most deaths of each draw with which it meets the goal (misses it, where more is asked)."""
    limit = np.floor(goal * births + 1e-9)
    return np.asarray(limit - (limit >= goal * births) * (sense == "<"))


def _met(sense: str, most: Floats, expected: Floats) -> Floats:
    below = np.where(most < 0, 0.0, special.pdtr(np.maximum(most, 0.0), expected))
    return np.asarray(below if sense in ("<", "<=") else 1 - below)
