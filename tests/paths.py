"""Where things lie, and how a table is read: known once for all tests."""

from __future__ import annotations

import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARAMETERS = ROOT / "parameters"
CASES = ROOT / "tests" / "cases"
SIM = ROOT / "sim"


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file as text, by column."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
