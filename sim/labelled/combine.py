"""Labelled arrays made, put side by side, and multiplied and summed at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr

from sim.labelled.array import LabelledArray, labelled, meet, new
from sim.labelled.broadcast import Dims, spread, together
from sim.labelled.labels import known


def made(values: Any, coords: Mapping[Any, Any], dims: Sequence[Hashable]) -> xr.DataArray:
    """An array of values with labels by dim; the lengths must fit."""
    labels = {d: known(d, coords[d]) for d in dims if d in coords}
    array = new(values, tuple(dims), labels)
    fits = array.ndim == len(array.dims) and all(len(labels[d]) == array.sizes[d] for d in labels)
    return array if fits else xr.DataArray(values, dict(coords), dims)


def like(array: xr.DataArray, value: float) -> xr.DataArray:
    """An array of one number with the labels of another."""
    return array.copy(data=np.full(array.shape, value))


def each(f: Callable[..., Any], array: xr.DataArray) -> xr.DataArray:
    """A NumPy function of every number."""
    return array.copy(data=f(array.values))


def concat(arrays: Sequence[xr.DataArray], dim: str, labels: Any = None) -> xr.DataArray:
    """Arrays one after the other along `dim`, which is new and in front, or their own; labels of it.

    An array that lacks a dimension of another is the same along it.
    """
    parts = [labelled(a) for a in arrays]
    joined = _joined(parts, dim) if all(isinstance(a, LabelledArray) for a in parts) else None
    if joined is None:
        joined = xr.concat(arrays, dim, coords="minimal", compat="override")
    return joined if labels is None else joined.assign_coords({dim: list(labels)})


def _joined(parts: Sequence[LabelledArray], dim: str) -> xr.DataArray | None:
    without = [a if dim not in a._d else a.isel({dim: 0}, drop=True) for a in parts]
    met = meet(*without)
    if met is None:
        return None
    _, coords, scalars, _ = met
    dims = together(*(a._d for a in parts))
    dims = dims if dim in dims else (dim, *dims)
    sizes = {d: n for a in parts for d, n in zip(a._d, a._v.shape, strict=True) if d != dim}
    views = []
    for a in parts:
        view = spread(a._v, a._d, dims)
        length = view.shape[dims.index(dim)]
        views.append(np.broadcast_to(view, tuple(length if d == dim else sizes[d] for d in dims)))
    values = np.concatenate(views, axis=dims.index(dim))
    if all(dim in a._c for a in parts):
        own = known(dim, np.concatenate([a._c[dim].values for a in parts]))
        coords = {**coords, dim: own}
    return new(values, dims, coords, scalars)


def dot(*arrays: xr.DataArray, dim: str | Sequence[str]) -> xr.DataArray:
    """Sum over some dims of a product, which is never held whole."""
    parts = [labelled(a) for a in arrays]
    met = meet(*parts) if all(isinstance(a, LabelledArray) for a in parts) else None
    if met is None:
        product: xr.DataArray = xr.dot(*arrays, dim=dim)
        return product
    gone = (dim,) if isinstance(dim, str) else tuple(dim)
    _, coords, scalars, _ = met
    text, orders, kept = _subscripts(tuple(a._d for a in parts), gone)
    views = [a._v.transpose(order) for a, order in zip(parts, orders, strict=True)]
    values = np.einsum(text, *views)
    wanted = tuple(d for d in together(*(a._d for a in parts)) if d not in gone)
    values = values.transpose([kept.index(d) for d in wanted])
    return new(values, wanted, {d: own for d, own in coords.items() if d in wanted}, scalars)


@lru_cache(maxsize=1024)
def _subscripts(dims: tuple[Dims, ...], gone: Dims) -> tuple[str, list[list[int]], Dims]:
    """Subscripts, each array's axes with what all share in front, and the dims of the result."""
    every = together(*dims)
    letter = {d: chr(ord("a") + i) for i, d in enumerate(every)}
    shared = [d for d in every if d not in gone and all(d in own for own in dims)]
    orders, texts = [], []
    for own in dims:
        order = [*shared, *(d for d in own if d not in shared)]
        orders.append([own.index(d) for d in order])
        texts.append("".join(letter[d] for d in order))
    kept = (*shared, *(d for d in every if d not in gone and d not in shared))
    return ",".join(texts) + "->" + "".join(letter[d] for d in kept), orders, kept
