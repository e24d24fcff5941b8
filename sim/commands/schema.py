"""JSON Schema of the files that a planner writes, for editors that complete and check YAML.

Made from the models that read them, so that a key is never known twice.  A schema checks keys, types and
words; what figures have to do with each other is checked by `healthplan validate`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import BaseModel

from sim.config.experiment import Experiment
from sim.config.standard import Standard
from sim.described import json_schema
from sim.params.record import Record
from sim.params.sources import Source
from sim.plan.head import Head

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_NAME = "^[a-z][a-z0-9_]*$"


def schema_text(what: str) -> str:
    """The schema of a kind of file, as JSON; what: one of SCHEMAS."""
    return json.dumps(schema(what), ensure_ascii=False, indent=2)


def schema(what: str) -> dict[str, Any]:
    """The schema of a kind of file."""
    return {"$schema": DIALECT, "title": f"healthplan {what}", **SCHEMAS[what]()}


def _of(model: type[BaseModel]) -> dict[str, Any]:
    return {k: v for k, v in json_schema(model).items() if k != "title"}


def _by_name(key: str, model: type[BaseModel]) -> dict[str, Any]:
    """A file that holds one mapping of names to what `model` reads."""
    inner = _of(model)
    definitions = inner.pop("$defs", {})
    named = {"type": "object", "minProperties": 1, "patternProperties": {_NAME: inner}}
    properties: Mapping[str, Any] = {"schema": {"const": 1}, key: {**named, "additionalProperties": False}}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "$defs": definitions,
    }


def _list_of(model: type[BaseModel]) -> dict[str, Any]:
    """A file that is nothing but ids and what `model` reads of each."""
    inner = _of(model)
    definitions = inner.pop("$defs", {})
    return {"type": "object", "additionalProperties": inner, "$defs": definitions}


SCHEMAS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "experiment": lambda: _of(Experiment),
    "parameters": lambda: _by_name("parameters", Record),
    "plan": lambda: _of(Head),
    "scenarios": lambda: _by_name("scenarios", Standard),
    "sources": lambda: _list_of(Source),
}
