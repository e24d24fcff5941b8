"""Processes that compute beside this one: what they are forked from, and how each begins."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import BaseContext

OBJECTS = (100_000, 10, 10)
"""Objects between two searches for garbage: a process that lives for seconds leaves little to be found."""
_MODEL = "sim.run.preloaded"


def forks_itself() -> bool:
    """Whether a process may be forked from this one: no other thread of it could hold a lock meanwhile."""
    return sys.platform == "linux" and threading.active_count() == 1


def context() -> BaseContext:
    """Processes have what this one has loaded and read; where it has other threads, what a server loads.

    A lock of a work folder does not go with them: it falls with the run that took it.
    """
    if forks_itself():
        return multiprocessing.get_context("fork")
    methods = multiprocessing.get_all_start_methods()
    found = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if hasattr(found, "set_forkserver_preload"):
        found.set_forkserver_preload([_MODEL])
    return found


@contextmanager
def processes(workers: int, begin: Callable[[], None] | None = None) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes, ended with the `with` that holds it when what they are at is done.

    begin: what each does first.  What they share with this one is not searched for garbage in each.
    """
    frozen = gc.get_freeze_count() == 0  # what the caller froze stays so
    gc.freeze()
    pool = ProcessPoolExecutor(workers, context(), _began, (begin,))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        if frozen:
            gc.unfreeze()


def _began(more: Callable[[], None] | None) -> None:
    """What a worker does first: it must not outlive the run that started it, however that ended."""
    gc.set_threshold(*OBJECTS)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()
    if more is not None:
        more()
