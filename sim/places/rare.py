"""Rates of rare deaths that a place takes from the nation, with the spread of places around it.

The nation's figure is well counted; a place that has none of its own lies about it as places do
(`known.young_spread`, the prior that small counts are shrunk towards: Clayton & Kaldor 1987, Biometrics
43, 671-681), not as surely as the nation's was counted.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
from scipy import special

from sim.params import Parameter, Range
from sim.params.record import Correlation
from sim.places.levels import COUNTRY, level_of
from sim.places.region import NATION
from sim.places.said import joined, said

SPREAD = "known.young_spread"
TOGETHER = ("outcomes.infant_mortality", "outcomes.u5_mortality")
RATES = (*TOGETHER, "outcomes.maternal_mortality")
_NORMAL = 1.96  # standard deviations on either side of 95 % of a normal distribution
_SELDOM = 1e-4  # a chance so small that of the 3,000 counties hardly one is told for it
_ALIKE = Correlation(group="places_young", rho=0.98)  # most who die under five die as infants


def as_places_differ(parameters: dict[str, Parameter], code: str) -> dict[str, Parameter]:
    """The parameters of a place, its rates of rare deaths no surer than places are alike.

    code: of the place; the nation's own stay.  What the place or its province states stays too.
    """
    if code == NATION or SPREAD not in parameters:
        return parameters
    spread = float(parameters[SPREAD].data)
    of_nation = (n for n in RATES if n in parameters and level_of(parameters[n]) == COUNTRY)
    return parameters | {name: _wider(parameters[name], spread) for name in of_nation}


def ends_by_chance(there: float, spread: float) -> tuple[float, float]:
    """Fewest and most deaths of a year, but once in ten thousand places, where `there` are expected.

    The place's own rate lies about that of the level above as places do (gamma, `spread` its relative
    standard deviation), its deaths are chance on top of it (Poisson): negative binomial, as in Clayton &
    Kaldor (1987).
    """
    shape = 1.0 / spread**2
    low, high = (_quantile(p, shape, shape / (shape + there)) for p in (_SELDOM, 1.0 - _SELDOM))
    return low, high


def _quantile(probability: float, shape: float, success: float) -> float:
    """Of the negative binomial distribution, as scipy.stats has it, which is slow to load."""
    below, high = -1, 1
    while special.betainc(shape, high + 1.0, success) < probability:
        below, high = high, 2 * high
    while high - below > 1:
        middle = (below + high) // 2
        enough = special.betainc(shape, middle + 1.0, success) >= probability
        below, high = (below, middle) if enough else (middle, high)
    return float(high)


def relative_sd(parameter: Parameter, otherwise: float) -> float:
    """One standard deviation of the log of a figure as its range states it; `otherwise` without one."""
    spread = parameter.record.range
    if spread is None or spread.scale != "relative" or not spread.low or not spread.high:
        return otherwise
    return float(np.log(spread.high / spread.low)) / (2 * _NORMAL)


def _wider(parameter: Parameter, spread: float) -> Parameter:
    sd = float(np.hypot(relative_sd(parameter, 0.0), spread))
    low, high = float(np.exp(-_NORMAL * sd)), float(np.exp(_NORMAL * sd))
    together = _ALIKE if parameter.name in TOGETHER else None
    wide = Range(distribution="lognormal", low=low, high=high, correlate=together)
    told = joined(said("taken"), said("young_differ", sd=spread))
    record = parameter.record.model_copy(update={"range": wide})
    digest = hashlib.sha256(f"{parameter.hash}{wide.model_dump_json()}".encode()).hexdigest()
    return replace(parameter, record=record, hash=digest, made=told)
