"""The tests lie as the code does: a folder a room, and what they share stands once."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from paths import ROOT, SIM

TESTS = ROOT / "tests"
ROOMS = {p.parent.name for p in SIM.glob("*/__init__.py")}
# what no single room answers for
ACROSS = {"benchmarks", "docs", "laws", "refusals", "reliability"}
FILES = sorted(TESTS.rglob("test_*.py"))
_HELPER = re.compile(r"^from (\w+) import", re.MULTILINE)


def text(path: Path) -> str:
    """A test with the helpers beside it that it imports."""
    own = path.read_text(encoding="utf-8")
    helpers = [TESTS / f"{name}.py" for name in _HELPER.findall(own)]
    return own + "".join(h.read_text(encoding="utf-8") for h in helpers if h.is_file())


def test_every_room_has_its_folder():
    folders = {p.relative_to(TESTS).parts[0] for p in FILES if p.parent != TESTS}
    assert folders - ACROSS == ROOMS


def test_a_test_lies_in_the_room_that_it_tests():
    strange = []
    for path in (p for p in FILES if p.parent != TESTS):
        room = path.relative_to(TESTS).parts[0]
        named = rf'\bsim\.{room}\b|from sim import .*\b{room}\b|"{room}"'  # imported, or called as a command
        if room not in ACROSS and not re.search(named, text(path)):
            strange.append(path.relative_to(TESTS).as_posix())
    assert strange == []


@pytest.mark.parametrize(
    "known_once", [r"__file__\)\S*parents", r"csv\.DictReader\((file|handle|\S+open)", r"sys\.path"]
)
def test_where_things_lie_and_how_a_table_is_read_is_known_once(known_once: str):
    others = [p for p in TESTS.rglob("*.py") if p.name not in ("paths.py", "test_layout.py")]
    again = [p.name for p in others if re.search(known_once, p.read_text(encoding="utf-8"))]
    assert again == []


# A function is read in one piece up to here, its description not counted; longer ones say why they stay.
LONGEST = 45
LONG = {
    "evidence/backtest.py backtest": "fit and projection share every name of a backtest",
    "commands/sweep.py sweep_command": "the options of the command, one a line",
    "commands/run.py run_command": "the options of the command, one a line",
}


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    """Every module of the program, parsed."""
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in SIM.rglob("*.py"))


def long_functions() -> set[str]:
    found = set()
    for path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            first = node.body[0]
            described = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0
            if (node.end_lineno or 0) - node.lineno + 1 - described > LONGEST:
                found.add(f"{path.relative_to(SIM).as_posix()} {node.name}")
    return found


@pytest.mark.slow
def test_no_function_is_long_without_a_reason():
    assert long_functions() - set(LONG) == set()


@pytest.mark.slow
def test_a_reason_goes_with_its_function():
    assert set(LONG) - long_functions() == set()


# What a verdict or a kind of test is called is compared where it is made; elsewhere a property is asked.
NAMED_BY = {
    "verdict": {"saved/row.py", "adequacy/indicators.py", "charts/adequacy.py", "document/findings.py"},
    "test": {"adequacy/kinds.py"},
}


def compared(attribute: str) -> set[str]:
    """Modules that compare an attribute of this name with a text."""
    found = set()
    for path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Compare):
                continue
            sides = [node.left, *node.comparators]
            asked = any(isinstance(s, ast.Attribute) and s.attr == attribute for s in sides)
            texts = (c for s in sides for c in ast.walk(s) if isinstance(c, ast.Constant))
            if asked and any(isinstance(c.value, str) for c in texts):
                found.add(path.relative_to(SIM).as_posix())
    return found


@pytest.mark.slow
@pytest.mark.parametrize("attribute", NAMED_BY)
def test_names_are_compared_where_they_are_made(attribute: str):
    assert compared(attribute) == NAMED_BY[attribute]
