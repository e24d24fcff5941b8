"""Read an experiment file strictly, and find the working folder that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.argument_kinds import looked_at
from sim.config.experiment import (
    GONE,
    Draws,
    Experiment,
    HospitalSettings,
    SweepSettings,
    Years,
)
from sim.config.root import find_root
from sim.config.standard import load_standard, overrides_of, with_standard
from sim.config.title import Title
from sim.errors import ConfigError, fault, raise_all
from sim.textfile import did_you_mean, parse_yaml, read_yaml

_BLOCKS: dict[str, type[BaseModel]] = {
    "years": Years,
    "draws": Draws,
    "sweep": SweepSettings,
    "hospital": HospitalSettings,
    "title": Title,
    "titles": Title,
}
# what would be right, by kind of fault; pydantic's own words stand for the others
_REMEDIES = {
    "string_type": "write it as text, between quotes",
    "tuple_type": "write a list, such as [a, b]",
    "dict_type": "write a mapping, such as {key: value}",
    "model_type": "write a mapping, such as {key: value}",
    "int_type": "write a whole number",
    "too_short": "name at least one",
    "string_pattern_mismatch": "write small letters, digits, _ and - only, a letter or digit first",
    "invalid_key": "write the key as text",
}
_BOUNDS = {
    "ge": "write {} or more",
    "le": "write {} or less",
    "gt": "write more than {}",
    "lt": "write less than {}",
    "expected": "write {}",
}


@looked_at
def read_experiment(path: Path | str, wanted: Sequence[str] = ()) -> Experiment:
    """The experiment in a file, the standard scenarios that it names written out.

    wanted: scenarios that are asked for; standard ones are added where the file has none of that name.

    Raises ConfigError with every fault: where, what with the value, what would be right.
    """
    content = read_yaml(Path(path))
    if not isinstance(content, dict):
        raise ConfigError(fault(str(path), "is not a mapping of keys", "see experiments/*.yaml"))
    experiment = _validated(_with_standard(content, Path(path).parent, wanted), str(path))
    raise_all(ConfigError, list(_idle(experiment, str(path))))
    return experiment


def _idle(experiment: Experiment, place: str) -> Iterator[str]:
    """Overrides that no scenario has, or that set nothing; scenarios that only bear a standard one's name."""
    for name, values in experiment.overrides.items():
        if not values:
            yield fault(f"{place}: overrides.{name}", "sets nothing", "write a parameter and its value")
    try:
        standard = load_standard(find_root(Path(place).parent))
    except ConfigError:  # outside a working folder there are none
        standard = {}
    for name, parts in experiment.scenarios.items():
        if not parts and overrides_of(name, standard):
            remedy = f"write {name}: [{name}], or give it another name"
            yield fault(f"{place}: scenarios.{name}", "is empty: not the standard scenario", remedy)
    used = {name for chosen in experiment.scenarios.values() for name in chosen}
    example = next(iter(experiment.scenarios))
    for name in experiment.overrides:
        if name not in used:
            remedy = f"name it in one, such as scenarios.{example}: [{name}], or take it out"
            yield fault(f"{place}: overrides.{name}", "no scenario has it: nothing of it would act", remedy)


def _with_standard(content: dict[str, Any], folder: Path, wanted: Sequence[str]) -> dict[str, Any]:
    """With the standard scenarios that it names; outside a working folder there are none."""
    try:
        root = find_root(folder)
    except ConfigError:
        return content
    return with_standard(content, root, [n for n in wanted if overrides_of(n, load_standard(root))])


def revalidated(experiment: Experiment, place: str) -> Experiment:
    """An experiment some of whose fields were replaced, checked as if it were read.

    Raises ConfigError with every fault.
    """
    stated = {
        f.alias or name for name, f in Experiment.model_fields.items() if name in experiment.model_fields_set
    }
    content = experiment.model_dump(by_alias=True, warnings=False)
    return _validated({k: v for k, v in content.items() if k in stated}, place)


def _validated(content: dict[str, Any], place: str) -> Experiment:
    try:
        return Experiment.model_validate(content)
    except ValidationError as error:
        errors = error.errors()
        inside = {e["loc"][0] for e in errors if len(e["loc"]) > 1}
        # items that were refused are missing from their list: no second fault for that
        own = [e for e in errors if not (e["type"] == "too_short" and e["loc"][0] in inside)]
        raise_all(ConfigError, [_fault(place, e) for e in own])
        raise  # raise_all has raised: there is at least one fault


def _fault(place: str, error: Any) -> str:
    loc = [str(part) for part in error["loc"] if part != "schema_"]
    where = f"{place}: {'.'.join(loc)}" if loc else place
    if error["type"] == "extra_forbidden":
        gone = GONE.get(loc[0], {}).get(loc[-1])
        if gone is not None:
            return fault(
                where, f"is gone since version 0.2: it {gone}", "take it out, or `healthplan migrate`"
            )
        model = _BLOCKS.get(loc[0], Experiment) if len(loc) > 1 else Experiment
        known = [f.alias or name for name, f in model.model_fields.items()]
        return fault(where, "unknown key", did_you_mean(loc[-1], known))
    if error["type"] == "missing":
        return fault(where, "is missing", "write it; see experiments/*.yaml")
    if error["type"] == "value_error":
        told = error["msg"].removeprefix("Value error, ").split("\n")
        return "\n".join(fault(where, line) for line in told)
    value = error["input"]
    shown = list(value) if isinstance(value, tuple) else value
    return fault(where, f"{shown!r}", _REMEDIES.get(error["type"]) or _bound(error))


def _bound(error: Any) -> str:
    """What would be right where a number leaves its bounds or a word is not one of a list."""
    for key, words in _BOUNDS.items():
        if key in error.get("ctx", {}):
            return words.format(error["ctx"][key])
    return str(error["msg"])


def parse_set(text: str) -> tuple[str, Any]:
    """`--set dotted.name=value` as name and value (YAML syntax for the value).

    Raises ConfigError for a text without a name or value.
    """
    match = re.fullmatch(r"([A-Za-z_][\w\-]*(?:\.[\w+\-]+)+)=(.+)", text.strip(), re.DOTALL)
    if match is None:
        remedy = "write dotted.name=value, such as inpatient.alos=8.5"
        raise ConfigError(fault(f"--set {text}", "is not name=value", remedy))
    value = parse_yaml(match[2], f"--set {text}")
    if value is None:
        raise ConfigError(fault(f"--set {text}", "has no value", "write dotted.name=value"))
    return match[1], value
