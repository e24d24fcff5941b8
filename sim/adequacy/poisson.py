"""Rare deaths: a year's count is Poisson around its mean, so a place meets a rate partly by chance."""

from __future__ import annotations

import numpy as np
from scipy import special

from sim.arrays import Floats


def rate_met(sense: str, goal: float, rate: Floats, births: Floats) -> Floats:
    """P(deaths per live birth meet the goal) in each draw, deaths Poisson around rate x births."""
    limit = np.floor(goal * births + 1e-9)
    most = limit - (limit >= goal * births) * (sense == "<")
    below = np.where(most < 0, 0.0, special.pdtr(np.maximum(most, 0.0), rate * births))
    return np.asarray(below if sense in ("<", "<=") else 1 - below)
