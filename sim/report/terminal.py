"""Tables on a terminal of any width: the first column gives way, no other column is cut."""

from __future__ import annotations

import io
import shutil
import sys

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

WIDTH, MOST = 116, 120  # columns where nothing says how wide the terminal is; never more
NARROWEST = 20  # of the first column


class Page:
    """Text for a terminal: tables and lines, one after another.

    colour: with terminal colours; by default if stdout is a terminal.  width: columns; by default
    the terminal's.
    """

    def __init__(self, colour: bool | None = None, width: int | None = None) -> None:
        if width is None:
            width = min(shutil.get_terminal_size((WIDTH, 24)).columns, MOST)
        self._width = width
        self._out = io.StringIO()
        coloured = sys.stdout.isatty() if colour is None else colour
        self._console = Console(
            file=self._out,
            width=width,
            force_terminal=coloured,
            legacy_windows=False,
            color_system="standard" if coloured else None,
            highlight=False,
        )

    def table(self, table: Table) -> None:
        """Print a table; what does not fit comes off its first column, then the page is wider."""
        first = table.columns[0]
        excess = self._wanted(table) - self._width
        if excess > 0:
            widest = first.max_width or self._wanted(table)
            first.max_width = max(first.min_width or NARROWEST, widest - excess)
        self._console.width = max(self._width, self._wanted(table))
        self._console.print(table)
        self._console.width = self._width

    def line(self, text: str) -> None:
        """Print a line; a long one is left to the terminal."""
        self._console.print(text, soft_wrap=True)

    def text(self) -> str:
        """All that was printed, without blanks at the ends of lines."""
        lines = self._out.getvalue().rstrip().splitlines()
        return "\n".join(line.rstrip() for line in lines)

    def _wanted(self, table: Table) -> int:
        options = self._console.options.update(max_width=10 * MOST)
        return Measurement.get(self._console, options, table).maximum
