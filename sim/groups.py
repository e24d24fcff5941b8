"""Named parts put side by side along a group dimension."""

from __future__ import annotations

from collections.abc import Mapping

import xarray as xr


def stacked(dim: str, parts: Mapping[str, xr.DataArray]) -> xr.DataArray:
    """The arrays of `parts` along the new dim `dim`, labelled by their names, draw last.

    Parts that lack a dimension that others have are the same along it.
    """
    arrays = xr.broadcast(*(part.drop_vars(_extra(part, dim)) for part in parts.values()))
    out = xr.concat(arrays, dim, coords="minimal", compat="override")
    out = out.assign_coords({dim: list(parts)})
    return out.transpose("year", dim, "draw")


def _extra(part: xr.DataArray, dim: str) -> list[str]:
    return [str(name) for name in part.coords if name not in part.dims or name == dim]
