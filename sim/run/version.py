"""Which version of the model computes: its own source and the libraries that make the numbers."""

from __future__ import annotations

import functools
import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sim import source

_NUMERIC = ("numpy", "scipy", "xarray", "numba")
_LISTED = ("healthplan", *_NUMERIC, "netcdf4", "simpy", "matplotlib", "SALib")
# rooms and files that cannot change what a block computes
_NOT_MODEL = ("report", "hospital", "stress", "drivers", "evidence", "commands", "cli", "run_folder.py")


@functools.cache
def source_hash() -> str:
    """Hash of the source files that a block's numbers depend on.

    Another version of the model never takes stored blocks for its own.
    """
    root = Path(__file__).resolve().parents[1]
    files = (p for p in root.rglob("*.py") if p.relative_to(root).parts[0] not in _NOT_MODEL)
    return source.source_hash(root, files)


@functools.cache
def model_version() -> str:
    """Source hash and the versions of Python and the numeric libraries, as one hash."""
    libraries = [f"{name} {_version(name)}" for name in _NUMERIC]
    text = "|".join([source_hash(), platform.python_version(), *libraries])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def versions() -> dict[str, str]:
    """Versions of what the numbers depend on."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    return found | {name: _version(name) for name in _LISTED}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
