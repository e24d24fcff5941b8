"""Settings that no method in use reads: they would move nothing, and nobody would be told.

parameters/acts_with.csv   parameter, method, choices (parted by blanks), why: it is read under these alone
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config import Experiment
from sim.errors import fault
from sim.known.condition import count_names
from sim.known.people import EFFECT, GAIN
from sim.params import Parameter
from sim.run import pipeline
from sim.run.kept import PARAMETERS
from sim.run.needed import ADEQUACY
from sim.run.possible import DIALS
from sim.textfile import did_you_mean, read_csv

TABLE = "acts_with.csv"
_YEAR = re.compile("[0-9]{4}")
_NOTHING = {"multiply": 1, "add": 0, "add_per_1000": 0}
Chosen = Mapping[tuple[str, str], Mapping[str, Parameter]]
"""Parameters by scenario and place."""


@dataclass(frozen=True)
class Condition:
    """Under which choices of a method a parameter is read."""

    method: str
    choices: tuple[str, ...]
    line: str = ""
    """Of the table."""


def conditions(root: Path) -> dict[str, Condition]:
    """The rows of the table by parameter, none where a working folder has no such table.

    Raises ConfigError for a damaged table.
    """
    path = root / "parameters" / TABLE
    rows = read_csv(path, ("parameter", "method", "choices", "why")) if path.exists() else []
    return {r["parameter"]: Condition(r["method"], tuple(r["choices"].split()), r["_line"]) for r in rows}


def condition_faults(root: Path, known: Mapping[str, Parameter]) -> list[str]:
    """Rows of the table that no parameter or no choice of a method answers to.

    known: parameters of a place by dotted name.  Raises ConfigError for a damaged table.
    """
    return list(_unknown(root, conditions(root), known))


def acts(condition: Condition, parameters: Mapping[str, Parameter]) -> bool:
    """Whether the method in use reads what has this condition."""
    method = parameters.get(condition.method)
    return method is None or str(method.data.item()) in condition.choices


def idle_faults(
    experiment: Experiment,
    years: Sequence[int],
    file: Path,
    root: Path,
    settings: Sequence[tuple[str, Any]],
    chosen: Chosen,
) -> list[str]:
    """Overrides and `--set` that act in no scenario and place of a run, with the method that would."""
    table = conditions(root)
    some = next(iter(chosen.values()), {})
    found = list(_unknown(root, table, some))
    for place, key, value, scenarios in _set(experiment, file, settings, {s for s, _ in chosen}):
        found += other_years(place, key, value, years, 0 if key in DIALS else None)
        name = ".".join(key.split(".")[:2])
        condition = table.get(name)
        used = [p for (scenario, _), p in chosen.items() if scenario in scenarios]
        if condition is None or not used or any(acts(condition, p) for p in used):
            continue
        held = sorted({str(p[condition.method].data.item()) for p in used})
        wrong = f"{key} moves nothing: {condition.method} is {', '.join(held)}"
        found.append(fault(place, wrong, f"set {condition.method} to {' or '.join(condition.choices)} too"))
    return found


_BESIDE = ("cost.", "hospital.", "programme.", "proposal.")
"""Topics that no stage reads, but what looks at a run: its costs, beds under load, verdicts, proposals."""


def early_faults(
    experiment: Experiment, file: Path, settings: Sequence[tuple[str, Any]], chosen: Chosen
) -> list[str]:
    """Overrides and `--set` of what is read before anything can be set, so that a run shows nothing of them.

    By such parameters a place's inputs are made of its census, or its counts are weighed; a backtest, which
    does both again, heeds them.
    """
    some = next(iter(chosen.values()), {})
    read = {*pipeline.parameter_names(), *PARAMETERS, *ADEQUACY, *count_names(some), GAIN, EFFECT}
    found = []
    for place, key, _, scenarios in _set(experiment, file, settings, {s for s, _ in chosen}):
        name = ".".join(key.split(".")[:2])
        if scenarios and name in some and name not in read and not name.startswith(_BESIDE):
            wrong = f"{key} moves nothing here: a place's inputs are made by it before"
            found.append(fault(place, wrong, f"change it in {some[name].file}"))
    return found


def _set(
    experiment: Experiment, file: Path, settings: Sequence[tuple[str, Any]], running: set[str]
) -> Iterator[tuple[str, str, Any, set[str]]]:
    """Where something is set, its key and value, and the scenarios of the run that have it."""
    for name, values in experiment.overrides.items():
        having = {s for s in running if name in experiment.scenarios.get(s, ())}
        for key, value in values.items():
            yield f"{file}: overrides.{name}", key, value, having
    for key, value in settings:
        yield "--set", key, value, running


def other_years(
    place: str, key: str, value: Any, years: Sequence[int], nothing: float | None
) -> Iterator[str]:
    """A path before the run or behind it: one of its values would hold throughout.

    nothing: the value that changes nothing, None where each is a figure of its own.  A path behind the
    end that begins by it is that of a longer run.
    """
    if not isinstance(value, Mapping) or not value:
        return
    if not all(_YEAR.fullmatch(str(year)) for year in value):
        for word, part in value.items():
            yield from other_years(place, key, part, years, _NOTHING.get(word, nothing))
        return
    path = {int(year): figure for year, figure in value.items()}
    if max(path) < years[0] or (min(path) > years[-1] and path[min(path)] != nothing):
        shown = ", ".join(map(str, path))
        remedy = f"write years of {years[0]}..{years[-1]}, or a number alone for every year"
        yield fault(place, f"{key}: of no year of this run: {shown}", remedy)


def _unknown(root: Path, table: Mapping[str, Condition], known: Mapping[str, Parameter]) -> Iterator[str]:
    """Rows of the table that no parameter answers to: one that was renamed would lose its condition."""
    path = root / "parameters" / TABLE
    for name, condition in table.items() if known else ():
        line = f"{path}: line {condition.line}"
        if name not in known:
            yield fault(f"{line}: parameter", f"no parameter '{name}'", did_you_mean(name, list(known)))
        if condition.method not in known or not known[condition.method].record.choices:
            methods = [n for n, p in known.items() if p.record.choices]
            remedy = did_you_mean(condition.method, methods)
            yield fault(f"{line}: method", f"no method '{condition.method}'", remedy)
            continue
        choices = known[condition.method].record.choices or ()
        for choice in condition.choices:
            if choice not in choices:
                wrong = f"{condition.method} = {choice}"
                yield fault(f"{line}: choices", wrong, f"want {', '.join(choices)}")
