"""What a worker does: compute tasks, and store each result under its task's own name.

A task is a pure function of its payload.  Its file is named by its key, so a finished task is
never computed twice, on whatever machine it was computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, TypeVar

import xarray as xr

from sim.errors import SimError
from sim.run import blockfile, lanes

Series = Mapping[str, xr.DataArray]
Group = tuple["Task", ...]
_Put = TypeVar("_Put")
_FAULTS = (SimError, ArithmeticError, ValueError, LookupError, MemoryError, OSError)


class Task(Protocol):
    """Something to compute: a block of draws, a part of a sweep, a replication of the hospital."""

    @property
    def key(self) -> str:
        """Hash of everything that the result depends on."""

    @property
    def label(self) -> str:
        """Name in messages, with its draw numbers."""

    def compute(self) -> Series:
        """The result."""


def stored(folder: Path, task: Task) -> Path:
    """Where a task's result stands."""
    return folder / f"{task.key}.npz"


def computed(group: Group) -> list[Series | BaseException]:
    """The result of each task, or what went wrong with it."""
    if len(group) > 1:
        try:
            return [*lanes.compute_rounded(group)]
        except _FAULTS:
            pass  # of one of them: each alone says which
    return [_alone(task) for task in group]


def _alone(task: Task) -> Series | BaseException:
    try:
        return task.compute()
    except _FAULTS as error:
        return error


def compute_to_files(group: Group, folder: Path) -> list[BaseException | None]:
    """Compute tasks and store each; stored ones are left as they are.  Returns what went wrong with each."""
    return put_each(group, _stored_now, folder)


def put_each(
    group: Group, put: Callable[[Path, Series | BaseException], _Put], folder: Path, seen: bool = True
) -> list[_Put | None]:
    """What `put` makes of each task's file and result, or of what went wrong with it.

    None of a task whose file is whole already; seen: the folder is there to be looked into.
    """
    todo = tuple(t for t in group if not (seen and blockfile.is_whole(stored(folder, t))))
    outcomes = dict(zip((task.key for task in todo), computed(todo), strict=True))
    return [put(stored(folder, t), outcomes[t.key]) if t.key in outcomes else None for t in group]


def _stored_now(path: Path, outcome: Series | BaseException) -> BaseException | None:
    if isinstance(outcome, BaseException):
        return outcome
    try:
        blockfile.write(path, outcome)
    except _FAULTS as error:
        return error
    return None
