from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from paths import PARAMETERS, read_rows


@pytest.fixture
def root() -> Path:
    return PARAMETERS


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The shared tables and one plan, free to be damaged."""
    plans = tmp_path / "plans"
    plans.mkdir()
    for path in (PARAMETERS / "plans").iterdir():
        if path.is_file():
            shutil.copy(path, plans / path.name)
    shutil.copytree(PARAMETERS / "plans" / "anyang_14fyp", plans / "anyang_14fyp")
    return tmp_path


@pytest.fixture
def change(copied: Path) -> Callable[..., Path]:
    """Change cells of the first row that fits, in a table of the copied Anyang plan."""

    def apply(where: dict[str, str], table: str = "indicators.csv", **cells: str) -> Path:
        path = copied / "plans" / "anyang_14fyp" / table
        rows = read_rows(path)
        row = next(r for r in rows if all(r[k] == v for k, v in where.items()))
        row.update(cells)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return copied

    return apply
