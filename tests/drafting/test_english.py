"""Sentences in English: read to the rows that the same sentence in Chinese gives."""

from __future__ import annotations

import pytest

from sim.drafting.calendar import Period, period_of
from sim.drafting.document import Document, Paragraph
from sim.drafting.draft import Draft, draft
from sim.drafting.lexicon import Lexicon

YEARS = Period(2026, 2030)
Row = tuple[str, str, str, str, str, str]


def read(text: str, lexicon: Lexicon) -> Draft:
    return draft(
        Document("made", tuple(Paragraph(t, n) for n, t in enumerate(text.split("\n"), 1))), lexicon, YEARS
    )


def rows(found: Draft) -> list[Row]:
    return [(p.indicator, p.kind, p.year, p.operator, p.value, p.unit) for p in found.proposals]


BEDS = ("beds_per_1000", "target", "2030", "=", "7.0", "per 1000")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Raise the number of hospital beds per 1,000 residents to 7.0 by 2030.", [BEDS]),
        ("By 2030, there will be 7.0 hospital beds per 1,000 residents.", [BEDS]),
        ("到2030年，每千人口医疗卫生机构床位数达到7.0张。", [BEDS]),
        (
            "Life expectancy will rise from 79.1 years in 2025 to 80.5 years in 2030.",
            [
                ("life_expectancy", "baseline", "2025", "=", "79.1", "years"),
                ("life_expectancy", "target", "2030", "=", "80.5", "years"),
            ],
        ),
        (
            "The number of practising (assistant) physicians and registered nurses per 1,000 population will "
            "reach 3.7 and 5.1 respectively by 2030.",
            [
                ("doctors_per_1000", "target", "2030", "=", "3.7", "per 1000"),
                ("nurses_per_1000", "target", "2030", "=", "5.1", "per 1000"),
            ],
        ),
        (
            "The county will have 7.0 hospital beds, 3.9 doctors and 5.0 nurses per 1,000 people in 2030.",
            [
                BEDS,
                ("doctors_per_1000", "target", "2030", "=", "3.9", "per 1000"),
                ("nurses_per_1000", "target", "2030", "=", "5.0", "per 1000"),
            ],
        ),
        (
            "In 2030 the maternal mortality ratio should not exceed 9 per 100,000 live births.",
            [("maternal_mortality", "target", "2030", "<=", "9", "per 100000 live births")],
        ),
        (
            "At least 80% of hypertension patients will be under standardised management by 2030.",
            [("hypertension_mgmt_rate", "target", "2030", ">=", "80", "%")],
        ),
        (
            "The enrolment of children under 3 in childcare will increase by 6 percentage points by 2030.",
            [("childcare_enrolment_rate", "target", "2030", "change", "6", "percentage points")],
        ),
        (
            "Premature mortality from major non-communicable diseases will be reduced by 10% compared "
            "with 2025.",
            [("premature_ncd_mortality", "target", "2030", "change", "-10", "%")],
        ),
        (
            "GPs per 10,000 people: 5.2 by 2030 (4.1 in 2025).",
            [
                ("gps_per_10000", "target", "2030", "=", "5.2", "per 10000"),
                ("gps_per_10000", "baseline", "2025", "=", "4.1", "per 10000"),
            ],
        ),
        (
            "There will be about 12 thousand elderly-care beds in 2030.",
            [("care_beds_total", "target", "2030", "=", "12000", "beds")],
        ),
    ],
)
def test_what_a_sentence_states(sentence: str, expected: list[Row], lexicon: Lexicon) -> None:
    assert rows(read(sentence, lexicon)) == expected


def test_a_year_goes_on_and_what_was_does_not(lexicon: Lexicon) -> None:
    text = (
        "In 2025 there were 3.5 doctors per 1,000 residents. "
        "There will be 4.8 childcare slots per 1,000 population."
    )
    assert rows(read(text, lexicon)) == [
        ("doctors_per_1000", "baseline", "2025", "=", "3.5", "per 1000"),
        ("childcare_slots_per_1000", "target", "2030", "=", "4.8", "per 1000"),
    ]


def test_lines_broken_within_a_sentence_go_on(lexicon: Lexicon) -> None:
    text = "By 2030 the number of hospital beds per 1,000\nresidents will reach 7.0."
    assert rows(read(text, lexicon)) == [BEDS]


@pytest.mark.parametrize(
    "sentence",
    [
        "1. People aged 65 and over, children under 3 and women of 15-49 are looked after.",
        "See Table 3, Chapter 2 and Document No. 15 of 2025.",
        "The under-5 mortality rate, H7N9 and the 5G network are watched.",
    ],
)
def test_what_is_no_figure(sentence: str, lexicon: Lexicon) -> None:
    found = read(sentence, lexicon)
    assert not [p for p in found.proposals if "not a figure" not in p.flags]


@pytest.mark.parametrize(
    "title",
    ["Outline for Health Development, 2026-2030", "Health plan of the 15th Five-Year Plan period"],
)
def test_the_period_of_a_document_in_english(title: str) -> None:
    assert period_of([title]) == YEARS
