"""What a command need not load: xarray asks for dask at its first array, and none here is dask's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from xarray.namedarray import pycompat


def without_dask() -> None:
    """Tell xarray that no array will be dask's, unless dask was asked for already: a fifth of a second.

    For a process that is a command or its worker: a reader's own may hold such arrays. A version of xarray
    that asks in another way loads dask as before.
    """
    known: Any = getattr(pycompat, "_cached_duck_array_modules", None)
    if isinstance(known, dict):
        known.setdefault("dask", SimpleNamespace(module=None, version=None, type=(), available=False))
