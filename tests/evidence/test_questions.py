"""The page of questions: counts, the table, reasons; made of rows alone."""

import pytest
from paths import ROOT

from sim.evidence import questions
from sim.saved.row import Row


def _row(indicator, question, verdict, year=2025, **more):
    known = {"target": ">=5", "unit": "per 1000", "grade": "D", "reason": "why / 原因", **more}
    words = {"name_en": indicator, "name_zh": indicator, "region": "410500", "scenario": "reference"}
    return Row(
        plan="anyang_14fyp",
        indicator_id=indicator,
        year=year,
        question=question,
        verdict=verdict,
        **words,
        **known,
    )


def _need(name, question, verdict):
    band = {"required_p10": 1000.4, "required_p50": 1234.5, "required_p90": 1500.0}
    return _row(name, question, verdict, target="", unit="beds", **band)


@pytest.fixture(scope="module")
def text():
    rows = [
        _row("beds_per_1000", "1", "tight"),
        _row("beds_per_1000", "1", "short", 2035),
        _row("beds_total", "1", "not_tested"),
        _row("gps_per_10000", "3", "adequate"),
        _need("question_08_care_beds", "8", "surplus"),
        _need("question_08_home_care", "8", "no_target"),
        _row("home_care_items", "8", "not_tested"),
    ]
    return questions.page(ROOT, {"anyang_14fyp": rows})


def test_counts_indicators_once_however_many_years(text):
    line = next(x for x in text.splitlines() if x.startswith("| anyang_14fyp"))
    assert [c.strip() for c in line.split("|")[2:7]] == ["4", "2", "2", "2", "3/23"]


def test_open_questions_stand_on_top_with_their_reason(text):
    head = text[: text.index("## Tested and declined")]
    assert "**Answered: 3 of 23** questions" in head
    assert "- open 未回答: anyang_14fyp, 4 Which population is behind each rate?" in head
    assert "add one to question_needs.csv" in head


def test_a_need_without_a_target_is_told_apart_and_stands_with_its_band(text):
    cell = next(x for x in text.splitlines() if x.startswith("| 8 ")).split("|")[4].strip()
    assert cell == "need 需求: surplus 富余 1, no_target 无目标 1; declined 未检验 1"
    line = "question_08_care_beds question_08_care_beds [beds]: 2025 1,234 (1,000–1,500) surplus"
    assert f"  - need 需求: {line}" in text


def test_the_table_holds_every_question_and_the_last_year(text):
    rows = [x for x in text.splitlines() if x.startswith("| ") and x.split("|")[1].strip().isdigit()]
    assert len(rows) == 35
    assert rows[0].split("|")[4].strip() == "short 不足 1; declined 未检验 1"
    assert rows[33].split("|")[4].strip() == "-"
    assert rows[3].split("|")[4].strip() == "words only 仅文字"


def test_each_verdict_has_its_year_and_each_refusal_its_reason(text):
    assert "2025 tight 偏紧 (D), 2035 short 不足 (D)" in text
    assert "declined 未检验: beds_total (why / 原因)" in text
