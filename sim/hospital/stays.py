"""Length of stay: draws from mean and spread (CV = standard deviation / mean), by named shape.

Standard identities of the distributions. The equilibrium residual (what is left of a stay met at
a random moment) has density (1 - F(x)) / mean: a length-biased stay times a uniform share.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats
from scipy.optimize import brentq
from scipy.special import gammaln

from sim.arguments import refuse, value_faults
from sim.arrays import Floats
from sim.errors import ParameterError, fault, raise_all

SHAPES = ("lognormal", "gamma", "weibull", "exponential", "deterministic")


def check_stay(mean: float, cv: float, shape: str, place: str = "stay") -> list[str]:
    """Faults of a stay's parameters, as text; empty if there is none."""
    faults = []
    if shape not in SHAPES:
        faults.append(fault(place, f"shape '{shape}' unknown", f"one of {', '.join(SHAPES)}"))
    if not math.isfinite(mean) or mean <= 0:
        faults.append(fault(place, f"mean stay {mean:g} days", "a finite number above 0"))
    if shape in ("lognormal", "gamma", "weibull") and (not math.isfinite(cv) or cv <= 0):
        faults.append(fault(place, f"CV of the stay {cv:g}", "a finite number above 0"))
    return faults


def draw_stays(
    rng: np.random.Generator, size: int, mean: float, cv: float, shape: str = "lognormal"
) -> Floats:
    """`size` stays in days with this mean and CV (exponential has CV 1, deterministic 0).

    Raises ParameterError for an unknown shape and for a mean or CV that is not positive and finite.
    """
    raise_all(ParameterError, check_stay(mean, cv, shape))
    if shape == "lognormal":
        mu, sigma = lognormal_parameters(mean, cv)
        return np.exp(mu + sigma * rng.standard_normal(size))
    if shape == "gamma":
        return rng.gamma(1.0 / cv**2, mean * cv**2, size)
    if shape == "weibull":
        k, scale = weibull_parameters(mean, cv)
        return np.asarray(scale * rng.standard_exponential(size) ** (1.0 / k))
    if shape == "exponential":
        return mean * rng.standard_exponential(size)
    return np.full(size, float(mean))


def draw_residuals(
    rng: np.random.Generator, size: int, mean: float, cv: float, shape: str = "lognormal"
) -> Floats:
    """`size` remaining stays, in days, of patients met in bed at a random moment.

    mean: of the whole stay, days.  cv: its standard deviation over its mean.
    Raises ParameterError as draw_stays.
    """
    raise_all(ParameterError, check_stay(mean, cv, shape))
    left = rng.random(size)
    if shape == "lognormal":
        mu, sigma = lognormal_parameters(mean, cv)
        return left * np.exp(mu + sigma**2 + sigma * rng.standard_normal(size))
    if shape == "gamma":
        return left * rng.gamma(1.0 / cv**2 + 1.0, mean * cv**2, size)
    if shape == "weibull":
        k, scale = weibull_parameters(mean, cv)
        return np.asarray(left * scale * rng.standard_gamma(1.0 + 1.0 / k, size) ** (1.0 / k))
    if shape == "exponential":
        return mean * rng.standard_exponential(size)
    return left * mean


def lognormal_parameters(mean: float, cv: float) -> tuple[float, float]:
    """(mu, sigma) of log stay: sigma^2 = ln(1 + CV^2), mu = ln mean - sigma^2 / 2.

    mean: days.  Raises ParameterError for a mean or CV that is not positive and finite.
    """
    raise_all(ParameterError, check_stay(mean, cv, "lognormal"))
    sigma2 = math.log1p(cv**2)
    return math.log(mean) - sigma2 / 2.0, math.sqrt(sigma2)


def weibull_parameters(mean: float, cv: float) -> tuple[float, float]:
    """(k, scale) of the Weibull stay with this mean and CV; k solved from CV (0.04 to 100).

    mean: days.  Raises ParameterError for a mean or CV that is not positive and finite, or a CV too
    far for the shape.
    """
    raise_all(ParameterError, check_stay(mean, cv, "weibull"))
    target = math.log1p(cv**2)

    def gap(k: float) -> float:
        return float(gammaln(1.0 + 2.0 / k) - 2.0 * gammaln(1.0 + 1.0 / k)) - target

    low, high = 0.12, 40.0
    if gap(low) < 0 or gap(high) > 0:
        raise ParameterError(fault("stay", f"CV {cv:g} too far for weibull", "between 0.04 and 100"))
    k = float(brentq(gap, low, high, xtol=1e-12))
    return k, mean / math.exp(float(gammaln(1.0 + 1.0 / k)))


def survival_days(mean: float, cv: float, days: int, shape: str = "lognormal") -> Floats:
    """Probability of still being in bed d days after admission, d = 0 .. days-1 (mid-day points).

    Point d stands for the mean of the survival function over day d, so that the sum over a long
    horizon is the mean stay.
    Raises ParameterError as draw_stays, and for less than one day.
    """
    refuse(value_faults("days", days, 1.0, remedy="one day or more"))
    raise_all(ParameterError, check_stay(mean, cv, shape))
    points = 24
    x = (np.arange(days * points) + 0.5) / points
    if shape == "lognormal":
        mu, sigma = lognormal_parameters(mean, cv)
        alive = stats.norm.sf((np.log(x) - mu) / sigma)
    elif shape == "gamma":
        alive = stats.gamma.sf(x, 1.0 / cv**2, scale=mean * cv**2)
    elif shape == "weibull":
        k, scale = weibull_parameters(mean, cv)
        alive = np.exp(-((x / scale) ** k))
    elif shape == "exponential":
        alive = np.exp(-x / mean)
    else:
        alive = (x < mean).astype(np.float64)
    return np.asarray(np.asarray(alive).reshape(days, points).mean(axis=1))
