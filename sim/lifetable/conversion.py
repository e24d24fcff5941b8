"""Between the columns of a life table: mx, qx, lx. Standard identities."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

import numpy as np
import xarray as xr

from sim.argument_kinds import looked_at
from sim.arguments import (
    cell_fault,
    dim_faults,
    positive_faults,
    rate_faults,
    refuse,
    rising_faults,
    share_faults,
    value_faults,
)
from sim.arrays import Floats
from sim.errors import fault

_T = TypeVar("_T", Floats, xr.DataArray)
_Width: TypeAlias = float | Floats | xr.DataArray


@looked_at
def mx_to_qx(mx: _T, ax: _T, n: _Width = 1.0) -> _T:
    """Probability of dying between ages x and x+n, of closed age groups.

    mx: central death rate, person-1 year-1.  ax: years lived by those who die, 0..n.  n: years, one
    width or one per group.  Returns qx, 0..1, dims of the two together.
    Raises ParameterError if mx < 0, ax is outside [0, n], one of them is not finite, or qx > 1.
    """
    refuse(_shape_faults("mx", mx, ax) or _shape_faults("mx", mx, n, "n"))
    refuse(rate_faults("mx", mx), _ax_faults(ax, n))
    qx = n * mx / (1.0 + (n - ax) * mx)
    refuse(value_faults("qx", qx, 0.0, 1.0, remedy="lower mx, per person-year"))
    return qx  # type: ignore[return-value]


@looked_at
def qx_to_mx(qx: _T, ax: _T, n: _Width = 1.0) -> _T:
    """Central death rate of closed age groups from the probability of dying: inverse of mx_to_qx.

    qx: 0..1.  ax, n: years, as in mx_to_qx.  Returns mx, person-1 year-1.
    Raises ParameterError if qx is outside [0, 1], ax outside [0, n], one of them is not finite, or
    all die at the start of the group (qx = 1 and ax = 0).
    """
    refuse(_shape_faults("qx", qx, ax) or _shape_faults("qx", qx, n, "n"))
    refuse(share_faults("qx", qx), _ax_faults(ax, n))
    lived = n - (n - ax) * qx
    refuse(positive_faults("person-years lived", lived, "ax above 0 where qx is 1"))
    return qx / lived


@looked_at
def qx_to_lx(qx: xr.DataArray, radix: float = 1.0) -> xr.DataArray:
    """Survivors at exact age x of `radix` births; qx with dim age, rising.

    Raises ParameterError if qx is outside [0, 1] or not finite, or ages are out of order.
    """
    refuse(dim_faults("qx", qx, "age"))
    refuse(share_faults("qx", qx), _order_faults("qx", qx), positive_faults("radix", radix))
    alive = (1.0 - qx).cumprod("age").shift(age=1, fill_value=1.0)
    return radix * alive.assign_coords(age=qx["age"])


@looked_at
def lx_to_qx(lx: xr.DataArray) -> xr.DataArray:
    """Probability of dying by age group from survivors, dim age; 1 in the last, open group.

    Raises ParameterError if lx is not above 0, rises, or ages are out of order.
    """
    refuse(dim_faults("lx", lx, "age"))
    refuse(positive_faults("lx", lx), _order_faults("lx", lx))
    rises = lx.transpose("age", ...).values[1:] > lx.transpose("age", ...).values[:-1] * (1 + 1e-12)
    if rises.any():
        later = lx.transpose("age", ...).isel(age=slice(1, None))
        refuse([cell_fault("lx", later, rises, "more survivors than at the age before", "lx that falls")])
    return 1.0 - lx.shift(age=-1, fill_value=0.0) / lx


def _order_faults(name: str, array: xr.DataArray) -> list[str]:
    return rising_faults(name, array) if "age" in array.coords else []


def _shape_faults(
    name: str, array: Floats | xr.DataArray, ax: Floats | xr.DataArray | _Width, other: str = "ax"
) -> list[str]:
    """Arrays without labels whose shapes do not go together."""
    if isinstance(array, xr.DataArray) or isinstance(ax, xr.DataArray):
        return []
    try:
        np.broadcast_shapes(np.shape(array), np.shape(ax))
    except ValueError:
        wrong = f"shapes {np.shape(array)} and {np.shape(ax)}"
        return [fault(f"{name}, {other}", wrong, f"one {other} for each rate")]
    return []


def _ax_faults(ax: Floats | xr.DataArray, n: _Width) -> list[str]:
    faults = positive_faults("n", n) + value_faults("ax", ax, 0.0, remedy="years lived inside the group")
    if not faults and bool(np.any(np.asarray(ax > n))):
        faults = [cell_fault("ax", ax, np.asarray(ax > n), "above the width n", "outside 0..n: years 0..n")]
    return faults
