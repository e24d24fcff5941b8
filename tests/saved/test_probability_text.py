"""A probability is printed with what its draws can carry."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.report import adequacy_text
from sim.saved.probability_text import certain, few_draws_text, number_format, probability_text
from sim.saved.row import Row
from sim.saved.row_table import row_of


@pytest.mark.parametrize(
    ("p", "draws", "text"),
    [
        (1.0, 10, "≥82%"),
        (0.0, 10, "≤18%"),
        (1.0, 100, "≥98%"),
        (1.0, 200, "≥99%"),
        (1.0, 1, "≥22%"),
        (0.8, 10, "80%"),
        (0.5, 4, "50%"),
        (0.75, 4, "63%"),
        (0.62, 200, "62%"),
        (0.999, 1000, "99%"),
        (0.001, 1000, "1%"),
        (119 / 120, 120, "98%"),
        (1 / 120, 120, "2%"),
        (1.0, 0, "–"),
        (0.0, 0, "–"),
        (float("nan"), 10, ""),
        (1.0, None, "100%"),
    ],
)
def test_known_texts(p: float, draws: int | None, text: str):
    assert probability_text(p, draws) == text


@given(draws=st.integers(1, 5000), data=st.data())
def test_never_surer_than_the_draws(draws: int, data: st.DataObject):
    """Neither 0 nor 100 % is ever printed; what is printed lies within the error of what was counted."""
    yes = data.draw(st.integers(0, draws))
    p = yes / draws
    text = probability_text(p, draws)
    assert text not in ("0%", "100%")
    shown = int(re.fullmatch(r"[<>≤≥]?(\d+)%", text)[1]) / 100
    error = stats.beta(yes + 0.5, draws - yes + 0.5).std()
    if yes in (0, draws):
        assert abs(shown - p) <= 1 - certain(draws) + 0.01
    else:
        assert abs(shown - p) <= max(0.0101, error + (0.01 if shown in _ends(draws) else 0.0))


def _ends(draws: int) -> tuple[float, float]:
    """What all draws alike are shown as, whole percents towards the middle."""
    least = math.floor(certain(draws) * 100)
    return least / 100, (100 - least) / 100


@pytest.mark.parametrize("draws", [3, 10, 20, 60, 120, 200, 1000])
def test_no_draws_read_surer_than_all_of_them(draws: int):
    """119 of 120 never stand as 99 % beside the ≥98 % of 120 of 120: texts rise with the draws that agree."""
    shown = [int(probability_text(k / draws, draws).lstrip("≥≤<>%").rstrip("%")) for k in range(draws + 1)]
    assert shown == sorted(shown)
    assert shown[0] == 100 - shown[-1]


def test_the_printed_end_holds_the_probability_in_95_of_100_runs():
    """Known answer: with n draws and the truth at the printed end, all agree about once in twenty runs."""
    for draws in (10, 50, 200):
        assert 0.02 < certain(draws) ** draws < 0.2
        assert certain(draws) == pytest.approx(stats.beta(draws + 0.5, 0.5).ppf(0.05))


def _row(p: float) -> Row:
    said = {"region": "410500", "scenario": "reference", "indicator_id": "a", "name_zh": "甲", "name_en": "a"}
    figures = {"p_enough": str(p), "p_reached": str(p)}
    return row_of({**said, **figures, "year": "2025", "verdict": "adequate", "grade": "B"})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_ten_draws_are_not_sure_in_the_terminal(lang: str):
    text = adequacy_text([_row(1.0)], lang, draws=10, fewest=100)
    assert "100%" not in text
    assert "≥82%" in text
    assert ("只有 10 次抽样（少于 100 次）" if lang == "zh" else "only 10 draws (fewer than 100)") in text
    assert "--draws 100" in text
    enough = adequacy_text([_row(1.0)], lang, draws=200, fewest=100)
    assert "≥99%" in enough
    assert "--draws" not in enough


def test_no_draws_carry_no_probability():
    assert "without probabilities" in few_draws_text(0, 100, "en")
    assert few_draws_text(100, 100, "zh") == ""


def test_a_cell_of_the_workbook_keeps_its_number_and_shows_it_with_care():
    for value in (0.0, 0.5, 1.0):
        assert number_format(10, value) == '[>=1]"≥82%";[<=0]"≤18%";0%'
        assert number_format(None, value) == number_format(0, value) == "0%"
    assert number_format(120, 119 / 120) == f'[={119 / 120!r}]"98%";0%'
