"""Sums, means and extremes of a labelled array along named dims."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

if TYPE_CHECKING:
    from sim.labelled.array import LabelledArray


def reduced(name: str) -> Callable[..., Any]:
    """The method `name` of an array: NumPy's along the axes of the dims; what has no number to xarray."""
    whole, plain = getattr(np, name), getattr(xr.DataArray, name)

    def method(self: LabelledArray, dim: Any = None, **how: Any) -> Any:
        from sim.labelled.array import new

        skipna = how.pop("skipna", None)
        dims = self._d if dim is None or dim is ... else (dim,) if isinstance(dim, str) else tuple(dim)
        if not how and all(d in self._d for d in dims):
            values = whole(self._v, axis=_axes(self._d, dims, dim))
            kind = self._v.dtype.kind
            if skipna is False or name in ("any", "all") or kind in "iub" or not _lacking(values, kind):
                kept = tuple(d for d in self._d if d not in dims)
                coords = {d: own for d, own in self._c.items() if d in kept}
                return new(values, kept, coords, self._s, self._n)
        if skipna is not None:
            how["skipna"] = skipna
        return plain(self, dim, **how)

    method.__name__, method.__doc__ = name, plain.__doc__
    return method


def _axes(own: tuple[Hashable, ...], dims: tuple[Hashable, ...], asked: Any) -> Any:
    if asked is None or asked is ...:
        return None
    if isinstance(asked, str):
        return own.index(asked)
    return tuple(own.index(d) for d in dims)


def _lacking(values: Any, kind: str) -> bool:
    """Whether a result is no number, or may not be looked at: xarray then leaves out what is none."""
    return kind != "f" or bool(np.isnan(values).any())


def cumsum(self: LabelledArray, dim: Any = None, *, skipna: bool | None = None, **how: Any) -> Any:
    """Sums up to each place along a dimension."""
    from sim.labelled.array import new

    if isinstance(dim, str) and not how and self._v.dtype.kind == "f":
        values = np.cumsum(self._v, axis=self._d.index(dim))
        if skipna is False or not np.isnan(values).any():
            return new(values, self._d, self._c, self._s, self._n)
    if skipna is not None:
        how["skipna"] = skipna
    return xr.DataArray.cumsum(self, dim, **how)
