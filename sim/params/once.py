"""Files taken as they were when they were read first: for setting many places up at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_T = TypeVar("_T")
_held: dict[Hashable, Any] | None = None


@contextmanager
def read_once() -> Iterator[None]:
    """Until it ends, no file that was read is looked at again.

    Without it each place looks whether the files of the nation and its province have changed.
    """
    global _held
    outer, _held = _held, {} if _held is None else _held
    try:
        yield
    finally:
        _held = outer


def once(key: Hashable, make: Callable[[], _T]) -> _T:
    """What `make` gives; within `read_once` what it gave when it was first asked for `key`."""
    if _held is None:
        return make()
    if key not in _held:
        _held[key] = make()
    found: _T = _held[key]
    return found
