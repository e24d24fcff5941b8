"""Cells of a labelled array by label or position, and its dims in another order or under other names."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sim.labelled.labels import Labels, known

if TYPE_CHECKING:
    from sim.labelled.array import LabelledArray


def sel(
    self: LabelledArray,
    indexers: Mapping[Any, Any] | None = None,
    method: str | None = None,
    tolerance: Any = None,
    drop: bool = False,
    **by_name: Any,
) -> Any:
    """The cells of some labels."""
    wanted = {**(indexers or {}), **by_name}
    at: dict[Hashable, Any] | None = {}
    if method is not None or tolerance is not None:
        at = None
    for dim, label in wanted.items():
        place = _place(self._c.get(dim), label) if at is not None else None
        if place is None or at is None:
            at = None
            break
        at[dim] = place
    if at is None:
        return xr.DataArray.sel(self, indexers, method, tolerance, drop, **by_name)
    return isel(self, at, drop=drop)


def _place(labels: Labels | None, label: Any) -> Any:
    """Where a label, labels or a span of labels stand; None where xarray has to say."""
    if labels is None:
        return None
    if isinstance(label, slice):
        return labels.span(label.start, label.stop) if label.step is None else None
    if isinstance(label, xr.DataArray):
        if label.ndim > 1 or label.dims not in ((), (labels.dim,)):
            return None
        label = label.values
    if isinstance(label, np.ndarray):
        if label.ndim > 1 or label.dtype.kind == "b":
            return None
        label = label.tolist()
    places = labels.places
    try:
        if isinstance(label, list | tuple):
            return np.array([places[one] for one in label], dtype=int)
        return places[label]
    except (KeyError, TypeError):
        return None


def isel(
    self: LabelledArray,
    indexers: Mapping[Any, Any] | None = None,
    drop: bool = False,
    missing_dims: Any = "raise",
    **by_name: Any,
) -> Any:
    """The cells at some positions."""
    from sim.labelled.array import new

    wanted = {**(indexers or {}), **by_name}
    lists = 0
    for dim, at in wanted.items():
        whole = isinstance(at, int | np.integer) or isinstance(at, slice)
        if isinstance(at, list):
            wanted[dim] = at = np.asarray(at)
        listed = isinstance(at, np.ndarray) and at.ndim == 1 and at.dtype.kind == "i"
        lists += listed
        if dim not in self._d or not (whole or listed):
            lists = 2
    if lists > 1:
        return xr.DataArray.isel(self, indexers, drop, missing_dims, **by_name)
    key = tuple(wanted.get(d, slice(None)) for d in self._d)
    coords, scalars = dict(self._c), self._s
    for dim, at in wanted.items():
        labels = coords.get(dim)
        if labels is None:
            continue
        if isinstance(at, slice | np.ndarray):
            coords[dim] = labels.take(at)
            continue
        del coords[dim]
        if not drop:
            scalars = {**scalars, dim: np.asarray(labels.values[at])}
    dims = tuple(d for d in self._d if d not in wanted or isinstance(wanted[d], slice | np.ndarray))
    return new(self._v[key], dims, coords, scalars, self._n, dict(self._a))


def transpose(
    self: LabelledArray, *dims: Any, transpose_coords: bool = True, missing_dims: Any = "raise"
) -> Any:
    """The dims in another order; `...` stands for those not named."""
    from sim.labelled.array import new

    order = dims or self._d[::-1]
    if ... in order:
        at = order.index(...)
        named = [d for d in order if d is not ...]
        rest = [d for d in self._d if d not in named]
        order = (*order[:at], *rest, *order[at + 1 :])
    if len(order) != len(self._d) or set(order) != set(self._d):
        return xr.DataArray.transpose(
            self, *dims, transpose_coords=transpose_coords, missing_dims=missing_dims
        )
    if order == self._d:
        return self._with(self._v)
    values = self._v.transpose([self._d.index(d) for d in order])
    return new(values, tuple(order), self._c, self._s, self._n, dict(self._a))


def rename(self: LabelledArray, new_name_or_name_dict: Any = None, **names: Any) -> Any:
    """Another name, or other names of dims."""
    from sim.labelled.array import new

    if new_name_or_name_dict is None or isinstance(new_name_or_name_dict, str):
        if names:
            return xr.DataArray.rename(self, new_name_or_name_dict, **names)
        return new(self._v, self._d, self._c, self._s, new_name_or_name_dict, dict(self._a))
    by = {**new_name_or_name_dict, **names} if isinstance(new_name_or_name_dict, Mapping) else {}
    return _dims_renamed(self, by)


def _dims_renamed(self: LabelledArray, by: Mapping[Any, Any]) -> Any:
    from sim.labelled.array import new

    if not by or any(old not in self._d or name in self._d or name in self._s for old, name in by.items()):
        return xr.DataArray.rename(self, by)
    dims = tuple(by.get(d, d) for d in self._d)
    coords = {by.get(d, d): known(by[d], own.values) if d in by else own for d, own in self._c.items()}
    return new(self._v, dims, coords, self._s, self._n, dict(self._a))


def expand_dims(
    self: LabelledArray, dim: Any = None, axis: Any = None, create_index_for_new_dim: bool = True, **by: Any
) -> Any:
    """New dims in front, of length 1 or along the given labels."""
    from sim.labelled.array import new

    wanted: dict[Any, Any] = dict(by)
    if isinstance(dim, Mapping):
        wanted = {**dim, **by}
    elif dim is not None:
        wanted = {d: None for d in ([dim] if isinstance(dim, str) else dim)} | by
    plain = (
        axis is None
        and create_index_for_new_dim
        and not any(
            d in self._d or d in self._s or isinstance(v, int | xr.DataArray) for d, v in wanted.items()
        )
    )
    if not plain:
        return xr.DataArray.expand_dims(self, dim, axis, create_index_for_new_dim, **by)
    labels = {d: known(d, v) for d, v in wanted.items() if v is not None}
    shape = tuple(len(labels[d]) if d in labels else 1 for d in wanted)
    values = np.broadcast_to(self._v, (*shape, *self._v.shape))
    return new(values, (*wanted, *self._d), {**labels, **self._c}, self._s, self._n, dict(self._a))


def assign_coords(self: LabelledArray, coords: Any = None, **by: Any) -> Any:
    """Labels of dims, or scalars beside them."""
    from sim.labelled.array import new

    wanted = {**(coords if isinstance(coords, Mapping) else {}), **by}
    labels, scalars = dict(self._c), dict(self._s)
    simple = coords is None or isinstance(coords, Mapping)
    for name, given in wanted.items():
        values = np.asarray(given.values if isinstance(given, xr.DataArray) else given)
        if name in self._d and values.shape == (self._v.shape[self._d.index(name)],):
            labels[name] = known(name, values)
        elif name not in self._d and values.ndim == 0:
            scalars[name] = values
        else:
            simple = False
    if not simple:
        return xr.DataArray.assign_coords(self, coords, **by)
    return new(self._v, self._d, labels, scalars, self._n, dict(self._a))


def drop_vars(self: LabelledArray, names: Any = None, *, errors: Any = "raise") -> Any:
    """The array without some of its labels."""
    from sim.labelled.array import new

    gone = {names} if isinstance(names, str) else set(names) if isinstance(names, Iterable) else None
    if gone is None or (errors == "raise" and not gone <= {*self._c, *self._s}):
        return xr.DataArray.drop_vars(self, names, errors=errors)
    labels = {d: own for d, own in self._c.items() if d not in gone}
    scalars = {d: own for d, own in self._s.items() if d not in gone}
    return new(self._v, self._d, labels, scalars, self._n, dict(self._a))


def shift(self: LabelledArray, shifts: Any = None, fill_value: Any = None, **by: Any) -> Any:
    """The values some places on along a dimension; what comes in is NaN, or the value given."""
    from sim.labelled.array import new

    wanted = {**(shifts or {}), **by}
    simple = len(wanted) == 1 and self._v.dtype.kind == "f" and next(iter(wanted.values())) > 0
    if not simple or not (fill_value is None or isinstance(fill_value, int | float)):
        given = {} if fill_value is None else {"fill_value": fill_value}
        return xr.DataArray.shift(self, shifts, **given, **by)
    ((dim, by_places),) = wanted.items()
    axis = self._d.index(dim)
    values = np.full(self._v.shape, np.nan if fill_value is None else fill_value, self._v.dtype)
    cut = (slice(None),) * axis
    values[(*cut, slice(by_places, None))] = self._v[(*cut, slice(None, -by_places))]
    return new(values, self._d, self._c, self._s, self._n, dict(self._a))
