"""A title in both languages, and how strictly the parts of an experiment are read."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)
"""Unknown keys are refused, nothing is converted in silence, nothing changes once it is read."""


class Title(BaseModel):
    """A title in both languages."""

    model_config = STRICT

    en: str
    zh: str
