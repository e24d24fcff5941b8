"""Modules that have moved: the old name still imports, with a warning, for one minor version."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

# old name -> new name; of a package all modules follow, unless named themselves
MOVED = {
    "sim.run.sweeps": "sim.sweeps",
    "sim.run.sweeps.sweepfile": "sim.sweeps.folder",
    "sim.run.hospital": "sim.stress",
    "sim.run.hospital.hospital_inputs": "sim.stress.inputs",
    "sim.run.evidence": "sim.evidence",
    "sim.run.drivers": "sim.drivers",
    "sim.run.verdict": "sim.adequacy",
    "sim.run.verdict.influence": "sim.drivers.influence",
    "sim.run.verdict.goal": "sim.drivers.life_expectancy",
    "sim.run.verdict.testrule": "sim.plan.tests",
    "sim.run.verdict.statements": "sim.plan.statements",
    "sim.run.finish": "sim.run_folder",
    "sim.run.planpath": "sim.supply.plan_path",
    "sim.run.reduce": "sim.run.kept",
    "sim.run.listing": "sim.commands.listing",
    "sim.run.validate": "sim.commands.validate",
    "sim.run.reproduce": "sim.evidence.reproduce",
    "sim.demography.ax": "sim.lifetable.ax",
    "sim.demography.lifetable": "sim.lifetable",
    "sim.burden.lifetable": "sim.lifetable",
    "sim.report.charts": "sim.charts",
    "sim.report.charts.rows": "sim.saved.rows",
    "sim.report.backtest_chart": "sim.charts.backtest",
    "sim.report.draw": "sim.charts.draw",
    "sim.report.folder": "sim.charts.folder",
    "sim.report.hospital_charts": "sim.charts.hospital",
    "sim.report.page": "sim.charts.page",
    "sim.report.saved": "sim.saved.run",
    "sim.report.style": "sim.charts.style",
    "sim.report.sweep_charts": "sim.charts.sweep",
    "sim.report.words": "sim.catalogue.words",
}


class _Moved(MetaPathFinder, Loader):
    """Finds a module under its old name."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A spec for the names in `MOVED`, and for the modules of the packages there."""
        new = new_name(fullname)
        if new is None:
            return None
        return ModuleSpec(fullname, self, origin=new, is_package=fullname in MOVED)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module under its new name."""
        assert spec.origin is not None
        warnings.warn(f"{spec.name} is {spec.origin} now", DeprecationWarning, stacklevel=2)
        module = importlib.import_module(spec.origin)
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is executed twice; the module keeps the spec of its new name."""
        spec = module.__spec__
        if spec is not None and spec.loader is self:
            module.__spec__ = spec.loader_state


def new_name(old: str) -> str | None:
    """Where a module is now; None if it has not moved."""
    if old in MOVED:
        return MOVED[old]
    package, _, module = old.rpartition(".")
    return f"{MOVED[package]}.{module}" if package in MOVED else None


def install() -> None:
    """Let old names be imported; once for each process."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Moved())  # before the one that would load a file twice
