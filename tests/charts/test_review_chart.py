"""The chart of a mid-term review: where a place stands over its path, and what the counts add."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from document.edit import copied

from sim.charts.draw import chart_names, charts_of
from sim.charts.review import review
from sim.charts.style import use
from sim.review.row import COLUMNS, PART_COLUMNS
from sim.saved.attached import REVIEW
from sim.saved.run import opened


def _write(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def folder(small_run: Path, tmp_path: Path) -> Path:
    """A run whose review says: doctors behind their path by the count, beds ahead, infants without a path."""
    found = copied(small_run, tmp_path)
    common = {"region": "410500", "scenario": "reference", "year": "2023", "target_year": "2025"}
    doctors = common | {
        **{
            "indicator_id": "doctors_per_1000",
            "name_zh": "医师",
            "name_en": "Physicians",
            "unit": "per 1000",
        },
        **{"path": "4", "stands_before": "4.2", "stands": "3", "stands_p10": "2.8", "stands_p90": "3.2"},
        **{"pace": "behind", "counted": "17100 person"},
    }
    beds = common | {
        **{"indicator_id": "beds_per_1000", "name_zh": "床位", "name_en": "Beds", "unit": "per 1000"},
        **{"path": "5", "stands_before": "6", "stands": "6", "stands_p10": "6", "stands_p90": "6"},
        "pace": "ahead",
    }
    _write(found / "review.csv", COLUMNS, [doctors, beds, beds | {"path": "", "name_zh": "婴儿"}])
    parts = [
        ("doctors_per_1000", "p_enough", "0", "0", "0"),
        ("doctors_per_1000", "p_reached", "0.02", "0", "-0.3"),
        ("beds_per_1000", "p_enough", "-0.1", "0.04", "0"),
        ("beds_per_1000", "p_reached", "0.5", "0", "0"),
    ]
    names = ("indicator_id", "quantity", "by_people", "by_use", "by_supply")
    lines = [dict(zip(names, p, strict=True)) | {"scope": "all", "target_year": "2025"} for p in parts]
    _write(found / "review_parts.csv", PART_COLUMNS, lines)
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_dots_stand_over_the_path_and_bars_are_the_parts(folder: Path, lang: str) -> None:
    run = opened(folder).results
    assert len(run.attrs[REVIEW]) == 3
    with use(lang) as own:
        fig = review(run, (), scenario="reference", region="410500", lang=own)
    left, right = fig.axes
    dots = [line for line in left.lines if line.get_marker() == "o"]
    assert np.allclose([float(d.get_xdata()[0]) for d in dots], [1.05, 0.75, 1.2, 1.2])
    words = [text.get_text() for text in left.texts]
    assert [w.split()[0] for w in words] == ["3.00*", "6.00"]
    assert words[0].endswith("滞后" if lang == "zh" else "behind")
    bars = [(round(b.get_y() + 0.3), round(b.get_x(), 6), round(b.get_width(), 6)) for b in right.patches]
    assert bars == [(0, 0, 2), (0, 0, -30), (1, 0, -10), (1, 0, 4)]  # reached where enough stays


def test_a_run_without_a_review_has_no_such_chart(small_run: Path, folder: Path) -> None:
    assert "review" in chart_names(folder)
    assert "review" not in charts_of(opened(small_run).results)
