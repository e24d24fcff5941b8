"""The page of questions: counts, the table, reasons; made of rows alone."""

from pathlib import Path

import pytest

from sim.run import questions

ROOT = Path(__file__).parents[2]


def _row(indicator, question, verdict, year=2025, **more):
    return {
        "plan": "anyang_14fyp", "indicator_id": indicator, "scope": "", "target": ">=5",
        "unit": "per 1000", "year": str(year), "question": question, "verdict": verdict,
        "grade": "D", "name_en": indicator, "name_zh": indicator, "reason": "why / 原因",
    } | more  # fmt: skip


@pytest.fixture(scope="module")
def text():
    rows = [
        _row("beds_per_1000", "1", "tight"),
        _row("beds_per_1000", "1", "short", 2035),
        _row("beds_total", "1", "not_tested"),
        _row("gps_per_10000", "3", "adequate"),
    ]
    return questions.page(ROOT, {"anyang_14fyp": rows})


def test_counts_indicators_once_however_many_years(text):
    line = next(x for x in text.splitlines() if x.startswith("| anyang_14fyp"))
    assert [c.strip() for c in line.split("|")[2:5]] == ["3", "2", "1"]


def test_the_table_holds_every_question_and_the_last_year(text):
    rows = [
        x for x in text.splitlines() if x.startswith("| ") and x.split("|")[1].strip().isdigit()
    ]
    assert len(rows) == 35
    assert rows[0].split("|")[4].strip() == "short 不足 1; declined 未检验 1"
    assert rows[33].split("|")[4].strip() == "-"
    assert rows[3].split("|")[4].strip() == "words only 仅文字"


def test_each_verdict_has_its_year_and_each_refusal_its_reason(text):
    assert "2025 tight 偏紧 (D), 2035 short 不足 (D)" in text
    assert "declined 未检验: beds_total (why / 原因)" in text
