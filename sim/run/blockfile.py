"""Series of a finished task on disk: written whole or not at all."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.errors import RunError, fault
from sim.labelled import made
from sim.writing import whole

Bytes: TypeAlias = npt.NDArray[np.uint8]
_HEADER = "header.npy"
_DAMAGED = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
)


def write(path: Path, series: Mapping[str, xr.DataArray]) -> None:
    """Store series; the file appears whole or not at all.

    It is not waited for until the disk has it: what a failing power leaves is told by its checksums, and
    computed again.  Raises OSError where the disk does not take it.
    """
    with whole(path, synced=False) as part, part.open("wb") as file:
        _pack(file, series)


def content(series: Mapping[str, xr.DataArray]) -> Bytes:
    """What the file of some series holds: made by a worker that cannot store it, for `keep`."""
    file = io.BytesIO()
    _pack(file, series)
    return np.frombuffer(file.getbuffer(), np.uint8)


def keep(path: Path, content: Bytes) -> None:
    """Store the content of a file as `write` would have done.  Raises OSError as it does."""
    with whole(path, synced=False) as part, part.open("wb") as file:
        file.write(content.data)


def _pack(file: IO[bytes], series: Mapping[str, xr.DataArray]) -> None:
    header: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    for name, array in series.items():
        coords = {str(d): array[d].values.tolist() for d in array.dims if d not in ("draw", "year")}
        header[name] = {"dims": list(array.dims), "coords": coords}
        arrays[name] = array.values
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    np.savez(file, **arrays)


def is_whole(path: Path) -> bool:
    """Whether a task's file is there and undamaged, by its own checksums; a damaged one counts as missing."""
    try:
        with zipfile.ZipFile(path) as file:
            return _HEADER in file.namelist() and file.testzip() is None
    except _DAMAGED:
        return False


def read(path: Path) -> dict[str, xr.DataArray]:
    """Series of a stored task (without draw and year labels).

    Raises RunError that names a file that is damaged.
    """
    try:
        with np.load(path) as content:
            header = json.loads(content["header"].tobytes())
            return {
                name: made(content[name], entry["coords"], entry["dims"]) for name, entry in header.items()
            }
    except _DAMAGED as error:
        wrong = f"is damaged: {error}"
        raise RunError(fault(str(path), wrong, "the same command computes it again")) from None
