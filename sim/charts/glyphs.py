"""Characters that the font lacks: drawn as 〓 and named, never left to the drawing library."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.text import Text

MISSING = "〓"  # the printer's mark for a letter that is not at hand
_told: set[str] = set()


def written_whole(fig: Figure) -> None:
    """Put 〓 where no font of the style has a character; say once which ones they are."""
    lacking: set[str] = set()
    for text in fig.findobj(Text):
        assert isinstance(text, Text)
        shown = text.get_text()
        lost = {c for c in shown if not c.isspace() and ord(c) > 0x7E and not _known(ord(c), _families())}
        if lost:
            lacking |= lost
            text.set_text("".join(MISSING if c in lost else c for c in shown))
    new = sorted(lacking - _told)
    if new:
        _told.update(new)
        named = ", ".join(f"{c} (U+{ord(c):04X})" for c in new)
        remedy = "another font: --style FILE with font.family; see sim/charts/fonts/README.md"
        sys.stderr.write(f"charts: no letter for {named}; drawn as {MISSING} | {remedy}\n")


def _families() -> tuple[str, ...]:
    return tuple(mpl.rcParams["font.family"])


@cache
def _known(code: int, families: tuple[str, ...]) -> bool:
    return any(code in _charmap(family) for family in families)


@cache
def _charmap(family: str) -> Any:
    path = font_manager.findfont(FontProperties(family=family))
    return get_font(str(path)).get_charmap()
