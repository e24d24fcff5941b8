"""How every chart looks: the font that travels with the package, colours, sizes, numbers.

The palette is Okabe and Ito's, which readers with any of the common colour-vision deficiencies can
tell apart (jfly.uni-koeln.de/color); verdicts (sim/catalogue/verdicts.py) carry a mark as well, so
that no chart rests on colour alone. Files are written without time stamps: the same run gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal
from unicodedata import east_asian_width

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.errors import ConfigError, fault

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
FORMATS = ("png", "svg", "pdf")

FONT_FILE = Path(__file__).with_name("fonts") / "NotoSansSC-subset.otf"
FONT_FAMILY = "Healthplan Sans SC"

INK = "#262626"
MUTED = "#6e6e6e"
GRID = "#e3e3e3"
BLUE, ORANGE, GREEN = "#0072b2", "#d55e00", "#009e73"
SKY, AMBER, PINK = "#56b4e9", "#e69f00", "#cc79a7"
SCENARIO_COLOURS = (BLUE, AMBER, GREEN, PINK, SKY, ORANGE)
FEMALE, MALE = "#d98a5b", "#5b8fc4"

# Figure sizes in inches: text width of an A4 page in Word (16 cm), and A4 itself.
WIDE = (6.3, 3.7)
FULL = (6.3, 4.6)
A4_LANDSCAPE = (11.69, 8.27)
DPI = 200

_RC: Any = {
    "font.family": [FONT_FAMILY],
    "font.size": 8,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": "#9a9a9a",
    "axes.linewidth": 0.6,
    "axes.labelsize": 8,
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.major.size": 2.5,
    "ytick.major.size": 0,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "lines.linewidth": 1.6,
    "lines.solid_capstyle": "round",
    "hatch.linewidth": 0.4,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": DPI,
    "savefig.dpi": DPI,
    "svg.fonttype": "path",
    "svg.hashsalt": "healthplan",
    "pdf.fonttype": 3,
    "path.simplify": True,
}


@cache
def _register_font() -> None:
    font_manager.fontManager.addfont(str(FONT_FILE))


@contextmanager
def use(lang: str = "zh") -> Iterator[Lang]:
    """The house style inside a `with`; yields the language, checked.

    Raises ConfigError if `lang` is neither "zh" nor "en".
    """
    for known in LANGS:
        if lang == known:
            _register_font()
            with mpl.rc_context(_RC):
                yield known
            return
    raise ConfigError(fault("--lang", f"{lang!r} is not a language", "write zh or en"))


def label(zh: str, en: str, lang: Lang) -> str:
    """The text in the chart's language."""
    return zh if lang == "zh" else en


def figure(size: tuple[float, float]) -> Figure:
    """An empty figure of `size` inches that draws with Agg, whatever backend is set."""
    fig = Figure(figsize=size)
    FigureCanvasAgg(fig)
    return fig


def heading(fig: Figure | SubFigure, zh: str, en: str, lang: Lang, note: str = "") -> None:
    """Title at the top left; a Chinese chart has the English title small and grey below it.

    `note` (region, scenario) stands in grey at the end of the second line.
    """
    height = inches(fig)[1]
    second = "  ·  ".join(part for part in ((en if lang == "zh" else ""), note) if part)
    size = 9.5 if isinstance(fig, SubFigure) else 11
    fig.text(0.012, 1 - 0.05 / height, zh if lang == "zh" else en, size=size, va="top")
    fig.text(0.012, 1 - 0.285 / height, second, size=7.5, color=MUTED, va="top")


def head_room(lang: Lang, note: str | None) -> float:
    """Inches that `heading` takes: less where it has no second line."""
    return 0.28 if lang == "en" and note == "" else 0.5


def footer(fig: Figure | SubFigure, text: str) -> None:
    """A small grey line at the bottom left: what the chart rests on."""
    fig.text(0.012, 0.05 / inches(fig)[1], text, size=6, color=MUTED, va="bottom")


def margins(
    fig: Figure | SubFigure,
    *,
    left: float = 0.55,
    right: float = 0.2,
    top: float = 0.62,
    bottom: float = 0.48,
) -> dict[str, float]:
    """Keywords for `subplots_adjust` or a grid that leave so many inches around the axes."""
    width, height = inches(fig)
    return {
        "left": left / width,
        "right": 1 - right / width,
        "top": 1 - top / height,
        "bottom": bottom / height,
    }


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


def titled(ax: Axes, text: str, unit: str, lang: Lang) -> None:
    """Title of small axes with the unit behind it."""
    if unit:
        text += label(f"（{unit}）", f" ({unit})", lang)
    ax.set_title(text)


def places(text: str) -> int:
    """Width of a text in half-width places; a Chinese character takes two."""
    return sum(2 if east_asian_width(ch) in "WF" else 1 for ch in text)


def legend_columns(fig: Figure | SubFigure, texts: Sequence[str]) -> int:
    """How many columns of a legend in 7 pt fit into the width of the figure."""
    widest = 0.4 + 0.052 * max(map(places, texts))
    total = 0.1 + sum(0.4 + 0.052 * places(text) for text in texts)
    width = inches(fig)[0]
    return len(texts) if total <= width else max(min(int(width / widest), len(texts) - 1), 1)


def scale(largest: float, lang: Lang) -> tuple[float, str]:
    """Divisor and its word for an axis whose largest value is `largest`: 万 or thousand, ..."""
    steps: tuple[tuple[float, float, str], ...]
    if lang == "zh":
        steps = ((1e8, 1e8, "亿"), (1e4, 1e4, "万"))
    else:
        steps = ((1e6, 1e6, "million"), (1e4, 1e3, "thousand"))
    for at_least, divisor, word in steps:
        if abs(largest) >= at_least:
            return divisor, word
    return 1.0, ""


def number(value: float, lang: Lang) -> str:
    """A count in a text: 548.2万, 5.48 million; three or four figures are plenty."""
    divisor, word = scale(value, lang)
    if divisor == 1.0:
        return plain(value)
    return f"{plain(value / divisor)}{'' if lang == 'zh' else ' '}{word}"


def plain(value: float) -> str:
    """A number with about three figures, thousands parted by commas."""
    size = abs(value)
    if 0 < size < 0.1:
        return f"{value:.2g}"
    digits = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2
    return f"{value:,.{digits}f}"


def number_axis(ax: Axes, divisor: float = 1.0, *, which: str = "y", bins: int = 5) -> None:
    """Ticks of `ax` in units of `divisor`, few and round."""
    axis = ax.yaxis if which == "y" else ax.xaxis
    axis.set_major_locator(MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10], min_n_ticks=3))
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v / divisor:,.6g}".replace("-", "\u2212")))


def year_axis(ax: Axes, years: Any) -> None:
    """Whole years on the x axis, every fifth labelled."""
    first, last = int(min(years)), int(max(years))
    step = 5 if last - first >= 8 else 1
    start = first + (-first % step)
    ax.set_xticks(range(start, last + 1, step))
    ax.set_xlim(first - 0.4, last + 0.4)
    ax.grid(visible=False, axis="x")


def save(fig: Figure, path: Path) -> Path:
    """Write the figure; the ending of `path` is the format. Same figure, same bytes."""
    metadata: dict[str, dict[str, Any]] = {
        "png": {"Software": None},
        "svg": {"Date": None, "Creator": None},
        "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    }
    kind = path.suffix.lstrip(".")
    if kind not in metadata:
        wrong = f"{kind!r} is not a format"
        raise ConfigError(fault("--format", wrong, f"write one of {', '.join(FORMATS)}"))
    extra: dict[str, Any] = {"pil_kwargs": {"compress_level": 2}} if kind == "png" else {}
    with mpl.rc_context({k: v for k, v in _RC.items() if k.startswith(("svg", "pdf", "savefig"))}):
        fig.savefig(path, format=kind, dpi=DPI, metadata=metadata[kind], **extra)
    return path
