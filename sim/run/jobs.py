"""Jobs that processes forked from this one do side by side; some begin before a run's results stand."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from types import TracebackType
from typing import Any, Self

from sim.run.memory import keep_freed
from sim.run.server import began, context

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


def _began_apart() -> None:
    began()
    keep_freed()


def _began(gate: _Gate) -> None:
    _began_apart()
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

    def found(self, told: Told) -> list[Any]:
        """What the jobs return, in their order; raises what the first one that fails raises.

        told: how many of them are done.
        """
        return _found(self._running, told)


def _found(running: Sequence[Future[Any]], told: Told) -> list[Any]:
    for done, ended in enumerate(as_completed(running), 1):
        ended.result()
        told(done, len(running))
    return [each.result() for each in running]


def from_server(jobs: Sequence[Callable[[], Any]], workers: int, told: Told) -> list[Any]:
    """What the jobs return, in their order, of processes that have what the server loaded (`warm_up`).

    told: how many of them are done.
    """
    if workers <= 1:
        return side_by_side(jobs, workers, told)
    told(0, len(jobs))
    pool = ProcessPoolExecutor(min(workers, len(jobs)), context(), _began_apart)
    try:
        return _found([pool.submit(job) for job in jobs], told)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def side_by_side(
    jobs: Sequence[Callable[[], Any]], workers: int, told: Told, begun: Jobs | None = None
) -> list[Any]:
    """What the jobs return, in their order; told: how many of them are done.

    begun: the same jobs, already handed out.
    """
    told(0, len(jobs))
    if begun is not None:
        return begun.found(told)
    if workers > 1:
        with Jobs(jobs, workers) as handed:
            handed.stand()
            return handed.found(told)
    found = []
    for job in jobs:
        found.append(job())
        told(len(found), len(jobs))
    return found
