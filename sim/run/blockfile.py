"""Series of a finished task on disk: written whole or not at all."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.writing import whole


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
    """Whether a task's file is there and can be read; a damaged one counts as missing."""
    try:
        with np.load(path) as content:
            return "header" in content
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return False


def read(path: Path) -> dict[str, xr.DataArray]:
    """Series of a stored task (without draw and year labels)."""
    with np.load(path) as content:
        header = json.loads(content["header"].tobytes())
        return {
            name: xr.DataArray(content[name], entry["coords"], entry["dims"])
            for name, entry in header.items()
        }
