"""The code itself as data: a hash of source files, so that no stored result outlives its making."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def source_hash(root: Path, files: Iterable[Path]) -> str:
    """Hash of the names below `root` and of the bytes of `files`, in the order of the names."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
