"""`healthplan reproduce`: a saved run once more, from its run.json; the same bytes or not?"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sim.folders import scratch
from sim.intact import described, digest
from sim.run.again import setup_again
from sim.run.rule_tables import changed_tables
from sim.run.version import source_hash, versions
from sim.run_folder import run_experiment
from sim.store import Run

_TABLES = (".nc", ".csv", ".json")
_OWN = ("run.json",)  # holds the time of the run


@dataclass(frozen=True)
class Comparison:
    """What a run made again says."""

    same: dict[str, bool]
    """File -> whether its bytes are the same."""
    notes: tuple[str, ...]
    """What differs between then and now: parameters, versions, first differing lines."""

    @property
    def all_same(self) -> bool:
        """Whether every file came out the same."""
        return all(self.same.values())


def reproduce(path: Path, *, workers: int = 1, keep: Path | None = None, **told: Any) -> Comparison:
    """Run a saved run again beside it and compare results.nc and every table that a run writes.

    keep: where the new run is left; a temporary folder that is removed if None.  told: progress and phase,
    as of run_experiment.
    """
    run = Run(path, described(path))
    setup, notes = setup_again(run)
    notes += changed_tables(setup, run.meta.get("tables", {}))
    notes += _versions(run)
    with scratch() if keep is None else nullcontext(keep) as out:
        new = run_experiment(setup, out, workers=workers, charts=False, **told)
        names = sorted(f.name for f in new.iterdir() if f.suffix in _TABLES and f.name not in _OWN)
        same = {name: _same(path / name, new / name) for name in names}
        for name, equal in same.items():
            if not (path / name).is_file():
                notes.append(f"{name}: not in the saved run")
            elif not equal and name.endswith(".csv"):
                notes.append(_first_difference(path / name, new / name))
    return Comparison(same, tuple(notes))


def _same(old: Path, new: Path) -> bool:
    return old.is_file() and digest(old) == digest(new)


def _versions(run: Run) -> list[str]:
    now = versions()
    then = run.meta["versions"]
    lines = [
        f"{name}: {then.get(name, 'none')} then, {now[name]} now"
        for name in sorted(now)
        if then.get(name) != now[name]
    ]
    if run.meta["model"]["source_hash"] != source_hash():
        lines.append(f"the model's source has changed since (then {run.meta['model']['commit']})")
    return lines


def _first_difference(old: Path, new: Path) -> str:
    with old.open(encoding="utf-8-sig") as a, new.open(encoding="utf-8-sig") as b:
        for number, (before, after) in enumerate(zip_longest(a, b, fillvalue=""), 1):
            if before != after:
                shown = f"{before.strip()[:110]!r} -> {after.strip()[:110]!r}"
                return f"{old.name} line {number}: {shown}"
    return f"{old.name}: the same lines, other bytes"
