"""What the fields of a model mean, as the text below each says: for schemas and the reference.

pydantic would look for these texts whenever a command begins (`use_attribute_docstrings`); few ask for them.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, get_args

from pydantic import BaseModel


def field_texts(model: type[BaseModel]) -> dict[str, str]:
    """Name of a field -> the text below it, of the fields that have one."""
    found: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if issubclass(kind, BaseModel) and kind.__module__.partition(".")[0] != "pydantic":
            found |= _texts(kind)
    return {name: text for name, text in found.items() if name in model.model_fields}


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of what a model reads, with the texts of its fields."""
    found = model.model_json_schema(mode="validation")
    held = {kind.__name__: kind for kind in _models(model)}
    for name, part in [(model.__name__, found), *found.get("$defs", {}).items()]:
        kind = held[name.rpartition("__")[2]]
        texts = field_texts(kind)
        for field, info in kind.model_fields.items():
            if field in texts:
                part["properties"][info.alias or field]["description"] = texts[field]
    return found


def _texts(kind: type) -> dict[str, str]:
    (stated,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(stated, ast.ClassDef)
    return {
        line.target.id: inspect.cleandoc(below.value.value)
        for line, below in pairwise(stated.body)
        if isinstance(line, ast.AnnAssign)
        and isinstance(line.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and those that its fields hold."""
    yield model
    for info in model.model_fields.values():
        for kind in _within(info.annotation):
            yield from _models(kind)


def _within(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _within(part)
