"""A figure written to a file: formats, fonts named in it, the same figure the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from sim.charts.glyphs import written_whole
from sim.charts.letters import FONT_FAMILY
from sim.errors import ConfigError, fault

FORMATS = ("png", "svg", "pdf")
# Names that an SVG falls back on where the family is not installed; PDF embeds what it uses.
_FALLBACKS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei")
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
        "png": {"Software": None},
        "svg": {"Date": None, "Creator": None},
        "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    }
    kind = path.suffix.lstrip(".")
    if kind not in metadata:
        wrong = f"{kind!r} is not a format"
        raise ConfigError(fault("--format", wrong, f"write one of {', '.join(FORMATS)}"))
    written_whole(fig)
    extra: dict[str, Any] = {"pil_kwargs": {"compress_level": 2}} if kind == "png" else {}
    now: Any = mpl.rcParams
    kept = ("savefig.facecolor", "savefig.dpi", "font.family")
    how: Any = {**RENDERING, **{key: now[key] for key in kept}}
    with mpl.rc_context(how):
        fig.savefig(path, format=kind, metadata=metadata[kind], **extra)
    if kind == "svg":
        _name_fallbacks(path)
    return path


def _name_fallbacks(path: Path) -> None:
    """Other Chinese families behind the packaged one, which a reader's machine need not have."""
    text = path.read_text(encoding="utf-8")
    family = f"'{FONT_FAMILY}'"
    others = ", ".join(f"'{name}'" for name in _FALLBACKS)
    path.write_text(text.replace(family, f"{family}, {others}, sans-serif"), encoding="utf-8")
