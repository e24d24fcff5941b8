"""What a row of a saved run says of itself."""

from __future__ import annotations

from dataclasses import replace

from sim.saved.row import Row

ROW = Row("plan", "410500", "reference", "beds", "床位", "beds", 2030, "bed")


def test_the_parameters_that_a_verdict_rests_on_are_read_as_they_are_written() -> None:
    row = replace(ROW, rests_on="inpatient.alos (A); supply.beds_growth (D); admission_rate@65+ (C)")
    assert row.rests() == ["inpatient.alos", "supply.beds_growth", "admission_rate@65+"]
    assert ROW.rests() == []
