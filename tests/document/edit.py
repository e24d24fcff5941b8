"""A copy of a saved run that a test may edit, and the editing of its tables."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path

from paths import read_rows

from sim.intact import META, fingerprints, read_meta, write_meta


def copied(run: Path, folder: Path) -> Path:
    """A copy of the run without its charts."""
    return Path(shutil.copytree(run, folder / "run", ignore=shutil.ignore_patterns("charts")))


def restate(folder: Path, name: str) -> None:
    """State in run.json the fingerprint of a file that a test wrote anew."""
    meta = read_meta(folder / META)
    meta["files"] |= fingerprints(folder, [name])
    write_meta(folder, meta)


def change(folder: Path, table: str, **indicators: Mapping[str, str]) -> None:
    """Give columns of a table other values: indicator -> column -> value, in every row of it."""
    path = folder / table
    rows = read_rows(path)
    for row in rows:
        row |= indicators.get(row["indicator_id"], {})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    restate(folder, table)
