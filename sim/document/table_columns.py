"""Columns of a document's table."""

from __future__ import annotations

from collections.abc import Sequence

from sim.document.blocks import NONE


def filled(
    heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> tuple[list[str], list[list[str]], list[float]]:
    """A table without the columns that no row fills: of a target due in the base year nothing is built."""
    kept = [c for c in range(len(heads)) if any(row[c] != NONE for row in rows)]
    return [heads[c] for c in kept], [[row[c] for c in kept] for row in rows], [widths[c] for c in kept]
