"""A table of local counts: read in both languages and forms, or refused whole, cell by cell."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from paths import PARAMETERS, ROOT, read_rows

from sim.errors import ConfigError
from sim.known import read_counts, read_indicators
from sim.params import read_set

INDICATORS = read_indicators(ROOT)
HEAD = "indicator,year,value,unit,source,quality"
GOOD = "beds,2023,37398,bed,yearbook,A"


def read(tmp_path: Path, *rows: str, head: str = HEAD):
    path = tmp_path / "known.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return read_counts(path, INDICATORS, 2020, 2026)


def faults(tmp_path: Path, *rows: str, head: str = HEAD) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, *rows, head=head)
    return str(caught.value).splitlines()


def test_english_and_chinese_and_a_workbook_say_the_same(tmp_path: Path):
    english = read(tmp_path, "population,2023,4794890,person,bulletin,B", GOOD)
    chinese = read(
        tmp_path,
        "年末常住人口,2023年,479.489,万人,bulletin,b",
        "医疗机构床位数,2023,3.7398,万张,yearbook,A",
        head="指标,年份,数值,单位,来源,质量等级",
    )
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEAD.split(","), ["population", 2023, 4794890, "人", "bulletin", "B"], [*GOOD.split(",")]):
        sheet.append(row)
    book.save(tmp_path / "known.xlsx")
    workbook = read_counts(tmp_path / "known.xlsx", INDICATORS, 2020, 2026)
    for other in (chinese, workbook):
        assert [(c.label, c.source, c.quality) for c in other] == [
            (c.label, c.source, c.quality) for c in english
        ]
        assert [c.value for c in other] == pytest.approx([c.value for c in english])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "bed,2023,37398,bed,y,A",
            "column A (indicator) | 'bed' is no indicator | did you mean 'beds'?",
        ),
        ("beds,2019,37398,bed,y,A", "row 2, column B (year) | 2019 is before the census of 2020"),
        ("beds,2031,37398,bed,y,A", "row 2, column B (year) | 2031 is in the future"),
        ("beds,2023.5,37398,bed,y,A", "row 2, column B (year) | '2023.5' | write a whole calendar year"),
        ("beds,2023①,37398,bed,y,A", "row 2, column B (year) | '2023①' | write a whole calendar year"),
        ("beds,202²,37398,bed,y,A", "row 2, column B (year) | '202²' | write a whole calendar year"),
        ("beds,2023,37k,bed,y,A", "row 2, column C (value) | '37k' | write a number alone"),
        ("beds,2023,-5,bed,y,A", "row 2, column C (value) | '-5' | a count of 0 or more"),
        ("beds,2023,nan,bed,y,A", "row 2, column C (value) | 'nan' | a count of 0 or more"),
        ("beds,2023,37398,人,y,A", "row 2, column D (unit) | '人' is no unit of beds | write 张 or bed"),
        ("beds,2023,37398,bed,,A", "row 2, column E (source) | '' | say where it was counted"),
        ("beds,2023,37398,bed,y,", "row 2, column F (quality) | '' | write A"),
        ("beds,2023,37398,bed,y,good", "row 2, column F (quality) | 'good' | write A"),
        (f"{GOOD}\n{GOOD}", "beds of 2023 stands twice (first 37398)"),
        ("births,2023,10,birth,y,A\ninfant_deaths,2023,11,death,y,A", "infant_deaths 11 of 2023, births 10"),
        ("gps,2023,11,person,y,A\ndoctors,2023,10,person,y,A", "gps 11 of 2023, doctors 10"),
    ],
)
def test_each_wrong_cell_is_named_with_its_remedy(tmp_path: Path, row: str, said: str):
    found = faults(tmp_path, *row.split("\n"))
    assert len(found) == 1
    assert said in found[0]
    assert found[0].count(" | ") == 2


def test_all_faults_come_together(tmp_path: Path):
    found = faults(tmp_path, "bed,2019,x,bed,,Z", "doctors,2023,5,人,y,A", "doctors,2023,6,人,y,A")
    assert len(found) == 6  # indicator, year, value, source, quality, twice


def test_a_missing_and_an_unknown_column_are_told_together(tmp_path: Path):
    found = faults(tmp_path, GOOD, head="indicator,year,value,unit,sorce,quality")
    assert [("'sorce'" in f, "no column 'source'" in f) for f in found] == [(True, False), (False, True)]


def test_gbk_is_refused_unless_it_is_said(tmp_path: Path):
    path = tmp_path / "known.csv"
    path.write_bytes(f"{HEAD}\nbeds,2023,37398,张,卫健委年报,A\n".encode("gbk"))
    with pytest.raises(ConfigError, match="UTF-8"):
        read_counts(path, INDICATORS, 2020, 2026)
    with pytest.raises(ConfigError, match="--encoding gb18030"):
        read_counts(path, INDICATORS, 2020, 2026, "utf-8")
    assert read_counts(path, INDICATORS, 2020, 2026, "gb18030")[0].source == "卫健委年报"


def test_every_indicator_has_its_error_and_bound():
    rows = {row["id"] for row in read_rows(PARAMETERS / "known.csv")}
    known = read_set(PARAMETERS / "national", PARAMETERS)
    assert set(known["known.most"].data["count"].values) == rows
    people = {"population", "population_60", "population_65", "births", "deaths"}
    assert set(known["known.error"].data["count"].values) == rows - people
