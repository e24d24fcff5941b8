"""No number of a document vanishes: each stands in one row or more, or among those passed over with why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl
import paperwork
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sampling import examples

from sim.drafting.calendar import Period
from sim.drafting.document import Cell, Document, Paragraph, Table
from sim.drafting.draft import Draft, draft
from sim.drafting.lexicon import Lexicon
from sim.drafting.passed import WHY
from sim.drafting.readers import read_document

YEARS = Period(2026, 2030)
# {n}: a number that stands nowhere else in the document
CHINESE = (
    "到2030年，每千人口医疗卫生机构床位数达到{n}张，每千人口注册护士数达到{n}人。",
    "2025年，全市共有卫生技术人员{n}人，比2020年增加{n}人。",
    "孕产妇死亡率由{n}/10万下降到{n}/10万，婴儿死亡率控制在{n}‰以内。",
    "高血压和2型糖尿病患者规范管理率均达到{n}%以上。",
    "每{n}万人口配置1辆救护车，急救热线{n}全天开通。",
    "依据〔2021〕{n}号文件，第{n}条第{n}款规定，推广“{n}+X”模式。",
    "{n}、加强基层服务能力",
    "（{n}）完善急救体系；新建{n}所医院；培训{n}至{n}人次。",
    "{n}岁以上老年人健康管理率达到{n}%，{n}个专项行动全面启动。",
    "占比力争提高{n}个百分点，总投资{n}亿元，编号{n}，代码A{n}。",
    "医护比达到1:{n}，平均住院日{n}天左右，{n}分钟内到达，房间{n}。",
    "力争{n}；至少{n}、{n}和{n}；约{n}余人",
)
ENGLISH = (
    "Raise the number of hospital beds per 1,000 residents to {n} by 2030.",
    "Life expectancy rose from {n} years in 2020 to {n} years in 2025.",
    "Beds, doctors and nurses per 1,000 people will reach {n}, {n} and {n} respectively.",
    "At least {n}% of townships will offer services; {n} people were trained, {n} of them doctors.",
    "See Table {n}, Article {n} and Document No. {n}; call {n} for help.",
    "{n}. Better care for all",
    "People aged {n} and over, children under {n}, and {n} percentage points more.",
    "Maternal mortality will be below {n} per 100,000 live births (it was {n} in 2025).",
    "Item A{n}, the {n}-bed hospital, {n}+X, up by {n} to {n}",
)
HEADS = (
    ("序号", "指标", "单位", "2025年", "2030年", "属性"),
    ("类别", "指标名称", "2025年", "2030年目标值", "备注"),
    ("No.", "Indicator", "Unit", "2025 baseline", "2030 target", "Remarks"),
)
NAMES = (
    "每千人口医疗卫生机构床位数（张）",
    "Maternal mortality ratio",
    "婴儿死亡率（‰）",
    "其中：城市",
    "甲乙丙",
)
CELLS = (
    "{n}",
    "≥{n}",
    "{n}%",
    "〔{n}〕",
    "[{n}]",
    "{n}-{n}",
    "{n}/{n}",
    "左右{n}",
    "提高{n}个百分点",
    "{n}（2024年）",
)
FIRST = 1013  # no year, no number that a rule of reading knows


class Numbers:
    """Numbers that differ from one another, from years and from what rules of reading know."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def filled(self, text: str) -> str:
        return re.sub(r"\{n\}", lambda _: self.next(), text)

    def next(self) -> str:
        n = FIRST + 7 * len(self.given)
        number = str(n) if len(self.given) % 2 else f"{n / 100:.2f}1"
        assert not re.fullmatch("(19|20)..", number)
        self.given.append(number)
        return number


def stated(found: Draft, number: str) -> tuple[int, int]:
    """In how many rows a number stands, and how often among those passed over."""
    rows = [p for p in found.proposals if number in _said_by(p.reading.words, p.value)]
    return len(rows), sum(p.number == number for p in found.passed)


def _said_by(words: str, value: str) -> set[str]:
    """The numbers that a row states: its value, divided by the words for thousands it was multiplied with."""
    said = set(re.findall(r"\d+(?:\.\d+)*", words))
    for part in re.findall(r"\d+(?:\.\d+)?", value):
        for by in (1, 10_000, 100_000_000):
            said.add(f"{float(part) / by:.6f}".rstrip("0").rstrip("."))
        said.add(part)
    return said


def hold(found: Draft, numbers: Sequence[str]) -> None:
    for number in numbers:
        rows, passed = stated(found, number)
        assert (rows > 0) + passed == 1, (number, rows, passed)
    assert {p.why for p in found.passed} <= set(WHY)


@st.composite
def documents(draw) -> tuple[Document, list[str]]:
    numbers = Numbers()
    blocks: list[Paragraph | Table] = []
    line = 0
    for kind in draw(st.lists(st.sampled_from(["zh", "en", "table"]), min_size=1, max_size=5)):
        if kind == "table":
            head = draw(st.sampled_from(HEADS))
            rows = [tuple(Cell(c, line + 1) for c in head)]
            for n in range(draw(st.integers(1, 4))):
                texts = [draw(st.sampled_from(("", *CELLS))) for _ in head]
                texts[1] = draw(st.sampled_from(NAMES))
                texts[0] = str(n + 1) if head[0] in ("序号", "No.") else "健康水平"
                filled = [numbers.filled(t) for t in texts]
                rows.append(tuple(Cell(t, line + 2 + n) for t in filled))
            line += len(rows)
            blocks.append(Table(tuple(rows)))
            continue
        sentences = draw(
            st.lists(st.sampled_from(CHINESE if kind == "zh" else ENGLISH), min_size=1, max_size=3)
        )
        line += 1
        blocks.append(Paragraph(numbers.filled((" " if kind == "en" else "").join(sentences)), line))
    return Document("made", tuple(blocks)), numbers.given


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=documents())
def test_every_number_stands_in_one_place(made: tuple[Document, list[str]], lexicon: Lexicon) -> None:
    document, numbers = made
    hold(draft(document, lexicon, YEARS), numbers)


@pytest.mark.slow
@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(made=documents())
def test_it_does_in_many_documents(made: tuple[Document, list[str]], lexicon: Lexicon) -> None:
    document, numbers = made
    hold(draft(document, lexicon, YEARS), numbers)


def as_docx(path: Path, texts: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    word = docx.Document()
    for text in texts:
        word.add_paragraph(text)
    table = word.add_table(rows=len(rows), cols=len(rows[0]))
    for i, row in enumerate(rows):
        for n, text in enumerate(row):
            table.cell(i, n).text = text
    word.save(str(path))
    return path


def as_xlsx(path: Path, texts: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    book = openpyxl.Workbook()
    for text in texts:
        book.active.append([text])
    sheet = book.create_sheet("table")
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def as_txt(path: Path, texts: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    return paperwork.as_text(path, text=[*texts, *("\t".join(row) for row in rows)])


def as_pdf(path: Path, texts: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    del rows  # ruled tables of a PDF are held by the whole document of test_draft
    pages = []
    for at in range(0, len(texts), 30):
        pieces = texts[at : at + 30]
        pages.append("\n".join(paperwork._say(20, 800 - 20 * n, piece) for n, piece in enumerate(pieces)))
    path.write_bytes(paperwork.pdf_of(pages))
    return path


@pytest.mark.sampled(4)
@pytest.mark.parametrize("make", [as_docx, as_xlsx, as_txt, as_pdf], ids=lambda make: make.__name__)
@pytest.mark.parametrize("sentences", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_of_every_format(make, sentences, tmp_path: Path, lexicon: Lexicon) -> None:
    numbers = Numbers()
    texts = [numbers.filled(s) for s in sentences]
    written = len(numbers.given)
    rows = [HEADS[0], *(("1", NAMES[0], "张", numbers.filled(c), numbers.filled(c), "预期性") for c in CELLS)]
    path = make(tmp_path / f"plan.{make.__name__.removeprefix('as_')}", texts, rows)
    found = draft(read_document(path), lexicon, YEARS)
    hold(found, numbers.given[:written] if make is as_pdf else numbers.given)


def test_why_a_number_is_passed_over(lexicon: Lexicon) -> None:
    text = (
        "（三）依据〔2021〕1013号文件，到2030年，60岁以上老年人每1000人口床位达到41.7张，推广H7N9监测，"
        "7月1日起实施。"
    )
    found = draft(Document("made", (Paragraph(text, 1),)), lexicon, YEARS)
    why = {p.number: p.why for p in found.passed}
    assert why == {
        "2021": "year",
        "1013": "document",
        "2030": "year",
        "60": "age",
        "1000": "base",
        "7": "name",
        "9": "name",
    } | {"7": why["7"], "1": "date"}
    assert [p.value for p in found.proposals] == ["41.7"]


def test_what_nothing_explains_is_listed_and_never_sure(lexicon: Lexicon) -> None:
    found = draft(Document("made", (Paragraph("健康中国1013，乡村振兴。", 1),)), lexicon, YEARS)
    assert [(p.value, p.sure, p.indicator) for p in found.proposals] == [("1013", False, "")]
    assert "not a figure" in found.proposals[0].flags
