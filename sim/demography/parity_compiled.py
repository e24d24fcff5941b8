"""Fertility by parity along a TFR path, compiled where numba is installed (the extra `fast`).

The same model as in `parity`.  A birth within the year has the probability

    1 - exp(-x) = 2 T / (1 + T),   T = tanh(x / 2) = y / k,   y = x / 2,

with k = y coth y the ratio of two short polynomials in y^2 of `sim.burden.compiled`, so that a processor
takes several draws at once; beyond x = 2 it is the exponential.  The multiplier is solved for by Halley's
step, whose error is the third power of the one before.  The numbers are those of `parity` to 1e-12 of
each; without numba everything is computed there.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import numpy as np

from sim.arrays import Floats, compiled_all

STRIP = 128  # draws that go through all years together: what they need stays in the second-level cache
_HIGHEST = 2.0  # x up to which the ratio holds to the last digits
_STEPS = 60
_CLOSE = 1e-5  # children per woman: a step from here on ends within 1e-14, for its error is the third power

Strip = Callable[..., bool]


def chance(hazard: float, by: Floats, p: Floats) -> None:
    """Fill p (draw,) with 1 - exp(-hazard by), for products of no more than _HIGHEST."""
    for d in range(p.size):
        y = 0.5 * hazard * by[d]
        z = y * y
        above = 34459425.0 + z * (16216200.0 + z * (945945.0 + z * (13860.0 + z * 45.0)))
        below = y * (34459425.0 + z * (4729725.0 + z * (135135.0 + z * (990.0 + z))))
        p[d] = 2.0 * below / (above + below)


def chance_beyond(hazard: float, by: Floats, p: Floats) -> None:
    """Fill those of p anew whose product is above _HIGHEST."""
    for d in range(p.size):
        if hazard * by[d] > _HIGHEST:
            p[d] = -math.expm1(-hazard * by[d])


def chances(hazards: Floats, by: Floats, p: Floats) -> None:
    """Fill p (age, parity, draw) of hazards (age, parity) with factors `by` (parity, draw)."""
    for k in range(by.shape[0]):
        highest = by[k].max()
        for a in range(hazards.shape[0]):
            chance(hazards[a, k], by[k], p[a, k])
            if hazards[a, k] * highest > _HIGHEST:
                chance_beyond(hazards[a, k], by[k], p[a, k])


def added(hazard: float, mix: Floats, p: Floats, there: Floats, sums: Floats) -> None:
    """Add births of an age and parity, and their slope and bend along the multiplier, to sums (3, draw)."""
    births, slope, bend = sums[0], sums[1], sums[2]
    for d in range(p.size):
        births[d] += p[d] * there[d]
        steep = hazard * mix[d]
        left = steep * (there[d] - p[d] * there[d])
        slope[d] += left
        bend[d] += steep * left


def towards(tfr: Floats, sums: Floats, going: Floats, m: Floats) -> bool:
    """Move m (draw,) by Halley's step where `going` is not 0; whether any has farther to go."""
    births, slope, bend = sums[0], sums[1], sums[2]
    left = 0
    for d in range(m.size):
        miss = births[d] - tfr[d]
        move = miss / slope[d]
        bent = 1.0 + 0.5 * move * bend[d] / slope[d]
        moved = m[d] - move / (bent if bent > 0.5 else 0.5)
        moved = moved if moved > 0.0 else 0.0
        m[d] = moved if going[d] > 0.0 else m[d]
        going[d] = going[d] if abs(miss) >= _CLOSE else 0.0
        left += going[d] > 0.0
    return left > 0


def solved(hazards: Floats, mix: Floats, there: Floats, tfr: Floats, m: Floats, p: Floats) -> bool:
    """Move m (draw,) to where the births of `there` (age, parity, draw) are tfr; whether that can be.

    mix: factors on the hazards (age, parity) of each parity, (parity, draw).  p: as of chances, to work in.
    """
    by, going = np.empty_like(mix), np.ones(m.size)
    sums: Floats = np.zeros((3, m.size))
    most = sums[0]
    for a in range(hazards.shape[0]):
        for k in range(hazards.shape[1]):
            for d in range(m.size):
                most[d] += there[a, k, d] if hazards[a, k] * mix[k, d] > 0.0 else 0.0
    for d in range(m.size):
        if tfr[d] >= most[d]:
            return False
        if tfr[d] <= 0.0:
            m[d] = going[d] = 0.0
    for _ in range(_STEPS):
        for k in range(by.shape[0]):
            for d in range(m.size):
                by[k, d] = mix[k, d] * m[d]
        chances(hazards, by, p)
        sums[:] = 0.0
        for k in range(by.shape[0]):
            for a in range(hazards.shape[0]):
                added(hazards[a, k], mix[k], p[a, k], there[a, k], sums)
        if not towards(tfr, sums, going, m):
            break
    for k in range(by.shape[0]):
        for d in range(m.size):
            by[k, d] = mix[k, d] * m[d]
    chances(hazards, by, p)
    return True


def with_policy(hazards: Floats, mix: Floats, m: Floats, policy: Floats, start: int, p: Floats) -> None:
    """Fill p as chances does, with factors of a policy too, (age, parity, draw or 1) from draw `start` on."""
    by = np.empty(m.size)
    for a in range(hazards.shape[0]):
        for k in range(hazards.shape[1]):
            for d in range(m.size):
                own = policy[a, k, start + d] if policy.shape[2] > 1 else policy[a, k, 0]
                by[d] = mix[k, d] * m[d] * own
            chance(hazards[a, k], by, p[a, k])
            chance_beyond(hazards[a, k], by, p[a, k])


def exposed(shares: Floats, first: int, start: int, there: Floats) -> None:
    """Fill `there` (age, parity, draw) with the mean of an age and the one before, from age `first` on.

    shares: of all ages and draws; those of `there` begin at draw `start`.
    """
    stop = start + there.shape[2]
    for a in range(there.shape[0]):
        for k in range(there.shape[1]):
            own, out = shares[first + a, k, start:stop], there[a, k]
            before = shares[max(first + a - 1, 0), k, start:stop]
            for d in range(out.size):
                out[d] = 0.5 * (own[d] + before[d])


def by_order(p: Floats, there: Floats, first: int, start: int, asfr: Floats) -> None:
    """Fill asfr (age, order, draw) of all ages and draws with births of the first, second, later child."""
    stop = start + p.shape[2]
    for a in range(p.shape[0]):
        for k in range(asfr.shape[1]):
            out, chance, women = asfr[first + a, k, start:stop], p[a, k], there[a, k]
            for d in range(out.size):
                out[d] = chance[d] * women[d]
        out, chance, women = asfr[first + a, 2, start:stop], p[a, 3], there[a, 3]
        for d in range(out.size):
            out[d] += chance[d] * women[d]


def moved_up(shares: Floats, p: Floats, first: int, start: int, later: Floats) -> None:
    """Fill `later` (age, parity, draw) with the shares a year on, of all ages and the draws of p."""
    stop = start + p.shape[2]
    have = np.empty(p.shape[2])
    for k in range(later.shape[1]):
        later[0, k, start:stop] = 1.0 if k == 0 else 0.0
    for a in range(later.shape[0] - 1):
        own, after = a - first, a + 1 - first  # rows of p, which has none where nobody gives birth
        for k in range(later.shape[1]):
            now, out = shares[a, k, start:stop], later[a + 1, k, start:stop]
            out[:] = now
            if after < 0 or own >= p.shape[0]:
                continue
            if k:
                for d in range(out.size):
                    out[d] += have[d]
            if k == later.shape[1] - 1:
                continue
            one = p[own, k] if own >= 0 else p[after, k]
            two = p[after, k] if after < p.shape[0] else one
            half = 0.5 if own >= 0 and after < p.shape[0] else 0.25
            for d in range(out.size):
                have[d] = half * (one[d] + two[d]) * now[d]
                out[d] -= have[d]


def strip(
    hazards: Floats,
    first: int,
    mix: Floats,
    policy: Floats,
    tfr: Floats,
    start: int,
    stop: int,
    asfr: Floats,
    shares: Floats,
    multiplier: Floats,
    plain: Floats,
) -> bool:
    """Fill asfr, shares and multiplier of the draws from start to stop, all years; whether that can be.

    hazards (age, parity), from age `first` on.  mix (year, parity, draw), tfr (year, draw).  policy
    (year, age, parity, draw or 1), of no years where there is none.  asfr, shares, multiplier: as of
    ParityPath, shares[0] filled; plain: shares without policy of two years, (2, age, parity, draw), the first
    filled, of no draws where there is no policy.
    """
    size = stop - start
    p, there = np.empty((hazards.shape[0], 4, size)), np.empty((hazards.shape[0], 4, size))
    m, own, on_top = np.ones(size), np.empty((4, size)), policy.shape[0] > 0
    for t in range(tfr.shape[0]):
        before = max(t - 1, 0)
        own[:] = mix[t, :, start:stop]
        exposed(plain[before % 2] if on_top else shares[before], first, start, there)
        if not solved(hazards, own, there, tfr[t, start:stop], m, p):
            return False
        multiplier[t, start:stop] = m
        if on_top:
            if t:
                moved_up(plain[before % 2], p, first, start, plain[t % 2])
            with_policy(hazards, own, m, policy[t, first : first + p.shape[0]], start, p)
            exposed(shares[before], first, start, there)
        by_order(p, there, first, start, asfr[t])
        if t:
            moved_up(shares[before], p, first, start, shares[t])
    return True


@functools.cache
def compiled() -> Strip | None:
    """`strip`, compiled; None where numba is not installed."""
    functions = compiled_all(
        strip,
        parts=(
            chance,
            chance_beyond,
            chances,
            added,
            towards,
            solved,
            with_policy,
            exposed,
            by_order,
            moved_up,
        ),
    )
    return None if functions is None else functions[0]
