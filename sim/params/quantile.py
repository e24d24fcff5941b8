"""Quantiles of the distributions that a range may have, at standard normal scores.

The quantile function of a beta distribution costs a thousand times a product.  As a function of the normal
score the log-odds of its quantile are smooth, so that one Chebyshev series stands for each pair of shapes,
to twelve significant digits or more; scores beyond its reach, one draw in thirty million, are solved.
Trefethen (2013), Approximation Theory and Approximation Practice, chapters 3 and 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev
from scipy import special

from sim.arrays import Floats
from sim.errors import ParameterError, fault
from sim.params.follow import stated
from sim.params.record import Parameter, Range
from sim.params.units import unit

_REACH, _TERMS = 5.5, 56  # standard deviations that a series covers, its coefficients

Shapes = tuple[float, float]


def neutral(spread: Range) -> float:
    """The deviation that changes nothing."""
    return 1.0 if spread.scale == "relative" else 0.0


def quantile(parameter: Parameter, spread: Range, z: Floats, share: Floats | None = None) -> Floats:
    """Values of a distribution at the standard normal scores `z`, on the range's own scale, model units.

    A range of scale value is taken around the centre that it was stated for.  share: of a PERT range, where
    between its ends the values lie, if that is known already (`beta_quantiles` of `pert_shapes`).
    """
    factor = 1.0 if spread.scale == "relative" else unit(parameter.record.unit).factor
    return np.asarray(_quantile(parameter, spread, z, share)) * factor


def is_pert(spread: Range) -> bool:
    """Whether a range has shapes: a PERT distribution between two ends."""
    return spread.distribution == "pert" and spread.values is None and spread.low != spread.high


def pert_shapes(parameter: Parameter, spread: Range) -> Shapes:
    """Shapes of the beta distribution that a PERT range is between its ends.

    Raises ParameterError where its centre lies outside.
    """
    place = _place(parameter, spread)
    return 1 + 4 * place, 5 - 4 * place


def beta_quantiles(shapes: Sequence[Shapes], z: Floats) -> Floats:
    """Quantiles of beta distributions, a row each, at standard normal scores (row, draw)."""
    series = np.stack([_series(*pair) for pair in shapes], axis=1)[..., None]  # (term, row, 1)
    twice, last, before = np.asarray(2.0 / _REACH * z), np.zeros_like(z), np.zeros_like(z)
    for term in series[:0:-1]:  # Clenshaw's recurrence
        before *= -1.0
        before += term
        before += twice * last
        last, before = before, last
    found: Floats = special.expit(series[0] + 0.5 * twice * last - before)
    far = np.abs(z) > _REACH
    for row, (a, b) in enumerate(shapes if far.any() else ()):
        solved: Floats = special.expit(_log_odds(a, b, z[row, far[row]]))
        found[row, far[row]] = solved
    return found


@lru_cache(maxsize=4096)
def _series(a: float, b: float) -> Floats:
    """Chebyshev coefficients of the log-odds of a beta quantile over the normal score."""
    points = np.cos(np.pi * (np.arange(_TERMS) + 0.5) / _TERMS)
    return np.asarray(chebyshev.chebfit(points, _log_odds(a, b, _REACH * points), _TERMS - 1))


def _log_odds(a: float, b: float, z: Floats) -> Floats:
    """Log-odds of the quantiles, solved from the nearer end: a probability near 1 has few digits."""
    upper = z > 0
    tail = special.ndtr(-np.abs(z))
    near = np.where(upper, special.betaincinv(b, a, tail), special.betaincinv(a, b, tail))
    return np.asarray(np.where(upper, -1.0, 1.0) * special.logit(near))


def _mode(parameter: Parameter, spread: Range) -> float:
    if spread.scale != "value":
        return neutral(spread)
    return stated(parameter) / unit(parameter.record.unit).factor


def _place(parameter: Parameter, spread: Range) -> float:
    """Where between the ends the centre lies, 0..1."""
    assert spread.low is not None
    assert spread.high is not None
    low, high, mode = spread.low, spread.high, _mode(parameter, spread)
    if not low <= mode <= high:
        wrong = f"{parameter.name}: the central value {mode:g} lies outside {low:g}..{high:g}"
        raise ParameterError(fault(str(parameter.file), wrong, "the range must hold it"))
    return (mode - low) / (high - low)


def _quantile(parameter: Parameter, spread: Range, z: Floats, share: Floats | None) -> Floats:
    if spread.values is not None:
        return _listed(spread, special.ndtr(z))
    assert spread.low is not None
    assert spread.high is not None
    low, high = spread.low, spread.high
    if low == high:
        return np.full_like(z, low)
    tail = float(special.ndtri(0.5 + spread.level / 2))
    if spread.distribution == "uniform":
        return low + (high - low) * np.asarray(special.ndtr(z))
    if spread.distribution == "normal":
        return (low + high) / 2 + (high - low) / (2 * tail) * z
    if spread.distribution == "lognormal":
        mid, width = (np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / (2 * tail)
        return np.asarray(np.exp(mid + width * z))
    if spread.distribution == "beta":
        mode, sd = _mode(parameter, spread), (high - low) / (2 * tail)
        k = mode * (1 - mode) / sd**2 - 1
        if not 0 < mode < 1 or k <= 0:
            wrong = f"{parameter.name}: no beta has mean {mode:g} and 95 % in {low:g}..{high:g}"
            raise ParameterError(fault(str(parameter.file), wrong, "narrow the range"))
        return np.asarray(special.betaincinv(mode * k, (1 - mode) * k, special.ndtr(z)))
    if spread.distribution == "triangular":
        place, u = _place(parameter, spread), special.ndtr(z)
        rising = low + (high - low) * np.sqrt(place * u)
        falling = high - (high - low) * np.sqrt((1 - place) * (1 - u))
        return np.where(u < place, rising, falling)
    if share is None:
        share = beta_quantiles([pert_shapes(parameter, spread)], z[None])[0]
    return low + (high - low) * share


def _listed(spread: Range, u: Floats) -> Floats:
    """Quantiles of values that are stated one by one."""
    assert spread.values is not None
    if spread.distribution == "empirical":
        return np.asarray(np.quantile(np.array(spread.values), u))
    weights = np.cumsum(np.array(spread.weights, float))
    index = np.searchsorted(weights / weights[-1], u, side="right")
    return np.array(spread.values)[np.minimum(index, len(weights) - 1)]
