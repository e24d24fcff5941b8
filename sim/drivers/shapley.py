"""Exact decomposition of a change by cause: Shapley values, the parts add up.

The Shapley value of a factor is its marginal contribution averaged over all orders in which the
factors may change; for products of factors it equals the decomposition of Das Gupta (1993),
Standardization and Decomposition of Rates, U.S. Bureau of the Census, P23-186.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

import numpy as np

from sim.arrays import Floats

_ROUNDING = 64 * float(np.finfo(float).eps)


def shapley(factors: Sequence[str], value: Callable[[frozenset[str]], Floats]) -> dict[str, Floats]:
    """Contribution of each factor to value(all changed) - value(none changed).

    value: the quantity with the given factors at their new state, the others at the old one.
    Returns one array for each factor; their sum is the whole change (to rounding).  What is not above the
    rounding of the values is 0: a factor that does nothing has no part.
    """
    n = len(factors)
    known: dict[frozenset[str], Floats] = {}
    for size in range(n + 1):
        for chosen in combinations(factors, size):
            known[frozenset(chosen)] = np.asarray(value(frozenset(chosen)))
    rounding = _ROUNDING * np.max([np.abs(value) for value in known.values()], axis=0)
    parts: dict[str, Floats] = {}
    for factor in factors:
        others = [f for f in factors if f != factor]
        total = np.zeros_like(known[frozenset()])
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for chosen in combinations(others, size):
                before = frozenset(chosen)
                total = total + weight * (known[before | {factor}] - known[before])
        parts[factor] = np.where(np.abs(total) <= rounding, 0.0, total)
    return parts
