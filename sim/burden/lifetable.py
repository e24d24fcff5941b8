"""What the burden needs of the life table: survivors, person-years and remaining life by age."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

FIRST_YEAR_AX = 0.1  # years lived by infants who die, at low mortality (Andreev-Kingkade)
AX = 0.5


def life_columns(mx: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """(Lx, ex) of single-year life tables of radix 1.

    mx: central death rates, 1/year, with dim age 0..100, the last one open.  Returns person-years
    lived at each age and remaining life at its start, same dims.  Standard identities.
    """
    m = np.moveaxis(mx.values, mx.dims.index("age"), 0)
    L, e = _columns(m)
    position = mx.dims.index("age")
    return (
        mx.copy(data=np.moveaxis(L, 0, position)),
        mx.copy(data=np.moveaxis(e, 0, position)),
    )


def _columns(
    m: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    ax = np.full(m.shape[0], AX)
    ax[0] = FIRST_YEAR_AX
    ax = ax.reshape(-1, *([1] * (m.ndim - 1)))
    q = m / (1.0 + (1.0 - ax) * m)
    q[-1] = 1.0
    survivors = np.ones_like(m)
    np.cumprod(1.0 - q[:-1], axis=0, out=survivors[1:])
    deaths = survivors * q
    lived = survivors - (1.0 - ax) * deaths
    lived[-1] = survivors[-1] / np.maximum(m[-1], 1e-9)
    above = np.cumsum(lived[::-1], axis=0)[::-1]
    return lived, above / np.maximum(survivors, 1e-300)
