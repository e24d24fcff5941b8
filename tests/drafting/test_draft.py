"""A whole document: its rows in every format, and what a sentence or a table says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import openpyxl
import paperwork
import pytest

from sim.drafting.draft import draft
from sim.drafting.lexicon import Lexicon
from sim.drafting.proposal import Proposal
from sim.drafting.readers import read_document

Row = tuple[str, str, str, str, str, str, str]
TABLE: set[Row] = {
    ("life_expectancy", "baseline", "2025", "=", "78.6", "years", "expected"),
    ("life_expectancy", "target", "2030", "=", "80.2", "years", "expected"),
    ("infant_mortality", "baseline", "2025", "=", "3.40", "per 1000 live births", "expected"),
    ("infant_mortality", "target", "2030", "<=", "3.2", "per 1000 live births", "expected"),
    ("maternal_mortality", "baseline", "2025", "=", "11.5", "per 100000 live births", "binding"),
    ("maternal_mortality", "target", "2030", "<=", "10", "per 100000 live births", "binding"),
    ("beds_per_1000", "baseline", "2025", "=", "7.1", "per 1000", "expected"),
    ("beds_per_1000", "target", "2030", "=", "7.3", "per 1000", "expected"),
    ("nurses_per_1000", "baseline", "2025", "=", "3.9", "per 1000", "expected"),
    ("nurses_per_1000", "target", "2030", "=", "5.1", "per 1000", "expected"),
    ("gps_per_10000", "baseline", "2025", "=", "3.2", "per 10000", "binding"),
    ("gps_per_10000", "target", "2030", "=", "4.5", "per 10000", "binding"),
    ("hypertension_mgmt_rate", "baseline", "2025", "=", "66", "%", "expected"),
    ("hypertension_mgmt_rate", "target", "2030", "=", "", "%", "expected"),
    ("u3_sys_mgmt_rate", "target", "2030", ">=", "92", "%", "expected"),
}
TEXT: set[Row] = {
    ("maternal_sys_mgmt_rate", "baseline", "2025", "=", "93.5", "%", ""),
    ("hospital_delivery_rate", "baseline", "2025", "=", "99.9", "%", ""),
    ("health_technicians_total", "baseline", "2025", "=", "23100", "persons", ""),
    ("health_technicians_total", "history", "2020-2025", "change", "2200", "persons", ""),
    ("in_county_visit_rate", "target", "2030", ">=", "90", "%", ""),
    ("primary_visit_share", "target", "2030", "=", "65", "%", ""),
    ("child_myopia_rate", "target", "2030", "change", "-0.5", "percentage points per year", ""),
    ("std_county_geriatric_hospital", "standard", "2030", ">=", "1", "per county", ""),
    ("vaccination_coverage", "target", "2030", ">=", "95", "%", ""),
}


def rows(proposals: list[Proposal]) -> Counter[Row]:
    return Counter((p.indicator, p.kind, p.year, p.operator, p.value, p.unit, p.binding) for p in proposals)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("tabs.txt", paperwork.as_text),
        ("gbk.txt", lambda p: paperwork.as_text(p, "gb18030")),
        ("utf16.txt", lambda p: paperwork.as_text(p, "utf-16")),
        ("cells.txt", paperwork.as_cells),
        ("stack.txt", paperwork.as_stack),
        ("word.docx", paperwork.as_docx),
        ("print.pdf", paperwork.as_pdf),
    ],
)
def test_every_format_gives_the_same_rows(
    name: str, make: Callable[[Path], Path], tmp_path: Path, lexicon: Lexicon
) -> None:
    found = draft(read_document(make(tmp_path / name)), lexicon)
    assert found.title == paperwork.TITLE
    table = rows([p for p in found.proposals if p.reading.in_table])
    if name == "stack.txt":  # a bare cell that is empty leaves no line: its dash does
        assert set(table) >= TABLE - {("hypertension_mgmt_rate", "target", "2030", "=", "", "%", "expected")}
    else:
        assert set(table) == TABLE
    assert max(table.values()) == 1
    assert set(rows([p for p in found.proposals if not p.reading.in_table])) >= TEXT


def test_a_sheet_alone_gives_the_table(tmp_path: Path, lexicon: Lexicon) -> None:
    found = draft(read_document(paperwork.as_xlsx(tmp_path / "table.xlsx")), lexicon)
    assert set(rows(list(found.proposals))) == TABLE
    assert {p.reading.place for p in found.proposals} >= {"Sheet!D4", "Sheet!E4"}


def test_the_line_is_the_line_of_the_file(tmp_path: Path, lexicon: Lexicon) -> None:
    found = draft(read_document(paperwork.as_text(tmp_path / "plan.txt")), lexicon)
    text = paperwork.lines()
    for p in found.proposals:
        if p.value and not p.reading.figure.words:  # type: ignore[union-attr]
            digits = p.value.lstrip("-").removesuffix("000").removesuffix("00")
            assert (
                digits[:2] in text[p.reading.line - 1].replace(".", "") or digits in text[p.reading.line - 1]
            )


@pytest.mark.parametrize(
    ("head", "cells", "row"),
    [
        (
            ("指标名称（单位）", "“十四五”实现值", "“十五五”目标"),
            ("执业（助理）医师（人/千人口）", "3.1", "≥3.6"),
            ("doctors_per_1000", "target", "2030", ">=", "3.6", "per 1000", ""),
        ),
        (
            ("指标", "属性", "目标值"),
            ("人均期望寿命", "预期性", "提高1岁"),
            ("life_expectancy", "target", "2030", "change", "1", "years", "expected"),
        ),
        (
            ("指标", "单位", "2030年目标值"),
            ("以乡镇为单位适龄儿童免疫规划疫苗接种率", "%", "不少于总数的95"),
            ("vaccination_coverage", "target", "2030", ">=", "95", "%", ""),
        ),
        (
            ("指标", "单位", "2025年", "2030年规划目标"),
            ("注册护士数", "万人", "2.05", "2.6"),
            ("nurses_total", "target", "2030", "=", "26000", "persons", ""),
        ),
        *(
            (
                ("指标", "单位", "2025年", "2030年"),
                ("人均预期寿命", "岁", "〔1.2〕", over),
                ("life_expectancy", "target", "2030", "change", "1", "years", "expected"),
            )
            for over in ("〔1〕", "[1]", "［1］", "〔提高1〕", "〔1岁〕")
        ),
        (
            ("Indicator", "Unit", "2025 baseline", "2030 target", "Type"),
            ("Maternal mortality ratio", "per 100,000 live births", "11", "no more than 9", "binding"),
            ("maternal_mortality", "target", "2030", "<=", "9", "per 100000 live births", "binding"),
        ),
    ],
)
def test_heads_of_many_kinds(
    head: tuple[str, ...], cells: tuple[str, ...], row: Row, tmp_path: Path, lexicon: Lexicon
) -> None:
    other = ("孕产妇系统管理率（%）", *["90"] * (len(head) - 1))
    text = [paperwork.TITLE, *("\t".join(line) for line in (head, cells, other, other))]
    found = draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon)
    assert row in rows(list(found.proposals))


@pytest.mark.parametrize(
    ("sentence", "row"),
    [
        (
            "到2030年，每千人口执业（助理）医师数、注册护士数分别达到3.7人和5.1人。",
            ("nurses_per_1000", "target", "2030", "=", "5.1", "per 1000", ""),
        ),
        (
            "到2030年，高血压和2型糖尿病患者规范管理率均达到70%以上。",
            ("hypertension_mgmt_rate", "target", "2030", ">=", "70", "%", ""),
        ),
        (
            "到2030年，80%的村卫生室能够提供中医药服务。",
            ("tcm_village_clinic_share", "target", "2030", "=", "80", "%", ""),
        ),
        (
            "到2030年，妇幼保健服务完善，孕产妇系统管理率、3岁以下儿童系统管理率分别不低于92%、93%。",
            ("u3_sys_mgmt_rate", "target", "2030", ">=", "93", "%", ""),
        ),
        (
            "城市按照每3万人口配置1辆救护车。",
            ("ambulance_population_ratio", "standard", "2030", "=", "30000", "persons per ambulance", ""),
        ),
        (
            "到2030年，孕产妇死亡率、婴儿死亡率分别控制在9/10万、3‰以内。",
            ("maternal_mortality", "target", "2030", "<=", "9", "per 100000 live births", ""),
        ),
        (
            "2030年，婴儿死亡率由3.9‰下降到3.1‰。",
            ("infant_mortality", "target", "2030", "=", "3.1", "per 1000 live births", ""),
        ),
        (
            "到2030年，三级医院基本药物使用比例达到31%，二级医院达到46%，县级医院不低于52%。",
            ("essential_medicine_spend_share", "target", "2030", ">=", "52", "%", ""),
        ),
        (
            "到2030年，乡镇卫生院、二级医院、三级医院基本药物品种占比分别达到82%、63%、44%。",
            ("essential_medicine_item_share", "target", "2030", "=", "63", "%", ""),
        ),
        (
            "到2030年，三级医院55%的病人和二级医院75%的患者按照临床路径管理。",
            ("clinical_pathway_share", "target", "2030", "=", "55", "%", ""),
        ),
        (
            "到2030年，市级“三所医院”全部达到三级水平。",
            ("municipal_hospitals_to_tertiary", "target", "2030", "=", "3", "count", ""),
        ),
        (
            "到2028年和2030年，居民健康素养水平分别不低于33%和36%。",
            ("health_literacy", "target", "2028", ">=", "33", "%", ""),
        ),
        (
            "到2028年和2030年，产前筛查率分别达到80%和85%；孕产妇死亡率分别控制在10/10万、9/10万以内。",
            ("maternal_mortality", "target", "2028", "<=", "10", "per 100000 live births", ""),
        ),
        (
            "到2028年和2030年，适龄儿童免疫规划疫苗接种率保持在95%以上。",
            ("vaccination_coverage", "target", "2028", ">=", "95", "%", ""),
        ),
        (
            "经常参加体育锻炼人数比例达到40%（2028年）和42%（2030年）。",
            ("regular_exercise_share", "target", "2028", "=", "40", "%", ""),
        ),
        (
            "2025年，每千人口拥有床位7.3张、执业（助理）医师3.6人、注册护士4.3人。",
            ("nurses_per_1000", "baseline", "2025", "=", "4.3", "per 1000", ""),
        ),
        (
            "出生人口性别比2028年下降到110以下。",
            ("sex_ratio_at_birth", "target", "2028", "<=", "110", "males per 100 females", ""),
        ),
        (
            "救护车按每3万人口1辆配置。",
            ("ambulance_population_ratio", "standard", "2030", "=", "30000", "persons per ambulance", ""),
        ),
        (
            "到2030年，公有产权村卫生室比例达到八成以上。",
            ("public_village_clinic_share", "target", "2030", ">=", "80", "%", ""),
        ),
        (
            "到2030年，普惠性托位占比不低于三分之二。",
            ("childcare_affordable_share", "target", "2030", ">=", "66.7", "%", ""),
        ),
        (
            "到2030年，托位总数翻一番。",
            ("childcare_slots_total", "target", "2030", "change", "100", "%", ""),
        ),
        (
            "到２０３０年，住院分娩率达到９９．５％以上。",
            ("hospital_delivery_rate", "target", "2030", ">=", "99.5", "%", ""),
        ),
        (
            "到2030年，基层医疗卫生机构应掌握应用10项以上中医药适宜技术。",
            ("tcm_techniques_per_primary_inst", "target", "2030", ">=", "10", "count", ""),
        ),
    ],
)
def test_sentences_of_many_kinds(sentence: str, row: Row, tmp_path: Path, lexicon: Lexicon) -> None:
    text = [paperwork.TITLE, "三、主要任务", sentence]
    found = draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon)
    assert row in rows(list(found.proposals))


def test_a_name_borrowed_from_the_next_figure_is_never_sure(tmp_path: Path, lexicon: Lexicon) -> None:
    sentence = "到2030年，100%的社区卫生服务站和85%的村卫生室能够提供中医药服务。"
    text = [paperwork.TITLE, "三、主要任务", sentence]
    found = draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon)
    assert not any(p.sure for p in found.proposals if p.value == "100")


def flags_of(text: list[str], tmp_path: Path, lexicon: Lexicon) -> dict[str, set[str]]:
    found = draft(
        read_document(paperwork.as_text(tmp_path / "t.txt", text=[paperwork.TITLE, *text])), lexicon
    )
    said: dict[str, set[str]] = {}
    for p in found.proposals:
        said.setdefault(p.indicator, set()).update(f.partition(":")[0] for f in p.flags)
        assert not (p.sure and {"two values", "check", "jump", "none"} & set(p.flags))
    return said


def test_what_must_be_looked_at_is_flagged(tmp_path: Path, lexicon: Lexicon) -> None:
    head = "\t".join(("指标", "单位", "2025年", "2030年"))
    body = (
        ("人均预期寿命", "岁", "79.0", "78.5"),  # worse than its own baseline
        ("每千人口医疗卫生机构床位数", "张", "7.0", "城市8.1，农村5.2"),  # two values
        ("每万人口全科医生数", "人", "3.1", "0.39"),  # per 1000 read as per 10,000
        ("窗口微笑指数", "分", "80", "90"),  # no indicator
    )
    said = flags_of([head, *("\t".join(r) for r in body)], tmp_path, lexicon)
    assert "below baseline" in said["life_expectancy"]
    assert "two values" in said["beds_per_1000"]
    assert {"jump", "check"} & said["gps_per_10000"]
    assert "none" in said[""]


def test_two_figures_of_two_indicators_in_one_row_are_never_sure(tmp_path: Path, lexicon: Lexicon) -> None:
    row = ("老年人健康管理率/高血压规范管理率", "%", "72/70", "80/76")
    head = ("指标", "单位", "2025年", "2030年")
    text = [paperwork.TITLE, *("\t".join(r) for r in (head, row, ("住院分娩率", "%", "99", "99.5"), row))]
    found = draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon)
    pairs = [p for p in found.proposals if p.value in ("72", "70", "80", "76")]
    assert {p.value for p in pairs} == {"72", "70", "80", "76"}
    assert not any(p.sure for p in pairs)
    assert all("two values" in p.flags for p in pairs)


def test_what_is_added_is_no_total(tmp_path: Path, lexicon: Lexicon) -> None:
    text = [paperwork.TITLE, "三、任务", "到2030年，新增全科医生5000名。"]
    (row,) = draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon).proposals
    assert "added" in row.flags
    assert not row.sure


def test_a_table_without_lines_on_a_page_is_one(tmp_path: Path, lexicon: Lexicon) -> None:
    found = draft(read_document(paperwork.as_unruled_pdf(tmp_path / "t.pdf")), lexicon)
    said = {(p.indicator, p.year, p.operator, p.value) for p in found.proposals if p.reading.in_table}
    assert said == {
        ("doctors_per_1000", "2025", "=", "3.1"),
        ("doctors_per_1000", "2030", "=", "3.7"),
        ("infant_mortality", "2025", "=", "3.4"),
        ("infant_mortality", "2030", "<=", "3.2"),
        ("health_literacy", "2025", "=", "31"),
        ("health_literacy", "2030", "=", "36"),
    }
    assert all(p.sure for p in found.proposals if p.reading.in_table)
    assert any(p.indicator == "hospital_delivery_rate" for p in found.proposals if not p.reading.in_table)


def test_two_indicators_as_likely_are_not_sure(tmp_path: Path, lexicon: Lexicon) -> None:
    text = [paperwork.TITLE, "三、任务", "到2030年，国家卫生县城（乡镇）占比达到30%。"]
    (row,) = draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon).proposals
    assert "close" in row.flags
    assert not row.sure
    assert row.others[0].id.startswith("national_health_")


def test_merged_cells_of_a_word_table_are_told(tmp_path: Path, lexicon: Lexicon) -> None:
    """A value and an obligation over two rows: the second row has both, flagged; the value is not sure."""
    word = docx.Document()
    word.add_paragraph(paperwork.TITLE)
    table = word.add_table(rows=3, cols=4)
    rows_ = (
        ("指标", "单位", "2030年目标", "属性"),
        ("住院分娩率", "%", "99", "约束性"),
        ("孕产妇系统管理率", "%"),
    )
    for i, cells in enumerate(rows_):
        for j, text in enumerate(cells):
            table.cell(i, j).text = text
    for column in (2, 3):
        table.cell(1, column).merge(table.cell(2, column))
    word.save(str(tmp_path / "t.docx"))
    first, second = draft(read_document(tmp_path / "t.docx"), lexicon).proposals
    assert (first.value, first.binding, first.flags, first.sure) == ("99", "binding", (), True)
    assert (second.value, second.binding, second.sure) == ("99", "binding", False)
    assert {"merged value", "merged attribute"} <= set(second.flags)


def test_a_target_that_is_better_is_not_flagged(tmp_path: Path, lexicon: Lexicon) -> None:
    head = "\t".join(("指标", "单位", "2025年", "2030年"))
    rows_ = ["人均预期寿命\t岁\t79.0\t79.5", "婴儿死亡率\t‰\t4.0\t3.5", "住院分娩率\t%\t99\t99.5"]
    said = flags_of([head, *rows_], tmp_path, lexicon)
    assert not any("below baseline" in flags for flags in said.values())


def test_chapters_tell_the_past_from_the_tasks(tmp_path: Path, lexicon: Lexicon) -> None:
    text = [
        paperwork.TITLE,
        "第一章 规划背景",
        "第一节 发展成就",
        "人均预期寿命由2020年的77.1岁提高到2025年的78.6岁，婴儿死亡率由4.2‰下降到3.4‰。",
        "第二章 主要任务",
        "居民电子健康档案建档率稳定在95%以上。",
    ]
    found = draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon)
    got = {(p.indicator, p.kind, p.year, p.value) for p in found.proposals}
    assert got == {
        ("life_expectancy", "history", "2020", "77.1"),
        ("life_expectancy", "baseline", "2025", "78.6"),
        ("infant_mortality", "history", "2020", "4.2"),
        ("infant_mortality", "baseline", "2025", "3.4"),
        ("ehr_coverage", "target", "2030", "95"),
    }


BARS = """
| 指标 | 单位 | 2025年（实际） | 2030年（目标） | 指标性质 |
|---|---|---|---|---|
| 人均预期寿命 | 岁 | 79.0 | 80 | 预期性 |
| 每千常住人口医疗卫生机构床位数 | 张 | 7.1 | 7.3 | 预期性 |
"""
BLANKS = """
序号 指标名称 单位 2025年 2030年 属性
1 人均预期寿命 岁 79.0 80 预期性
2 每千常住人口医疗卫生机构床位数 张 7.1 ≤ 7.3 约束性
3 5 岁以下儿童死亡率 ‰ 4.4 ≤ 4.2 约束性
"""
WIDE = """
指标名称    2025年现状值    2030年目标值    年均增长
人均预期寿命（岁）    79.0    80
每千常住人口医疗卫生机构床位数（张）    7.1    7.3
婴儿死亡率（‰）    3.5    3.2
  其中：城市    2.8    2.6
"""
STACK = """
类别
指标
2025年
2030年
健康水平
人均预期寿命（岁）
79.0
80
资源配置
每千常住人口医疗卫生机构床位数（张）
7.1
7.3
每万人口全科医生数（人）
3.1
—
"""


@pytest.mark.parametrize("table", [BARS, BLANKS, WIDE, STACK], ids=["bars", "blanks", "wide", "stack"])
def test_tables_as_they_are_copied_into_text(table: str, tmp_path: Path, lexicon: Lexicon) -> None:
    text = [paperwork.TITLE, *table.strip().splitlines(), "三、重点任务", "床位使用率达到85%。"]
    found = draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon)
    got = {
        (p.indicator, p.kind, p.value, p.scope): p.sure
        for p in found.proposals
        if p.reading.in_table and p.value
    }
    wanted = {
        ("life_expectancy", "baseline", "79.0", "all"),
        ("life_expectancy", "target", "80", "all"),
        ("beds_per_1000", "baseline", "7.1", "all"),
        ("beds_per_1000", "target", "7.3", "all"),
    }
    assert set(got) >= wanted
    assert all(got[row] for row in wanted)
    if table is WIDE:  # a part of the row above is for a part of the people
        assert ("infant_mortality", "baseline", "2.8", "urban") in got
    assert {(p.indicator, p.value) for p in found.proposals if not p.reading.in_table} == {
        ("bed_occupancy", "85")
    }


PARTS = """
序号\t指标\t2025年\t2030年\t指标属性
一\t健康水平
1\t人均预期寿命（岁）\t77.6\t78.8\t预期性
二\t资源配置
2\t每千人口医疗卫生机构床位数（张）\t6.7\t7.6\t预期性
3\t其中：市办及以上公立医院（张）\t1.8\t1.9\t预期性
4\t县办公立医院及基层医疗卫生机构（张）\t3.2\t3.5\t预期性
5\t婴儿死亡率（‰）\t3.5\t3.2\t约束性
6\t其中：农村（‰）\t4.5\t4.2\t约束性
"""


def test_parts_of_a_row_and_categories_between(tmp_path: Path, lexicon: Lexicon) -> None:
    text = [paperwork.TITLE, *PARTS.strip().splitlines()]
    found = draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon)
    targets = [(p.indicator, p.value, p.unit, p.scope) for p in found.proposals if p.kind == "target"]
    assert targets == [
        ("life_expectancy", "78.8", "years", "all"),
        ("beds_per_1000", "7.6", "per 1000", "all"),
        ("city_public_beds_per_1000", "1.9", "per 1000", targets[2][3]),
        ("county_primary_beds_per_1000", "3.5", "per 1000", targets[3][3]),
        ("infant_mortality", "3.2", "per 1000 live births", "all"),
        ("infant_mortality", "4.2", "per 1000 live births", "rural"),
    ]
    assert len(found.proposals) == 2 * len(targets)


def test_a_row_that_is_no_table_is_not_sure(tmp_path: Path, lexicon: Lexicon) -> None:
    text = [paperwork.TITLE, "三、任务", "床位使用率 % 80 85 预期性"]
    found = draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon)
    assert found.sure == []


def test_two_pages_are_one_table() -> None:
    """A row that the end of a page cuts in two is put together; its figures stay with its name."""
    from sim.drafting.document import Cell, Table
    from sim.drafting.readers import _goes_on, _joined

    def row(page: str, *texts: str) -> tuple[Cell, ...]:
        return tuple(Cell(t, 1, page) for t in texts)

    first = Table((row("p.1", "指标", "2025年"), row("p.1", "重大慢性病过早", "15")))
    rest = Table((row("p.2", "死亡率（%）", ""), row("p.2", "吸烟率（%）", "22")))
    assert _goes_on(first, rest)
    joined = _joined(first, rest)
    assert [[c.text for c in r] for r in joined.rows] == [
        ["指标", "2025年"],
        ["重大慢性病过早死亡率（%）", "15"],
        ["吸烟率（%）", "22"],
    ]


def _levels(proposals: list[Proposal]) -> set[tuple[str, str, str, str, str]]:
    return {(p.indicator, p.kind, p.year, p.operator, p.value) for p in proposals if p.indicator}


def test_a_word_page_is_read_as_it_shows(tmp_path: Path, lexicon: Lexicon) -> None:
    """A table within a table, a text box, a change that waits for approval, a content control, a symbol."""
    word = docx.Document()
    word.add_paragraph("云泽县卫生健康规划（2026—2030年，展望2035年）")
    frame = word.add_table(rows=1, cols=1).cell(0, 0).add_table(rows=2, cols=4)
    for i, cells in enumerate(
        (("指标", "2025年", "2030年", "属性"), ("人均预期寿命（岁）", "78", "80岁", "预期性"))
    ):
        for j, text in enumerate(cells):
            frame.cell(i, j).text = text
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    run = "<w:r><w:t>{}</w:t></w:r>"
    changed = (
        f"<w:p {space}>{run.format('到2030年，住院分娩率达到')}"
        "<w:del w:id='1'><w:r><w:delText>98</w:delText></w:r></w:del>"
        f"<w:ins w:id='2'>{run.format('99')}</w:ins>{run.format('%。')}</w:p>"
    )
    control = (
        f"<w:sdt {space}><w:sdtContent><w:p>{run.format('到2030年，孕产妇系统管理率')}"
        f"<w:r><w:sym w:font='Symbol' w:char='F0B3'/></w:r>{run.format('95%。')}</w:p></w:sdtContent></w:sdt>"
    )
    box = (
        f"<w:p {space}><w:r><w:pict><w:txbxContent><w:p>{run.format('到2030年，病床使用率达到85%。')}"
        "</w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    body = word.element.body
    for xml in (changed, control, box):
        body.insert(len(body) - 1, docx.oxml.parse_xml(xml))
    word.save(str(tmp_path / "shown.docx"))
    found = draft(read_document(tmp_path / "shown.docx"), lexicon)
    assert (found.period.first, found.period.last) == (2026, 2030)
    assert _levels(list(found.proposals)) == {
        ("life_expectancy", "baseline", "2025", "=", "78"),
        ("life_expectancy", "target", "2030", "=", "80"),
        ("hospital_delivery_rate", "target", "2030", "=", "99"),
        ("maternal_sys_mgmt_rate", "target", "2030", ">=", "95"),
        ("bed_occupancy", "target", "2030", "=", "85"),
    }


@pytest.mark.parametrize("second", [True, False])
def test_one_head_above_categories_and_names(second: bool, tmp_path: Path, lexicon: Lexicon) -> None:
    """指标 over two columns, with 一级 and 二级 below it or nothing: the names are the finer ones."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["某县“十五五”规划指标"])
    sheet.append(["序号", "指标", None, "单位", "2025年现状", "2030年目标", "属性"])
    if second:
        sheet.append([None, "一级", "二级"])
    sheet.append([1, "健康水平", "婴儿死亡率", "‰", 3.4, "3.0以下", "预期性"])
    sheet.append([2, None, "孕产妇死亡率", "/10万", 10.2, "<10/10万", "预期性"])
    first = 4 if second else 3
    for box in ("A1:G1", "B2:C2", f"B{first}:B{first + 1}"):
        sheet.merge_cells(box)
    book.save(tmp_path / "t.xlsx")
    found = draft(read_document(tmp_path / "t.xlsx"), lexicon).sure
    assert _levels(found) == {
        ("infant_mortality", "baseline", "2025", "=", "3.4"),
        ("infant_mortality", "target", "2030", "<=", "3.0"),
        ("maternal_mortality", "baseline", "2025", "=", "10.2"),
        ("maternal_mortality", "target", "2030", "<", "10"),
    }


def test_a_cell_with_a_digit_that_is_no_value_is_told(tmp_path: Path, lexicon: Lexicon) -> None:
    rows_ = [
        "某县“十五五”规划",
        "指标\t单位\t2025年\t2030年",
        "住院分娩率\t%\t99\t99.5",
        "病床使用率\t%\t78\tA3类",
    ]
    path = tmp_path / "t.txt"
    path.write_text("\n".join(rows_), encoding="utf-8")
    last = draft(read_document(path), lexicon).proposals[-1]
    assert (last.value, last.sure, "not read" in last.flags) == ("", False, True)


def test_what_a_target_rises_from_is_no_target(tmp_path: Path, lexicon: Lexicon) -> None:
    text = [paperwork.TITLE, "到2030年，居民健康素养水平从30%提高到38%。"]
    found = draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon)
    assert [(p.kind, p.year, p.value, p.sure) for p in found.proposals] == [
        ("baseline", "2025", "30", False),
        ("target", "2030", "38", True),
    ]


def _bracketed(row: tuple[str, ...], tmp_path: Path, lexicon: Lexicon) -> Sequence[Proposal]:
    rows_ = (("指标", "单位", "2025年", "2030年"), row, ("床位数", "张", "1", "2"))
    text = [paperwork.TITLE, *("\t".join(r) for r in rows_)]
    return draft(read_document(paperwork.as_text(tmp_path / "t.txt", text=text)), lexicon).proposals


def test_what_five_years_add_up_to_is_not_sure(tmp_path: Path, lexicon: Lexicon) -> None:
    """A target in such brackets is no level."""
    found = _bracketed(("全科医生数", "人", "2000", "〔3000〕"), tmp_path, lexicon)
    (target,) = [p for p in found if p.value == "3000"]
    assert "added up" in target.flags
    assert not target.sure


def test_what_is_far_below_the_level_of_its_row_is_added_to_it(tmp_path: Path, lexicon: Lexicon) -> None:
    found = _bracketed(("人均预期寿命", "岁", "79.2", "〔1〕"), tmp_path, lexicon)
    targets = [(p.operator, p.value, p.sure) for p in found if p.indicator == "life_expectancy"]
    assert targets == [("=", "79.2", True), ("change", "1", True)]
