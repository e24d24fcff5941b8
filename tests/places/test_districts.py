"""Who lives in city districts: by the names of the county-level places inside a place."""

from __future__ import annotations

import pytest
from paths import ROOT

from sim.places.nation import place_censuses
from sim.places.read import read_place

SHARE = "emergency.city_district_share"
HANDAN_DISTRICTS = ("130402", "130403", "130404", "130406", "130407", "130408", "130471", "130473")


def share(code: str) -> float:
    return float(read_place(ROOT, code)[SHARE].data)


def people(code: str) -> float:
    return float(place_censuses(ROOT, code)[2020].counts.sum())


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("code", "known"),
    [("440300", 1), ("310000", 1), ("410102", 1), ("410526", 0), ("652300", 0), ("419001", 0), ("441900", 1)],
    ids=["Shenzhen", "Shanghai", "a district", "a county", "a prefecture of counties", "Jiyuan", "Dongguan"],
)
def test_all_or_nobody(code, known):
    assert share(code) == known


def test_a_prefecture_of_both():
    inside = sum(people(code) for code in HANDAN_DISTRICTS)
    assert share("130400") == pytest.approx(inside / people("130400"), rel=1e-9)
    assert 0 < share("130400") < 1


def test_zones_belong_to_the_city_that_set_them_up():
    assert share("130471") == 1


def test_where_it_comes_from_is_said_in_both_languages():
    made = read_place(ROOT, "130400")[SHARE].made
    assert made is not None
    assert "city districts" in made.en
    assert "市辖区" in made.zh
