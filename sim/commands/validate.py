"""`healthplan validate`: experiment, parameter and plan files, told apart by place and content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from sim.commands.read_by import naming, read_as_known, read_as_named, read_as_shared
from sim.config import find_root
from sim.config.standard import load_standard
from sim.errors import ConfigError, SimError, collected, fault, raise_all
from sim.params import read_file, read_sources
from sim.params.catalogue import LABELS, LIMITS, PATTERNS, read_catalogue
from sim.places import find_region, list_regions, read_census, read_observed, read_region
from sim.places.region import NATION
from sim.plan import Plan, list_plans, load_plan
from sim.plan.floors import load_floors
from sim.plan.needs import load_needs
from sim.plan.targets import stated_targets
from sim.plan.tests import load_rules
from sim.plan.verdict_rules import load_verdict_rules
from sim.plan.vocabulary import KINDS
from sim.propose.listed import load_listed
from sim.run.setup import set_up
from sim.textfile import read_text, read_yaml

_OF_CATALOGUE = (LABELS, LIMITS, PATTERNS)
_TABLES = (".csv", ".xlsx")


def validate(files: Sequence[Path]) -> list[str]:
    """A line for each file that is right.

    Raises ConfigError with every fault of every file.
    """
    faults: list[str] = []
    lines: list[str] = []
    for path in files:
        said = collected(faults, partial(_validate, path), SimError)
        lines += [] if said is None else [f"{path}: {said}"]
    raise_all(ConfigError, faults)
    return lines


def _validate(path: Path) -> str:
    try:
        path.resolve()
    except (OSError, RuntimeError):  # which of them, the versions of Python differ in
        raise ConfigError(fault(str(path), "is a link back to itself", "name the file itself")) from None
    shared = _root_of(path)
    if shared is not None and path.is_file() and read_as_shared(path, shared):
        if path.parent.name != "plans" and path.name not in _OF_CATALOGUE:
            return "as every command reads it, valid"
    if (plan := _plan_of(path)) is not None:
        return _plan(*plan)
    if path.name == "region.yaml":
        return f"region {read_region(path).code}, valid"
    if path.parent.name == "scenarios":
        return f"{len(load_standard(path.resolve().parents[2]))} standard scenarios, valid"
    if path.parent.name == "sources" or path.name == "sources.yaml":
        return _sources(path)
    if path.parent.name == "plans" and path.suffix in (".csv", ".yaml"):
        return _shared(path)
    if path.name in _OF_CATALOGUE:
        return _known(path)
    if (said := _table(path, shared)) is not None:
        return said
    if path.suffix not in (".yaml", ".yml"):
        raise ConfigError(
            fault(str(path), "is no YAML file and no plan table", "name the YAML file that reads it")
        )
    content = read_yaml(path)
    if isinstance(content, dict) and "parameters" in content and "name" not in content:
        found_parameters = read_file(path, _parameter_root(path))
        return f"{len(found_parameters)} parameters, valid"
    setup = set_up(path)
    names = next(iter(setup.parameters.values()))
    return f"experiment {setup.experiment.name}, {len(names)} parameters, valid"


def _plan(root: Path, name: str) -> str:
    """A plan's folder; root: the folder `parameters`."""
    found = load_plan(root, name)
    _known_region(found, root.parent)
    targets = [s for s in stated_targets(found, load_rules(root.parent), ()) if s.target is not None]
    kinds = Counter(i.kind for i in found.indicators)
    counts = ", ".join(f"{kinds[kind]} {kind}" for kind in sorted(KINDS))
    empty = sum(i.value is None and i.operator != "change" for i in found.indicators)
    rows = f"{len(found.indicators)} rows ({counts}; {empty} without a number)"
    rules = f"{len(found.standards)} rules of standards.csv"
    return f"plan {name}: {rows}, {rules}, {len(targets)} targets and levels with a test, valid"


def _table(path: Path, root: Path | None) -> str | None:
    """A table of a place or of records, by its name; None for what is none."""
    if path.name.startswith("census_") and path.suffix in _TABLES:
        counted = read_census(path)
        return f"census of {counted.year}: {counted.counts.sum():,.0f} people, valid"
    if path.name in ("observed.csv", "observed.xlsx"):
        return f"{len(read_observed(path))} yearly figures, valid"
    if path.name in ("known.csv", "known.xlsx") and root is not None:
        return f"{read_as_known(path, root)} counts, valid"
    if path.is_dir():
        raise ConfigError(fault(str(path), "is a folder", "name its files, or a plan's folder"))
    if path.suffix in _TABLES and naming(path):
        return f"table of {read_as_named(path, _parameter_root(path))} records beside it, valid"
    return None


def _known_region(plan: Plan, root: Path) -> None:
    """Raises ConfigError where a plan is of a region that no folder and no census holds."""
    if plan.region == NATION:
        return
    try:
        find_region(root, plan.region, list_regions(root))
    except ConfigError as error:
        where = f"{root / 'parameters' / 'plans' / plan.id / 'plan.yaml'}: region"
        raise ConfigError(fault(where, f"'{plan.region}' is no place that is known", str(error))) from None


def _shared(path: Path) -> str:
    """A table that all plans share is right if every plan and rule can be read with it."""
    read_text(path)
    root = path.resolve().parents[1]
    rules = load_rules(root.parent)
    plans, needs = [load_plan(root, name) for name in list_plans(root)], load_needs(root)
    faults: list[str] = []
    for load in (load_verdict_rules, load_floors, load_listed):
        collected(faults, partial(load, root), SimError)
    raise_all(ConfigError, faults)
    return (
        f"shared by {len(plans)} plans, {len(rules)} tests of indicators and {len(needs)} needs "
        "without a target, valid"
    )


def _known(path: Path) -> str:
    read_text(path)
    faults: list[str] = []
    known = read_catalogue(path.parent, faults)
    raise_all(ConfigError, faults)
    return f"{len(known.labels)} dims with labels, {len(known.limits)} parameters with limits, valid"


def _sources(path: Path) -> str:
    read_yaml(path)
    root = path.parent.parent if path.parent.name == "sources" else path.parent
    faults: list[str] = []
    found = read_sources(root, faults)
    raise_all(ConfigError, faults)
    return f"{len(found)} sources of the folder, valid"


def _plan_of(path: Path) -> tuple[Path, str] | None:
    """(parameter folder, plan) if the path is a plan folder or a file of one."""
    folder = path if path.is_dir() else path.parent
    if (folder / "plan.yaml").is_file() or path.name in ("indicators.csv", "standards.csv"):
        return folder.resolve().parents[1], folder.resolve().name
    return None


def _parameter_root(path: Path) -> Path | None:
    root = _root_of(path)
    return None if root is None else root / "parameters"


def _root_of(path: Path) -> Path | None:
    """The working folder that a file lies in, none without one."""
    try:
        return find_root(path.parent)
    except ConfigError:
        return None
