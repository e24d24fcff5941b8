"""What `healthplan reproduce` says: which files of a saved run come out the same."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sim.commands.help import language
from sim.commands.refusals import spoken
from sim.commands.run import Lines
from sim.evidence.reproduce import reproduce


def reproduce_command(path: Path, workers: int | None, keep: Path | None) -> int:
    """Print what is the same; exit code 0 if everything is, 1 if not."""
    told = Lines(sys.stderr, language())
    count = workers or os.cpu_count() or 1
    found = reproduce(path, workers=count, keep=keep, progress=told, phase=told.phase)
    for note in found.notes:
        print(spoken(note, language()), file=sys.stderr)
    for name, equal in found.same.items():
        said = f"{name}: {'the same bytes' if equal else 'DIFFERS'}"
        print(spoken(said, language()))
    return 0 if found.all_same else 1
