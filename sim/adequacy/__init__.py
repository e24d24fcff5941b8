"""Adequacy: reached and enough, kept apart, with probabilities."""

from sim.adequacy.gap import Comparison, compare
from sim.adequacy.verdict import VERDICTS, Thresholds, Verdict, judge, weakest
from sim.draws import (
    mean_probability_mcse,
    ordered_mcse,
    ordered_quantiles,
    probability_mcse,
    quantile_mcse,
    quantiles,
    sampled,
)

__all__ = [
    "VERDICTS",
    "Comparison",
    "Thresholds",
    "Verdict",
    "compare",
    "judge",
    "mean_probability_mcse",
    "ordered_mcse",
    "ordered_quantiles",
    "probability_mcse",
    "quantile_mcse",
    "quantiles",
    "sampled",
    "weakest",
]
