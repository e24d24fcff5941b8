"""The places that an experiment names, their parts, and the parameters of each under each scenario."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.config import Experiment
from sim.errors import ConfigError, ParameterError, SimError, collected
from sim.params import Parameter, packed, read_once
from sim.places import Region, divide, find_region, look_ahead, read_observed, read_place
from sim.places.tables import observed_file
from sim.run.counted import Entry, with_counts
from sim.run.needed import check_place
from sim.run.pool import mapped
from sim.run.scenario import first_year, overridden

FEW = 8
"""Places up to which each one's parameters are held as they are read."""
_SHARE = 32  # places that are set up together


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


@dataclass(frozen=True)
class Asked:
    """What is asked of an experiment's places."""

    experiment: Experiment
    root: Path
    file: Path
    scenarios: tuple[str, ...]
    known: Mapping[str, Region]
    """Those that have a folder."""
    settings: tuple[tuple[str, Any], ...]
    only: Collection[str] | None
    part: bool
    """Whether they are parts of one region."""


@dataclass
class Found:
    """What some places give: the parameters of each under each scenario, or what is wrong."""

    parameters: dict[tuple[str, str], Mapping[str, Parameter]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    """Of files, overrides and counts that cannot be read."""
    log: list[str] = field(default_factory=list)
    counted: list[Entry] = field(default_factory=list)
    lacking: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """What a place lacks, or has outside the years, that can be read."""

    def add(self, other: Found) -> None:
        """Take over what others give."""
        self.parameters |= other.parameters
        self.faults += other.faults
        self.log += other.log
        self.counted += other.counted
        self.lacking |= other.lacking


def of_places(asked: Asked, places: Sequence[Region], workers: int) -> Found:
    """The parameters of places under each scenario; of those that cannot be read none, and the faults.

    Many places are set up on `workers` processes, and what they share is held once.
    """
    if len(places) <= FEW:
        return _some_places(asked, places)
    found = Found()
    for part in mapped(partial(_packed_places, asked), _neighbours(places), workers):
        found.add(part)
    return found


def _neighbours(places: Sequence[Region]) -> list[list[Region]]:
    """Places in their order, in shares of one province: they share most of what is read."""
    shares: list[list[Region]] = []
    for _, own in groupby(places, lambda place: place.province):
        left = list(own)
        shares += [left[i : i + _SHARE] for i in range(0, len(left), _SHARE)]
    return shares


def _packed_places(asked: Asked, places: Sequence[Region]) -> Found:
    found = _some_places(asked, places)
    found.parameters = dict(zip(found.parameters, packed(list(found.parameters.values())), strict=True))
    return found


def _some_places(asked: Asked, places: Sequence[Region]) -> Found:
    found = Found()
    with read_once():
        look_ahead(asked.root, places, asked.experiment.parameters)
        for place in places:
            _one_place(asked, place, found)
        for key, parameters in {} if found.faults else found.parameters.items():
            found.lacking[key] = lacking_over(asked.experiment, parameters, asked.root, asked.file)
    return found


def _one_place(asked: Asked, place: Region, found: Found) -> None:
    log = [] if asked.part else found.log
    base = _base(asked.experiment, asked.root, place, asked.known, found.faults, log)
    counted = [] if asked.part else found.counted
    base = _counted(asked.experiment, asked.root, place, base, found.faults, counted, asked.only)
    for scenario in asked.scenarios if base is not None else ():
        how = (asked.file, asked.settings, found.faults, found.log, asked.part)
        found.parameters[scenario, place.code] = overridden(asked.experiment, scenario, base or {}, *how)


def lacking_over(
    experiment: Experiment,
    parameters: Mapping[str, Parameter],
    root: Path,
    file: Path,
    first: int | None = None,
) -> list[str]:
    """What a place must be given and is not; first: of the model's years, its own base year if none."""
    base = first_year(parameters) if first is None else first
    years = range(experiment.years.base if base is None else base, experiment.years.end + 1)
    faults: list[str] = []
    collected(faults, partial(check_place, parameters, experiment, tuple(years), root, file), ParameterError)
    return faults


def _base(
    experiment: Experiment,
    root: Path,
    region: Region,
    known: Mapping[str, Region],
    faults: list[str],
    log: list[str],
) -> Mapping[str, Parameter] | None:
    """The parameters of a place as they are read; None, and `faults`, where they cannot be."""
    observed = observed_file(root, region)
    if observed.is_file():
        collected(faults, partial(read_observed, observed), SimError)
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
