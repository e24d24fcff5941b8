"""The tables that a run's verdicts are read by, as they were: run.json states their hashes."""

from __future__ import annotations

from collections.abc import Mapping

from sim.intact import digest
from sim.run.setup import Setup

_READ = (".csv", ".yaml")


def rule_tables(setup: Setup) -> dict[str, str]:
    """File below the working folder -> SHA-256 of its bytes: the plan, the rules of every plan, the tables
    of parameters/ itself.  Parameters have a hash each of their own.
    """
    parameters = setup.root / "parameters"
    folders = [parameters]
    if setup.plan is not None:
        folders += [parameters / "plans", parameters / "plans" / setup.plan.id]
    files = (path for folder in folders for path in folder.iterdir() if path.suffix in _READ)
    return {path.relative_to(setup.root).as_posix(): digest(path) for path in sorted(files)}


def changed_tables(setup: Setup, recorded: Mapping[str, str]) -> list[str]:
    """Tables whose hash is not the recorded one, or that came or went: one line each; none of a run that
    recorded none (written by an older version).
    """
    if not recorded:
        return []
    now = rule_tables(setup)
    lines = []
    for name in sorted({*recorded, *now}):
        if name not in now:
            lines.append(f"table {name} is gone")
        elif name not in recorded:
            lines.append(f"table {name} is new")
        elif now[name] != recorded[name]:
            lines.append(f"table {name} has changed")
    return lines
