"""One fault: what is done to a working folder or typed, and what the message must hold."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import yaml
from working_folder import SMALL, Outcome, run_cli

Change = Callable[[Path], None]
"""What is done to a file of the working folder, given its path."""

EXPERIMENT = "experiments/case.yaml"
RUN = ("run", EXPERIMENT, "--no-charts", "--workers", "1", "--lang", "en")


@dataclass(frozen=True)
class Fault:
    """A fault that must be refused with exit 2, nothing written, no traceback."""

    id: str
    did: str
    """What is wrong, in a planner's words."""
    says: tuple[str, ...]
    """What the message must hold: file, place in it, value, remedy."""
    files: Mapping[str, Change] = field(default_factory=dict)
    """File below the working folder -> what is done to it."""
    args: tuple[str, ...] = RUN
    code: int = 2


@dataclass(frozen=True)
class Refusal:
    """What came of a fault."""

    outcome: Outcome
    written: tuple[str, ...]
    """Files that the command made or changed."""

    @property
    def message(self) -> str:
        """What was said."""
        return self.outcome.err.strip()


def refuse(fault: Fault, folder: Path) -> Refusal:
    """Do what a fault says in a working folder, run the command, put the folder back."""
    changes = dict(fault.files)
    if EXPERIMENT in fault.args:
        changes.setdefault(EXPERIMENT, text(SMALL))
    with _changed(folder, changes):
        before, rooms = _state(folder)
        with patch.dict(os.environ, HEALTHPLAN_LANG="en"):
            outcome = run_cli(*fault.args, cwd=folder)
        after, rooms_after = _state(folder)
        made = sorted(rooms_after - rooms)
        for room in reversed(made):
            shutil.rmtree(folder / room, ignore_errors=True)
    written = tuple(sorted([*made, *(name for name in after if after[name] != before.get(name))]))
    places = (f"{folder.resolve()}{os.sep}", f"{folder}{os.sep}")
    err = outcome.err
    for place in places:
        err = err.replace(place, "")
    return Refusal(Outcome(outcome.code, outcome.out, err), written)


@contextmanager
def _changed(folder: Path, changes: Mapping[str, Change]) -> Iterator[None]:
    held: dict[Path, bytes | Path | None] = {}
    try:
        for name, change in changes.items():
            path = folder / name
            kept = path.is_file() and not path.is_symlink()
            held[path] = path.read_bytes() if kept else None
            path.parent.mkdir(parents=True, exist_ok=True)
            change(path)
        yield
    finally:
        for path, content in held.items():
            _remove(path)
            if isinstance(content, bytes):
                path.write_bytes(content)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        if path.exists() and not os.access(path, os.W_OK):
            path.chmod(0o644)
        path.unlink(missing_ok=True)


def _state(folder: Path) -> tuple[dict[str, tuple[int, int]], set[str]]:
    """Every file with size and time of change, and every folder."""
    files: dict[str, tuple[int, int]] = {}
    rooms: set[str] = set()
    ahead = [str(folder)]
    above = len(str(folder)) + 1
    while ahead:
        with os.scandir(ahead.pop()) as found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    rooms.add(entry.path[above:])
                    ahead.append(entry.path)
                else:
                    stat = entry.stat(follow_symlinks=False)
                    files[entry.path[above:]] = (stat.st_size, stat.st_mtime_ns)
    return files, rooms


def text(content: str, encoding: str = "utf-8") -> Change:
    """The file is this text."""
    return lambda path: _write(path, content.encode(encoding))


def data(content: bytes) -> Change:
    """The file is these bytes."""
    return lambda path: _write(path, content)


def swap(old: str, new: str, times: int = 1) -> Change:
    """A text of the file that stands there `times` or more becomes another."""

    def change(path: Path) -> None:
        content = path.read_text("utf-8")
        assert content.count(old) >= 1, f"{path} holds no {old!r}"
        _write(path, content.replace(old, new, times).encode())

    return change


def small(old: str, new: str) -> Change:
    """The small experiment, in which a text becomes another."""
    assert old in SMALL, f"the small experiment holds no {old!r}"
    return text(SMALL.replace(old, new, 1))


def edit(how: Callable[[str], str], encoding: str = "utf-8") -> Change:
    """The text of the file as `how` makes it."""
    return lambda path: _write(path, how(path.read_text("utf-8")).encode(encoding))


def link(target: str) -> Change:
    """The file is a symbolic link."""

    def change(path: Path) -> None:
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    return change


def folder_there(path: Path) -> None:
    """A folder stands where a file is wanted."""
    path.unlink(missing_ok=True)
    path.mkdir()


def gone(path: Path) -> None:
    """The file is not there."""
    path.unlink()


def experiment(**changes: object) -> dict[str, Change]:
    """The small experiment with some keys changed; None takes one out."""
    content = {**yaml.safe_load(SMALL), **changes}
    content = {k: v for k, v in content.items() if v is not None}
    return {EXPERIMENT: text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))}


def written(content: str) -> dict[str, Change]:
    """The experiment as this text."""
    return {EXPERIMENT: text(content)}


def _write(path: Path, content: bytes) -> None:
    """Anew: a time of change that is later, whatever the clock's step."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)
