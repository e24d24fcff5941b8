"""Required against available, draw by draw: gap, ratio, probabilities and their quantiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.arguments import count_faults, refuse, share_faults, value_faults
from sim.errors import ParameterError, fault

Floats = npt.NDArray[np.float64]

TIE = 1e-6  # relative difference below which two stored figures are the same


def quantiles(values: Floats, at: tuple[float, ...] = (0.1, 0.5, 0.9)) -> Floats:
    """Quantiles along the last axis by sorting, linear between order statistics.

    values: (..., draw).  Returns (len(at), ...).
    Raises ParameterError for a probability outside 0..1, or no draws.
    """
    refuse(*(share_faults("quantile", q) for q in at))
    if values.shape[-1] == 0:
        raise ParameterError(fault("quantiles", "no draws", "one or more"))
    return ordered_quantiles(np.sort(values, axis=-1), at)


def ordered_quantiles(ordered: Floats, at: tuple[float, ...] = (0.1, 0.5, 0.9)) -> Floats:
    """`quantiles` of values that are sorted along the last axis already."""
    n = ordered.shape[-1]
    out = []
    for q in at:
        position = q * (n - 1)
        low = int(np.floor(position))
        high = min(low + 1, n - 1)
        weight = position - low
        out.append(ordered[..., low] * (1 - weight) + ordered[..., high] * weight)
    return np.stack(out)


def quantile_mcse(values: Floats, q: float) -> Floats:
    """Monte-Carlo standard error of a quantile of independent draws, along the last axis.

    Half the width between the order statistics one binomial standard deviation away (the
    distribution-free interval of Conover, Practical Nonparametric Statistics, section 3.2).
    """
    return ordered_mcse(np.sort(values, axis=-1), q)


def ordered_mcse(ordered: Floats, q: float) -> Floats:
    """`quantile_mcse` of values that are sorted along the last axis already."""
    n = ordered.shape[-1]
    spread = np.sqrt(n * q * (1 - q))
    low = int(np.clip(np.floor(n * q - spread), 0, n - 1))
    high = int(np.clip(np.ceil(n * q + spread) - 1, 0, n - 1))
    return np.asarray(0.5 * (ordered[..., high] - ordered[..., low]))


def probability_mcse(p: float, n: int) -> float:
    """Monte-Carlo standard error of a probability estimated from n independent draws.

    The standard deviation of the Jeffreys posterior, Beta(np + 1/2, n(1-p) + 1/2): close to
    sqrt(p(1-p)/n) in the middle, and not 0 where all draws agree, which n draws cannot know.
    p: 0..1.  n: draws; without any, the standard deviation of the prior.
    Brown, Cai & DasGupta (2001), Statistical Science 16(2), 101-133, doi:10.1214/ss/1009213286.
    """
    a, b = n * p + 0.5, n * (1 - p) + 0.5
    return float(np.sqrt(a * b / (a + b + 1)) / (a + b))


def mean_probability_mcse(p: Floats) -> float:
    """The same for the mean of probabilities by draw, p (draw,), each 0..1.

    Half a draw that says yes and half a one that says no are added, as the Jeffreys prior does: where
    each draw says yes or no (1 or 0) this is `probability_mcse` of their mean.
    """
    n = len(p)
    mean = (p.sum() + 0.5) / (n + 1)
    variance = (np.square(p).sum() + 0.5) / (n + 1) - mean**2
    return float(np.sqrt(max(variance, 0.0) / (n + 2)))


@dataclass(frozen=True)
class Comparison:
    """Available against required over draws; the unit is that of the inputs."""

    required: tuple[float, float, float]
    available: float
    ratio: float
    p_enough: float
    p_surplus: float
    n: int


def compare(required: Floats, available: Floats, surplus_ratio: float) -> Comparison:
    """Summary of available (what will exist) against required (what is needed), both (draw,).

    required >= 0; where nothing is required the ratio is infinite and it is enough.
    Raises ParameterError for draws that do not pair, a need below 0, or one of the two not finite.
    """
    if required.shape != available.shape:
        wrong = f"{required.shape} draws of need, {available.shape} of what is available"
        raise ParameterError(fault("compare", wrong, "the same draws"))
    refuse(
        count_faults("required", required, ("draw",)), value_faults("available", available, axes=("draw",))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(required > 0, available / required, np.inf)
    low, mid, high = quantiles(required)
    return Comparison(
        required=(float(low), float(mid), float(high)),
        available=float(quantiles(available)[1]),
        ratio=float(np.median(ratio)),
        p_enough=float(np.mean(available * (1 + TIE) >= required)),
        p_surplus=float(np.mean(ratio > surplus_ratio)),
        n=required.shape[-1],
    )
