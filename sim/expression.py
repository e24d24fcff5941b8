"""The one language in which tables, sweeps and verdicts name a number of a run.

    expression := quotient {" - " quotient}
    quotient   := term {"/" term}
    term       := series ["." groups] | derived | "plan." indicator
    groups     := group {"+" group} | "*"

`visits.primary/visits.*` is the primary-care share of all visits, `beds_required.tertiary+secondary`
the need in hospitals.  A series with groups that is named alone means its group `total`.
`<resource>_ratio` is available / required, `<resource>_gap` available - required.  `plan.x` is what
the plan itself prints for the indicator x.

Every name is checked when a text is read: against the schema for tables, against the series
themselves in a sweep.  What a text means is a small frozen tree, evaluated leaf by leaf.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.schema import RESOURCES, VARIABLES
from sim.textfile import did_you_mean

Known = Mapping[str, tuple[str, ...] | None]
"""Series -> its groups: () where it has none, None where they are not known yet."""

EVERY = "*"
WHOLE = ("total", "both")  # groups that hold all others
PLAN = "plan"
DERIVED = {"natural_increase": "1/year", "population_increase": "person"}
"""Figures made of several years, with their unit."""
_ENDINGS = ("ratio", "gap")
_TERM = re.compile(r"(?P<name>[A-Za-z]\w*)\s*(?:\.\s*(?P<groups>.+))?")
_SIGNS = re.compile(r"\s+-\s+")


@dataclass(frozen=True)
class Series:
    """A saved series, the sum of some of its groups."""

    name: str
    groups: tuple[str, ...] = ()
    """() for a series without groups, ("*",) for the sum of all."""


@dataclass(frozen=True)
class Derived:
    """A figure made of series of several years."""

    name: str


@dataclass(frozen=True)
class Stated:
    """What the plan itself prints for an indicator at its baseline."""

    indicator: str


@dataclass(frozen=True)
class Quotient:
    """One expression by another; undefined (NaN) where the other is 0."""

    over: Tree
    under: Tree


@dataclass(frozen=True)
class Difference:
    """One expression less another."""

    whole: Tree
    less: Tree


Leaf = Series | Derived | Stated
Tree = Leaf | Quotient | Difference
Fault = tuple[str, str]
"""What is wrong with a text, and what would be right."""


class NotReadableError(ValueError):
    """A text that names nothing; `faults` says each thing that is wrong and the remedy."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{wrong} | {remedy}" for wrong, remedy in faults))
        self.faults = tuple(faults)


def parse(text: str, known: Known, group: str = "", *, of_plan: bool = False) -> Tree:
    """The tree of a text.

    known: the series that there are.  group: taken by each term that names none of its own.
    of_plan: whether `plan.x` may stand in it.
    Raises NotReadableError with every unknown series or group, a group of a series that has none,
    sums that count something twice, and differences between units.
    """
    faults: list[Fault] = []
    parts = [_quotient(part, known, group, of_plan, faults) for part in _SIGNS.split(text.strip())]
    found = [part for part in parts if part is not None]
    if faults:
        raise NotReadableError(faults)
    tree = found[0]
    for less in found[1:]:
        if unit(tree) != unit(less):
            wrong = f"'{text}' takes {unit(less)} from {unit(tree)}"
            raise NotReadableError([(wrong, "two series of one unit")])
        tree = Difference(tree, less)
    return tree


def faults_of(text: str, known: Known, group: str = "", *, of_plan: bool = False) -> tuple[Fault, ...]:
    """What is wrong with a text; () if it can be read."""
    try:
        parse(text, known, group, of_plan=of_plan)
    except NotReadableError as error:
        return error.faults
    return ()


def leaves(tree: Tree) -> Iterator[Leaf]:
    """The series and figures that a tree reads, from left to right."""
    if isinstance(tree, Quotient):
        yield from (*leaves(tree.over), *leaves(tree.under))
    elif isinstance(tree, Difference):
        yield from (*leaves(tree.whole), *leaves(tree.less))
    else:
        yield tree


def evaluate(tree: Tree, read: Callable[[Leaf], Floats | None]) -> Floats | None:
    """Value over draws; read: a leaf's own.  None where a leaf has no value."""
    if isinstance(tree, Quotient):
        over, under = evaluate(tree.over, read), evaluate(tree.under, read)
        if over is None or under is None:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(under != 0, over / under, np.nan)
    if isinstance(tree, Difference):
        whole, less = evaluate(tree.whole, read), evaluate(tree.less, read)
        return None if whole is None or less is None else whole - less
    return read(tree)


def unit(tree: Tree) -> str:
    """Unit of a tree: the schema's, numerator / denominator of a quotient, 1 where both agree."""
    if isinstance(tree, Quotient):
        over, under = unit(tree.over), unit(tree.under)
        if under in ("1", ""):
            return over
        return "1" if over == under else f"{over}/{under}"
    if isinstance(tree, Difference):
        return unit(tree.whole)
    if isinstance(tree, Series):
        return VARIABLES[tree.name].units if tree.name in VARIABLES else "1"
    return DERIVED[tree.name] if isinstance(tree, Derived) else ""


def written(tree: Tree) -> str:
    """A tree as text that reads as the same tree."""
    if isinstance(tree, Quotient):
        return f"{written(tree.over)}/{written(tree.under)}"
    if isinstance(tree, Difference):
        return f"{written(tree.whole)} - {written(tree.less)}"
    if isinstance(tree, Series):
        return f"{tree.name}.{'+'.join(tree.groups)}" if tree.groups else tree.name
    return tree.name if isinstance(tree, Derived) else f"{PLAN}.{tree.indicator}"


def combined(known: Known) -> dict[str, tuple[str, ...]]:
    """`<resource>_ratio` and `_gap` that these series allow, with the groups of both sides."""
    found = {}
    for name in RESOURCES:
        need, supply = known.get(f"{name}_required", ...), known.get(f"{name}_available", ...)
        if isinstance(need, tuple) and isinstance(supply, tuple):
            for ending in _ENDINGS:
                found[f"{name}_{ending}"] = tuple(g for g in supply if g in need)
    return found


def _quotient(text: str, known: Known, group: str, of_plan: bool, faults: list[Fault]) -> Tree | None:
    parts = [_term(part.strip(), known, group, of_plan, faults) for part in text.split("/")]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    tree = found[0]
    for under in found[1:]:
        tree = Quotient(tree, under)
    return tree


def _term(text: str, known: Known, group: str, of_plan: bool, faults: list[Fault]) -> Tree | None:
    form = _TERM.fullmatch(text)
    if form is None:
        remedy = "write series[.group], a quotient a/b or a difference 'a - b' of them"
        faults.append((f"'{text}' is no series", remedy))
        return None
    name, own = form["name"], (form["groups"] or "").strip()
    if of_plan and name == PLAN and own:
        return Stated(own)
    if name in DERIVED:
        if own or group not in ("", "total"):
            faults.append((f"{name} has no groups, so no '{own or group}'", f"write {name}"))
        return Derived(name)
    asked = own or group
    stem, _, ending = name.rpartition("_")
    if name not in known and ending in _ENDINGS and f"{stem}_available" in known:
        sides = [_series(f"{stem}_{s}", asked, known, faults) for s in ("available", "required")]
        if sides[0] is None or sides[1] is None:
            return None
        kind = Quotient if ending == "ratio" else Difference
        return kind(sides[0], sides[1])
    return _series(name, asked, known, faults)


def _series(name: str, asked: str, known: Known, faults: list[Fault]) -> Series | None:
    if name not in known:
        pairs = [f"{r}_{e}" for r in RESOURCES for e in _ENDINGS if f"{r}_available" in known]
        names = [*known, *pairs, *DERIVED]
        faults.append((f"no series '{name}'", did_you_mean(name, names)))
        return None
    labels = known[name]
    if labels == ():
        if asked not in ("", "total"):
            faults.append((f"{name} has no groups, so no '{asked}'", f"write {name}"))
            return None
        return Series(name)
    groups = split(asked or "total", labels)
    wrong = _groups_wrong(name, groups, labels)
    if wrong is not None:
        faults.append(wrong)
        return None
    return Series(name, groups)


def split(text: str, labels: Sequence[str] | None) -> tuple[str, ...]:
    """Groups of a sum: `0-2+65+` are 0-2 and 65+ where those are labels."""
    if not labels or text in labels or text == EVERY:
        return (text,) if labels or "+" not in text else tuple(text.split("+"))
    for label in sorted(labels, key=len, reverse=True):
        if text.startswith(f"{label}+"):
            return (label, *split(text[len(label) + 1 :], labels))
    first, _, rest = text.partition("+")
    return (first, *(split(rest, labels) if rest else ()))


def _groups_wrong(name: str, groups: Sequence[str], labels: Sequence[str] | None) -> Fault | None:
    several = len(groups) > 1 or groups[0] == EVERY
    if several and name in VARIABLES and VARIABLES[name].kind == "index":
        return f"{name} is a mean: its groups do not add up", f"name one of {', '.join(labels or groups)}"
    for group in groups:
        if groups.count(group) > 1:
            return f"{name}: {group} stands twice in the sum", "name each group once"
    if labels is None:
        if groups[0] == "total":
            return f"{name} has no total", f"write {name}.GROUP, or {name}.* for all"
        return None
    whole = next((w for w in WHOLE if w in labels), None)
    if several and whole and (whole in groups or groups[0] == EVERY):
        return f"{name}.{'+'.join(groups)} counts people twice: {whole} holds all", f"write {name}.{whole}"
    for group in groups:
        if group != EVERY and group not in labels:
            if group == "total":
                return f"{name} has no group 'total'", f"write {name}.{labels[0]}; it has {', '.join(labels)}"
            return f"{name} has no group '{group}'", did_you_mean(group, labels)
    return None
