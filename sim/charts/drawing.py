"""Figures put into a folder: the options that every kind of chart takes, known once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sized
from pathlib import Path
from typing import NamedTuple, TypedDict

from matplotlib.figure import Figure

from sim.catalogue.language import Lang
from sim.charts.files import FORMATS, save
from sim.charts.names import chart_file
from sim.charts.style import headed, use
from sim.errors import ConfigError, fault


class Options(TypedDict, total=False):
    """How charts are drawn, whatever they show."""

    lang: str
    """zh, unless given."""
    fmt: str
    """png, unless given."""
    title: str | None
    """In place of the chart's own."""
    subtitle: bool
    """With the grey line below the title, unless False."""
    style: Path | None
    """A matplotlib style file over the house's."""


class Sheet(NamedTuple):
    """One figure to be drawn."""

    name: str
    """Of its file."""
    place: Mapping[str, str]
    """What else its file's name carries: region, scenario."""
    draw: Callable[[Lang], Figure]


def refuse_title(chosen: Sized, title: str | None, what: str) -> None:
    """Raises ConfigError where one title is asked for several charts."""
    if title is not None and len(chosen) > 1:
        wrong = f"{title!r} for {len(chosen)} charts"
        raise ConfigError(fault("--title", wrong, f"choose one {what} with --chart NAME"))


def draw_into(
    folder: Path,
    sheets: Iterable[Sheet],
    *,
    lang: str = "zh",
    fmt: str = "png",
    title: str | None = None,
    subtitle: bool = True,
    style: Path | None = None,
) -> list[Path]:
    """Draw each figure into the folder, which is made; returns the files written.

    Raises ConfigError for an unknown format, language or style.
    """
    if fmt not in FORMATS:
        raise ConfigError(fault("--format", f"{fmt!r} is not a format", f"write one of {', '.join(FORMATS)}"))
    written = []
    with use(lang, style) as language:
        folder.mkdir(exist_ok=True)
        for sheet in sheets:
            fig = sheet.draw(language)
            headed(fig, title, subtitle)
            written.append(save(fig, folder / chart_file(sheet.name, lang, fmt, **sheet.place)))
    return written
