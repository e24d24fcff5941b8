"""Places led through their own counts since the census, and places inside them that move with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from paths import ROOT

from sim.demography.calibrate import indicators
from sim.demography.stage import project
from sim.evidence.calibration.pairs import published
from sim.params import central
from sim.places import divide, list_places, list_regions, place_censuses, read_place
from sim.places import led as counted_places
from sim.places import own as made
from sim.places.counts import counts
from sim.places.expectancy import moved
from sim.places.led import GAP, LEVEL, RATIO, led_above, led_set
from sim.places.levels import PLACE, PREFECTURE, PROVINCE

LASTING = float(read_place(ROOT, "410000")["migration.lasting"].data)


@pytest.mark.parametrize("code", ["130000", "420000", "540000"])
def test_a_province_without_a_folder_goes_through_what_it_published(code: str):
    """Hebei, Hubei whose people came back, Tibet: births and totals of 2021 and 2022."""
    own = read_place(ROOT, code)
    assert own[RATIO].level == own[LEVEL].level == PLACE
    model = indicators(project(xr.Dataset(), central(own, [2020, 2021, 2022])))
    for o in published(ROOT)[code]:
        if o.year in (2021, 2022) and o.indicator in ("births", "population_total"):
            near = {"births": 0.06, "population_total": 0.01}[o.indicator]  # births: 0.8 of the misfit
            assert float(model[o.indicator].sel(year=o.year)[0]) == pytest.approx(o.value, rel=near), o
    last = float(model["population_total"].sel(year=2022)[0])
    total = next(
        o.value for o in published(ROOT)[code] if (o.indicator, o.year) == ("population_total", 2022)
    )
    assert last == pytest.approx(total, rel=0.003)  # to which its moves are weighted


def test_every_province_has_a_folder_or_is_led():
    provinces = [c for c, p in list_places(ROOT).items() if p.level == "province"]
    assert len(provinces) == 31
    for code in provinces:
        assert (code in list_regions(ROOT)) != bool(led_set(ROOT, code)), code


def test_the_nearest_place_above_that_was_counted():
    places = list_places(ROOT)
    above = {
        code: found and found.code
        for code in ("410502", "130102", "130100", "130000", "000000")
        for found in [led_above(ROOT, places[code])]
    }
    want = {"410502": "410500", "130102": "130000", "130100": "130000", "130000": None, "000000": None}
    assert above == want


def _with(monkeypatch: pytest.MonkeyPatch, code: str, name: str, change) -> None:
    """The records of a place above, one of them changed from the year after the base on."""
    real = counted_places.own_records

    def records(root, asked):
        found = dict(real(root, asked))
        if asked == code:
            data = found[name].data.copy(deep=True)
            data[1:] = change(data[1:])
            found[name] = replace(found[name], data=data)
        return found

    monkeypatch.setattr(counted_places, "own_records", records)


def test_fertility_of_a_place_inside_moves_by_the_same_ratio(monkeypatch: pytest.MonkeyPatch):
    before = {code: read_place(ROOT, code)[RATIO].data for code in ("130100", "140100")}
    _with(monkeypatch, "130000", RATIO, lambda path: 1.1 * path)
    inside, beside = (read_place(ROOT, code)[RATIO].data for code in before)
    np.testing.assert_allclose(inside[1:], 1.1 * before["130100"][1:])
    assert float(inside[0]) == float(before["130100"][0])
    xr.testing.assert_equal(beside, before["140100"])


@pytest.mark.slow
def test_people_who_came_to_a_province_came_to_its_places(monkeypatch: pytest.MonkeyPatch):
    """10,000 more a year are spread over the residents of all its places, and add up to 10,000."""
    codes = divide(ROOT, "420000", "prefectures").codes
    before = {code: read_place(ROOT, code)[LEVEL].data for code in codes}
    _with(monkeypatch, "420000", LEVEL, lambda path: path + 10_000.0)
    more = {code: read_place(ROOT, code)[LEVEL].data - before[code] for code in codes}
    people = {code: float(place_censuses(ROOT, code)[2020].counts.sum()) for code in codes}
    for code in codes:
        assert float(more[code].sel(year=2020)) == 0
        share = people[code] / sum(people.values())
        np.testing.assert_allclose(more[code].sel(year=[2021, 2030]), 10_000 * share, rtol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("code", "word"), [("420000", "prefectures"), ("410500", "counties")])
def test_moves_of_the_parts_add_up_to_what_was_counted_of_the_whole(code: str, word: str):
    whole = read_place(ROOT, code)[LEVEL].data.sel(year=2021)
    held = [counts(ROOT, list_places(ROOT)[part]) for part in divide(ROOT, code, word).codes]
    below = read_place(ROOT, code)
    parts = sum(float(made.net_migration(one, below, {}).data.sel(year=2021)) for one in held)
    assert parts == pytest.approx(float(whole), abs=0.03 * abs(float(whole)) + 50)


@pytest.mark.slow
def test_a_county_stands_on_the_life_expectancy_of_its_prefecture(monkeypatch: pytest.MonkeyPatch):
    """Anyang states its own: its counties differ from it by the rule; a year more there is one here."""
    places = list_places(ROOT)
    city, county = read_place(ROOT, "410500")[GAP], read_place(ROOT, "410522")[GAP]
    beside = moved(ROOT, places["410522"]) - moved(ROOT, places["410500"])
    assert float(county.data) == pytest.approx(float(city.data) + beside)
    assert county.level == PREFECTURE
    published_city = read_place(ROOT, "320102")[GAP]  # Nanjing published, Jiangsu too
    assert published_city.level == PREFECTURE
    assert read_place(ROOT, "130102")[GAP].level == PROVINCE  # Shijiazhuang did not
    real = counted_places.own_records

    def raised(root, code):
        found = dict(real(root, code))
        if code == "410500":
            found[GAP] = replace(found[GAP], data=found[GAP].data + 1.0)
        return found

    monkeypatch.setattr("sim.places.above.own_records", raised)
    assert float(read_place(ROOT, "410522")[GAP].data) == pytest.approx(float(county.data) + 1.0)
    spread = county.record.range
    assert (
        0 < spread.high < read_place(ROOT, "130102")[GAP].record.range.high
    )  # one step of the rule, not two
