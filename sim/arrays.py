"""Types of arrays that every room uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import xarray as xr

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int_]
Params: TypeAlias = Mapping[str, xr.DataArray]
"""Parameters by dotted name, over the model's years and draws."""
