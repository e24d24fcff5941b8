"""One small whole run against stored values: what a planner reads must not move unnoticed.

After a change that means to move the numbers, look at the difference and store the new ones:

    .venv/bin/python -m pytest tests/test_whole_run.py --refresh-whole-run

Draws are the same on any machine; results are stored as 32-bit numbers and libraries differ in
their last digits, so series agree to 1e-4 and probabilities to one draw in eight.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from paths import read_rows

from sim.writing import write_rows

STORED = Path(__file__).parent / "cases" / "whole_run.csv"
YEARS = ("2020", "2025", "2030")
SERIES = (
    ("population", "total"),
    ("population", "0-2"),
    ("population", "65+"),
    ("births", "total"),
    ("deaths", "total"),
    ("net_migration", "total"),
    ("e0", "both"),
    ("tfr", "total"),
    ("admissions", "total"),
    ("bed_days", "tertiary"),
    ("beds_required", "total"),
    ("beds_required", "icu"),
    ("beds_available", "total"),
    ("beds_projected", "total"),
    ("doctors_required", "total"),
    ("nurses_required", "total"),
    ("gps_required", "total"),
    ("childcare_slots_required", "total"),
    ("care_beds_required", "total"),
    ("ambulances_required", "total"),
    ("dependent_elderly", "severe"),
    ("hale", "total"),
)
KEY = ("kind", "scenario", "id", "scope", "target", "year")
VALUES = ("verdict", "a", "b", "c", "d")
"""Of a series: central, median. Of a row: p_enough, p_reached, required and available medians."""
COLUMNS = ("p_enough", "p_reached", "required_p50", "available_p50")
Found = dict[tuple[str, ...], tuple[str, ...]]


def found(run: Path) -> Found:
    """Central values and medians of some series; verdicts with their probabilities and medians."""
    rows = {
        (r["scenario"], r["variable"], r["group"], r["year"]): r for r in read_rows(run / "timeseries.csv")
    }
    known: Found = {}
    for scenario in ("reference", "shorter_stays"):
        for name, group in SERIES:
            for year in YEARS:
                row = rows[scenario, name, group, year]
                key = ("series", scenario, f"{name}.{group}", "", "", year)
                known[key] = ("", row["central"], row["p50"], "", "")
    tested = [r for r in read_rows(run / "adequacy_detail.csv") if r["verdict"] != "not_tested"]
    for r in tested:
        key = ("verdict", r["scenario"], r["indicator_id"], r["scope"], r["target"], r["year"])
        known[key] = (r["verdict"], *(r[c] for c in COLUMNS))
    return known


@pytest.fixture(scope="module")
def stored(small_run: Path, request: pytest.FixtureRequest) -> Found:
    if request.config.getoption("--refresh-whole-run"):
        rows = [
            dict(zip((*KEY, *VALUES), (*k, *v), strict=True)) for k, v in sorted(found(small_run).items())
        ]
        write_rows(STORED, (*KEY, *VALUES), rows)
    return {tuple(r[c] for c in KEY): tuple(r[c] for c in VALUES) for r in read_rows(STORED)}


def test_the_same_series_and_rows_are_there(small_run: Path, stored: Found):
    assert set(found(small_run)) == set(stored)


def test_series_are_the_stored_ones(small_run: Path, stored: Found):
    moved = [
        f"{key}: {stored[key]} -> {values}"
        for key, values in found(small_run).items()
        if key[0] == "series"
        and [float(x) for x in values[1:3]] != pytest.approx([float(x) for x in stored[key][1:3]], rel=1e-4)
    ]
    assert not moved, "\n".join(moved)


def test_verdicts_are_the_stored_ones(small_run: Path, stored: Found):
    """Probabilities to one draw in eight, medians to 1e-4."""
    moved = []
    for key, (verdict, *now) in found(small_run).items():
        if key[0] != "verdict":
            continue
        before, *old = stored[key]
        close = [bool(a) == bool(b) for a, b in zip(now, old, strict=True)]
        pairs = [(float(a), float(b)) for a, b in zip(now, old, strict=True) if a and b]
        chances = sum(bool(x) for x in now[:2])
        near = [abs(a - b) <= 0.125 + 1e-6 for a, b in pairs[:chances]]
        near += [a == pytest.approx(b, rel=1e-4) for a, b in pairs[chances:]]
        if verdict != before or not all(close) or not all(near):
            moved.append(f"{key}: {stored[key]} -> {(verdict, *now)}")
    assert not moved, "\n".join(moved)
