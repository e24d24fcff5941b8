"""A figure written to a file: formats, fonts named in it, the same figure the same bytes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from sim.charts.canvas import Canvas
from sim.charts.glyphs import written_whole
from sim.charts.letters import FONT_FAMILY
from sim.errors import ConfigError, fault
from sim.writing import whole

FORMATS = ("png", "svg", "pdf")
# Names that an SVG falls back on where the family is not installed; PDF embeds what it uses.
_FALLBACKS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei")
_OPAQUE, _METRES_PER_INCH = 255, 0.0254
RENDERING: Any = {
    "font.family": [FONT_FAMILY],
    "svg.fonttype": "none",
    "svg.hashsalt": "healthplan",
    "pdf.fonttype": 42,
    "path.simplify": True,
    "text.parse_math": False,  # a name may hold a dollar sign
}


def save(fig: Figure, path: Path) -> Path:
    """Write the figure; the ending of `path` is the format. Same figure, same bytes.

    A character that the font lacks is drawn as 〓 and named once on stderr.
    """
    metadata: dict[str, dict[str, Any]] = {
        "png": {},
        "svg": {"Date": None, "Creator": None},
        "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    }
    kind = path.suffix.lstrip(".")
    if kind not in metadata:
        wrong = f"{kind!r} is not a format"
        raise ConfigError(fault("--format", wrong, f"write one of {', '.join(FORMATS)}"))
    written_whole(fig)
    now: Any = mpl.rcParams
    kept = ("savefig.facecolor", "savefig.dpi", "font.family")
    how: Any = {**RENDERING, **{key: now[key] for key in kept}}
    with whole(path) as part:
        with mpl.rc_context(how):
            if kind == "png":
                part.write_bytes(_png(fig))
            else:
                fig.savefig(part, format=kind, metadata=metadata[kind])
        if kind == "svg":
            _name_fallbacks(part)
    return path


def _png(fig: Figure) -> bytes:
    """The figure as a PNG: rows unfiltered, which suits flat colours and is quickly deflated.

    Opaque figures go without their channel of opacity.  W3C, Portable Network Graphics (third edition),
    sections 7 to 11.
    """
    now: Any = mpl.rcParams
    dots = fig.dpi if now["savefig.dpi"] == "figure" else float(now["savefig.dpi"])
    if now["savefig.facecolor"] != "auto":
        fig.set_facecolor(now["savefig.facecolor"])
    fig.set_dpi(dots)
    canvas: Any = Canvas(fig)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    height, width = pixels.shape[:2]
    opaque = bool((pixels[..., 3] == _OPAQUE).all())
    channels = 3 if opaque else 4
    # a row's first byte names its filter: none
    rows = np.zeros((height, 1 + width * channels), np.uint8)
    for channel in range(channels):  # one at a time: twice as fast as three of four at once
        rows[:, 1 + channel :: channels] = pixels[..., channel]
    a_metre = int(dots / _METRES_PER_INCH + 0.5)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2 if opaque else 6, 0, 0, 0)),
        (b"pHYs", struct.pack(">IIB", a_metre, a_metre, 1)),
        (b"IDAT", zlib.compress(rows.tobytes(), 2)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, held) for name, held in parts)


def _chunk(name: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))


def _name_fallbacks(path: Path) -> None:
    """Other Chinese families behind the packaged one, which a reader's machine need not have."""
    text = path.read_text(encoding="utf-8")
    family = f"'{FONT_FAMILY}'"
    others = ", ".join(f"'{name}'" for name in _FALLBACKS)
    path.write_text(text.replace(family, f"{family}, {others}, sans-serif"), encoding="utf-8")
