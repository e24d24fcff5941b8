"""Many Rogers-Castro humps fitted at once, by Levenberg and Marquardt with analytic derivatives.

One hump and a constant, averaged over the ages that each cohort went through, with the children's
part held: the labour-force schedule, or (without the constant) the retirement one. All starts of a
place's flows are one batch, a few milliseconds where a general search takes a second.
Marquardt (1963), Journal of the Society for Industrial and Applied Mathematics 11(2), 431-441.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arguments import count_faults, rate_faults, refuse
from sim.arrays import Floats, Integers

NAMES = ("a", "alpha", "mu", "lambda", "c")
"""Height, descent and place of the hump, its ascent, the constant: the order of `parameters`."""
_ROUNDS = 400
_ENOUGH = 1e-9  # of the misfit that a good step must take off, or the fit ends
_DAMPING = (1e-3, 0.2, 5.0, 1e-12, 1e9)  # first, after a good step, after a bad one, least, end


@dataclass(frozen=True)
class Cohorts:
    """What is fitted, for each fit of a batch."""

    ages: Floats
    """Ages that each cohort went through, years (cohort, step)."""
    rates: Floats
    """Migrants per person-year, one sign, >= 0 (fit, cohort)."""
    weights: Floats
    """(fit, cohort)."""
    children: Floats
    """Held part of the schedule, mean over the ages of each cohort (fit, cohort)."""

    def some(self, fits: Integers) -> Cohorts:
        """Those of some fits."""
        return Cohorts(self.ages, self.rates[fits], self.weights[fits], self.children[fits])


def fit_humps(cohorts: Cohorts, start: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Parameters (fit, name) in the order of NAMES nearest to the rates, and their misfit (fit,).

    start, low, high: first guess and bounds, > 0 (fit, name); where the bounds are equal the
    parameter is held (a constant of 0 as one of a trace).  The search is in logarithms.
    Raises ParameterError for rates or weights below 0 or not finite.
    """
    axes = ("fit", "cohort")
    refuse(rate_faults("rates", cohorts.rates, axes), count_faults("weights", cohorts.weights, axes))
    scale = 1.0 / np.maximum(cohorts.rates.max(axis=1), 1e-12)
    root = scale[:, None] * np.sqrt(cohorts.weights)
    floor, top = np.log(low), np.log(high)
    theta = np.clip(np.log(start), floor, top)
    value, slope = _residuals(cohorts, root, theta)
    misfit = (value**2).sum(axis=1)
    first, good, bad, least, end = _DAMPING
    damping = np.full(len(theta), first)
    going = np.arange(len(theta))
    for _ in range(_ROUNDS):
        g, own = going, cohorts.some(going)
        step = _step(value[g], slope[g], theta[g], floor[g], top[g], damping[g])
        tried = np.clip(theta[g] + step, floor[g], top[g])
        new_value, new_slope = _residuals(own, root[g], tried)
        new = (new_value**2).sum(axis=1)
        better = new < misfit[g]
        gained = misfit[g] - new > _ENOUGH * misfit[g]
        at = g[better]
        theta[at], value[at], slope[at], misfit[at] = (a[better] for a in (tried, new_value, new_slope, new))
        damping[g] = np.maximum(damping[g] * np.where(better, good, bad), least)
        going = g[gained | ~better & (damping[g] < end)]
        if not going.size:
            break
    return np.exp(theta), misfit / scale**2


def _residuals(cohorts: Cohorts, root: Floats, theta: Floats) -> tuple[Floats, Floats]:
    """Weighted residuals (fit, cohort) and their derivatives by log parameter (fit, cohort, name)."""
    a, alpha, mu, rise, c = (np.exp(theta[:, i])[:, None, None] for i in range(len(NAMES)))
    away = cohorts.ages - mu
    ascent = np.exp(np.minimum(-rise * away, 700.0))
    hump = a * np.exp(-alpha * away - ascent)
    bent = rise * np.where(hump > 0, ascent, 0.0)
    parts = (hump, -alpha * away * hump, mu * (alpha - bent) * hump, bent * away * hump)
    by_name = [part.mean(axis=2) for part in parts]
    constant = np.broadcast_to(c[:, :, 0], by_name[0].shape)
    value = root * (by_name[0] + constant + cohorts.children - cohorts.rates)
    return value, root[..., None] * np.stack([*by_name, constant], axis=2)


def _step(value: Floats, slope: Floats, theta: Floats, floor: Floats, top: Floats, damping: Floats) -> Floats:
    """The damped Gauss-Newton step; a parameter that its bound holds back stays where it is."""
    gradient = np.einsum("fgn,fg->fn", slope, value)
    held = ((theta <= floor) & (gradient > 0)) | ((theta >= top) & (gradient < 0)) | (floor >= top)
    normal = np.einsum("fgn,fgm->fnm", slope, slope)
    free = ~held
    normal *= free[:, :, None] & free[:, None, :]
    size = np.arange(normal.shape[1])
    diagonal = normal[:, size, size]
    normal[:, size, size] += damping[:, None] * diagonal + np.where(
        held, 1.0, 1e-12 * diagonal.max(axis=1, keepdims=True) + 1e-300
    )
    return np.linalg.solve(normal, np.where(held, 0.0, -gradient)[..., None])[..., 0]
