"""What `healthplan calibrate` prints: each estimated record, old and new, and the files written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.commands.help import language
from sim.commands.listed_words import worded
from sim.commands.plain_table import table
from sim.commands.refusals import spoken
from sim.config import find_root
from sim.evidence.calibration import Change, changes, parts, write
from sim.textfile import pick

_COLUMNS = ("part", "record", "old", "new", "n")


def calibrate_command(names: Sequence[str], *, check: bool) -> int:
    """Estimate the named parts (all unless named), write their records; return the exit code.

    check: write nothing; 1 where a record would change.
    """
    known = parts()
    chosen = [pick("PART", name, list(known), "the calibration") for name in names] or list(known)
    root = find_root(Path.cwd())
    found = {name: changes(root, known[name]) for name in dict.fromkeys(chosen)}
    every = [change for of_part in found.values() for change in of_part]
    moved = [change for change in every if change.is_new]
    if moved:
        print(table(*worded(_COLUMNS, [_row(change) for change in moved], language())))
    print(spoken(f"{len(every)} records of {', '.join(found)}: {len(moved)} differ", language()))
    if check:
        return 1 if moved else 0
    for path in write(root, every):
        print(path)
    return 0


def _row(change: Change) -> list[str]:
    shown = [_shown(change.old), _shown(change.new)]
    return [change.new["estimate"]["part"], change.name, *shown, str(change.estimate.n)]


def _shown(record: Mapping[str, Any]) -> str:
    """Value and range of a record on one line."""
    value = next((record[k] for k in ("value", "path", "values", "table") if k in record), "-")
    spread = record.get("range") or {}
    span = [spread[k] for k in ("low", "high", "sd") if k in spread]
    return f"{value}"[:60] + (f" ({', '.join(map(str, span))})"[:60] if span else "")
