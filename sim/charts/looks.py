"""Looks of lines that stand together: each scenario by colour, dash and mark, in grey print too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.charts.style import ROLES, tint

# Dashes and marks come in pairs that differ, so that grey print tells the first 28 lines apart;
# with the colours round them 196 are, and every further one takes a mark of its own.
DASHES: tuple[Any, ...] = ((0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)), (0, (9, 2)))
MARKS = ("o", "s", "^", "D", "v", "P", "X")
TOGETHER = 6  # scenarios beside the main one that one pair of axes can carry
EVERY = 3  # years from mark to mark


@dataclass(frozen=True)
class Look:
    """How one line is drawn."""

    colour: str
    dash: Any
    mark: Any
    width: float
    start: int
    filled: bool = False

    @property
    def face(self) -> str:
        """The colour inside a mark."""
        return self.colour if self.filled else "white"

    def line(self) -> dict[str, Any]:
        """Keywords of `plot` and of a legend's line."""
        style: dict[str, Any] = {"color": self.colour, "ls": self.dash, "lw": self.width}
        if self.mark is not None:
            style |= {"marker": self.mark, "ms": 3, "mfc": self.face, "mew": 0.7}
        return style

    def point(self) -> dict[str, Any]:
        """Keywords of `plot` for marks alone, where lines have no meaning."""
        return {
            "color": self.colour,
            "marker": self.mark,
            "ms": 4.2,
            "mfc": self.face,
            "mew": 1.0,
            "ls": "",
        }

    def drawn(self) -> dict[str, Any]:
        """Keywords of `plot`: a mark every few years, not on the same years for all."""
        return self.line() | ({"markevery": (self.start, EVERY)} if self.mark is not None else {})


def looks(names: Sequence[str], main: str) -> dict[str, Look]:
    """The look of each scenario: the main one solid and broad, no two others alike."""
    found = {main: Look(tint(ROLES[0]), "-", None, 1.8, 0)}
    for i, name in enumerate(name for name in names if name != main):
        found[name] = _look(i)
    return found


def _look(i: int) -> Look:
    pairs = len(DASHES) * len(MARKS)
    hues = len(ROLES) - 1
    colour = tint(ROLES[1 + (i + i // pairs) % hues])
    # beyond what colours can do, the number itself is the mark
    mark = MARKS[i % len(MARKS)] if i < pairs * hues else f"${i}$"
    return Look(
        colour,
        DASHES[(i % len(MARKS) + i // len(MARKS)) % len(DASHES)],
        mark,
        1.0,
        i % EVERY,
        bool(i // len(MARKS) % 2),
    )


def together(names: Sequence[str], main: str) -> list[list[str]]:
    """The other scenarios in groups that one pair of axes can carry; one empty group if none."""
    others = [name for name in names if name != main]
    groups = max(-(-len(others) // TOGETHER), 1)
    size = -(-len(others) // groups) if others else 0
    return [others[g * size : (g + 1) * size] for g in range(groups)]
