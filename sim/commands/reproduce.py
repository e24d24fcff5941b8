"""What `healthplan reproduce` says: which files of a saved run come out the same."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sim.commands.help import language
from sim.commands.refusals import spoken
from sim.evidence.reproduce import reproduce


def reproduce_command(path: Path, workers: int | None, keep: Path | None) -> int:
    """Print what is the same; exit code 0 if everything is, 1 if not."""
    found = reproduce(path, workers=workers or os.cpu_count() or 1, keep=keep)
    for note in found.notes:
        print(spoken(note, language()), file=sys.stderr)
    for name, equal in found.same.items():
        said = f"{name}: {'the same bytes' if equal else 'DIFFERS'}"
        print(spoken(said, language()))
    return 0 if found.all_same else 1
