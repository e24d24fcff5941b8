"""Whether a run folder is whole, of this version and as the run wrote it: asked once by all that read one.

run.json states a SHA-256 of each table and of itself, and of what later commands put beside them
(`review`, `stress`).  A figure that was changed, cut or lost since is in no document: what is told from
a run is what the run computed, or nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.errors import ConfigError, fault, raise_all
from sim.writing import PART, write_json

RUN_FORMAT = 2
"""Of run.json: 2 states once what all scenarios and places share."""
META, RESULTS, REVISED = "run.json", "results.nc", "revise.csv"
SEAL, LATER, COMING = "seal", "later", "coming"
"""In run.json: the SHA-256 of all else in it; files that were added to the finished run; those that a
command is about to put there."""
_ANEW = {
    "review": "healthplan review RUN --known FILE",
    "revise": "healthplan revise RUN",
    "hospital": "healthplan stress RUN",
}
DAMAGED = "the file is damaged; run the experiment again"
_REVISE = "write it anew: healthplan revise RUN"


def intact(folder: Path | str, but: Collection[str] = ()) -> dict[str, Any]:
    """The run.json of a folder that is a whole run.

    but: files that are about to be written anew.
    Raises ConfigError with all that is lost, cut or changed, and for a folder that is no run or one
    of another version.
    """
    folder = Path(folder)
    meta = described(folder)
    faults = [fault(str(folder / name), *told) for name, told in _unlike(folder, meta, but)]
    if SEAL not in meta:
        faults.insert(
            0, fault(str(folder / META), "has no seal: edited, or of an older version", again(meta))
        )
    elif meta[SEAL] != _seal(meta):
        faults.insert(0, fault(str(folder / META), "is not as the run wrote it (SHA-256)", again(meta)))
    raise_all(ConfigError, faults)
    return meta


def described(folder: Path) -> dict[str, Any]:
    """The run.json of a run folder of this version, whatever became of its tables.

    Raises ConfigError for a folder that is no run, or one of another version.
    """
    meta = read_meta(_described(folder))
    wrote = meta.get("format", 1)
    if wrote == RUN_FORMAT:
        return meta
    if isinstance(wrote, int) and wrote > RUN_FORMAT:
        wrong = f"is of a newer version: format {wrote}, this one reads {RUN_FORMAT}"
        raise ConfigError(fault(str(folder / META), wrong, "update healthplan"))
    wrong = f"is of an older version: format {wrote}, this one reads {RUN_FORMAT}"
    raise ConfigError(fault(str(folder / META), wrong, "run it again: healthplan migrate RUN gives its file"))


def read_meta(path: Path) -> dict[str, Any]:
    """What a run.json says.

    Raises ConfigError if it is damaged.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigError(fault(str(path), f"is not JSON: {error}", DAMAGED)) from None
    if not isinstance(content, dict) or "experiment" not in content:
        raise ConfigError(fault(str(path), "does not say 'experiment'", DAMAGED))
    return dict(content)


def fingerprints(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """SHA-256 of the files that are there, by name."""
    return {name: digest(folder / name) for name in names if (folder / name).is_file()}


def digest(path: Path) -> str:
    """SHA-256 of a file, read piece by piece: results of many draws are larger than the memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def again(meta: Mapping[str, Any]) -> str:
    """The remedy: the command that makes the run anew."""
    file = str(meta.get("experiment_file", "")) or "EXPERIMENT"
    return f"run it again: healthplan run {file}"


@contextmanager
def added(folder: Path) -> Iterator[Path]:
    """Files that a command puts into a finished run: yields a folder to write them in, then moves them.

    run.json states their fingerprints at every moment: what is killed on the way leaves a run that is as it
    was, or as it is to be.  Of a file that the run wrote the statement is changed; the others may be deleted
    again, and changed, they are told by no command.
    """
    made = folder / f".added.{os.getpid()}{PART}"
    try:
        made.mkdir(exist_ok=True)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from error
    try:
        yield made
        names = sorted(path.name for path in made.iterdir())
        coming = fingerprints(made, names)
        with _alone(folder):
            meta = _settled(folder, read_meta(folder / META)) | {COMING: coming}
            write_meta(folder, meta)
            for name in names:
                os.replace(made / name, folder / name)
            write_meta(folder, _settled(folder, meta))
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _settled(folder: Path, meta: dict[str, Any]) -> dict[str, Any]:
    """What run.json says once files that were to come are there, without those that never came."""
    meta = dict(meta)
    for name, told in meta.pop(COMING, {}).items():
        if (folder / name).is_file() and digest(folder / name) == told:
            kind = "files" if name in meta.get("files", {}) else LATER
            meta[kind] = meta.get(kind, {}) | {name: told}
    return meta


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While run.json is read and written anew: other commands that do so wait, where the system can lock."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    held = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every network drive has locks
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def write_meta(folder: Path, meta: Mapping[str, Any]) -> None:
    """Write a run's run.json, sealed with the fingerprint of all that it says."""
    write_json(folder / META, {**meta, SEAL: _seal(meta)})


def _seal(meta: Mapping[str, Any]) -> str:
    kept = {key: value for key, value in meta.items() if key != SEAL}
    read = json.loads(json.dumps(kept))  # as it will be read: keys are texts
    text = json.dumps(read, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _described(folder: Path) -> Path:
    """Its run.json, if it is a run's folder."""
    path = folder / META
    if path.is_file():
        return path
    if not folder.is_dir():
        raise ConfigError(fault(str(folder), "no such folder", "give outputs/<experiment>/<run_id>"))
    if (folder / RESULTS).is_file():
        raise ConfigError(fault(str(path), "is not there: the run is not whole", "run the experiment again"))
    if (folder / "sweep.json").is_file():
        raise ConfigError(fault(str(folder), "is a sweep, not a run", f"draw it: healthplan plot {folder}"))
    near = sorted(found.parent for found in folder.glob(f"*/{META}"))
    remedy = f"did you mean {near[-1]}?" if near else "give outputs/<experiment>/<run_id>"
    raise ConfigError(fault(str(folder), "is not a run folder", remedy))


def _unlike(
    folder: Path, meta: Mapping[str, Any], but: Collection[str]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Files that are lost or other than stated: name, what is wrong, what to do."""
    stated, coming = meta.get("files", {}), meta.get(COMING, {})
    if not stated and "seconds" in meta.get("times", {}):  # a run that goes on has no tables yet
        yield META, ("states no file of the run", again(meta))
    for name, told in {RESULTS: None, **stated}.items():
        path, remedy = folder / name, _REVISE if name == REVISED else again(meta)
        if name in but:
            continue
        if not path.is_file():
            yield name, ("is not there: the run is not whole", remedy)
        elif told is not None and digest(path) not in (told, coming.get(name)):
            yield name, ("is not as the run wrote it (SHA-256)", remedy)
    for name, told in meta.get(LATER, {}).items():
        path = folder / name
        if name not in but and path.is_file() and digest(path) not in (told, coming.get(name)):
            remedy = f"delete it and write it anew: {_ANEW[name.partition('_')[0].partition('.')[0]]}"
            yield name, ("is not as it was written (SHA-256)", remedy)
