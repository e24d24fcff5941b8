"""Threads of one process take turns: the netCDF library takes one caller at a time, or ends the process.

xarray has a lock for what it reads from an open file, and closes files without one; who writes holds that
lock too, and asks for no array of a file. Several runs at once take a process each.
"""

from __future__ import annotations

import os
import signal
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
    """While the library is called to write.

    What ends a command waits until the call is over: xarray's lock is taken in Python, and one that was
    interrupted there stays taken, so that closing the file would wait for ever.  Where there is one thread
    nobody holds it but such a reader, and it is left alone.
    """
    with _put_off(), _locks.file:
        if threading.active_count() == 1:
            yield
        else:
            with NETCDF4_PYTHON_LOCK:
                yield


@contextmanager
def _put_off() -> Iterator[None]:
    """Ctrl-C and SIGTERM come after this; other threads than the main one are not interrupted anyway."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    known = {number: handler for number, handler in handlers.items() if handler is not None}
    for number in known:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in known.items():
            signal.signal(number, handler)
        for late in came:
            signal.raise_signal(late)


@contextmanager
def opening() -> Iterator[None]:
    """While xarray opens a file."""
    with _locks.file:
        yield
