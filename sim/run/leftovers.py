"""What commands that were broken off or killed left in a folder of runs; what is in use is told apart."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sim.run.work import UNFINISHED, is_held

Kind = Literal["blocks", "lock", "folder", "file", "replications"]
KINDS: dict[Kind, tuple[str, str]] = {
    "blocks": (
        "未完成运行的已算块（同一命令可接着算）",
        "blocks of an unfinished run; the same command goes on",
    ),
    "lock": ("锁文件", "lock"),
    "folder": ("写了一半的文件夹", "half-written folder"),
    "file": ("写了一半的文件", "half-written file"),
    "replications": (
        "压力测试的重复（再次测试可沿用）",
        "replications of a stress test; the same test takes them up",
    ),
}
"""What a leftover is, Chinese and English."""
REPLICATIONS = ".hospital"
_PART = re.compile(r"\.(\d+)\.part$")
_DAY = 86_400.0


@dataclass(frozen=True)
class Leftover:
    """A file or folder that no finished run needs."""

    path: Path
    kind: Kind
    bytes: int
    changed: float
    """Seconds since 1970 of the latest change inside."""
    in_use: bool
    """Whether a living command holds it."""

    def remove(self) -> None:
        """Take it away.  Raises OSError where that is not allowed."""
        if self.path.is_dir() and not self.path.is_symlink():
            shutil.rmtree(self.path)
        else:
            self.path.unlink(missing_ok=True)


def leftovers(folder: Path, days: float = 0.0) -> list[Leftover]:
    """Leftovers at any depth of a folder, those that were not touched for so many days, by path.

    Links are not followed: what lies outside the folder is not its own.
    """
    before = time.time() - days * _DAY
    return sorted((left for left in _found(folder) if left.changed <= before), key=lambda left: left.path)


def _found(folder: Path) -> Iterator[Leftover]:
    for root, folders, files in os.walk(folder):
        here = Path(root)
        for name in list(folders):
            path = here / name
            if path.is_symlink():
                continue
            if name == UNFINISHED:
                folders.remove(name)
                yield from _unfinished(path)
            elif name == REPLICATIONS:
                folders.remove(name)
                yield _left(path, "replications", in_use=_writing(path))
            elif name.endswith(".part"):
                folders.remove(name)
                yield _left(path, "folder", in_use=_alive(name))
        for name in files:
            if name.endswith(".part"):
                yield _left(here / name, "file", in_use=_alive(name))


def _unfinished(folder: Path) -> Iterator[Leftover]:
    """Work folders and their locks; a lock that a run holds covers its folder."""
    locks = {path.name.removesuffix(".lock"): path for path in folder.glob("*.lock")}
    held = {name for name, path in locks.items() if is_held(path)}
    for path in sorted(p for p in folder.iterdir() if p.is_dir() and not p.is_symlink()):
        yield _left(path, "blocks", in_use=path.name in held)
    for name, path in sorted(locks.items()):
        yield _left(path, "lock", in_use=name in held)


def _left(path: Path, kind: Kind, *, in_use: bool) -> Leftover:
    inside = [path, *path.rglob("*")] if path.is_dir() else [path]
    states = [p.lstat() for p in inside if p.exists()]
    size = sum(s.st_size for p, s in zip(inside, states, strict=False) if not p.is_dir())
    return Leftover(path, kind, size, max((s.st_mtime for s in states), default=0.0), in_use)


def _writing(folder: Path) -> bool:
    """Whether a living command writes into a folder: a part of it carries its process."""
    return any(_alive(path.name) for path in folder.glob("*.part"))


def _alive(name: str) -> bool:
    """Whether the process that a half-written thing is named after lives; if it cannot be told, it does."""
    match = _PART.search(name)
    if match is None:
        return False
    if os.name != "posix":
        return True  # asking for a process there may end it
    try:
        os.kill(int(match[1]), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
