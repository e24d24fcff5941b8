"""A root between two numbers.

scipy.optimize has finer ways, but loading it takes a tenth of a second of every command, for three roots.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.errors import ParameterError, fault

_NEAR = 4.0 * float(np.finfo(float).eps)


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """Where a continuous function of one number is 0, to its last digits.

    f: of opposite signs at low and high.  Regula falsi by the Illinois rule: an end that stays twice counts
    half (Dowell and Jarratt 1971, BIT 11:168-174); halved where three steps did not halve the bracket.
    Raises ParameterError where f has one sign at both ends.
    """
    at_low, at_high = f(low), f(high)
    if not at_low * at_high <= 0.0:
        wrong = f"{at_low:g} at {low:g} and {at_high:g} at {high:g}"
        raise ParameterError(fault("root", wrong, "opposite signs at the two ends"))
    if at_low == 0.0:
        return low
    widths = [abs(high - low)] * 3
    while at_high != 0.0 and widths[-1] > _NEAR * max(abs(low), abs(high)):
        step = at_high * (low - high) / (at_high - at_low)
        if widths[-1] > 0.5 * widths[-3]:
            step = 0.5 * (low - high)
        least = 0.5 * _NEAR * abs(high)
        x = high + (step if abs(step) > least else np.copysign(least, low - high))
        if x in (low, high):
            break
        at_x = f(x)
        if (at_x < 0.0) != (at_high < 0.0):
            low, at_low = high, at_high
        else:
            at_low *= 0.5
        high, at_high = x, at_x
        widths = [*widths[1:], abs(high - low)]
    return high
