"""Tasks on the workers of another scheduler, which may be on other machines.

A worker that sees the folder of the run stores there what it computes, as a process of the run itself
does: nothing but a word comes back.  Any other sends what the file is to hold, and it is stored here.
Which of the two it is each worker finds out by itself, from a mark in the folder that only this run knows.
"""

from __future__ import annotations

import os
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import RunError
from sim.run import blockfile, lanes
from sim.run.blockfile import Bytes
from sim.run.tasks import Group, Series, Task, put_each, stored
from sim.run.version import model_version

_LOOK = 5.0  # seconds without a result after which it is asked whether the scheduler is still there
_LOST = "the scheduler is gone; start one again, or leave --scheduler out"
Failed = tuple[Task, BaseException | None]
Brought = Bytes | BaseException | None
"""The content of a task's file, what went wrong, or nothing where the worker stored it itself."""


@dataclass(frozen=True)
class Home:
    """Where a run keeps its results, as a worker is told."""

    folder: Path
    version: str
    """Of the model that the run computes with."""
    mark: str = ""
    """File in the folder by which a worker knows that it sees this very folder; none: send everything."""

    def is_seen(self) -> bool:
        """Whether this process sees the run's folder."""
        return bool(self.mark) and (self.folder / self.mark).is_file()


def compute_away(group: Group, home: Home) -> tuple[str, list[Brought]]:
    """What became of each task, and the version of the model here: for a worker on whatever machine.

    Where it is not the run's version nothing is computed.
    """
    if model_version() != home.version:
        return model_version(), []
    seen = home.is_seen()
    return home.version, put_each(group, _stored_or_packed if seen else _packed, home.folder, seen)


def _packed(path: Path, outcome: Series | BaseException) -> Brought:
    return outcome if isinstance(outcome, BaseException) else blockfile.content(outcome)


def _stored_or_packed(path: Path, outcome: Series | BaseException) -> Brought:
    if not isinstance(outcome, BaseException):
        with suppress(OSError):  # where it may not write the run itself may
            blockfile.write(path, outcome)
            return None
    return _packed(path, outcome)


def outcomes(missing: Sequence[Task], folder: Path, executor: Executor, in_flight: int) -> Iterator[Failed]:
    """Each task with None, or with what went wrong; in_flight: tasks sent for each worker."""
    mark = folder / f"{uuid.uuid4().hex}.part"
    try:
        mark.touch()
        home = Home(folder.resolve(), model_version(), mark.name)
        yield from _outcomes(missing, home, executor, in_flight)
    finally:
        mark.unlink(missing_ok=True)


def _outcomes(missing: Sequence[Task], home: Home, executor: Executor, in_flight: int) -> Iterator[Failed]:
    workers = max(int(getattr(executor, "_max_workers", 0) or 0), 4)
    queue = deque((group, home) for group in lanes.grouped(missing, workers))
    sent: dict[Future[Any], Group] = {}
    try:
        while queue or sent:
            try:
                while queue and len(sent) < in_flight * workers:
                    sent[executor.submit(compute_away, *queue[0])] = queue[0][0]
                    queue.popleft()
            except (RuntimeError, OSError):  # how an executor says that it is closed
                yield from ((task, RunError(_LOST)) for group, _ in queue for task in group)
                queue.clear()
            ended = wait(sent, _LOOK, FIRST_COMPLETED).done
            if not ended and not _is_there(executor):  # what was sent as it went is told by nobody
                left = (*sent.values(), *(group for group, _ in queue))
                yield from ((task, RunError(_LOST)) for group in left for task in group)
                return
            for future in ended:
                group = sent.pop(future)
                lost = RunError(_LOST) if future.cancelled() else future.exception()
                found = [lost] * len(group) if lost is not None else _kept(future, group, home)
                yield from ((t, e) for t, e in zip(group, found, strict=True) if not isinstance(e, Unseen))
                again = tuple(t for t, e in zip(group, found, strict=True) if isinstance(e, Unseen))
                queue.extend([(again, replace(home, mark=""))] if again else [])
    finally:
        for future in sent:
            future.cancel()


class Unseen(Exception):  # noqa: N818
    """A worker said that it stored a task's result in a folder that is not this one."""


def _is_there(executor: Executor) -> bool:
    """Whether an executor on other machines has still somebody to talk to; others are always there."""
    asked: Callable[[], bool] | None = getattr(executor, "is_there", None)
    return asked is None or asked()


def _kept(future: Future[Any], group: Group, home: Home) -> list[BaseException | None]:
    version, found = future.result()
    if version != home.version:
        wrong = f"its worker runs another version ({version}, not {home.version})"
        return [RunError(f"{wrong}; install the same one there")] * len(group)
    return [_kept_one(stored(home.folder, t), own) for t, own in zip(group, found, strict=True)]


def _kept_one(path: Path, own: Brought) -> BaseException | None:
    if isinstance(own, BaseException):
        return own
    if own is None:  # a folder of the network may be listed anew before a file in it is found
        return None if path.is_file() or path.name in os.listdir(path.parent) else Unseen()
    try:
        blockfile.keep(path, own)
    except OSError as error:
        return error
    return None
