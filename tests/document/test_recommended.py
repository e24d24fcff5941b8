"""The annex of a proposal: its targets, builds, costs and reasons are those of propose.csv and costs.csv."""

from __future__ import annotations

import csv
from pathlib import Path

import docx
import openpyxl
import pytest
from document.edit import copied, restate
from document.test_page import browser, data_of, seen
from paths import read_rows

from sim.document import write_report
from sim.propose.table import COLUMNS

BEDS = {
    "name_zh": "每千人口床位数",
    "name_en": "Beds per 1000 population",
    "indicator_id": "beds_per_1000",
    "year": "2030",
    "unit": "per 1000",
    "now_year": "2025",
    "now_p50": "6.5447",
    "need_p50": "5.8184",
    "norm": "7.408",
    "recommended": "7.41",
    "basis": "norm",
    "p_asked": "0.9",
    "p": "1",
    "count": "39015.29",
    "per_year": "755.24",
    "find_first": "inpatient.base_occupancy (51%)",
    "reason_zh": "按国家标准7.41；每年新增755",
    "reason_en": "the national norm of 7.41; 755 more every year",
}
STATED = {**BEDS, "name_zh": "高血压规范管理率", "unit": "%", "p": "", "per_year": "", "basis": "present"}


@pytest.fixture(scope="module")
def proposed(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small run with a proposal of two rows, the cost of its beds in two years."""
    folder = copied(small_run, tmp_path_factory.mktemp("proposal"))
    with (folder / "propose.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(dict.fromkeys(COLUMNS, "") | row for row in (BEDS, STATED))
    costs = read_rows(folder / "costs.csv")
    own = {**costs[0], "option": "proposal", "item": "beds"}
    with (folder / "costs.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, costs[0])
        writer.writeheader()
        for year, built in (("2025", "50"), ("2026", "1.5"), ("2030", "2.25")):
            writer.writerow({**own, "year": year, "cost": "capital", "mean": built})
        writer.writerow({**own, "year": "2030", "cost": "yearly_more", "mean": "-0.4"})
    restate(folder, "costs.csv")
    return folder


def cells(file: docx.document.Document, head: str) -> list[list[str]]:
    table = next(t for t in file.tables if head in [c.text for c in t.rows[0].cells])
    return [[c.text for c in row.cells] for row in table.rows]


@pytest.mark.slow
def test_targets_build_cost_and_reason_are_those_of_the_run(proposed: Path) -> None:
    file = docx.Document(str(write_report(proposed, "docx", "zh")))
    _, beds, stated = cells(file, "建议值\n（依据）")
    assert beds == ["每千人口床位数", "6.54", "5.82", "7.41", "7.41（标准）", "≥79%", "39,015", "755"]
    assert stated[-3:] == ["—", "39,015", "—"]
    _, cost = cells(file, "2026—2030年\n建设费")
    assert cost == ["床位", "3.8", "−0.40"]  # what was built in 2025 is today's
    text = [p.text for p in file.paragraphs]
    assert "1. 每千人口床位数：按国家标准7.41；每年新增755。" in text
    assert any(line.endswith("规划指标建议") for line in text)
    assert file.paragraphs[0].text == "安阳市2030年规划指标测算与建议"


@pytest.mark.slow
def test_a_run_that_proposes_nothing_has_no_such_part(small_run: Path, tmp_path: Path) -> None:
    file = docx.Document(str(write_report(copied(small_run, tmp_path), "docx", "en")))
    assert not [t for t in file.tables if t.rows[0].cells[-1].text == "A year"]


def test_the_page_has_the_tables_and_reasons(proposed: Path, small_run: Path, tmp_path: Path) -> None:
    page = data_of(write_report(proposed, "html", "en"))
    targets, costs = page["proposal"]
    assert targets["heads"][0] == "Indicator"
    assert targets["rows"][0][0] == "Beds per 1000 population"
    assert targets["rows"][0][4:] == ["7.41 (norm)", "≥79%", "39,015", "755"]
    assert targets["reasons"] == ["The national norm of 7.41; 755 more every year."] * 2
    assert costs["rows"] == [["Hospital and primary-care beds", "3.8", "−0.40"]]
    assert page["title"] == "Anyang: targets proposed for 2030"
    assert data_of(write_report(copied(small_run, tmp_path), "html", "en"))["proposal"] == []


@pytest.mark.slow
@browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_proposed_is_seen_on_a_phone(proposed: Path, tmp_path: Path, lang: str) -> None:
    """The proposed value and its probability stand within the screen, with no sideways scroll."""
    script = """
    const table = $('#proposed table'), heads = [...table.tHead.rows[0].cells].filter((x) => x.offsetWidth);
    const over = table.offsetWidth - table.parentElement.clientWidth;
    said = {over, heads: heads.map((x) => x.textContent)};
    """
    said, errors = seen(write_report(proposed, "html", lang), tmp_path, script, 390)
    assert errors == []
    assert said["over"] <= 1
    assert ("建议值（依据）" if lang == "zh" else "Proposed (by)") in said["heads"]


@pytest.mark.slow
@browser
def test_a_reason_unfolds_and_is_all_there_in_print(proposed: Path, tmp_path: Path) -> None:
    script = """
    const line = $('#proposed tbody tr'), shown = () => getComputedStyle(line.nextSibling).display;
    said = {before: shown(), verdicts: $('#verdicts').hidden};
    line.click();
    said.after = shown();
    line.click();
    window.dispatchEvent(new Event('beforeprint'));
    said.print = shown();
    """
    said, errors = seen(write_report(proposed, "html", "en"), tmp_path, script)
    assert errors == []
    assert said == {"before": "none", "verdicts": False, "after": "table-row", "print": "table-row"}


@pytest.mark.slow
def test_the_workbook_has_the_proposal_first(proposed: Path, small_run: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_report(proposed, "xlsx", "zh"))
    first, second = book.worksheets[:2]
    assert (first.title, second.title) == ("2030年建议指标", "测算依据")
    head, beds, _ = first.iter_rows(values_only=True)
    row = dict(zip(head, beds, strict=True))
    assert row["指标"] == "每千人口床位数"
    assert (row["建议值"], row["每年新增"], row["依据"]) == (7.41, 755.24, "标准")
    assert first.page_setup.orientation == "landscape"
    assert first.print_title_rows == "$1:$1"
    last = openpyxl.utils.get_column_letter(first.max_column)
    assert first.print_area == f"'2030年建议指标'!$A$1:${last}$3"
    plain = openpyxl.load_workbook(write_report(copied(small_run, tmp_path), "xlsx", "zh"))
    assert "测算依据" not in plain.sheetnames
