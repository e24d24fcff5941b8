"""Adequacy: reached and enough, kept apart, with probabilities."""

from sim.adequacy.decompose import shapley
from sim.adequacy.gap import (
    MEETS,
    Comparison,
    compare,
    ordered_mcse,
    ordered_quantiles,
    probability_mcse,
    quantile_mcse,
    quantiles,
)
from sim.adequacy.verdict import VERDICTS, Thresholds, Verdict, judge, weakest

__all__ = [
    "MEETS",
    "VERDICTS",
    "Comparison",
    "Thresholds",
    "Verdict",
    "compare",
    "judge",
    "ordered_mcse",
    "ordered_quantiles",
    "probability_mcse",
    "quantile_mcse",
    "quantiles",
    "shapley",
    "weakest",
]
