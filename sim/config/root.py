"""The working folder that a file or a command belongs to."""

from __future__ import annotations

from pathlib import Path

from sim.errors import ConfigError, fault


def find_root(start: Path) -> Path:
    """The working folder: the nearest one at or above `start` that holds `parameters`.

    Raises ConfigError that names the remedy.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / "parameters" / "national").is_dir():
            return folder
    remedy = "run `healthplan init DIR` to make a working folder"
    raise ConfigError(fault(str(start), "no folder 'parameters' here or above", remedy))
