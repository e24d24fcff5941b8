"""Birth policies as named objects: what they open, how strongly, when and for whom.

A policy raises (or, with a negative quantum, takes back) the rate at which women of one parity go
on to the next child.  Its effect is a factor on the hazards,
    1 + kappa g(t - start) u(age),
with tempo g, uptake u by age, and kappa such that in a synthetic cohort under full effect (g = 1)
the share of women who go on rises by the quantum.  The tempo is
    g(s) = 1 - exp(-(s + 1/2) / ramp) + bulge (s / peak) exp(1 - s / peak),   s = t - start >= 0:
a lasting part that builds up, and a catch-up that is highest `peak` years after the start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arguments import count_faults, refuse
from sim.arrays import Floats, Integers
from sim.demography.parity import PARITY_COUNT, progression_ratios
from sim.errors import ParameterError, fault

_STEPS = 12  # secant steps; each gains over a digit


@dataclass(frozen=True)
class Policy:
    """A birth policy.

    parity: children the women it reaches already have.  start: first year of effect.
    quantum: added share of these women who ever go on (draw,).  bulge: height of the catch-up
    over the lasting effect.  peak: years from the start to the catch-up's height.
    ramp: years in which the lasting effect builds up.  uptake: weight by age, 1 = full (age,).
    """

    name: str
    parity: int
    start: int
    quantum: Floats
    bulge: float
    peak: float
    ramp: float
    uptake: Floats

    def __post_init__(self) -> None:
        if not 0 <= self.parity < PARITY_COUNT - 1:
            wrong = f"parity {self.parity}"
            raise ParameterError(fault(f"policy {self.name}", wrong, "0, 1 or 2 children"))
        if not (np.abs(self.quantum) < 1).all():
            wrong = f"quantum {float(np.abs(self.quantum).max()):g}"
            raise ParameterError(fault(f"policy {self.name}", wrong, "a change of a share, -1..1"))
        refuse(count_faults(f"policy {self.name}: uptake", self.uptake, ("age",)))
        if not (self.peak > 0 and self.ramp > 0 and self.bulge >= 0):
            wrong = f"peak {self.peak:g}, ramp {self.ramp:g}, bulge {self.bulge:g}"
            raise ParameterError(fault(f"policy {self.name}", wrong, "years > 0, bulge >= 0"))

    @property
    def is_idle(self) -> bool:
        """Whether it changes nothing in any draw."""
        return not np.any(self.quantum)


def tempo(policy: Policy, years: Integers) -> Floats:
    """Strength of the effect by year (year,): 0 before the start, 1 in the long run."""
    since = np.asarray(years, float) - policy.start
    after = np.maximum(since, 0.0)
    lasting = 1 - np.exp(-(after + 0.5) / policy.ramp)
    catch_up = policy.bulge * after / policy.peak * np.exp(1 - after / policy.peak)
    return np.where(since >= 0, lasting + catch_up, 0.0)


def rate_factors(policies: list[Policy], rates: Floats, level: Floats, years: Integers) -> Floats | None:
    """Factors of all policies on the hazards, (year, age, parity, draw).

    rates: hazards of the next birth (age, parity).  level: their multiplier (draw,) at which the
    quantum is measured.  Returns None if no policy acts.
    Raises ParameterError if a policy would make a rate negative.
    """
    acting = [p for p in policies if not p.is_idle]
    if not acting:
        return None
    draws = max(level.size, *(p.quantum.size for p in acting))
    factors = np.ones((len(years), *rates.shape, draws))
    for policy in acting:
        kappa = strength(policy, rates, np.broadcast_to(level, (draws,)))
        effect = np.einsum("t,a,d->tad", tempo(policy, years), policy.uptake, kappa)
        factors[:, :, policy.parity] *= 1 + effect
    if factors.min() < 0:
        names = ", ".join(p.name for p in acting)
        raise ParameterError(fault(f"policy {names}", "takes more births than there are", ""))
    return factors


def strength(policy: Policy, rates: Floats, level: Floats) -> Floats:
    """Kappa by draw: what raises the synthetic cohort's progression by the quantum (secant)."""
    quantum = np.broadcast_to(policy.quantum, level.shape)
    base = progression_ratios(rates[..., None], level)[policy.parity]
    target = base + quantum
    if (target <= 0).any() or (target >= 1).any():
        wrong = f"moves the share who go on from {float(base.mean()):.3f} out of 0..1"
        raise ParameterError(fault(f"policy {policy.name}", wrong, "a smaller quantum"))

    def ratio(kappa: Floats) -> Floats:
        f = np.repeat(rates[..., None], level.size, axis=-1)
        f[:, policy.parity] *= 1 + policy.uptake[:, None] * kappa
        return np.asarray(progression_ratios(f, level)[policy.parity])

    k0, r0 = np.zeros(level.shape), base
    k1 = np.asarray(quantum / np.maximum(base * (1 - base), 1e-6))
    for _ in range(_STEPS):
        r1 = ratio(k1)
        slope = np.where(np.abs(k1 - k0) > 1e-13, (r1 - r0) / np.where(k1 == k0, 1, k1 - k0), 1.0)
        step = np.where(np.abs(slope) > 1e-13, (target - r1) / slope, 0.0)
        k0, r0, k1 = k1, r1, k1 + step
        if np.abs(step).max() < 1e-12:
            break
    return np.asarray(k1)
