"""Labels of one dimension, held once: where each stands, and xarray's index of them when it is asked for."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr
from xarray.core.indexes import PandasIndex

_MOST = 4096  # sets of labels known at a time; beyond them they are met anew
_KNOWN: dict[Any, Labels] = {}


class Labels:
    """Labels along a dimension; the same ones are the same object, as long as they are known."""

    __slots__ = ("_index", "_places", "_spans", "_variable", "dim", "values")

    def __init__(self, dim: Hashable, values: npt.NDArray[Any]) -> None:
        self.dim = dim
        self.values = values
        self._places: dict[Any, int] | None = None
        self._spans: dict[tuple[Any, Any], slice] = {}
        self._index: PandasIndex | None = None
        self._variable: xr.IndexVariable | None = None

    def __len__(self) -> int:
        return len(self.values)

    def same(self, other: Labels) -> bool:
        """Whether both are the same labels in the same order."""
        return self is other or (
            self.values.shape == other.values.shape and bool((self.values == other.values).all())
        )

    @property
    def places(self) -> dict[Any, int]:
        """Position of each label; empty where a label stands twice."""
        if self._places is None:
            found = {label: i for i, label in enumerate(self.values.tolist())}
            self._places = found if len(found) == len(self.values) else {}
        return self._places

    def span(self, first: Any, last: Any) -> slice:
        """Positions from one label to another, both included, as pandas finds them."""
        key = (first, last)
        if key not in self._spans:
            self._spans[key] = self.index.index.slice_indexer(first, last)
        return self._spans[key]

    @property
    def index(self) -> PandasIndex:
        """What xarray aligns and selects with."""
        if self._index is None:
            self._index = PandasIndex(self.values, self.dim, coord_dtype=self.values.dtype)
        return self._index

    @property
    def variable(self) -> xr.IndexVariable:
        """The coordinate as xarray holds it."""
        if self._variable is None:
            made = self.index.create_variables()[self.dim]
            assert isinstance(made, xr.IndexVariable)
            self._variable = made
        return self._variable

    def joined(self, other: Labels) -> Labels:
        """The labels of both, as xarray's outer join orders them."""
        return known(self.dim, np.asarray(self.index.join(other.index, how="outer").index, self.values.dtype))

    def take(self, at: slice | npt.NDArray[Any]) -> Labels:
        """The labels at some positions."""
        if isinstance(at, slice) and len(self) == len(range(*at.indices(len(self)))) and (at.step or 1) > 0:
            return self
        return known(self.dim, self.values[at])


def known(dim: Hashable, values: npt.NDArray[Any] | Sequence[Any]) -> Labels:
    """The labels of these values, which are the same object each time."""
    array = np.asarray(values)
    if array.dtype.kind == "O":
        key: Any = (dim, tuple(array.tolist()))
    else:
        key = (dim, array.dtype.str, array.tobytes())
    found = _KNOWN.get(key)
    if found is None:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        own = array.copy()
        own.flags.writeable = False
        found = _KNOWN[key] = Labels(dim, own)
    return found
