from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sim.params import Range, Record

GOOD: dict[str, Any] = {
    "name": {"en": "stay", "zh": "住院日"},
    "unit": "day",
    "value": 8.8,
    "year": 2023,
    "source": "bulletin",
    "basis": "measured",
    "quality": "B",
}


def test_a_plain_record():
    record = Record.model_validate(GOOD)
    assert (record.value, record.beyond, record.range) == (8.8, "error", None)
    with pytest.raises(ValidationError, match="frozen"):
        record.value = 9.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"unit": "days"}, r"unit 'days' unknown \| write 'day'"),
        ({"values": {"a": 1}}, r"found value, values \| give one of value, values, table, path"),
        ({"value": None}, "found none"),
        ({"value": "many"}, "value 'many' is not a number"),
        ({"kind": "method", "value": "x", "choices": ["y"]}, "method 'x' unknown"),
        ({"quality": "C"}, "quality C, basis measured, but no range"),
        ({"basis": "assumed"}, "basis assumed, but no range"),
        ({"value": None, "values": {"a": 1.0}}, "`values` and `dims` go together"),
        ({"colour": "red"}, "Extra inputs"),
        ({"quality": "E"}, "quality"),
    ],
)
def test_records_that_are_refused(changes: dict[str, Any], text: str):
    with pytest.raises(ValidationError, match=text):
        Record.model_validate({**GOOD, **changes})


def test_an_assumption_may_be_exact_with_a_reason():
    assert Record.model_validate({**GOOD, "quality": "C", "exact": "by definition"}).exact


@pytest.mark.parametrize(
    ("spread", "text"),
    [
        ({"distribution": "normal", "low": 2, "high": 1}, r"low 2 is above high 1 \| swap them"),
        ({"distribution": "normal", "low": 2}, "without 'low' or 'high'"),
        ({"distribution": "lognormal", "low": 0, "high": 1}, "want more than 0"),
        (
            {"distribution": "lognormal", "low": 1, "high": 2, "scale": "absolute"},
            "relative or value",
        ),
        ({"distribution": "beta", "low": 0.1, "high": 0.2}, "write|describes a share itself"),
        ({"distribution": "empirical"}, "has no 'values'"),
        ({"distribution": "discrete", "values": [1, 2], "weights": [1]}, "as many 'weights'"),
        ({"distribution": "discrete", "values": [1, 2], "weights": [0, 0]}, "not all zero"),
        ({"distribution": "ar1", "rho": 0.5}, "without 'rho' or 'sd'"),
        ({"distribution": "ar1", "rho": 1.0, "sd": 1}, "less than 1"),
        ({"distribution": "gauss", "low": 0, "high": 1}, "distribution"),
        (
            {"distribution": "normal", "low": 0, "high": 1, "correlate": {"group": "g", "rho": 1}},
            "less than 1",
        ),
    ],
)
def test_ranges_that_are_refused(spread: dict[str, Any], text: str):
    with pytest.raises(ValidationError, match=text):
        Range.model_validate(spread)
