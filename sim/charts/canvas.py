"""What charts are drawn on: matplotlib's Agg, which here measures a text once.

A run's charts share years, units and words: three texts of four were measured for the chart before. Letters
are matplotlib's own, drawn by it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.font_manager import fontManager, get_font

_MOST = 20_000  # things kept, after which all go: sizes of texts
_TABLES = (
    ("OS/2", "sTypoLineGap", "sTypoAscender", "sTypoDescender"),
    ("hhea", "lineGap", "ascent", "descent"),
)

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
    """Agg that keeps sizes of texts for the figures to come."""

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
