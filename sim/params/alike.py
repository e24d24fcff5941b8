"""What was made of some files, kept for wherever files of the same content lie.

Working folders of one process are mostly copies of one another, which differ in few files.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import Any, TypeVar

from sim.params.once import once
from sim.textfile import content_hash

_T = TypeVar("_T")
_MOST = 64  # things made; the tables of all places are 2 MB
_made: OrderedDict[Hashable, tuple[Any]] = OrderedDict()


def alike(what: Hashable, files: Sequence[Path], make: Callable[[], _T]) -> _T:
    """What `make` gave for files of this content, wherever they lay.

    what: names what is made of them, with all else that it depends on.  It is not to be changed.
    What `make` raises is not kept: a fault names its file.
    """
    key = (what, once(("files", *files), lambda: tuple(map(_digest, files))))
    kept = _made.pop(key, None)
    found: _T = make() if kept is None else kept[0]
    _made[key] = (found,)  # the newest last
    while len(_made) > _MOST:
        _made.popitem(last=False)
    return found


def _digest(path: Path) -> str:
    """Hash of a file, taken once while it has the same time and size; nothing where there is none."""
    try:
        kept = path.stat()
    except OSError:
        return ""
    return _hashed(path, kept.st_mtime_ns, kept.st_size) if S_ISREG(kept.st_mode) else ""


@lru_cache(maxsize=256)
def _hashed(path: Path, _time: int, _size: int) -> str:
    return content_hash(path)
