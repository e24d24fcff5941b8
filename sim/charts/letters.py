"""Letters: the packaged font, how wide a text is, where a line breaks."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from unicodedata import east_asian_width

from matplotlib.font_manager import get_font

FONT_FILE = Path(__file__).with_name("fonts") / "NotoSansSC-subset.ttf"
FONT_FAMILY = "Healthplan Sans SC"

_UNIT = 1000  # points; widths are measured once at this size and scaled
# No line begins with these.
_CLOSING = "，。、；：！？）》”’】%‰,.;:)"


@cache
def _advance(letter: str) -> float:
    """Width of a letter over its size."""
    font = get_font(str(FONT_FILE))
    font.set_size(_UNIT, 72)
    if font.get_char_index(ord(letter)) == 0:  # not in the font: drawn as a full square
        return 1.0
    return float(font.load_char(ord(letter)).linearHoriAdvance) / 65536 / _UNIT


def text_width(text: str, size: float) -> float:
    """Width in inches of one line in the packaged font at `size` points."""
    return sum(map(_advance, text)) * size / 72


def places(text: str) -> int:
    """Width of a text in half-width places of a terminal; a Chinese character takes two."""
    return sum(2 if east_asian_width(ch) in "WF" else 1 for ch in text)


def wrap(text: str, size: float, width: float) -> list[str]:
    """The text in lines of at most `width` inches; words and closing marks stay whole."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for token in _tokens(paragraph):
            if line and text_width((line + token).rstrip(), size) > width:
                lines.append(line.rstrip())
                line = token.lstrip()
            else:
                line += token
        lines.append(line.rstrip())
    return lines


def _tokens(text: str) -> list[str]:
    """Pieces that a line may break between: Chinese characters, Latin words with their blank."""
    pieces: list[str] = re.findall(r"[\u2e80-\uffef]|[^\u2e80-\uffef\s]+\s*|\s+", text)
    out: list[str] = []
    for piece in pieces:
        if out and piece[0] in _CLOSING:
            out[-1] += piece
        elif out and out[-1][-1] in "（《“‘【(":
            out[-1] += piece
        else:
            out.append(piece)
    return out
