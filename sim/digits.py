"""Numbers kept to some significant digits, in binary steps: what is beyond them is zero bits that pack."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FEWEST, MOST = 3, 7
"""Digits that a file may be kept to; a single-precision number holds seven."""


def to_digits(values: npt.NDArray[np.float32], digits: int) -> npt.NDArray[np.float32]:
    """The nearest multiple of the largest power of two that is at most one unit of the last digit.

    Off by at most half a unit of that digit; 0, infinite and what is no number stay.  The same value is
    always rounded alike, whatever stands beside it.
    """
    size = np.abs(values, dtype=np.float64)
    known = np.isfinite(size) & (size > 0.0)
    size[~known] = 1.0
    unit = 10.0 ** (np.floor(np.log10(size)) - (digits - 1))
    step = np.exp2(np.floor(np.log2(unit)))
    rounded = np.rint(values / step) * step
    return np.where(known, rounded, values).astype(np.float32)
