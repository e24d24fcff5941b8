"""Tables and JSON written as text: numbers with seven digits, UTF-8, the same bytes each time."""

from __future__ import annotations

import codecs
import csv
import errno
import io
import json
import math
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import numpy as np

OFFICE_DATE = datetime(2000, 1, 1)
"""Date inside every Word and Excel file: fixed, so that the same content gives the same bytes."""
PART = ".part"
"""How the names of half-written files and folders end."""
_CHUNK = 1 << 20  # bytes read at a time


@contextmanager
def whole(path: Path, synced: bool = True) -> Iterator[Path]:
    """A file written whole or not at all: yields the name to write under, then puts it in place.

    synced: once the disk has it, so that not even a failing power leaves it cut.
    What a killed process leaves is called *.part.  Raises OSError, which names the file, where the disk
    does not take it or another program holds it.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}{PART}")
    try:
        with on_disk(path):
            yield part
        lost = any(above.name.endswith(PART) for above in path.parents)  # such a folder may yet be lost
        if synced and not lost:
            with part.open("rb") as file:
                os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):  # a disk that may not be written to says so once more
            part.unlink()
        if error.filename in (None, str(part), part):
            raise OSError(error.errno, error.strerror or str(error), str(path)) from error
        raise
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def whole_folder(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """A folder written whole or not at all: yields an empty one to fill, then puts it in place.

    It grows one level below a hidden folder beside its place, where no search for folders of its kind
    finds it; what a killed process leaves is called .*.part.  replace: one that is there goes.
    Raises OSError where the disk does not take it, FileExistsError where one is there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    outer = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    shutil.rmtree(outer, ignore_errors=True)  # of a process of the same number that was killed
    made = outer / path.name
    try:
        made.mkdir(parents=True)
        yield made
        if replace and path.exists():
            os.rename(path, outer / "before")
        elif path.exists():  # an empty one would be taken over in silence
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        os.rename(made, path)
    finally:
        shutil.rmtree(outer, ignore_errors=True)


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """While the netCDF library writes a file, which says in its own way that the disk is full.

    Raises OSError then.
    """
    try:
        yield
    except RuntimeError as error:
        if not str(error).startswith("NetCDF"):
            raise
        raise OSError(errno.EIO, f"{error}; is the disk full?", str(path)) from error


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """A CSV table in UTF-8 with `columns` in order, as spreadsheets of any language open it.

    With other than ASCII text it begins with a byte order mark; without, any reader takes it as it is. A
    text that they would compute as a formula stands behind an apostrophe.
    """
    with table(path, columns) as write:
        for row in rows:
            write(row)


@contextmanager
def table(path: Path, columns: Sequence[str]) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """The same, row by row: yields what writes one, so that no more than one is in memory."""
    known = set(columns)
    with listed(path, columns) as put:

        def write(row: Mapping[str, Any]) -> None:
            if not row.keys() <= known:
                raise ValueError(f"{path.name}: no column {sorted(row.keys() - known)}")
            put([row.get(name, "") for name in columns])

        yield write


@contextmanager
def listed(path: Path, columns: Sequence[str]) -> Iterator[Callable[[Iterable[Any]], None]]:
    """The same, each row as its cells in the order of the columns."""
    with _written(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)

        def put(cells: Iterable[Any]) -> None:
            # half a million cells a run: most are told to be no formula by their first letter
            writer.writerow([no_formula(c) if isinstance(c, str) and c[:1] in _FORMULA else c for c in cells])

        yield put


@contextmanager
def lines(path: Path, columns: Sequence[str]) -> Iterator[Callable[[str], object]]:
    """The same, each row as its line: for rows that differ in plain numbers.  See `as_cells`."""
    with _written(path) as file:
        file.write(f"{as_cells(columns)}\n")
        yield file.write


def as_cells(texts: Iterable[str]) -> str:
    """Texts as they stand beside each other in a line of a table."""
    held = io.StringIO()
    csv.writer(held, lineterminator="").writerow([no_formula(text) for text in texts])
    return held.getvalue()


@contextmanager
def _written(path: Path) -> Iterator[TextIO]:
    with whole(path) as part:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        _mark(part)


def joined(path: Path, parts: Sequence[Path]) -> None:
    """A table of the rows of several, which go; each has the same columns."""
    with whole(path) as made:
        with made.open("wb") as out:
            for i, part in enumerate(parts):
                with part.open("rb") as file:
                    head = file.readline()
                    if i == 0:
                        out.write(head.removeprefix(codecs.BOM_UTF8))
                    shutil.copyfileobj(file, out, _CHUNK)
        _mark(made)
    for part in parts:
        part.unlink()


def _mark(path: Path) -> None:
    """Put a byte order mark before a file that holds other than ASCII text."""
    with path.open("rb") as file:
        if all(part.isascii() for part in iter(lambda: file.read(_CHUNK), b"")):
            return
    marked = path.with_name(f"{path.stem}.mark.{os.getpid()}{PART}")
    try:
        with path.open("rb") as file, marked.open("wb") as out:
            out.write(codecs.BOM_UTF8)
            shutil.copyfileobj(file, out, _CHUNK)
        os.replace(marked, path)
    except BaseException:
        marked.unlink(missing_ok=True)
        raise


_FORMULA = frozenset("=+-@\t\r")


def no_formula(value: Any) -> Any:
    """A text that a spreadsheet would compute, behind an apostrophe; numbers and lone signs as they are."""
    if not isinstance(value, str) or value[:1] not in _FORMULA or len(value) < 2:
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def number(value: float) -> str:
    """A number for a table: seven significant digits, plain notation."""
    if 1e-4 <= abs(value) < 999_999.5:
        return f"{value:.7g}"
    return np.format_float_positional(value, precision=7, fractional=False, trim="-")


def finite(value: float | None) -> str:
    """A number for a table; empty for none, and for what is no number or infinite."""
    return "" if value is None or not math.isfinite(value) else number(float(value))


def cell(value: Any) -> Any:
    """A cell of a table: numbers with a point and none as `finite` has them, all else as it is."""
    return finite(value) if value is None or isinstance(value, float) else value


def write_json(path: Path, content: Any) -> None:
    """JSON with sorted keys, UTF-8, one trailing newline, written whole or not at all."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    with whole(path) as part:
        part.write_text(text + "\n", encoding="utf-8", newline="\n")
