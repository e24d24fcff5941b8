"""Tables on a terminal of any width, or in a pipe, where no name is cut.

On a terminal the first column gives way, no other one is cut.  Where the rest is too wide as well,
each row's name stands on a line of its own above its figures.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Column, Table

from sim.catalogue.language import Lang, label

WIDTH, MOST = 116, 120  # columns where nothing says how wide the terminal is; never more
NARROWEST = 20  # of the first column
ENDLESS = 10 * MOST
_INDENT = 2  # of what goes on of a row in the next line


class Page:
    """Text for a terminal: tables and lines, one after another.

    colour: with terminal colours; by default if stdout is one that has them and NO_COLOR is not set.  width:
    columns; by default the terminal's; in a pipe what COLUMNS says, else as many as the text wants.
    whole: no name is cut; by default in a pipe.
    """

    def __init__(
        self, colour: bool | None = None, width: int | None = None, whole: bool | None = None
    ) -> None:
        piped = width is None and not sys.stdout.isatty()
        self.whole = piped if whole is None else whole
        if width is None:
            width = min(shutil.get_terminal_size((WIDTH, 24)).columns, MOST)
            if piped and not os.environ.get("COLUMNS"):
                width = ENDLESS
        self.width = width
        self._out = io.StringIO()
        if colour is None:
            plain = os.environ.get("NO_COLOR") or Console(file=sys.stdout).is_dumb_terminal
            colour = sys.stdout.isatty() and not plain
        self._console = Console(
            file=self._out,
            width=width,
            force_terminal=colour,
            legacy_windows=False,
            color_system="standard" if colour else None,
            highlight=False,
        )

    def fits(self, table: Table) -> bool:
        """Whether a table is no wider than the page, its first column at its narrowest."""
        first = table.columns[0]
        if self.whole:
            return self._wanted(table) <= self.width
        kept, first.max_width = first.max_width, first.min_width or NARROWEST
        wanted = self._wanted(table)
        first.max_width = kept
        return wanted <= self.width

    def table(self, table: Table, names: Sequence[str] = ()) -> None:
        """Print a table; what does not fit comes off its first column, then the page is wider.

        names: a line above each row, broken where the page ends; "" for none.
        """
        first = table.columns[0]
        excess = self._wanted(table) - self.width
        if excess > 0 and not self.whole and not names:
            widest = first.max_width or self._wanted(table)
            first.max_width = max(first.min_width or NARROWEST, widest - excess)
        self._console.width = max(self.width, self._wanted(table))
        if names:
            self._named(table, names)
        else:
            self._console.print(table)
        self._console.width = self.width

    def line(self, text: str) -> None:
        """Print a line; a long one is left to the terminal."""
        self._console.print(text, soft_wrap=True)

    def text(self) -> str:
        """All that was printed, without blanks at the ends of lines."""
        lines = self._out.getvalue().rstrip().splitlines()
        return "\n".join(line.rstrip() for line in lines)

    def _named(self, table: Table, names: Sequence[str]) -> None:
        """The rows of a table, each below its name; a row too wide goes on in the next line."""
        parts = [self._lines(part) for part in self._parts(table)]
        heads = [part[: len(part) - len(names)] for part in parts]
        for line in (line for head in heads for line in head):
            self._out.write(line + "\n")
        rows = zip(*(part[len(head) :] for part, head in zip(parts, heads, strict=True)), strict=True)
        for name, lines in zip(names, rows, strict=True):
            for text in (*_broken(name, self.width), *(line for line in lines if line.strip())):
                self._out.write(text + "\n")

    def _parts(self, table: Table) -> list[Table]:
        """The columns of a table in as many tables as the page wants, those after the first set in."""
        found: list[Table] = []
        left = list(table.columns)
        while left:
            indent = _INDENT if found else 0
            count = len(left)
            while count > 1 and self._wanted(_of(left[:count], "", indent)) > self.width:
                count -= 1
            found.append(_of(left[:count], "" if found else str(table.title or ""), indent))
            left = left[count:]
        return found

    def _lines(self, table: Table) -> list[str]:
        with self._console.capture() as caught:
            self._console.print(table)
        return caught.get().splitlines()

    def _wanted(self, table: Table) -> int:
        options = self._console.options.update(max_width=ENDLESS)
        return Measurement.get(self._console, options, table).maximum


def bare_table(title: str) -> Table:
    """A table of aligned columns without lines, its title at the left."""
    look: dict[str, Any] = {"title_justify": "left", "header_style": "bold", "title_style": "bold"}
    return Table(title=title, box=None, pad_edge=False, padding=(0, 1, 0, 0), **look)


def _of(columns: Sequence[Column], title: str, indent: int) -> Table:
    """A table of some columns of another, set in by so many places."""
    table = bare_table(title)
    if not title:
        table.title = None
    if indent:
        table.add_column(" " * (indent - 1))
    for column in columns:
        table.add_column(
            column.header,
            justify=column.justify,
            no_wrap=column.no_wrap,
            min_width=column.min_width,
            max_width=column.max_width,
        )
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*([""] if indent else []), *row)
    return table


def add_figures(table: Table, heads: Iterable[tuple[str, str]], lang: Lang) -> None:
    """Columns of figures, at the right; heads: Chinese, English."""
    for zh, en in heads:
        table.add_column(label(zh, en, lang), justify="right", no_wrap=True)


def _broken(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` places, between words where it has any."""
    lines, line = [], ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = ""
        for letter in word:
            if cell_len(line + letter) > width:
                lines.append(line)
                line = ""
            line += letter
    return [*lines, line] if line else lines
