"""Fertility by parity: shares of women with 0, 1, 2 and 3+ children, and births by order.

Women of age a and parity k bear their next child at the conditional rate f_k(a).  In a year the
births of order k+1 per woman of age a are
    asfr_k(a) = m f_k(a) (pi_k(a) + pi_k(a - 1)) / 2,
the parity shares pi being those of the year's start: women aged a during the year were a or a - 1
then.  The multiplier m makes the orders add up to the year's TFR; births are linear in it, so it
is solved exactly.  Cohort shares then move up: pi_k(a + 1) = pi_k(a) - b_k + b_(k-1) with
b_k = m (f_k(a) + f_k(a + 1)) / 2 pi_k(a).  Migrants are taken to have the parity of residents of
their age, and mortality not to depend on parity.
Increment-decrement fertility tables: Park, Lee & Jo (2013), Asian Population Studies 9(1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import ParameterError, fault

Floats = npt.NDArray[np.float64]

PARITY_COUNT = 4  # 0, 1, 2, 3+
_SMALL = 1e-9  # share of women below which a parity is empty


@dataclass(frozen=True)
class ParityPath:
    """Fertility by order, year by year.

    asfr: births per woman-year by mother's age and order 1, 2, 3+ (year, age, order, draw).
    shares: women by parity at year's end (year, age, parity, draw).
    multiplier: m of each year (year, draw).
    """

    asfr: Floats
    shares: Floats
    multiplier: Floats


def conditional_rates(asfr_by_parity: Floats, shares: Floats) -> Floats:
    """Rates of the next birth per woman-year of each parity, from rates per woman of any parity.

    asfr_by_parity: births per woman-year (age, parity of the mother before the birth).
    shares: women by parity at the start of the year (age, parity).
    Returns f (age, parity), births per woman-year of that parity; 0 where nobody has the parity.
    Raises ParameterError where births come from a parity that no woman has, or f would exceed 1.
    """
    exposed = _exposed(shares)
    empty = exposed < _SMALL
    if (asfr_by_parity[empty] > _SMALL).any():
        age, parity = (int(i) for i in np.argwhere(empty & (asfr_by_parity > _SMALL))[0])
        wrong = f"births to women of parity {parity} at age {age}, where there are none"
        raise ParameterError(fault("fertility", wrong, "give parity_initial and rates that agree"))
    rates = np.divide(asfr_by_parity, exposed, out=np.zeros_like(exposed), where=~empty)
    _check_rates(rates)
    return rates


def project_parity(
    shares: Floats, rates: Floats, tfr: Floats, policy: Floats | None = None
) -> ParityPath:
    """Parity shares and rates by order along a TFR path.

    shares: women by parity at the end of the base year (age, parity).  rates: conditional rates
    (age, parity).  tfr: children per woman (year, draw), the base year first.
    policy: factors on the conditional rates (year, age, parity, draw or 1): the births that they
    add come on top of the path (the multiplier is solved without them).
    Returns the ParityPath; in the base year the rates act on the base shares, which do not move.
    Raises ParameterError if more women of a parity would give birth than there are.
    """
    years, draws = tfr.shape
    ages = shares.shape[0]
    plain = np.broadcast_to(shares[..., None], (ages, PARITY_COUNT, draws)).copy()
    acting = plain if policy is None else plain.copy()
    path = ParityPath(
        np.empty((years, ages, 3, draws)),
        np.empty((years, ages, PARITY_COUNT, draws)),
        np.empty((years, draws)),
    )
    f = rates[..., None]
    for t in range(years):
        at_one = f * _exposed(plain)
        total = at_one.sum(axis=(0, 1))
        multiplier = np.divide(tfr[t], total, out=np.zeros(draws), where=total > 0)
        f_policy = f if policy is None else f * policy[t]
        births = multiplier * (at_one if policy is None else f_policy * _exposed(acting))
        path.asfr[t] = _by_order(births)
        path.multiplier[t] = multiplier
        if t:
            plain = _move_up(plain, multiplier * f, t)
            acting = plain if policy is None else _move_up(acting, multiplier * f_policy, t)
        path.shares[t] = acting
    return path


def progression_ratios(rates: Floats, multiplier: float | Floats = 1.0) -> Floats:
    """Parity progression of a cohort that lives through the rates: a0, a1, a2.

    rates: conditional rates (age, parity, ...).  multiplier: on all of them.
    Returns shares (3, ...): of women with k children, those who ever have another.
    """
    ever = cohort_parity(rates, multiplier)
    above = np.stack([ever[k:].sum(axis=0) for k in range(PARITY_COUNT)])
    return np.asarray(above[1:] / np.maximum(above[:-1], _SMALL))


def cohort_parity(rates: Floats, multiplier: float | Floats = 1.0) -> Floats:
    """Final parity shares of a cohort that lives through the rates, (parity, ...)."""
    pi = np.zeros(rates.shape[1:])
    pi[0] = 1.0
    m = np.asarray(multiplier)
    for age in range(rates.shape[0] - 1):
        births = m * (rates[age] + rates[age + 1]) / 2 * pi
        births[-1] = 0.0
        pi = pi - births
        pi[1:] += births[:-1]
    return pi


def _exposed(shares: Floats) -> Floats:
    """Mean parity shares of the women who are of each age in the year ahead."""
    out = shares.copy()
    out[1:] = (shares[1:] + shares[:-1]) / 2
    return out


def _by_order(births: Floats) -> Floats:
    """Births by mother's parity (age, parity, draw) as births by order 1, 2, 3+."""
    return np.concatenate([births[:, :2], births[:, 2:].sum(axis=1, keepdims=True)], axis=1)


def _move_up(shares: Floats, rates: Floats, step: int) -> Floats:
    """Shares a year later; rates (age, parity, draw) already times the multiplier."""
    next_births = (rates[:-1] + rates[1:]) / 2 * shares[:-1]
    next_births[:, -1] = 0.0
    stay = shares[:-1] - next_births
    if stay.min() < 0:
        age, parity, draw = (int(i) for i in np.unravel_index(int(stay.argmin()), stay.shape))
        wrong = f"more than all women of parity {parity}, age {age} give birth in year {step}"
        remedy = f"lower TFR or policy effect (draw {draw})"
        raise ParameterError(fault("fertility", wrong, remedy))
    later = np.zeros_like(shares)
    later[0, 0] = 1.0
    later[1:] = stay
    later[1:, 1:] += next_births[:, :-1]
    return later


def _check_rates(rates: Floats) -> None:
    if rates.min() < 0 or rates.max() > 1 or not np.isfinite(rates).all():
        worst = np.unravel_index(int(np.nanargmax(np.abs(rates - 0.5))), rates.shape)
        age, parity = (int(i) for i in worst)
        wrong = f"conditional rate {rates[worst]:g} at age {age}, parity {parity}"
        raise ParameterError(fault("fertility", wrong, "births per woman-year, 0..1"))
