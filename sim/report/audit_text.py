"""A finding of the audit as a document and a workbook print it: names for ids, signs, thousands parted."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim.catalogue.language import Lang, label
from sim.saved.numbers import MINUS

_SIGNS: dict[str, tuple[tuple[str, str], ...]] = {
    "zh": ((">=", "≥"), ("<=", "≤"), (" %", "%"), (" / ", "÷"), (" x ", "×"), (" + ", "+"), (" = ", "=")),
    "en": ((">=", "≥"), ("<=", "≤"), (" -> ", " → "), (" %", "%"), (" / ", " ÷ "), (" x ", " × ")),
}
_ID = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
# parted by commas as all figures of a document; 2015年, 2011-2015年, (2015, line 3) are years
_LARGE = re.compile(
    r"(?<![\d._])(?!(?:19|20)\d\d(?:年|, line|-(?:19|20)\d\d(?:年|, line)))"
    r"(?!(?<=\d{4}-)\d{4}(?:年|, line))\d{4,}(?![\d.])"
)
_YEARS = re.compile(r"(?<=\d{4})-(?=\d{4}年)")


def finding_text(line: Mapping[str, str], known: Mapping[str, str], lang: Lang) -> str:
    """The message without the verdict that stands before it, its indicators by name, figures as printed."""
    text = _LARGE.sub(lambda found: f"{int(found[0]):,}", _bare(line[f"message_{lang}"], lang))
    if lang == "en":
        text = _ID.sub(lambda found: known.get(found[0], found[0]), text)
        text = text.replace(" count (", " (")  # the unit of what is counted in pieces
    for written, sign in _SIGNS[lang]:
        text = text.replace(written, sign)
    text = _YEARS.sub("—", text).replace("）（", "；")
    names = [known.get(name, name) for name in line["indicator_ids"].split()]
    if names and not any(name in text for name in names):
        text = label("、", ", ", lang).join(names) + label("，", ": ", lang) + text
    return re.sub(r"(?<=[=，])( ?)-(?=\d)", rf"\1{MINUS}", text)


def _bare(text: str, lang: Lang) -> str:
    """A message without its verdict at the end; what is said of it in brackets stays."""
    for arrow in (" → ", " -> "):
        head, found, tail = text.rpartition(arrow)
        if found:
            comment = re.search(r"[（(](.*)[）)]$", tail)
            return head + (label(f"（{comment[1]}）", f" ({comment[1]})", lang) if comment else "")
    return text
