"""Every page of the repository: its links lead somewhere, its pictures exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs.pages import broken, prose
from paths import ROOT

_PLACES = ("README*.md", "docs/**/*.md", "outputs/README.md", "parameters/**/*.md", "CHANGELOG.md")
PAGES = sorted({page for place in _PLACES for page in ROOT.glob(place)})


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_and_picture_is_there(page: Path) -> None:
    pictures = re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", prose(page))
    missing = [p for p in pictures if "://" not in p and not (page.parent / p).exists()]
    assert broken(page) + missing == []
