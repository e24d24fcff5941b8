"""The server that worker processes are forked from, and how such a process begins.

It loads the model while the command itself still loads, so it imports nothing of the model.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from multiprocessing.context import BaseContext

OBJECTS = (100_000, 10, 10)
"""Objects between two searches for garbage: a process that lives for seconds leaves little to be found."""
_MODEL, _DRAWING = "sim.run.preloaded", "sim.run.preloaded_drawing"


def warm_up(workers: int | None = None, drawing: bool = False) -> None:
    """Start the server, if there will be workers; None: as many as there are cores.

    drawing: it loads what draws charts and writes the workbook too.
    """
    if (workers or os.cpu_count() or 1) > 1 and context().get_start_method() == "forkserver":
        from multiprocessing import forkserver

        if drawing:
            context().set_forkserver_preload([_MODEL, _DRAWING])
        forkserver.ensure_running()


def context() -> BaseContext:
    """A fork server: workers do not inherit open files, so a lock falls with the run that took it."""
    methods = multiprocessing.get_all_start_methods()
    found = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if hasattr(found, "set_forkserver_preload"):
        found.set_forkserver_preload([_MODEL])
    return found


def began() -> None:
    """What a worker does first: it must not outlive the run that started it, however that ended."""
    gc.set_threshold(*OBJECTS)
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
