"""What a place is divided into: its parts add up to it, and who has none is told so."""

from __future__ import annotations

import pytest
from paths import ROOT

from sim.errors import ConfigError
from sim.places import list_places, place_censuses
from sim.places.parts import divide

PLACES = list_places(ROOT)
UNDIVIDED = {
    "prefectures": {"110000", "120000", "310000", "500000"},
    "counties": {"441900", "442000", "460400", "620200"},
}


def _people(code: str) -> float:
    return float(place_censuses(ROOT, code)[2020].counts.sum())


def test_anyang_is_its_nine_counties_and_a_zone():
    found = divide(ROOT, "410500", "counties")
    assert len(found.codes) == 10
    assert "4105Z1" in found.codes
    assert found.left_out == ()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("word", ["prefectures", "counties"])
def test_parts_add_up_to_every_place_in_the_census(word: str):
    levels = {"prefectures": ("province",), "counties": ("province", "prefecture")}[word]
    divided = 0
    for place in PLACES.values():
        if place.level not in levels:
            continue
        if place.code in UNDIVIDED[word]:
            continue
        found = divide(ROOT, place.code, word)
        divided += 1
        parts = sum(map(_people, found.codes)) + sum(people for *_, people in found.left_out)
        assert parts == _people(place.code), place
    assert divided == {"prefectures": 27, "counties": 31 + 329}[word]


def test_the_nation_is_its_provinces():
    assert len(divide(ROOT, "000000", "provinces").codes) == 31


def test_a_part_too_empty_is_left_out_by_name():
    (out,) = divide(ROOT, "460000", "prefectures").left_out
    assert out == ("460300", "三沙市", 2333.0)


@pytest.mark.parametrize(
    ("code", "word", "said"),
    [
        ("410581", "counties", "410581 林州市 is a county: it has no parts | .* '410500' 安阳市"),
        ("419001", "counties", "419001 济源市 is a county: it has no parts | .* '410000' 河南省"),
        ("410500", "prefectures", "a prefecture, has no prefectures | write parts: counties"),
        ("110000", "prefectures", "a province, has no prefectures | write parts: counties"),
        ("441900", "counties", "441900 东莞市, a prefecture, has no counties | take `parts` out"),
        ("000000", "counties", "a country, has no counties | write parts: provinces"),
        ("999999", "counties", "999999 is no place of the censuses"),
    ],
)
def test_who_has_no_such_parts_is_told_what_to_write(code: str, word: str, said: str):
    with pytest.raises(ConfigError, match=said.replace("|", r"\|")):
        divide(ROOT, code, word)
