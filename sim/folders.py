"""A folder or a file that results can be put into: known before anything is computed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import ConfigError, RunError, fault

_SHOWN = 80  # letters of a path that no disk takes
_ROOM = 1_000_000  # bytes: with less, what failed in a folder failed for want of room
_YOUR_OWN = "give a folder of your own"


def usable(folder: Path | str, name: str) -> Path:
    """The folder, which is there or can be made; nothing of it is made here.

    name: of the argument, for refusals.
    Raises ConfigError where it lies below a file or a link that leads nowhere, has a name that the disk does
    not take, or may not be written to.
    """
    path = Path(folder)
    place = f"{name} {path}"
    if path.parts and path.parts[0].startswith("~"):
        wrong = f"'{path.parts[0]}' is a home that the shell did not write out"
        raise ConfigError(fault(place, wrong, "write the path whole"))
    try:
        there = next(p for p in (path, *path.absolute().parents) if p.exists() or p.is_symlink())
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise ConfigError(fault(f"{place[:_SHOWN]}..", said, "check the path")) from error
    if not there.is_dir():
        wrong = "is a link that leads nowhere" if there.is_symlink() else "is a file"
        raise ConfigError(fault(place, f"{there} {wrong}", "give a folder"))
    try:
        if not os.access(there, os.W_OK):
            raise PermissionError
        os.rmdir(tempfile.mkdtemp(prefix=".healthplan-", dir=there))  # who may do all may not on every disk
    except OSError as error:
        raise ConfigError(fault(place, f"{there} may not be written to", _YOUR_OWN)) from error
    return path


@contextmanager
def scratch(prefix: str = "healthplan-") -> Iterator[Path]:
    """A folder for what is needed for a while, where the system keeps such; it goes in the end.

    Raises RunError where work in it fails and that place has no room left: it is no folder that the user
    named, and what was computed there goes with it.
    """
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        try:
            yield Path(folder)
        except (OSError, RunError) as error:
            place = Path(folder).parent
            if shutil.disk_usage(place).free >= _ROOM:
                raise
            remedy = "make room there, or set TMPDIR (Windows: TEMP) to a folder with room"
            raise RunError(fault(str(place), "the folder for temporary files is full", remedy)) from error


def usable_file(path: Path, name: str) -> Path:
    """The same for a file, which may be there already.

    Raises ConfigError as `usable` does for its folder, and where a folder of its name is there.
    """
    usable(path.absolute().parent, name)
    if path.is_dir():
        raise ConfigError(fault(f"{name} {path}", "is a folder", "give a file"))
    return path
