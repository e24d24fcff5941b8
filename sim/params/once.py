"""Files taken as they were when they were read first: for setting many places up at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

_T = TypeVar("_T")
# of each thread its own: they end in any order, and none may leave what it held to the others
_held: ContextVar[dict[Hashable, Any] | None] = ContextVar("_held", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Until it ends, no file that was read is looked at again.

    Without it each place looks whether the files of the nation and its province have changed.
    """
    outer = _held.get()
    token = _held.set({} if outer is None else outer)
    try:
        yield
    finally:
        _held.reset(token)


def once(key: Hashable, make: Callable[[], _T]) -> _T:
    """What `make` gives; within `read_once` what it gave when it was first asked for `key`."""
    held = _held.get()
    if held is None:
        return make()
    if key not in held:
        held[key] = make()
    found: _T = held[key]
    return found
