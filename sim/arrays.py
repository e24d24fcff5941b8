"""Types of arrays that every room uses, and the arithmetic that they are computed with."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import xarray as xr

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int_]
Params: TypeAlias = Mapping[str, xr.DataArray]
"""Parameters by dotted name, over the model's years and draws."""


def exact_arithmetic() -> AbstractContextManager[object]:
    """While it holds, labels that do not match are an error and not joined away; no attribute is kept.

    Units of a product are not those of its factors: `schema.checked` sets them.
    """
    found: AbstractContextManager[object] = xr.set_options(  # type: ignore[no-untyped-call]
        arithmetic_join="exact", keep_attrs=False
    )
    return found
