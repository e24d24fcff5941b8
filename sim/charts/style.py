"""How every chart looks: the font that travels with the package, colours, frame, files.

The look stands in `healthplan.mplstyle`; a user's own style file goes over it. Series differ in
dash and hatch as well as in colour and verdicts (sim/catalogue/verdicts.py) carry a mark, so that
a grey print can be read. Files are written without time stamps: same run, same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.text import Text

from sim.catalogue.language import LANGS, Lang, label
from sim.charts.canvas import Canvas
from sim.charts.files import RENDERING
from sim.charts.letters import FONT_FILE, text_width, wrap
from sim.errors import ConfigError, fault

STYLE_FILE = Path(__file__).with_name("healthplan.mplstyle")
# Order in axes.prop_cycle of what a series means.
ROLES = ("supply", "need", "norm", "other", "amber", "sky", "grey")
# Population pyramids have two hues of their own, light enough for outlines over them.
FEMALE, MALE = "#d98a5b", "#5b8fc4"
# Figure sizes in inches: text width of an A4 page in Word (16 cm), and A4 itself.
_LETTERS: Any = (
    "font.size",
    "axes.labelsize",
    "axes.titlesize",
    "xtick.labelsize",
    "ytick.labelsize",
    "legend.fontsize",
)
WIDE = (6.3, 3.7)
FULL = (6.3, 4.6)
A4_LANDSCAPE = (11.69, 8.27)
TITLE, SUBTITLE, NOTE, SOURCE = "title", "subtitle", "note", "source"  # gids of a frame's texts


@cache
def _register_font() -> None:
    font_manager.fontManager.addfont(str(FONT_FILE))


@cache
def _house() -> Any:
    return mpl.rc_params_from_file(STYLE_FILE, fail_on_error=True, use_default_template=False)


@contextmanager
def use(lang: str = "zh", style: Path | None = None) -> Iterator[Lang]:
    """The house style inside a `with`, a user's style file over it; yields the language, checked.

    Raises ConfigError if `lang` is neither "zh" nor "en", or `style` is no matplotlib style.
    """
    for known in LANGS:
        if lang == known:
            _register_font()
            with mpl.rc_context({**_house(), **RENDERING, **(_own(style) if style else {})}):
                yield known
            return
    raise ConfigError(fault("--lang", f"{lang!r} is not a language", "write zh or en"))


def _own(style: Path) -> Any:
    if not style.is_file():
        remedy = f"give a file like {STYLE_FILE.name}"
        raise ConfigError(fault("--style", f"{style}: no such file", remedy))
    try:
        lines = style.read_text(encoding="utf-8").splitlines()
        keys = [line.partition("#")[0].partition(":")[0].strip() for line in lines]
        if unknown := [key for key in keys if key and key not in mpl.rcParams]:
            raise KeyError(f"unknown key {', '.join(unknown)}")
        return mpl.rc_params_from_file(style, fail_on_error=True, use_default_template=False)
    except (ValueError, KeyError, UnicodeDecodeError) as error:
        remedy = "write `key: value` with keys of matplotlib's rcParams"
        raise ConfigError(
            fault("--style", f"{style}: {str(error.args[0] if error.args else error).strip()}", remedy)
        ) from error


def tint(role: str) -> str:
    """The colour of a series by what it means, of the style's cycle."""
    cycle = mpl.rcParams["axes.prop_cycle"].by_key().get("color", ["#000000"])
    return str(cycle[ROLES.index(role) % len(cycle)])


def ink() -> str:
    """The colour of letters and of a plan's line."""
    return str(mpl.rcParams["text.color"])


def muted() -> str:
    """The colour of notes."""
    return str(mpl.rcParams["xtick.color"])


def pt(size: float) -> float:
    """A size of letters, given for letters of 8 points, in the style's size."""
    return size * float(mpl.rcParams["font.size"]) / 8


def larger(by: float) -> AbstractContextManager[None]:
    """Letters so many times as large, within a `with`: of a chart that will be made smaller."""
    now: Any = mpl.rcParams
    return mpl.rc_context({name: by * float(now[name]) for name in _LETTERS})


def figure(size: tuple[float, float]) -> Figure:
    """An empty figure of `size` inches that draws with Agg, whatever backend is set."""
    fig = Figure(figsize=size)
    Canvas(fig)
    return fig


def inches(fig: Figure | SubFigure) -> tuple[float, float]:
    """Width and height of a figure, or of a part of one, in inches."""
    if isinstance(fig, SubFigure):
        root = fig.figure.get_figure(root=True)
        assert root is not None
        width, height = root.get_size_inches()
        box = fig.bbox.transformed(root.transFigure.inverted())
        return float(width * box.width), float(height * box.height)
    width, height = fig.get_size_inches()
    return float(width), float(height)


def unit_note(ax: Axes, text: str) -> None:
    """The unit of the y axis, small above it."""
    ax.text(0, 1.02, text, transform=ax.transAxes, va="bottom", size=pt(6.5), color=muted())


def titled(ax: Axes, text: str, unit: str, lang: Lang) -> None:
    """Title of small axes with the unit behind it."""
    if unit:
        text += label(f"（{unit}）", f" ({unit})", lang)
    ax.set_title(text)


def frame(
    fig: Figure | SubFigure,
    title: str,
    *,
    note: str = "",
    legend: Sequence[tuple[Any, str]] = (),
    foot: Sequence[str] = (),
    left: float = 0.55,
    right: float = 0.2,
    top: float = 0.2,
    bottom: float = 0.24,
    least: float = 0.0,
    main: bool | None = None,
) -> None:
    """Title, grey second line, legend and foot around the axes, which get what is left.

    note: region, scenario, years.  foot: lines at the bottom, the source last.  left, right, top,
    bottom: inches that the axes' own labels want.  least: inches that the axes want; a figure in which
    a long legend leaves them less grows.  main: these are the picture's title and source,
    not those of a part of it; by default of a whole figure.  Long lines are broken.
    """
    width, height = inches(fig)
    main = isinstance(fig, Figure) if main is None else main
    before = {*fig.texts, *fig.legends}
    size = pt(9.5 if isinstance(fig, SubFigure) else 11)
    y = 0.06
    for text, points, colour, name in ((title, size, ink(), TITLE), (note, pt(7.5), muted(), SUBTITLE)):
        if not text:
            continue
        lines = wrap(text, points, width - 0.2)
        at = (0.08 / width, 1 - y / height)
        gid = name if main else None
        fig.text(*at, "\n".join(lines), size=points, color=colour, va="top", gid=gid)
        y += len(lines) * points * 1.4 / 72
    used = _foot(fig, foot, main)
    used = _legend(fig, legend, used)
    lack = least - (height - y - top - used - bottom)
    if isinstance(fig, Figure) and lack > 0.01:
        for made in {*fig.texts, *fig.legends} - before:
            made.remove()
        fig.set_size_inches(width, height + lack)
        room = {"left": left, "right": right, "top": top, "bottom": bottom}
        frame(fig, title, note=note, legend=legend, foot=foot, **room, main=main)
        return
    fig.subplots_adjust(
        left=left / width,
        right=1 - right / width,
        top=1 - (y + top) / height,
        bottom=(used + bottom) / height,
    )


def _foot(fig: Figure | SubFigure, foot: Sequence[str], main: bool) -> float:
    """Notes and source at the bottom left; returns the inches that they take."""
    width, height = inches(fig)
    size = pt(5.8)
    used = 0.05
    for i, text in enumerate(reversed([t for t in foot if t])):
        lines = wrap(text, size, width - 0.2)
        at = (0.08 / width, used / height)
        gid = (SOURCE if i == 0 else NOTE) if main else None
        fig.text(*at, "\n".join(lines), size=size, color=muted(), va="bottom", gid=gid)
        used += len(lines) * size * 1.4 / 72
    return used


def _legend(fig: Figure | SubFigure, entries: Sequence[tuple[Any, str]], used: float) -> float:
    if not entries:
        return used
    width, height = inches(fig)
    texts = [text for _, text in entries]
    size = pt(7 if width > 5 else 6.3)
    columns = legend_columns(width, texts, size)
    fig.legend(
        [handle for handle, _ in entries],
        texts,
        loc="lower left",
        bbox_to_anchor=(0.04 / width, (used - 0.02) / height),
        ncols=columns,
        columnspacing=1.2,
        fontsize=size,
        borderaxespad=0.2,
    )
    lines = -(-len(texts) // columns)
    return used + 0.04 + lines * size * 1.62 / 72


def legend_columns(width: float, texts: Sequence[str], size: float) -> int:
    """How many columns of a legend fit into `width` inches, letters of `size` points."""
    handle = size / 72 * (float(mpl.rcParams["legend.handlelength"]) + 0.8 + 1.2)
    wide = [handle + text_width(text, size) for text in texts]
    for columns in range(len(texts), 0, -1):
        # a legend parts its entries among the columns like array_split
        if sum(max(part) for part in np.array_split(wide, columns)) <= width - 0.15:
            return columns
    return 1


def say(fig: Figure | SubFigure, text: str) -> None:
    """A sentence in the middle of a chart that has nothing to draw."""
    width, _ = inches(fig)
    lines = wrap(text, pt(8.5), width - 1.0)
    fig.text(0.5, 0.5, "\n".join(lines), size=pt(8.5), color=ink(), ha="center", va="center")


def headed(fig: Figure, title: str | None, subtitle: bool) -> None:
    """The title that the user wants, and the grey line only if wanted."""
    if title is None and subtitle:
        return
    for text in fig.findobj(Text):
        assert isinstance(text, Text)
        if text.get_gid() == SUBTITLE and not subtitle:
            text.set_visible(False)
        if text.get_gid() == TITLE and title is not None:
            text.set_text(title)
