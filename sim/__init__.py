"""healthplan: is a city's health plan enough?

The command does all of it; in a script or a notebook the same steps are:

    import sim

    setup = sim.set_up("experiments/anyang_14fyp.yaml", scenarios=["reference"])
    saved = sim.open_run(sim.run_experiment(setup, "outputs"))
    saved.table("adequacy")                                # as adequacy.csv, a pandas DataFrame
    saved.results().beds_required.sel(bed_group="total")   # every draw, an xarray DataArray
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.moved import install as _install_old_names

if TYPE_CHECKING:
    from sim.adequacy.revise import revise
    from sim.charts import plot_folder
    from sim.config import read_experiment
    from sim.document.compare import compare
    from sim.run.setup import set_up
    from sim.run_folder import run_experiment
    from sim.store import open_run
    from sim.sweeps.sweep import plan_sweep, sweep

__all__ = [
    "compare",
    "open_run",
    "plan_sweep",
    "plot_folder",
    "read_experiment",
    "revise",
    "run_experiment",
    "set_up",
    "sweep",
]

_HOME = {
    "compare": "sim.document.compare:compare",
    "open_run": "sim.store:open_run",
    "plan_sweep": "sim.sweeps.sweep:plan_sweep",
    "plot_folder": "sim.charts:plot_folder",
    "read_experiment": "sim.config:read_experiment",
    "revise": "sim.adequacy.revise:revise",
    "run_experiment": "sim.run_folder:run_experiment",
    "set_up": "sim.run.setup:set_up",
    "sweep": "sim.sweeps.sweep:sweep",
}


def __getattr__(name: str) -> Any:
    """Each name from its module when it is first asked for: `healthplan --help` stays quick."""
    if name == "__version__":
        return import_module("sim.run.version").versions()["healthplan"]
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    module, _, attribute = _HOME[name].partition(":")
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


_install_old_names()
