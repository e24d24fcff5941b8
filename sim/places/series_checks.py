"""Whether the figures of a table can be: one kind of check for every table of counts by year.

A figure stated twice, one out of its bounds, one too far from the figure before it, a part above its whole.
Which figures there are, what bounds them and whose part they are is what the tables differ in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from sim.errors import fault
from sim.magnitude import looks, shifts
from sim.params.units import PER_1000

_NEAR = 0.7, 1.4  # a figure in another unit, mended, over the one before it
_WHOLE = 1000  # from which on a number is shown as a whole one


class Figure(NamedTuple):
    """A figure as it stands in a table."""

    file: Path
    at: str
    """The row."""
    called: str
    """What it is a figure of, with the word that the year follows: births of."""
    series: tuple[str, ...]
    """The same as keys."""
    year: int
    value: float
    """As printed."""

    @property
    def place(self) -> str:
        """File, row and what the figure is of."""
        return f"{self.file}: {self.at}: {self.called} {self.year}"


class Bound(NamedTuple):
    """Between which values a figure lies."""

    low: float
    high: float
    unit: str
    people: float | None = None
    """Residents that it lies per 1000 of; None where it is bounded itself, in its unit."""


class Found(NamedTuple):
    """A fault, and the figures that it is about, the doubtful one last."""

    said: str
    figures: tuple[Figure, ...]


Ends = tuple[float, float]


def said(found: Iterable[Found]) -> list[str]:
    """The faults as lines."""
    return [one.said for one in found]


def twice(figures: Iterable[Figure]) -> list[Found]:
    """Figures of a series and year that stand there already."""
    first: dict[tuple[tuple[str, ...], int], Figure] = {}
    found = []
    for figure in figures:
        before = first.setdefault((figure.series, figure.year), figure)
        if before is not figure:
            wrong = f"{shown(figure.value)} stands beside {shown(before.value)} of {before.at}"
            found.append(Found(fault(figure.place, wrong, "keep one of them"), (before, figure)))
    return found


def outside(figures: Iterable[Figure], bound_of: Callable[[Figure], Bound | None]) -> list[Found]:
    """Figures out of their bounds.  bound_of: None for a figure that nothing bounds."""
    found = []
    for figure in figures:
        bound = bound_of(figure)
        if bound is None:
            continue
        measured = figure.value / (1.0 if bound.people is None else bound.people / PER_1000)
        if bound.low <= measured <= bound.high:
            continue
        wrong, unit = f"{shown(figure.value)} {bound.unit}", ""
        if bound.people is not None:
            unit = " per 1000"
            wrong = f"{shown(figure.value)} is {measured:.4g}{unit} of {bound.people:.0f} residents"
        hint = looks(shifts(measured, bound.low, bound.high))
        remedy = f"want {short(bound.low)} to {short(bound.high)}{unit}{hint}"
        found.append(Found(fault(figure.place, wrong, remedy), (figure,)))
    return found


def steps(
    figures: Iterable[Figure], ends_of: Callable[[tuple[str, ...]], Ends | None], else_: str = ""
) -> list[Found]:
    """Figures too far from the one before in their series.

    ends_of: least and most ratio of a year of a series; None where any will do.  else_: what else than
    another figure would be right.
    """
    by_series: dict[tuple[str, ...], list[Figure]] = {}
    for figure in figures:
        by_series.setdefault(figure.series, []).append(figure)
    found = []
    for series, own in by_series.items():
        ends = ends_of(series)
        for before, figure in pairwise(sorted(own, key=lambda f: f.year) if ends else ()):
            if ends and figure.year > before.year and before.value > 0:
                years = figure.year - before.year
                wanted = before.value * ends[0] ** years, before.value * ends[1] ** years
                of = str(before.year)
                told = apart(figure, before.value, of, wanted, else_)
                found += [Found(told, (before, figure))] if told else []
    return found


def apart(figure: Figure, other: float, of: str, wanted: Ends, else_: str = "") -> str:
    """What is wrong with a figure that is not between `wanted`, beside another, above 0; empty if it is.

    of: what the other figure is of.
    """
    if wanted[0] <= figure.value <= wanted[1]:
        return ""
    ratio = figure.value / other
    wrong = f"{shown(figure.value)} is {ratio:.3g} times the {shown(other)} of {of}"
    hint = looks(shifts(ratio, *_NEAR))
    return fault(figure.place, wrong, f"want {short(wanted[0])} to {short(wanted[1])}{hint}{else_}")


def above(
    figures: Iterable[Figure], wholes_of: Callable[[Figure], Sequence[tuple[str, Figure]]], off: float = 1.0
) -> list[Found]:
    """Parts that are more than their whole.

    wholes_of: the wholes of a figure that the table has, each with what it is called.  off: how many times
    the whole a part may be, as figures are rounded.
    """
    found = []
    for figure in figures:
        for name, whole in wholes_of(figure):
            if figure.value > off * whole.value:
                wrong = f"{shown(figure.value)} is more than {name} of that year"
                remedy = f"at most {shown(whole.value)} ({whole.at})"
                found.append(Found(fault(figure.place, wrong, remedy), (whole, figure)))
    return found


def shown(value: float) -> str:
    """A figure as a table prints it."""
    return f"{value:.0f}" if float(value).is_integer() or value >= _WHOLE else f"{value:.10g}"


def short(value: float) -> str:
    """A figure that was computed: whole, or to four digits."""
    return f"{value:.0f}" if abs(value) >= _WHOLE else f"{value:.4g}"
