"""The source line of a chart names the folder that a reader finds, also while that is being written."""

from __future__ import annotations

from pathlib import Path

from sim.charts.swept import SavedSweep, foot
from sim.saved import final_name, plan_title
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


def test_the_plan_is_cited_by_its_own_title(tmp_path: Path):
    """An experiment of another title tests the same plan: its title is no source."""
    meta = {
        "experiment": {"plan": "p", "title": {"zh": "试验", "en": "a trial"}},
        "plan_name": {"zh": "某市规划", "en": "The plan of a city"},
        "sources": {"census": {"title_zh": "普查", "title_en": "Census"}},
    }
    line = foot(SavedSweep(tmp_path / NAME, meta, []), "11 model runs", "en")[1]
    assert line == f"Source: Census; The plan of a city; projected with healthplan (run {NAME})."
    assert plan_title({"experiment": meta["experiment"]}, "zh") == "试验"
