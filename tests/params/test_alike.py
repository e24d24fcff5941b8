"""What was made of files is made once for all folders in which they are the same, and anew where they differ."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from paths import PARAMETERS

from sim.errors import ConfigError
from sim.params.alike import _MOST, alike
from sim.places.counts import _srb_sd
from sim.places.expectancy import rule_of
from sim.places.nation import place_censuses


def _file(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_copy_is_known_and_a_changed_file_and_a_file_that_is_gone_are_not(tmp_path: Path):
    made: list[str] = []

    def of(path: Path, what: str = "rows") -> int:
        return alike((tmp_path, what), [path], lambda: made.append(path.parent.name) or len(made))

    first, copy = (_file(tmp_path / name, "a,b\n1,2\n") for name in ("first", "copy"))
    assert [of(first), of(copy), of(first)] == [1, 1, 1]
    assert of(copy, "columns") == 2  # something else of the same files
    _file(tmp_path / "copy", "a,b\n1,22\n")
    assert [of(copy), of(first)] == [3, 1]
    copy.unlink()
    assert of(copy) == 4
    assert made == ["first", "copy", "copy", "copy"]


def test_a_fault_names_its_own_file_each_time(tmp_path: Path):
    def refuse(path: Path) -> None:
        raise ConfigError(str(path))

    for name in ("first", "copy"):
        path = _file(tmp_path / name, "x\n")
        with pytest.raises(ConfigError, match=f"{name}.table.csv"):
            alike(tmp_path, [path], lambda path=path: refuse(path))


def test_what_was_not_asked_for_longest_goes_first(tmp_path: Path):
    path, made = _file(tmp_path, "x\n"), []
    for i in (*range(_MOST), 0, _MOST, 0, 1):
        alike((tmp_path, i), [path], lambda i=i: made.append(i))
    assert made == [*range(_MOST + 1), 1]


def test_what_is_made_of_all_places_follows_each_of_its_tables(tmp_path: Path):
    """The census of 2020 moves the rule of life expectancy, by its urban shares, and the sex ratios."""
    from gzip import compress, decompress

    roots = [tmp_path / name for name in ("first", "copy")]
    for root in roots:
        shutil.copytree(PARAMETERS / "places", root / "parameters" / "places")
    first, copy = ((rule_of(r), _srb_sd(r, "county"), place_censuses(r, "410500")[2020]) for r in roots)
    assert all(one is other for one, other in zip(first[:2], copy[:2], strict=True))
    assert first[2].counts.base is copy[2].counts.base
    path = roots[1] / "parameters" / "places" / "census_2020.csv.gz"
    head, *rows = decompress(path.read_bytes()).decode().splitlines()
    halved = [f"{r[:7]}{','.join(str(float(n) / 2) for n in r[7:].split(','))}" for r in rows]
    path.write_bytes(compress("\n".join([head, *halved]).encode()))
    assert place_censuses(roots[1], "410500")[2020].counts.sum() * 2 == first[2].counts.sum()
    assert rule_of(roots[1]).by_urban != first[0].by_urban
    assert _srb_sd(roots[1], "county") != first[1]
    assert rule_of(roots[0]) is first[0]
