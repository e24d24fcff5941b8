"""What a command need not load: xarray asks for dask at its first array, and none here is dask's."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

from xarray.namedarray import pycompat, utils


def without_dask() -> None:
    """Tell xarray that no array will be dask's, unless dask was asked for already: a fifth of a second.

    For a process that is a command or its worker: a reader's own may hold such arrays. A version of xarray
    that asks in another way loads dask as before.
    """
    known: Any = getattr(pycompat, "_cached_duck_array_modules", None)
    if "dask" in sys.modules or not isinstance(known, dict):
        return
    known.setdefault("dask", SimpleNamespace(module=None, version=None, type=(), available=False))
    asked: Any = utils
    if hasattr(asked, "is_dask_collection"):
        asked.is_dask_collection = _is_none


def _is_none(x: object) -> bool:
    """Nothing is a collection of dask's."""
    return False
