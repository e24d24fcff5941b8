"""The glossary: every column of adequacy.csv, and verdicts by their own words."""

from __future__ import annotations

import re

from paths import ROOT

from sim.catalogue.verdicts import VERDICTS
from sim.saved.row_table import COLUMNS

TEXT = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def rows(title: str) -> list[list[str]]:
    part = TEXT.split(f"## {title}", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_every_column_of_the_table_of_verdicts_is_told_once_in_its_order() -> None:
    told = [name for row in rows("Columns of adequacy.csv") for name in re.findall(r"`(\w+)`", row[0])]
    assert told == list(COLUMNS)


def test_verdicts_have_the_words_of_the_catalogue() -> None:
    told = {row[0].strip("`"): row[1] for row in rows("Verdicts")}
    assert told == {name: VERDICTS[name].zh for name in told}
    assert {"short", "tight", "adequate", "surplus"} <= set(told)


def test_every_term_has_both_languages() -> None:
    for english, chinese, *_ in rows("Field terms"):
        assert re.search(r"[a-z]", english)
        assert re.search(r"[\u4e00-\u9fff]", chinese), english
