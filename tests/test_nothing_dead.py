"""Every function, class, method and constant of `sim` is used by `sim`, or stands in a public list.

Public are the names in the `__all__` of a room's `__init__` (what a notebook may call), and the code that
made an input which ships: the test named beside it makes the input again.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from paths import SIM

MAKERS = {  # what makes a shipped input -> the test that makes it again
    "burden/incidence.py": "burden/test_illness_death.py",
    "burden/small_counts.py": "burden/test_small_counts.py",
}
CALLED_FROM_OUTSIDE = (
    "field_validator",
    "model_validator",
    "cli.command",
    "cli.group",
    "plan.command",
    "region.command",
)
BY_PYTHON = ("find_spec", "create_module", "exec_module")  # of the import system
BY_CLICK = ("make_formatter", "format_commands", "write_usage", "write_heading", "write_dl")  # of help
BY_MATPLOTLIB = (
    "get_renderer",
    "get_text_width_height_descent",
    "_get_font_height_metrics",
)  # to draw
BY_XARRAY = (
    "_attrs",
    "_binary_op",
    "_close",
    "_construct_direct",
    "_coord_names",
    "_dims",
    "_encoding",
    "_inplace_binary_op",
    "_indexes",
    "_replace",
    "_unary_op",
)  # of what its own methods read and call
BY_LIBRARIES = BY_PYTHON + BY_CLICK + BY_MATPLOTLIB + BY_XARRAY
Place = tuple[str, int]
Use = tuple[str, int]


def trees(folder: Path) -> dict[str, ast.Module]:
    return {
        p.relative_to(folder).as_posix(): ast.parse(p.read_text(encoding="utf-8"))
        for p in sorted(folder.rglob("*.py"))
    }


def defined(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Names at the top of a module, and methods of its classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            for name in (n for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)):
                yield name.id, node
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node
        if isinstance(node, ast.ClassDef):
            yield from ((m.name, m) for m in node.body if isinstance(m, ast.FunctionDef))


def uses(files: dict[str, ast.Module]) -> dict[str, list[Use]]:
    """Where each name is read; under another name if it was imported as that."""
    found: dict[str, list[Use]] = defaultdict(list)
    renamed: dict[str, set[str]] = defaultdict(set)
    for file, tree in files.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found[node.id].append((file, node.lineno))
            elif isinstance(node, ast.Attribute):
                found[node.attr].append((file, node.lineno))
            elif isinstance(node, ast.ImportFrom):
                for name in node.names:
                    if name.asname:
                        renamed[name.name].add(name.asname)
    for name, others in renamed.items():
        found[name] += [use for other in others for use in found.get(other, [])]
    return found


def public(files: dict[str, ast.Module]) -> set[str]:
    """The names in the `__all__` of the rooms."""
    names: set[str] = set()
    for file, tree in files.items():
        for node in tree.body if file.endswith("__init__.py") else ():
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                names |= set(ast.literal_eval(node.value))
    return names


def dead(files: dict[str, ast.Module]) -> list[str]:
    read, listed = uses(files), public(files)
    lost = []
    for file, tree in files.items():
        if file in MAKERS:
            continue
        for name, node in defined(tree):
            given = [ast.unparse(d) for d in getattr(node, "decorator_list", [])]
            if re.fullmatch("__.*__", name) or name in listed or name in BY_LIBRARIES:
                continue
            if any(d.startswith(CALLED_FROM_OUTSIDE) for d in given):
                continue
            own = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            if not any(where != file or line not in own for where, line in read.get(name, [])):
                lost.append(f"{file}:{node.lineno} {name}")
    return lost


PRINTED = ("Row", "Source", "Entry")  # whose fields are the columns of a file


def idle_fields(files: dict[str, ast.Module]) -> list[str]:
    """Fields of dataclasses that nothing reads: neither as an attribute nor by their name."""
    nodes = [n for tree in files.values() for n in ast.walk(tree)]
    read = {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load)}
    read |= {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    idle = []
    for node in (n for n in nodes if isinstance(n, ast.ClassDef) and n.name not in PRINTED):
        if not any("dataclass" in ast.unparse(d) for d in node.decorator_list):
            continue
        own = [
            f.target.id for f in node.body if isinstance(f, ast.AnnAssign) and isinstance(f.target, ast.Name)
        ]
        idle += [f"{node.name}.{name}" for name in own if name not in read]
    return idle


@pytest.mark.slow
def test_every_field_is_read():
    assert idle_fields(trees(SIM)) == []


def test_an_idle_field_is_found():
    text = "@dataclass(frozen=True)\nclass One:\n    two: int\n    three: int\n\nx = One(1, 2).two\n"
    assert idle_fields({"room/module.py": ast.parse(text)}) == ["One.three"]


@pytest.mark.slow
def test_every_name_is_used_or_public():
    assert dead(trees(SIM)) == []


@pytest.mark.parametrize(("maker", "test"), MAKERS.items())
def test_what_made_an_input_is_run_by_the_test_named_here(maker: str, test: str):
    module = "sim." + maker.removesuffix(".py").replace("/", ".")
    assert (SIM / maker).is_file()
    assert f"from {module} import" in (Path(__file__).parent / test).read_text(encoding="utf-8")


def test_a_name_that_only_calls_itself_is_found():
    alone = ast.parse("def one():\n    return one()\n\ndef two():\n    return 1\n\nTHREE = two()\n")
    assert dead({"room/module.py": alone}) == ["room/module.py:1 one", "room/module.py:7 THREE"]
