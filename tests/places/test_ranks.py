"""Names of places without the word for their rank."""

from __future__ import annotations

import pytest
from paths import ROOT

from sim.places.nation import list_places
from sim.places.ranks import is_rank, stem, stem_pinyin
from sim.places.read import find_region


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("阿里地区", "阿里"),
        ("延边朝鲜族自治州", "延边朝鲜族"),
        ("宁夏回族自治区", "宁夏回族"),
        ("alidiqu", "ali"),
        ("xinghehuixian", "xinghehui"),
        ("郑州", "郑州"),
        ("县", "县"),
        ("qu", "qu"),
    ],
)
def test_a_name_loses_its_rank_and_no_more(name: str, bare: str) -> None:
    assert stem(name) == bare


def test_every_place_of_the_censuses_has_the_pinyin_of_its_rank() -> None:
    """The rank of the Chinese name ends the pinyin too, and both names without it are names."""
    for place in list_places(ROOT).values():
        rank = place.name_zh.removeprefix(stem(place.name_zh))
        bare = stem_pinyin(place.pinyin, place.name_zh)
        assert is_rank(place.pinyin.removeprefix(bare)) == bool(rank), place
        assert stem(place.name_zh)
        assert bare


@pytest.mark.parametrize(
    ("code", "name"),
    [("542500", "Ali"), ("130321", "Qinglongmanzu"), ("410502", "Wenfeng"), ("150721", "Arong")],
)
def test_a_place_made_of_the_censuses_is_named_without_its_rank(code: str, name: str) -> None:
    assert find_region(ROOT, code, {}).name_en == name
