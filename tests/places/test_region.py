"""A place reads the sets of its nation, its province and its own; what it cannot read is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from paths import ROOT
from place import place, regions

from sim.errors import ConfigError, ParameterError
from sim.params import read_sets
from sim.places import read_place, read_region
from sim.places.region import region_sets

PARAMETERS = ROOT / "parameters"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder of its own."""
    shutil.copytree(PARAMETERS, tmp_path / "parameters")
    return tmp_path


def test_sets_in_order_and_those_of_other_places_left_out():
    sets = region_sets(PARAMETERS, ["national", "standards", "regions/410700_xinxiang"], regions()["410500"])
    assert sets == ["national", "standards", "provinces/410000_henan", "regions/410500_anyang"]
    assert region_sets(PARAMETERS, ["national"], regions()["000000"]) == ["national", "regions/000000_china"]


@pytest.mark.slow
def test_what_a_city_shares_with_its_province_stands_once():
    """No record of a place repeats the numbers of the set below it."""
    for code, region in regions().items():
        sets = region_sets(PARAMETERS, ["national", "standards"], region)
        below, all_sets = (read_sets(PARAMETERS, s) for s in (sets[:-1], sets))
        for name, found in all_sets.items():
            if str(found.file.parent).endswith(region.folder) and name in below and not found.is_method:
                same = found.data.equals(below[name].data) and found.record.range == below[name].record.range
                own_count = found.record.source != below[name].record.source
                assert not same or own_count, f"{code} {name}"


def test_a_city_without_a_figure_of_its_own_takes_its_province_s(folder: Path):
    """Kaifeng has no count of beds; with one of its own it wins, and its neighbours keep Henan's."""
    beds = {code: place(code)["supply.beds_base"] for code in ("410200", "410600", "410500")}
    assert beds["410200"].file.parent.name == "410000_henan"
    assert beds["410200"].data.equals(beds["410600"].data)
    assert float(beds["410200"].data.isel(year=0)) != float(beds["410500"].data)
    text = (PARAMETERS / "regions/410500_anyang/supply.yaml").read_text("utf-8")
    # the records of another city are refused: beds alone are no copy
    text = text[: text.index("  doctors_base:")]
    own_file = folder / "parameters/regions/410200_kaifeng/supply.yaml"
    own_file.write_text(f"{text}# of Kaifeng\n", encoding="utf-8")
    own, neighbour = (read_place(folder, code)["supply.beds_base"] for code in ("410200", "410600"))
    assert float(own.data) == float(beds["410500"].data)
    assert neighbour.data.equals(beds["410600"].data)


def test_a_partial_record_changes_the_labels_that_it_gives():
    nation = read_sets(PARAMETERS, ["national"])["coverage.uncovered"].data
    own = place("410700")["coverage.uncovered"].data
    assert list(own.programme.values) == list(nation.programme.values)
    changed = [
        str(p) for p in own.programme.values if float(own.sel(programme=p)) != float(nation.sel(programme=p))
    ]
    assert changed == ["vaccination"]
    assert float(own.sel(programme="vaccination")) == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (
            "{vaccination: 2}",
            "{vacination: 2}",
            r"programme 'vacination' is unknown \| did you mean 'vaccination'",
        ),
        ("    values: {vaccination: 2}\n", "    value: 2\n", r"partial with value \| write `values`"),
        ("  uncovered:", "  uncoverd:", r"partial, but no set below gives it \| give every label"),
    ],
)
def test_a_partial_record_that_is_wrong(folder: Path, old: str, new: str, wrong: str):
    path = folder / "parameters/regions/410700_xinxiang/coverage.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ParameterError, match=wrong):
        read_place(folder, "410700")


@pytest.mark.parametrize("version", ["2", "true", "1.0", "'1'"])
def test_a_schema_that_is_no_version(tmp_path: Path, version: str):
    path = tmp_path / "region.yaml"
    path.write_text(f"schema: {version}\ncode: '410500'\nname: {{en: A, zh: 甲}}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"schema \| {version.title()} is no version \| write 1"):
        read_region(path)


def test_a_province_that_is_no_code(tmp_path: Path):
    path = tmp_path / "region.yaml"
    path.write_text("code: '410500'\nname: {en: A, zh: 甲}\nprovince: 41\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"province \| 41 \| write six digits between quotes, or null"):
        read_region(path)


def test_a_region_that_there_is_not():
    with pytest.raises(ConfigError, match=r"no region '410501' \| did you mean '410500'"):
        read_place(ROOT, "410501")
