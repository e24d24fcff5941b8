"""The standard set of scenarios, by name in any experiment: parameters/scenarios/*.yaml.

A record sets a few parameters and says how sure its size is: `NAME@low` and `NAME@high` are the ends of
its range. A mixture is `of` several records. What an experiment defines itself under a name stands.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.config.title import Title
from sim.errors import ConfigError, fault, raise_all
from sim.strict import version_fault
from sim.textfile import did_you_mean, read_yaml
from sim.validated import validated

ENDS = ("low", "high")


class Standard(BaseModel):
    """One scenario of the standard set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    family: Literal["fertility", "migration", "use", "healthy_ageing", "staff", "mixture"]
    """What it is about; of one family an experiment takes one."""
    title: Title
    set: dict[str, Any] = {}
    """Dotted parameter -> value, as an override of an experiment."""
    low: dict[str, Any] = {}
    """The same parameters at the weak end of the range."""
    high: dict[str, Any] = {}
    """The same parameters at the strong end."""
    of: tuple[str, ...] = Field(default=(), strict=False)
    """A mixture: the records that it puts together."""
    year: int | None = None
    source: str = ""
    locator: str = ""
    basis: Literal["measured", "derived", "assumed", ""] = ""
    quality: Literal["A", "B", "C", "D", ""] = ""
    note: str = ""
    exact: str = ""
    """Why it has no range."""

    @model_validator(mode="after")
    def _whole(self) -> Standard:
        if bool(self.set) == bool(self.of):
            raise ValueError("neither or both of set and of | give one of them")
        if self.of:
            return self
        if not (self.source and self.basis and self.quality):
            raise ValueError("without source, basis and quality | give all three")
        ends = {key: set(getattr(self, key)) for key in ENDS}
        if not self.exact and any(names != set(self.set) for names in ends.values()):
            raise ValueError("low and high do not set what it sets | give both ends, or exact: reason")
        return self


def load_standard(root: Path) -> dict[str, Standard]:
    """The standard set of a working folder, by name.

    Raises ConfigError with every fault of its files.
    """
    faults: list[str] = []
    found: dict[str, Standard] = {}
    files: dict[str, Path] = {}
    for path in sorted((root / "parameters" / "scenarios").glob("*.yaml")):
        content = read_yaml(path)
        records = content.get("scenarios") if isinstance(content, Mapping) else None
        if not isinstance(records, Mapping):
            faults.append(fault(str(path), "has no mapping 'scenarios'", "write scenarios: {name: ...}"))
            continue
        faults += version_fault(content.get("schema", 1), path)
        for name, record in records.items():
            place = f"{path}: scenarios.{name}"
            if name in found:
                faults.append(fault(place, "stands twice", "keep one of them"))
            standard = validated(Standard, record, str(path), faults, ("scenarios", str(name)))
            if standard is not None:
                found[name], files[name] = standard, path
    for name, standard in found.items():
        for part in standard.of:
            if part not in found or found[part].of:
                plain = [n for n, s in found.items() if s.set]
                where = f"{files[name]}: scenarios.{name}.of"
                faults.append(fault(where, f"no record '{part}'", did_you_mean(part, plain)))
    raise_all(ConfigError, faults)
    return found


def scenario_remedy(name: str, own: Sequence[str], root: Path) -> str:
    """What would be right for a scenario that is none: the nearest name, and all that there are.

    own: scenarios of the experiment.
    """
    standard = load_standard(root)
    base, at, end = name.partition("@")
    record = standard.get(base)
    if at and record is not None and record.exact:
        return f"{base} has no range: write {base}"
    if at and record is not None:
        return "write " + " or ".join(f"{base}@{e}" for e in ENDS)
    near = difflib.get_close_matches(base, [*own, *standard], n=1, cutoff=0.6)
    meant = near[0] + (f"@{end}" if end in ENDS and near[0] in standard else "") if near else ""
    nearest = f"did you mean '{meant}'? " if meant else ""
    ends = " and ".join(f"NAME@{e}" for e in ENDS)
    listed = f"there are {', '.join(own)}; of the standard set {', '.join(sorted(standard))}"
    return f"{nearest}{listed} ({ends} are the ends of its range)"


def overrides_of(name: str, standard: Mapping[str, Standard]) -> dict[str, dict[str, Any]] | None:
    """Override name -> what it sets, for a record, an end of it or a mixture; None for another name."""
    base, at, end = name.partition("@")
    record = standard.get(base)
    if record is None or (at and (end not in ENDS or record.exact)):
        return None
    parts = record.of or (base,)
    return {f"{part}{at}{end}": _settings(standard[part], end) for part in parts}


def _settings(record: Standard, end: str) -> dict[str, Any]:
    return dict(getattr(record, end) if end and not record.exact else record.set)


def with_standard(content: dict[str, Any], root: Path, wanted: Iterable[str] = ()) -> dict[str, Any]:
    """An experiment's content with the standard scenarios that it names, written out as its own.

    wanted: names of scenarios that are asked for besides those that it lists.
    """
    scenarios = content.get("scenarios", {"reference": []})
    overrides = content.get("overrides") or {}
    parts_of = scenarios.values() if isinstance(scenarios, dict) else ()
    if not (
        isinstance(scenarios, dict)
        and all(isinstance(v, dict) for v in (overrides, content.get("titles") or {}))
        and all(isinstance(n, str) for parts in parts_of if isinstance(parts, list | tuple) for n in parts)
    ):
        return content  # the fault is told where the experiment is checked
    scenarios = scenarios | {name: [name] for name in wanted if name not in scenarios}
    named = {n for parts in scenarios.values() if isinstance(parts, list | tuple) for n in parts}
    if not named - set(overrides):
        return content
    standard, titles = load_standard(root), dict(content.get("titles") or {})
    new: dict[str, Any] = {}
    added: dict[str, dict[str, Any]] = {}
    for scenario, parts in scenarios.items():
        own = []
        for part in parts if isinstance(parts, list | tuple) else ():
            found = None if part in overrides else overrides_of(str(part), standard)
            own += [part] if found is None else list(found)
            added |= found or {}
        new[scenario] = own if isinstance(parts, list | tuple) else parts
        if scenario in standard and scenario not in titles and parts in ([scenario], (scenario,)):
            titles[scenario] = standard[scenario].title.model_dump()
    out = {**content, "scenarios": new, "overrides": {**overrides, **added}}
    return out | ({"titles": titles} if titles else {})
