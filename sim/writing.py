"""Tables and JSON written as text: numbers with seven digits, UTF-8, the same bytes each time."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file written whole or not at all: yields the name to write under, then puts it in place.

    What a killed process leaves is called *.part.  Raises OSError where the disk does not take it.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """A CSV table in UTF-8 with `columns` in order."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def number(value: float) -> str:
    """A number for a table: seven significant digits, plain notation."""
    return np.format_float_positional(value, precision=7, fractional=False, trim="-")


def write_json(path: Path, content: Any) -> None:
    """JSON with sorted keys, UTF-8, one trailing newline."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
