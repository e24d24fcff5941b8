"""Tables and figures of the page in Markdown."""

from __future__ import annotations

from collections.abc import Sequence


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table with a line of names."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def pct(share: float, digits: int) -> str:
    """A share as per cent."""
    return f"{100 * float(share):.{digits}f} %"


def signed(share: float) -> str:
    """A relative error as per cent with its sign."""
    return f"{100 * float(share):+.1f} %"
