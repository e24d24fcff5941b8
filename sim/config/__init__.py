"""Experiment files: what to run, for which region, plan, years, scenarios and draws."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.config.names import check_name, is_region_code
from sim.config.root import find_root

if TYPE_CHECKING:
    from sim.config.experiment import Draws, Experiment, HospitalSettings, SweepSettings, Years
    from sim.config.read import parse_set, read_experiment, revalidated

__all__ = [
    "Draws",
    "Experiment",
    "HospitalSettings",
    "SweepSettings",
    "Years",
    "check_name",
    "find_root",
    "is_region_code",
    "parse_set",
    "read_experiment",
    "revalidated",
]


_READ = ("parse_set", "read_experiment", "revalidated")


def __getattr__(name: str) -> Any:
    """What reads an experiment when it is first asked for: a table of scenarios needs no schema of series."""
    if name not in __all__:
        raise AttributeError(f"module 'sim.config' has no attribute {name!r}")
    return getattr(import_module("sim.config.read" if name in _READ else "sim.config.experiment"), name)
