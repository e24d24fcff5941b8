"""What fuzzing found is refused now, each input kept; and the tools that measure say what they should."""

from __future__ import annotations

from pathlib import Path

import pytest
from paths import ROOT
from reliability import page
from reliability.fuzz import FINDS, targets
from reliability.measured import read, record
from reliability.mutants import mutants

from sim.errors import SimError


@pytest.mark.parametrize("path", sorted(FINDS.iterdir()), ids=lambda p: p.name)
def test_a_find_is_refused_by_name(path: Path, tmp_path: Path) -> None:
    reader = targets()[path.name.partition("-")[0]].make(tmp_path)
    with pytest.raises(SimError, match=r".+ \| .+"):
        reader(path.read_bytes())


@pytest.mark.parametrize(
    "name", ["setting", "census", "observed", "meta", "rows", "table", "region", "sheet"]
)
def test_a_reader_is_fuzzed_from_what_it_takes(name: str, tmp_path: Path) -> None:
    """A seed that is refused would leave most of the reader unread."""
    target = targets()[name]
    reader = target.make(tmp_path)
    taken = 0
    for seed in target.seeds:
        try:
            reader(seed)
            taken += 1
        except SimError:
            pass
    assert taken or name in ("region", "rows", "sheet", "table")


def test_times_of_a_check_add_up(tmp_path: Path) -> None:
    path = tmp_path / "measured.json"
    record("fuzz", "x", {"seconds": 5, "finds": []}, path)
    record("fuzz", "x", {"seconds": 7, "finds": ["a"]}, path)
    assert read(path) == {"fuzz": {"x": {"seconds": 12, "finds": ["a"]}}}


def test_a_mutant_is_one_change() -> None:
    found = list(mutants(ROOT / "sim" / "supply" / "stocks.py"))
    assert len({m.id for m in found}) == len(found) > 10
    assert all(m.was != m.changed for m in found)


def test_the_page_is_fresh() -> None:
    """Where it is not: `make reliability-page`."""
    assert (ROOT / "docs" / "reliability.md").read_text("utf-8") == page.page()
