"""Files of neighbours are read once while many places are set up, and looked at anew each time else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.params import read_once
from sim.places import copies, nation, vital

RECORD = """\
schema: 1
parameters:
  a: {{value: {0}}}
  b: {{value: {0}1}}
  c: {{value: {0}2}}
"""


def folder(root: Path, name: str, first: int) -> Path:
    path = root / name
    path.mkdir(parents=True)
    (path / "supply.yaml").write_text(RECORD.format(first), encoding="utf-8")
    rows = "".join(f"{age},{first + age}\n" for age in range(10, 30))
    (path / "census_2020.csv").write_text(f"age,persons\n{rows}", encoding="utf-8")
    return path


def test_neighbours_are_read_once_and_copies_found_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    places = [folder(tmp_path, name, first) for name, first in (("x", 3), ("y", 4), ("z", 3))]
    read: list[Path] = []
    whole = copies._figures
    monkeypatch.setattr(copies, "_figures", lambda path: read.append(path) or whole(path))
    with read_once():
        found = [[*copies.copied_records(place, ["supply"])] for place in places]
    assert [len(faults) for faults in found] == [1, 0, 1]
    assert "the same records as z/supply.yaml, 3 of 3" in found[0][0]
    assert len(read) == 6  # each its own, and each once as another's; twelve else
    assert [len([*copies.copied_tables(place, [2020])]) for place in places] == [1, 0, 1]


def test_what_changes_between_two_set_ups_is_seen(tmp_path: Path):
    one, _ = (folder(tmp_path, name, 3) for name in ("x", "y"))
    with read_once():
        assert [*copies.copied_records(one, ["supply"])]
    (tmp_path / "y" / "supply.yaml").write_text(RECORD.format(5), encoding="utf-8")
    assert not [*copies.copied_records(one, ["supply"])]
    with read_once():
        assert not [*copies.copied_records(one, ["supply"])]


def test_tables_of_all_places_are_looked_at_once(monkeypatch: pytest.MonkeyPatch):
    from paths import ROOT

    looked: list[str] = []
    stat = Path.stat
    monkeypatch.setattr(Path, "stat", lambda self, **how: looked.append(self.name) or stat(self, **how))
    with read_once():
        for _ in range(3):
            nation.place_censuses(ROOT, "410500")
            nation.list_places(ROOT)
            vital.read_vital(ROOT)
    once = len(looked)
    for _ in range(2):
        nation.place_censuses(ROOT, "410500")
    assert once < 20
    assert len(looked) >= once + 4  # outside it a table that changes is read again
