"""A run cut into blocks of draws: each computed alone, stored when done, found again later.

A block is a pure function of its payload; its file is named by the hash of that payload and of
the model's own source, so a finished block is never computed twice and never mistaken for another.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.params import Parameter, Sampler
from sim.run import pipeline
from sim.run.planpath import PlanTarget
from sim.run.reduce import reduce

_WIDTH = 8  # a block is computed at a multiple of this many draws: the same vector code each time


@dataclass(frozen=True)
class Block:
    """Some draws of one scenario and region."""

    scenario: str
    region: str
    first: int
    stop: int
    parameters: Mapping[str, Parameter]
    years: tuple[int, ...]
    seed: int
    targets: tuple[PlanTarget, ...] = ()

    @property
    def label(self) -> str:
        """For messages."""
        return f"{self.scenario}/{self.region} draws {self.first}..{self.stop - 1}"

    @functools.cached_property
    def key(self) -> str:
        """Hash of everything that the result depends on."""
        text = json.dumps(
            [
                source_hash(),
                self.first,
                self.stop,
                list(self.years),
                self.seed,
                {name: p.hash for name, p in sorted(self.parameters.items())},
                [asdict(t) for t in self.targets],
            ]
        )
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@functools.cache
def source_hash() -> str:
    """Hash of the model's own source files: another version never reuses stored blocks."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def compute(block: Block) -> dict[str, xr.DataArray]:
    """The series of one block."""
    wanted = np.arange(block.first, block.stop)
    padding = -len(wanted) % _WIDTH
    draws = np.concatenate([wanted, np.full(padding, wanted[0])])
    sampler = Sampler(block.parameters, block.years, block.seed)
    params = sampler.block(draws.tolist())
    # padded draws are computed and dropped; their labels must not repeat
    labels = np.concatenate([wanted, -1 - np.arange(padding)])
    params = {n: _relabel(a, labels) for n, a in params.items()}
    state = pipeline.project(params, block.years, labels.tolist())
    kept = reduce(state, params, block.targets)
    n = len(wanted)
    return {k: a.isel(draw=slice(0, n)) if "draw" in a.dims else a for k, a in kept.items()}


def _relabel(array: xr.DataArray, labels: np.ndarray[Any, Any]) -> xr.DataArray:
    return array.assign_coords(draw=labels) if "draw" in array.dims else array


def compute_to_file(block: Block, folder: Path) -> Path:
    """Compute a block and store it; a stored one is left as it is."""
    path = folder / f"{block.key}.npz"
    if not path.is_file():
        write(path, compute(block))
    return path


def write(path: Path, series: Mapping[str, xr.DataArray]) -> None:
    """Store series; the file appears whole or not at all."""
    header: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    for name, array in series.items():
        coords = {str(d): array[d].values.tolist() for d in array.dims if d not in ("draw", "year")}
        header[name] = {"dims": list(array.dims), "coords": coords}
        arrays[name] = array.values
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def read(path: Path) -> dict[str, xr.DataArray]:
    """Series of a stored block (without draw and year labels)."""
    with np.load(path) as content:
        header = json.loads(content["header"].tobytes())
        return {
            name: xr.DataArray(content[name], entry["coords"], entry["dims"])
            for name, entry in header.items()
        }
