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
    """Monte-Carlo standard error of a probability estimated from n independent draws."""
    return float(np.sqrt(p * (1 - p) / n)) if n else 0.0


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
