"""What was made of files is made once for all folders that hold the same, and anew where they differ."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from paths import PARAMETERS

from sim.errors import ConfigError, ParameterError
from sim.params import read_sets
from sim.params.alike import _MOST, alike
from sim.places.counts import _srb_sd
from sim.places.expectancy import rule_of
from sim.places.nation import place_censuses

_OTHERS = ("places", "plans", "provinces", "regions", "scenarios", "series", "standards")


def _file(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _folder(at: Path) -> Path:
    """The nation's parameters and what they are read with."""
    return shutil.copytree(PARAMETERS, at, ignore=shutil.ignore_patterns(*_OTHERS))


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


def test_of_a_changed_folder_only_what_changed_is_read_again(tmp_path: Path):
    """Neither the files beside one that has a remark more, nor what a table with a fault does not touch."""
    first, copy = (_folder(tmp_path / name) for name in ("first", "copy"))
    before = read_sets(first, ["national"])

    def changed() -> set[str]:
        now = read_sets(copy, ["national"])
        assert all(p.file.is_relative_to(copy) for p in now.values())
        return {name for name, p in now.items() if p.data is not before[name].data}

    assert changed() == set()
    file = copy / "national" / "inpatient.yaml"
    text = file.read_text("utf-8")
    file.write_text(f"{text}# a remark\n", encoding="utf-8")
    assert changed() == {name for name in before if name.startswith("inpatient.")}
    file.write_text(text, encoding="utf-8")
    assert changed() == set()
    table = copy / "national" / "call_ratio.csv"
    table.write_text(table.read_text("utf-8").replace("value", "value,note", 1), encoding="utf-8")
    with pytest.raises(ParameterError, match=r"copy.national.call_ratio\.csv"):
        changed()


def test_a_table_that_comes_to_stand_beside_in_the_other_format_is_told(tmp_path: Path):
    copy = shutil.copytree(PARAMETERS, tmp_path / "copy")
    assert read_sets(copy, ["national"])
    (copy / "national" / "call_ratio.xlsx").write_bytes(b"")
    with pytest.raises(ParameterError, match=r"call_ratio\.xlsx stands beside it"):
        read_sets(copy, ["national"])


def test_files_that_are_the_same_are_held_to_the_limits_of_their_own_folder(tmp_path: Path):
    first, copy = (_folder(tmp_path / name) for name in ("first", "copy"))
    read_sets(first, ["national"])
    limits = copy / "limits.csv"
    rows = limits.read_text("utf-8").splitlines(keepends=True)
    (at,) = (i for i, row in enumerate(rows) if row.startswith("inpatient.alos,"))
    name, unit, _, _, rest = rows[at].split(",", 4)
    rows[at] = ",".join((name, unit, "0", "2", rest))
    limits.write_text("".join(rows), encoding="utf-8")
    with pytest.raises(ParameterError, match=r"copy.national.inpatient\.yaml: alos"):
        read_sets(copy, ["national"])
    assert read_sets(first, ["national"])


def test_files_that_are_the_same_are_split_by_the_pattern_of_their_own_folder(tmp_path: Path):
    first, copy = (_folder(tmp_path / name) for name in ("first", "copy"))
    for root in (first, copy):
        table = root / "national" / "fertility_census_women.csv"
        women = [int(row.split(",")[1]) for row in table.read_text("utf-8").split()[1:]]
        groups = [f"{15 + i},{19 + i},{sum(women[i : i + 5])}" for i in range(0, 35, 5)]
        table.write_text("\n".join(["age_start,age_end,value", *groups, ""]), encoding="utf-8")
    name = "fertility_census.women"
    before = read_sets(first, ["national"])[name].data
    assert read_sets(copy, ["national"])[name].data is before
    pattern = copy / "national" / "population_reference_2020.csv"
    rows = pattern.read_text("utf-8").splitlines()
    (at,) = (i for i, row in enumerate(rows) if row.startswith("female,17,"))
    rows[at] = f"female,17,{4 * int(rows[at].rpartition(',')[2])}"
    pattern.write_text("\n".join([*rows, ""]), encoding="utf-8")
    after = read_sets(copy, ["national"])[name].data
    assert float(after.sel(age=17)) > 1.5 * float(before.sel(age=17))
    assert float(after.sum()) == pytest.approx(float(before.sum()))
