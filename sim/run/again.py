"""A saved run's set-up made anew from its run.json and the parameter files as they are now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sim.config import find_root
from sim.config.read import checked
from sim.errors import ConfigError, fault
from sim.run.migrate import migrated
from sim.run.setup import Setup, set_up
from sim.store import Run, recorded_parameters


def setup_again(
    run: Run, *, known: Mapping[str, str] | None = None, only: Collection[str] | None = None
) -> tuple[Setup, list[str]]:
    """The set-up of a saved run, and notes: parameters that changed since, schema migrated.

    known: tables of local counts by region, besides the run's own.  only: of these tables, counts of
    people, use or supply alone.
    Raises ConfigError where the run's experiment or working folder cannot be found any more.
    """
    content, notes = migrated(run.meta["experiment"], str(run.path / "run.json"))
    experiment = checked(content, str(run.path / "run.json"), ("experiment",))
    if known:
        experiment = experiment.model_copy(update={"known": {**experiment.known, **known}})
    settings = [(str(name), value) for name, value in run.meta["settings"]]
    names = run.meta["scenarios"]
    setup = set_up(_file(run), settings=settings, scenarios=names, experiment=experiment, only=only)
    return setup, [*notes, *changed_parameters(setup, recorded_parameters(run.meta))]


def changed_parameters(setup: Setup, recorded: Mapping[str, Any]) -> list[str]:
    """Parameters whose hash is not the recorded one, or that came or went: one line each."""
    lines: dict[str, None] = {}
    for (scenario, region), parameters in {**setup.parameters, **setup.part_parameters}.items():
        old = recorded.get(f"{scenario}|{region}", {})
        for name in sorted({*old, *parameters}):
            if name not in parameters:
                lines[f"parameter {name} is gone"] = None
            elif name not in old:
                lines[f"parameter {name} is new"] = None
            elif old[name]["hash"] != parameters[name].hash:
                lines[f"parameter {name} has changed ({parameters[name].file.name})"] = None
    return list(lines)


def _file(run: Run) -> Path:
    """A file in the working folder that the run came from."""
    stated = Path(run.meta["experiment_file"])
    for candidate in (stated, run.path / "run.json", Path.cwd() / "x"):
        try:
            find_root(candidate.parent)
        except ConfigError:
            continue
        return candidate
    wrong = f"no working folder with parameters at {stated} or above the run"
    raise ConfigError(fault(str(run.path), wrong, "call it from the working folder"))
