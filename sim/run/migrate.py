"""`healthplan migrate`: an experiment of an older schema rewritten, with a note of each change.

Schema 0 (files without `schema`, or `schema: 0`) named the region's own parameter set in the list,
gave `draws` as a number with `seed` beside it, years as [base, end] and scenarios as a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from sim.config import Experiment, read_experiment
from sim.config.experiment import GONE
from sim.errors import ConfigError, fault
from sim.intact import META, read_meta
from sim.textfile import read_yaml
from sim.writing import whole

CURRENT = 1


def migrated(content: Mapping[str, Any], place: str) -> tuple[dict[str, Any], list[str]]:
    """The content in the current schema, and what was changed.

    Raises ConfigError for a schema that is newer than this version's.
    """
    schema = content.get("schema", 0)
    if schema == CURRENT:
        return _without_gone(content)
    if schema != 0:
        wrong = f"schema {schema!r} is not known"
        remedy = f"this version reads 0 and {CURRENT}; a newer one wrote it"
        raise ConfigError(fault(f"{place}: schema", wrong, remedy))
    new: dict[str, Any] = {"schema": CURRENT}
    new |= {k: v for k, v in content.items() if k not in ("schema", "seed")}
    notes = [f"schema: {content.get('schema', 'none')} -> {CURRENT}"]
    notes += _draws(new, content, place)
    notes += _years(new, place)
    notes += _test_years(new)
    notes += _regions(new)
    notes += _parameters(new)
    notes += _scenarios(new)
    new, gone = _without_gone(new)
    return new, [*notes, *gone]


def _without_gone(content: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The content without keys that are none any more; what was left out and why."""
    new, notes = dict(content), []
    for block, keys in GONE.items():
        own = content.get(block)
        if not isinstance(own, dict):
            continue
        for key in own.keys() & keys.keys():
            notes.append(f"{block}.{key}: {own[key]!r} left out; it {keys[key]}")
        new[block] = {key: value for key, value in own.items() if key not in keys}
    return new, sorted(notes)


def _draws(new: dict[str, Any], old: Mapping[str, Any], place: str) -> list[str]:
    draws = old.get("draws")
    given = {}
    if isinstance(draws, int) and not isinstance(draws, bool):
        given["n"] = draws
    elif isinstance(draws, dict):
        given |= draws
    elif draws is not None:
        raise ConfigError(fault(f"{place}: draws", f"{draws!r}", "a number of draws is wanted"))
    if "seed" in old:
        given["seed"] = old["seed"]
    if not given or given == draws:
        return []
    new["draws"] = given
    return [f"draws: {draws!r} with seed {old.get('seed', 'by default')} -> {given}"]


def _years(new: dict[str, Any], place: str) -> list[str]:
    years = new.get("years")
    if not isinstance(years, list):
        return []
    if len(years) != 2:
        raise ConfigError(fault(f"{place}: years", f"{years!r}", "schema 0 wrote [base, end]"))
    new["years"] = {"base": years[0], "end": years[1]}
    return [f"years: {years} -> {new['years']}"]


def _test_years(new: dict[str, Any]) -> list[str]:
    """Schema 0 tested the default years as far as the projection went."""
    years = new.get("years")
    if "test_years" in new or not isinstance(years, dict):
        return []
    default = Experiment.model_fields["test_years"].default
    kept = [y for y in default if years.get("base", y) <= y <= years.get("end", y)]
    if len(kept) == len(default):
        return []
    new["test_years"] = kept
    return [f"test_years: {kept} stated, as far as the projection goes"]


def _regions(new: dict[str, Any]) -> list[str]:
    notes = []
    if "region" in new and "regions" not in new:
        new["regions"] = [new.pop("region")]
        notes.append(f"region -> regions: {new['regions']}")
    regions = new.get("regions")
    if isinstance(regions, list) and any(isinstance(r, int) for r in regions):
        new["regions"] = [str(r) for r in regions]
        notes.append(f"regions: codes are text: {regions} -> {new['regions']}")
    return notes


def _parameters(new: dict[str, Any]) -> list[str]:
    sets = new.get("parameters")
    if not isinstance(sets, list):
        return []
    kept = [s for s in sets if not str(s).startswith("regions/")]
    if kept == sets:
        return []
    new["parameters"] = kept
    gone = [s for s in sets if s not in kept]
    return [f"parameters: {', '.join(gone)} left out; a region's own set now follows by itself"]


def _scenarios(new: dict[str, Any]) -> list[str]:
    names = new.get("scenarios")
    if not isinstance(names, list):
        return []
    defined = new.get("overrides") or {}
    new["scenarios"] = {n: [n] if n in defined else [] for n in names}
    return [f"scenarios: {names} -> {new['scenarios']}"]


def _is_experiment(content: Mapping[str, Any], place: str) -> None:
    """Parameter files and plans have no older schema: `validate` is what they want."""
    old = "years" in content and isinstance(content.get("region"), int | str)
    if "regions" in content or old:
        return
    if isinstance(content.get("parameters"), dict):
        wrong = "is a parameter file, not an experiment"
    elif "target_year" in content and "document" in content:
        wrong = "is a plan, not an experiment"
    else:
        wrong = "is not an experiment: it names no regions"
    remedy = "only experiments have an older schema; `healthplan validate` checks other files"
    raise ConfigError(fault(place, wrong, remedy))


def migrate_file(path: Path, *, write: bool = False) -> tuple[Path, list[str]]:
    """Migrate an experiment file (or the experiment of a run folder); the new file and the notes.

    It is written beside the old one as FILE.new, or in its place (the old one kept as FILE.old).
    A run folder is left as it is: its experiment goes to <name>.new in the current folder.
    Raises ConfigError if it is no experiment, or the result would not be a valid one; nothing is
    written then.
    """
    if path.is_dir():
        if not (path / META).is_file():
            remedy = "give an experiment file, or a run"
            raise ConfigError(fault(str(path), "is a folder without a run", remedy))
        content: Any = read_meta(path / META)["experiment"]
        target = Path.cwd() / f"{content.get('name', 'experiment')}.yaml.new"
        write = False
    else:
        content = read_yaml(path)
        target = path.with_name(path.name + ".new")
    if not isinstance(content, dict):
        raise ConfigError(fault(str(path), "is not a mapping of keys", "see experiments/*.yaml"))
    _is_experiment(content, str(path))
    new, notes = migrated(content, str(path))
    if not notes:
        if path.is_file():
            read_experiment(path)
        return path, []
    text = yaml.safe_dump(new, sort_keys=False, allow_unicode=True)
    notes.append("comments and blank lines of the old file are not carried over")
    target = path if write else target
    with whole(target) as part:
        part.write_text(text, encoding="utf-8")
        try:
            read_experiment(part)
        except ConfigError as error:
            raise ConfigError(str(error).replace(str(part), str(path))) from None
        if write:
            path.replace(path.with_name(path.name + ".old"))
    return target, notes
