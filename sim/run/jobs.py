"""Jobs that processes forked from this one do side by side; some begin before a run's results stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import Any, Self

from sim.errors import RunError, fault
from sim.run.memory import keep_freed
from sim.run.processes import context, processes

Told = Callable[[int, int], None]


class WithdrawnError(Exception):
    """The results that a job waited for will not stand: what made them failed."""


def killed() -> RunError:
    """What is raised where a process that does jobs was killed."""
    return RunError(fault("tables and charts", "a process was killed (out of memory?)", "try --workers 1"))


class _Gate:
    """Where jobs wait for results: opened when they stand, or when they never will."""

    def __init__(self) -> None:
        how = context()
        self._opened, self._stand = how.Event(), how.Event()

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
    keep_freed()
    _gate[:] = [gate]


class Jobs:
    """Jobs that were handed to `workers` processes.

    They are ended with the `with` that holds it; those that wait for results are told of them by `stand`.
    """

    def __init__(self, jobs: Sequence[Callable[[], Any]], workers: int) -> None:
        self._gate = _Gate()
        self._held = ExitStack()
        pool = self._held.enter_context(processes(workers, partial(_began, self._gate)))
        self._running: list[Future[Any]] = [pool.submit(job) for job in jobs]

    def __enter__(self) -> Self:
        """The jobs themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes, when what they are at is done."""
        self._gate.let(stand=False)
        self._held.close()

    def stand(self) -> None:
        """Let those go on that wait for the results."""
        self._gate.let(stand=True)

    def found(self, told: Told) -> list[Any]:
        """What the jobs return, in their order; raises what the first one that fails raises.

        told: how many of them are done.  Raises RunError where a process was killed.
        """
        try:
            for done, ended in enumerate(as_completed(self._running), 1):
                ended.result()
                told(done, len(self._running))
        except BrokenProcessPool:
            raise killed() from None
        return [each.result() for each in self._running]


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
