"""The source line of a chart names the folder that a reader finds, also while that is being written."""

from __future__ import annotations

from pathlib import Path

from sim.charts.swept import SavedSweep, foot
from sim.saved import final_name
from sim.store import RunFolder

NAME = "sweep-20261129-034541-f897dcb1"


def test_a_folder_that_is_being_written_is_named_as_it_will_be(tmp_path: Path):
    growing = RunFolder(tmp_path, NAME)
    line = foot(SavedSweep(growing.path, {}, []), "11 model runs", "en")[1]
    assert f"(run {NAME})" in line
    assert ".part" not in line
    assert final_name(growing.publish()) == NAME


def test_a_name_with_points_of_its_own_stays(tmp_path: Path):
    assert [final_name(tmp_path / name) for name in ("a.b.part", ".hidden")] == ["a.b.part", ".hidden"]
