"""Series of neighbouring blocks that wait until they fill a chunk of the file."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr


class Held:
    """Series of neighbouring blocks that wait until they fill a chunk of the file."""

    def __init__(self) -> None:
        self.first = 0
        self.size = 0
        self._parts: dict[str, xr.DataArray] = {}

    def add(self, series: Mapping[str, xr.DataArray]) -> None:
        """Append the draws of the next block."""
        self.size += next(a.sizes["draw"] for a in series.values() if "draw" in a.dims)
        for name, array in series.items():
            old = self._parts.get(name)
            if old is not None and "draw" in array.dims:
                array = xr.concat([old, array], "draw")
            self._parts[name] = array

    def take(self, n: int) -> dict[str, xr.DataArray]:
        """The first n draws, which are held no longer."""
        cut = {k: a.isel(draw=slice(n)) if "draw" in a.dims else a for k, a in self._parts.items()}
        self._parts = {k: a.isel(draw=slice(n, None)) for k, a in self._parts.items() if "draw" in a.dims}
        self.first += n
        self.size -= n
        return cut
