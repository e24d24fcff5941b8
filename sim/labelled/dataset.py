"""What a stage reads and writes: labelled arrays by name, without a merge of their labels at every step."""

# what xarray holds in slots is made here when it is asked for, and methods hand on what they do not know
# mypy: disable-error-code="override,misc,assignment,no-untyped-call"
from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import xarray as xr

from sim.labelled.array import LabelledArray, labelled, new
from sim.labelled.labels import Labels, known

_SLOTS = ("_arrays", "_own")


class LabelledSet(xr.Dataset):
    """An `xr.Dataset` of labelled arrays that share their labels; the rest is made when it is asked for."""

    __slots__ = _SLOTS

    _arrays: dict[Hashable, LabelledArray]
    _own: dict[Hashable, Labels]

    def __init__(self, arrays: Mapping[Any, Any], labels: Mapping[Hashable, Labels]) -> None:
        self._arrays, self._own = dict(arrays), dict(labels)

    __setattr__ = object.__setattr__

    @property
    def _variables(self) -> dict[Any, xr.Variable]:
        found: dict[Any, xr.Variable] = {d: own.variable for d, own in self._own.items()}
        return found | {name: array._variable for name, array in self._arrays.items()}

    @property
    def _coord_names(self) -> set[Hashable]:
        return set(self._own)

    @property
    def _indexes(self) -> dict[Hashable, Any]:
        return {d: own.index for d, own in self._own.items()}

    @property
    def _dims(self) -> dict[Hashable, int]:
        found = {d: len(own) for d, own in self._own.items()}
        for array in self._arrays.values():
            found |= array.sizes
        return found

    @property
    def _attrs(self) -> dict[Any, Any]:
        return {}

    @property
    def _encoding(self) -> dict[Any, Any]:
        return {}

    @property
    def _close(self) -> None:
        return None

    @classmethod
    def _construct_direct(cls, *parts: Any, **named: Any) -> Any:
        return xr.Dataset._construct_direct(*parts, **named)

    def _replace(self, *parts: Any, **named: Any) -> Any:
        return _plain(self)._replace(*parts, **named)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._arrays, {d: own.values for d, own in self._own.items()})

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            if key in self._arrays:
                return self._arrays[key]
            if key in self._own:
                own = self._own[key]
                return new(own.values, (key,), {key: own}, name=key)
        if isinstance(key, list) and all(k in self._arrays for k in key):
            return LabelledSet({k: self._arrays[k] for k in key}, self._own)
        return super().__getitem__(key)

    def __getattr__(self, name: str) -> Any:
        if name in _SLOTS:
            raise AttributeError(name)
        if name != "__dict__" and (name in self._arrays or name in self._own):
            return self[name]
        return super().__getattr__(name)

    def __contains__(self, key: object) -> bool:
        return key in self._arrays or key in self._own

    def assign(self, variables: Mapping[Any, Any] | None = None, **by: Any) -> Any:
        """The set with further arrays, at its own labels: cells that an array lacks are NaN."""
        more = {name: labelled(array) for name, array in {**(variables or {}), **by}.items()}
        if not all(_simple(array) for array in more.values()):
            return _plain(self).assign(variables, **by)
        own = dict(self._own)
        for array in more.values():
            for dim, labels in array._c.items():
                own.setdefault(dim, labels)
        return LabelledSet(self._arrays | {n: at_labels(a, own) for n, a in more.items()}, own)


def _plain(state: LabelledSet) -> xr.Dataset:
    return xr.Dataset._construct_direct(
        dict(state._variables), state._coord_names, dict(state._dims), None, state._indexes
    )


def _again(arrays: Mapping[Any, Any], labels: Mapping[Any, Any]) -> LabelledSet:
    return LabelledSet(arrays, {d: known(d, own) for d, own in labels.items()})


def labelled_set(arrays: Mapping[Any, Any], labels: Mapping[Any, Any] | None = None) -> xr.Dataset:
    """A set of arrays; where their labels differ, at all of them, and NaN where an array has none.

    labels: of further dims, by dim.  What cannot be held so is an ordinary Dataset.
    """
    own = {d: known(d, v) for d, v in (labels or {}).items()}
    found = {name: labelled(array) for name, array in arrays.items()}
    if not all(_simple(array) for array in found.values()):
        return xr.Dataset(dict(arrays), {d: v.values for d, v in own.items()})
    for array in found.values():
        for dim, mine in array._c.items():
            there = own.setdefault(dim, mine)
            own[dim] = there if there.same(mine) else there.joined(mine)
    return LabelledSet({name: at_labels(array, own) for name, array in found.items()}, own)


def _simple(array: Any) -> bool:
    return isinstance(array, LabelledArray) and not array._s


def at_labels(array: LabelledArray, wanted: Mapping[Hashable, Labels]) -> LabelledArray:
    """The cells at other labels of its dims, NaN where it has none."""
    for dim, own in array._c.items():
        if not own.same(wanted[dim]):
            places = np.array([own.places.get(label, -1) for label in wanted[dim].values.tolist()])
            values = array._v.take(places, axis=array._d.index(dim)).astype(float)
            values[(slice(None),) * array._d.index(dim) + (places < 0,)] = np.nan
            array = new(values, array._d, {**array._c, dim: wanted[dim]}, {}, array._n, array._a)
    return array
