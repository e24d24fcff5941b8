"""Files of a place that are another place's: copied whole, or copied and changed in a figure or two.

Of the places that ship no two share a count of a census table or half the figures of a file of records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path

from sim.errors import ConfigError, fault
from sim.params.once import once
from sim.sheets import read_sheet
from sim.textfile import known_by, parse_yaml, read_text, tables_of

_FORMS = ("value", "values", "path", "table")
_MOST = 0.5
"""Share of the rows or records that two places may have alike."""
_FEWEST = 3
"""Records alike that are no chance; a file with fewer is a copy where it is one to the byte."""
_SIZE = 0.2
"""By how much the sizes of a file and of its changed copy may differ."""


def copied_records(folder: Path, names: Sequence[str]) -> Iterator[str]:
    """Files of records of a place that are those of another."""
    for path in (folder / f"{name}.yaml" for name in names):
        own = _figures(path) if path.is_file() else {}
        for other in _others(path) if own else ():
            stated = once(("figures", other), partial(_figures, other))
            same = sum(own.get(name) == figure for name, figure in stated.items())
            if other.read_bytes() == path.read_bytes() or (same >= _FEWEST and same > _MOST * len(own)):
                wrong = f"the same records as {other.parent.name}/{other.name}, {same} of {len(own)}"
                yield fault(str(path), wrong, "give this place's own, or remove the file: see files.md")


def copied_tables(folder: Path, years: Sequence[int]) -> Iterator[str]:
    """Census tables of a place that are those of another."""
    for path in (path for year in years for path in tables_of(folder, f"census_{year}")):
        rows = _rows(path)
        for other in _others(path):
            same = len(rows & once(("rows", other), partial(_rows, other)))
            if same > _MOST * len(rows):
                wrong = f"the table of {other.parent.name}, {same} of {len(rows)} rows"
                yield fault(str(path), wrong, "give the people of this place")


def _others(path: Path) -> Iterator[Path]:
    """The file of this name in the folders beside, where it is about as large."""
    size = path.stat().st_size
    table = path.suffix in (".csv", ".xlsx")
    beside = (
        tables_of(path.parent.parent, f"*/{path.stem}")
        if table
        else path.parent.parent.glob(f"*/{path.name}")
    )
    for other in sorted(beside):
        alike = other.suffix != path.suffix or abs(other.stat().st_size - size) <= _SIZE * size
        if other != path and other.is_file() and alike:
            yield other


def _rows(path: Path) -> set[bytes]:
    """The rows of a table below its head, as a .csv has them."""
    if path.suffix == ".xlsx":
        with suppress(ConfigError):  # told by the table's own reader
            return {",".join(row).encode() for row in list(read_sheet(path))[1:]}
        return set()
    return set(known_by(path).split()[1:])


def _figures(path: Path) -> dict[str, object]:
    """What the records of a file state, by name; none where it cannot be read, which its reader tells."""
    with suppress(ConfigError):
        return _stated(read_text(path))
    return {}


@lru_cache(maxsize=256)
def _stated(text: str) -> dict[str, object]:
    content = parse_yaml(text, "")
    records = content.get("parameters") if isinstance(content, dict) else None
    if not isinstance(records, dict):
        return {}
    return {n: [r.get(f) for f in _FORMS] for n, r in records.items() if isinstance(r, dict)}
