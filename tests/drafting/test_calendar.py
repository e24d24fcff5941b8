"""Periods and years of plans."""

from __future__ import annotations

import pytest

from sim.drafting.calendar import Period, five_years, mentions, period_of


@pytest.mark.parametrize(("number", "first", "last"), [(7, 1986, 1990), (13, 2016, 2020), (15, 2026, 2030)])
def test_five_year_plans_by_their_number(number: int, first: int, last: int) -> None:
    assert five_years(number) == Period(first, last)


def test_the_heading_says_the_period_though_the_text_looks_back() -> None:
    text = ["云泽市“十五五”卫生健康规划", "一、背景", *["“十四五”时期，成绩显著。"] * 2]
    assert period_of(text) == Period(2026, 2030)
    assert period_of(["卫生规划", "（2021—2030年）"]) == Period(2021, 2030)
    assert period_of(["卫生规划"]) is None
    assert period_of(["国民健康规划（2021—2025年，展望2035年）"]) == Period(2021, 2025)
    assert period_of(["某市2026-2030年卫生健康发展规划"]) == Period(2026, 2030)


def test_the_end_of_a_plan_is_a_year_and_its_course_a_span() -> None:
    assert [m.year for m in mentions("“十三五”末")] == ["2020"]
    assert [(m.year, m.span) for m in mentions("“十四五”期间")] == [("2021-2025", True)]
    assert [m.year for m in mentions("2026—2030年")] == ["2026-2030"]
    assert [m.year for m in mentions("到2030年，较2025年")] == ["2030", "2025"]
