"""The places that an experiment names, their parts, and the parameters of each under each scenario."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sim.config import Experiment
from sim.errors import ConfigError, SimError, collected
from sim.params import Parameter
from sim.places import Region, divide, find_region, read_place
from sim.run.counted import Entry, with_counts
from sim.run.scenario import first_year, overridden


def named_regions(
    experiment: Experiment, root: Path, file: Path, known: Mapping[str, Region], faults: list[str]
) -> list[Region]:
    """The places that an experiment names; those that are not known go to `faults`."""
    found = []
    for code in experiment.regions:
        try:
            found.append(find_region(root, code, known))
        except ConfigError as error:
            faults.append(f"{file}: {error}")
    return found


def asked_parts(
    experiment: Experiment, root: Path, file: Path, known: Mapping[str, Region], faults: list[str]
) -> tuple[tuple[Region, ...], tuple[tuple[str, str, float], ...]]:
    """The parts that an experiment asks for, and those left out; where there are none goes to `faults`."""
    if experiment.parts is None or faults:
        return (), ()
    try:
        division = divide(root, experiment.regions[0], experiment.parts)
    except ConfigError as error:
        faults.append(f"{file}: {error}")
        return (), ()
    return tuple(find_region(root, code, known) for code in division.codes), division.left_out


def of_places(
    experiment: Experiment,
    root: Path,
    file: Path,
    scenarios: Sequence[str],
    known: Mapping[str, Region],
    settings: Sequence[tuple[str, Any]],
    faults: list[str],
    log: list[str],
    counted: list[Entry],
    only: Collection[str] | None,
    places: Sequence[Region],
    *,
    part: bool,
) -> dict[tuple[str, str], Mapping[str, Parameter]]:
    """The parameters of places under each scenario; of those that cannot be read none, and `faults`."""
    found: dict[tuple[str, str], Mapping[str, Parameter]] = {}
    for place in places:
        base = _base(experiment, root, place, known, faults, [] if part else log)
        base = _counted(experiment, root, place, base, faults, [] if part else counted, only)
        for scenario in scenarios if base is not None else ():
            own = overridden(experiment, scenario, base or {}, file, settings, faults, log, part)
            found[scenario, place.code] = own
    return found


def _base(
    experiment: Experiment,
    root: Path,
    region: Region,
    known: Mapping[str, Region],
    faults: list[str],
    log: list[str],
) -> Mapping[str, Parameter] | None:
    """The parameters of a place as they are read; None, and `faults`, where they cannot be."""
    read = partial(read_place, root, region, experiment.parameters, log, known)
    return collected(faults, read, SimError)


def _counted(
    experiment: Experiment,
    root: Path,
    region: Region,
    parameters: Mapping[str, Parameter] | None,
    faults: list[str],
    entries: list[Entry],
    only: Collection[str] | None,
) -> Mapping[str, Parameter] | None:
    """The parameters of a place that start from its local counts; what these changed goes to `entries`."""
    first = first_year(parameters)
    if parameters is None or first is None:
        return parameters
    years = range(first, experiment.years.end + 1)
    read = partial(with_counts, root, region, parameters, experiment, years, only)
    found = collected(faults, read, SimError)
    if found is None:
        return None
    entries += found[1]
    return found[0]
