"""Named parts put side by side along a group dimension; public beds by class of institution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from sim.errors import SchemaError, fault
from sim.labelled import made

_OUTER = ("year", "draw")


def stacked(dim: str, parts: Mapping[str, xr.DataArray]) -> xr.DataArray:
    """The arrays of `parts` along the new dim `dim`, labelled by their names, draw last.

    Parts that lack a dimension that others have are the same along it.  Labels that both have are
    taken to be the same: a block has one set of years and draws.
    """
    labels: dict[str, Any] = {}
    sizes: dict[str, int] = {}
    for part in parts.values():
        for d in _OUTER:
            if d in part.dims and d not in sizes:
                sizes[d] = part.sizes[d]
            if d in part.coords and d not in labels:
                labels[d] = part[d].values
        if len(sizes) == len(labels) == len(_OUTER):
            break
    out = np.empty((sizes["year"], len(parts), sizes["draw"]))
    for i, (name, part) in enumerate(parts.items()):
        if extra := set(part.dims) - set(_OUTER):
            raise SchemaError(fault(f"{dim} {name}", f"has dims {sorted(map(str, extra))}", "none"))
        values = part.transpose(*[d for d in _OUTER if d in part.dims]).values
        if "year" not in part.dims:
            values = values[None] if values.ndim else values
        elif "draw" not in part.dims:
            values = values[:, None]
        out[:, i] = values
    return made(out, {**labels, dim: list(parts)}, ("year", dim, "draw"))


def public_by_class(
    public: xr.DataArray, primary: xr.DataArray, city_share: xr.DataArray
) -> dict[str, xr.DataArray]:
    """Public beds by class of institution as the planning guideline counts them.

    public, primary: beds, any dims.  city_share: of the beds of public hospitals, those of cities,
    provinces and the centre.  county_primary: public hospitals of counties, and primary care.
    """
    city = (public - primary).clip(0.0) * city_share.clip(0.0, 1.0)
    return {"city_public": city, "county_primary": public - city}
