"""The two languages in which everything is said."""

from __future__ import annotations

from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


def label(zh: str, en: str, lang: Lang) -> str:
    """The text in a language."""
    return zh if lang == "zh" else en


def said(text: str, lang: Lang) -> str:
    """The part in a language of sentences "en / zh; en / zh", as tables keep them.

    An English sentence may hold a semicolon of its own: what stands before it is English too.
    """
    pairs = [part.rpartition(" / ") for part in text.split("; ")]
    if lang == "en":
        return "; ".join(before or after for before, _, after in pairs)
    chinese = [after for _, slash, after in pairs if slash or not after.isascii()]
    return "；".join(chinese) or text
