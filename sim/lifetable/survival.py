"""Survival of age groups over an interval: from person-years lived, or from death rates at once."""

from __future__ import annotations

import numpy as np

from sim.argument_kinds import looked_at
from sim.arguments import positive_faults, refuse, value_faults
from sim.arrays import Floats
from sim.errors import ParameterError, fault
from sim.lifetable.ax import infant_ax
from sim.schema import SEXES

_ROUNDED = 1e-9  # relative: what a sum of survivors may be off


@looked_at
def survival_ratios(Lx: Floats, n: float = 1.0, radix: float = 1.0) -> Floats:
    """Survival of age groups of equal width n over n years, from Lx with age first.

    First: L0 / (n l0); then L(x) / L(x-n); open group: T(x) / T(x-n).
    Preston, Heuveline and Guillot (2001), chapter 6.
    Raises ParameterError for Lx < 0, not finite or above n radix at the first age, n or radix not above 0.
    """
    if not Lx.ndim or len(Lx) < 2:
        raise ParameterError(fault("Lx", f"shape {Lx.shape}", "two age groups or more along the first axis"))
    refuse(value_faults("Lx", Lx, 0.0, remedy="person-years of a life table"))
    refuse(positive_faults("n", n), positive_faults("radix", radix))
    if bool(np.any(Lx[0] > n * radix * (1.0 + _ROUNDED))):
        wrong = f"{float(np.max(Lx[0])):g} person-years at the first age, above n radix = {n * radix:g}"
        raise ParameterError(fault("Lx", wrong, "Lx and radix of one life table"))
    sx = np.empty_like(Lx)
    sx[0] = Lx[0] / (n * radix)
    with np.errstate(invalid="ignore", divide="ignore"):
        sx[1:-1] = Lx[1:-1] / Lx[:-2]
        sx[-1] = Lx[-1] / (Lx[-1] + Lx[-2])
    return sx


@looked_at
def mx_to_sx(mx: Floats, n: int = 1, ax_rule: str = "wpp", out: Floats | None = None) -> Floats:
    """Survival ratios from death rates, (..., sex, age, draw), ages of width n, the last open.

    L(x)/L(x-n) written out with L(x) = n l(x) / (1 + (n - ax) mx): no life table is built. ax is
    n/2 but at age 0 of single years, where `ax_rule` holds.  The projection's inner loop: rates are
    looked at before it, not here.
    """
    sx = np.empty_like(mx) if out is None else out
    half = 0.5 * n
    np.multiply(mx, half, out=sx)
    dying = sx[..., :-1, :].copy()  # share of L(x) who die before their birthday: ax mx
    sx += 1.0
    np.reciprocal(sx, out=sx)  # L(x) / (n l(x))
    if n == 1:
        a0 = infant_ax_by_sex(mx[..., 0, :], ax_rule)
        dying[..., 0, :] = a0 * mx[..., 0, :]
        sx[..., 0, :] = 1.0 / (1.0 + (1.0 - a0) * mx[..., 0, :])
    np.subtract(1.0, dying, out=dying)
    sx[..., 1:-1, :] *= dying[..., :-1, :]
    last = dying[..., -1, :] / (n * mx[..., -1, :])  # T(open) / L before it
    sx[..., -1, :] = last / (1.0 + last)
    return sx


@looked_at
def infant_ax_by_sex(m0: Floats, rule: str) -> Floats:
    """Mean age at death of infants, years, of rates (..., sex, draw), female first."""
    return np.stack([infant_ax(m0[..., i, :], sex, rule) for i, sex in enumerate(SEXES)], axis=-2)
