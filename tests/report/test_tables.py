"""The terminal's table and the workbook say what adequacy.csv says."""

from unicodedata import east_asian_width

import pytest
from openpyxl import load_workbook
from paths import read_rows

from sim.report import adequacy_text, write_workbook


@pytest.fixture(scope="module")
def rows(run_dir):
    return read_rows(run_dir / "adequacy.csv")


def width(line):
    return sum(2 if east_asian_width(ch) in "WF" else 1 for ch in line)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_table_fits_the_terminal_and_lists_tested_indicators_only(rows, lang):
    text = adequacy_text(rows, lang, width=100)
    lines = text.splitlines()
    assert max(map(width, lines[1:-2])) <= 100
    tested = [r for r in rows if r["scenario"] == "reference" and r["verdict"] != "not_tested"]
    assert len([line for line in lines if " 2025 " in line or " 2035 " in line]) == len(tested)
    assert "\x1b[" not in text
    assert "40" in lines[-1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_narrow_terminal_cuts_names_and_no_figure(rows, lang):
    wide, narrow = (adequacy_text(rows, lang, width=w).splitlines() for w in (140, 60))
    assert "目标/需求" in narrow[1] if lang == "zh" else "Reached" in narrow[1]
    for one, other in zip(wide[2:-2], narrow[2:-2], strict=True):
        assert one.split()[-4:] == other.split()[-4:]  # the verdict's end of the line
    assert max(map(width, narrow[1:-2])) < max(map(width, wide[1:-2]))


def test_table_shows_the_rows_own_figures(rows):
    text = adequacy_text(rows, "en", width=118)
    row = next(r for r in rows if r["indicator_id"] == "nurses_per_1000" and r["year"] == "2025")
    line = next(line for line in text.splitlines() if line.startswith("Registered nurses"))
    assert f"{float(row['ratio_p50']):.2f}" in line
    assert f"{float(row['p_enough']):.0%}" in line
    assert row["verdict"] in line
    assert line.split()[-5] != ""


def test_other_scenarios_are_marked_and_can_be_chosen(rows):
    assert "Low fertility, High fertility, Three-child policy" in adequacy_text(rows, "en")
    text = adequacy_text(rows, "en", scenario="low_fertility")
    assert text.splitlines()[0].endswith("Low fertility")


def test_colours_only_when_asked_for(rows):
    assert "\x1b[" in adequacy_text(rows, "zh", colour=True)


def test_no_rows_give_no_table():
    assert adequacy_text([], "zh") == ""


def test_workbook_holds_the_rows_with_chinese_headers(run_dir, rows):
    path = write_workbook(run_dir)
    book = load_workbook(path)
    adequacy, series, about = book.worksheets
    assert adequacy.title.startswith("规划充足性")
    header = [cell.value for cell in adequacy[1]]
    assert header[:3] == ["规划", "地区代码", "情景"]
    assert adequacy.max_row == len(rows) + 1
    assert adequacy.freeze_panes == "F2"
    assert adequacy.auto_filter.ref.startswith("A1:U")
    column = header.index("够用概率") + 1
    cell = adequacy.cell(2, column)
    assert cell.value == pytest.approx(float(rows[0]["p_enough"]))
    assert cell.number_format == "0%"
    assert adequacy.cell(2, 2).value == "410500"  # codes stay text
    assert series.max_row == 4 * 4 + 1  # four series, four statistics, a column for each year
    head = [cell.value for cell in series[1]]
    last = read_rows(run_dir / "timeseries.csv")[-1]
    wide = [dict(zip(head, line, strict=True)) for line in series.iter_rows(2, values_only=True)]
    found = [w for w in wide if w["变量"] == last["variable"] and w["统计量"] == "p90"][-1]
    assert found[last["year"]] == pytest.approx(float(last["p90"]))
    assert about["B1"].value == "20250101-synthetic"


def test_workbook_has_the_same_bytes_again(run_dir):
    first = write_workbook(run_dir).read_bytes()
    assert write_workbook(run_dir).read_bytes() == first
