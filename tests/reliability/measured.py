"""What the long checks measured, kept for docs/reliability.md: tests/reliability/measured.json."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path
from typing import Any

from paths import ROOT

MEASURED = ROOT / "tests" / "reliability" / "measured.json"
ADDED = ("seconds", "runs", "refused", "kills", "survived")
"""Figures that add up over the times a check was run."""


def read(path: Path = MEASURED) -> dict[str, dict[str, dict[str, Any]]]:
    """Kind of check -> what was checked -> its figures."""
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def record(kind: str, name: str, figures: dict[str, Any], path: Path = MEASURED) -> None:
    """Add the figures of one more time; several processes may do so at once."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        held = read(path)
        before = held.setdefault(kind, {}).get(name, {})
        held[kind][name] = {**before, **figures} | {
            key: before.get(key, 0) + figures[key] for key in ADDED if key in figures
        }
        path.write_text(
            json.dumps(held, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    path.with_suffix(".lock").unlink(missing_ok=True)
