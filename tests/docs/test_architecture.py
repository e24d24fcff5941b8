"""The page on the house: its rooms, layers and ways are those of the code."""

from __future__ import annotations

import ast
import re
import tomllib

from docs.house import shares
from paths import ROOT, SIM

PAGE = ROOT / "docs" / "architecture.md"
TEXT = PAGE.read_text(encoding="utf-8")
MOST = 0.16  # of all lines in one room
NEAR = 0.02  # a share may have moved so far since the page was written


def section(title: str) -> str:
    return TEXT.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def rows(title: str) -> list[list[str]]:
    """Cells of a section's table, the head left out."""
    lines = [line for line in section(title).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def names_in(path: str) -> set[str]:
    """Functions, classes and their methods of a module."""
    found = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
            inner = node.body if isinstance(node, ast.ClassDef) else []
            found |= {f"{node.name}.{m.name}" for m in inner if isinstance(m, ast.FunctionDef)}
    return found


def test_each_room_has_a_line_with_its_share() -> None:
    shown = {}
    for room, share, what in rows("Rooms"):
        name = re.search(r"`sim/?(\w*)`", room)
        if name:
            assert what
            shown[name.group(1) or "."] = float(share.rstrip("%")) / 100
    true = shares()
    assert set(shown) == set(true)
    assert {r: (shown[r], round(s, 3)) for r, s in true.items() if abs(shown[r] - s) > NEAR} == {}


def test_no_room_is_most_of_the_house() -> None:
    assert {room: share for room, share in shares().items() if share > MOST} == {}


def test_layers_are_those_that_are_checked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (c for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    shown = re.search(r"```\n(.*?)```", section("Who may import whom"), re.DOTALL)
    assert shown is not None
    assert shown.group(1).splitlines() == contract["layers"]


def test_the_layers_hold_every_room_and_module() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (c for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    layered = {name.strip() for line in contract["layers"] for name in line.split("|")}
    there = {f"sim.{p.stem}" for p in SIM.glob("[a-z]*.py")} | {
        f"sim.{p.parent.name}" for p in SIM.glob("*/__init__.py")
    }
    assert there - layered == set()
    assert layered - there == set()


def test_what_is_looked_for_is_where_the_page_says() -> None:
    """Each name behind a module stands in it."""
    checked = 0
    for title in ("Looked for", "The way of one number", "The way of one verdict"):
        for row in rows(title):
            modules = re.findall(r"\((?:\.\./)(sim/[\w/]+\.py)\)", " ".join(row))
            words = re.sub(r"\[[^\]]*\]\([^)]*\)", "", " ".join(row[1:]))
            known = {name for module in modules for name in names_in(module)}
            wanted = re.findall(r"`([A-Za-z_.]+)`", words)
            assert [w for w in wanted if w not in known] == [], row
            checked += len(wanted)
    assert checked > 30
