"""Jobs that processes forked from this one do side by side; some begin before a run's results stand."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from types import TracebackType
from typing import Any, Self

from sim.run.memory import keep_freed
from sim.run.server import began

Told = Callable[[int, int], None]


class WithdrawnError(Exception):
    """The results that a job waited for will not stand: what made them failed."""


class _Gate:
    """Where jobs wait for results: opened when they stand, or when they never will."""

    def __init__(self) -> None:
        self._opened, self._stand = multiprocessing.Event(), multiprocessing.Event()

    def let(self, stand: bool) -> None:
        if stand:
            self._stand.set()
        self._opened.set()

    def wait(self) -> None:
        self._opened.wait()
        if not self._stand.is_set():
            raise WithdrawnError


_gate: list[_Gate] = []  # of this process, if it is one that does jobs


def results_stand() -> None:
    """Wait until the run's results stand; at once in a process that was not begun before them.

    Raises WithdrawnError where they will not.
    """
    if _gate:
        _gate[0].wait()


def _began(gate: _Gate) -> None:
    began()
    keep_freed()
    _gate[:] = [gate]


class Jobs:
    """Jobs that were handed to `workers` processes.

    They are ended with the `with` that holds it; those that wait for results are told of them by `stand`.
    """

    def __init__(self, jobs: Sequence[Callable[[], Any]], workers: int) -> None:
        self._frozen = gc.get_freeze_count() == 0  # what the caller froze stays so
        gc.freeze()  # what the forked processes share is not searched for garbage in each of them
        self._gate = _Gate()
        self._pool = ProcessPoolExecutor(workers, initializer=_began, initargs=(self._gate,))
        self._running: list[Future[Any]] = [self._pool.submit(job) for job in jobs]

    def __enter__(self) -> Self:
        """The jobs themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes, when what they are at is done."""
        self._gate.let(stand=False)
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._frozen:
            gc.unfreeze()

    def stand(self) -> None:
        """Let those go on that wait for the results."""
        self._gate.let(stand=True)

    def found(self, told: Told, ahead: Callable[[], None] | None = None) -> list[Any]:
        """What the jobs return, in their order; raises what the first one that fails raises.

        told: how many of them are done.  ahead: what this process does meanwhile.
        """
        if ahead is not None:
            ahead()
        for done, ended in enumerate(as_completed(self._running), 1):
            ended.result()
            told(done, len(self._running))
        return [each.result() for each in self._running]


def side_by_side(
    jobs: Sequence[Callable[[], Any]],
    workers: int,
    told: Told,
    ahead: Callable[[], None] | None = None,
    begun: Jobs | None = None,
) -> list[Any]:
    """What the jobs return, in their order; told: how many of them are done.

    ahead: what this process does while others are at the jobs.  begun: the same jobs, already handed out.
    """
    told(0, len(jobs))
    if begun is not None:
        return begun.found(told, ahead)
    if workers > 1:
        with Jobs(jobs, workers) as handed:
            handed.stand()
            return handed.found(told, ahead)
    found = []
    for job in jobs:
        found.append(job())
        told(len(found), len(jobs))
    return found
