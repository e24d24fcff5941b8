"""The parameters of a scenario: what is read of a place, its overrides in order, then `--set`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import xarray as xr

from sim.config import Experiment
from sim.errors import SimError, fault
from sim.params import Parameter, conflicts, override
from sim.params.above import far_from_own
from sim.params.units import unit
from sim.run.history import after_history, history_faults
from sim.run.possible import after_counts, counted_faults, newcomers_fault

BASE = "population.base"


def first_year(parameters: Mapping[str, Parameter] | None) -> int | None:
    """Year of the base population."""
    year = None if parameters is None else parameters[BASE].record.year
    return year if isinstance(year, int) else None


def overridden(
    experiment: Experiment,
    scenario: str,
    base: Mapping[str, Parameter],
    file: Path,
    settings: Sequence[tuple[str, Any]],
    faults: list[str],
    log: list[str],
    part: bool,
) -> Mapping[str, Parameter]:
    """The parameters of a scenario: overrides in order, then `--set`.

    part: of a part of the region, for which counts of the whole do not hold.
    """
    current = dict(base)
    named = [
        (name, key, value)
        for name in experiment.scenarios[scenario]
        for key, value in experiment.overrides[name].items()
    ]
    faults += conflicts(base, named, f"{file}: scenarios.{scenario}")
    faults += conflicts(base, [("--set", key, value) for key, value in settings], "command line")
    steps = [(key, value, f"{file}: overrides.{name}", f"overrides.{name}") for name, key, value in named]
    steps += [(key, value, "--set", "--set") for key, value in settings]
    shared = frozenset.intersection(*map(frozenset, experiment.scenarios.values()))
    later = [name not in shared for name, _, _ in named] + [False] * len(settings)
    for i, (key, value, place, by) in enumerate(steps):
        if i == len(named):
            faults += counted_faults(current, base, f"{file}: scenarios.{scenario}")
        if part and _of_whole(base, key, value):
            log.append(f"[{scenario}] {key}: set for the whole alone; its parts are made to add up to it")
            continue
        try:
            changed = override(current, key, after_counts(current, key, value), place, by=by)
            faults += _implausible(current, changed, key, value, place)
            if later[i]:
                changed = _from_base(experiment, current, changed, place, faults)
        except SimError as error:
            faults.append(str(error))
            faults += _far_alone(current, key, value, place)
            continue
        for name, parameter in changed.items():
            if parameter is not current.get(name) and not part:
                log.append(f"[{scenario}] {parameter.changed}")
        current = changed
    if not settings:
        faults += counted_faults(current, base, f"{file}: scenarios.{scenario}")
    return current


def _implausible(
    before: Mapping[str, Parameter], changed: Mapping[str, Parameter], key: str, value: Any, place: str
) -> Iterator[str]:
    """What is said of a figure far from the one that it replaces, and of a crowd of newcomers."""
    if not isinstance(value, Mapping) and (old := before.get(key)) is not None:
        far = far_from_own(changed[key], old, before)
        if far:
            yield fault(place, f"{key} = {value!r} is {far}")
    crowd = newcomers_fault(changed, key, value)
    if crowd:
        yield fault(place, f"{key}: {crowd}")


def _far_alone(before: Mapping[str, Parameter], key: str, value: Any, place: str) -> Iterator[str]:
    """The same of a number that cannot be set (its range for one) and is far from what it replaces."""
    old = before.get(key)
    if old is not None and not old.is_method and isinstance(value, int | float) and value > 0:
        figure = replace(old, data=xr.full_like(old.data, value * unit(old.record.unit).factor))
        if far := far_from_own(figure, old, before):
            yield fault(place, f"{key} = {value!r} is {far}")


def _from_base(
    experiment: Experiment,
    before: Mapping[str, Parameter],
    changed: Mapping[str, Parameter],
    place: str,
    faults: list[str],
) -> dict[str, Parameter]:
    """What an override of some scenarios changes, from the year after the experiment's base on."""
    last, first = experiment.years.base, first_year(before)
    out = dict(changed)
    if first is None or last <= first:
        return out
    years = range(first, experiment.years.end + 1)
    for name, parameter in changed.items():
        if parameter is not before.get(name):
            faults += history_faults(before[name], parameter, last, place)
            out[name] = after_history(before[name], parameter, last, years)
    return out


def _of_whole(parameters: Mapping[str, Parameter], key: str, value: Any) -> bool:
    """Whether an override counts people or things: of a whole it says nothing of a part."""
    parameter = parameters.get(".".join(key.split(".")[:2]))
    if parameter is None or parameter.is_method or not unit(parameter.record.unit).counts:
        return False
    return not (isinstance(value, Mapping) and set(value) <= {"multiply", "add_per_1000"})
