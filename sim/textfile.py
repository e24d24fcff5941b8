"""Strict readers of YAML and of tables: what is ambiguous or damaged is refused, never repaired."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import stat
from collections.abc import Hashable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import yaml

from sim.errors import ConfigError, fault, raise_all
from sim.sheets import SheetReader, named_as_it_is, read_sheet

_DEPTH, _WIDTH = 100, 1000  # brackets within brackets, characters in a line
MOST_BYTES = 64_000_000  # of a text file: several times the largest table, far from filling a memory
MOST_LINES, MOST_CELLS = 500_000, 5_000_000  # of a text file: its rows take a hundred times its bytes
MOST_FIELD = 131_072  # characters of a cell
_MARK, _SHOWN = "\ufeff", 12  # of bytes that are UTF-8; letters behind it that are shown
_MOST_NODES = 200_000  # of a YAML file once its aliases are written out
_TABLES = {".csv": ".xlsx", ".xlsx": ".csv"}
"""The formats of a table, each with the other."""
# numbers with an exponent and no point, which YAML 1.1 takes for text
_EXPONENT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+$")


class _Reader(Protocol):
    """What csv.reader returns."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


class _StrictLoader(yaml.SafeLoader):
    """YAML loader that refuses a key that stands twice in one mapping."""


_CLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _FastLoader(_CLoader):  # type: ignore[misc]
    """The same, several times faster; its messages are poorer, and deep nesting breaks it."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    seen: dict[Hashable, int] = {}
    for key_node, _ in node.value:
        if key_node.tag == "tag:yaml.org,2002:merge":
            problem = "keys are merged by <<, which is not read: write them out"
            raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if not isinstance(key, Hashable):
            raise yaml.constructor.ConstructorError(None, None, "a key is a list", node.start_mark)
        if key in seen:
            raise _DuplicateKeyError(key, line, seen[key])
        seen[key] = line
    return dict(loader.construct_pairs(node, deep=True))


class _DuplicateKeyError(Exception):
    """A key stands twice; args: key, line, line of the first."""


def _date_as_text(loader: _StrictLoader, node: yaml.ScalarNode) -> str:
    return str(node.value)


def _plain_number(loader: _StrictLoader, node: yaml.ScalarNode) -> int | float:
    """A number as a reader sees it: YAML 1.1 would take 010 for eight and 1:30 for ninety."""
    text = str(node.value).replace("_", "")
    if node.tag.endswith(":int") and re.fullmatch(r"[-+]?[1-9][0-9]{18,}", text):
        problem = f"{node.value:.20}... has {len(text.lstrip('+-'))} digits; 18 at most"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    if node.tag.endswith(":int") and not re.fullmatch(r"[-+]?(0|[1-9][0-9]{0,17})", text):
        problem = f"'{node.value:.30}' is not a plain whole number; put text between quotes"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    if node.tag.endswith(":float") and ":" in text:
        problem = f"'{node.value:.30}' is not a plain number; put text between quotes"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    if node.tag.endswith(":int"):
        return int(text)
    if _EXPONENT.match(text):
        return float(text)
    return float(loader.construct_yaml_float(node))


def _resolvers(loader: Any) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """What a bare word is: YAML 1.1, but 1e-2 is a number and yes, no, on and off are text.

    YAML 1.1 reads a number with an exponent only where there is a point and a sign (1.0e+3), and
    -.5 as text.
    """
    boolean, number = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:float"
    kept = {
        first: [(tag, pattern) for tag, pattern in pairs if tag != boolean]
        for first, pairs in loader.yaml_implicit_resolvers.items()
    }
    for first in "tTfF":
        truth = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")
        kept[first] = [(boolean, truth), *kept.get(first, [])]
    exponent = r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9]*)?)[eE][-+]?[0-9]+"
    signed_point = r"[-+]\.[0-9]+"
    for first in "-+.0123456789":
        kept[first] = [(number, re.compile(f"^(?:{exponent}|{signed_point})$")), *kept.get(first, [])]
    return kept


for _loader in (_StrictLoader, _FastLoader):
    _loader.yaml_implicit_resolvers = _resolvers(_loader)
    _loader.add_constructor("tag:yaml.org,2002:map", _mapping)
    _loader.add_constructor("tag:yaml.org,2002:timestamp", _date_as_text)
    _loader.add_constructor("tag:yaml.org,2002:int", _plain_number)
    _loader.add_constructor("tag:yaml.org,2002:float", _plain_number)
    _loader.add_implicit_resolver("tag:yaml.org,2002:float", _EXPONENT, list("-+.0123456789"))


def known_by(path: Path) -> bytes:
    """What a file is told from another by: its bytes, or the size of one too large, which no reader takes."""
    size = path.stat().st_size
    return path.read_bytes() if size <= MOST_BYTES else str(size).encode()


def content_hash(path: Path) -> str:
    """SHA-256 of what a file is told from another by."""
    return hashlib.sha256(known_by(path)).hexdigest()


def read_text(path: Path, encoding: str = "utf-8-sig", instead: str = "") -> str:
    """Text of a file, UTF-8 unless said (a byte-order mark is accepted).

    instead: a further remedy for a file in another encoding.
    Raises ConfigError if the file is missing, empty, in another encoding or marked a second time.
    """
    data = _held(path)
    for mark, called, most in ((b"\n", "lines", MOST_LINES), (b",", "cells", MOST_CELLS)):
        if (found := data.count(mark)) > most:
            raise ConfigError(fault(str(path), f"holds {found:,} {called}", f"want {most:,} at most"))
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        wrong = f"line {line}: byte 0x{data[error.start]:02x} is not {encoding.removesuffix('-sig').upper()}"
        guess = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "GBK/GB18030"
        remedy = f"save the file as UTF-8 (it may be {guess}){instead}"
        raise ConfigError(fault(str(path), wrong, remedy)) from None
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        wrong = f"line {line}: holds zero bytes"
        raise ConfigError(fault(str(path), wrong, "save the file as UTF-8 text"))
    if _MARK in text:
        raise ConfigError(fault(str(path), *_marked(text)))
    if not text.strip():
        raise ConfigError(fault(str(path), "the file is empty", "write its content"))
    return text


def _marked(text: str) -> tuple[str, str]:
    """What is wrong with a text that holds a byte order mark behind its first, and what would be right."""
    if text.startswith(_MARK):
        times = 1 + len(text) - len(text.lstrip(_MARK))
        wrong = (
            f"begins with {times} byte order marks (U+FEFF), which are not seen: one at most may stand there"
        )
        return (
            wrong,
            "take out what stands before its first letter (press Delete there), and save it as UTF-8",
        )
    at = text.index(_MARK)
    line, after = text.count("\n", 0, at) + 1, text[at:].lstrip(_MARK).split("\n")[0][:_SHOWN]
    wrong = f"line {line}: holds a byte order mark (U+FEFF), which is not seen, before '{after}'"
    return wrong, "take it out: write what stands there anew"


def _held(path: Path) -> bytes:
    """Bytes of a file.  Raises ConfigError if it is missing, no file, or larger than any table."""
    try:
        kept = path.stat()
        if not (stat.S_ISREG(kept.st_mode) or stat.S_ISDIR(kept.st_mode)):
            wrong = "is a device, a pipe or a socket"  # some never end
            raise ConfigError(fault(str(path), wrong, "give a file"))
        size = kept.st_size
        if size > MOST_BYTES:
            wrong = f"holds {size / 1e6:,.0f} MB"
            raise ConfigError(
                fault(str(path), wrong, f"want {MOST_BYTES / 1e6:.0f} MB at most: is it the table?")
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(fault(str(path), "no such file", _nearest_file(path))) from None
    except IsADirectoryError:
        raise ConfigError(fault(str(path), "is a folder", "give a file")) from None
    except OSError as error:
        wrong = f"cannot be read: {error.strerror or error}"
        raise ConfigError(fault(str(path), wrong, "check the path and its permissions")) from None


def _nearest_file(path: Path) -> str:
    import difflib

    if "\\" in path.name and os.sep == "/":  # written on Windows
        there = path.name.replace("\\", "/")
        if (path.parent / there).is_file():
            return f"write {there}"
        return "write / for backslashes, and no letter of a drive"
    if not path.parent.is_dir():
        return f"the folder {path.parent} does not exist"
    names = [p.name for p in path.parent.iterdir() if p.is_file()]
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean '{path.parent / near[0]}'?" if near else "check the path"


def read_yaml(path: Path) -> Any:
    """Content of a YAML file.

    Raises ConfigError for bad syntax, wrong encoding or a key that stands twice, with the line.
    """
    return parse_yaml(read_text(path), str(path))


def parse_yaml(text: str, place: str) -> Any:
    """Content of a YAML text; `place` names it in messages.

    Raises ConfigError as `read_yaml` does.
    """
    _refuse_aliases(text, place)
    if _shallow(text):
        with suppress(yaml.YAMLError, ValueError, _DuplicateKeyError):  # told below, in full
            return yaml.load(text, Loader=_FastLoader)
    try:
        return yaml.load(text, Loader=_StrictLoader)
    except _DuplicateKeyError as error:
        key, line, first = error.args
        wrong = f"line {line}: key '{key}' stands twice (first on line {first})"
        raise ConfigError(fault(place, wrong, "keep one of them")) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f"line {mark.line + 1}: " if mark is not None else ""
        problem = getattr(error, "problem", None) or " ".join(str(error).split())
        if isinstance(error, yaml.reader.ReaderError):
            line = text.count("\n", 0, error.position) + 1
            called = f"holds the character U+{_code(error.character):04X}"
            raise ConfigError(fault(place, f"line {line}: {called}", "take it out")) from None
        if problem.startswith("but "):
            problem = f"{getattr(error, 'context', None) or ''}, {problem}".removeprefix(", ")
        raise ConfigError(fault(place, f"{at}{problem}", "mend the YAML")) from None
    except ValueError as error:  # a tag such as !!float that does not fit its text
        raise ConfigError(fault(place, str(error), "mend the YAML")) from None
    except RecursionError:
        raise ConfigError(fault(place, "nested too deeply", "mend the YAML")) from None


def _code(character: int | str) -> int:
    """Code point of the character that a YAML text may not hold."""
    return character if isinstance(character, int) else ord(character)


def _refuse_aliases(text: str, place: str) -> None:
    """Refuse aliases that hold themselves, or that would be far more than the file once written out."""
    if not (re.search(r"&\S", text) and re.search(r"\*\S", text)):
        return
    try:
        root = yaml.compose(text, Loader=_StrictLoader)
    except (yaml.YAMLError, RecursionError):
        return  # told by the reader
    sizes: dict[int, int] = {}

    def size(node: yaml.Node) -> int:
        if isinstance(node, yaml.ScalarNode):
            return 1
        if id(node) not in sizes:
            sizes[id(node)] = -1
            parts = [part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,))]
            sizes[id(node)] = 1 + sum(size(part) for part in parts)
        elif sizes[id(node)] < 0:
            wrong = f"line {node.start_mark.line + 1}: holds itself by an alias"
            raise ConfigError(fault(place, wrong, "write its content out"))
        return sizes[id(node)]

    try:
        whole = size(root) if root is not None else 0
    except RecursionError:
        raise ConfigError(fault(place, "nested too deeply", "mend the YAML")) from None
    if whole > _MOST_NODES:
        wrong = f"its aliases write out to {float(whole):.3g} values"
        raise ConfigError(fault(place, wrong, f"want {_MOST_NODES} at most; write them out"))


def _shallow(text: str) -> bool:
    """Whether a text cannot be nested so deeply that the C loader overruns its stack."""
    depth = deepest = 0
    for match in re.finditer(r"[\[{\]}]", text):
        depth += 1 if match[0] in "[{" else -1
        deepest = max(deepest, depth)
    return deepest < _DEPTH and max(map(len, text.splitlines())) < _WIDTH


def read_csv(
    path: Path, columns: Sequence[str] | None = None, optional: Sequence[str] = ()
) -> list[dict[str, str]]:
    """Rows of a CSV file as text; each row carries its line number under "_line".

    columns: the columns that must stand there; any further one must be in `optional`.
    Raises ConfigError for missing, unknown or repeated columns and for ragged rows, all at once.
    """
    place = str(path)
    csv.field_size_limit(MOST_FIELD)  # for the whole process: another library may have raised it
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        return _rows(reader, place, columns, optional)
    except csv.Error as error:
        wrong = f"line {reader.line_num}: {error}"
        raise ConfigError(fault(place, wrong, "check commas and quotes")) from None


def read_table_rows(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> list[dict[str, str]]:
    """Rows of a table, .csv or .xlsx, as `read_csv` gives them; "_at" says where a row stands in its file.

    Raises ConfigError as `read_csv`, for a cell of a workbook that is no plain text or number, and where
    both kinds of the table stand beside each other.
    """
    reader = _sheet_reader(path)
    if reader is None:
        rows, called = read_csv(path, columns, optional), "line"
    else:
        called = f"sheet '{reader.title}': row"
        rows = _rows(reader, str(path), columns, optional, called)
    return [row | {"_at": f"{called} {row['_line']}"} for row in rows]


def table_header(path: Path) -> list[str]:
    """Column names of a table, .csv or .xlsx.  Raises ConfigError as `read_table_rows`."""
    reader = _sheet_reader(path)
    return csv_header(path) if reader is None else next(reader)


def table_beside(path: Path) -> Path:
    """The table at a path, or, where there is none, that of its name in the other format."""
    own, other = either_form(path)
    return other if other.is_file() and not own.is_file() else own


def either_form(path: Path) -> tuple[Path, Path]:
    """The paths of a table in its own and in the other format."""
    return path, path.with_suffix(_TABLES[path.suffix.lower()])


def tables_of(folder: Path, name: str) -> list[Path]:
    """The tables of a folder whose names fit a pattern without its ending, .csv or .xlsx, in their order."""
    return sorted(path for ending in _TABLES for path in folder.glob(f"{name}{ending}"))


def alone(path: Path) -> None:
    """Raises ConfigError where the table stands beside itself in the other format."""
    _, other = either_form(path)
    if other.is_file():
        wrong = f"{other.name} stands beside it, one table twice"
        raise ConfigError(fault(str(path), wrong, f"keep {path.name} or {other.name}, and remove the other"))


def _sheet_reader(path: Path) -> SheetReader | None:
    """The rows of a workbook, none for a .csv; raises ConfigError for any other file."""
    ending = path.suffix.lower()
    if ending not in _TABLES:
        remedy = "save the table as .xlsx or .csv"
        raise ConfigError(fault(str(path), f"ends with '{path.suffix}'", remedy))
    _held(path)
    named_as_it_is(path, ending)
    alone(path)
    if ending == ".csv":
        return None
    return read_sheet(path)


def csv_header(path: Path) -> list[str]:
    """Column names of a CSV file.

    Raises ConfigError if the file is missing, empty or in another encoding.
    """
    return [name.strip() for name in next(csv.reader(io.StringIO(read_text(path), newline="")))]


def _rows(
    reader: _Reader,
    place: str,
    columns: Sequence[str] | None,
    optional: Sequence[str],
    called: str = "line",
) -> list[dict[str, str]]:
    header = [name.strip() for name in next(reader)]
    faults: list[str] = []
    for name in sorted({n for n in header if header.count(n) > 1}):
        faults.append(fault(place, f"column '{name}' stands twice", "keep one of them"))
    if columns is not None:
        known = [*columns, *optional]
        if len(header) == 1 and (other := next((c for c in ";\t|、，" if c in header[0]), "")):
            wrong = f"line 1: columns are parted by {other!r}"
            raise ConfigError(fault(place, wrong, "save the table with commas (CSV UTF-8)"))
        for name in columns:
            if name not in header:
                faults.append(fault(place, f"column '{name}' is missing", f"found: {header}"))
        for name in header:
            if name not in known:
                faults.append(fault(place, f"unknown column '{name}'", did_you_mean(name, known)))
    rows: list[dict[str, str]] = []
    for cells in reader:
        if not cells:
            continue
        line = reader.line_num
        if len(cells) != len(header):
            at = f"{called} {line}"
            wrong = f"{at}: {len(cells)} cells, the header has {len(header)}"
            faults.append(fault(place, wrong, "check commas and quotes"))
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        row["_line"] = str(line)
        rows.append(row)
    if not rows and not faults:
        faults.append(fault(place, "the table has no rows", "write a row below the header"))
    raise_all(ConfigError, faults)
    return rows


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Remedy for an unknown name: the nearest known one, or the list."""
    import difflib

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    shown = ", ".join(sorted(known)[:12])
    return f"known: {shown}{', ...' if len(known) > 12 else ''}"


def pick(option: str, name: str | None, known: Sequence[str], place: str = "this run") -> str:
    """One of the names there are in a place; the first if none is asked for.

    Raises ConfigError that names the option, what was asked for and what there is.
    """
    if name is None:
        return known[0]
    if name not in known:
        raise ConfigError(fault(option, f"'{name}' is not in {place}", did_you_mean(name, known)))
    return name
