"""How strictly the files of a planner are read: no unknown key, nothing converted, one version of schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, ConfigDict

from sim.errors import fault

STRICT: Final = ConfigDict(extra="forbid", frozen=True, strict=True)
"""Unknown keys are refused, nothing is converted in silence, nothing changes once it is read."""


def is_version(value: object) -> bool:
    """Whether a file's `schema` is the one that there is, 1: true and 1.0 equal it and are no version."""
    return type(value) is int and value == 1


def version_fault(value: object, path: Path) -> list[str]:
    """What is wrong with a file's `schema`; nothing where it is the one that there is."""
    return [] if is_version(value) else [fault(f"{path}: schema", *_said(value))]


def as_tuple(value: Any) -> Any:
    """A list of YAML as the tuple that a model holds; anything else as it is, to be refused."""
    return tuple(value) if isinstance(value, list) else value


def as_tuples(value: Any) -> Any:
    """The same for each value of a mapping."""
    return {key: as_tuple(v) for key, v in value.items()} if isinstance(value, dict) else value


def _version(value: Any) -> Any:
    """The value, for pydantic.  Raises ValueError, in the words of `version_fault`, where it is none."""
    if not is_version(value):
        raise ValueError(" | ".join(_said(value)))
    return value


def _said(value: object) -> tuple[str, str]:
    """What is wrong, and what would be right."""
    return f"{value!r:.40} is no version", "write 1"


Version = Annotated[Literal[1], BeforeValidator(_version)]
"""Type of the key `schema` in a model."""
