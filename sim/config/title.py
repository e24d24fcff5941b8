"""A title in both languages."""

from __future__ import annotations

from pydantic import BaseModel

from sim.strict import STRICT


class Title(BaseModel):
    """A title in both languages."""

    model_config = STRICT

    en: str
    zh: str
