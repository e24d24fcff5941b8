"""A process that is forked early and loads modules while this one goes on; then it does jobs with them."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any

from sim.run.jobs import Told, killed, side_by_side
from sim.run.processes import forks_itself

_DEATH = 1  # PR_SET_PDEATHSIG of prctl(2)

_waiting: list[tuple[int, Connection]] = []  # the process that loads or has loaded


def load(modules: Sequence[str]) -> None:
    """Begin such a process, where this one can be forked."""
    if _waiting or not forks_itself():
        return
    here, there = Pipe()
    parent = os.getpid()
    if process := os.fork():
        there.close()
        _waiting.append((process, here))
        return
    try:
        here.close()
        _end_with(parent)
        _serve(there, modules)
    finally:
        os._exit(0)


def done(jobs: Sequence[Callable[[], Any]], workers: int, told: Told) -> list[Any]:
    """What the jobs return, in their order, done by processes that have what was loaded, if anything was.

    told: how many of them are done.  Raises what the first one that fails raises, RunError where a process
    was killed.
    """
    if workers <= 1 or not _waiting:
        return side_by_side(jobs, workers, told)
    process, there = _waiting.pop()
    try:
        with there:
            _exchanged(there.send, (jobs, workers))
            return _found(there, told)
    except BaseException:
        os.kill(process, signal.SIGTERM)
        raise
    finally:
        os.waitpid(process, 0)  # nobody writes into the folder any more


def _found(there: Connection, told: Told) -> list[Any]:
    while True:
        kind, what = _exchanged(there.recv)
        if kind == "told":
            told(*what)
        elif kind == "raised":
            raise what
        else:
            return list(what)


def _exchanged(how: Callable[..., Any], *what: Any) -> Any:
    """What comes of a message.  Raises RunError where the other process is gone."""
    try:
        return how(*what)
    except (EOFError, ConnectionError):
        raise killed() from None


def _end_with(parent: int) -> None:
    """Whatever ends the process that this one was forked from ends it too; a Ctrl-C is the parent's.

    Told to end it does so when what its jobs are at is done.
    """
    own = os.getpid()

    def told(number: int, frame: FrameType | None) -> None:
        if os.getpid() != own:  # a process forked from it
            os._exit(128 + number)
        sys.exit()

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, told)
    ctypes.CDLL(None).prctl(_DEATH, signal.SIGKILL)
    if os.getppid() != parent:  # it ended meanwhile
        os._exit(0)


def _serve(there: Connection, modules: Sequence[str]) -> None:
    try:
        gc.disable()
        for name in modules:
            import_module(name)
        gc.enable()
        jobs, workers = there.recv()
        found = side_by_side(jobs, workers, lambda *so_far: there.send(("told", so_far)))
    except (EOFError, SystemExit):  # nothing is asked any more
        return
    except BaseException as error:
        there.send(("raised", error))
    else:
        there.send(("found", found))
