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
from sim.evidence.calibration import Change, calibrated, parts, write
from sim.textfile import pick

_COLUMNS = ("part", "record", "old", "new", "n")
_LISTED = ("part", "estimates", "from", "after")


def calibrate_command(names: Sequence[str], *, check: bool) -> int:
    """Estimate the named parts (all unless named), write their records; return the exit code.

    check: write nothing; 1 where a record would change.
    """
    known = parts()
    chosen = [pick("PART", name, list(known), "the calibration") for name in names] or list(known)
    root = find_root(Path.cwd())
    every = calibrated(root, chosen)
    moved = [change for change in every if change.is_new]
    if moved:
        print(table(*worded(_COLUMNS, [_row(change) for change in moved], language())))
    said = ", ".join(name for name in known if name in chosen)
    print(spoken(f"{len(every)} records of {said}: {len(moved)} differ", language()))
    if check:
        return 1 if moved else 0
    for path in write(root, every):
        print(path)
    return 0


def calibrations_text() -> str:
    """The parts in the order in which they run: what each estimates, from which tables, after which."""
    rows = [[p.name, p.title, " ".join(p.inputs), " ".join(p.after)] for p in parts().values()]
    return table(*worded(_LISTED, rows, language()))


def _row(change: Change) -> list[str]:
    shown = [_shown(change.old), _shown(change.new)]
    return [change.part, change.name, *shown, str(change.estimate.n)]


def _shown(record: Mapping[str, Any]) -> str:
    """Value and range of a record on one line."""
    value = next((record[k] for k in ("value", "path", "values", "table") if k in record), "-")
    spread = record.get("range") or {}
    span = [spread[k] for k in ("low", "high", "sd") if k in spread]
    return f"{value}"[:60] + (f" ({', '.join(map(str, span))})"[:60] if span else "")
