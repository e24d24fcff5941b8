"""Tasks on local processes or on any concurrent.futures executor; each result stored when done."""

from __future__ import annotations

import errno
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sim.errors import ParameterError, RunError, SimError, fault
from sim.run import away, blockfile, lanes
from sim.run.away import Failed
from sim.run.processes import processes
from sim.run.tasks import Group, Task, compute_to_files, stored

_IN_FLIGHT = 3  # tasks sent for each worker: enough to keep it busy, few enough to bound memory
_LISTED = 20  # failed tasks named in a message
_UNGUARDED = 'in a script, start it below if __name__ == "__main__":'

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


class Progress(Protocol):
    """Told about every finished task."""

    def __call__(self, done: int, total: int, label: str) -> None:
        """Tasks done of total; label of the last one."""


class Phase(Protocol):
    """Told of the phases after the last task: `tables`, `charts`."""

    def __call__(self, name: str, done: int, total: int) -> None:
        """Of a phase's parts so many of so many are done."""


def unsaid(name: str, done: int, total: int) -> None:
    """Nobody listens."""


def compute_all(
    todo: Sequence[Task],
    folder: Path,
    *,
    workers: int = 1,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> None:
    """Compute every task whose whole file is not in `folder` yet.

    Raises RunError that lists the failed ones, ParameterError where each failed because of what a
    parameter says; the files of the others are kept.
    """
    missing = list({t.key: t for t in todo if not blockfile.is_whole(stored(folder, t))}.values())
    damaged = {t.key for t in missing if stored(folder, t).exists()}
    done = len(todo) - len(missing)
    failed: list[str] = []
    kinds: set[type[SimError]] = set()
    for task, error in _outcomes(missing, folder, workers, executor):
        if error is not None:
            failed.append(fault(task.label, _reason(error)))
            kinds.add(ParameterError if isinstance(error, ParameterError) else RunError)
            continue
        done += 1
        if progress is not None:
            again = ": its stored file was damaged" if task.key in damaged else ""
            progress(done, len(todo), f"{task.label}{again}")
    if failed:
        more = [f"... and {len(failed) - _LISTED} more"] if len(failed) > _LISTED else []
        there = sum(stored(folder, task).exists() for task in todo)
        kept = f"{there} of {len(todo)} blocks are kept; the same command computes the others"
        kind = ParameterError if kinds == {ParameterError} else RunError
        raise kind("\n".join([*failed[:_LISTED], *more, kept]))


def _reason(error: BaseException) -> str:
    if isinstance(error, BrokenProcessPool):
        killed = "its worker was killed (out of memory?); try --workers 1 or fewer --block-draws"
        return f"{killed}; {_UNGUARDED}" if _by_script() else killed
    if isinstance(error, FileNotFoundError):
        return f"could not be stored: {error.filename} is gone; the same command makes its folder again"
    if isinstance(error, PermissionError) or (isinstance(error, OSError) and error.errno == errno.EROFS):
        return f"could not be stored: {error.strerror}: {error.filename}; may it be written there?"
    if isinstance(error, OSError):
        return f"could not be stored: {error.strerror or error}; is the disk full?"
    if isinstance(error, RunError):
        return str(error)
    return f"{type(error).__name__}: {error}"


def _by_script() -> bool:
    """Whether a script of the user's calls: each worker imports it again, and with it what it starts."""
    main = sys.modules["__main__"]
    name = Path(getattr(main, "__file__", None) or "healthplan").stem
    return main.__spec__ is None and name not in ("healthplan", "__main__")


def _outcomes(
    missing: Sequence[Task], folder: Path, workers: int, executor: Executor | None
) -> Iterator[Failed]:
    """Each task with None, or with what went wrong."""
    if executor is not None:
        yield from away.outcomes(missing, folder, executor, _IN_FLIGHT)
    elif workers <= 1 or len(missing) <= 1:
        for group in lanes.grouped(missing, 1):
            yield from zip(group, compute_to_files(group, folder), strict=True)
    else:
        yield from _processes(missing, folder, min(workers, len(missing)))


def _processes(missing: Sequence[Task], folder: Path, workers: int) -> Iterator[Failed]:
    with processes(workers) as pool:
        queue = deque(lanes.grouped(missing, workers))
        sent: dict[Future[Any], Group] = {}
        while queue or sent:
            try:
                while queue and len(sent) < _IN_FLIGHT * workers:
                    sent[pool.submit(compute_to_files, queue[0], folder)] = queue[0]
                    queue.popleft()
            except BrokenProcessPool as error:
                yield from ((task, error) for group in (*sent.values(), *queue) for task in group)
                return
            for future in wait(sent, return_when=FIRST_COMPLETED).done:
                group, wrong = sent.pop(future), future.exception()
                outcomes = [wrong] * len(group) if wrong is not None else future.result()
                yield from zip(group, outcomes, strict=True)


def mapped(work: Callable[[_Item], _Made], items: Sequence[_Item], workers: int) -> Iterator[_Made]:
    """What `work` makes of each item, in their order, on some processes; few wait at a time.

    Raises what `work` raises, RunError where a process was killed.
    """
    if workers <= 1 or len(items) <= 1:
        yield from map(work, items)
        return
    try:
        with processes(min(workers, len(items))) as pool:
            queue, sent = deque(items), deque[Future[_Made]]()
            while queue or sent:
                while queue and len(sent) < _IN_FLIGHT * workers:
                    sent.append(pool.submit(work, queue.popleft()))
                yield sent.popleft().result()
    except BrokenProcessPool as error:
        raise RunError(fault("set-up", _reason(error))) from None
