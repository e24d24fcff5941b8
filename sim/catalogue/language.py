"""The two languages in which everything is said."""

from __future__ import annotations

from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


def label(zh: str, en: str, lang: Lang) -> str:
    """The text in a language."""
    return zh if lang == "zh" else en
