"""One small whole run against stored values: what a planner reads must not move unnoticed.

After a change that means to move the numbers, look at the difference and store the new ones:

    .venv/bin/python -m pytest tests/test_whole_run.py --refresh-whole-run

Draws are the same on any machine; results are stored as 32-bit numbers and libraries differ in
their last digits, so series agree to 1e-4 and probabilities to one draw in eight.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

STORED = Path(__file__).parent / "cases" / "whole_run.json"
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
COLUMNS = ("p_enough", "p_reached")


def found(run: Path) -> dict[str, dict[str, object]]:
    """Central values and medians of some series; verdicts with their probabilities."""
    with (run / "timeseries.csv").open(encoding="utf-8", newline="") as file:
        rows = {(r["scenario"], r["variable"], r["group"], r["year"]): r for r in csv.DictReader(file)}
    series = {
        f"{scenario} {name}.{group} {year}": [float(row["central"]), float(row["p50"])]
        for scenario in ("reference", "shorter_stays")
        for name, group in SERIES
        for year in YEARS
        for row in [rows[scenario, name, group, year]]
    }
    with (run / "adequacy.csv").open(encoding="utf-8", newline="") as file:
        tested = [r for r in csv.DictReader(file) if r["verdict"] != "not_tested"]
    verdicts = {
        f"{r['scenario']} {r['indicator_id']} {r['target']} {r['name_en']} {r['year']}": [
            r["verdict"],
            *(float(r[c]) if r[c] else None for c in COLUMNS),
        ]
        for r in tested
    }
    return {"series": series, "verdicts": verdicts}


@pytest.fixture(scope="module")
def stored(small_run: Path, request: pytest.FixtureRequest) -> dict[str, dict[str, list]]:
    if request.config.getoption("--refresh-whole-run"):
        text = json.dumps(found(small_run), indent=1, ensure_ascii=False)
        STORED.write_text(text + "\n", encoding="utf-8")
    return json.loads(STORED.read_text(encoding="utf-8"))


def test_series_are_the_stored_ones(small_run: Path, stored):
    now = found(small_run)["series"]
    assert set(now) == set(stored["series"])
    moved = [
        f"{key}: {stored['series'][key]} -> {values}"
        for key, values in now.items()
        if values != pytest.approx(stored["series"][key], rel=1e-4)
    ]
    assert not moved, "\n".join(moved)


def test_verdicts_are_the_stored_ones(small_run: Path, stored):
    now = found(small_run)["verdicts"]
    assert set(now) == set(stored["verdicts"])
    moved = []
    for key, (verdict, *chances) in now.items():
        before, *old = stored["verdicts"][key]
        close = all(
            (a is None) == (b is None) and (a is None or abs(a - b) <= 0.125 + 1e-6)
            for a, b in zip(chances, old, strict=True)
        )
        if verdict != before or not close:
            moved.append(f"{key}: {stored['verdicts'][key]} -> {[verdict, *chances]}")
    assert not moved, "\n".join(moved)
