"""Mutants of the science core, in pieces: `python -m reliability.mutants SECONDS [again] [ROOM]... [SEED]`.

A mutant is one change of the source: a sign, a comparison, a number, a bound dropped, a branch always or
never taken, a negation lost.  It is killed if a test that executes the changed line fails (cover.py knows
which do), and lives otherwise.  Mutants are drawn in the random order of a SEED (1 unless given), the rooms
in turn; each outcome is kept in mutants.csv with the seed that drew it first, and the next call goes on from
there.  A survivor is either equivalent (no input tells it apart) or wants a law: `why` in mutants.csv says
which, and is kept.
"""

from __future__ import annotations

import ast
import copy
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from paths import ROOT, SIM

RESULTS = ROOT / "tests" / "reliability" / "mutants.csv"
ROOMS = ("demography", "burden", "demand", "supply", "adequacy", "params")
MODULES = {"params": ("sample.py",)}
"""Of a room only these modules."""
_SAID = {"fault", "ValueError", "ParameterError", "ConfigError", "SchemaError", "label", "did_you_mean"}
_BOUNDS = {"clip", "maximum", "minimum", "max", "min", "fmax", "fmin"}
_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True)
class Mutant:
    """One change of a module."""

    id: str
    module: Path
    outer: str
    """Outermost function that the change stands in, with its class; empty for none."""
    lines: range
    """Lines of the statement that is changed."""
    line: int
    was: str
    changed: str
    at: int
    """Which of the places of the module."""
    kind: int | None
    """Which of the changes of this place; None for none."""

    @cached_property
    def tree(self) -> ast.Module:
        """The module with the change."""
        tree = ast.parse(self.module.read_text("utf-8"))
        node = _places(tree)[self.at].node
        if self.kind is None:
            return tree
        _become(node, list(_changes(node))[self.kind][1])
        return ast.fix_missing_locations(tree)


@dataclass(frozen=True)
class Place:
    """A node that may change."""

    node: ast.expr | ast.If
    within: str
    """Classes and functions that it stands in."""
    outer: str
    lines: range


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    count: dict[str, int] = {}
    room = path.relative_to(SIM).as_posix()
    for at, place in enumerate(_places(ast.parse(path.read_text("utf-8")))):
        node = place.node
        was = ast.unparse(node)
        for kind, (called, new) in enumerate(_changes(node)):
            key = f"{room}:{place.within}:{called}"
            count[key] = count.get(key, 0) + 1
            told = (_said(node), _said(new))
            yield Mutant(
                f"{key}:{count[key]}",
                path,
                place.outer,
                place.lines,
                node.lineno,
                was[:90] if len(told[0]) > len(told[1]) + 90 else told[0][:90],
                told[1][:90],
                at,
                kind,
            )


def _said(node: ast.AST) -> str:
    return ast.unparse(node).split("\n")[0]


def _places(tree: ast.Module) -> list[Place]:
    """Nodes that may change, with what they stand in; what is said to users is left out."""
    found: list[Place] = []

    def walk(node: ast.AST, within: str, outer: str, lines: range) -> None:
        if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr | ast.Import | ast.ImportFrom):
            return
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in _SAID:
            return
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inside = f"{within}.{node.name}".lstrip(".")
            if isinstance(node, ast.FunctionDef) and not outer:
                outer = inside
            for child in node.body:
                walk(child, inside, outer, lines)
            return
        if isinstance(node, ast.AnnAssign):
            if node.value is not None:
                walk(node.value, within, outer, _span(node))
            return
        if isinstance(node, ast.If):
            found.append(Place(node, within, outer, _span(node.test)))
        elif isinstance(node, ast.stmt) and not hasattr(node, "body"):
            lines = _span(node)
        elif isinstance(node, ast.expr):
            lines = lines or _span(node)
            found.append(Place(node, within, outer, lines))
        inner = _span(node.test) if isinstance(node, ast.If | ast.While) else lines
        for child in ast.iter_child_nodes(node):
            walk(child, within, outer, inner if isinstance(child, ast.expr) else range(0))

    walk(tree, "", "", range(0))
    return found


def _span(node: ast.expr | ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a node may become, by kind."""
    if isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in _SWAPS:
        if isinstance(node, ast.BinOp) and _text(node):
            return
        yield type(node.op).__name__, _with(node, op=_SWAPS[type(node.op)]())
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _SWAPS:
        yield type(node.ops[0]).__name__, _with(node, ops=[_SWAPS[type(node.ops[0])]()])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield type(node.op).__name__, node.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        more = node.value * 1.1 if isinstance(node.value, float) and node.value else node.value + 1
        yield "number", ast.copy_location(ast.Constant(more), node)
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in _BOUNDS:
        kept = node.args[0] if node.args else None
        if isinstance(node.func, ast.Attribute) and not _library(node.func.value):
            kept = node.func.value if node.func.attr == "clip" else None
        if kept is not None and len(node.args) + len(node.keywords) > (0 if kept is not node.args[:1] else 1):
            yield "bound", kept
    elif isinstance(node, ast.If):
        yield "always", _with(node, test=ast.Constant(True))
        yield "never", _with(node, test=ast.Constant(False))


def _library(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "xr")


def _text(node: ast.BinOp) -> bool:
    """Whether it joins words or divides a path: no arithmetic."""
    sides = (node.left, node.right)
    return any(isinstance(s, ast.JoinedStr) or isinstance(getattr(s, "value", None), str) for s in sides)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _become(target: ast.AST, new: ast.AST) -> None:
    """Change a node in place into a copy of another."""
    new = copy.deepcopy(new)
    target.__class__ = new.__class__  # type: ignore[assignment]
    kept = {name: getattr(target, name) for name in ("lineno", "col_offset") if hasattr(target, name)}
    target.__dict__.clear()
    target.__dict__.update({**new.__dict__, **kept})


def sample(rooms: Sequence[str], seed: int = 1) -> list[Mutant]:
    """Every mutant of the rooms that stands in a function, in turn, each in a seed's random order."""
    piles = []
    for room in rooms:
        pile = [m for path in modules(room) for m in mutants(path) if m.outer]
        random.Random(seed).shuffle(pile)
        piles.append(pile)
    return [pile[i] for i in range(max(map(len, piles))) for pile in piles if i < len(pile)]


def modules(room: str) -> list[Path]:
    """The modules of a room that are changed."""
    files = sorted((SIM / room).glob("*.py"))
    return [p for p in files if p.name in MODULES.get(room, (p.name,))]


def main() -> None:
    """SECONDS [ROOM]... [SEED]; `again` for rooms: the survivors once more, after laws were added."""
    from reliability.mutant_runs import run

    seconds, *asked = sys.argv[1:]
    seed = next((int(a) for a in asked if a.isdigit()), 1)
    rooms = [a for a in asked if a in ROOMS]
    run(float(seconds), rooms or ROOMS, "again" in asked, seed)


if __name__ == "__main__":
    main()
