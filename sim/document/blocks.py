"""What a document is made of: headings, paragraphs, tables and figures, in one order for every format.

A paragraph refers to a table or figure as `[[key]]`; the writer numbers them in the order in which they
stand and puts "表1" or "Table 1" there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.catalogue.language import Lang, label
from sim.errors import ConfigError, fault

NONE = "—"
"""In a cell without a figure."""
REFERENCE = re.compile(r"\[\[(\w+)\]\]")


@dataclass(frozen=True)
class Heading:
    """level 1: 一、 2: （一） 3: 1. as the layout of official documents numbers them."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """A paragraph; `lead` is set in bold before it."""

    text: str
    lead: str = ""
    detail: bool = False
    """Set smaller: what a reader looks up, not what he reads through."""


@dataclass(frozen=True)
class Table:
    """Cells are texts; columns named in `right` are aligned right.  widths: shares of the text's width.

    roomy: columns that a screen without room for all leaves out.
    """

    key: str
    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    right: frozenset[int] = frozenset()
    note: str = ""
    roomy: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Picture:
    """A chart from a file; `said` is what it shows, for readers who do not see it."""

    key: str
    caption: str
    file: Path
    said: str = ""
    width: float = 1.0
    """Of the text's width."""
    note: str = ""
    """What its lines are and where its figures come from, below the caption."""


Block = Heading | Text | Table | Picture


@dataclass(frozen=True)
class Document:
    """Title (in lines that part where its sense does), the line below it, and the blocks in their order."""

    title: str
    subtitle: str
    blocks: Sequence[Block]
    lang: Lang
    numbers: dict[str, tuple[str, int]] = field(init=False)
    """key -> (表 or 图, its number)."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", numbered(self.blocks, self.lang))


def numbered(blocks: Iterable[Block], lang: Lang) -> dict[str, tuple[str, int]]:
    """Word and number of each table and figure, each kind counted from 1.

    Raises ConfigError where two have one key, or a paragraph refers to none.
    """
    found: dict[str, tuple[str, int]] = {}
    counts = {"table": 0, "figure": 0}
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, Text):
            texts.append(block.text)
        if not isinstance(block, Table | Picture):
            continue
        kind = "table" if isinstance(block, Table) else "figure"
        if block.key in found:
            raise ConfigError(fault("document", f"two blocks are called {block.key!r}", "rename one"))
        counts[kind] += 1
        word = label("表", "Table\u00a0", lang) if kind == "table" else label("图", "Figure\u00a0", lang)
        found[block.key] = (word, counts[kind])
    for text in texts:
        for key in REFERENCE.findall(text):
            if key not in found:
                raise ConfigError(fault("document", f"refers to {key!r}", f"one of {', '.join(found)}"))
    return found
