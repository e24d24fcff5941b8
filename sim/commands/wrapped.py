"""A text in lines of a terminal: Latin words and numbers whole, Chinese between any two characters.

No line begins with what closes (。，）) or ends with what opens (（《).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from sim.commands.plain_table import width

_CLOSING = "。，、；：！？）》】”’％"
_OPENING = "（《【“‘"
# blanks; a choice of many, which may break behind each bar; any other run of characters without a blank
_PARTS = re.compile(r"\s+|[^\s|]+\|?|\|")


def wrap(text: str, room: int) -> list[str]:
    """The lines; a word that is wider than a line is broken where the line ends."""
    lines, line, gap = [], "", ""
    for part in _pieces(text):
        if part.isspace():
            gap = " "
            continue
        if line and width(line) + len(gap) + width(part) > room:
            lines.append(line)
            line, gap = "", ""
        line, gap = line + gap + part, ""
        while width(line) > room:
            cut = _fits(line, room)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines


def _fits(text: str, room: int) -> int:
    """How many characters fit, one at least."""
    return max(1, next((i for i in range(1, len(text) + 1) if width(text[:i]) > room), len(text) + 1) - 1)


def _pieces(text: str) -> Iterator[str]:
    """What is not broken, and the blanks between."""
    held = ""
    for part in _PARTS.findall(text):
        if part.isspace():
            if held:
                yield held
            held = ""
            yield part
            continue
        if part.startswith("[") and part.endswith("]"):  # [可重复给出]
            yield from [held] * bool(held)
            yield part
            held = ""
            continue
        for c in part:
            joins = not held or c in _CLOSING or held[-1] in _OPENING or not (_wide(c) or _wide(held[-1]))
            if not joins:
                yield held
                held = ""
            held += c
        if part.endswith("|"):
            yield held
            held = ""
    if held:
        yield held


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
