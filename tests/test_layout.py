"""The tests lie as the code does: a folder a room, and what they share stands once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from paths import ROOT, SIM

TESTS = ROOT / "tests"
ROOMS = {p.parent.name for p in SIM.glob("*/__init__.py")}
# what no single room answers for
ACROSS = {"benchmarks", "docs", "laws", "refusals"}
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


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.parent != TESTS], ids=lambda p: p.relative_to(TESTS).as_posix()
)
def test_a_test_lies_in_the_room_that_it_tests(path: Path):
    room = path.relative_to(TESTS).parts[0]
    named = rf'\bsim\.{room}\b|from sim import .*\b{room}\b|"{room}"'  # imported, or called as a command
    assert room in ACROSS or re.search(named, text(path))


@pytest.mark.parametrize(
    "known_once", [r"__file__\)\S*parents", r"csv\.DictReader\((file|handle|\S+open)", r"sys\.path"]
)
def test_where_things_lie_and_how_a_table_is_read_is_known_once(known_once: str):
    others = [p for p in TESTS.rglob("*.py") if p.name not in ("paths.py", "test_layout.py")]
    again = [p.name for p in others if re.search(known_once, p.read_text(encoding="utf-8"))]
    assert again == []
