"""From probabilities to a verdict: surplus, adequate, tight, short.

`no_target`: a need without a target or a supply to judge; `not_tested`: no answer, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.argument_kinds import looked_at
from sim.arguments import refuse, share_faults
from sim.catalogue.verdicts import VERDICTS, Verdict
from sim.errors import ParameterError, fault, raise_all
from sim.params import Parameter

__all__ = ["VERDICTS", "Thresholds", "Verdict", "judge", "weakest"]

THRESHOLDS = (
    "adequacy.adequate",
    "adequacy.tight",
    "adequacy.surplus_ratio",
    "adequacy.surplus_probability",
)


@dataclass(frozen=True)
class Thresholds:
    """Where the verdicts part; probabilities 0..1."""

    adequate: float
    tight: float
    surplus_ratio: float
    surplus_probability: float

    @classmethod
    def of(cls, parameters: Mapping[str, Parameter]) -> Thresholds:
        """Those among the parameters.

        Raises ParameterError where their order makes no sense.
        """
        return cls(*(float(parameters[name].data) for name in THRESHOLDS))

    def __post_init__(self) -> None:
        """Raises ParameterError where the order of the thresholds makes no sense."""
        faults = []
        if not 0 <= self.tight <= self.adequate <= 1:
            wrong = f"tight {self.tight:g}, adequate {self.adequate:g}"
            faults.append(fault("adequacy", wrong, "want 0 <= tight <= adequate <= 1"))
        if not self.surplus_ratio >= 1:
            wrong = f"surplus_ratio {self.surplus_ratio:g}"
            faults.append(fault("adequacy", wrong, "want 1 or more"))
        if not 0 < self.surplus_probability <= 1:
            wrong = f"surplus_probability {self.surplus_probability:g}"
            faults.append(fault("adequacy", wrong, "want more than 0, at most 1"))
        raise_all(ParameterError, faults)


@looked_at
def judge(p_enough: float, p_surplus: float, at: Thresholds) -> Verdict:
    """The verdict on what is available, given P(enough) and P(ratio > surplus ratio).

    Raises ParameterError for a probability outside 0..1 or not a number.
    """
    refuse(share_faults("p_enough", p_enough), share_faults("p_surplus", p_surplus))
    if p_surplus >= at.surplus_probability:
        return "surplus"
    if p_enough >= at.adequate:
        return "adequate"
    return "tight" if p_enough >= at.tight else "short"


@looked_at
def weakest(grades: list[str]) -> str:
    """The weakest of several grades: A observed, B published, C assumed, D derived; "" if none."""
    return max(grades, default="")
