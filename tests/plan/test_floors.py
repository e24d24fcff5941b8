"""National floors: laws over the whole table, what holds when, refusals."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from paths import read_rows

from sim.errors import PlanError
from sim.params import read_sources
from sim.plan.floors import Floor, in_force, load_floors
from sim.plan.vocabulary import load_vocabulary


def test_every_floor_is_sourced_plausible_and_never_slackens(root: Path):
    """Newer floors are at least as strict as older ones."""
    faults: list[str] = []
    sources, words = read_sources(root, faults), load_vocabulary(root)
    for name, floors in load_floors(root).items():
        for floor in floors:
            assert floor.source in sources, (name, floor.source)
            if name in words.ranges and words.ranges[name].unit == floor.unit.name:
                assert words.ranges[name].low <= floor.value <= words.ranges[name].high, name
        for before, after in pairwise(floors):
            assert after.kept(before.fraction) == after.fraction, name


def test_goals_without_an_indicator_have_sources_and_units(root: Path):
    sources, words = read_sources(root, []), load_vocabulary(root)
    for row in read_rows(root / "standards/goals_without_indicator.csv"):
        assert row["source"] in sources
        assert row["unit"] in words.units
        assert float(row["value"]) > 0


def floor_of(root: Path, name: str, year: int) -> Floor | None:
    return in_force(load_floors(root).get(name, ()), year)


@pytest.mark.parametrize(
    ("name", "year", "value"),
    [
        ("ambulance_population_ratio", 2018, 50_000),
        ("ambulance_population_ratio", 2025, 30_000),
        ("nurses_per_1000", 2020, 0.00314),
        ("nurses_per_1000", 2029, 0.0038),
        ("nurses_per_1000", 2035, 0.0051),
        ("vaccination_coverage", 2025, 0.9),
    ],
)
def test_the_newest_floor_in_force_holds(root: Path, name: str, year: int, value: float):
    floor = floor_of(root, name, year)
    assert floor is not None
    assert floor.fraction == pytest.approx(value)


def test_no_floor_before_the_first_year_and_none_where_none_is_known(root: Path):
    assert floor_of(root, "childcare_slots_per_1000", 2020) is None
    assert floor_of(root, "tfr", 2030) is None


def test_a_laxer_proposal_is_brought_to_the_floor(root: Path):
    """One ambulance for 64 717 people, blood and nurses below the norm: the harm that was proposed."""
    vehicles = floor_of(root, "ambulance_population_ratio", 2025)
    nurses = floor_of(root, "nurses_per_1000", 2025)
    assert vehicles is not None
    assert nurses is not None
    assert vehicles.kept(64_717) == 30_000
    assert vehicles.kept(20_000) == 20_000
    assert nurses.kept(0.0027) == pytest.approx(0.0038)
    assert nurses.kept(0.0045) == pytest.approx(0.0045)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("vaccination_coverage,at_least,90,%", "vaccination_coverage,at_most,90,%", "at_most where higher"),
        (
            "vaccination_coverage,at_least,90,%",
            "vaccination,at_least,ninety,%",
            "(?s)indicator_id 'vaccination'",
        ),
        ("2017,guideline,bphs_norm_3", "2017,rule,bphs_norm_3", "status 'rule' is unknown"),
        ("2025,plan,nursing_plan_2025", "2020,plan,nursing_plan_2025", "two floors of 'nurses_per_1000'"),
    ],
)
def test_refusals(root: Path, tmp_path: Path, old: str, new: str, message: str):
    for folder in ("plans", "standards"):
        shutil.copytree(root / folder, tmp_path / folder)
    path = tmp_path / "standards" / "floors.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PlanError, match=message):
        load_floors(tmp_path)
