"""Several places, or scenarios, side by side along dim draw: a lane each, which its central draw leads.

What is paid for a block whatever its size is then paid once for all of them. Nothing is summed or
solved across draws, so a lane's numbers are those that it has alone. Where a stage sets a draw against
the central one, it asks here which that is: a label is the lane's number times LANE plus the draw's.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.arrays import Integers

LANE = 2**32
"""More than a run has draws."""


def lane_labels(labels: Integers, lane: int) -> Integers:
    """Labels of dim draw of one lane, 0 the first, from the numbers of its draws."""
    return np.asarray(labels, np.int64) + lane * LANE


def at_central(array: xr.DataArray) -> xr.DataArray:
    """The central draw that each draw of an array stands beside: of one lane the first, without dim draw."""
    leads = np.flatnonzero(array["draw"].values % LANE == 0)
    if len(leads) < 2:
        return array.isel(draw=0)
    own = leads[np.searchsorted(leads, np.arange(array.sizes["draw"]), side="right") - 1]
    return array.copy(data=array.values.take(own, axis=array.dims.index("draw")))
