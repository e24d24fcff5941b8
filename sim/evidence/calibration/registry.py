"""The parts of the calibration: every module of `parts`, in the order of their names."""

from __future__ import annotations

import importlib
import pkgutil

from sim.evidence.calibration import parts as package
from sim.evidence.calibration.part import Part


def parts() -> dict[str, Part]:
    """Every part by its name."""
    found: dict[str, Part] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        part: Part = importlib.import_module(f"{package.__name__}.{module}").PART
        found[part.name] = part
    return found
