"""Counts of the nation: sourced, plausible, the newest found, refusals."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.errors import PlanError
from sim.params import read_sources
from sim.plan.counts import load_counts, newest
from sim.plan.vocabulary import load_vocabulary


def test_every_count_is_sourced_and_plausible(root: Path):
    sources, words = read_sources(root, []), load_vocabulary(root)
    counts = load_counts(root)
    assert counts
    for c in counts:
        assert c.source in sources, c
        known = words.ranges.get(c.indicator_id)
        if known is not None and known.unit == c.unit.name:
            assert known.low <= c.value <= known.high, c


@pytest.mark.parametrize(
    ("indicator", "year", "value"),
    [
        ("doctors_per_1000", 2025, 3.78),
        ("beds_per_1000", 2025, 7.15),
        ("institution_nursing_bed_share", 2025, 68),
        ("u5_mortality", 2025, 5.4),  # of all, not of towns or villages
    ],
)
def test_the_newest_count(root: Path, indicator: str, year: int, value: float):
    count = newest(root, indicator)
    assert count is not None
    assert (count.year, count.value) == (year, pytest.approx(value, abs=6e-4))


def test_an_indicator_without_counts_has_none(root: Path):
    assert newest(root, "ph_staff_per_1000") is None


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("bed_per_1000,2021,7,per 1000,all,nbs_province,A,", "did you mean 'beds_per_1000'"),
        ("beds_per_1000,2025,seven,per 1000,all,nbs_province,A,", "value 'seven' | write a number"),
        ("beds_per_1000,2025,7,per 1000,all,nbs_province,A,", "stands twice"),
    ],
)
def test_a_wrong_count_is_refused(root: Path, tmp_path: Path, row: str, text: str):
    for name in ("plans", "standards"):
        shutil.copytree(root / name, tmp_path / name)
    with (tmp_path / "standards/counts.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    with pytest.raises(PlanError) as error:
        load_counts(tmp_path)
    assert text in str(error.value)
