"""Figures in another unit: which power of ten would mend them, and how that is told in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.commands.refusals import spoken
from sim.magnitude import Shift, looks, looks_per, shifts, times_off

POWERS = (10, 100, 1000, 10_000, 100_000)


@given(st.floats(1e-6, 1e6), st.sampled_from(POWERS), st.booleans())
def test_a_figure_a_power_of_ten_off_is_told_and_mended(figure: float, by: int, large: bool) -> None:
    slipped = figure * by if large else figure / by
    (found,) = shifts(slipped, 0.7 * figure, 1.4 * figure)
    assert found == Shift(by, large)
    assert found.mended(slipped) == pytest.approx(figure, rel=1e-12)


@given(st.floats(1e-6, 1e6), st.sampled_from([3.0, 4.0, 1 / 3, 1 / 4, 3e6, 3e-6, 0.0]))
def test_a_figure_that_no_power_of_ten_mends_is_not(figure: float, off: float) -> None:
    assert not shifts(off * figure, 0.7 * figure, 1.4 * figure)


def test_of_several_powers_the_two_smallest_are_named() -> None:
    assert shifts(50_000.0, 1.0, 1000.0) == [Shift(100, True), Shift(1000, True)]
    assert shifts(0.002, 1.0, 1000.0) == [Shift(1000, False), Shift(10_000, False)]


@pytest.mark.parametrize(
    ("found", "english", "chinese"),
    [
        ([Shift(10, True)], "; looks 10 times too large", "；似乎大了10倍"),
        ([Shift(10_000, False)], "; looks 10,000 times too small", "；似乎小了10,000倍"),
        ([Shift(10, True), Shift(100, True)], "; looks 10 or 100 times too large", "；似乎大了10或100倍"),
        ([Shift(10, False), Shift(100, False)], "; looks 10 or 100 times too small", "；似乎小了10或100倍"),
        ([], "", ""),
    ],
)
@pytest.mark.parametrize("after", ["", "; write 5", ", or say why in `unlike`"])
def test_what_is_added_to_any_remedy_has_its_chinese(
    found: list[Shift], english: str, chinese: str, after: str
) -> None:
    assert looks(found) == english
    assert spoken(f"a | b | want 2 to 3{looks(found)}{after if found else ''}", "zh") == (
        f"a | b | 应为 2 至 3{chinese}{CHINESE[after] if found else ''}"
    )


CHINESE = {"": "", "; write 5": "；请写 5", ", or say why in `unlike`": "；或在 `unlike` 中说明原因"}


def test_a_figure_of_another_unit_names_it_as_units_are_written() -> None:
    assert looks_per([Shift(10_000, True)]) == "; looks like a figure per 10000"
    two = looks_per([Shift(100, True), Shift(1000, True)])
    assert spoken(f"a | b | want 0 to 1{two}", "zh") == "a | b | 应为 0 至 1；似乎是每100或每1000的数值"
    assert looks_per([]) == ""
    assert spoken(f"{times_off([Shift(1000, True)])}? write 5, or mend the unit", "zh") == (
        "大了1,000倍？写 5，或改正单位"
    )
