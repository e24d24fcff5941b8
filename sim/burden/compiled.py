"""The yearly step of `illness_death` in one pass, compiled where numba is installed (the extra `fast`).

The same formula, but for h coth h, which is its power series in h^2,

    h coth h = 1 + 2 sum (-1)^(n+1) zeta(2n) (h^2 / pi^2)^n,

for h^2 up to 1/4 (rates up to about 1 a year): no square root and no hyperbolic tangent.  The numbers are
those of `illness_death` to 1e-12 of each; without numba everything is computed there.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import zeta

from sim.arrays import Floats

_HIGHEST = 0.25  # h^2 up to which ten terms are exact to the last digits: the next one is below 1e-16
_N = np.arange(1, 11)
_SERIES = (2.0 * (-1.0) ** (_N + 1) * zeta(2.0 * _N) / np.pi ** (2.0 * _N)).tolist()
_C1, _C2, _C3, _C4, _C5, _C6, _C7, _C8, _C9, _C10 = _SERIES

Step = Callable[..., None]


def steps(
    now: Floats, i: Floats, r: Floats, f: Floats, by_i: Floats, by_f: Floats, later: Floats, rows: Floats
) -> None:
    """Fill later[:, 1:] (sex, age, draw) with the prevalence a year after now[:, :-1].

    i, r, f: 1/year, of length 1 or that of an age or sex less one or draw.  by_i, by_f: factors on i and
    f, (draw,).  rows: (4, draw) to work in.
    """
    sexes, ages, draws = now.shape[0], now.shape[1] - 1, now.shape[2]
    own_i, own_f, own_r, squares = rows[0], rows[1], rows[2], rows[3]
    for sex in range(sexes):
        for age in range(ages):
            own_i[:] = i[min(sex, i.shape[0] - 1), min(age, i.shape[1] - 1)]
            own_f[:] = f[min(sex, f.shape[0] - 1), min(age, f.shape[1] - 1)]
            own_r[:] = r[min(sex, r.shape[0] - 1), min(age, r.shape[1] - 1)]
            before, after = now[sex, age], later[sex, age + 1]
            for d in range(draws):
                ill = own_i[d] * by_i[d]
                dying = own_f[d] * by_f[d]
                half = 0.5 * (ill - dying + own_r[d])
                s = 0.5 * (ill + dying + own_r[d])
                y = half * half + own_r[d] * dying
                k = _C7 + y * (_C8 + y * (_C9 + y * _C10))
                k = _C3 + y * (_C4 + y * (_C5 + y * (_C6 + y * k)))
                k = 1.0 + y * (_C1 + y * (_C2 + y * k))
                p = before[d]
                after[d] = ((k - s) * p + ill) / (k + s - dying * p)
                squares[d] = y
            high = 0
            for d in range(draws):
                high |= int(squares[d] > _HIGHEST)
            if not high:
                continue
            for d in range(draws):
                if squares[d] > _HIGHEST:
                    ill = own_i[d] * by_i[d]
                    dying = own_f[d] * by_f[d]
                    s = 0.5 * (ill + dying + own_r[d])
                    h = math.sqrt(squares[d])
                    k = h / math.tanh(h)
                    after[d] = ((k - s) * before[d] + ill) / (k + s - dying * before[d])


@functools.cache
def compiled() -> Step | None:
    """`steps`, compiled; None where numba is not installed."""
    if importlib.util.find_spec("numba") is None:
        return None
    numba: Any = importlib.import_module("numba")
    step: Step = numba.njit(cache=True, nogil=True, error_model="numpy")(steps)
    return step
