"""Census tables as offices have them: many shapes of the same counts, read to the same people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from paths import ROOT

from sim.errors import ConfigError
from sim.places import place_censuses
from sim.places.new_region import Asked, new_region, read_table

CENSUS = place_censuses(ROOT, "410581")[2020]  # a county: its counts as a made-up place's
WOMEN, MEN = (row.astype(int).tolist() for row in CENSUS.counts)
ALL = [w + m for w, m in zip(WOMEN, MEN, strict=True)]
STARTS = CENSUS.starts
N = len(STARTS)
AGES = ["0岁", "1-4岁", *(f"{s}-{s + 4}岁" for s in STARTS[2:-1]), "85岁及以上"]
TOTAL = ["总计", sum(ALL), sum(MEN), sum(WOMEN)]
BODY = [list(row) for row in zip(AGES, ALL, MEN, WOMEN, strict=True)]
Rows = list[list[object]]
_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


def share(people: int) -> float:
    return round(100 * people / sum(ALL), 2)


def sexes_over_people() -> Rows:
    rows = zip(AGES, MEN, map(share, MEN), WOMEN, map(share, WOMEN), strict=True)
    return [["年龄", "男", "", "女", ""], ["", "人数", "比重", "人数", "比重"], *map(list, rows)]


def sexes_over_people_with_both() -> Rows:
    head = [
        ["年龄", "合计", "", "男", "", "女", ""],
        ["", *["人口数（人）", "占总人口（%）"] * 3],
    ]
    return [*head, *([a, b, share(b), m, share(m), w, share(w)] for a, b, m, w in BODY)]


def people_over_sexes() -> Rows:
    return [["年龄", "人数", "", ""], ["", "合计", "男", "女"], TOTAL, *BODY]


def each_over_people() -> Rows:
    return [["年龄", "合计", "男", "女"], ["", "人数", "人数", "人数"], *BODY]


def people_and_shares_over_sexes() -> Rows:
    head = [["年龄", "人数", "", "占比", ""], ["", "男", "女", "男", "女"]]
    return [*head, *([a, m, w, share(m), share(w)] for a, _, m, w in BODY)]


def yearbook() -> Rows:
    """Title, unit, two rows of heads, 0-4 above its parts, shares, sex ratio, a note."""

    def line(name: str, first: int, last: int) -> list[object]:
        counts = [sum(people[first:last]) for people in (ALL, MEN, WOMEN)]
        return [name, *counts, *map(share, counts), round(100 * counts[1] / counts[2], 2)]

    return [
        ["1-3 云泽县分年龄、性别的人口", *[""] * 7],
        [*[""] * 7, "单位：人"],
        ["年　龄", "人口数", "", "", "占总人口比重（%）", "", "", "性别比（女=100）"],
        ["", "合计", "男", "女", "合计", "男", "女", ""],
        line("总  计", 0, N),
        line("0-4岁", 0, 2),
        *(line(name, i, i + 1) for i, name in enumerate(AGES)),
        ["注：本表为普查登记数，不含现役军人。", *[""] * 7],
    ]


def one_row_of_places() -> Rows:
    """As the county tables of the yearbooks: a place in a row, ages with their sexes across."""
    ages, sexes, counts = ["地区", "合计", "", ""], ["", "合计", "男", "女"], ["云泽县", *TOTAL[1:]]
    for age, *own in BODY:
        ages += [age, "", ""]
        sexes += ["小计", "男", "女"]
        counts += own
    return [ages, sexes, counts]


def rows_of_places() -> Rows:
    ages, sexes, counts = one_row_of_places()
    other: list[object] = ["临漳县", *(2 * int(str(n)) for n in counts[1:])]
    whole: list[object] = ["合计", *(3 * int(str(n)) for n in counts[1:])]
    return [["1-6 各县分年龄、性别的人口"], ["单位：人"], ages, sexes, whole, other, counts]


def places_below_each_other() -> Rows:
    other = [[name, *(2 * int(str(n)) for n in counts)] for name, *counts in (TOTAL, *BODY)]
    head: list[object] = ["地区", "年龄", "合计", "男", "女"]
    places = (("临漳县", other), ("云泽县", [TOTAL, *BODY]))
    return [head, *([name if i == 0 else "", *row] for name, rows in places for i, row in enumerate(rows))]


def places_beside_each_other() -> Rows:
    head = [["云泽县", "", "", "临漳县", "", ""], ["年龄", "男", "女"] * 2]
    return [*head, *([a, m, w, a, 2 * m, 2 * w] for a, _, m, w in BODY)]


def place_in_a_column() -> Rows:
    return [
        ["地区代码", "地区", "年龄", "合计", "男", "女"],
        *(["419901", "云泽县", *r] for r in (TOTAL, *BODY)),
    ]


def town_and_country() -> Rows:
    head = [["年龄", "全县", "", "", "城镇", "", "", "乡村", "", ""], ["", *["合计", "男", "女"] * 3]]
    return [*head, *([a, *own, *(n // 2 for n in own), *(n - n // 2 for n in own)] for a, *own in BODY)]


def two_censuses() -> Rows:
    head = [["年龄", "2010年", "", "", "2020年", "", ""], ["", *["合计", "男", "女"] * 2]]
    return [*head, *([a, 9, 5, 4, *own] for a, *own in BODY)]


def a_sex_a_table() -> Rows:
    head = [["男", "", "女", ""], ["年龄", "人数"] * 2]
    return [*head, *([a, m, a, w] for a, _, m, w in BODY)]


def halves() -> Rows:
    lines = [TOTAL, *BODY]
    right = [*lines[10:], *[[""] * 4] * (20 - len(lines))]
    head: list[object] = ["年龄", "合计", "男", "女", "", "年龄", "合计", "男", "女"]
    return [head, *([*a, "", *b] for a, b in zip(lines[:10], right, strict=True))]


def wide_digits() -> Rows:
    return [["年龄", "合计", "男", "女"], *([str(c).translate(_WIDE) for c in row] for row in BODY)]


def to_a_hundred() -> Rows:
    def parts(people: int) -> list[int]:
        first, second = people // 2, people // 4
        return [first, second, people // 8, people - first - second - people // 8]

    old = zip(["85-89岁", "90-94岁", "95-99岁", "100岁及以上"], parts(MEN[-1]), parts(WOMEN[-1]), strict=True)
    return [["年龄", "男", "女"], *([a, m, w] for a, _, m, w in BODY[:-1]), *map(list, old)]


def groups_of_which() -> Rows:
    def line(name: str, first: int, last: int) -> list[object]:
        return [name, *(sum(people[first:last]) for people in (ALL, MEN, WOMEN))]

    return [
        ["年龄", "合计", "男", "女"],
        TOTAL,
        line("0-14岁", 0, 4),
        *BODY[:4],
        line("15-59岁", 4, 13),
        *BODY[4:13],
        line("60岁及以上", 13, N),
        *BODY[13:],
        line("其中：65岁及以上", 14, N),
    ]


def sexes_down_ages_across() -> Rows:
    lines = zip(["男", "女", "合计"], (MEN, WOMEN, ALL), strict=True)
    return [["性别", *AGES, "合计"], *([name, *people, sum(people)] for name, people in lines)]


def sexes_under_a_place() -> Rows:
    return [["地区", "性别", *AGES], ["云泽县", "男", *MEN], ["", "女", *WOMEN]]


def headless_sections() -> Rows:
    out: Rows = [["年龄", "人数"], ["合计", sum(ALL)], *([a, b] for a, b, _, _ in BODY)]
    for name, people in (("男", MEN), ("女", WOMEN)):
        out += [[name, ""], *([a, n] for a, n in zip(AGES, people, strict=True))]
    return out


def in_two_languages() -> Rows:
    head: list[object] = ["年 龄\nAge", "合 计\nTotal", "男\nMale", "女\nFemale"]
    return [head, ["总 计 Total", *TOTAL[1:]], *BODY]


def numbered() -> Rows:
    return [["序号", "年龄", "男", "女"], *([i + 1, a, m, w] for i, (a, _, m, w) in enumerate(BODY))]


def age_and_sex_in_a_cell() -> Rows:
    lines = [
        [f"{sex}{a}", n]
        for sex, people in (("男", MEN), ("女", WOMEN))
        for a, n in zip(AGES, people, strict=True)
    ]
    return [["分组", "人数"], ["男合计", sum(MEN)], ["女合计", sum(WOMEN)], *lines, ["合计", sum(ALL)]]


def sex_in_brackets_behind_the_age() -> Rows:
    rows = [[[f"{a}（男）", m], [f"{a}（女）", w]] for a, _, m, w in BODY]
    return [["年龄（性别）", "人数"], *(line for both in rows for line in both)]


def age_and_sex_in_english() -> Rows:
    ages = [a.translate(_PLAIN) for a in AGES]
    lines = [
        [f"{s} {a}", n] for s, c in (("Male", MEN), ("Female", WOMEN)) for a, n in zip(ages, c, strict=True)
    ]
    return [["group", "persons"], *lines]


def sexes_in_codes() -> Rows:
    return [["sex", "age", "value"], *_long({"male": 1, "female": 2})]


def first_and_last_age() -> Rows:
    """As the files of this model have them."""
    ends = [*(s - 1 for s in STARTS[1:]), 100]
    both = (("female", WOMEN), ("male", MEN))
    lines = [[sex, s, e, n] for sex, c in both for s, e, n in zip(STARTS, ends, c, strict=True)]
    return [["sex", "age_start", "age_end", "value"], *lines]


def first_age_and_no_last() -> Rows:
    ends = [*(s - 1 for s in STARTS[1:]), ""]
    rows = zip(STARTS, ends, MEN, WOMEN, strict=True)
    return [["起始年龄", "终止年龄", "男", "女"], *map(list, rows)]


def _long(names: dict[str, object]) -> Rows:
    both = (("male", MEN), ("female", WOMEN))
    return [[names[sex], a, n] for sex, people in both for a, n in zip(AGES, people, strict=True)]


_PLAIN = str.maketrans({"岁": "", "及": "+", "以": "", "上": ""})

SHAPES: dict[Callable[[], Rows], tuple[str, ...]] = {
    sexes_over_people: ("比重", "比重"),
    sexes_over_people_with_both: ("占总人口（%）",) * 3,
    people_over_sexes: (),
    each_over_people: (),
    people_and_shares_over_sexes: ("男", "女"),
    yearbook: ("合计", "男", "女", "性别比（女=100）"),
    one_row_of_places: (),
    rows_of_places: ("合计", "临漳县"),
    places_below_each_other: ("临漳县",),
    places_beside_each_other: ("临漳县",),
    place_in_a_column: ("地区代码",),
    town_and_country: ("城镇", "乡村"),
    two_censuses: ("2010年",),
    a_sex_a_table: (),
    halves: (),
    wide_digits: (),
    to_a_hundred: (),
    groups_of_which: (),
    sexes_down_ages_across: (),
    sexes_under_a_place: (),
    headless_sections: (),
    in_two_languages: (),
    numbered: ("序号",),
    age_and_sex_in_a_cell: (),
    sex_in_brackets_behind_the_age: (),
    age_and_sex_in_english: (),
    sexes_in_codes: (),
    first_and_last_age: (),
    first_age_and_no_last: (),
}
"""Shape -> what of it is not read, as it is said."""


def save(rows: Rows, path: Path, merged: bool = False) -> Path:
    """As a workbook; merged: a head and the empty cells to its right are one cell, as offices have it."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([cell if cell != "" else None for cell in row])
    for r, row in enumerate(rows[:4] if merged else [], start=1):
        ends = [c for c, cell in enumerate(row, start=1) if cell != ""]
        for first, following in zip(ends, [*ends[1:], len(row) + 1], strict=True):
            if following - first > 1 and not str(row[first - 1]).isdigit():
                sheet.merge_cells(f"{get_column_letter(first)}{r}:{get_column_letter(following - 1)}{r}")
    book.save(path)
    return path


def asked(table: Path, **changes: object) -> Asked:
    return Asked(**{"table": table, "name_zh": "云泽县", "name_en": "Yunze", "parent": "410500", **changes})


@pytest.mark.sampled(5)
@pytest.mark.parametrize("merged", [False, True], ids=["apart", "merged"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_shape_gives_the_people(tmp_path: Path, shape: Callable[[], Rows], merged: bool) -> None:
    layout, census = read_table(asked(save(shape(), tmp_path / "t.xlsx", merged)), STARTS)
    np.testing.assert_array_equal(census.counts, CENSUS.counts)
    assert tuple(cell.text for cell in layout.unread) == SHAPES[shape]


@pytest.mark.parametrize("shape", [rows_of_places, places_below_each_other, places_beside_each_other])
def test_of_several_places_the_one_named_is_read(tmp_path: Path, shape: Callable[[], Rows]) -> None:
    path = save(shape(), tmp_path / "t.xlsx")
    _, census = read_table(asked(path, name_zh="临漳县"), STARTS)
    np.testing.assert_array_equal(census.counts, 2 * CENSUS.counts)
    with pytest.raises(
        ConfigError, match=r"the counts of 2 places: .* \| none is '云中县': say --name as the"
    ):
        read_table(asked(path, name_zh="云中县"), STARTS)


def test_what_a_sheet_hides_is_read_and_told(tmp_path: Path, cli: Callable[..., object]) -> None:
    path = save([["年龄", "合计", "男", "女"], TOTAL, *BODY], tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[7].hidden = True  # as a filter leaves it, too
    book.active.column_dimensions["D"].hidden = True
    book.save(path)
    layout, census = read_table(asked(path), STARTS)
    np.testing.assert_array_equal(census.counts, CENSUS.counts)
    assert sorted(layout.hidden) == ["column D", "row 7"]


def swapped(rows: Rows) -> Rows:
    names = {"男": "女", "女": "男"}
    return [[names.get(str(cell), cell) for cell in row] for row in rows]


@pytest.mark.parametrize("parent", ["410500", "410000"])
@pytest.mark.parametrize("shape", [people_over_sexes, one_row_of_places, headless_sections])
def test_exchanged_heads_are_refused(tmp_path: Path, shape: Callable[[], Rows], parent: str) -> None:
    path = save(swapped(shape()), tmp_path / "t.xlsx")
    with pytest.raises(ConfigError, match="the sexes look swapped: swap female and male"):
        new_region(ROOT, asked(path, parent=parent, code="419998"))
    assert not [*(ROOT / "parameters" / "regions").glob("419998*")]


def test_exchanged_heads_that_only_the_parent_tells(tmp_path: Path) -> None:
    """A county where the oldest men are many: the bounds of the country let it pass the other way round."""
    census = place_censuses(ROOT, "411322")[2020]
    rows: Rows = [
        ["年龄", "男", "女"],
        *([a, int(w), int(m)] for a, (w, m) in zip(AGES, census.counts.T, strict=True)),
    ]
    path = save(rows, tmp_path / "t.xlsx")
    with pytest.raises(ConfigError) as error:
        new_region(ROOT, asked(path, parent="411300", code="419998"))
    (line,) = str(error.value).splitlines()
    assert line.startswith(f"{path}: women from row 2, column C, men from row 2, column B | for 100 women ")
    assert "in 411300 南阳市 " in line
    assert line.endswith("want -0.25 to 1 | the sexes look swapped: swap female and male")
