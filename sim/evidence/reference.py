"""docs/reference.md: what `import sim` offers, name by name, from the docstrings themselves.

python -m sim.evidence.reference docs/reference.md
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import sim
from sim.config import Experiment
from sim.described import field_texts
from sim.run.setup import Setup
from sim.store import Run
from sim.sweeps.resolved import Sweep

HANDED_OUT: tuple[type, ...] = (Run, Setup, Experiment, Sweep)
ROOMS = ("demography", "burden", "demand", "supply", "adequacy", "lifetable", "hospital")
_LONG = 90
_HEAD = """# Reference

What `import sim` offers in a script or a notebook. Made of the docstrings by
`python -m sim.evidence.reference docs/reference.md`; [tutorial.ipynb](tutorial.ipynb) uses it from a saved
run to a figure, [results.md](results.md) opens the same files in R, Excel and DuckDB.  What each function
cannot take it refuses by the name of the argument (`pytest tests/laws/test_public_functions.py`).

`import healthplan` has the same names; `sim.__version__` is the version.  Versions follow semantic
versioning: what this page lists keeps its meaning within a major version, and what moves keeps its old name
for one minor version, with a DeprecationWarning that says the new one (`pytest tests/test_moved.py`).
"""


def page() -> str:
    """The page: functions in order of their names, the objects that they hand out, functions of rooms."""
    parts = [_HEAD, "## Functions\n"]
    for name in sorted(sim.__all__):
        parts += [f"### sim.{name}\n", *_function(name, getattr(sim, name))]
    parts.append("## Objects\n")
    for kind in HANDED_OUT:
        parts += [f"### {kind.__name__}\n", f"{inspect.getdoc(kind)}\n", *_members(kind)]
    parts.append("## Rooms\n")
    parts.append(
        "Functions of the rooms of the model, for arrays of your own: `from sim.burden import project`.\n"
    )
    for room in ROOMS:
        module = import_module(f"sim.{room}")
        offered = {name: getattr(module, name) for name in sorted(module.__all__)}
        for name, found in offered.items():
            if inspect.isfunction(found):
                parts += [f"### sim.{room}.{name}\n", *_function(name, found)]
    return "\n".join(parts)


def _function(name: str, found: Any) -> Iterator[str]:
    yield f"```python\n{name}{_signature(found)}\n```\n"
    yield f"{inspect.getdoc(found)}\n"


def _signature(found: Any) -> str:
    """A signature as it is written, a parameter a line where it is long."""
    signature = inspect.signature(found)
    inside, named = [], False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not named:
            inside.append("*")
            named = True
        inside.append(_parameter(parameter))
    back = f" -> {signature.return_annotation}"
    short = f"({', '.join(inside)}){back}"
    return short if len(short) < _LONG else "(\n    " + ",\n    ".join(inside) + f",\n){back}"


def _parameter(parameter: inspect.Parameter) -> str:
    stars = "**" if parameter.kind is parameter.VAR_KEYWORD else ""
    text = f"{stars}{parameter.name}: {parameter.annotation}"
    if parameter.default is parameter.empty:
        return text
    return f"{text} = {'...' if callable(parameter.default) else repr(parameter.default)}"


def _members(kind: type) -> Iterator[str]:
    """What an object holds and does: fields, then what it computes."""
    lines = [f"* `{name}`: {said}" for name, said in _fields(kind)]
    for name, member in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            lines.append(f"* `{name}`: {_first(member)}")
        elif inspect.isfunction(member) and member.__doc__:
            lines.append(f"* `{name}{_short(member)}`: {_first(member)}")
    if lines:
        yield "\n".join(lines) + "\n"


def _fields(kind: type) -> Iterator[tuple[str, str]]:
    if hasattr(kind, "model_fields"):
        texts = field_texts(kind)
        for name, field in kind.model_fields.items():
            yield field.alias or name, texts.get(name, "")
    elif is_dataclass(kind):
        for each in fields(kind):
            yield each.name, str(each.type).replace("'", "")


def _short(member: Any) -> str:
    names = [name for name in inspect.signature(member).parameters if name != "self"]
    return f"({', '.join(names)})"


def _first(member: Any) -> str:
    return (inspect.getdoc(member) or "").split("\n\n")[0].replace("\n", " ")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
