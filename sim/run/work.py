"""Where unfinished work is kept: one folder for one command, locked while it runs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from sim.errors import Stopped

UNFINISHED = ".unfinished"
"""Folder of work folders and their locks, beside the run folders of an experiment."""


class WorkFolder:
    """Finished blocks of an unfinished run, found again by the same command.

    The folder is locked, and the lock falls with the process.  A second run of the same command at
    the same time gets a folder of its own, so two runs never mix.  After `done` the folder goes;
    after a failure it stays.
    """

    def __init__(self, parent: Path, key: str) -> None:
        self._parent = parent / UNFINISHED
        self._key = key
        self._lock: IO[bytes] | None = None
        self._finished = False
        self.path = self._parent / key

    def __enter__(self) -> WorkFolder:
        self._parent.mkdir(parents=True, exist_ok=True)
        for number in range(1000):
            name = self._key if number == 0 else f"{self._key}-{number + 1}"
            lock = _take(self._parent / f"{name}.lock")
            if lock is None:
                continue
            self._lock, self.path = lock, self._parent / name
            if hasattr(os, "register_at_fork"):  # a worker that outlives the run must not hold it
                os.register_at_fork(after_in_child=lock.close)
            self.path.mkdir(exist_ok=True)
            _sweep_out(self.path)
            return self
        raise OSError(f"no free work folder in {self._parent}")

    def done(self) -> None:
        """The results stand elsewhere: the work folder may go."""
        self._finished = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._finished:
            shutil.rmtree(self.path, ignore_errors=True)
            if os.name == "nt" and self._lock is not None:
                self._lock.close()  # there an open file cannot be taken away
            with suppress(OSError):
                (self._parent / f"{self.path.name}.lock").unlink()
        if self._lock is not None:
            self._lock.close()
        with suppress(OSError):
            self._parent.rmdir()  # if nothing unfinished is left
        if isinstance(error, KeyboardInterrupt) and not self._finished:
            raise Stopped(self.path) from error


@contextmanager
def taken_up(folder: Path) -> Iterator[None]:
    """Work that the same command finds again in a folder: Ctrl-C in it is raised as Stopped."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise Stopped(folder) from error


def _take(path: Path) -> IO[bytes] | None:
    """The lock file, locked; None if a living run holds it."""
    while True:
        lock = path.open("ab")
        if not _locked(lock):
            lock.close()
            return None
        # the run that held it may have finished and removed the file in between
        if path.exists() and os.path.samestat(os.fstat(lock.fileno()), path.stat()):
            return lock
        lock.close()
        path.parent.mkdir(parents=True, exist_ok=True)


def is_held(path: Path) -> bool:
    """Whether a living run holds a lock file; it is left as it is."""
    try:
        with path.open("ab") as lock:
            return not _locked(lock)
    except OSError:
        return True


def _sweep_out(folder: Path) -> None:
    """Remove half-written files and folders, left by a process that was killed."""
    for part in folder.glob("*.part"):
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
    for part in folder.glob(".*.part"):
        shutil.rmtree(part, ignore_errors=True)


def _locked(file: IO[bytes]) -> bool:
    """Take the lock without waiting; it falls with the process."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
