"""What charts are drawn on: matplotlib's Agg, which here lays out a text and draws a letter once.

A run's charts share years, units and words: three texts of four were laid out for the chart before, two
letters of three were drawn at the same place within a pixel. The pixels are those of matplotlib's own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.backends import backend_agg
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.font_manager import fontManager, get_font
from matplotlib.ft2font import FT2Font

_MOST = 20_000  # things kept, after which all go: a few megabytes of letters
_PIXEL = 64  # parts of a pixel that letters are placed by
_UNTURNED = np.array([[0x10000, 0], [0, 0x10000]])
# What draws letter by letter; other versions of matplotlib draw texts as they do.
_BY_LETTER = hasattr(FT2Font, "_layout") and hasattr(FT2Font, "_render_glyph")
_TABLES = (
    ("OS/2", "sTypoLineGap", "sTypoAscender", "sTypoDescender"),
    ("hhea", "lineGap", "ascent", "descent"),
)

_agg: Any = backend_agg

_Made = TypeVar("_Made")
_kept: dict[Hashable, Any] = {}


def _once(key: Hashable, make: Callable[[], _Made]) -> _Made:
    """What is kept under a key, made where it is not."""
    if key not in _kept:
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[key] = make()
    found: _Made = _kept[key]
    return found


class Renderer(RendererAgg):
    """Agg that keeps sizes and layouts of texts, and letters as drawn, for the figures to come."""

    def __init__(self, width: float, height: float, dpi: float) -> None:
        begin: Any = super().__init__
        begin(width, height, dpi)
        now: Any = mpl.rcParams
        self._style = (dpi, *(str(now[name]) for name in now if name.startswith(("text.", "font."))))

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Width, height and descent of a text in pixels."""
        ask: Any = super().get_text_width_height_descent
        size: tuple[float, float, float] = (
            ask(s, prop, ismath)
            if ismath
            else _once(("size", s, hash(prop), self._style), lambda: ask(s, prop, ismath))
        )
        return size

    def _get_font_height_metrics(self, prop: Any) -> tuple[float | None, float | None, float | None]:
        """Ascent, descent and gap between lines of a font in pixels, as matplotlib's texts work them out."""
        return _once(("height", hash(prop), self._style), lambda: _heights(prop, self.dpi))

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Draw one line of text, its left end on the baseline at x, y in pixels, y downwards."""
        own = mtext is not None and (mtext.get_fontfeatures() or mtext.get_language())
        if ismath or angle or own or not _BY_LETTER or not gc.get_antialiased():
            plain: Any = super().draw_text
            plain(gc, x, y, s, prop, angle, ismath, mtext)
            return
        size, flags = prop.get_size_in_points(), _agg.get_hinting_flag()
        line = _once(("line", s, hash(prop), self._style), lambda: self._laid_out(s, prop, flags))
        draw: Any = self._renderer.draw_text_image
        up, height = self.height - y, int(self.height)
        for font, glyph, dx, dy in line:
            left, fx = divmod(round(_PIXEL * (x + dx)), _PIXEL)
            top, fy = divmod(round(_PIXEL * (up + dy)), _PIXEL)
            key = ("letter", id(font), glyph, size, fx, fy, self._style)
            kept = _kept.get(key)
            if kept is None:
                kept = _once(key, lambda: _drawn(font, glyph, size, self.dpi, (fx, fy), flags))  # noqa: B023
            buffer, right, above = kept
            if buffer.size:
                draw(buffer, left + right, height - top - above + len(buffer), 0, gc)

    def _laid_out(self, s: str, prop: Any, flags: Any) -> list[tuple[Any, int, float, float]]:
        """Font, letter and place of each letter of a text, y upwards."""
        prepared: Any = self._prepare_font
        items = prepared(prop)._layout(s, flags=flags, features=None, language=None)
        return [(item.ft_object, item.glyph_index, item.x, item.y) for item in items]


def _drawn(
    font: Any, glyph: int, size: float, dpi: float, place: tuple[int, int], flags: Any
) -> tuple[Any, int, int]:
    """A letter's picture at a place within a pixel, and how far right and up from there it begins."""
    font.set_size(size, dpi)
    font._set_transform(_UNTURNED, list(place))
    picture = font._render_glyph(glyph, flags, _agg.RenderMode.NORMAL)
    return np.array(picture.buffer), picture.left, picture.top


def _heights(prop: Any, dpi: float) -> tuple[float | None, float | None, float | None]:
    fonts: Any = fontManager
    font: Any = get_font(fonts._find_fonts_by_props(prop))
    for name, gap, ascent, descent in _TABLES:
        table = font.get_sfnt_table(name)
        if table is not None:
            em = font.get_sfnt_table("head")["unitsPerEm"]
            scale = 1 / em * prop.get_size_in_points() * dpi / 72
            return table[ascent] * scale, -table[descent] * scale, table[gap] * scale
    return None, None, None


class Canvas(FigureCanvasAgg):
    """A figure's canvas that draws with `Renderer`."""

    def get_renderer(self) -> RendererAgg:
        """The renderer of the figure's size."""
        width, height = self.get_width_height(physical=True)
        key: Any = width, height, self.figure.dpi
        if self._lastKey != key:
            self.renderer = Renderer(width, height, self.figure.dpi)
            self._lastKey = key
        found: RendererAgg = self.renderer
        return found
