"""Each Chinese page keeps step with its English one: headings, code, commands, files and links."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from docs.pages import code_words, prose
from paths import ROOT

DOCS = ROOT / "docs"
PAIRS = [
    (ROOT / "README.md", ROOT / "README.zh-CN.md"),
    *((page, page.with_name("README.zh-CN.md")) for page in sorted((ROOT / "parameters").rglob("README.md"))),
    *((DOCS / page.name, page) for page in sorted((DOCS / "zh").glob("*.md"))),
]
_FENCE = re.compile(r"^ *```(.*?)^ *```", re.MULTILINE | re.DOTALL)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_COMMENT = re.compile(r" *(?<!\w)# .*$", re.MULTILINE)


def ids(page: Path) -> str:
    return str(page.relative_to(ROOT))


both = pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=lambda p: ids(p))


def levels(page: Path) -> list[int]:
    """How deep each heading is, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", prose(page), re.MULTILINE)]


def blocks(page: Path) -> list[str]:
    """What stands in fences, comments left out: they are in the page's language."""
    return [_COMMENT.sub("", block) for block in _FENCE.findall(page.read_text(encoding="utf-8"))]


def sections(page: Path) -> list[Counter[str]]:
    """Words of code below each heading; a sentence may order them as its language does."""
    parts = re.split(r"^#+ .*$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    texts = [_FENCE.sub("", part) for part in parts]
    return [Counter(re.findall(r"`([^`\n]+)`", text)) for text in texts]


def rows(page: Path) -> list[int]:
    """Cells of each line of a table."""
    return [line.count("|") for line in prose(page).splitlines() if line.lstrip().startswith("|")]


def test_every_page_that_a_newcomer_needs_is_in_chinese() -> None:
    assert {page.name for _, page in PAIRS} >= {
        "README.zh-CN.md",
        "tutorial.md",
        "new_region.md",
        "new_plan.md",
        "verdicts.md",
    }


@both
def test_headings_are_as_many_and_as_deep(english: Path, chinese: Path) -> None:
    assert levels(chinese) == levels(english)


@both
def test_blocks_of_commands_and_files_are_the_same(english: Path, chinese: Path) -> None:
    assert blocks(chinese) == blocks(english)


@both
def test_words_of_code_are_the_same_in_each_section(english: Path, chinese: Path) -> None:
    for number, (mine, theirs) in enumerate(zip(sections(chinese), sections(english), strict=True)):
        assert mine - theirs == Counter(), f"section {number}: in Chinese alone"
        assert theirs - mine == Counter(), f"section {number}: in English alone"


@both
def test_tables_have_the_same_cells(english: Path, chinese: Path) -> None:
    assert rows(chinese) == rows(english)


@both
def test_each_leads_to_the_other(english: Path, chinese: Path) -> None:
    for page, other in ((english, chinese), (chinese, english)):
        goals = re.findall(r"\]\(([^)\s]+)\)", prose(page))
        assert other.resolve() in {(page.parent / goal).resolve() for goal in goals}


@both
def test_a_chinese_page_is_chinese(english: Path, chinese: Path) -> None:
    """No paragraph is left in English."""
    left = [p for p in re.split(r"\n\s*\n", prose(chinese)) if re.search(r"[A-Za-z]{4} [a-z]{2}", p)]
    assert [p for p in left if not _HAN.search(p)] == []
    assert code_words(chinese)
