"""Series of a finished task on disk: written whole or not at all."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.errors import RunError, fault
from sim.writing import whole

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

    Raises OSError where the disk does not take it.
    """
    header: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    for name, array in series.items():
        coords = {str(d): array[d].values.tolist() for d in array.dims if d not in ("draw", "year")}
        header[name] = {"dims": list(array.dims), "coords": coords}
        arrays[name] = array.values
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    with whole(path) as part, part.open("wb") as file:
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
                name: xr.DataArray(content[name], entry["coords"], entry["dims"])
                for name, entry in header.items()
            }
    except _DAMAGED as error:
        wrong = f"is damaged: {error}"
        raise RunError(fault(str(path), wrong, "the same command computes it again")) from None
