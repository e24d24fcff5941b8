"""One kind of check for the figures of every table: stated twice, out of bounds, too far, above a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.places.series_checks import Bound, Figure, above, outside, said, steps, twice

FILE = Path("t.csv")


def figure(line: int, year: int, value: float, name: str = "beds") -> Figure:
    return Figure(FILE, f"line {line}", f"{name} of", (name,), year, value)


def test_a_figure_that_stands_there_already_names_the_first_one():
    rows = [figure(2, 2020, 10), figure(3, 2021, 10), figure(4, 2020, 10.5), figure(5, 2020, 11, "staff")]
    assert said(twice(rows)) == [
        "t.csv: line 4: beds of 2020 | 10.5 stands beside 10 of line 2 | keep one of them"
    ]


@pytest.mark.parametrize(
    ("value", "bound", "told"),
    [
        (5, Bound(1, 9, "day"), None),
        (9, Bound(1, 9, "day"), None),
        (81, Bound(3, 20, "day"), "81 day | want 3 to 20; looks 10 times too large"),
        (30, Bound(1, 2, "day"), "30 day | want 1 to 2"),
        (4000, Bound(1, 9, "bed", 1e6), None),
        (
            70_000,
            Bound(1, 9, "bed", 1e6),
            "70000 is 70 per 1000 of 1000000 residents | want 1 to 9 per 1000; looks 10 times too large",
        ),
        (70_000, None, None),
    ],
)
def test_a_figure_out_of_its_bounds_is_told_in_their_measure(
    value: float, bound: Bound | None, told: str | None
):
    found = said(outside([figure(2, 2020, value)], lambda _: bound))
    assert found == ([] if told is None else [f"t.csv: line 2: beds of 2020 | {told}"])


def test_a_step_is_held_against_the_years_between():
    rows = [figure(4, 2023, 1440), figure(2, 2020, 1000), figure(3, 2022, 1400), figure(5, 2020, 9, "staff")]
    found = steps(rows, lambda series: (0.9, 1.1) if series == ("beds",) else None, "; or say why")
    assert said(found) == [
        "t.csv: line 3: beds of 2022 | 1400 is 1.4 times the 1000 of 2020 | want 810 to 1210; or say why"
    ]
    assert [f.year for f in found[0].figures] == [2020, 2022]


def test_a_figure_after_nothing_or_of_the_same_year_is_no_step():
    rows = [figure(2, 2020, 0), figure(3, 2021, 50), figure(4, 2021, 500)]
    assert steps(rows, lambda _: (0.9, 1.1)) == []


def test_a_part_above_its_whole_names_the_whole_and_its_row():
    part, whole = figure(2, 2020, 101, "icu"), figure(3, 2020, 100)
    wholes = {part: [("beds", whole)], whole: []}
    assert said(above([part, whole], wholes.__getitem__)) == [
        "t.csv: line 2: icu of 2020 | 101 is more than beds of that year | at most 100 (line 3)"
    ]
    assert above([part], wholes.__getitem__, 1.01) == []
