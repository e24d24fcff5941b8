from __future__ import annotations

import pytest

from sim.plan.figure import agreement, exact, parse_number, printed


@pytest.mark.parametrize(
    ("text", "ends"),
    [("4.5", (4.5, 4.5)), ("5-6", (5, 6)), ("1.0-1.2", (1.0, 1.2)), ("-20.41", (-20.41, -20.41))],
)
def test_printed_numbers_and_ranges(text, ends):
    assert parse_number(text) == ends


@pytest.mark.parametrize("text", ["", "nan", "inf", "1e3", "5,6", "5~6", "--"])
def test_other_text_is_no_number(text):
    assert parse_number(text) is None


def test_implied_population_by_hand():
    """41084 beds at 4.09 per 1000: between 41084/4.095 and 41084/4.085 thousand people."""
    people = printed("41084", count=True) / printed("4.09").scaled(0.001)
    assert (round(people.low), round(people.mid), round(people.high)) == (
        10032723,
        10044988,
        10057283,
    )


def test_agreement_knows_rounding_and_cutting():
    assert agreement([exact(63.594), printed("63.59")]) == "consistent"
    assert agreement([exact(78.824), printed("78.83")]) == "rounding"
    assert agreement([exact(13.47), printed("16.36")]) == "inconsistent"


def test_sum_and_difference_carry_both_margins():
    total = printed("2.07") + printed("0.30")
    assert (total.low, total.high) == (pytest.approx(2.36), pytest.approx(2.38))
    step = printed("76.7") - printed("75.6")
    assert (step.low, step.mid, step.high) == tuple(map(pytest.approx, (1.0, 1.1, 1.2)))


def test_division_by_a_figure_that_may_be_zero_is_refused():
    with pytest.raises(ZeroDivisionError, match="may be zero"):
        exact(1.0) / printed("0")
