"""Fertility by parity: shares of women with 0, 1, 2 and 3+ children, and births by order.

A woman of age a and parity k has her next child within a year with probability
    p_k(a) = 1 - exp(-m h_k(a)),
h_k being the hazard of her parity and m the year's multiplier. Births of order k+1 per woman of
age a are then
    asfr_k(a) = p_k(a) (pi_k(a) + pi_k(a - 1)) / 2,
the parity shares pi being those of the year's start: women aged a during the year were a or a - 1
then.  m is solved so that the orders add up to the year's TFR.  Cohort shares move up:
pi_k(a + 1) = pi_k(a) - b_k + b_(k-1) with b_k = (p_k(a) + p_k(a + 1)) / 2 pi_k(a).  Migrants are
taken to have the parity of residents of their age, and mortality not to depend on parity.
Increment-decrement fertility tables: Park, Lee & Jo (2013), Asian Population Studies 9(1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.arguments import count_faults, rate_faults, refuse, share_faults, value_faults
from sim.arrays import Floats
from sim.demography.parity_compiled import STRIP, compiled
from sim.errors import ParameterError, fault

PARITY_COUNT = 4  # 0, 1, 2, 3+
_SMALL = 1e-9  # share of women below which a parity is empty
_NEWTON_STEPS = 60
_CLOSE = 1e-7  # children per woman: a step from here on ends within 1e-13, for its error is squared


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


def conditional_hazards(asfr_by_parity: Floats, shares: Floats) -> Floats:
    """Hazards of the next birth of women of each parity, from rates per woman of any parity.

    asfr_by_parity: births per woman-year (age, parity of the mother before the birth).
    shares: women by parity at the start of the year (age, parity).
    Returns h (age, parity), per year, at which a multiplier of 1 gives the rates back; 0 where
    nobody has the parity.
    Raises ParameterError where births come from a parity that no woman has, or more of its women
    give birth in a year than there are, for shapes that differ and shares outside 0..1.
    """
    if asfr_by_parity.shape != shares.shape or shares.shape[-1:] != (PARITY_COUNT,):
        wrong = f"shapes {asfr_by_parity.shape} and {shares.shape}"
        raise ParameterError(fault("fertility", wrong, f"both (age, {PARITY_COUNT} parities)"))
    refuse(share_faults("shares", shares, ("age", "parity")))
    refuse(rate_faults("asfr_by_parity", asfr_by_parity, ("age", "parity")))
    exposed = _exposed(shares)
    empty = exposed < _SMALL
    if (asfr_by_parity[empty] > _SMALL).any():
        age, parity = (int(i) for i in np.argwhere(empty & (asfr_by_parity > _SMALL))[0])
        wrong = f"births to women of parity {parity} at age {age}, where there are none"
        raise ParameterError(fault("fertility", wrong, "give parity_initial and rates that agree"))
    p = np.divide(asfr_by_parity, exposed, out=np.zeros_like(exposed), where=~empty)
    if not np.isfinite(p).all() or p.min() < 0 or p.max() >= 1:
        age, parity = (int(i) for i in np.argwhere(~((p >= 0) & (p < 1)))[0])
        wrong = f"{p[age, parity]:g} births per woman of parity {parity} and age {age} in a year"
        raise ParameterError(fault("fertility", wrong, "0 to below 1: rates and parities disagree"))
    return np.asarray(-np.log1p(-p))


def project_parity(
    shares: Floats,
    hazards: Floats,
    tfr: Floats,
    policy: Floats | None = None,
    *,
    mix: Floats | None = None,
    policy_in_tfr: bool = False,
) -> ParityPath:
    """Parity shares and rates by order along a TFR path.

    shares: women by parity at the end of the base year (age, parity).  hazards: of the next birth
    (age, parity), per year.  tfr: children per woman (year, draw), the base year first.
    policy: factors on the hazards (year, age, parity, draw or 1): the births that they add come on
    top of the path (the multiplier is solved without them), or, with policy_in_tfr, are part of it,
    as in a TFR of the past.  mix: factors on the hazards within the path, (year, parity, draw or
    1): they move births between orders.
    Returns the ParityPath; in the base year the hazards act on the base shares, which do not move.
    Raises ParameterError for a TFR that women of these parities cannot have, shares that do not add
    up to one, and hazards, factors or a TFR below 0 or not finite.
    """
    _refuse_wrong(shares, hazards, tfr, policy, mix)
    years, draws = tfr.shape
    ages = shares.shape[0]
    plain = np.broadcast_to(shares[..., None], (ages, PARITY_COUNT, draws)).copy()
    acting = plain
    path = ParityPath(
        np.zeros((years, ages, 3, draws)),
        np.empty((years, ages, PARITY_COUNT, draws)),
        np.empty((years, draws)),
    )
    fertile = np.flatnonzero(hazards.any(axis=1))
    span = slice(int(fertile[0]), int(fertile[-1]) + 1) if fertile.size else slice(0, 1)
    if not policy_in_tfr and _compiled(path, hazards[span], span.start, plain, tfr, policy, mix):
        return path
    h = hazards[span, :, None]
    m = np.ones(draws)
    for t in range(years):
        now = h if mix is None else h * mix[t]
        if policy is not None and policy_in_tfr:
            now = now * policy[t, span]
        m = _multiplier(now, _exposed(plain)[span], tfr[t], m)
        p = _probability(now, m)
        on_top = policy is not None and not policy_in_tfr
        p_policy = _probability(now * policy[t, span], m) if on_top and policy is not None else p
        _by_order(p_policy, _exposed(acting)[span], path.asfr[t, span])
        path.multiplier[t] = m
        if t:
            plain = _move_up(plain, p, span)
            acting = _move_up(acting, p_policy, span) if on_top else plain
        path.shares[t] = acting
    return path


def _compiled(
    path: ParityPath,
    hazards: Floats,
    first: int,
    plain: Floats,
    tfr: Floats,
    policy: Floats | None,
    mix: Floats | None,
) -> bool:
    """Whether the path could be filled by what is compiled; hazards from age `first` on.

    plain: shares at the start (age, parity, draw).
    """
    strip = compiled()
    if strip is None or not hazards.any():
        return False
    years, draws = tfr.shape
    factors = np.empty((0, 1, 1, 1)) if policy is None else np.ascontiguousarray(policy)
    within = np.empty((years, PARITY_COUNT, draws))
    within[:] = 1.0 if mix is None else mix
    two = np.empty((2, *(plain.shape if policy is not None else (1, 1, 1))))
    two[0] = plain if policy is not None else 0.0
    path.shares[0] = plain
    rates, wanted = np.ascontiguousarray(hazards), np.ascontiguousarray(tfr)
    out = path.asfr, path.shares, path.multiplier, two
    return all(
        strip(rates, first, within, factors, wanted, start, min(start + STRIP, draws), *out)
        for start in range(0, draws, STRIP)
    )


def _refuse_wrong(
    shares: Floats, hazards: Floats, tfr: Floats, policy: Floats | None, mix: Floats | None
) -> None:
    refuse(
        share_faults("shares", shares, ("age", "parity")),
        value_faults("shares, sum over parity", shares.sum(axis=1), 1 - 1e-6, 1 + 1e-6, axes=("age",)),
        rate_faults("hazards", hazards, ("age", "parity")),
        count_faults("tfr", tfr, ("year", "draw")),
        [] if policy is None else count_faults("policy", policy, ("year", "age", "parity", "draw")),
        [] if mix is None else count_faults("mix", mix, ("year", "parity", "draw")),
    )


def births_added(with_policy: Floats, without: Floats) -> Floats:
    """Births that a policy adds: the paired difference, draw by draw.

    with_policy, without: births of the same draws, (..., draw); all else alike.
    Returns births, same shape; negative where the policy (or its catch-up's end) takes births away.
    """
    if with_policy.shape != without.shape:
        wrong = f"shapes {with_policy.shape} and {without.shape}"
        raise ParameterError(fault("births_added", wrong, "the same years and draws in both"))
    return np.asarray(with_policy - without)


def progression_ratios(hazards: Floats, multiplier: float | Floats = 1.0) -> Floats:
    """Parity progression of a cohort that lives through the hazards: a0, a1, a2.

    hazards: of the next birth (age, parity, ...).  multiplier: on all of them.
    Returns shares (3, ...): of women with k children, those who ever have another.
    Raises ParameterError for hazards below 0 or not finite.
    """
    refuse(rate_faults("hazards", hazards))
    ever = cohort_parity(hazards, multiplier)
    above = np.stack([ever[k:].sum(axis=0) for k in range(PARITY_COUNT)])
    return np.asarray(above[1:] / np.maximum(above[:-1], _SMALL))


def cohort_parity(hazards: Floats, multiplier: float | Floats = 1.0) -> Floats:
    """Final parity shares of a cohort that lives through the hazards.

    hazards: of the next birth (age, parity, ...), per year.  multiplier: on all of them.  Returns
    shares (parity, ...).
    """
    pi = np.zeros(hazards.shape[1:])
    pi[0] = 1.0
    p = -np.expm1(-np.asarray(multiplier) * hazards)
    for age in range(hazards.shape[0] - 1):
        births = (p[age] + p[age + 1]) / 2 * pi
        births[-1] = 0.0
        pi = pi - births
        pi[1:] += births[:-1]
    return pi


def _multiplier(h: Floats, exposed: Floats, tfr: Floats, start: Floats) -> Floats:
    """Solve sum of (1 - exp(-m h)) exposed = tfr for m by draw (Newton; concave in m).

    Each draw stops by itself: how many steps it takes must not hang on who else is in its block.
    Hazards of zero everywhere give zero births whatever the TFR.
    """
    if not h.any():
        return np.zeros_like(tfr)
    reach = (exposed * (h > 0)).sum(axis=(0, 1))
    if (tfr >= reach).any():
        draw = int((tfr - reach).argmax())
        wrong = f"TFR {tfr[draw]:.3f}, though women of these parities can have {reach[draw]:.3f}"
        raise ParameterError(fault("fertility", wrong, f"lower the TFR (draw {draw})"))
    m = np.where(tfr > 0, start, 0.0)
    going = tfr > 0
    weighted = h * exposed
    p = np.empty_like(weighted)
    for _ in range(_NEWTON_STEPS):
        _probability(h, m, out=p)
        value = np.einsum("akd,akd->d", p, exposed) - tfr
        stay = np.subtract(1.0, p, out=p)
        slope = np.einsum("akd,akd->d", stay, weighted)
        m = np.where(going, np.maximum(m - value / slope, 0.0), m)
        going = going & (np.abs(value) >= _CLOSE)
        if not going.any():
            break
    return m


def _probability(h: Floats, m: Floats, out: Floats | None = None) -> Floats:
    """1 - exp(-m h), of a birth within the year."""
    p = np.multiply(h, -m, out=out)
    np.expm1(p, out=p)
    return np.negative(p, out=p)


def _exposed(shares: Floats) -> Floats:
    """Mean parity shares of the women who are of each age in the year ahead."""
    out = shares.copy()
    out[1:] = (shares[1:] + shares[:-1]) / 2
    return out


def _by_order(p: Floats, exposed: Floats, out: Floats) -> None:
    """Fill births by order 1, 2, 3+ (age, order, draw) from those of each parity (age, parity, draw)."""
    np.multiply(p[:, :3], exposed[:, :3], out=out)
    out[:, 2] += p[:, 3] * exposed[:, 3]


def _move_up(shares: Floats, p: Floats, span: slice) -> Floats:
    """Shares a year later; p: probabilities of a birth at the ages of `span`."""
    later = np.empty_like(shares)
    later[0], later[0, 0] = 0.0, 1.0
    later[1:] = shares[:-1]
    # who give birth between the middles of two years of age
    first, last = max(span.start - 1, 0), min(span.stop, len(shares) - 1)
    yearly = np.zeros((last + 1 - first, *shares.shape[1:]))
    yearly[span.start - first : span.stop - first] = p[: last + 1 - span.start]
    births = yearly[:-1] + yearly[1:]
    births *= 0.5
    births *= shares[first:last]
    births[:, -1] = 0.0
    later[first + 1 : last + 1] -= births
    later[first + 1 : last + 1, 1:] += births[:, :-1]
    return later
