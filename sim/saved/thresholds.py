"""Where the verdicts of a saved run part, as the run was given it: parameters.csv."""

from __future__ import annotations

import csv
from pathlib import Path

NAMES = ("adequate", "tight")
UNKNOWN = "—"


def thresholds(folder: Path) -> dict[str, str]:
    """Probability from which a plan is `adequate`, and from which it is `tight`, as text.

    Those of several places or scenarios are joined by a slash; of a run that says none, a dash.
    """
    path = folder / "parameters.csv"
    found: dict[str, dict[str, None]] = {name: {} for name in NAMES}
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.DictReader(file):
                room, _, name = line["parameter"].partition(".")
                if room == "adequacy" and name in found:
                    found[name][line["value"]] = None
    return {name: "/".join(values) or UNKNOWN for name, values in found.items()}
