"""`healthplan region new`: five layouts of one table, a run of it, and what is refused, cell by cell."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from paths import ROOT
from working_folder import linked

from sim.errors import ConfigError
from sim.places import list_regions, place_censuses, read_place
from sim.places.census_words import OPEN, WHOLE, age_of, sex_of
from sim.places.new_region import Asked, new_region, read_table

CENSUS = place_censuses(ROOT, "410581")[2020]  # a county: its counts as a made-up place's
FEMALE, MALE = (row.astype(int).tolist() for row in CENSUS.counts)
STARTS = CENSUS.starts
ENDS = [*(s - 1 for s in STARTS[1:]), 0]
Rows = list[list[object]]


def label(i: int, zh: bool = True) -> str:
    first, last = STARTS[i], ENDS[i]
    if i == len(STARTS) - 1:
        return f"{first}岁及以上" if zh else f"{first} and over"
    if first == last:
        return f"{first}岁" if zh else "Under 1"
    return f"{first}-{last}岁" if zh else f"{first} to {last}"


def columns(zh: bool = True) -> Rows:
    """Sexes over the columns, totals first, a column of ratios."""
    head: list[list[object]] = [
        ["1-4 各年龄人口（2020年普查）", "", "", "", ""],
        ["年龄", "合计", "男", "女", "性别比"],
    ]
    if not zh:
        head = [["Age", "Total", "Male", "Female", "Sex ratio"]]
    out = [*head, ["总计" if zh else "Total", sum(FEMALE) + sum(MALE), sum(MALE), sum(FEMALE), 102.5]]
    pairs = enumerate(zip(FEMALE, MALE, strict=True))
    return [*out, *([label(i, zh), f + m, m, f, round(100 * m / f, 2)] for i, (f, m) in pairs)]


def transposed() -> Rows:
    return [list(column) for column in zip(*columns()[1:], strict=True)]


def blocks() -> Rows:
    """The sexes one below the other, each with its total."""
    out: Rows = [["年龄", "人口数"]]
    for word, people in (("男", MALE), ("女", FEMALE)):
        out += [[word, sum(people)], *([label(i), n] for i, n in enumerate(people))]
    return out


def long() -> Rows:
    out: Rows = [["sex", "age", "population"]]
    for word, people in (("male", MALE), ("female", FEMALE)):
        out += [[word, label(i, zh=False), n] for i, n in enumerate(people)]
    return out


def single() -> Rows:
    """Single ages below the five-year groups that hold them, the last open."""
    out: Rows = [["年龄", "男", "女"]]
    for start in range(0, 85, 5):
        ages = []
        for age in range(start, start + 5):
            i = max(n for n, s in enumerate(STARTS) if s <= age)
            width = ENDS[i] - STARTS[i] + 1
            parts = [n // width + (n % width if age == ENDS[i] else 0) for n in (MALE[i], FEMALE[i])]
            ages.append([str(age), *parts])
        out += [[f"{start}—{start + 4}岁", sum(a[1] for a in ages), sum(a[2] for a in ages)], *ages]
    return [*out, ["85岁及以上", MALE[-1], FEMALE[-1]]]


def save(rows: Rows, path: Path, encoding: str = "utf-8") -> Path:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
        return path
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


LAYOUTS: dict[str, Callable[[], Rows]] = {
    "columns": columns,
    "transposed": transposed,
    "blocks": blocks,
    "long": long,
    "single": single,
}


def asked(table: Path, **changes: object) -> Asked:
    return Asked(**{"table": table, "name_zh": "云泽县", "name_en": "Yunze", "parent": "410500", **changes})


def refusal(path: Path, rows: Rows, **changes: object) -> list[str]:
    with pytest.raises(ConfigError) as error:
        read_table(asked(save(rows, path), **changes), STARTS)
    return [
        line.removeprefix(f"{path}: ").removeprefix(f"{path} | ") for line in str(error.value).splitlines()
    ]


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with links to the parameters, but for regions of its own."""
    root = tmp_path_factory.mktemp("own")
    linked(root, "regions")
    (root / "experiments").mkdir()
    return root


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_counts(tmp_path: Path, name: str, ending: str):
    _, census = read_table(asked(save(LAYOUTS[name](), tmp_path / f"t{ending}")), STARTS)
    np.testing.assert_array_equal(census.counts, CENSUS.counts)


def test_five_layouts_give_the_same_bytes(tmp_path: Path, working: Path):
    seen = set()
    for n, rows in enumerate(LAYOUTS.values()):
        found = new_region(working, asked(save(rows(), tmp_path / f"{n}.csv"), code="410598"))
        seen.add(tuple((p.name, p.read_bytes()) for p in sorted(found.folder.iterdir())))
        for path in found.folder.iterdir():
            path.unlink()
        found.folder.rmdir()
    assert len(seen) == 1


def test_english_heads_and_blocks_side_by_side(tmp_path: Path):
    rows = columns(zh=False)
    body = rows[2:]
    middle = len(body) // 2
    left, right = body[: middle + 1], [*body[middle + 1 :]]
    right += [[""] * 5] * (len(left) - len(right))
    side = [[*rows[0], *rows[0]], *([*a, *b] for a, b in zip(left, right, strict=True))]
    _, census = read_table(asked(save(side, tmp_path / "t.csv")), STARTS)
    np.testing.assert_array_equal(census.counts, CENSUS.counts)


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("0岁", (0, 0)),
        ("不满1岁", (0, 0)),
        ("1～4岁", (1, 4)),
        ("5 — 9", (5, 9)),
        ("１０－１４", (10, 14)),
        ("Aged 15 to 19 years", (15, 19)),
        ("85岁及以上", (85, OPEN)),
        ("85+", (85, OPEN)),
        ("≥８５岁", (85, OPEN)),
        ("1-4①", (1, 4)),
        ("85岁及以上²", (85, OPEN)),
        ("85岁及其以上", (85, OPEN)),
        ("65岁及以上 65 and over", (65, OPEN)),
        ("65岁及以上 60 and over", None),
        ("10到14岁", (10, 14)),
        ("其中：0岁", (0, 0)),
        ("合计", None),
        ("1234", None),
        ("121", None),
        ("9-5", None),
    ],
)
def test_labels_of_ages(text: str, ages: object):
    assert age_of(text) == ages


def test_labels_of_sexes():
    assert [sex_of(t) for t in ("男性", "Females", "小 计", "男（人）", "男性比重")] == [
        "male",
        "female",
        "both",
        "male",
        None,
    ]
    assert [sex_of(t) for t in ("男 Male", "合 计 Total", "男 Female", "男 deaths")] == [
        "male",
        "both",
        None,
        None,
    ]
    assert WHOLE == (0, OPEN)


def test_a_unit_is_converted_only_when_said(tmp_path: Path):
    rows = [["年龄", "男（万人）", "女（万人）"]]
    rows += [
        [label(i), f"{m / 1e4:.4f}", f"{f / 1e4:.4f}"]
        for i, (f, m) in enumerate(zip(FEMALE, MALE, strict=True))
    ]
    said = refusal(tmp_path / "t.csv", rows)
    assert (
        said[0]
        == "row 1, column B | '男（万人）' names the unit 万人, read is 人 | say --unit 万人, if it is so"
    )
    _, census = read_table(asked(tmp_path / "t.csv", unit="万人"), STARTS)
    np.testing.assert_array_equal(census.counts, CENSUS.counts)


def test_separators_are_taken_out_only_when_said(tmp_path: Path):
    rows = [[f"{c:,}" if isinstance(c, int) else c for c in row] for row in columns()]
    said = refusal(tmp_path / "t.csv", rows)
    assert len(said) == 1
    assert said[0].startswith("row 3, column B | '")
    assert said[0].endswith(
        "more cells have separators of thousands | say --thousands to have them taken out"
    )
    _, census = read_table(asked(tmp_path / "t.csv", thousands=True), STARTS)
    np.testing.assert_array_equal(census.counts, CENSUS.counts)


def test_another_encoding_is_read_only_when_said(tmp_path: Path):
    path = save(columns(), tmp_path / "t.csv", "gb18030")
    with pytest.raises(
        ConfigError, match=r"is not UTF-8 \| save the file as UTF-8 .*or say --encoding gb18030"
    ):
        read_table(asked(path), STARTS)
    _, census = read_table(asked(path, encoding="gbk"), STARTS)
    np.testing.assert_array_equal(census.counts, CENSUS.counts)


def wrong_total(rows: Rows) -> None:
    rows[2][2] = sum(MALE) + 7
    rows[2][1] = sum(MALE) + sum(FEMALE) + 7


def wrong_sexes(rows: Rows) -> None:
    rows[5][1] = MALE[2] + FEMALE[2] - 3


def twice(rows: Rows) -> None:
    rows.insert(6, [rows[5][0], "", *rows[5][2:]])


def gone(rows: Rows) -> None:
    del rows[7]


def half(rows: Rows) -> None:
    rows[4][2] = 12.5


def blank(rows: Rows) -> None:
    rows[4][3] = ""


def dated(rows: Rows) -> None:
    rows[5][0] = "9-May"


def no_end(rows: Rows) -> None:
    rows[-1][0] = "85-89岁"


def other_year(rows: Rows) -> None:
    rows[0][0] = "2010年人口普查"


def merged_children(rows: Rows) -> None:
    rows[3] = ["0-4岁", *(a + b for a, b in zip(rows[3][1:], rows[4][1:], strict=True))]
    del rows[4]


def wide_end(rows: Rows) -> None:
    rows[-2] = ["80岁及以上", *(a + b for a, b in zip(rows[-2][1:], rows[-1][1:], strict=True))]
    del rows[-1]


def one_sex(rows: Rows) -> None:
    for row in rows:
        row[3] = ""


def noted(rows: Rows) -> None:
    rows[5][2] = f"{rows[5][2]}①"  # a figure with the mark of a note, not one ten times as large
    rows[5][3] = f"{rows[5][3]}²"


def two_places(rows: Rows) -> None:
    for row in rows:
        row[4] = row[2]
    rows[1][4] = "男"


REFUSED = {
    wrong_total: "row 3, column C | male, all ages: {0:,} printed, 19 groups sum to {1:,} (-7) | mend one of",
    wrong_sexes: "row 6, column B | both sexes, 5-9: {2:,} printed, female and male sum to {3:,} (+3) |",
    twice: "row 7, column C | male, 5-9 stands twice: {4} in row 6, column C too | keep one",
    gone: "row 8, column C | male: no group 15-19 before 20-24 | add the missing rows",
    half: "row 5, column C | male, 1-4: 12.5 persons | whole persons of 0 or more",
    blank: "row 5, column D | female, 1-4: empty | write the persons counted; 0 where nobody was",
    dated: "row 6, column A | '9-May' is no age group, with counts beside it | write it as 5-9",
    no_end: "row 22, column C | male: no open group after 85-89 | add it, e.g. 85 and over",
    other_year: "row 1, column A | '2010年人口普查' is of 2010 | give the census of 2020",
    merged_children: "row 4, column D | female: 0-4 is wider than the model's groups | give 0 apart",
    wide_end: "row 21, column D | female: 80+ is wider than the model's groups | give 80-84 apart",
    two_places: "row 2, column E | '男' once more, as in row 2, column C | leave the columns of one place",
    noted: "row 6, column C | male, 5-9: '{4}①' is no count | write the persons counted",
    one_sex: "no ages for female | give the counts of both sexes by age",
}


@pytest.mark.parametrize("spoil", REFUSED, ids=lambda f: f.__name__)
def test_what_is_refused(tmp_path: Path, spoil: Callable[[Rows], None]):
    rows = [list(row) for row in columns()]
    spoil(rows)
    whole = MALE[2] + FEMALE[2]
    text = REFUSED[spoil].format(sum(MALE) + 7, sum(MALE), whole - 3, whole, MALE[2])
    assert any(line.startswith(text) for line in refusal(tmp_path / "t.csv", rows))


def test_faults_are_told_at_once_and_nothing_is_written(cli, tmp_path: Path, working: Path):
    rows = [list(row) for row in columns()]
    wrong_sexes(rows)
    half(rows)
    gone(rows)
    before = sorted((working / "parameters" / "regions").iterdir())
    table = save(rows, tmp_path / "t.csv")
    done = cli("region", "new", table, "--name", "云泽县", "--parent", "410500", cwd=working)
    assert done.code == 2
    for cell in ("row 6, column B", "row 5, column C", "row 8, column C"):
        assert f"{table}: {cell} |" in done.err
    assert "Traceback" not in done.err
    assert sorted((working / "parameters" / "regions").iterdir()) == before


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"parent": "419999"}, r"--parent \| no place '419999' \| did you mean"),
        ({"parent": "410581"}, r"--parent \| 410581 林州市 is a county \| name its province or prefecture"),
        ({"code": "410500"}, r"--code \| 410500 is regions/410500_anyang already"),
        ({"code": "41"}, r"--code \| '41' \| write six digits"),
        ({"urban": 90_000_000}, r"--urban \| 90000000 of \d+ people \| urban residents"),
    ],
)
def test_what_is_said_wrong_of_the_place(
    tmp_path: Path, working: Path, changes: dict[str, object], text: str
):
    table = save(columns(), tmp_path / "t.csv")
    with pytest.raises(ConfigError, match=text):
        new_region(working, asked(table, **changes))


def test_another_kind_of_file(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"t.xls \| ends with '.xls' \| save the table as .xlsx or .csv"):
        read_table(asked(tmp_path / "t.xls"), STARTS)


def test_shares_below_a_head_that_spans_them_are_not_counts(tmp_path: Path):
    """As yearbooks print them: title, unit, counts and shares by sex, a note at the end."""
    everyone = sum(MALE) + sum(FEMALE)
    rows: Rows = [["4-1 分年龄、性别的人口"], ["", "", "", "单位：人、%"]]
    rows += [
        ["年 龄", "人口数", "", "", "占总人口比重", "", ""],
        ["", "合计", "男", "女", "小计", "男", "女"],
    ]
    for name, _, m, f, _ in columns()[2:]:
        shares = [round(100 * int(str(n)) / everyone, 2) for n in (int(str(m)) + int(str(f)), m, f)]
        rows.append([name, int(str(m)) + int(str(f)), m, f, *shares])
    rows.append(["注：本表为2020年人口普查短表数据。"])
    layout, census = read_table(asked(save(rows, tmp_path / "t.csv")), STARTS)
    np.testing.assert_array_equal(census.counts, CENSUS.counts)
    assert [cell.place for cell in layout.unread] == [f"row 4, column {c}" for c in "EFG"]


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("2020年死亡人口", "死亡"),
        ("各年龄人口（1%抽样，2020年）", "抽样"),
        ("1-4 户籍人口 2020年", "户籍人口"),
        ("Deaths by age, 2020", "deaths"),
        ("城镇", "城镇"),
    ],
)
def test_a_table_of_others_than_all_residents(tmp_path: Path, title: str, word: str):
    rows = columns()
    rows[0][0] = title
    said = refusal(tmp_path / "t.csv", rows)
    assert said == [
        f"row 1, column A | '{title}' says that not all residents are counted ({word}) | "
        "give the census of all residents, without columns of others"
    ]


def test_a_column_of_deaths_beside_the_people_is_only_named(tmp_path: Path):
    rows = columns()
    rows[1][4] = "死亡人口"
    layout, census = read_table(asked(save(rows, tmp_path / "t.csv")), STARTS)
    assert [cell.text for cell in layout.unread] == ["死亡人口"]
    np.testing.assert_array_equal(census.counts, CENSUS.counts)


def test_more_people_than_the_place_around_is_refused(tmp_path: Path, working: Path):
    """Persons below a head of 万人: ten thousand times the place."""
    rows = columns()
    rows[1][2:4] = ["男（万人）", "女（万人）"]
    table = save(rows, tmp_path / "t.csv")
    with pytest.raises(ConfigError, match=r"9,509,390,000 people, 410500 .* has [\d,]+ \| check --unit"):
        new_region(working, asked(table, unit="万人"))


MISNAMED = {
    "old.xlsx": (b"\xd0\xcf\x11\xe0" + bytes(600), "is an old .xls workbook, or has a password"),
    "old.csv": (b"\xd0\xcf\x11\xe0" + bytes(600), "is an old .xls workbook, or has a password"),
    "page.xlsx": (b"<html><table><tr><td>1</td></tr></table></html>", "is a web page under the name .xlsx"),
    "text.xlsx": ("年龄,男,女\n".encode("gbk"), "is text under the name .xlsx"),
    "book.csv": (b"PK\x03\x04" + bytes(600), "is a workbook under the name .csv"),
}


@pytest.mark.parametrize("name", MISNAMED)
def test_a_file_under_an_ending_of_another(tmp_path: Path, name: str):
    content, text = MISNAMED[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=text):
        read_table(asked(tmp_path / name), STARTS)


def test_a_sex_that_is_named_once_holds_for_the_rows_below(tmp_path: Path):
    rows = [["性别", "年龄", "人数"]]
    for word, people in (("男", MALE), ("女", FEMALE)):
        rows += [[word if i == 0 else "", label(i), str(n)] for i, n in enumerate(people)]
    _, census = read_table(asked(save(rows, tmp_path / "t.csv")), STARTS)
    np.testing.assert_array_equal(census.counts, CENSUS.counts)


def test_an_age_group_that_became_a_date(tmp_path: Path):
    rows = [list(row) for row in columns()]
    rows[5][0] = datetime(2026, 9, 5)
    said = refusal(tmp_path / "t.xlsx", rows)
    text = (
        "row 6, column A | '2026-09-05 00:00:00' is a date, with counts beside it | format the column as text"
    )
    assert said[0].startswith(text)


def test_a_table_without_ages(tmp_path: Path):
    said = refusal(tmp_path / "t.csv", [["地区", "人数（万人）"], ["云泽县", 12]])
    assert said[0].startswith("row 1, column B | '人数（万人）' names the unit 万人")
    assert said[1].startswith("no column or row of age groups | labels such as 0, 1-4, 5-9")


def test_a_note_of_when_it_was_published_is_no_other_census(tmp_path: Path):
    rows = columns()[1:]
    note = [["注：来源为云泽县统计局，2022年编印", "", "", "", ""]]
    _, census = read_table(asked(save([*rows, *note], tmp_path / "t.csv")), STARTS)
    np.testing.assert_array_equal(census.counts, CENSUS.counts)
    older = [["注：第六次人口普查，2010年", "", "", "", ""]]
    assert "is of 2010 | give the census of 2020" in refusal(tmp_path / "o.csv", [*rows, *older])[0]
    assert "is of 2022" in refusal(tmp_path / "h.csv", [["2022年抽样调查"], *rows])[0]


def test_heads_that_are_no_sex_are_named(tmp_path: Path):
    rows = [["甲县 男" if c == "男" else "甲县 女" if c == "女" else c for c in row] for row in columns()]
    said = [fault for fault in refusal(tmp_path / "t.csv", rows) if "no ages for" in fault]
    assert len(said) == 2
    assert all("these heads are neither: '甲县 男' (row 2, column C), '甲县 女'" in fault for fault in said)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_another_mark_between_cells_is_named(tmp_path: Path, mark: str):
    path = tmp_path / "t.csv"
    path.write_text("\n".join(mark.join(map(str, row)) for row in columns()), encoding="utf-8")
    with pytest.raises(ConfigError, match="not by commas | save it with commas".replace("|", r"\|")):
        read_table(asked(path), STARTS)


def test_a_cell_that_is_no_count_is_told_once(tmp_path: Path):
    rows = [list(row) for row in columns()]
    half(rows)
    assert len(refusal(tmp_path / "t.csv", rows)) == 1


def test_a_workbook_of_two_sheets_wants_one_named(tmp_path: Path):
    path = save(columns(), tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    book.active.title = "人口"
    book.create_sheet("说明").append(["说明", "本表"])
    book.save(path)
    with pytest.raises(ConfigError, match=r"2 sheets hold something: 人口, 说明 \| say which with --sheet"):
        read_table(asked(path), STARTS)
    _, census = read_table(asked(path, sheet="人口"), STARTS)
    np.testing.assert_array_equal(census.counts, CENSUS.counts)


@pytest.mark.slow
def test_it_runs_and_says_what_comes_from_above(cli, tmp_path: Path, working: Path):
    table = save(columns(), tmp_path / "t.xlsx")
    done = cli("region", "new", table, "--name", "云泽县", "--parent", "410500", "--lang", "en", cwd=working)
    assert (done.code, done.err) == (0, "")
    assert "not read: '性别比' (row 2, column E)" in done.out
    assert "men for 100 women: under 15 108, 75 and over 75; in 410500 安阳市 114 and 72" in done.out
    assert "(code 419901)" in done.out
    assert list_regions(working)["419901"].parent == "410500"
    found = read_place(working, "419901")
    assert float(found["population.base"].data.sum()) == pytest.approx(CENSUS.counts.sum(), rel=0.015)
    assert found["population.urban_share"].level == "prefecture"
    (working / "experiments" / "own.yaml").write_text(
        "schema: 1\nname: own\nregions: ['419901']\nyears: {base: 2020, end: 2025}\ntest_years: [2025]\n"
        "draws: {n: 3, seed: 1}\n",
        encoding="utf-8",
    )
    done = cli("run", "experiments/own.yaml", "--no-charts", "--quiet", "--workers", "1", cwd=working)
    assert done.code == 0, done.err
    run = json.loads((working / done.out.strip() / "run.json").read_text(encoding="utf-8"))
    assert "urban share of 410500 in 2020" in json.dumps(run, ensure_ascii=False)
