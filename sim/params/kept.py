"""The parameters of a file, read once while the file, its tables and what all files share are the same.

Working folders of one process are mostly copies, which differ in few files.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from pathlib import Path

from sim.params.record import EVENLY, Parameter
from sim.textfile import content_hash, either_form

_MOST = 1024  # files; the folders that all places share have some fifty
_named: dict[str, tuple[str, ...]] = {}
"""Tables that a file of these bytes names."""
_kept: dict[Hashable, tuple[Parameter, ...]] = {}


def kept_file(
    path: Path, shared: str, read: Callable[[list[str]], list[Parameter]], faults: list[str]
) -> list[Parameter]:
    """The parameters of a file as `read` gives them, or as it gave them of the same file elsewhere.

    shared: what else they depend on: sources, catalogue, patterns by age.  read: takes the list to which
    its faults go.  A file with a fault, which names its place, is read anew each time.
    """
    text = _hash(path)
    named = _named.get(text)
    found = _kept.get(_key(path, text, shared, named)) if named is not None else None
    if found is not None:
        return [replace(parameter, file=path) for parameter in found]
    before = len(faults)
    read_now = read(faults)
    if len(faults) == before:
        for held in (_named, _kept):
            if len(held) >= _MOST:
                held.clear()
        named = _named[text] = tuple(_tables(read_now))
        _kept[_key(path, text, shared, named)] = tuple(read_now)
    return read_now


def _key(path: Path, text: str, shared: str, named: Iterable[str]) -> Hashable:
    tables = (table for name in named for table in either_form(path.parent / name))
    return path.name, text, shared, *map(_hash, tables)  # one beside itself in the other format is a fault


def _tables(parameters: Iterable[Parameter]) -> Iterable[str]:
    """Tables beside a file that its records name: of their values, and by which these are split."""
    for record in (parameter.record for parameter in parameters):
        yield from (str(name) for name in (record.table, record.split) if name not in (None, EVENLY))


def _hash(path: Path) -> str:
    return content_hash(path) if path.is_file() else ""
