"""File names of charts: each picture of its own figures has a name of its own."""

from __future__ import annotations

from urllib.parse import quote


def chart_file(name: str, lang: str, fmt: str, *, region: str = "", **parts: str) -> str:
    """`<chart>[_<region>][_<part>-<value>]..._<lang>.<fmt>`; parts without a value are left out.

    Values are written so that no two give one name: ":" becomes "~", and what else is no letter,
    digit or one of "._+" is percent-encoded; a value can neither end its part nor leave the folder.
    """
    pieces = [name, region, *(f"{part}-{safe(value)}" for part, value in parts.items() if value)]
    return "_".join([piece for piece in pieces if piece] + [f"{lang}.{fmt}"])


def safe(text: str) -> str:
    """A text as a part of a file name, one name for one text."""
    kept = "".join(c for c in set(text) if c.isalnum())
    return quote(text, safe=kept + "_.+").replace("~", "%7E").replace("%3A", "~")
