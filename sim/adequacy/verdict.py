"""From probabilities to a verdict: surplus, adequate, tight, short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["surplus", "adequate", "tight", "short", "not_tested"]
VERDICTS: tuple[Verdict, ...] = ("surplus", "adequate", "tight", "short", "not_tested")


@dataclass(frozen=True)
class Thresholds:
    """Where the verdicts part; probabilities 0..1."""

    adequate: float
    tight: float
    surplus_ratio: float
    surplus_probability: float


def judge(p_enough: float, p_surplus: float, at: Thresholds) -> Verdict:
    """The verdict on what is available, given P(enough) and P(ratio > surplus ratio)."""
    if p_surplus >= at.surplus_probability:
        return "surplus"
    if p_enough >= at.adequate:
        return "adequate"
    return "tight" if p_enough >= at.tight else "short"


def weakest(grades: list[str]) -> str:
    """The weakest of several grades: A observed, B published, C assumed, D derived; "" if none."""
    return max(grades, default="")
