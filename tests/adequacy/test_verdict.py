from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.adequacy import VERDICTS, Thresholds, judge, weakest
from sim.errors import ParameterError

AT = Thresholds(adequate=0.9, tight=0.5, surplus_ratio=1.2, surplus_probability=0.9)
WORST_FIRST = ("short", "tight", "adequate", "surplus")


@pytest.mark.parametrize(
    ("p_enough", "p_surplus", "verdict"),
    [
        (0.0, 0.0, "short"),
        (0.4999, 0.0, "short"),
        (0.5, 0.0, "tight"),
        (0.8999, 0.0, "tight"),
        (0.9, 0.0, "adequate"),
        (1.0, 0.8999, "adequate"),
        (1.0, 0.9, "surplus"),
    ],
)
def test_thresholds_belong_to_the_better_verdict(p_enough, p_surplus, verdict):
    assert judge(p_enough, p_surplus, AT) == verdict
    assert verdict in VERDICTS


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_chance_never_worsens_the_verdict(one, other, surplus):
    low, high = sorted((one, other))
    worse, better = judge(low, surplus, AT), judge(high, surplus, AT)
    assert WORST_FIRST.index(worse) <= WORST_FIRST.index(better)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ((0.5, 0.9, 1.2, 0.9), r"tight 0\.9, adequate 0\.5 \| want 0 <= tight <= adequate <= 1"),
        ((90.0, 0.5, 1.2, 0.9), r"adequate 90"),
        ((0.9, -0.1, 1.2, 0.9), r"tight -0\.1"),
        ((0.9, 0.5, 0.8, 0.9), r"surplus_ratio 0\.8 \| want 1 or more"),
        ((0.9, 0.5, 1.2, 0.0), r"surplus_probability 0 \| want more than 0"),
        ((float("nan"), 0.5, 1.2, 0.9), r"adequate nan"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused(values, wrong):
    with pytest.raises(ParameterError, match=wrong):
        Thresholds(*values)


def test_the_weakest_grade_counts():
    assert weakest(["A", "C", "B"]) == "C"
    assert weakest(["D", "A"]) == "D"
    assert weakest([]) == ""
