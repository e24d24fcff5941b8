"""What a place takes from above it: figures, levels, ranges."""

from __future__ import annotations

import numpy as np
import pytest
from paths import ROOT
from place import place

from sim.params import read_set
from sim.places import level_of, list_places, place_censuses
from sim.places.expectancy import rule_of
from sim.places.stocks import _bed_spread
from sim.places.vital import read_vital

PLACES = list_places(ROOT)
OF_PROVINCE = (
    "mortality.mx",
    "mortality.e0_gap",
    "fertility.fourth_share",
    "fertility_province.asfr",
    "fertility_province.births_by_order",
    "supply.beds_base",
)


def test_a_city_takes_its_provinces_tables():
    handan, hebei = place("130400"), read_vital(ROOT)
    assert all(level_of(handan[name]) == "province" for name in OF_PROVINCE)
    births = hebei.births["130000"]
    assert float(handan["fertility.fourth_share"].data) == pytest.approx(births[3:].sum() / births[2:].sum())
    assert handan["fertility_province.births_by_order"].data.sum() == births.sum()
    asfr = handan["fertility_province.asfr"].data
    np.testing.assert_allclose(asfr.sel(age=[15, 19, 20, 49]) * 1000, hebei.rates["130000"][[0, 0, 1, 6]])


def test_births_by_order_of_the_province_move_the_pattern():
    """Shanghai's first births are a larger part than Guizhou's at the same ages."""
    first = {}
    for code in ("310101", "520100"):
        rates = place(code)["fertility.asfr_by_order"].data.sel(age=slice(25, 34)).sum("age")
        first[code] = float(rates.sel(order="1") / rates.sum())
    assert first["310101"] > first["520100"] + 0.1


def test_a_published_life_expectancy_is_taken_and_another_has_a_wider_range():
    suzhou, handan, county = (place(code)["mortality.e0_gap"] for code in ("320500", "130400", "130423"))
    assert float(suzhou.data) == pytest.approx(80.29 - 77.93)
    assert level_of(suzhou) == "place"
    widths = [p.record.range.high for p in (suzhou, handan, county) if p.record.range is not None]
    assert widths == sorted(widths)
    sd = rule_of(ROOT).sd["county"]
    assert widths[2] == pytest.approx(np.hypot(widths[0], 1.96 * sd))


def test_what_the_provinces_folder_states_stays():
    """A county of Henan: rates by order and old-age factor of the province's folder; e0 of its city's."""
    linzhou, henan = (
        place("410581"),
        read_set(ROOT / "parameters/provinces/410000_henan", ROOT / "parameters"),
    )
    for name in ("fertility.fourth_share", "fertility_province.births_by_order", "mortality.old_age_factor"):
        np.testing.assert_array_equal(linzhou[name].data, henan[name].data)
    assert not linzhou["mortality.mx"].level
    assert "410500 -0.10, moved" in linzhou["mortality.e0_gap"].made.en  # Anyang states its own


def test_counted_beds_are_the_places_own_and_narrow():
    linzhou, district = place("410581")["supply.beds_base"], place("130406")["supply.beds_base"]
    people = place_censuses(ROOT, "410581")[2020].counts.sum()
    assert float(linzhou.data) == pytest.approx(PLACES["410581"].beds / people)
    assert (level_of(linzhou), level_of(district)) == ("place", "province")
    widths = [np.log(p.record.range.high / p.record.range.low) for p in (linzhou, district)]
    assert widths[1] > 4 * widths[0]


def test_places_differ_from_their_province_by_as_much_as_counties_do():
    """By hand: standard deviation of log beds per resident around the mean of the counted counties."""
    spread = _bed_spread(ROOT)
    counted = [p for p in PLACES.values() if p.beds]
    people = {p.code: place_censuses(ROOT, p.code)[2020].counts.sum() for p in counted}
    found = []
    for province in {p.province for p in counted}:
        own = [p for p in counted if p.province == province]
        mean = sum(p.beds for p in own) / sum(people[p.code] for p in own)
        found += [np.log(p.beds / people[p.code] / mean) for p in own]
    assert spread["county"] == pytest.approx(np.std(found))
    assert 0.1 < spread["prefecture"] < spread["county"] < 0.5


@pytest.mark.parametrize("code", ["130400", "410581", "320500", "540100"])
def test_every_figure_has_a_level(code: str):
    levels = {level_of(parameter) for parameter in place(code).values()}
    assert levels - {"prefecture"} == {"place", "province", "nation"}
    assert ("prefecture" in levels) == (code == "410581")  # the only one in a prefecture that states its own
