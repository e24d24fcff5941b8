"""What no census holds is refused; what any place of the country counted is not."""

from __future__ import annotations

import numpy as np
import pytest
from paths import PARAMETERS, ROOT

from sim.arrays import Floats
from sim.places.census_checks import census_faults
from sim.places.nation import list_places, place_censuses

_PATH = PARAMETERS / "places" / "census_2020.csv"
_SEXES = ("female", "male")


def _faults(starts: tuple[int, ...], counts: Floats) -> list[str]:
    return census_faults(_PATH, starts, counts, {(sex, age): "0" for sex in _SEXES for age in starts})


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
