"""The parts of the calibration: every module of `parts`, each after those whose records it reads."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from graphlib import TopologicalSorter
from pathlib import Path

from sim.errors import ConfigError, fault, raise_all
from sim.evidence.calibration import parts as package
from sim.evidence.calibration.part import Part


def parts() -> dict[str, Part]:
    """Every part by its name, in the order in which they are estimated."""
    found: dict[str, Part] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        part: Part = importlib.import_module(f"{package.__name__}.{module}").PART
        found[part.name] = part
    order = TopologicalSorter({name: part.after for name, part in found.items()})
    return {name: found[name] for name in order.static_order()}


def refuse_missing(root: Path, chosen: Iterable[Part]) -> None:
    """Raise ConfigError with every table that these parts are estimated from and that is not there."""
    asked: dict[str, list[str]] = {}
    for part in chosen:
        for name in part.inputs:
            asked.setdefault(name, []).append(part.name)
    folder = root / "parameters"
    raise_all(
        ConfigError,
        [
            fault(str(folder / name), "no such file", f"{', '.join(names)} is estimated from it")
            for name, names in asked.items()
            if not any(folder.glob(name))
        ],
    )
