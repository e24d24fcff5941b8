"""Rates of rare events from small counts, shrunk towards those of a larger area: gamma-Poisson.

Deaths ~ Poisson(rate x exposure), rates of the places ~ Gamma(shape, shape / mean): the rate of a
place given its count is Gamma(shape + deaths, shape / mean + exposure).
Clayton, Kaldor (1987), Biometrics 43:671-681, section 2.1; Marshall (1991), Applied Statistics 40:283-294.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from sim.arrays import Floats
from sim.errors import ParameterError, fault, raise_all


@dataclass(frozen=True)
class Prior:
    """Rates of the places of an area before their own counts are seen.

    mean: events per unit of exposure.  shape: of the gamma; 1/sqrt(shape) is the relative standard
    deviation of true rates between places.
    """

    mean: float
    shape: float

    @property
    def exposure(self) -> float:
        """The exposure whose count would weigh as much as the prior."""
        return self.shape / self.mean


@dataclass(frozen=True)
class ShrunkRate:
    """What is known of a place's rate: mean, and a quantile of it on demand."""

    shape: float
    exposure: float

    @property
    def mean(self) -> float:
        """Expected rate: between the place's own and the prior's."""
        return self.shape / self.exposure

    def quantile(self, p: float) -> float:
        """The rate below which the true one lies with probability p, 0 to 1."""
        return float(special.gammaincinv(self.shape, p) * (1.0 / self.exposure))


def shrunk_rate(deaths: float, exposure: float, prior: Prior) -> ShrunkRate:
    """The rate of a place with `deaths` among `exposure` (live births), given the prior.

    Raises ParameterError for deaths below 0, or exposure, mean or shape that are not above 0.
    """
    faults = [fault("small_counts", f"deaths {deaths:g}", "0 or more")] if not deaths >= 0 else []
    positive = {"exposure": exposure, "prior mean": prior.mean, "prior shape": prior.shape}
    for name, value in positive.items():
        if not 0 < value < float("inf"):
            faults.append(fault("small_counts", f"{name} {value:g}", "a number above 0"))
    raise_all(ParameterError, faults)
    return ShrunkRate(prior.shape + deaths, prior.exposure + exposure)


def fit_prior(deaths: Floats, exposure: Floats) -> Prior:
    """The prior under which the counts of many places are likeliest (negative binomial).

    deaths, exposure: one number for each place.
    Raises ParameterError for fewer than three places, lengths that differ, negative counts, exposure
    not above 0, no deaths at all, or counts that vary no more than chance, which no gamma fits.
    """
    count, at_risk = np.asarray(deaths, float), np.asarray(exposure, float)
    faults = []
    if count.ndim != 1 or count.shape != at_risk.shape or count.size < 3:
        wrong = f"deaths of shape {count.shape}, exposure of shape {at_risk.shape}"
        raise ParameterError(fault("small_counts", wrong, "one number each for three places or more"))
    if not (count >= 0).all():
        faults.append(fault("small_counts", f"deaths {count[~(count >= 0)][0]:g}", "0 or more"))
    if not (at_risk > 0).all():
        faults.append(fault("small_counts", f"exposure {at_risk[~(at_risk > 0)][0]:g}", "above 0"))
    raise_all(ParameterError, faults)
    if count.sum() == 0:
        raise ParameterError(fault("small_counts", "no deaths in any place", "more years or places"))

    def misfit(log_figures: Floats) -> float:
        shape, rate = np.exp(log_figures)
        ways = special.gammaln(count + shape) - special.gammaln(shape)
        return float(-np.sum(ways - shape * np.log1p(at_risk / rate) - count * np.log(at_risk + rate)))

    from scipy import optimize  # slow to load, and no run fits a prior

    start = np.log([1.0, at_risk.sum() / count.sum()])
    found = optimize.minimize(misfit, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-10})
    shape, rate = np.exp(found.x)
    if not found.success or shape > 1e4:
        remedy = "give the spread between places from elsewhere"
        raise ParameterError(fault("small_counts", "the counts vary no more than chance", remedy))
    return Prior(float(shape / rate), float(shape))
