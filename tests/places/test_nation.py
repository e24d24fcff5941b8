"""Every place of the censuses: parts add up, the shipped regions are among them, search and refusals."""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT
from place import regions
from working_folder import run_cli

from sim.errors import ConfigError
from sim.places import find_places, find_region, list_places, place_censuses, read_censuses
from sim.places.nation import nearest

PLACES = list_places(ROOT)


def test_levels_and_sizes():
    found = {
        level: sum(p.level == level for p in PLACES.values())
        for level in ("province", "prefecture", "county")
    }
    assert found == {"province": 31, "prefecture": 333, "county": 2913}
    size = sum(path.stat().st_size for path in (ROOT / "parameters/places").iterdir())
    assert size < 2_000_000


def test_the_country_is_the_sum_of_its_provinces():
    """1 409 778 724 of 2020, and 1 332 810 869 of 2010, in every cell."""
    for year, total in ((2020, 1409778724), (2010, 1332810869)):
        country = place_censuses(ROOT, "000000")[year].counts
        assert country.sum() == total
        parts = [place_censuses(ROOT, p.code)[year].counts for p in PLACES.values() if p.level == "province"]
        np.testing.assert_array_equal(sum(parts), country)


@pytest.mark.parametrize("province", [p.code for p in PLACES.values() if p.level == "province"])
def test_a_province_is_the_sum_of_its_parts(province: str):
    counts = {
        p.code: place_censuses(ROOT, p.code)[2020].counts for p in PLACES.values() if p.province == province
    }
    within = [p for p in PLACES.values() if p.province == province]
    wide = [p for p in within if p.level in ("prefecture", "direct_county")]
    parts = wide or [p for p in within if p.level in ("county", "zone")]
    np.testing.assert_array_equal(sum(counts[p.code] for p in parts), counts[province])
    assert PLACES[province].urban_2020 == sum(p.urban_2020 for p in parts)


@pytest.mark.parametrize("code", sorted(regions()))
def test_a_shipped_region_is_the_place_of_its_code(code: str):
    own, place = read_censuses(ROOT / "parameters", regions()[code]), place_censuses(ROOT, code)
    for year in (2010, 2020):
        assert own[year].key == place[year].key
    assert PLACES[code].name_zh.startswith(regions()[code].name_zh[:2]) or code == "000000"


@pytest.mark.parametrize(
    ("inside", "like", "first", "count"),
    [
        ("河南", None, "410000", 19),  # the province, 17 prefectures and Jiyuan
        ("anyang", None, "410500", 11),
        ("410500", "安阳", "410500", 3),
        ("北京", "chaoyang", "110105", 1),
        (None, "longhuqu", "440507", 1),
        (None, "4105", "410500", 11),
        ("000000", "anyangshi", "410500", 1),
    ],
)
def test_search(inside: str | None, like: str | None, first: str, count: int):
    found = find_places(PLACES, inside, like)
    assert found[0].code == first
    assert len(found) == count


@pytest.mark.parametrize(
    ("inside", "wrong"),
    [
        ("河男", r"no province or prefecture '河男' \| did you mean 河北省 \(130000\), .*河南省"),
        ("yichun", r"'yichun' is 2 places \| write one of"),
    ],
)
def test_a_place_that_there_is_not_or_that_is_two(inside: str, wrong: str):
    with pytest.raises(ConfigError, match=wrong):
        find_places(PLACES, inside)


@pytest.mark.parametrize(
    ("like", "near"),
    [
        ("邯单", "邯郸市 (130400)"),
        ("hnadan", "邯郸市 (130400)"),
        ("林洲市", "林州市 (410581)"),
        ("kaifng", "开封市"),
    ],
)
def test_a_misspelt_name_is_told_the_nearest(like: str, near: str):
    with pytest.raises(ConfigError) as told:
        find_places(PLACES, None, like)
    assert f"--like | no place like '{like}' | did you mean " in str(told.value)
    assert near in str(told.value)


@pytest.mark.parametrize("like", ["Xi'an", "XIAN", "xi an"])
def test_pinyin_is_found_as_it_is_written(like: str):
    assert "610100" in [p.code for p in find_places(PLACES, None, like)]


def test_a_code_that_no_census_has():
    with pytest.raises(ConfigError, match=r"no place '410599' in the censuses \| did you mean '"):
        place_censuses(ROOT, "410599")


def test_listed_with_what_is_held_of_it():
    done = run_cli("list", "regions", "--in", "河南", "--like", "安阳", "--lang", "en", cwd=ROOT)
    assert done.code == 0
    row = next(line for line in done.out.splitlines() if line.startswith("410500"))
    assert row.split() == [
        "410500",
        "安阳市",
        "prefecture",
        "河南省",
        "5477614",
        "5173188",
        "same",
        "area",
        "regions/410500_anyang",
    ]
    wrong = run_cli("list", "plans", "--like", "安阳", cwd=ROOT)
    assert wrong.code == 2
    assert "--like | does not go with 'plans' | leave it out, or list regions" in wrong.err
    assert run_cli("list", "regions", "--like", "xyz", cwd=ROOT).code == 2


@pytest.mark.slow
def test_parameters_of_a_place_say_whose_figures_they_are():
    done = run_cli("list", "parameters", "--in", "邯郸", "--lang", "en", cwd=ROOT)
    assert done.code == 0
    rows = {line.split()[0]: line for line in done.out.splitlines()[2:]}
    assert rows["mortality.e0_gap"].split()[1:5] == ["-1.0998", "year", "province", "nbs_e0_2020"]
    assert "moved -0.92 by its deaths of 2010" in rows["mortality.e0_gap"]
    assert " place " in rows["fertility.tfr_ratio"]
    assert " nation " in rows["inpatient.alos"]
    wrong = run_cli("list", "parameters", "--in", "nowhere", cwd=ROOT)
    assert (wrong.code, "--in | no province or prefecture 'nowhere'" in wrong.err) == (2, True)
    assert run_cli("list", "plans", "--in", "邯郸", cwd=ROOT).code == 2


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"no gzip", "cannot be read"),
        (gzip.compress(b"code,f0\n1,2\n", mtime=0), "2 columns | code and 38 groups"),
    ],
)
def test_a_packed_table_that_is_damaged(tmp_path: Path, content: bytes, wrong: str):
    (tmp_path / "parameters").mkdir()
    shutil.copytree(ROOT / "parameters/places", tmp_path / "parameters/places")
    (tmp_path / "parameters/places/census_2020.csv.gz").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        place_censuses(tmp_path, "410500")
    assert wrong in str(caught.value)


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        (
            "鼓楼区",
            (
                "320106 鼓楼区 (南京市)",
                "320302 鼓楼区 (徐州市)",
                "350102 鼓楼区 (福州市)",
                "410204 鼓楼区 (开封市)",
            ),
        ),
        ("Suzhou", ("320500 苏州市 (江苏省)", "341300 宿州市 (安徽省)", "620902 肃州区 (酒泉市)")),
        ("su zhou shi", ("320500 苏州市 (江苏省)", "341300 宿州市 (安徽省)")),
    ],
)
def test_a_name_of_several_places_is_refused_with_all_of_them(name: str, candidates: tuple[str, ...]):
    """Districts of one name, and names that are written alike in pinyin."""
    with pytest.raises(ConfigError) as error:
        find_region(ROOT, name, {})
    told = str(error.value)
    assert f"no region '{name}' | {len(candidates)} places are called so, write the code of one: " in told
    assert [place for place in candidates if place not in told] == []


def test_every_name_that_several_places_bear_is_told_with_each() -> None:
    twice = [name for name, n in Counter(p.name_zh for p in PLACES.values()).items() if n > 1]
    assert len(twice) > 20
    for name in twice:
        told = nearest(PLACES, name)
        assert all(p.code in told for p in PLACES.values() if p.name_zh == name), name
