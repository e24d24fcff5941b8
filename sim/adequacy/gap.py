"""Required against available, draw by draw: gap, ratio, probabilities and their quantiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.argument_kinds import looked_at
from sim.arguments import count_faults, positive_faults, refuse, value_faults
from sim.arrays import Floats
from sim.draws import quantiles
from sim.errors import ParameterError, fault

TIE = 1e-6  # relative difference below which two stored figures are the same


@dataclass(frozen=True)
class Comparison:
    """Available against required over draws; the unit is that of the inputs."""

    required: tuple[float, float, float]
    available: float
    ratio: float
    p_enough: float
    p_surplus: float
    n: int


@looked_at
def compare(
    required: Floats, available: Floats, surplus_ratio: float, hidden: Floats | float = 0.0
) -> Comparison:
    """Summary of available (what will exist) against required (what is needed), both (draw,).

    required >= 0; where nothing is required the ratio is infinite and it is enough.  hidden: what a
    rounded plan may have more than it prints; it counts for what is enough, not for the ratio.
    Raises ParameterError for draws that do not pair, a need below 0, a ratio not above 0, or one of them
    not finite.
    """
    if required.shape != available.shape:
        wrong = f"{required.shape} draws of need, {available.shape} of what is available"
        raise ParameterError(fault("required, available", wrong, "the same draws"))
    refuse(
        count_faults("required", required, ("draw",)),
        value_faults("available", available, axes=("draw",)),
        positive_faults("surplus_ratio", surplus_ratio),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(required > 0, available / required, np.inf)
    low, mid, high = quantiles(required)
    return Comparison(
        required=(float(low), float(mid), float(high)),
        available=float(quantiles(available)[1]),
        ratio=float(np.median(ratio)),
        p_enough=float(np.mean((available + hidden) * (1 + TIE) >= required)),
        p_surplus=float(np.mean(ratio > surplus_ratio)),
        n=required.shape[-1],
    )
