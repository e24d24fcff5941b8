"""What no census holds is refused; what any place of the country counted is not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from paths import PARAMETERS, ROOT

from sim.arrays import Floats
from sim.places.census_checks import census_faults, sexes_faults
from sim.places.nation import Place, list_places, place_censuses
from sim.places.observed_checks import bounds_of

_PATH = PARAMETERS / "places" / "census_2020.csv"
_SEXES = ("female", "male")
_BOUNDS = bounds_of(ROOT)


def _faults(starts: tuple[int, ...], counts: Floats) -> list[str]:
    lines = {(sex, age): "line 0" for sex in _SEXES for age in starts}
    return census_faults(_PATH, starts, counts, lines, _BOUNDS)


def _around() -> Iterator[tuple[Place, Place]]:
    """Every place below the nation with each place that may be its parent."""
    places = list_places(ROOT)
    for place in places.values():
        for code in {place.prefecture, place.province} - {"", place.code} & {*places}:
            yield place, places[code]


@pytest.mark.slow
def test_no_place_is_its_parent_the_other_way_round_and_nearly_all_are_when_swapped() -> None:
    """All places, both censuses, each against its prefecture and its province."""
    told: dict[str, list[bool]] = {"prefecture": [], "province": []}
    for place, parent in _around():
        above = place_censuses(ROOT, parent.code)
        for year, census in place_censuses(ROOT, place.code).items():
            if year not in above:
                continue
            held = above[year].counts, parent.level, parent.code, _BOUNDS
            assert sexes_faults("t", census.counts, *held) == [], (place.code, year)
            told[parent.level].append(bool(sexes_faults("t", census.counts[::-1], *held)))
    assert {level: len(found) > 5000 for level, found in told.items()} == dict.fromkeys(told, True)
    assert np.mean(told["prefecture"]) > 0.99
    assert np.mean(told["province"]) > 0.88


def test_no_place_of_the_country_is_refused() -> None:
    found = {}
    for code in sorted(list_places(ROOT))[::3]:
        for year, census in place_censuses(ROOT, code).items():
            found[code, year] = _faults(census.starts, census.counts)
    assert len(found) > 2000
    assert {key: faults for key, faults in found.items() if faults} == {}


@pytest.mark.parametrize("code", ["000000", "410000", "410500", "440507"])
def test_the_other_way_round_every_one_is(code: str) -> None:
    census = place_censuses(ROOT, code)[2020]
    assert "swap female and male" in _faults(census.starts, census.counts[::-1])[0]
    copied = np.stack([census.counts[0], census.counts[0]])
    assert "give the people of each sex" in _faults(census.starts, copied)[0]


@pytest.mark.parametrize(
    ("sexes", "by"),
    [([sex], by) for sex in (0, 1) for by in (0.0, 0.001, 0.1, 10.0, 1000.0)]
    + [([0, 1], by) for by in (0.0, 0.001, 1000.0)],
)
def test_a_group_in_another_unit_is_found_wherever_it_stands(sexes: list[int], by: float) -> None:
    """With its line; of both sexes only where there are groups before and after it."""
    census = place_censuses(ROOT, "410500")[2020]
    last = len(census.starts) - (1 if len(sexes) == 1 else 3)
    for i in range(2, last):
        counts = census.counts.copy()
        counts[sexes, i] *= by
        faults = _faults(census.starts, counts)
        assert any(f"age {census.starts[i]}" in fault for fault in faults), (census.starts[i], faults)
