"""Types of arrays that every room uses, and the arithmetic that they are computed with."""

from __future__ import annotations

import importlib
import importlib.util
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import xarray as xr

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int_]
Params: TypeAlias = Mapping[str, xr.DataArray]
"""Parameters by dotted name, over the model's years and draws."""

INFINITE = np.array(np.inf).view(np.uint64)[()]
"""As bits: those of numbers from 0 on are below, those below 0 or no number are not."""
_LONG_ROW = 32  # numbers from which NumPy's call for a row costs less than its steps through an axis


class _Exact:
    """The options of `exact_arithmetic`, while any thread is within: the last one out puts them back."""

    def __init__(self) -> None:
        self._lock, self._within = Lock(), 0
        self._options = ExitStack()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            if not self._within:
                options = xr.set_options(  # type: ignore[no-untyped-call]
                    arithmetic_join="exact", keep_attrs=False
                )
                self._options.enter_context(options)
            self._within += 1
        try:
            yield
        finally:
            with self._lock:
                self._within -= 1
                if not self._within:
                    self._options.close()


_EXACT = _Exact()


def exact_arithmetic() -> AbstractContextManager[None]:
    """While it holds, labels that do not match are an error and not joined away; no attribute is kept.

    Options are the process's own, not a thread's: blocks computed by threads side by side would each
    put back what they found, and leave them set.  Units of a product are not those of its factors:
    `schema.checked` sets them.
    """
    return _EXACT()


def all_within(array: npt.NDArray[Any], low: float = -math.inf, high: float = math.inf) -> bool:
    """Whether every number is finite and in low..high; an array of numbers that is not empty.

    Numbers of 0 or more are in the order of their bits, those below 0, infinite or none have higher ones:
    from 0 or less on one look at the array tells all, if it begins with no number below 0.
    """
    if low <= 0.0 and array.dtype == np.float64 and array.ndim and not array.flat[0] < 0.0:
        if array.view(np.uint64).max() < INFINITE:
            return high == math.inf or float(array.max()) <= high
    least, greatest = float(array.min()), float(array.max())  # NaN shows in both
    return math.isfinite(least) and math.isfinite(greatest) and low <= least and greatest <= high


def compiled_all(
    *called: Callable[..., Any], parts: Sequence[Callable[..., Any]] = ()
) -> list[Callable[..., Any]] | None:
    """Functions of arrays, compiled; None where numba is not installed (the extra `fast`).

    parts: functions that these or one another call, each after those that it calls itself: what is
    compiled takes their place in their module, where the others find it.
    """
    found = importlib.util.find_spec("numba")
    if found is None or found.origin is None:  # none, or a bare folder of that name on the path
        return None
    numba: Any = importlib.import_module("numba")
    jit = numba.njit(cache=True, nogil=True, error_model="numpy")
    for part in parts:
        plain: Any = getattr(part, "py_func", part)  # itself where it has been compiled before
        plain.__globals__[plain.__name__] = jit(plain)
    return [jit(function) for function in called]


def compact(array: Floats) -> Floats:
    """The array as what is compiled takes it: in one piece, of its own; itself where it is that already."""
    return np.require(array, np.float64, ("C", "W"))


def running(f: np.ufunc, array: Floats) -> Floats:
    """`f.accumulate` along the first axis, a row at a time: the same bits in a tenth of the time.

    NumPy's own goes through the axis number by number, however long the rows behind it are.
    """
    if array[:1].size < _LONG_ROW:
        return np.asarray(f.accumulate(array, axis=0))
    out = np.empty_like(array)
    out[0] = array[0]
    for before, own, row in zip(out[:-1], array[1:], out[1:], strict=True):
        f(before, own, out=row)
    return out
