"""Threads of one process take turns: the netCDF library takes one caller at a time, or ends the process.

xarray has a lock for what it reads from an open file, and closes files without one; who writes holds that
lock too, and asks for no array of a file. Several runs at once take a process each.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from xarray.backends.netCDF4_ import NETCDF4_PYTHON_LOCK

_P = ParamSpec("_P")
_T = TypeVar("_T")


class _Locks:
    """Of runs, and of the files of one."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Free ones: in a process that was forked, whoever held one stayed behind."""
        self.run = threading.RLock()
        self.file = threading.RLock()


_locks = _Locks()
if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_locks.renew)


def one_run(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """A function that writes a folder of results: a second thread waits until the first is done."""

    @wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        with _locks.run:
            return function(*args, **kwargs)

    return call


@contextmanager
def writing() -> Iterator[None]:
    """While the library is called to write."""
    with _locks.file, NETCDF4_PYTHON_LOCK:
        yield


@contextmanager
def opening() -> Iterator[None]:
    """While xarray opens a file."""
    with _locks.file:
        yield
