"""`healthplan validate`: experiment, parameter and plan files, told apart by place and content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.config import find_root
from sim.errors import ConfigError, SimError, fault, raise_all
from sim.params import read_file
from sim.plan import load_plan
from sim.run.setup import set_up
from sim.textfile import read_yaml


def validate(files: Sequence[Path]) -> list[str]:
    """A line for each file that is right.

    Raises ConfigError with every fault of every file.
    """
    faults: list[str] = []
    lines: list[str] = []
    for path in files:
        try:
            lines.append(f"{path}: {_validate(path)}")
        except SimError as error:
            faults += str(error).splitlines()
    raise_all(ConfigError, faults)
    return lines


def _validate(path: Path) -> str:
    plan = _plan_of(path)
    if plan is not None:
        root, name = plan
        found = load_plan(root, name)
        return f"plan {name}: {len(found.indicators)} rows, {len(found.standards)} standards, valid"
    if path.suffix not in (".yaml", ".yml"):
        raise ConfigError(fault(str(path), "is no YAML file and no plan table", "name the YAML"))
    content = read_yaml(path)
    if isinstance(content, dict) and "parameters" in content and "name" not in content:
        found_parameters = read_file(path, _parameter_root(path))
        return f"{len(found_parameters)} parameters, valid"
    setup = set_up(path)
    names = next(iter(setup.parameters.values()))
    return f"experiment {setup.experiment.name}, {len(names)} parameters, valid"


def _plan_of(path: Path) -> tuple[Path, str] | None:
    """(parameter folder, plan) if the path is a plan folder or a file of one."""
    folder = path if path.is_dir() else path.parent
    if (folder / "plan.yaml").is_file() or path.name in ("indicators.csv", "standards.csv"):
        return folder.resolve().parents[1], folder.resolve().name
    return None


def _parameter_root(path: Path) -> Path | None:
    try:
        return find_root(path.parent) / "parameters"
    except ConfigError:
        return None
