"""The two languages in which everything is said."""

from __future__ import annotations

from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


def label(zh: str, en: str, lang: Lang) -> str:
    """The text in a language."""
    return zh if lang == "zh" else en


def said(text: str, lang: Lang) -> str:
    """The part in a language of sentences "en / zh; en / zh", as tables keep them."""
    pairs = [part.rpartition(" / ") for part in text.split("; ")]
    zh = "；".join(part[2] for part in pairs)
    return zh if lang == "zh" else "; ".join(part[0] or part[2] for part in pairs)
