"""Cells of a census table that say two things, or say one in a code, as the words that are read.

First and last age in two columns (as the files of this model have them) become one label; age and sex
in one cell become two; under a head of sexes 1 is male and 2 female, as in the national standard.
GB/T 2261.1-2003, codes for sex of human.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from sim.drafting.document import Cell
from sim.places.census_words import age_of, is_sex_head, is_total, plain, sex_of
from sim.places.sheet import Grid

FEWEST = 8
"""Labels in a line that make it one of ages."""
_CODES = {"1": "男", "2": "女"}
_FIRST = re.compile(r"age_?(?:start|from|low|min)|(?:起始|开始|最小)年龄|年龄(?:起|下限)")
_LAST = re.compile(r"age_?(?:end|to|high|max)|(?:终止|结束|最大|截止)年龄|年龄(?:止|上限)")
_BOTH = "合计"
_OPEN_FROM = 100  # a last age so high says that the group is open
_WORDS = r"男性|女性|男|女|females?|males?|women|men|girls|boys|f|m"
_LED = re.compile(rf"({_WORDS})(?:人口)?[-_:,、/|]*(.+)")
_FOLLOWED = re.compile(rf"(.+?)[-_:,、/|]*({_WORDS})(?:人口)?")
_BRACKETS = str.maketrans("()[]", "||||")


def unfolded(grid: Grid) -> Grid:
    """The table with a label of ages, and one of the sex, in cells of their own."""
    return _coded(_parted(_joined(grid)))


def _joined(grid: Grid) -> Grid:
    """First and last age as one label, where two columns beside each other have such heads."""
    for r, row in enumerate(grid):
        words = [plain(cell.text) for cell in row]
        for c in range(len(words) - 1):
            if _FIRST.fullmatch(words[c]) and _LAST.fullmatch(words[c + 1]):
                above = [[*o[: c + 1], replace(o[c + 1], text=""), *o[c + 2 :]] for o in grid[: r + 1]]
                above[r][c] = replace(row[c], text="age")
                return [*above, *(_spanned(below, c) for below in grid[r + 1 :])]
    return grid


def _spanned(row: Sequence[Cell], c: int) -> list[Cell]:
    first, last = (unicodedata.normalize("NFKC", row[i].text) for i in (c, c + 1))
    text = row[c].text
    if first.isdigit() and (not last or last.isdigit()):
        is_open = not last or int(last) >= _OPEN_FROM
        text = f"{first}+" if is_open else first if first == last else f"{first}-{last}"
    return [*row[:c], replace(row[c], text=text), replace(row[c + 1], text=""), *row[c + 2 :]]


def _parted(grid: Grid) -> Grid:
    """A column of ages and one of sexes, where one column has both in its labels."""
    for c in range(len(grid[0]) if grid else 0):
        said = [age_and_sex(row[c].text) for row in grid]
        if sum(s is not None for s in said) < FEWEST:
            continue
        begun = next(r for r, s in enumerate(said) if s is not None)
        heads = ["性别" if r == begun - 1 else "" for r in range(begun)]
        made = []
        for r, (row, both) in enumerate(zip(grid, said, strict=True)):
            ages, sex = both or (
                row[c].text,
                heads[r] if r < begun else _BOTH if is_total(row[c].text) else "",
            )
            own = replace(row[c], text="年龄" if r == begun - 1 else ages, merged=False)
            made.append([*row[:c], own, replace(row[c], text=sex, merged=False), *row[c + 1 :]])
        return made
    return grid


def age_and_sex(text: str) -> tuple[str, str] | None:
    """The age and the sex of a label that has both, as it words them; None where it has not both."""
    label = unicodedata.normalize("NFKC", text).lower().translate(_BRACKETS)
    label = re.sub(r"\s+", "", label).strip("|")
    for pattern, sex, age in ((_LED, 1, 2), (_FOLLOWED, 2, 1)):
        match = pattern.fullmatch(label)
        if match and sex_of(match[sex]) in ("female", "male"):
            ages = match[age].strip("|-")
            if age_of(ages) or is_total(ages):
                return ages, match[sex]
    return None


def _coded(grid: Grid) -> Grid:
    """The codes 1 and 2 below a head of sexes as words."""
    for r, row in enumerate(grid):
        for c, head in enumerate(row):
            below = {o[c].text for o in grid[r + 1 :]} - {""}
            if is_sex_head(head.text) and below and below <= _CODES.keys():
                return [
                    *grid[: r + 1],
                    *(
                        [*o[:c], replace(o[c], text=_CODES.get(o[c].text, "")), *o[c + 1 :]]
                        for o in grid[r + 1 :]
                    ),
                ]
    return grid
