"""Where unfinished work is kept: one folder for one command, locked while it runs."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import TracebackType
from typing import IO


class WorkFolder:
    """Finished blocks of an unfinished run, found again by the same command.

    The folder is locked; a second run of the same command at the same time gets one of its own,
    so two runs never mix.  After `done` the folder goes; after a failure it stays.
    """

    def __init__(self, parent: Path, key: str) -> None:
        self._parent = parent / ".unfinished"
        self._key = key
        self._lock: IO[bytes] | None = None
        self._finished = False
        self.path = self._parent / key

    def __enter__(self) -> WorkFolder:
        self._parent.mkdir(parents=True, exist_ok=True)
        for number in range(1000):
            name = self._key if number == 0 else f"{self._key}-{number + 1}"
            lock = (self._parent / f"{name}.lock").open("ab")
            if not _locked(lock):
                lock.close()
                continue
            self._lock, self.path = lock, self._parent / name
            self.path.mkdir(exist_ok=True)
            for part in self.path.glob("*.part"):  # left by a process that was killed
                part.unlink(missing_ok=True)
            return self
        raise OSError(f"no free work folder in {self._parent}")

    def done(self) -> None:
        """The results stand elsewhere: the work folder may go."""
        self._finished = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._finished:
            shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()


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
