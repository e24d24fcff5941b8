"""What the tests of documentation read on a page: links, headings, code words, formulas."""

from __future__ import annotations

import re
from pathlib import Path

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")


def prose(page: Path) -> str:
    """The page without fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Targets of the page's links that lie in the repository."""
    return [found for found in _LINK.findall(prose(page)) if "://" not in found]


def code_words(page: Path) -> list[str]:
    """What stands between single backticks, link texts among it."""
    return _CODE.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """What a heading is called in an address."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in heads}


def broken(page: Path) -> list[str]:
    """Links of a page that lead nowhere."""
    wrong = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        goal = (page.parent / path).resolve() if path else page
        if not goal.exists() or (anchor and anchor not in anchors(goal)):
            wrong.append(link)
    return wrong


def formulas(page: Path) -> list[str]:
    """Formulas inside lines, between single dollars."""
    return re.findall(r"(?<![\\$])\$([^$\n]+)\$(?!\$)", _CODE.sub("", prose(page)))
