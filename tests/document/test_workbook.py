"""The workbook of a saved run: numbers are numbers, words are of the language, pages are set up."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from document.edit import change, copied
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from paths import PARAMETERS, read_rows

from sim.adequacy.access import Access
from sim.adequacy.cost import COLUMNS as COST_COLUMNS
from sim.adequacy.covered import Coverage
from sim.adequacy.outcome import Outcome
from sim.adequacy.share import Share
from sim.catalogue.cell_words import WORDS
from sim.catalogue.columns import HEADS
from sim.catalogue.verdicts import JUDGED, VERDICTS
from sim.catalogue.words import DERIVED
from sim.document import write_report
from sim.expression import DERIVED as DERIVED_NAMES
from sim.plan.needs import is_need
from sim.report.book import A4, _digits
from sim.report.cells import cell_text, variable_word
from sim.saved import open_saved
from sim.schema import VARIABLES
from sim.textfile import read_yaml

Lines = list[dict[str, object]]


@pytest.fixture(scope="module")
def books(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    folder = copied(small_run, tmp_path_factory.mktemp("book"))
    return {lang: load_workbook(write_report(folder, "xlsx", lang)) for lang in ("zh", "en")}


def lines(book: Workbook, named: str) -> Lines:
    """Rows of the sheet whose title begins so, by head."""
    sheet = next(s for s in book.worksheets if s.title.startswith(named))
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.slow
def test_tested_rows_come_first_and_each_sheet_prints_across_one_page(books: dict[str, Workbook]):
    for lang, book in books.items():
        assert book.worksheets[0].title.startswith("结论" if lang == "zh" else "verdicts")
        for sheet in book.worksheets[:-1]:
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.page_setup.fitToHeight == 0
            assert sheet.print_title_rows == "$1:$1"
            assert str(sheet.max_row) in sheet.print_area


@pytest.mark.slow
def test_verdicts_are_those_of_the_run_with_numbers_as_numbers(books: dict[str, Workbook], small_run: Path):
    rows = [r for r in open_saved(small_run).adequacy if r.verdict in JUDGED and not is_need(r.indicator_id)]
    found = lines(books["en"], "verdicts")
    assert len(found) == len(rows)
    for line, row in zip(found, rows, strict=True):
        assert VERDICTS[row.verdict].en in str(line["verdict by use"])
        if row.required_p50 is not None:
            assert line["need P50 (by use)"] == pytest.approx(row.required_p50, rel=1e-6)


@pytest.mark.slow
def test_another_number_is_the_one_in_its_cell(small_run: Path, tmp_path: Path):
    folder = copied(small_run, tmp_path)
    change(folder, "adequacy_detail.csv", gps_per_10000={"required_p50": "12.5"})
    found = lines(load_workbook(write_report(folder, "xlsx", "zh")), "结论")
    cells = {line["需求P50（按使用）"] for line in found if line["指标代码"] == "gps_per_10000"}
    assert cells == {12.5}


@pytest.mark.slow
def test_five_year_ages_add_up_to_the_people_of_the_run(books: dict[str, Workbook], small_run: Path):
    found = [line for line in lines(books["zh"], "五岁组") if line["情景"] == "基准"]
    both = [line for line in found if line["性别"] == "合计"]
    groups, whole = both[:-1], both[-1]
    assert len(groups) == 21
    assert [groups[0]["年龄"], groups[-1]["年龄"], whole["年龄"]] == ["0–4岁", "100岁及以上", "合计"]
    people = next(
        float(row["central"])
        for row in read_rows(small_run / "timeseries.csv")
        if (row["scenario"], row["variable"], row["group"], row["year"])
        == ("reference", "population", "total", "2030")
    )
    assert sum(float(str(line["2030"])) for line in groups) == pytest.approx(people, abs=15)
    assert float(str(whole["2030"])) == pytest.approx(people, abs=2)
    sexes = [float(str(line["2030"])) for line in found if line["年龄"] == "合计"]
    assert sexes[0] == pytest.approx(sexes[1] + sexes[2], abs=2)


@pytest.mark.slow
def test_parameters_stand_with_value_range_evidence_and_source(books: dict[str, Workbook], small_run: Path):
    given = read_rows(small_run / "parameters.csv")
    found = lines(books["zh"], "参数")
    assert [line["参数代码"] for line in found] == [row["parameter"] for row in given]
    alos = next(line for line in found if line["参数代码"] == "inpatient.rehabilitation_alos")
    assert (alos["参数"], alos["取值"], alos["单位"], alos["证据"]) == ("康复住院日", 18, "天", "判断假设")
    assert alos["第10百分位"] < alos["取值"] < alos["第90百分位"]
    assert all(line["来源"] for line in found)


@pytest.mark.slow
def test_words_are_of_the_language(books: dict[str, Workbook]):
    english = [c for s in books["en"].worksheets for line in s.iter_rows(values_only=True) for c in line]
    names = re.compile(r"^[\x00-\xff\u2000-\u22ff\u25a0-\u25ff]*$")
    assert [c for c in english if isinstance(c, str) and not names.match(c)] == []
    series = lines(books["zh"], "时间序列")
    variables = {str(line["变量"]) for line in series}
    assert [v for v in variables if v.isascii() and v != "DALY"] == []
    assert {line["统计量"] for line in series} == {"中心值", "P10", "P50", "P90"}
    assert [line["单位"] for line in series if str(line["单位"]).isascii() and line["单位"] != "%"] == []


def test_every_variable_has_its_word():
    for name, row in VARIABLES.items():
        assert variable_word(name, "zh") == row.long_name_zh
        assert variable_word(name, "en") == row.long_name
    assert variable_word("nothing_known", "zh") == "nothing_known"


FORMULAS = ("=1+1", "+cmd", "-x", "@sum")


@pytest.fixture(scope="module")
def odd_names(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The workbook of a run with four indicators of odd names."""
    folder = copied(small_run, tmp_path_factory.mktemp("odd"))
    judged = {r.indicator_id for r in open_saved(small_run).adequacy if r.verdict in JUDGED}
    named = zip(sorted(i for i in judged if not is_need(i)), FORMULAS, strict=False)
    change(folder, "adequacy_detail.csv", **{i: {"name_zh": text} for i, text in named})
    return load_workbook(write_report(folder, "xlsx", "zh"))


@pytest.mark.slow
@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_text(odd_names: Workbook, text: str):
    cells = [c for line in odd_names.worksheets[0].iter_rows() for c in line if c.value == text]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.slow
def test_unedited_and_again_the_same_bytes(small_run: Path, tmp_path: Path):
    folder = copied(small_run, tmp_path)
    first = write_report(folder, "xlsx", "zh").read_bytes()
    assert write_report(folder, "xlsx", "zh").read_bytes() == first


def test_the_sheet_of_costs_is_in_words_of_its_language():
    cells = [("option", "trend"), ("item", "beds"), ("item", "total"), ("cost", "yearly_more")]
    assert [cell_text(c, t, "zh") for c, t in cells] == ["趋势", "床位", "合计", "年运行增量"]
    assert all(HEADS[c][0] != c for c in COST_COLUMNS)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_no_text_is_cut_in_print(small_run: Path, tmp_path: Path, lang: str):
    """A broken text has the lines that it takes, one that is not broken its column's width."""
    book = openpyxl.load_workbook(write_report(copied(small_run, tmp_path), "xlsx", lang))
    cut = []
    for sheet in book.worksheets[:-1]:
        spans = list(sheet.column_dimensions.values())  # columns alike stand together in one
        widths = {i: d.width for d in spans for i in range(d.min, d.max + 1)}
        for line in sheet.iter_rows():
            high = sheet.row_dimensions[line[0].row].height or 15
            for cell in (c for c in line if isinstance(c.value, str)):
                wide = widths[cell.column]
                letters = sum(2 if c > "\u2e80" else 1 for c in cell.value)
                lines = high // 15 if cell.alignment.wrap_text else 1
                if letters > wide * lines + 2:
                    cut.append((sheet.title, cell.coordinate, cell.value))
    assert cut == []
    target = next(c for c in book.worksheets[0][1] if c.value in ("目标值", "target"))
    assert book.worksheets[0].cell(2, target.column).alignment.indent == 1


def columns_of(book: Workbook, sheet: str) -> dict[str, list[object]]:
    found = lines(book, sheet)
    return {name: [line[name] for line in found] for name in found[0]}


@pytest.mark.slow
def test_probabilities_of_revised_targets_are_numbers_and_the_plan_has_its_title(books: dict[str, Workbook]):
    found = columns_of(books["zh"], "目标修订")
    assert {v for v in found["概率"] if not isinstance(v, int | float)} <= {"规划目标", None}
    assert 0.9 in found["概率"]
    assert not [v for v in found["变量"] if re.search(r"[./]", str(v or ""))]
    assert set(found["规划"]) == {"安阳市“十四五”公共卫生体系和全民健康规划"}


@pytest.mark.slow
def test_a_chinese_workbook_says_methods_in_chinese(books: dict[str, Workbook]):
    """hold_ratio is 保持目标比率; names of the data model stand in columns of codes alone."""
    found = columns_of(books["zh"], "参数与来源")
    values = [v for v in found["取值"] if isinstance(v, str)]
    assert "保持目标比率" in values
    assert [v for v in values if re.search(r"[A-Za-z]{3,}", v)] == []


def test_every_named_method_has_its_word():
    """A choice of a parameter that no table of words has would stand as an id in a Chinese table."""
    choices = set()
    for path in PARAMETERS.rglob("*.yaml"):
        records = (read_yaml(path) or {}).get("parameters") or {}
        for record in records.values() if isinstance(records, dict) else ():
            if isinstance(record, dict):
                choices |= set(record.get("choices") or ())
    assert len(choices) > 30
    assert choices == set(WORDS["value"])


@pytest.mark.slow
def test_findings_stand_as_in_the_document_and_none_is_cut(books: dict[str, Workbook]):
    for text in columns_of(books["zh"], "文本核查")["内容"]:
        assert "→" not in str(text)
        assert not re.search(r"(?<![\d.])\d{5,}(?![\d.])", str(text)), text
    for lang, title in (("zh", "文本核查"), ("en", "audit of the text")):
        not_cut(books[lang], title)


def not_cut(book: Workbook, title: str) -> None:
    sheet, found = book[title], columns_of(book, title)
    assert next(iter(found)) in ("核查结论", "finding")
    for i, name in enumerate(found, 1):
        longest = max((len(str(v)) for v in found[name] if v), default=0)
        width = sheet.column_dimensions[get_column_letter(i)].width
        assert sheet.cell(2, i).alignment.wrap_text or longest <= width, name


@pytest.mark.slow
def test_no_column_is_empty_and_every_probability_is_a_percentage(books: dict[str, Workbook]):
    """What no row says takes no width of a page; P of the plan's is shown as P(enough) is."""
    chances = 0
    for sheet in books["zh"].worksheets[:-1]:
        for column in sheet.iter_cols():
            head, *cells = column
            said = [c for c in cells if c.value is not None]
            assert said, (sheet.title, head.value)
            if str(head.value).endswith("概率") or "概率（" in str(head.value):
                numbers = [c for c in said if isinstance(c.value, int | float)]
                chances += len(numbers)
                assert all("%" in c.number_format for c in numbers), (sheet.title, head.value)
    assert chances > 100


@pytest.mark.slow
def test_lines_of_the_text_are_numbers(books: dict[str, Workbook]):
    assert {type(v) for v in columns_of(books["zh"], "文本核查")["行号"] if v is not None} == {int}


def test_whatever_a_revision_takes_and_is_worked_out_of_has_its_word():
    """Longhu's shares said "share", Nanyang's natural increase "natural_increase" in a Chinese table."""
    efforts = {kind.effort for kind in (Access, Coverage, Share, Outcome)} | {"build", "recruit"}
    assert efforts - {""} < set(WORDS["kind"])
    assert set(DERIVED_NAMES) == set(DERIVED)
    assert variable_word("natural_increase", "zh") == "自然增长率"
    assert cell_text("group", "elderly_65+children_u3", "zh") == "65岁以上老人、3岁以下儿童"
    assert cell_text("group", "65+", "zh") == "65岁及以上"


@pytest.mark.slow
def test_what_is_said_of_a_run_is_not_cut_in_print(books: dict[str, Workbook]):
    """The row of the versions was one line high and lay over the next."""
    for book in books.values():
        sheet = book.worksheets[-1]
        assert sheet.page_setup.paperSize == A4  # A4, not the printer's own
        wide = sheet.column_dimensions["B"].width
        for row in range(1, sheet.max_row + 1):
            text = str(sheet.cell(row, 2).value)
            letters = sum(2 if c > "\u2e80" else 1 for c in text)
            assert (sheet.row_dimensions[row].height or 15) >= 15 * letters / wide, text


@pytest.mark.slow
def test_where_a_table_is_found_is_said_in_chinese(books: dict[str, Workbook]):
    found = [str(v) for v in columns_of(books["zh"], "参数与来源")["所在位置（部分为英文）"] if v]
    assert any("表" in v for v in found)
    assert not [v for v in found if re.fullmatch(r"table [A-Z]?[\d-]+", v)]
    assert not [v for v in found if re.search("[一-龥]", v) and re.search("[a-z]{3,} [a-z]{2,}", v)]


def test_a_difference_of_nothing_is_nothing():
    assert _digits(1.2e-9) == "0"
    assert _digits(0.00012) != "0"
