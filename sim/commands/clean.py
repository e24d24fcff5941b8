"""`healthplan clean`: what killed commands left behind, listed and, with --yes, removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sim.config import find_root
from sim.errors import ConfigError, fault
from sim.run.leftovers import KINDS, Leftover, leftovers

_PLACES = ("outputs", "parameters", "experiments")
"""Folders of a working folder that commands write into."""


def clean_command(folder: Path | None, lang: str, *, yes: bool, days: int) -> str:
    """A line for each leftover, and what was or would be removed.

    Raises ConfigError where there is no such folder.
    """
    root = find_root(Path.cwd()) if folder is None else folder
    places = [root / part for part in _PLACES] if folder is None else [folder]
    place = root / _PLACES[0] if folder is None else folder
    if folder is not None and not place.is_dir():
        raise ConfigError(fault(str(place), "is no folder", "give a folder of runs, such as outputs"))
    found = [left for each in places if each.is_dir() for left in leftovers(each, days)]
    free = [left for left in found if not left.in_use]
    if yes:
        for left in free:
            left.remove()
        for left in free:
            if left.kind in ("blocks", "lock") and left.path.parent.is_dir():
                _drop_empty(left.path.parent)
    return "\n".join([*_lines(found, lang), _closing(place, free, found, lang, yes=yes)])


def _drop_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _lines(found: Sequence[Leftover], lang: str) -> Iterator[str]:
    zh = lang == "zh"
    for left in found:
        what = KINDS[left.kind][0 if zh else 1]
        when = datetime.fromtimestamp(left.changed).strftime("%Y-%m-%d %H:%M")
        used = ("  使用中，不动" if zh else "  in use, left alone") if left.in_use else ""
        yield f"{left.path}  {left.bytes / 1e6:.1f} MB  {when}  {what}{used}"


def _closing(
    place: Path, free: Sequence[Leftover], found: Sequence[Leftover], lang: str, *, yes: bool
) -> str:
    size = sum(left.bytes for left in free) / 1e6
    used = len(found) - len(free)
    if not found:
        return f"{place}：没有遗留" if lang == "zh" else f"{place}: nothing left behind"
    if lang == "zh":
        did = "已删除" if yes else "可删除"
        more = f"；{used} 项使用中" if used else ""
        return f"{did} {len(free)} 项，{size:.1f} MB{more}" + ("" if yes else "；删除请加 --yes")
    did = "removed" if yes else "may go"
    more = f"; {used} in use" if used else ""
    return f"{len(free)} {did}, {size:.1f} MB{more}" + ("" if yes else "; --yes removes them")
