"""Counts of few deaths: chance and places as they differ are let pass, a power of ten is not."""

from __future__ import annotations

import pytest
from paths import PARAMETERS, ROOT

from sim.known import Count, read_indicators
from sim.known.plausible import unit_faults
from sim.params import central, read_sets

INDICATORS = read_indicators(ROOT)
PARAMS = central(read_sets(PARAMETERS, ["national"]), range(2020, 2024))


def _said(name: str, value: float, there: float) -> list[str]:
    count = Count(INDICATORS[name], 2023, value, "test", "A", "f: row 2")
    return unit_faults([count], lambda *_: there, PARAMS)


@pytest.mark.parametrize("name", ["infant_deaths", "maternal_deaths"])
@pytest.mark.parametrize("there", [1.0, 3.0, 25.0, 250.0, 5000.0])
def test_ten_times_is_told_and_twice_is_not(name: str, there: float) -> None:
    assert _said(name, there, there) == _said(name, 2 * there, there) == []
    (said,) = _said(name, 10 * there, there)
    assert "10 times too large? write" in said
    assert not _said(name, max(there // 2, 1.0), there)
    assert bool(_said(name, there // 10, there)) == (there > 200)  # of a few, hardly any may have died


@pytest.mark.parametrize(("value", "told"), [(9, False), (19, True), (30, True)])
def test_of_three_expected_three_times_is_chance(value: int, told: bool) -> None:
    assert bool(_said("infant_deaths", value, 3.0)) == told


def test_ten_times_a_place_that_loses_few_is_told() -> None:
    """2 per 1000 of 45,000 births, the nation's 5.4 projected: ten times them are below four times that."""
    (said,) = _said("infant_deaths", 900, 0.0054 * 45_000)
    assert "10 times too large? write 90" in said
