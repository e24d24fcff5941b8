"""Mutants of the science core, in pieces and resumable: `python -m reliability.mutants SECONDS [ROOM]...`.

A mutant is one change of the source: a sign, a comparison, a number, a bound dropped, a branch always or
never taken, a negation lost.  It is killed if the nearest tests fail (the room's own, then the laws named in
LAWS), and lives otherwise.  Mutants are drawn in a fixed random order; each outcome is kept in mutants.csv,
and the next call goes on from there.  A survivor is either equivalent (no input tells it apart) or wants a
law: `why` in mutants.csv says which, and is kept.
"""

from __future__ import annotations

import ast
import copy
import csv
import importlib.abc
import importlib.util
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from paths import ROOT, SIM, read_rows

RESULTS = ROOT / "tests" / "reliability" / "mutants.csv"
COLUMNS = ("id", "line", "was", "is", "outcome", "equivalent", "why")
ROOMS = ("demography", "burden", "demand", "supply", "adequacy", "params")
MODULES = {"params": ("sample.py",)}
"""Of a room only these modules."""
LAWS = {
    "demography": ("test_bounds.py", "test_exact.py", "test_methods.py", "test_refusals.py"),
    "burden": ("test_bounds.py", "test_exact.py", "test_refusals.py"),
    "demand": ("test_bounds.py", "test_exact.py", "test_methods.py", "test_refusals.py"),
    "supply": ("test_bounds.py", "test_methods.py", "test_refusals.py"),
    "adequacy": ("test_verdict_edges.py", "test_bounds.py"),
}
CPU = 240  # seconds of a mutant's tests: one that runs longer loops for ever
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
    line: int
    was: str
    tree: ast.Module
    changed: str


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(path.read_text("utf-8"))
    count: dict[str, int] = {}
    room = path.relative_to(SIM).as_posix()
    for at, (node, place) in enumerate(_places(tree)):
        for kind, new in _changes(node):
            other = copy.deepcopy(tree)
            target = next(n for i, (n, _) in enumerate(_places(other)) if i == at)
            was = ast.unparse(node)
            _become(target, new)
            key = f"{room}:{place}:{kind}"
            count[key] = count.get(key, 0) + 1
            name = f"{key}:{count[key]}"
            yield Mutant(
                name, path, node.lineno, was[:90], ast.fix_missing_locations(other), _said(target)[:90]
            )


def _said(node: ast.AST) -> str:
    return ast.unparse(node).split("\n")[0]


def _places(tree: ast.Module) -> list[tuple[ast.expr | ast.stmt, str]]:
    """Nodes that may change, with the function that they stand in; what is said to users is left out."""
    found: list[tuple[ast.expr | ast.stmt, str]] = []

    def walk(node: ast.AST, place: str) -> None:
        if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr | ast.Import | ast.ImportFrom):
            return
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in _SAID:
            return
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            place = f"{place}.{node.name}".lstrip(".")
            for child in node.body:
                walk(child, place)
            return
        if isinstance(node, ast.AnnAssign):
            if node.value is not None:
                walk(node.value, place)
            return
        if isinstance(node, ast.expr | ast.If):
            found.append((node, place))
        for child in ast.iter_child_nodes(node):
            walk(child, place)

    walk(tree, "")
    return found


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
        yield "number", ast.Constant(more)
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


class _Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module its mutated source."""

    def __init__(self, mutant: Mutant) -> None:
        parts = mutant.module.relative_to(ROOT).with_suffix("").parts
        self.name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        self.mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        """The mutated module only."""
        if name != self.name:
            return None
        inside = self.mutant.module.name == "__init__.py"
        spec = importlib.util.spec_from_loader(name, self, origin=str(self.mutant.module), is_package=inside)
        if spec is not None and inside:
            spec.submodule_search_locations = [str(self.mutant.module.parent)]
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Run the mutated source."""
        module.__file__ = str(self.mutant.module)
        exec(compile(self.mutant.tree, str(self.mutant.module), "exec"), module.__dict__)


def tests_of(path: Path) -> list[str]:
    """The nearest tests first: of the module, of its room, then laws."""
    room = path.relative_to(SIM).parts[0]
    folder = ROOT / "tests" / room
    own = folder / f"test_{path.stem}.py"
    others = sorted(p for p in folder.glob("test_*.py") if p != own)
    if room == "params":
        others = [p for p in others if "sample" in p.name or "distribution" in p.name]
    laws = [ROOT / "tests" / "laws" / name for name in LAWS.get(room, ())]
    return [str(p) for p in (own, *others, *laws) if p.is_file()]


def passing(rooms: Sequence[str]) -> None:
    """Refuse to begin where the tests fail without any change: everything would seem killed."""
    for room in rooms:
        path = SIM / room / MODULES.get(room, ("__init__.py",))[0]
        if outcome(Mutant("none", path, 0, "", ast.parse(path.read_text("utf-8")), "")) != "survived":
            raise SystemExit(f"the tests of {room} fail on the source as it is")


def outcome(mutant: Mutant) -> str:
    """killed or survived, in a process of its own."""
    child = os.fork()
    if child == 0:
        _run(mutant)
    limit, begun = 6 * CPU, time.monotonic()
    while time.monotonic() - begun < limit:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return "survived" if code == 0 else "killed"
        time.sleep(0.2)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "killed"


def _run(mutant: Mutant) -> None:
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    sys.meta_path.insert(0, _Loader(mutant))
    code = 1
    try:
        code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *tests_of(mutant.module)])
    finally:
        os._exit(int(code))


def sample(rooms: Sequence[str]) -> list[Mutant]:
    """Every mutant of the rooms, each room in a fixed random order, the rooms in turn."""
    piles = []
    for room in rooms:
        files = sorted((SIM / room).glob("*.py"))
        chosen = [p for p in files if p.name in MODULES.get(room, (p.name,))]
        pile = [m for path in chosen for m in mutants(path)]
        random.Random(1).shuffle(pile)
        piles.append(pile)
    return [pile[i] for i in range(max(map(len, piles))) for pile in piles if i < len(pile)]


def main() -> None:
    """SECONDS [ROOM]...; `again` for rooms: the survivors once more, after laws were added."""
    import hypothesis  # noqa: F401 loaded once for all mutants
    import netCDF4  # noqa: F401
    import pandas  # noqa: F401
    import pytest  # noqa: F401
    import scipy.stats  # noqa: F401
    import xarray  # noqa: F401

    until = time.monotonic() + float(sys.argv[1])
    again = sys.argv[2:] == ["again"]
    rooms = ROOMS if again or not sys.argv[2:] else sys.argv[2:]
    held = {row["id"]: row for row in read_rows(RESULTS)} if RESULTS.is_file() else {}
    passing(rooms)
    for mutant in sample(rooms):
        before = held.get(mutant.id)
        wanted = before is not None and before["outcome"] == "survived" and not before["equivalent"]
        if time.monotonic() > until or (not wanted if again else before is not None):
            continue
        found = outcome(mutant)
        kept = {"equivalent": "", "why": ""} if before is None else before
        told = {
            "id": mutant.id,
            "line": mutant.line,
            "was": mutant.was,
            "is": mutant.changed,
            "outcome": found,
        }
        held[mutant.id] = {**told, "equivalent": kept["equivalent"], "why": kept["why"]}
        print(f"{found}: {mutant.id} line {mutant.line}: {mutant.was} -> {mutant.changed}", flush=True)
        with RESULTS.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(held[name] for name in sorted(held))


if __name__ == "__main__":
    main()
