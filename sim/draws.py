"""What may be said from draws: which count, their quantiles, and how far chance may carry a figure.

Draw 0 has every parameter at its central value; draws 1..N are the sample.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.argument_kinds import looked_at
from sim.arguments import count_faults, refuse, share_faults
from sim.arrays import Floats
from sim.errors import ParameterError, fault


@looked_at
def sampled(values: Floats) -> Floats:
    """Draws 1..N along the last axis, the sample; draw 0 if there is no other.

    Raises ParameterError where there is none.
    """
    _count("values", values)
    return values[..., 1:] if values.shape[-1] > 1 else values


@looked_at
def quantiles(values: Floats, at: tuple[float, ...] = (0.1, 0.5, 0.9)) -> Floats:
    """Quantiles along the last axis by sorting, linear between order statistics.

    values: (..., draw).  Returns (len(at), ...), NaN where a draw is none.
    Raises ParameterError for a probability outside 0..1, or no draws.
    """
    _probabilities(tuple(at))
    _count("values", values)
    return ordered_quantiles(np.sort(values, axis=-1), at)


@looked_at
def ordered_quantiles(ordered: Floats, at: tuple[float, ...] = (0.1, 0.5, 0.9)) -> Floats:
    """`quantiles` of values that are sorted along the last axis already."""
    n = _count("ordered", ordered)
    out = []
    for q in at:
        position = q * (n - 1)
        low = int(np.floor(position))
        high = min(low + 1, n - 1)
        weight = position - low
        out.append(ordered[..., low] * (1 - weight) + ordered[..., high] * weight)
    return _unknown_where(ordered, np.stack(out))


@looked_at
def quantile_mcse(values: Floats, q: float) -> Floats:
    """Monte-Carlo standard error of a quantile of independent draws, along the last axis.

    Half the width between the order statistics one binomial standard deviation away (the
    distribution-free interval of Conover, Practical Nonparametric Statistics, section 3.2).
    values: (..., draw).  Returns (...), NaN where a draw is none.
    Raises ParameterError for a probability outside 0..1, or no draws.
    """
    _count("values", values)
    return ordered_mcse(np.sort(values, axis=-1), q)


@looked_at
def ordered_mcse(ordered: Floats, q: float) -> Floats:
    """`quantile_mcse` of values that are sorted along the last axis already."""
    n = _count("ordered", ordered)
    refuse(share_faults("q", q))
    spread = np.sqrt(n * q * (1 - q))
    low = int(np.clip(np.floor(n * q - spread), 0, n - 1))
    high = int(np.clip(np.ceil(n * q + spread) - 1, 0, n - 1))
    return _unknown_where(ordered, np.asarray(0.5 * (ordered[..., high] - ordered[..., low])))


@lru_cache(maxsize=100)
def _probabilities(at: tuple[float, ...]) -> None:
    """Refuse what is none; the same few are asked for thousands of times in a run."""
    refuse(*(share_faults("quantile", q) for q in at))


def _count(name: str, draws: Floats) -> int:
    """How many draws there are."""
    if not draws.ndim or not draws.shape[-1]:
        raise ParameterError(fault(name, f"no draws: shape {draws.shape}", "one or more along the last axis"))
    return int(draws.shape[-1])


def _unknown_where(ordered: Floats, found: Floats) -> Floats:
    """What was found, NaN where one of the draws is: sorted, it stands last."""
    last = np.isnan(ordered[..., -1])
    return np.where(last, np.nan, found) if last.any() else found


@looked_at
def probability_mcse(p: float, n: int) -> float:
    """Monte-Carlo standard error of a probability estimated from n independent draws.

    The standard deviation of the Jeffreys posterior, Beta(np + 1/2, n(1-p) + 1/2): close to
    sqrt(p(1-p)/n) in the middle, and not 0 where all draws agree, which n draws cannot know.
    p: 0..1.  n: draws; without any, the standard deviation of the prior.
    Brown, Cai & DasGupta (2001), Statistical Science 16(2), 101-133, doi:10.1214/ss/1009213286.
    Raises ParameterError for a probability outside 0..1 and a count below 0.
    """
    refuse(share_faults("p", p), count_faults("n", n))
    a, b = n * p + 0.5, n * (1 - p) + 0.5
    return float(np.sqrt(a * b / (a + b + 1)) / (a + b))


@looked_at
def mean_probability_mcse(p: Floats) -> float:
    """The same for the mean of probabilities by draw, p (draw,), each 0..1.

    Half a draw that says yes and half a one that says no are added, as the Jeffreys prior does: where
    each draw says yes or no (1 or 0) this is `probability_mcse` of their mean.
    Raises ParameterError for a probability outside 0..1.
    """
    refuse(share_faults("p", p, ("draw",)))
    n = _count("p", p)
    mean = (p.sum() + 0.5) / (n + 1)
    variance = (np.square(p).sum() + 0.5) / (n + 1) - mean**2
    return float(np.sqrt(max(variance, 0.0) / (n + 2)))
