"""Read an experiment file strictly, and find the working folder that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.argument_kinds import looked_at
from sim.config.experiment import GONE, Experiment
from sim.config.root import find_root
from sim.config.standard import load_standard, overrides_of, with_standard
from sim.errors import ConfigError, fault, raise_all
from sim.textfile import parse_yaml, read_yaml
from sim.validated import Keys, Texts, validated


def _gone(keys: Keys) -> tuple[str, str] | None:
    """Of a key that was one up to version 0.1."""
    why = GONE.get(keys[0], {}).get(keys[-1])
    if why is None:
        return None
    return f"is gone since version 0.2: it {why}", "take it out, or `healthplan migrate`"


_LETTERS = "write small letters, digits, _ and - only, a letter or digit first"
_TEXTS = Texts(
    missing="write it; see experiments/*.yaml",
    remedies={"string_pattern_mismatch": _LETTERS},
    unknown=_gone,
)


@looked_at
def read_experiment(path: Path | str, wanted: Sequence[str] = ()) -> Experiment:
    """The experiment in a file, the standard scenarios that it names written out.

    wanted: scenarios that are asked for; standard ones are added where the file has none of that name.

    Raises ConfigError with every fault: where, what with the value, what would be right.
    """
    content = read_yaml(Path(path))
    if not isinstance(content, dict):
        raise ConfigError(fault(str(path), "is not a mapping of keys", "see experiments/*.yaml"))
    experiment = checked(_with_standard(content, Path(path).parent, wanted), str(path))
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
    return checked({k: v for k, v in content.items() if k in stated}, place)


def checked(content: object, place: str, inside: Keys = ()) -> Experiment:
    """The content of an experiment file.  inside: keys of the file that it stands under.

    Raises ConfigError with every fault.
    """
    faults: list[str] = []
    experiment = validated(Experiment, content, place, faults, inside, _TEXTS)
    raise_all(ConfigError, faults)
    assert experiment is not None
    return experiment


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
