"""Life tables from death rates: single-year and abridged, any further dims.

Column formulas: standard identities, as in Preston, Heuveline and Guillot (2001), Demography,
box 3.1, p. 49. Variance of life expectancy: Chiang (1984), The Life Table and its Applications.
The last age group is open: qx = 1, ax = 1 / mx.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, TypeVar

import numpy as np
import xarray as xr

from sim.demography.ax import Array, ax_by_rule, infant_ax
from sim.errors import ParameterError, fault, raise_all

_T = TypeVar("_T", Array, xr.DataArray)
_Width: TypeAlias = float | Array | xr.DataArray

UNITS = {
    "mx": "1/year",
    "ax": "year",
    "qx": "1",
    "lx": "1",
    "dx": "1",
    "Lx": "year",
    "Tx": "year",
    "ex": "year",
    "sx": "1",
}


def life_table(
    mx: xr.DataArray,
    *,
    sex: str | None = None,
    n: float | Sequence[float] | None = None,
    ax: str | xr.DataArray = "wpp",
    radix: float = 1.0,
) -> xr.Dataset:
    """Life table of central death rates: mx ax qx lx dx Lx Tx ex, and sx where groups are equal.

    mx: person-1 year-1, dims (age, ...), in any order; the last age group is open.
    sex: "female", "male" or "both"; None reads the labels of mx's own dim `sex`.
    n: width of the age groups in years, one number or one per group; None takes it from the
    labels of `age`.  ax: a rule of sim.demography.ax.RULES or given years, dim age.
    sx(x): share of those aged x-n..x who live to be aged x..x+n after n years; at the first age
    L0 / (n l0), in the open group T(x) / T(x-n).
    Raises ParameterError (all faults at once) for mx < 0 or not finite, qx > 1, unknown names.
    """
    if sex is None and "sex" in mx.dims:
        given = ax if isinstance(ax, xr.DataArray) and "sex" in ax.dims else None
        tables = [
            life_table(
                mx.sel(sex=s),
                sex=str(s),
                n=n,
                ax=ax if given is None else given.sel(sex=s),
                radix=radix,
            )
            for s in mx["sex"].values
        ]
        return xr.concat(tables, dim=mx["sex"]).transpose(..., *mx.dims)
    if sex is None:
        raise ParameterError(fault("sex", "not given, and mx has no dim 'sex'", "female or male"))
    width = age_widths(mx, n)
    raise_all(ParameterError, rate_faults(mx))
    rates = mx.transpose("age", ...)
    values = np.asarray(rates.values, dtype=float)
    if isinstance(ax, str):
        years = ax_by_rule(values, width, sex, ax)
    else:
        years = np.array(ax.broadcast_like(rates).transpose(*rates.dims).values, dtype=float)
        with np.errstate(divide="ignore"):
            years[-1] = 1.0 / values[-1]
    columns = table_columns(values, years, width, radix)
    table = xr.Dataset({k: (rates.dims, v) for k, v in columns.items()}, coords=rates.coords)
    for name in table.data_vars:
        table[name].attrs = {"units": UNITS[str(name)]}
    return table.transpose(*mx.dims)


def table_columns(mx: Array, ax: Array, width: Array, radix: float = 1.0) -> dict[str, Array]:
    """The columns as NumPy arrays with age first; mx, ax same shape, width one per age group."""
    n = width.reshape((-1,) + (1,) * (mx.ndim - 1))
    qx = _qx(mx[:-1], ax[:-1], n[:-1])
    if np.any(qx > 1.0):
        at = int(np.argwhere(qx > 1.0)[0][0])
        raise ParameterError(
            fault("mx", f"mx = {np.max(mx[at]):g} gives qx > 1 in age group {at}", "a lower rate")
        )
    qx = np.concatenate([qx, np.ones_like(qx[:1])])
    lx = np.concatenate([np.ones_like(qx[:1]), np.cumprod(1.0 - qx[:-1], axis=0)]) * radix
    dx = lx * qx
    Lx = np.empty_like(lx)
    Lx[:-1] = n[:-1] * lx[1:] + ax[:-1] * dx[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        Lx[-1] = np.where(lx[-1] > 0, lx[-1] / mx[-1], 0.0)
        Tx = np.cumsum(Lx[::-1], axis=0)[::-1]
        ex = np.where(lx > 0, Tx / lx, ax)
    columns = {"mx": mx, "ax": ax, "qx": qx, "lx": lx, "dx": dx, "Lx": Lx, "Tx": Tx, "ex": ex}
    if np.all(width[:-1] == width[0]):
        columns["sx"] = survival_ratios(Lx, float(width[0]), radix)
    return columns


def survival_ratios(Lx: Array, n: float = 1.0, radix: float = 1.0) -> Array:
    """Survival of age groups of equal width n over n years, from Lx with age first.

    First: L0 / (n l0); then L(x) / L(x-n); open group: T(x) / T(x-n).
    Preston, Heuveline and Guillot (2001), chapter 6.
    """
    sx = np.empty_like(Lx)
    sx[0] = Lx[0] / (n * radix)
    sx[1:-1] = Lx[1:-1] / Lx[:-2]
    sx[-1] = Lx[-1] / (Lx[-1] + Lx[-2])
    return sx


def life_expectancy(mx: Array, sex: str, rule: str = "wpp") -> Array:
    """Life expectancy at birth of single-year rates, NumPy with age first; dims behind age stay.

    The life table's columns are walked through age by age and never held whole.
    Raises ParameterError where a rate gives qx > 1, or for an unknown rule or sex.
    """
    if rule == "greville":
        raise ParameterError(fault("ax", "'greville' with single ages", "use 'wpp'"))
    a0 = infant_ax(mx[0], sex, rule)
    alive = np.ones_like(mx[0])
    e0: Array = np.zeros_like(mx[0])
    for age, rate in enumerate(mx[:-1]):
        late = 1.0 - a0 if age == 0 else 0.5  # of a year, not lived by those who die
        qx = rate / (1.0 + late * rate)
        if np.any(qx > 1.0):
            wrong = f"mx = {np.max(rate):g} gives qx > 1 at age {age}"
            raise ParameterError(fault("mx", wrong, "a lower rate"))
        dead = alive * qx
        e0 += alive - late * dead
        alive -= dead
    with np.errstate(divide="ignore", invalid="ignore"):
        last: Array = np.where(alive > 0, alive / mx[-1], 0.0)
    return e0 + last


def mx_to_qx(mx: _T, ax: _T, n: _Width = 1.0) -> _T:
    """Probability of dying between ages x and x+n, of closed age groups.

    mx: central death rate, person-1 year-1.  ax: years lived by those who die, 0..n.
    Raises ParameterError if mx < 0 or ax is outside [0, n].
    """
    if bool(np.any(np.asarray(mx) < 0)):
        raise ParameterError(fault("mx", f"{np.min(np.asarray(mx)):g} < 0", "a rate of 0 or more"))
    _check_ax(ax, n)
    return _qx(mx, ax, n)


def qx_to_mx(qx: _T, ax: _T, n: _Width = 1.0) -> _T:
    """Central death rate of closed age groups from the probability of dying: inverse of mx_to_qx.

    Raises ParameterError if qx is outside [0, 1] or ax outside [0, n].
    """
    if bool(np.any(np.asarray(qx) < 0) or np.any(np.asarray(qx) > 1)):
        raise ParameterError(fault("qx", "outside 0..1", "a probability"))
    _check_ax(ax, n)
    return qx / (n - (n - ax) * qx)


def qx_to_lx(qx: xr.DataArray, radix: float = 1.0) -> xr.DataArray:
    """Survivors at exact age x of `radix` births; qx with dim age."""
    alive = (1.0 - qx).cumprod("age").shift(age=1, fill_value=1.0)
    return radix * alive.assign_coords(age=qx["age"])


def lx_to_qx(lx: xr.DataArray) -> xr.DataArray:
    """Probability of dying by age group from survivors; 1 in the last, open group."""
    return 1.0 - lx.shift(age=-1, fill_value=0.0) / lx


def e0_variance(
    table: xr.Dataset, deaths: xr.DataArray, n: float | Sequence[float] | None = None
) -> xr.DataArray:
    """Sampling variance of life expectancy at birth, years squared, given deaths by age.

    Var(e0) = sum over closed groups of lx^2 [(n - ax) + e(x+n)]^2 qx^2 (1 - qx) / deaths.
    Groups without deaths add nothing. Chiang (1984), chapter 8; the open group adds nothing.
    """
    width = xr.DataArray(age_widths(table["mx"], n), dims="age", coords={"age": table["age"]})
    last = table["age"].values[-1]
    var_q = (table["qx"] ** 2 * (1.0 - table["qx"]) / deaths).where(deaths > 0, 0.0)
    gain = (width - table["ax"]).where(table["age"] != last, 0.0) + table["ex"].shift(age=-1, fill_value=0.0)
    radix = table["lx"].isel(age=0, drop=True)
    terms = (table["lx"] / radix) ** 2 * gain**2 * var_q
    return terms.where(table["age"] != last, 0.0).sum("age")


def age_widths(mx: xr.DataArray, n: float | Sequence[float] | None = None) -> Array:
    """Years per age group, open group last (its entry is not used), from n or the age labels."""
    if "age" not in mx.dims:
        raise ParameterError(fault("mx", f"dims {mx.dims} without 'age'", "a dim named 'age'"))
    ages = mx.sizes["age"]
    if ages < 2:
        raise ParameterError(fault("mx", "fewer than two age groups", "add the open age group"))
    if n is None:
        if "age" not in mx.coords:
            raise ParameterError(fault("n", "not given, and age has no labels", "say the width"))
        start = np.asarray(mx["age"].values, dtype=float)
        return np.append(np.diff(start), np.inf)
    width = np.broadcast_to(np.asarray(n, dtype=float), ages if np.ndim(n) == 0 else np.shape(n))
    if width.shape == (ages - 1,):
        width = np.append(width, np.inf)
    if width.shape != (ages,) or np.any(width[:-1] <= 0):
        raise ParameterError(fault("n", f"{width.size} widths for {ages} age groups", "one each"))
    return width


def rate_faults(mx: xr.DataArray, name: str = "mx") -> list[str]:
    """What is wrong with death rates: not finite, negative, or zero in the open age group."""
    faults = []
    last = mx["age"] == mx["age"][-1]
    for wrong, bad, remedy in (
        ("not finite", mx.isnull() | np.isinf(mx.values), "fill or drop the age"),
        ("negative", mx < 0, "a rate of 0 or more"),
        ("zero in the open group", (mx == 0) & last, "a rate above 0: life must end"),
    ):
        if bool(bad.any()):
            faults.append(value_fault(name, mx, bad, wrong, remedy))
    return faults


def value_fault(name: str, array: xr.DataArray, bad: xr.DataArray, wrong: str, remedy: str) -> str:
    """A fault that names the first cell of `array` where `bad` holds, and its value."""
    flags = bad.broadcast_like(array).transpose(*array.dims).values
    where = tuple(np.argwhere(flags)[0])
    place = ", ".join(
        f"{d}={array[d].values[i] if d in array.coords else i}"
        for d, i in zip(array.dims, where, strict=True)
    )
    return fault(f"{name}: {place}" if place else name, f"{wrong}: {array.values[where]:g}", remedy)


def _qx(mx: _T, ax: _T, n: _Width) -> _T:
    return n * mx / (1.0 + (n - ax) * mx)  # type: ignore[return-value]


def _check_ax(ax: Array | xr.DataArray, n: _Width) -> None:
    if bool(np.any(np.asarray(ax) < 0) or np.any(np.asarray(ax > n))):
        raise ParameterError(fault("ax", "outside 0..n", "years lived inside the group"))
